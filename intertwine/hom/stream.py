"""The dimension by the orbital rule with its closing test streamed, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.group.orbit import SchreierTree, components
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.orbital import Effort, RowWalk
from intertwine.hom.pattern import Codes, smallest_signed_type
from intertwine.progress import track

_BLOCK_ENTRIES = 1 << 19


def streamed_dimension(source: Action, target: Action, effort: Effort | None = None) -> int:
    """Dim Hom(source, target), exact, in memory for a few rows of the array of orbitals.

    The label of any entry follows from the row of its orbit's root, `T[x, y] = T[o, u_x^-1 y]` up
    to signs.  Every generator is tested on every row so computed; labels that meet are tied.
    """
    walk = RowWalk(source, target, effort or Effort())
    return sum(_orbit_dimension(walk, tree) for tree in track(walk.trees, "streamed closing test"))


def _orbit_dimension(walk: RowWalk, tree: SchreierTree) -> int:
    row = walk.labelled_row(tree)
    count = int(np.abs(row).max(initial=0))
    reader = _RowReader(row, tree, [s for _, s in walk.edges], [t for t, _ in walk.edges])
    points = tree.points
    step = max(1, _BLOCK_ENTRIES // len(row))
    ties = [np.empty((0, 2), dtype=np.intp)]
    for start in range(0, len(points), step):
        block = points[start : start + step]
        here = reader.rows(block)
        for target, source in walk.generators:
            there = reader.rows(target.images[block]).take(source.images, axis=1)
            if source.signs is not None:
                there = there * source.signs
            if target.signs is not None:
                there = there * target.signs[block, None]
            apart = here != there
            if apart.any():
                ties.append(
                    np.unique(np.stack([here[apart], there[apart]], axis=1).astype(np.intp), axis=0)
                )
    return _tied_count(count, np.concatenate(ties))


def _tied_count(count: int, ends: NDArray[np.intp]) -> int:
    """How many of the codes 1 .. count are left when tied ones are one and c ~ -c is none."""
    both = np.concatenate([ends, -ends]) + count
    roots = components(2 * count + 1, [(both[:, 0], both[:, 1])])
    plus, minus = roots[count + 1 :], roots[:count][::-1]
    return len(np.unique(np.minimum(plus, minus)[plus != minus]))


class _RowReader:
    """Computes rows of the array of one target orbit from the row of its root."""

    def __init__(
        self,
        row: NDArray[np.intp],
        tree: SchreierTree,
        sources: Sequence[SignedPermutation],
        targets: Sequence[SignedPermutation],
    ) -> None:
        self._row = row.astype(smallest_signed_type(int(np.abs(row).max(initial=0))))
        self._tree = tree
        self._inverses = [source.inverse() for source in sources]
        self._targets = targets

    def rows(self, points: NDArray[np.intp]) -> Codes:
        """The rows of some points of the orbit."""
        rows: Codes = np.tile(self._row, (len(points), 1))
        for edge, parents in self._path(points):
            for number in np.unique(edge[edge >= 0]).tolist():
                mine = np.flatnonzero(edge == number)
                inverse, signs = self._inverses[number], self._targets[number].signs
                moved = rows[mine].take(inverse.images, axis=1)
                if inverse.signs is not None:
                    moved = moved * inverse.signs
                if signs is not None:
                    moved = moved * signs[parents[mine], None]
                rows[mine] = moved
        return rows

    def _path(self, points: NDArray[np.intp]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """The edges from the root to each point, with the points they start at, root first."""
        steps: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        while True:
            edge = self._tree.edge[points]
            if (edge < 0).all():
                return steps[::-1]
            parents = np.where(edge >= 0, self._tree.parent[points], points)
            steps.append((edge, parents))
            points = parents
