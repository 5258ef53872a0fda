"""Carrying blocks: the rows over one point of the target from those over another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import Array
from intertwine.group.orbit import SchreierTree
from intertwine.group.permutation import Indices
from intertwine.hom.fibration import Fibration

# The elements in the rows over a point, and the number of the orbital at each point of the source.
Row = tuple[Array, Indices]


def carried_down(tree: SchreierTree, row: Row, fibration: Fibration) -> Iterator[tuple[int, Row]]:
    """The rows over all points of a target orbit, carried from the root's."""
    fibres = fibration.target.fibres
    known = {tree.root: row}
    yield tree.root, row
    for level in tree.levels[1:]:
        before, known = known, {}
        for edge in np.unique(tree.edge[level]).tolist():
            element = fibration.whole.generators[edge]
            left, right = fibration.carrying(element)
            moves = fibration.source_images(element)
            for child in level[tree.edge[level] == edge].tolist():
                parent = int(tree.parent[child])
                values, labels = before[parent]
                block = left[fibres[child]][:, fibres[parent]]
                moved = np.empty_like(labels)
                moved[moves] = labels
                known[child] = moved_block(values, block, right), moved
                yield child, known[child]


def moved_block(values: Array, left: Sparse, right: Sparse) -> Array:
    """`left V right` for every V."""
    count, rows, columns = values.shape
    kept = right.shape[1]
    turned = (values.reshape(count * rows, columns) @ right).reshape(count, rows, kept)
    flat = turned.transpose(1, 0, 2).reshape(rows, count * kept)
    return np.asarray((left @ flat).reshape(left.shape[0], count, kept).transpose(1, 0, 2))
