"""Hom of outer tensor products of a product group, from the Homs of the factors.

It is the Kronecker product of the factors' Homs (Hartford et al. 2018).  What is trivial on both
sides counts as a factor of a trivial group, whose Hom is all matrices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Trivial
from intertwine.action.linear import Sparse, sparse
from intertwine.action.structure import Tensor
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis, Counter, Solver
from intertwine.hom.pattern import Codes, Pattern, canonical, smallest_signed_type
from intertwine.limits import require

Places = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Kronecker(Pattern):
    """The Kronecker product of patterns, each on some of the axes of rows and columns.

    `places[f]` are the row axes and column axes, among all, that pattern f stands on.
    """

    row_axes: tuple[int, ...]
    column_axes: tuple[int, ...]
    members: tuple[Pattern, ...]
    places: tuple[Places, ...]

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows that are empty in some member."""
        return _empty_in_product(self.row_axes, self.members, self.places)

    def made(self) -> Codes:
        """The mixed-radix number of the members' codes, with the product of their signs."""
        kind = smallest_signed_type(self.dimension)
        axes = self.row_axes + self.column_axes
        combined: Codes = np.ones((1,) * len(axes), dtype=kind)
        for member, (rows, columns) in zip(self.members, self.places, strict=True):
            mine = {*rows, *(len(self.row_axes) + c for c in columns)}
            shape = tuple(size if axis in mine else 1 for axis, size in enumerate(axes))
            combined = _joined(combined, member.codes.reshape(shape).astype(kind), member.dimension)
        full = np.broadcast_to(combined, axes).reshape(self.rows, self.columns)
        return canonical(np.ascontiguousarray(full), self.dimension, self._first_entries())

    def _first_entries(self) -> NDArray[np.intp]:
        """The flat place where each product occurs first: where each of its factors does."""
        first = np.zeros(1, dtype=np.intp)
        for member, axes in zip(self.members, self.places, strict=True):
            rows = _spread(member.firsts[:, 0], axes[0], self.row_axes)
            columns = _spread(member.firsts[:, 1], axes[1], self.column_axes)
            first = (first[:, None] + rows * self.columns + columns).ravel()
        return first


@dataclass(frozen=True, eq=False)
class KroneckerStack(Basis):
    """All products of elements, one of each member, the last member's number running fastest.

    `places[f]` are the row axes and column axes, among all, that member f stands on.
    """

    row_axes: tuple[int, ...]
    column_axes: tuple[int, ...]
    members: tuple[Basis, ...]
    places: tuple[Places, ...]

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows that are empty in some member."""
        return _empty_in_product(self.row_axes, self.members, self.places)

    @property
    def rational(self) -> bool:
        """Whether all members are."""
        return all(member.rational for member in self.members)

    def orthonormal(self) -> Sparse:
        """Products of orthonormal elements are orthonormal."""
        return self._stack(exact=False)

    def make_stack(self) -> Sparse:
        """Exact where all members are, else orthonormal."""
        return self._stack(self.rational)

    def _stack(self, exact: bool) -> Sparse:
        """Member by member, entries times entries."""
        elements, entries = np.zeros(1, np.intp), np.zeros(1, np.intp)
        values: NDArray[np.generic] = np.ones(1, np.int64)
        for member, (rows, columns) in zip(self.members, self.places, strict=True):
            own, at, factor = member.coordinates(exact)
            row, column = np.divmod(at, max(member.columns, 1))
            place = _spread(row, rows, self.row_axes) * self.columns
            place += _spread(column, columns, self.column_axes)
            elements = (elements[:, None] * member.dimension + own).ravel()
            entries = (entries[:, None] + place).ravel()
            values = np.multiply.outer(values, factor).ravel()
        return sparse(values, elements, entries, (self.dimension, self.rows * self.columns))


def by_factors(source: Action, target: Action, solve: Solver) -> Basis:
    """Solve every factor of the group on the tensor factors that it owns."""
    rows, columns = target.factors(), source.factors()
    members, places = [], []
    for own_source, own_target, own_axes in _owned(source, target):
        members.append(solve(own_source, own_target))
        places.append(own_axes)
    sizes = target.dimension, source.dimension, prod(member.dimension for member in members)
    axes = [tuple(part.dimension for part in side) for side in (rows, columns)]
    patterns = tuple(member for member in members if isinstance(member, Pattern))
    if len(patterns) == len(members):
        return Kronecker(*sizes, axes[0], axes[1], patterns, tuple(places))
    return KroneckerStack(*sizes, axes[0], axes[1], tuple(members), tuple(places))


def count_factors(source: Action, target: Action, count: Counter) -> int:
    """The product of the factors' dimensions."""
    return prod(
        count(own_source, own_target) for own_source, own_target, _ in _owned(source, target)
    )


def why_not_product(source: Action, target: Action) -> str | None:
    """Why the rule of products does not apply, or None where it does."""
    parts = source.factors() + target.factors()
    if not source.group.factors:
        if not any(isinstance(part, Trivial) for part in parts):
            return "the group is no product"
        return None
    mixed = [part for part in parts if not isinstance(part, Trivial) and part.owner is None]
    return f"{mixed[0]} mixes factors of the group" if mixed else None


def _owned(source: Action, target: Action) -> Iterator[tuple[Action, Action, Places]]:
    """What each factor of the group owns of both sides, and on which axes of rows and columns."""
    sides = target.factors(), source.factors()
    for owner in sorted({_owner(part) for side in sides for part in side}):
        rows, columns = (
            tuple(axis for axis, part in enumerate(side) if _owner(part) == owner) for side in sides
        )
        own_target = _restricted([sides[0][axis] for axis in rows], owner, source)
        own_source = _restricted([sides[1][axis] for axis in columns], owner, source)
        yield own_source, own_target, (rows, columns)


def _owner(part: Action) -> str:
    return "" if isinstance(part, Trivial) else part.owner or "*"


def _restricted(parts: Sequence[Action], owner: str, like: Action) -> Action:
    inner = [part.stripped() if like.group.factors else part for part in parts]
    group = like.group if owner in ("", "*") else like.group.factors[owner]
    if not owner or not inner:
        return Trivial(group, prod(part.dimension for part in inner))
    return inner[0] if len(inner) == 1 else Tensor(inner[0].group, tuple(inner))


def _joined(left: Codes, right: Codes, count: int) -> Codes:
    """The mixed-radix number of two codes, the second of `count`, with the product of the signs."""
    if left.min(initial=1) > 0 and right.min(initial=1) > 0:
        return (left - 1) * left.dtype.type(count) + right
    number = (np.abs(left) - 1) * left.dtype.type(count) + np.abs(right)
    return number * np.sign(left) * np.sign(right)


def _spread(
    numbers: NDArray[np.intp], mine: Sequence[int], axes: Sequence[int]
) -> NDArray[np.intp]:
    """Row-major numbers over some of the axes as numbers over all, the other indices being 0."""
    spread = np.zeros(len(numbers), dtype=np.intp)
    for axis in reversed(mine):
        numbers, index = np.divmod(numbers, axes[axis])
        spread += index * prod(axes[axis + 1 :])
    return spread


def _empty_in_product(
    row_axes: Sequence[int], members: Sequence[Basis], places: Sequence[Places]
) -> Indices:
    """The rows of a Kronecker product that are empty in some member."""
    if not any(len(member.empty_rows) for member in members):
        return np.empty(0, dtype=np.intp)
    require(prod(row_axes), f"the {prod(row_axes)} rows of the maps", "take smaller actions")
    reached = np.ones(tuple(row_axes), dtype=bool)
    for member, (mine, _) in zip(members, places, strict=True):
        own = np.ones(member.rows, dtype=bool)
        own[member.empty_rows] = False
        reached &= own.reshape([size if a in mine else 1 for a, size in enumerate(row_axes)])
    return np.flatnonzero(~reached.ravel())
