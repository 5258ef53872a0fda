"""Hom of direct sums and of outer products where some part is no pattern of signs, as stacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.linear import Sparse, sparse
from intertwine.hom.basis import Basis

Places = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class BlockStack(Basis):
    """The elements of every block, in row-major order of the blocks: `blocks[t][s]`."""

    blocks: tuple[tuple[Basis, ...], ...]

    @property
    def rational(self) -> bool:
        """Whether all blocks are."""
        return all(block.rational for row in self.blocks for block in row)

    def orthonormal(self) -> Sparse:
        """Blocks share no entry, so that each on its own is enough."""
        return self._stacked(exact=False)

    def stacked(self) -> Sparse:
        """Exact where all blocks are, else orthonormal."""
        return self._stacked(self.rational)

    def _stacked(self, exact: bool) -> Sparse:
        """Each block's entries moved to its place."""
        parts, done, top = [], 0, 0
        listed = {block: _listed(block, exact) for row in self.blocks for block in set(row)}
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


@dataclass(frozen=True, eq=False)
class KroneckerStack(Basis):
    """All products of elements, one of each member, the last member's number running fastest.

    `places[f]` are the row axes and column axes, among all, that member f stands on.
    """

    row_axes: tuple[int, ...]
    column_axes: tuple[int, ...]
    members: tuple[Basis, ...]
    places: tuple[Places, ...]

    @property
    def rational(self) -> bool:
        """Whether all members are."""
        return all(member.rational for member in self.members)

    def orthonormal(self) -> Sparse:
        """Products of orthonormal elements are orthonormal."""
        return self._stacked(exact=False)

    def stacked(self) -> Sparse:
        """Exact where all members are, else orthonormal."""
        return self._stacked(self.rational)

    def _stacked(self, exact: bool) -> Sparse:
        """Member by member, entries times entries."""
        elements, entries = np.zeros(1, np.intp), np.zeros(1, np.intp)
        values: NDArray[np.generic] = np.ones(1, np.int64)
        for member, (rows, columns) in zip(self.members, self.places, strict=True):
            own, at, factor = _listed(member, exact)
            row, column = np.divmod(at, max(member.columns, 1))
            place = spread(row, rows, self.row_axes) * self.columns
            place += spread(column, columns, self.column_axes)
            elements = (elements[:, None] * member.dimension + own).ravel()
            entries = (entries[:, None] + place).ravel()
            values = np.multiply.outer(values, factor).ravel()
        return sparse(values, elements, entries, (self.dimension, self.rows * self.columns))


def _listed(
    basis: Basis, exact: bool
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.generic]]:
    """Element, row-major place and value of every entry; of orthonormal elements if not exact."""
    listed = (basis.stack if exact else basis.orthonormal()).tocoo()
    elements, entries = (axis.astype(np.intp) for axis in listed.coords)
    return elements, entries, listed.data


def spread(numbers: NDArray[np.intp], mine: Sequence[int], axes: Sequence[int]) -> NDArray[np.intp]:
    """Row-major numbers over some of the axes as numbers over all, the other indices being 0."""
    spread = np.zeros(len(numbers), dtype=np.intp)
    for axis in reversed(mine):
        numbers, index = np.divmod(numbers, axes[axis])
        spread += index * prod(axes[axis + 1 :])
    return spread
