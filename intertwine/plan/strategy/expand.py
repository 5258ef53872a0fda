"""Expansion: the maps of a block times their weights as a full matrix, which is applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intertwine.hom.basis import Basis
from intertwine.hom.pattern import Pattern
from intertwine.plan.block import Ends
from intertwine.plan.cost import EXPANDED, Cost
from intertwine.plan.proposal import Bias, Proposal
from intertwine.plan.steps.axes import Flatten, Unflatten
from intertwine.plan.steps.channels import Apply
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Combine, Expand
from intertwine.plan.task import Task


@dataclass(frozen=True, eq=False)
class Expansion(Proposal):
    """All maps times their weights: those of a pattern by codes, others as a sum of matrices."""

    maps: Basis
    stacked: bool

    @property
    def expansion(self) -> Expansion:
        """Itself."""
        return self

    def matrix(self, out: str, ends: Ends) -> Step:
        """The step that makes the full matrix."""
        if isinstance(self.maps, Pattern) and not self.stacked:
            return Expand(out, ends.weight, self.maps.codes)
        stack = self.maps.stack.astype(np.float64)
        return Combine(out, ends.weight, stack, (self.maps.rows, self.maps.columns))

    def steps(self, ends: Ends, rank: int, shape: tuple[int, ...]) -> list[Step]:
        """Make the matrix, apply it."""
        steps = self._applied(ends, rank, ())
        return steps if len(shape) == 1 else [*steps, Unflatten(ends.y, ends.y, shape)]

    def with_bias(self, ends: Ends, rank: int, shape: tuple[int, ...], bias: Bias) -> list[Step]:
        """The same product, with the bias of every point."""
        added = ends.name("bias")
        *before, product = self._applied(ends, rank, (added,))
        steps = [*before, bias.made(added, ends.bias), product]
        return steps if len(shape) == 1 else [*steps, Unflatten(ends.y, ends.y, shape)]

    def _applied(self, ends: Ends, rank: int, biases: tuple[str, ...]) -> list[Step]:
        x, matrix = ends.x if rank == 1 else ends.name("points"), ends.name("matrix")
        flat: list[Step] = [] if rank == 1 else [Flatten(x, ends.x, rank)]
        product = Apply((ends.y,), (x,), ((matrix,),), biases)
        return [*flat, self.matrix(matrix, ends), product]

    def multiply_adds(self, channels: int) -> int:
        """How many a sample."""
        return channels**2 * self.maps.rows * self.maps.columns

    def work(self, channels: int) -> float:
        """The dense product, and making its matrix of the weights."""
        return EXPANDED * self.multiply_adds(channels)

    def parts(self) -> list[Cost]:
        """The full matrix."""
        return [Cost.full(self.maps.dimension, self.maps.rows * self.maps.columns)]

    def pays(self, dense: float) -> bool:
        """That is what it is."""
        return True

    def __str__(self) -> str:
        return f"the full matrix of {self.maps.rows} x {self.maps.columns}"


def by_expanding(task: Task) -> Proposal:
    """What is always possible."""
    return Expansion(task.maps, task.stacked)
