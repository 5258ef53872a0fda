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
from intertwine.plan.factoring import SLOWER, STARTED

Axes = tuple[int, ...]

MOST_AXES = 6


@dataclass(frozen=True, eq=False)
class Hamming:
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
        """The multiply-adds a sample of a dense product that takes as long."""
        sums = 2 * STARTED << len(self.shape)
        return SLOWER * self.multiply_adds(channels) + sums

    def __str__(self) -> str:
        axes = " x ".join(map(str, self.shape))
        return f"sums over sets of axes of {axes}, in {len(self.classes)} classes"


def hamming(space: IntertwinerSpace) -> Hamming | None:
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
    return None if change is None else Hamming(shape, classes, change)


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


def summed(
    plan: Hamming, weights: NDArray[np.object_], x: NDArray[np.object_]
) -> NDArray[np.object_]:
    """What the plan computes, exactly: weights `(dimension, out, in)`, x `(in, *shape)`."""
    changed = np.tensordot(plan.change.astype(object), weights, axes=1)
    result: NDArray[np.object_] = np.zeros((weights.shape[1], *plan.shape), dtype=object)
    for matrix, several in zip(changed, plan.classes, strict=True):
        for axes in several:
            pooled = x.sum(axis=tuple(a + 1 for a in axes), keepdims=True)
            result = result + np.tensordot(matrix, pooled, axes=1)
    return result
