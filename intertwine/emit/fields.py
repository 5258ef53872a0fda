"""The page of a layer whose input or output is a tuple of named fields."""

from __future__ import annotations

from intertwine.emit import expand_page, page
from intertwine.emit.field_words import FieldWords
from intertwine.emit.tabled import TableWriter, shift
from intertwine.emit.writer import filling


class FieldWriter(FieldWords, TableWriter):
    """Fills the holes for a layer whose full matrix is gathered from the weights of its fields."""

    @property
    def fills(self) -> bool:
        """Every block has an index table."""
        return True

    def init(self) -> list[str]:
        """The parameters and buffers."""
        return [page.filled(expand_page.INIT_FIELDS)]

    def filled_tables(self) -> list[str]:
        """Index tables."""
        indices = []
        for block in self.plan.blocks:
            name, place = f"CODES_{self.upper(block)}", self.place(block)
            lines, codes = self.codes(name, block, place)
            index = codes + shift(block, plain=False)
            indices += [*lines, filling(f"index_{self.key(block)}", index)]
        for bias in self.plan.biases:
            name = f"BIAS_CODES_{bias.target.upper()}"
            indices.append(self.bias_filling(f"bias_index_{bias.target}", name, bias, plain=False))
        return indices

    def constants(self) -> list[str]:
        """Shapes, generators and dimensions."""
        return [*super().constants(), *self.dimensions()]

    def methods(self) -> list[str]:
        """The index tables and the expansion."""
        last = self.labels.channels_last
        entries = page.filled(expand_page.ENTRIES_FIELDS)
        dense = page.filled(expand_page.DENSE_FIELDS, order="0, 2, 1, 3" if last else "2, 0, 3, 1")
        biased = page.filled(expand_page.BIAS_FIELDS, bias_order="" if last else ".T")
        tables = self.filled(self.filled_tables())
        affine = self.affine
        fused = affine.fused("self.matrix()")
        return [*tables, entries, dense, biased, affine.from_dense(), fused]
