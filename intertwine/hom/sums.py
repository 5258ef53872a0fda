"""Hom of direct sums, from the Homs of their parts: the block array of those of the summands."""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from intertwine.action.action import Action
from intertwine.action.linear import Sparse, sparse
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis, Counter, Solver
from intertwine.hom.pattern import Codes, Pattern, canonical, smallest_signed_type


@dataclass(frozen=True, eq=False)
class Blocks(Pattern):
    """The block array of the patterns between summands: `blocks[t][s]`."""

    blocks: tuple[tuple[Pattern, ...], ...]

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows that are empty in all blocks."""
        return _empty_in_blocks(self.blocks)

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
class BlockStack(Basis):
    """The elements of every block, in row-major order of the blocks: `blocks[t][s]`."""

    blocks: tuple[tuple[Basis, ...], ...]

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows that are empty in all blocks."""
        return _empty_in_blocks(self.blocks)

    @property
    def rational(self) -> bool:
        """Whether all blocks are."""
        return all(block.rational for row in self.blocks for block in row)

    def orthonormal(self) -> Sparse:
        """Blocks share no entry, so that each on its own is enough."""
        return self._stack(exact=False)

    def make_stack(self) -> Sparse:
        """Exact where all blocks are, else orthonormal."""
        return self._stack(self.rational)

    def _stack(self, exact: bool) -> Sparse:
        """Each block's entries moved to its place."""
        parts, done, top = [], 0, 0
        listed = {block: block.coordinates(exact) for row in self.blocks for block in set(row)}
        for row in self.blocks:
            left = 0
            for block in row:
                elements, entries, values = listed[block]
                rows, columns = np.divmod(entries, max(block.columns, 1))
                places = (top + rows) * self.columns + left + columns
                parts.append((done + elements, places, values))
                done, left = done + block.dimension, left + block.columns
            top += row[0].rows
        elements, places, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        return sparse(values, elements, places, (self.dimension, self.rows * self.columns))


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


def why_not_sums(source: Action, target: Action) -> str | None:
    """Why the rule of sums does not apply, or None where it does."""
    if len(source.summands()) == len(target.summands()) == 1:
        return "neither side is a direct sum"
    return None


def _empty_in_blocks(blocks: Sequence[Sequence[Basis]]) -> Indices:
    """The rows of a block array that are empty in all blocks."""
    top, found = 0, [np.empty(0, dtype=np.intp)]
    for row in blocks:
        empty = row[0].empty_rows
        for block in row[1:]:
            empty = np.intersect1d(empty, block.empty_rows) if len(empty) else empty
        found.append(empty + top)
        top += row[0].rows
    return np.concatenate(found)


def _shifted(codes: Codes, offset: int, kind: np.dtype[np.signedinteger]) -> Codes:
    wide = codes.astype(kind)
    return np.asarray(wide + np.sign(wide) * kind.type(offset))
