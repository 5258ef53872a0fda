"""The page of a layer between named fields whose maps are combined with coefficients."""

from __future__ import annotations

from intertwine.emit import expand_page, page, stacked_page
from intertwine.emit.field_words import FieldWords
from intertwine.emit.stacked import StackedWriter


class StackedFieldWriter(FieldWords, StackedWriter):
    """Fills the holes for a layer whose input or output is a tuple of named fields."""

    def init(self) -> list[str]:
        """The parameters and buffers."""
        made = []
        for block in self.plan.blocks:
            source, target = self.place(block)
            entries = self.plan.inputs[source].points * self.plan.outputs[target].points
            if block.dimension:
                sizes = {"size": block.depth * entries, "suffix": f"_{self.key(block)}"}
                made.append(page.filled(stacked_page.TERMS, **sizes))
        for bias, field in zip(self.plan.biases, self.plan.outputs, strict=True):
            name = f"bias_basis_{bias.target}"
            sizes = {"dimension": bias.dimension, "entries": field.points, "name": name}
            made.append(page.filled(stacked_page.BASIS, **sizes))
        return [page.filled(stacked_page.INIT_FIELDS, buffers="\n".join(made))]

    def constants(self) -> list[str]:
        """Shapes, generators and dimensions."""
        return [*super().constants(), *self.dimensions()]

    def methods(self) -> list[str]:
        """The tables and the expansion."""
        made = []
        for block in self.plan.blocks:
            if block.dimension:
                terms = self.terms(f"MAPS_{self.upper(block)}", block, self.place(block))
                suffix = f"_{self.key(block)}"
                made.append(page.filled(stacked_page.FILLED_TERMS, terms=terms, suffix=suffix))
        for bias in self.plan.biases:
            if bias.dimension:
                terms = self.listed(f"INVARIANTS_{bias.target.upper()}", bias.stack)
                name = f"bias_basis_{bias.target}"
                made.append(page.filled(stacked_page.FILLED_BASIS, terms=terms, name=name))
        last = self.labels.channels_last
        dense = page.filled(expand_page.DENSE_FIELDS, order="0, 2, 1, 3" if last else "2, 0, 3, 1")
        product = "basis.T @ bias" if last else "bias.T @ basis"
        biased = page.filled(stacked_page.BIAS_FIELDS, product=f"({product})")
        entries = page.filled(stacked_page.ENTRIES_FIELDS)
        affine = self.affine
        fused = affine.fused("self.matrix()")
        return [*self.filled(made), entries, dense, biased, affine.from_dense(), fused]
