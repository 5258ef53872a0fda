"""The dimension by the orbital rule with its closing test streamed, a few rows at a time.

Row x of the array of orbitals is carried from that of the point p before x in the Schreier tree, by
an edge e: x = e p.  So a generator s ties row x to row s x = e' p' as h = e'^-1 s e, which takes p
to p', ties row p to row p'.  That is one gather, for all points with the same e and e' at once,
where those rows are at hand: the rows near the root are kept, and others are carried from them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.group.orbit import SchreierTree
from intertwine.group.permutation import Indices
from intertwine.hom.orbital import Effort, Pair, RowWalk
from intertwine.hom.pattern import Codes, row_blocks, smallest_signed_type
from intertwine.hom.quotient import Quotient
from intertwine.limits import spend
from intertwine.progress import track

_KEPT_ENTRIES = 1 << 22
_SECONDS_AN_ENTRY = 6e-8


def streamed_dimension(source: Action, target: Action, effort: Effort | None = None) -> int:
    """The dimension of Hom(source, target), exact, in memory for a few million entries."""
    entries = source.dimension * target.dimension
    spend(
        _SECONDS_AN_ENTRY * entries * len(source.group.generators),
        f"the orbits on {target.dimension} x {source.dimension} pairs of points",
        "take smaller actions, or a group that has a name",
    )
    walk = RowWalk(source, target, effort or Effort())
    return sum(_orbit_dimension(walk, tree) for tree in track(walk.trees, "streamed closing test"))


def _orbit_dimension(walk: RowWalk, tree: SchreierTree) -> int:
    row = walk.labelled_row(tree)
    quotient = Quotient(int(np.abs(row).max(initial=0)))
    rows = _Rows(row, tree, walk)
    for generator in walk.generators:
        for (target, source), points in _tests(generator, tree, walk):
            for block in row_blocks(points, len(row)):
                there = rows[target.images[block]].take(source.images, axis=1)
                if source.signs is not None:
                    there *= source.signs
                if target.signs is not None:
                    there *= target.signs[block, None]
                quotient.tie(rows[block], there)
    return quotient.count


def _tests(generator: Pair, tree: SchreierTree, walk: RowWalk) -> Iterator[tuple[Pair, Indices]]:
    """The elements h = e'^-1 s e for a generator s, each with the points p that it is tested on."""
    starts, ends = tree.points, generator[0].images[tree.points]
    count = len(walk.edges) + 1
    keys = (tree.edge[starts] + 1) * count + tree.edge[ends] + 1
    order = np.argsort(keys, kind="stable")
    found, first = np.unique(keys[order], return_index=True)
    for key, mine in zip(found.tolist(), np.split(starts[order], first[1:]), strict=True):
        out, back = divmod(key, count)
        target, source = generator
        if out:
            edge = walk.edges[out - 1]
            target, source = target * edge[0], source * edge[1]
        if back:
            edge = walk.inverses[back - 1]
            target, source = edge[0] * target, edge[1] * source
        yield (target, source), tree.parent[mine] if out else mine


class _Rows:
    """The rows of the points of one target orbit, computed from that of its root."""

    def __init__(self, row: NDArray[np.intp], tree: SchreierTree, walk: RowWalk) -> None:
        self._tree, self._walk = tree, walk
        kept = tree.points[: max(1, _KEPT_ENTRIES // len(row))]
        kind = smallest_signed_type(int(np.abs(row).max(initial=0)))
        self._place = np.full(len(tree.edge), -1, dtype=np.intp)
        self._kept = np.empty((len(kept), len(row)), dtype=kind)
        self._kept[0], self._place[tree.root] = row, 0
        for level in tree.levels[1:]:
            known = int(self._place.max()) + 1
            points = kept[known : known + len(level)]
            self._kept[known : known + len(points)] = self._carried(points)
            self._place[points] = np.arange(known, known + len(points))

    def __getitem__(self, points: Indices) -> Codes:
        """One row a point: kept, or carried from that of the point before it."""
        place = self._place[points]
        rows = self._kept[place]
        away = np.flatnonzero(place < 0)
        if len(away):
            rows[away] = self._carried(points[away])
        return rows

    def _carried(self, points: Indices) -> Codes:
        """`T[g o, g i] = t_o s_i T[o, i]`, where g is the edge from o to the point g o."""
        parents, edge = self._tree.parent[points], self._tree.edge[points]
        rows = self[parents]
        for number in np.unique(edge).tolist():
            mine = np.flatnonzero(edge == number)
            inverse, signs = self._walk.inverses[number][1], self._walk.edges[number][0].signs
            moved = rows[mine].take(inverse.images, axis=1)
            if inverse.signs is not None:
                moved *= inverse.signs
            if signs is not None:
                moved *= signs[parents[mine], None]
            rows[mine] = moved
        return rows
