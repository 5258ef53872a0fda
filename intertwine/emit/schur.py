"""The page of a layer that goes through isotypic components."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intertwine.emit import page, schur_page
from intertwine.emit.affine import BATCH
from intertwine.emit.layer import axes
from intertwine.emit.stacked import StackedWriter
from intertwine.emit.text import INDENT, bracketed
from intertwine.plan.cost import CHANNELS
from intertwine.plan.stack import StackPlan
from intertwine.plan.strategy.isotypic import Isotypic

# How many multiply-adds of a dense product take as long as the rest of forward.
_STARTED = 1_000_000


class SchurWriter(StackedWriter):
    """Fills the holes for changes of coordinates with a mixing of copies between them."""

    def __init__(self, plan: StackPlan, route: Isotypic) -> None:
        super().__init__(plan)
        self.route = route

    def computed(self) -> list[str]:
        """Through components, of these degrees."""
        degrees = [f"{c.degree} ({c.pools} -> {c.spreads})" for c in self.route.copies]
        said = f"Computed {self.route}, of degrees and copies {', '.join(degrees)}."
        return [said]

    def init(self) -> list[str]:
        """The parameters and buffers."""
        block, bias = self.block, self.bias
        made = [page.filled(page.PARAMETERS, rows=block.dimension, bias_rows=bias.dimension)]
        for name, table in self.matrices().items():
            made.append(
                page.filled(
                    schur_page.MATRIX, name=name, rows=table.shape[0], columns=table.shape[1]
                )
            )
        return [*made, *self.bias_buffer()]

    def matrices(self) -> dict[str, NDArray[np.float64]]:
        """The constant matrices by name."""
        route = self.route
        return {"pool": route.pool, "spread": route.spread, "change": route.change}

    def constants(self) -> list[str]:
        """Shapes, copies and generators."""
        rows = [f"{INDENT}({c.degree}, {c.pools}, {c.spreads})," for c in self.route.copies]
        note = "# Of each irreducible representation the degree, and how many copies each side has."
        return [*super().constants(), f"{note}\nCOPIES = [\n" + "\n".join(rows) + "\n]"]

    def helpers(self) -> Sequence[str]:
        """Those of every page, and the mixing of copies."""
        return (schur_page.MIXED, *super().helpers())

    def methods(self) -> list[str]:
        """The tables, and the full matrix."""
        made = []
        for name, table in self.matrices().items():
            text = self.tables.add_reals(name.upper(), table)
            made.append(page.filled(schur_page.FILLED, name=name, table=text))
        cells = page.filled(schur_page.CELLS)
        dense = CHANNELS * CHANNELS * self.source.points * self.target.points
        pays = BATCH * dense <= _STARTED
        return [*self.filled([*made, *self.bias_filled()]), cells, *self.forward_methods(pays)]

    def forward(self) -> str:
        """Change coordinates, mix, change back."""
        source, target, last = self.source, self.target, self.labels.channels_last
        rank = len(source.shape) + 1
        flat = f"x.flatten(-{rank - 1})" if rank > 2 else "x"
        if last:
            flat = f"x.flatten(-{rank}, -2).mT" if rank > 2 else "x.mT"
        bias = (
            "self.bias.T @ self.bias_basis" if self.bias.dimension else "self.bias.sum(0)[:, None]"
        )
        lines = [
            self.checked("x", source.name),
            page.filled(schur_page.FORWARD, flat=flat, bias=bias),
        ]
        shape = bracketed("", axes(target), "", 2, call=False)
        folded = f".unflatten(-1, ({shape}))" if len(target.shape) > 1 else ""
        turned = f"y{folded}.movedim(-{len(target.shape) + 1}, -1)" if last else f"y{folded}"
        return "\n".join([*lines, f"{INDENT * 2}return {turned}"])
