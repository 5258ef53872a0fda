"""What a plan costs a sample, part by part, against the full matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

# Costs are of a sample with so many channels in and out.
CHANNELS = 16
# What is fused is expected to be called with so many samples.
BATCH = 32
# With a backward pass, expanding a matrix and using it takes as long as so many dense products.
EXPANDED = 1.5
# A multiply-add of products on small sets takes as long as so many of a dense one, and starting
# the kernels of one set as long as these.
SLOWER = 3
STARTED = 75_000
_BYTES = 4


@dataclass(frozen=True)
class Cost:
    """One part of a layer: how many maps, the set whose points they mix channels on, the work.

    `multiply_adds` are those of a sample with 16 channels in and out; `values` are the numbers that
    the part writes, in 4 bytes each.
    """

    part: str
    maps: int
    points: int
    multiply_adds: int
    values: int

    @property
    def bytes(self) -> int:
        """What the part writes, in float32."""
        return _BYTES * self.values

    @classmethod
    def full(cls, maps: int, entries: int) -> Cost:
        """The full matrix of so many entries, in which some maps are expanded.

        >>> Cost.full(15, 25 * 25).multiply_adds
        160000
        """
        work = CHANNELS**2 * entries
        return cls("full matrix", maps, entries, work, work)


class Costed(Protocol):
    """A plan, whatever it serves."""

    @property
    def dimension(self) -> int:
        """How many maps it holds."""
        ...

    @property
    def entries(self) -> int:
        """How many entries its full matrix has, at the sizes of the spec."""
        ...

    def parts(self) -> Sequence[Cost]:
        """What it is computed by, if that is not the full matrix."""
        ...


def costs(plan: Costed) -> list[Cost]:
    """The parts of a plan, and last the full matrix it stands for.

    >>> from intertwine.pipeline import solve
    >>> sets = {"name": "sets", "group": {"symmetric": 100}, "input": "points", "output": "points"}
    >>> for cost in costs(solve(sets).plan):
    ...     print(cost.part, cost.maps, cost.points, cost.multiply_adds)
    mixed on 1 point 1 1 256
    mixed on n 1 100 25600
    full matrix 2 10000 2560000
    """
    return [*plan.parts(), Cost.full(plan.dimension, plan.entries)]
