"""The page of a layer with one input and one output that expands its full matrix."""

from __future__ import annotations

from intertwine.emit import expand_page, page
from intertwine.emit.tabled import TableWriter, entries, shift
from intertwine.emit.text import INDENT
from intertwine.emit.writer import filling

_MOST_SHOWN = 16
_MOST_SHOWN_ENTRIES = 1 << 20
_LEAST_SHOWN_ENTRIES = 256


class ExpandWriter(TableWriter):
    """Fills the holes for one matrix product.

    The full matrix is gathered from the weights; where the maps are few, it is the product of all
    of them, written out, and the weights, whose gradient adds nothing up entry by entry.
    """

    @property
    def shown(self) -> bool:
        """Whether all maps are written out."""
        entries, dimension = self.block.codes.size, self.block.dimension
        few = 0 < dimension <= _MOST_SHOWN and entries * dimension <= _MOST_SHOWN_ENTRIES
        return few and entries >= _LEAST_SHOWN_ENTRIES

    def buffers(self) -> dict[str, int]:
        """The tables of indices."""
        sizes = super().buffers()
        return {"bias_index": sizes["bias_index"]} if self.shown else sizes

    def init(self) -> list[str]:
        """The parameters and buffers."""
        block = self.block
        sizes = {"entries": block.codes.size, "dimension": block.dimension}
        basis = [page.filled(expand_page.BASIS, **sizes)] if self.shown else []
        return [*super().init(), *basis]

    def methods(self) -> list[str]:
        """The index tables and the expansion."""
        block, bias = self.block, self.bias
        lines, codes = self.codes("CODES", block, (0, 0))
        made = filling("index", codes + shift(block, block.plain))
        if self.shown:
            made = filling("basis", f"_basis({codes}, {block.dimension})")
            matrix = self.matrix_shown()
        else:
            matrix = self.matrix(entries("self.index", block.plain))
        biased = self.bias_filling("bias_index", "BIAS_CODES", bias, bias.plain)
        tables = self.filled([*lines, made, biased])
        return [*tables, self.bias_vector(), *self.matrix_methods(matrix)]

    def bias_vector(self) -> str:
        """The bias of every channel and point."""
        turned = "" if self.labels.channels_last else ".T"
        lines = [
            "zero = self.bias.new_zeros(1, self.out_channels)",
            "table = torch.cat([zero, self.bias, -self.bias.flip(0)])",
            f"return table.index_select(0, self.bias_index){turned}.flatten()",
        ]
        if self.bias.plain:
            lines = [f"return self.bias.index_select(0, self.bias_index){turned}.flatten()"]
        return page.filled(expand_page.BIAS_VECTOR, lines=f"\n{INDENT * 2}".join(lines))

    def forward(self) -> str:
        """One matrix product."""
        body = page.filled(
            expand_page.FORWARD,
            rank=len(self.source.shape) + 1,
            result=self.result(self.target, "self.out_channels"),
        )
        return f"{self.checked('x', self.source.name)}\n{body}"
