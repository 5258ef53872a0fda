"""A few generators in place of many, proved to generate the same permutation group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.group.chain import StabilizerChain, search_seconds
from intertwine.group.giant import giant_on_moved_points
from intertwine.group.orbit import orbit_labels
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.group.random import RandomElements

_FEW = 6
_MOST_SECONDS = 5


def fewer_generators(generators: Sequence[Indices], degree: int) -> list[Indices]:
    """Random elements that generate the same group, fewer than half as many, or `generators`.

    Every solver works once a generator, and a star with a thousand leaves has a thousand.

    >>> swaps = [np.array([*range(i), i + 1, i, *range(i + 2, 20)]) for i in range(19)]
    >>> len(fewer_generators(swaps, 20)) < 10
    True
    """
    if len(generators) <= _FEW or search_seconds(degree, len(generators)) > _MOST_SECONDS:
        return list(generators)
    source = RandomElements([SignedPermutation(g) for g in generators])
    count = 2
    while 2 * count < len(generators):
        few = [source.draw().images for _ in range(count)]
        if _generate(few, generators, degree):
            return few
        count += max(1, count // 2)
    return list(generators)


def permutation_order(generators: Sequence[Indices]) -> int:
    """The order of the group that permutations generate, proved.

    >>> permutation_order([np.array([1, 2, 0])]), permutation_order([])
    (3, 1)
    """
    if len(generators) < 2:
        return SignedPermutation(generators[0]).order() if generators else 1
    giant = giant_on_moved_points(generators)
    return StabilizerChain.of(generators).order if giant is None else giant.order


def _generate(few: Sequence[Indices], generators: Sequence[Indices], degree: int) -> bool:
    """Whether each of `generators` provably lies in the group of a few of its elements."""
    if not np.array_equal(orbit_labels(few, degree), orbit_labels(generators, degree)):
        return False
    giant = giant_on_moved_points(few)
    if giant is not None:
        return not giant.even or all(SignedPermutation(g).parity() == 1 for g in generators)
    chain = StabilizerChain.sketch(few, degree)
    return all(g in chain for g in generators)
