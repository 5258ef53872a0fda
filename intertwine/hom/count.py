"""The dimension alone, without any array of target x source entries.

dim Hom(source, target) is the number of orbits of the group on tuples of points, one from each
tensor factor of both sides, that no stabilizer turns into their negatives.  Where structure tells
it, no point is listed: see `hom.tables`, `hom.wreath`, `action.stable` and `action.disjoint`.
Otherwise factor by factor: take one point of each orbit, and count the orbits of its stabilizer on
the rest.  A stabilizer is drawn from random elements and proved by its order, `|G_x| = |G| / |orbit
of x|`.  Where the order of the group itself would cost more than that, the closing test of the
orbital rule is streamed instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod

import numpy as np

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.disjoint import split_pair
from intertwine.action.homogeneous import Regular
from intertwine.action.stable import stable_pair
from intertwine.action.standard import Standard
from intertwine.action.structure import Tensor
from intertwine.group.group import Group
from intertwine.group.orbit import orbit_labels, orbit_transversal
from intertwine.group.permutation import SignedPermutation, concatenated
from intertwine.hom.basis import Counter
from intertwine.hom.stream import streamed_dimension
from intertwine.hom.subgroup import Subgroup, order_of
from intertwine.hom.tables import table_dimension
from intertwine.hom.wreath import wreath_dimension
from intertwine.limits import spend

Sides = tuple[Action, Action]

_CHEAP_DEGREE = 300
_FEW_ENTRIES = 1 << 22
# Of drawing a stabilizer, or following its elements.
_SECONDS_A_POINT = 5e-6


def leaf_dimension(source: Action, target: Action, count: Counter) -> int:
    """Dim Hom(source, target), for any two signed permutation actions, by the first way that can.

    Smaller problems are handed to `count`.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> from intertwine.action.structure import power
    >>> from intertwine.hom.rules import dimension
    >>> points = SetAction(symmetric(20), "points")
    >>> leaf_dimension(power(points, 3), power(points, 2), dimension)
    52
    """
    by_structure = wreath_dimension(source, target, count)
    if by_structure is None:
        by_structure = table_dimension(source, target)
    if by_structure is not None:
        return by_structure
    rows, columns = target.factors(), source.factors()
    factors = rows + columns
    for place, factor in enumerate(factors):
        if len(factor.summands()) > 1:
            parts = ((*factors[:place], part, *factors[place + 1 :]) for part in factor.summands())
            sides = ((part[len(rows) :], part[: len(rows)]) for part in parts)
            return sum(count(*(_tensor(source.group, side) for side in s)) for s in sides)
    if any(map(_is_free, factors)):
        return prod(factor.dimension for factor in factors) // source.group.order
    smaller = stable_pair(source, target) or split_pair(source, target)
    if smaller is not None:
        return count(*smaller)
    entries = source.dimension * target.dimension * len(source.group.generators)
    if entries <= _FEW_ENTRIES or not order_is_cheap(source, target):
        return streamed_dimension(source, target)
    return stabilizer_count(factors)


def _is_free(factor: Action) -> bool:
    """Whether the stabilizer of every point is trivial, as is seen from the action's name."""
    group = factor.group
    transitive = factor == SetAction(group, group.natural or "") and group.closed_transitivity
    return isinstance(factor, Regular) or bool(
        transitive and factor.dimension == group.closed_order
    )


def without_standard(source: Action, target: Action) -> tuple[Sides, Sides] | None:
    """Two problems, whose dimensions differ by that of Hom(source, target); None if none is known.

    A permutation action is the sum of its standard one and of the constants, so that in a tensor
    product the standard one is the points less one.
    """
    rows, columns = target.factors(), source.factors()
    factors = rows + columns
    for place, factor in enumerate(factors):
        if isinstance(factor, Standard):
            sides = (
                (
                    _tensor(source.group, tuple(several[len(rows) :])),
                    _tensor(source.group, tuple(several[: len(rows)])),
                )
                for several in (
                    (*factors[:place], other, *factors[place + 1 :])
                    for other in (factor.base, Trivial(source.group))
                )
            )
            return next(sides), next(sides)
    return None


def _tensor(group: Group, factors: tuple[Action, ...]) -> Action:
    return Tensor(group, factors) if factors else Trivial(group)


def order_is_cheap(source: Action, target: Action) -> bool:
    """Whether the group's order is known, or its points few enough for a quick chain."""
    group = source.group
    if not group.sets:
        atoms = {*source.atoms(), *target.atoms()}
        return sum(atom.dimension for atom in atoms) <= _CHEAP_DEGREE
    known = group.closed_order is not None or group.giant is not None
    return known or sum(gset.degree for gset in group.sets.values()) <= _CHEAP_DEGREE


def stabilizer_count(factors: Sequence[Action]) -> int:
    """The number of orbits on tuples of points that survive their stabilizers' signs."""
    if not factors:
        return 1
    distinct = list(dict.fromkeys(factors))
    columns = [factor.generators for factor in distinct]
    group = factors[0].group
    if group.sets or group.factors:
        columns.insert(0, group.faithful_images())
    generators = [concatenated(images) for images in zip(*columns, strict=True)]
    if not generators:
        return prod(factor.dimension for factor in factors)
    offsets = list(accumulate((column[0].degree for column in columns), initial=0))
    starts = dict(zip(distinct, offsets[len(columns) - len(distinct) : -1], strict=True))
    order = group.order if group.sets or group.factors else order_of(generators)
    places = [range(starts[f], starts[f] + f.dimension) for f in factors]
    return _TupleCount(places, {}).orbits(Subgroup(tuple(generators), order), 0, frozenset())


@dataclass(frozen=True, eq=False)
class _TupleCount:
    """Counts orbits on tuples with an entry from each of `places`, remembering subgroups."""

    places: list[range]
    known: dict[tuple[int, frozenset[int], frozenset[int]], int]

    def orbits(
        self, group: Subgroup, place: int, odd: frozenset[int], fixed: frozenset[int] = frozenset()
    ) -> int:
        """The count from `place` on; the points `odd` were chosen an odd number of times."""
        if group.order == 1:
            return prod(len(points) for points in self.places[place:])
        if place == len(self.places):
            return int(all(_character(g, odd) == 1 for g in group.generators))
        key = (place, fixed, odd)
        if key not in self.known:
            self.known[key] = self._orbits(group, place, odd, fixed)
        return self.known[key]

    def _orbits(
        self, group: Subgroup, place: int, odd: frozenset[int], fixed: frozenset[int]
    ) -> int:
        points = self.places[place]
        signed = any(g.signed for g in group.generators)
        if place + 1 == len(self.places):
            return _surviving_orbits([_on(g, points, odd, signed) for g in group.generators])
        labels = orbit_labels(
            [g.images[points] - points.start for g in group.generators], len(points)
        )
        lengths = np.bincount(labels)
        degree = group.generators[0].degree
        spend(
            _SECONDS_A_POINT * degree * len(lengths),
            f"the stabilizers of {len(lengths)} points among {degree}",
            "take smaller actions",
        )
        total = 0
        for root, length in zip(orbit_transversal(labels).tolist(), lengths.tolist(), strict=True):
            point = points.start + root
            inner = group.stabilizer(point, length)
            total += self.orbits(
                inner, place + 1, odd ^ {point} if signed else odd, fixed | {point}
            )
        return total


def _surviving_orbits(images: Sequence[SignedPermutation]) -> int:
    degree = images[0].degree
    if not any(image.signed for image in images):
        return int(orbit_labels([g.images for g in images], degree).max()) + 1
    labels = orbit_labels([g.doubled() for g in images], 2 * degree)
    plus, minus = labels[:degree], labels[degree:]
    return len(np.unique(np.minimum(plus, minus)[plus != minus]))


def _on(
    element: SignedPermutation, points: range, odd: frozenset[int], signed: bool
) -> SignedPermutation:
    """The element on some points, its signs multiplied by its character on the chosen ones."""
    images = element.images[points] - points.start
    if not signed:
        return SignedPermutation(images)
    signs = np.ones(len(points), np.int8) if element.signs is None else element.signs[points]
    return SignedPermutation(images, signs * np.int8(_character(element, odd)))


def _character(element: SignedPermutation, odd: frozenset[int]) -> int:
    return 1 if element.signs is None else int(element.signs[sorted(odd)].prod())
