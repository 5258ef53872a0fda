"""How a basis of intertwiners is known: a partition of the matrix entries, with signs and zeros."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from intertwine.action.linear import Sparse, sparse
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis
from intertwine.limits import require

Codes = NDArray[np.signedinteger]

_BLOCK_ENTRIES = 1 << 20
_CACHED_ENTRIES = 1 << 16


@dataclass(frozen=True, eq=False)
class Pattern(Basis):
    """A basis whose elements have disjoint supports and entries +-1.

    `dimension` is exact and known at once; the array of `codes` is made when asked for.
    """

    @property
    def rational(self) -> bool:
        """Always."""
        return True

    def make_stack(self) -> Sparse:
        """The same as a stack."""
        flat = self.codes.ravel()
        places = np.flatnonzero(flat)
        values = np.sign(flat[places]).astype(np.int64)
        return sparse(values, np.abs(flat[places]) - 1, places, (self.dimension, len(flat)))

    @cached_property
    def codes(self) -> Codes:
        """Shape (rows, columns): +-(k + 1) where basis element k is +-1, 0 where all vanish.

        Elements are numbered by their first entries in row-major order, where their sign is +.
        """
        size = smallest_signed_type(self.dimension).itemsize
        require(
            2 * size * self.rows * self.columns,
            f"the {self.rows} x {self.columns} array of basis elements",
            "`intertwine count` and `--no-emit` need no array; or take smaller actions",
        )
        return self.made()

    @cached_property
    def empty_rows(self) -> Indices:
        """The rows in which no element has an entry, in order."""
        return np.flatnonzero(~self.codes.any(axis=1))

    @abstractmethod
    def made(self) -> Codes:
        """The codes, computed."""

    def orthonormal(self) -> Sparse:
        """Each element divided by its norm."""
        from scipy.sparse import diags_array

        stack = self.stack.astype(np.float64)
        norms = np.sqrt(np.maximum(np.diff(stack.indptr), 1))
        return (diags_array(1 / norms) @ stack).tocsr()

    @cached_property
    def firsts(self) -> NDArray[np.intp]:
        """Shape (dimension, 2): row and column of the first entry of each basis element."""
        return np.stack(np.divmod(first_entries(self.codes, self.dimension), self.columns), axis=1)


@dataclass(frozen=True, eq=False)
class Listed(Pattern):
    """A pattern given by its codes."""

    listed: Codes

    @classmethod
    def of(cls, codes: Codes) -> Listed:
        """From canonical codes."""
        rows, columns = codes.shape
        return cls(rows, columns, int(codes.max(initial=0)), codes)

    def made(self) -> Codes:
        """As listed."""
        return self.listed


def smallest_signed_type(largest: int) -> np.dtype[np.signedinteger]:
    """The smallest signed integer type that holds +-`largest`.

    >>> smallest_signed_type(127), smallest_signed_type(128)
    (dtype('int8'), dtype('int16'))
    """
    kinds = (np.int8, np.int16, np.int32, np.int64)
    return next(np.dtype(kind) for kind in kinds if largest <= np.iinfo(kind).max)


def row_blocks(rows: NDArray[np.intp], length: int) -> Iterator[NDArray[np.intp]]:
    """Some rows of `length` entries, a few at a time, so that they stay in the cache."""
    step = max(1, _CACHED_ENTRIES // max(1, length))
    return (rows[start : start + step] for start in range(0, len(rows), step))


def first_entries(codes: Codes, count: int) -> NDArray[np.intp]:
    """The flat row-major place where each of the codes 1 .. count, up to sign, occurs first.

    >>> first_entries(np.array([[0, 2], [-1, 2]]), 2).tolist()
    [2, 1]
    """
    flat = codes.ravel()
    first = np.zeros(count + 1, dtype=np.intp)
    for stop in range(len(flat), 0, -_BLOCK_ENTRIES):
        start = max(0, stop - _BLOCK_ENTRIES)
        places = np.arange(stop - 1, start - 1, -1)
        first[np.abs(flat[start:stop][::-1])] = places
    return first[1:]


def canonical(codes: Codes, count: int, first: NDArray[np.intp] | None = None) -> Codes:
    """Renumber the codes by their first entries in row-major order, where the sign becomes +.

    `first` are the flat places of those entries, where they are known.

    >>> canonical(np.array([[0, -2], [1, 2]], dtype=np.int8), 2).tolist()
    [[0, 1], [2, -1]]
    """
    first = first_entries(codes, count) if first is None else first
    order = np.argsort(first)
    table = np.zeros(2 * count + 1, dtype=codes.dtype)
    numbers = np.arange(1, count + 1, dtype=codes.dtype) * np.sign(codes.ravel()[first[order]])
    table[count + 1 + order] = numbers
    table[count - 1 - order] = -numbers
    if np.array_equal(table[count + 1 :], np.arange(1, count + 1)):
        return codes
    renumbered = np.empty_like(codes)
    for row, target in zip(codes, renumbered, strict=True):
        target[:] = table[row.astype(np.intp) + count]
    return renumbered
