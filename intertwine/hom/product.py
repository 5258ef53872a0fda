"""Hom of direct sums and of outer tensor products, from the Homs of their parts.

Hom of sums is the block array of the Homs of the summands.  For a product group acting on outer
tensor products, Hom is the Kronecker product of the factors' Homs (Hartford et al. 2018); a factor
on which everything acts trivially counts as one of a trivial group, whose Hom is all matrices.
"""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Trivial
from intertwine.action.structure import Tensor
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis
from intertwine.hom.pattern import Codes, Pattern, canonical, smallest_signed_type
from intertwine.hom.stacked import (
    BlockStack,
    KroneckerStack,
    Places,
    empty_in_blocks,
    empty_in_product,
    spread,
)

Solver = Callable[[Action, Action], Basis]
Counter = Callable[[Action, Action], int]


@dataclass(frozen=True, eq=False)
class Blocks(Pattern):
    """The block array of the patterns between summands: `blocks[t][s]`."""

    blocks: tuple[tuple[Pattern, ...], ...]

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows that are empty in all blocks."""
        return empty_in_blocks(self.blocks)

    def made(self) -> Codes:
        """Side by side with offsets, renumbered."""
        kind = smallest_signed_type(self.dimension)
        sizes = [block.dimension for row in self.blocks for block in row]
        offsets = iter(accumulate([0, *sizes]))
        rows = [
            [_shifted(block.codes, next(offsets), kind) for block in row] for row in self.blocks
        ]
        return canonical(np.block(rows), self.dimension)


@dataclass(frozen=True, eq=False)
class Kronecker(Pattern):
    """The Kronecker product of patterns, each on some of the axes of rows and columns.

    `places[f]` are the row axes and column axes, among all, that pattern f stands on.
    """

    row_axes: tuple[int, ...]
    column_axes: tuple[int, ...]
    members: tuple[Pattern, ...]
    places: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows that are empty in some member."""
        return empty_in_product(self.row_axes, self.members, self.places)

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
            rows = spread(member.firsts[:, 0], axes[0], self.row_axes)
            columns = spread(member.firsts[:, 1], axes[1], self.column_axes)
            first = (first[:, None] + rows * self.columns + columns).ravel()
        return first


@dataclass(frozen=True, eq=False)
class AllMatrices(Pattern):
    """Every matrix: what commutes with the trivial group."""

    @classmethod
    def between(cls, source: Action, target: Action) -> AllMatrices:
        """One basis element an entry."""
        rows, columns = target.dimension, source.dimension
        return cls(rows, columns, rows * columns)

    @property
    def empty_rows(self) -> Indices:
        """None."""
        return np.empty(0, dtype=np.intp)

    def made(self) -> Codes:
        """Numbered row-major."""
        kind = smallest_signed_type(self.dimension)
        return np.arange(1, self.dimension + 1, dtype=kind).reshape(self.rows, self.columns)


def by_summands(source: Action, target: Action, solve: Solver) -> Basis:
    """Solve every pair of summands, equal pairs once."""
    known = {
        (s, t): solve(s, t)
        for t in dict.fromkeys(target.summands())
        for s in dict.fromkeys(source.summands())
    }
    rows = [[known[s, t] for s in source.summands()] for t in target.summands()]
    sizes = target.dimension, source.dimension, sum(b.dimension for row in rows for b in row)
    patterns = [tuple(b for b in row if isinstance(b, Pattern)) for row in rows]
    if [*map(len, patterns)] == [*map(len, rows)]:
        return Blocks(*sizes, tuple(patterns))
    return BlockStack(*sizes, tuple(map(tuple, rows)))


def count_summands(source: Action, target: Action, count: Counter) -> int:
    """The dimensions of the blocks added up, those between equal summands multiplied."""
    columns, rows = Multiset(source.summands()), Multiset(target.summands())
    return sum(m * n * count(s, t) for t, n in rows.items() for s, m in columns.items())


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


def why_not_sums(source: Action, target: Action) -> str | None:
    """Why the rule of sums does not apply, or None where it does."""
    if len(source.summands()) == len(target.summands()) == 1:
        return "neither side is a direct sum"
    return None


def why_not_free(source: Action, target: Action) -> str | None:
    """Why the rule of trivial actions does not apply, or None where it does."""
    if isinstance(source, Trivial) and isinstance(target, Trivial):
        return None
    if not source.group.generators:  # the group is its identity
        return None
    if not source.dimension or not target.dimension:  # the only matrix has no entries
        return None
    return "a side is not trivial"


def why_not_product(source: Action, target: Action) -> str | None:
    """Why the rule of products does not apply, or None where it does."""
    parts = source.factors() + target.factors()
    if not source.group.factors:
        if not any(isinstance(part, Trivial) for part in parts):
            return "the group is no product"
        return None
    mixed = [part for part in parts if not isinstance(part, Trivial) and part.owner is None]
    return f"{mixed[0]} mixes factors of the group" if mixed else None


def _joined(left: Codes, right: Codes, count: int) -> Codes:
    """The mixed-radix number of two codes, the second of `count`, with the product of the signs."""
    if left.min(initial=1) > 0 and right.min(initial=1) > 0:
        return (left - 1) * left.dtype.type(count) + right
    number = (np.abs(left) - 1) * left.dtype.type(count) + np.abs(right)
    return number * np.sign(left) * np.sign(right)


def _owner(part: Action) -> str:
    return "" if isinstance(part, Trivial) else part.owner or "*"


def _restricted(parts: Sequence[Action], owner: str, like: Action) -> Action:
    inner = [part.stripped() if like.group.factors else part for part in parts]
    group = like.group if owner in ("", "*") else like.group.factors[owner]
    if not owner or not inner:
        return Trivial(group, prod(part.dimension for part in inner))
    return inner[0] if len(inner) == 1 else Tensor(inner[0].group, tuple(inner))


def _shifted(codes: Codes, offset: int, kind: np.dtype[np.signedinteger]) -> Codes:
    wide = codes.astype(kind)
    return np.asarray(wide + np.sign(wide) * kind.type(offset))
