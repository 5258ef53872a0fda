"""The plan of a layer of one size: frozen data with a NumPy meaning, all that the emitter reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from intertwine.numerals import many
from intertwine.plan.cost import BATCH, CHANNELS, Cost
from intertwine.plan.labels import Labels
from intertwine.plan.proposal import Bias, Proposal


class Tensor(Protocol):
    """An input or an output: its name, its axes, and how many numbers it has a channel."""

    @property
    def name(self) -> str:
        """What the spec calls it."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of its axes."""
        ...

    @property
    def points(self) -> int:
        """How many points the axes hold."""
        ...


class Between(Protocol):
    """All maps from one input to one output, and the way that they are computed."""

    @property
    def target(self) -> str:
        """The name of the output."""
        ...

    @property
    def source(self) -> str:
        """The name of the input."""
        ...

    @property
    def dimension(self) -> int:
        """How many maps there are."""
        ...

    @property
    def route(self) -> Proposal:
        """How they are computed."""
        ...


class Onto(Bias, Protocol):
    """The invariants of one output."""

    @property
    def target(self) -> str:
        """The name of the output."""
        ...

    @property
    def dimension(self) -> int:
        """How many invariants there are."""
        ...


@dataclass(frozen=True, eq=False)
class LayerPlan:
    """A layer: `y[t] = sum_s sum_k weight[t, s, k] T_k x[s] + bias[t]`.

    Each block has a route of its own.  `restricted` is the dimension of the space of which a
    support keeps a part, or 0; `ends` is the radius of a support beyond whose grid's ends there are
    zeros.
    """

    labels: Labels
    generators: tuple[str, ...]
    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    blocks: Sequence[Between]
    biases: Sequence[Onto]
    restricted: int = 0
    ends: int | None = None

    # What is done with so many of what to get a full matrix, in words.
    made: ClassVar[tuple[str, str, str]]

    @property
    def dimension(self) -> int:
        """The number of basis elements of all blocks."""
        return sum(block.dimension for block in self.blocks)

    @property
    def bias_dimension(self) -> int:
        """The number of invariants of the output."""
        return sum(bias.dimension for bias in self.biases)

    @property
    def entries(self) -> int:
        """How many entries the full matrix has."""
        rows, columns = self._sizes
        return rows * columns

    @property
    def route(self) -> Proposal | None:
        """How an only block is computed, where that is not by its full matrix."""
        alone = len(self.blocks) == 1 and not self.blocks[0].route.expands
        return self.blocks[0].route if alone else None

    @property
    def expands(self) -> bool:
        """Whether all of it is one product with a full matrix."""
        return all(block.route.expands for block in self.blocks)

    @property
    def computed(self) -> str:
        """How a page says that it is computed, where that is not by its full matrix."""
        if self.expands:
            return ""
        return "; ".join(f"{self._named(block)}{block.route.computed}" for block in self.blocks)

    @property
    def dense_pays(self) -> bool:
        """Whether a batch is computed faster by the full matrix, once that is made."""
        dense = BATCH * CHANNELS**2 * self.entries
        if self.route is not None:
            return self.route.pays(dense)
        return dense <= BATCH * sum(block.route.work(CHANNELS) for block in self.blocks)

    def parts(self) -> list[Cost]:
        """What its blocks are computed by, each named where there are several."""
        if self.expands:
            return []
        return [
            replace(cost, part=f"{self._named(block)}{cost.part}")
            for block in self.blocks
            for cost in block.route.parts()
        ]

    def _named(self, block: Between) -> str:
        return f"{block.source} -> {block.target}: " if len(self.blocks) > 1 else ""

    @property
    def _sizes(self) -> tuple[int, int]:
        rows, columns = (sum(f.points for f in side) for side in (self.outputs, self.inputs))
        return rows, columns

    def __str__(self) -> str:
        verb, noun, onto = self.made
        rows, columns = self._sizes
        if self.expands:
            count = many(self.dimension, noun)
            return f"{self.labels.name}: {verb} {count} {onto} {rows} x {columns}"
        routes = (f"{self._named(block)}{block.route}" for block in self.blocks)
        return f"{self.labels.name}: {many(self.dimension, 'coefficient')}, {'; '.join(routes)}"
