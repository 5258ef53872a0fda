"""Counting over wreath products by their structure, however many points there are.

A point of `B wr T` is a block and a point of B in it.  Up to T, k points are known by which of them
share a block, and by where the blocks are: an orbit of T on tuples of distinct points.  Up to the
copies of B, the points in one block are an orbit of B on tuples.  A tuple of the product action
gives a point of B at every block; k of them, with some points in j blocks, are an orbit of B at
each of these, and at the others, where T is a symmetric group, a multiset of orbits (Polya).
"""

from __future__ import annotations

from functools import cache
from math import comb, prod

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.character import is_symmetric
from intertwine.action.structure import power
from intertwine.group.group import Group
from intertwine.hom.basis import Counter
from intertwine.hom.partition import growth_strings
from intertwine.limits import spend

_SECONDS_A_PARTITION = 1e-5
_MOST_POINTS = 12


def wreath_dimension(source: Action, target: Action, count: Counter) -> int | None:
    """Dim Hom(source, target) over a wreath product, or None where it is not seen to be counted.

    `count` counts over the base and over the top.

    >>> from intertwine.group.named import cyclic, symmetric
    >>> from intertwine.group.product import wreath
    >>> from intertwine.hom.rules import dimension
    >>> points = SetAction(wreath(symmetric(1000), cyclic(10**6)), "points")
    >>> wreath_dimension(points, points, dimension)
    1000001
    """
    group = source.group
    if group.wreathed is None:
        return None
    base, top = group.wreathed
    factors = target.factors() + source.factors()
    points, tuples = (factors.count(SetAction(group, name)) for name in ("points", "tuples"))
    if points + tuples < len(factors) or points > _MOST_POINTS:
        return None
    if tuples and not is_symmetric(top):
        return None
    spend(
        4.0**points * points * _SECONDS_A_PARTITION,
        f"the count of orbits on {points} points of {group}",
        "take fewer factors",
    )

    @cache
    def base_orbits(k: int) -> int:
        return _tuple_orbits(base, k, count)

    places = _injective_orbits([_tuple_orbits(top, k, count) for k in range(points + 1)])
    blocks = top.sets[top.natural or ""].degree
    elsewhere = base_orbits(tuples)
    total = 0
    for string in growth_strings(points, blocks):
        used = max(string, default=-1) + 1
        within = prod(base_orbits(tuples + string.count(block)) for block in range(used))
        free = blocks - used
        others = comb(elsewhere + free - 1, free) if tuples else 1
        total += places[used] * within * others
    return total


def _tuple_orbits(group: Group, k: int, count: Counter) -> int:
    """The orbits of a group on k-tuples of its natural points."""
    return count(Trivial(group), power(SetAction(group, group.natural or ""), k)) if k else 1


def _injective_orbits(orbits: list[int]) -> list[int]:
    """The orbits on tuples of distinct points, by length, from those on all tuples.

    A tuple of length k has j distinct entries in as many ways as there are set partitions.

    >>> _injective_orbits([1, 1, 2, 5])  # a symmetric group
    [1, 1, 1, 1]
    """
    distinct: list[int] = []
    stirling = [1]
    for number in orbits:
        distinct.append(number - sum(s * d for s, d in zip(stirling, distinct, strict=False)))
        carried = [j * s for j, s in enumerate(stirling)] + [0]
        stirling = [kept + new for kept, new in zip(carried, [0, *stirling], strict=True)]
    return distinct
