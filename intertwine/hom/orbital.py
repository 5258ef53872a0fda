"""The orbital rule: all intertwiners of two signed permutation actions, as one array of codes.

The constraint matrix is the incidence matrix of a graph on target x source pairs, so its nullspace
is spanned by the signed indicators of its components, the orbitals (Ravanbakhsh et al. 2017).  The
graph is never built.  One row a target orbit is labelled by the orbits of a stabilizer, carried
along a Schreier tree by gathers, and then every generator is tested on the whole array; labels that
meet are merged.  Random elements make it fast; the closing test makes it exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.element import JointElements
from intertwine.group.orbit import (
    SchreierTree,
    components,
    orbit_labels,
    orbit_transversal,
    schreier_tree,
)
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.hom.pattern import Codes, row_blocks, smallest_signed_type
from intertwine.hom.quotient import Quotient, row_codes
from intertwine.limits import require, spend
from intertwine.progress import track

Pair = tuple[SignedPermutation, SignedPermutation]

_SHORTCUTS = 6
_QUIET_ELEMENTS = 8
_ELEMENTS = 4 * (_SHORTCUTS + _QUIET_ELEMENTS)
_SECONDS_AN_ENTRY = 1e-8
_ADVICE = "ask for the dimension alone with `intertwine count`, or take smaller actions"


@dataclass(frozen=True)
class Effort:
    """How much randomness is spent before the closing test; any amount gives the same answer."""

    shortcuts: int = _SHORTCUTS
    quiet_elements: int = _QUIET_ELEMENTS


def orbital_codes(source: Action, target: Action, effort: Effort | None = None) -> Codes:
    """The (target, source) array whose entry is +-(k + 1) on orbital k, 0 where all vanish.

    Orbitals are numbered by their first entries in row-major order, where their sign is +.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(symmetric(3), "points")
    >>> orbital_codes(points, points).tolist()
    [[1, 2, 2], [2, 1, 2], [2, 2, 1]]
    """
    entries = source.dimension * target.dimension
    what = f"the {target.dimension} x {source.dimension} array of orbitals"
    require(entries, what, _ADVICE)
    spend(_SECONDS_AN_ENTRY * entries * (1 + len(source.group.generators)), what, _ADVICE)
    walk = RowWalk(source, target, effort or Effort())
    rows = [walk.labelled_row(tree) for tree in walk.trees]
    codes, count = carried(rows, walk)
    return closed(codes, count, walk.generators)


class RowWalk:
    """What the rows of all target orbits share: trees, edges, and a supply of random elements."""

    def __init__(self, source: Action, target: Action, effort: Effort) -> None:
        self.source, self.target, self.effort = source, target, effort
        what = f"random elements on {target.dimension} and {source.dimension} points"
        spend(_ELEMENTS * (source.seconds + target.seconds), what, _ADVICE)
        self.generators: list[Pair] = list(zip(target.generators, source.generators, strict=True))
        self._joint = JointElements([target, source])
        self._pool: list[Pair] = []
        self.edges = [*self.generators, *(self._drawn() for _ in range(effort.shortcuts))]
        self.inverses = [(t.inverse(), s.inverse()) for t, s in self.edges]
        images = [image.images for image, _ in self.edges]
        labels = orbit_labels(images[: len(self.generators)], target.dimension)
        roots = orbit_transversal(labels).tolist()
        require(
            24 * len(roots) * target.dimension,
            f"the trees of {len(roots)} orbits on {target.dimension} points",
            "take smaller actions, or a group that moves more of their points",
        )
        self.trees = [schreier_tree(images, root, target.dimension) for root in roots]

    def labelled_row(self, tree: SchreierTree) -> NDArray[np.intp]:
        """Codes of the row of `tree.root`: orbits of (a subgroup of) its stabilizer on the source.

        An element h with `h o = t o`, t = +-1, ties entry i of the row to entry h(i) by the sign
        `t s_i`.  Elements are drawn until `quiet_elements` in turn have merged nothing.
        """
        degree = self.source.dimension
        signed = self.source.signed or self.target.signed
        labels, quiet, number = np.arange((1 + signed) * degree, dtype=np.intp), 0, 0
        while quiet < self.effort.quiet_elements and labels.any():
            row = self._stabilizing(self._element(number), tree)
            image = row.doubled() if signed else row.images
            number, quiet = number + 1, quiet + 1
            moved = labels[image]
            if (moved != labels).any():
                labels, quiet = components(int(labels.max()) + 1, [(labels, moved)])[labels], 0
        return row_codes(labels, degree)

    def _element(self, number: int) -> Pair:
        while len(self._pool) <= number:
            self._pool.append(self._drawn())
        return self._pool[number]

    def _drawn(self) -> Pair:
        target, source = self._joint.draw()
        return target, source

    def _stabilizing(self, element: Pair, tree: SchreierTree) -> SignedPermutation:
        """The element stripped through the tree until it fixes the root; as it acts on the row."""
        target, source = element
        point, sign = int(target.images[tree.root]), 1
        if target.signs is not None:
            sign = int(target.signs[tree.root])
        while point != tree.root:
            edge_target, edge_source = self.inverses[tree.edge[point]]
            if edge_target.signs is not None:
                sign *= int(edge_target.signs[point])
            point = int(edge_target.images[point])
            source = edge_source * source
        if not (self.source.signed or self.target.signed):
            return source
        signs = np.ones(source.degree, np.int8) if source.signs is None else source.signs
        return SignedPermutation(source.images, signs * np.int8(sign))


def carried(rows: Sequence[NDArray[np.intp]], walk: RowWalk) -> tuple[Codes, int]:
    """The array of codes from one row a target orbit, and how many codes there are."""
    shape = (walk.target.dimension, walk.source.dimension)
    counts = [int(np.abs(row).max(initial=0)) for row in rows]
    kind = smallest_signed_type(sum(counts))
    require(
        shape[0] * shape[1] * (kind.itemsize + 1),
        f"{shape[0]} x {shape[1]} orbital numbers",
        _ADVICE,
    )
    codes = np.zeros(shape, dtype=kind)
    for row, offset, tree in zip(rows, accumulate([0, *counts]), walk.trees, strict=False):
        codes[tree.root] = np.where(row == 0, 0, row + np.sign(row) * offset)
        _carry(codes, tree, walk)
    return codes, sum(counts)


def _carry(codes: Codes, tree: SchreierTree, walk: RowWalk) -> None:
    """Fill the rows of an orbit from its root's: `T[g o, g i] = t_o s_i T[o, i]`."""
    for level in tree.levels[1:]:
        for number in np.unique(tree.edge[level]).tolist():
            inverse, signs = walk.inverses[number][1], walk.edges[number][0].signs
            for children in row_blocks(level[tree.edge[level] == number], codes.shape[1]):
                parents = tree.parent[children]
                rows = codes[parents].take(inverse.images, axis=1)
                if inverse.signs is not None:
                    rows *= inverse.signs
                if signs is not None:
                    rows *= signs[parents, None]
                codes[children] = rows


def closed(codes: Codes, count: int, generators: Sequence[Pair]) -> Codes:
    """The closing test: merge whatever codes any generator ties, until none is left to merge.

    One pass meets all codes that belong together; the quotient by them is invariant, because every
    entry has then been compared with its image under every generator.
    """
    quotient = Quotient(count)
    for target, source in track(generators, "closing test"):
        for rows, columns in _moved_places(target, source):
            for block in row_blocks(rows, codes.shape[1]):
                there = codes[target.images[block]].take(source.images[columns], axis=1)
                if source.signs is not None:
                    there *= source.signs[columns]
                if target.signs is not None:
                    there *= target.signs[block, None]
                quotient.tie(codes[block][:, columns], there)
    kind = smallest_signed_type(quotient.count)
    return codes if quotient.count == count else quotient.renumbered(codes).astype(kind, copy=False)


def _moved_places(
    target: SignedPermutation, source: SignedPermutation
) -> Iterator[tuple[Indices, Indices | slice]]:
    """Rows and columns that cover the entries that an element moves, few where it moves few."""
    rows, columns = _moved_points(target), _moved_points(source)
    if 2 * columns.sum() > source.degree:
        yield np.arange(target.degree), slice(None)
    else:
        yield np.flatnonzero(rows), slice(None)
        yield np.flatnonzero(~rows), np.flatnonzero(columns)


def _moved_points(element: SignedPermutation) -> NDArray[np.bool_]:
    """Whether each point is moved, or its vector turned into its negative."""
    moved: NDArray[np.bool_] = element.images != np.arange(element.degree)
    return moved if element.signs is None else moved | (element.signs < 0)
