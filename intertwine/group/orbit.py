"""Orbits, transversals and Schreier trees of points under permutations, over NumPy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from intertwine.group.permutation import Indices


def orbit_labels(generators: Sequence[Indices], degree: int) -> Indices:
    """The orbit number of each point; orbits are numbered by their smallest points.

    >>> orbit_labels([np.array([1, 0, 2, 4, 3])], 5).tolist()
    [0, 0, 1, 2, 2]
    """
    points = np.arange(degree, dtype=np.intp)
    return components(degree, [(points, image) for image in generators])


def components(count: int, edges: Sequence[tuple[Indices, Indices]]) -> Indices:
    """The connected component of each of `count` nodes, numbered by their smallest nodes.

    Hooking and pointer jumping: O(log count) rounds of array operations over the edges, which are
    given as arrays of ends.

    >>> components(4, [(np.array([0, 2]), np.array([3, 2]))]).tolist()
    [0, 1, 2, 0]
    """
    root = np.arange(count, dtype=np.intp)
    while True:
        before = root.copy()
        for start, end in edges:
            here, there = root[start], root[end]
            low, high = np.minimum(here, there), np.maximum(here, there)
            apart = low < high
            root = root.copy()
            root[high[apart]] = low[apart]
            root = _compressed(root)
        if np.array_equal(root, before):
            return np.unique(root, return_inverse=True)[1].astype(np.intp, copy=False)


def _compressed(root: Indices) -> Indices:
    while True:
        jumped = root[root]
        if np.array_equal(jumped, root):
            return root
        root = jumped


def orbit_transversal(labels: Indices) -> Indices:
    """The smallest point of each orbit, in the order of the orbit numbers.

    >>> orbit_transversal(np.array([0, 0, 1, 2, 2])).tolist()
    [0, 2, 3]
    """
    return np.unique(labels, return_index=True)[1].astype(np.intp, copy=False)


@dataclass(frozen=True, eq=False)
class SchreierTree:
    """A breadth-first tree over the orbit of `root`: each point is an edge's image of its parent.

    `edge[x]` numbers the generator with `generator[edge[x]][parent[x]] = x`; it is -1 at the root
    and -2 outside the orbit.  `levels` lists the points by their distance from the root.
    """

    root: int
    parent: Indices
    edge: Indices
    levels: tuple[Indices, ...]

    @cached_property
    def points(self) -> Indices:
        """The orbit, in breadth-first order."""
        return np.concatenate(self.levels)

    @cached_property
    def size(self) -> int:
        """The length of the orbit."""
        return sum(len(level) for level in self.levels)


def schreier_tree(generators: Sequence[Indices], root: int, degree: int) -> SchreierTree:
    """The breadth-first Schreier tree from `root`; ties go to the earlier generator.

    >>> tree = schreier_tree([np.array([1, 2, 0, 3])], 0, 4)
    >>> [level.tolist() for level in tree.levels], tree.edge.tolist()
    ([[0], [1], [2]], [-1, 0, 0, -2])
    """
    parent = np.full(degree, -1, dtype=np.intp)
    edge = np.full(degree, -2, dtype=np.intp)
    edge[root] = -1
    levels = [np.array([root], dtype=np.intp)]
    while len(levels[-1]):
        frontier, found = levels[-1], []
        for number, image in enumerate(generators):
            reached = image[frontier]
            new = edge[reached] == -2
            parent[reached[new]] = frontier[new]
            edge[reached[new]] = number
            found.append(reached[new])
        levels.append(np.concatenate(found) if found else np.empty(0, np.intp))
    return SchreierTree(root, parent, edge, tuple(levels[:-1]))
