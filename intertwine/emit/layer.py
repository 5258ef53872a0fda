"""What the pages of all layers of one size say alike, whatever their maps are made of."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from intertwine.emit import expand_page, page
from intertwine.emit.affine import Affine, fused_class
from intertwine.emit.text import INDENT, WIDTH, bracketed, dictionary, listed
from intertwine.emit.writer import PageWriter
from intertwine.plan.nodes import Field, Plan
from intertwine.plan.stack import LinearField, StackPlan

FixedPlan = Plan | StackPlan
AnyField = Field | LinearField


class LayerWriter(PageWriter):
    """Fills the holes that every layer of one size has; methods are for one input and output."""

    def __init__(self, plan: FixedPlan) -> None:
        super().__init__(plan.labels)
        self._plan = plan
        self._source, self._target = plan.inputs[0], plan.outputs[0]

    def facts(self) -> list[str]:
        """What was solved and how it was proved."""
        plan, labels = self._plan, self.labels
        return [
            f"Group: {labels.group}, of order {labels.order}.",
            f"Action: {labels.title}.",
            f"Dimension: {plan.restricted or plan.dimension}, bias {plan.bias_dimension}.",
            f"Proof: {labels.certificate}.",
            *([f"Support: {plan.dimension} of these maps."] if plan.restricted else []),
            *([f"Unreached: {'; '.join(labels.unreached)}."] if labels.unreached else []),
            *self.computed(),
            *([page.filled(page.ENDS, radius=plan.ends)] if plan.ends is not None else []),
        ]

    def computed(self) -> list[str]:
        """How the maps are applied, where that is not by the full matrix."""
        return []

    def meanings(self) -> str:
        """A line a basis element and a line an invariant."""
        block, bias = self._plan.blocks[0], self._plan.biases[0]
        weights = f"{INDENT}`weight[k]` multiplies map k ({block.legend}):\n"
        biases = f"{INDENT}`bias[k]` is added, channel by channel, on:\n"
        parts = [
            weights + listed(block.meanings, block.dimension) if block.dimension else "",
            biases + listed(bias.meanings, bias.dimension) if bias.dimension else "",
        ]
        nothing = f"{INDENT}Nothing but zero commutes: the layer gives zeros."
        return "\n\n".join(part for part in parts if part) or nothing

    def shapes(self) -> list[str]:
        """The shapes of input and output."""
        return [
            f"input   ({', '.join(self.with_channels(axes(self._source), 'in_channels'))})",
            f"output  ({', '.join(self.with_channels(axes(self._target), 'out_channels'))})",
        ]

    @abstractmethod
    def variance(self, name: str, block: Any) -> str:
        """The expression of each first weight's variance, times in_channels."""

    def arguments(self) -> list[str]:
        """The only input."""
        return ["x: torch.Tensor"]

    def counted(self) -> str:
        """The dimension."""
        return f"dimension={self._plan.dimension}"

    def shapes_of(self, name: str, fields: Sequence[AnyField]) -> str:
        """A dictionary of shapes by field."""
        lines = []
        for f in fields:
            flat = f'"{f.name}": {f.shape},'
            split = bracketed(f'"{f.name}": (', axes(f), "),", 1, call=False)
            lines.append(INDENT + (flat if len(f.shape) == 1 else split))
        return dictionary(name, lines)

    def layer(self) -> str:
        """The class, and that of its full matrix where fields are named."""
        labels, plan = self.labels, self._plan
        if not labels.fields:
            return super().layer()
        names = [field.name for field in plan.inputs]
        sides = f"Fused{labels.class_name}", names, len(plan.outputs), labels.output_fields
        return f"{super().layer()}\n\n\n{fused_class(*sides, mask='')}"

    @property
    def affine(self) -> Affine:
        """What writes the layer as a matrix."""
        inputs, outputs = (
            [f.name for f in side] for side in (self._plan.inputs, self._plan.outputs)
        )
        return Affine(self.labels, inputs, outputs)

    def forward_methods(self, pays: bool) -> list[str]:
        """The full matrix as what forward makes; where it `pays`, what a layer is fused to."""
        affine = self.affine
        fused = affine.fused() if pays else affine.copied()
        dense = affine.dense_weight()
        return [dense, affine.from_dense(), fused]

    def matrix_methods(self, matrix: str) -> list[str]:
        """The full matrix that is made of the weights, and all that is said by it."""
        affine = self.affine
        dense = affine.dense_weight("self.matrix()")
        return [matrix, dense, affine.from_dense(), affine.fused("self.matrix()")]

    def matrix(self, entries: Sequence[str]) -> str:
        """The method of the full matrix, after the statements that make its entries."""
        return page.filled(
            expand_page.MATRIX,
            entries="\n".join(INDENT * 2 + line for line in entries),
            order="0, 2, 1, 3" if self.labels.channels_last else "2, 0, 3, 1",
            rows=self._target.points,
            columns=self._source.points,
        )

    def matrix_shown(self) -> str:
        """That of a layer whose maps are written out."""
        if self.labels.channels_last:
            return self.matrix(["entries = self.basis.T @ self.weight.flatten(1)"])
        return page.filled(
            expand_page.MATRIX_SHOWN, rows=self._target.points, columns=self._source.points
        )

    def result(self, field: AnyField, channels: str) -> str:
        """The statement that returns the only output."""
        tail = self.with_channels(axes(field), channels)
        flat = f"return y.unflatten(-1, ({', '.join(tail)}))"
        if len(INDENT * 2 + flat) <= WIDTH:
            return flat
        shape = bracketed("shape = (", tail, ")", 2, call=False)
        return f"{shape}\n{INDENT * 2}return y.unflatten(-1, shape)"


def axes(field: AnyField) -> list[str]:
    """The sizes of a field's axes, as words."""
    return [str(size) for size in field.shape]
