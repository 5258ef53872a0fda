"""One level of a stabilizer chain: an orbit and, for each of its points, a coset representative."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.group.orbit import SchreierTree
from intertwine.group.permutation import Indices
from intertwine.limits import require

Batch = NDArray[np.intp]
SmallBatch = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, eq=False)
class Level:
    """One orbit of the chain: its tree, the tree's edges and their inverses."""

    tree: SchreierTree
    edges: tuple[Indices, ...]
    inverses: NDArray[np.intp]

    @cached_property
    def orbit(self) -> Indices:
        """The base point, then the other points in increasing order."""
        points = np.sort(self.tree.points)
        return np.concatenate([[self.tree.root], points[points != self.tree.root]])

    @cached_property
    def place(self) -> Indices:
        """Where each point stands in the orbit."""
        place = np.full(len(self.tree.edge), -1, dtype=np.intp)
        place[self.orbit] = np.arange(len(self.orbit))
        return place

    def strip(self, batch: Batch) -> Batch:
        """Multiply each row by the inverse coset representative that brings the base point home."""
        degree, base = batch.shape[1], self.tree.root
        batch = batch.copy()
        away = np.flatnonzero(batch[:, base] != base)
        while len(away):
            edge = self.tree.edge[batch[away, base]]
            batch[away] = self.inverses.ravel()[batch[away] + (edge * degree)[:, None]]
            away = away[batch[away, base] != base]
        return batch

    def strip_one(self, element: Indices) -> Indices:
        """`strip` for a single element, without the cost of batches."""
        return self.bring_home(element, element[self.tree.root])

    def bring_home(self, element: Indices, point: int) -> Indices:
        """The product of the inverse coset representative of `point` and the element."""
        while point != self.tree.root:
            inverse = self.inverses[self.tree.edge[point]]
            element, point = inverse[element], inverse[point]
        return element

    def strip_by_table(self, batch: SmallBatch) -> SmallBatch:
        """The same with one look-up a row: worth its table where every representative is needed."""
        row = self.place[batch[:, self.tree.root]]
        stripped: SmallBatch = self.inverse_transversal.ravel().take(
            batch + (row * batch.shape[1])[:, None]
        )
        return stripped

    def transversal(self) -> Batch:
        """Row k is a group element that sends the base point to the k-th point of the orbit."""
        rows = np.empty((len(self.orbit), self._agree_to(np.dtype(np.intp))), np.intp)
        rows[self.place[self.tree.root]] = np.arange(rows.shape[1])
        for level in self.tree.levels[1:]:
            for number in np.unique(self.tree.edge[level]).tolist():
                points = level[self.tree.edge[level] == number]
                parents = rows[self.place[self.tree.parent[points]]]
                rows[self.place[points]] = self.edges[number][parents]
        return rows

    @cached_property
    def inverse_transversal(self) -> SmallBatch:
        """Row k is the inverse of row k of `transversal`, in the smallest integers that hold it."""
        small = np.min_scalar_type(max(0, len(self.tree.edge) - 1))
        rows = np.empty((len(self.orbit), self._agree_to(small)), small)
        rows[self.place[self.tree.root]] = np.arange(rows.shape[1])
        for level in self.tree.levels[1:]:
            for number in np.unique(self.tree.edge[level]).tolist():
                points = level[self.tree.edge[level] == number]
                parents = rows[self.place[self.tree.parent[points]]]
                rows[self.place[points]] = parents.take(self.inverses[number], axis=1)
        return rows

    def _agree_to(self, kind: np.dtype[Any]) -> int:
        degree = len(self.tree.edge)
        require(
            3 * kind.itemsize * len(self.orbit) * degree,
            f"{len(self.orbit)} coset representatives on {degree} points",
            "give the group on fewer points",
        )
        return degree


def inverted(batch: SmallBatch) -> SmallBatch:
    """The inverse of each row.

    >>> inverted(np.array([[1, 2, 0]], dtype=np.uint8)).tolist()
    [[2, 0, 1]]
    """
    inverse = np.empty_like(batch)
    np.put_along_axis(inverse, batch.astype(np.intp), np.arange(batch.shape[1])[None], axis=1)
    return inverse
