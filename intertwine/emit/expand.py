"""The page of a layer with one input and one output that expands its full matrix."""

from __future__ import annotations

from intertwine.emit import expand_page, page
from intertwine.emit.tabled import TableWriter, axes, entries
from intertwine.emit.text import INDENT
from intertwine.emit.writer import filling


class ExpandWriter(TableWriter):
    """Fills the holes for one matrix product."""

    def methods(self) -> list[str]:
        """The index tables and the expansion."""
        block, bias = self.block, self.bias
        lines, index = self.index("CODES", block, (0, 0), block.plain)
        order = "0, 2, 1, 3" if self.labels.channels_last else "2, 0, 3, 1"
        matrix = page.filled(
            expand_page.MATRIX, rows=self.target.points, columns=self.source.points, order=order
        )
        tables = [
            *lines,
            filling("index", index),
            self.bias_filling("bias_index", "BIAS_CODES", bias, bias.plain),
        ]
        dense = self.dense_methods(entries("self.index", block.plain))
        return [*self.filled(tables), dense, matrix]

    def forward(self) -> str:
        """One matrix product."""
        turned = "" if self.labels.channels_last else ".T"
        values = [
            "zero = bias.new_zeros(1, self.out_channels)",
            "bias = torch.cat([zero, bias, -bias.flip(0)])",
            f"bias = bias.index_select(0, self.bias_index){turned}.flatten()",
        ]
        if self.bias.plain:
            values = values[2:]
        body = page.filled(
            expand_page.FORWARD,
            rank=len(self.source.shape) + 1,
            result=self.result(self.target, "self.out_channels"),
            bias_values=("\n" + INDENT * 3).join(values),
        )
        return f"{self.checked('x', axes(self.source), 'self.in_channels')}\n{body}"
