"""Maps that see only which coordinates differ: sums over axes, one class of sets of axes a map.

On tuples, let J_S sum over the axes in S, for whatever coordinates.  A map that is constant where
exactly the coordinates of S differ is a combination of J_U over the subsets U of S, with signs
(inclusion and exclusion).  A wreath product on tuples ties sets of axes that its top group moves to
one another: the Hamming scheme (Delsarte 1973, section 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.pattern import Codes
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.block import Ends
from intertwine.plan.cost import CHANNELS, SLOWER, STARTED, Cost
from intertwine.plan.proposal import Proposal, Refusal
from intertwine.plan.steps.axes import Average, Flatten, Spread, Unflatten
from intertwine.plan.steps.channels import MixCopies
from intertwine.plan.steps.points import Join, Split
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Change
from intertwine.plan.strategy.small_sets import refused
from intertwine.plan.table import Table
from intertwine.plan.task import Task

Axes = tuple[int, ...]

MOST_AXES = 6


@dataclass(frozen=True, eq=False)
class AxisSums(Proposal):
    """`y = sum over classes k of V_k (sum over S in classes[k] of J_S) x`, where V = change w.

    `shape` are the sizes of the axes; every set of axes is in one class.
    """

    shape: tuple[int, ...]
    classes: tuple[tuple[Axes, ...], ...]
    change: NDArray[np.int64]

    def kept(self, summed: Axes) -> Axes:
        """The axes that are not summed over."""
        return tuple(a for a in range(len(self.shape)) if a not in summed)

    def points(self, summed: Axes) -> int:
        """How many points are left."""
        return prod(self.shape[a] for a in self.kept(summed))

    def multiply_adds(self, channels: int) -> int:
        """How many a sample."""
        mixed = sum(self.points(axes) for axes in chain(*self.classes))
        return channels * channels * mixed

    def work(self, channels: int) -> int:
        """The products on small sets, and two kernels for each set of axes: a sum and a spread."""
        sums = 2 * STARTED << len(self.shape)
        return SLOWER * self.multiply_adds(channels) + sums

    def steps(self, ends: Ends, rank: int, shape: tuple[int, ...]) -> list[Step]:
        """Sums over sets of axes, each from a smaller one; a mix a class; and back again."""
        sets = sorted(chain(*self.classes), key=lambda several: (len(several), several))
        steps: list[Step] = []
        for summed in sets[1:]:
            axis = self.kept(summed[:-1]).index(summed[-1]) - len(self.kept(summed[:-1]))
            x, given = ends.named(ends.x, summed), ends.named(ends.x, summed[:-1])
            steps.append(Average(x, given, axis, "", mean=False))
        cells = ends.name("cells")
        steps.append(Change(cells, ends.weight, Table(ends.name("change"), self.change)))
        for number in range(len(self.classes)):
            steps += self._mixed(ends, cells, number)
        for summed in reversed(sets[1:]):
            axes = self.kept(summed[:-1])
            own = tuple(axes.index(a) for a in self.kept(summed))
            y, term = ends.named(ends.y, summed[:-1]), ends.named(ends.y, summed)
            steps.append(Spread(y, y, term, len(axes), tuple(range(len(axes))), own, fresh=False))
        return steps

    def _mixed(self, ends: Ends, cells: str, number: int) -> list[Step]:
        """The steps that mix channels for one class, as one product on all its points."""
        several = self.classes[number]
        shapes = [tuple(self.shape[a] for a in self.kept(s)) for s in several]
        rank = len(shapes[0])
        xs, ys = ([ends.named(side, s) for s in several] for side in (ends.x, ends.y))
        flat = xs if rank == 1 else [f"{x}_flat" for x in xs]
        pools, mixed = flat[0], ys[0]
        if len(several) > 1:
            pools, mixed = ends.name(f"pools_{number}"), ends.name(f"mixed_{number}")
        steps: list[Step] = []
        if rank != 1:
            steps += [Flatten(f, x, rank) for f, x in zip(flat, xs, strict=True)]
        if len(several) > 1:
            steps.append(Join(pools, tuple(flat)))
        steps.append(MixCopies(mixed, pools, cells, number, 1, 1))
        if len(several) > 1:
            steps.append(Split(tuple(ys), mixed, tuple(map(prod, shapes))))
        if rank != 1:
            steps += [Unflatten(y, y, shape) for y, shape in zip(ys, shapes, strict=True)]
        return steps

    def parts(self) -> list[Cost]:
        """A product a class."""
        return [self._part(several) for several in self.classes]

    def _part(self, several: tuple[Axes, ...]) -> Cost:
        points, summed = sum(map(self.points, several)), len(several[0])
        part = f"mixed on sums over {summed} of {len(self.shape)} axes"
        return Cost(part, 1, points, CHANNELS**2 * points, 2 * CHANNELS * points)

    @property
    def computed(self) -> str:
        """How a page says that it computes."""
        return f"by {self}"

    def pays(self, dense: float) -> bool:
        """No full matrix is faster than sums."""
        return False

    def __str__(self) -> str:
        axes = " x ".join(map(str, self.shape))
        return f"sums over sets of axes of {axes}, in {len(self.classes)} classes"


def by_axes(task: Task) -> Proposal | Refusal:
    """Sums over sets of axes, where these decide each map."""
    refusal = refused(task)
    if refusal is not None:
        return refusal
    if task.source.shape != task.target.shape or len(task.source.shape) < 2:
        return Refusal("the sides are not on the same two or more axes")
    return axis_sums(task.space) or Refusal(
        f"the maps are not those of which of {MOST_AXES} or fewer axes differ"
    )


def axis_sums(space: IntertwinerSpace) -> AxisSums | None:
    """The classes, where each map is constant on the pairs of points that differ in some axes."""
    shape = space.source.shape
    suits = shape == space.target.shape and 2 <= len(shape) <= MOST_AXES and min(shape) > 1
    if not suits or space.source.signed or space.target.signed or not space.dimension:
        return None
    table = _by_difference(space.codes, shape)
    if table is None:
        return None
    members = {axes: code - 1 for axes, code in table.items()}
    classes = tuple(
        tuple(axes for axes, k in members.items() if k == number)
        for number in range(space.dimension)
    )
    change = _change(classes, members)
    return None if change is None else AxisSums(shape, classes, change)


def _by_difference(codes: Codes, shape: tuple[int, ...]) -> dict[Axes, int] | None:
    """The code of each set of axes in which two points may differ, if it decides the code."""
    places = np.unravel_index(np.arange(prod(shape)), shape)
    differing = np.zeros(codes.shape, dtype=np.int8)
    for axis, place in enumerate(places):
        differing |= (place[:, None] != place).astype(np.int8) << axis
    table = np.zeros(1 << len(shape), dtype=codes.dtype)
    table[differing[0]] = codes[0]
    if table.min() < 1 or not np.array_equal(table[differing], codes):
        return None
    return {axes: int(table[sum(1 << a for a in axes)]) for axes in _subsets(range(len(shape)))}


def _change(
    classes: tuple[tuple[Axes, ...], ...], members: Mapping[Axes, int]
) -> NDArray[np.int64] | None:
    """Entry (k, l): the coefficient of each J_U, U in class k, in map l; None where they differ."""
    found = {axes: np.zeros(len(classes), dtype=np.int64) for axes in members}
    for axes, number in members.items():
        for inner in _subsets(axes):
            found[inner][number] += (-1) ** (len(axes) - len(inner))
    rows = [np.stack([found[axes] for axes in several]) for several in classes]
    if any((row != row[0]).any() for row in rows):
        return None
    return np.stack([row[0] for row in rows])


def _subsets(axes: Axes | range) -> list[Axes]:
    """All subsets, smallest first."""
    return list(chain(*(combinations(axes, size) for size in range(len(axes) + 1))))
