"""Generators that move disjoint sets of points generate a direct product.

Generators that share a moved point, directly or through others, belong to one class.  Classes that
share none commute, and only 1 is in the groups of two of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.group.orbit import components
from intertwine.group.permutation import Indices


def disjoint_classes(generators: Sequence[Indices]) -> list[list[int]]:
    """The numbers of the generators of each class, without those that move nothing.

    >>> disjoint_classes([np.array([1, 0, 2, 3]), np.array([0, 1, 2, 3]), np.array([0, 1, 3, 2])])
    [[0], [2]]
    """
    moved = np.stack([image != np.arange(len(image)) for image in generators])
    numbers, points = np.nonzero(moved)
    labels = components(len(moved) + moved.shape[1], [(numbers, len(moved) + points)])
    classes: dict[int, list[int]] = {}
    for number in np.flatnonzero(moved.any(axis=1)).tolist():
        classes.setdefault(int(labels[number]), []).append(number)
    return list(classes.values())


def on_moved_points(generators: Sequence[Indices]) -> list[Indices]:
    """The generators on the points that any of them moves, renumbered in order.

    >>> [g.tolist() for g in on_moved_points([np.array([0, 2, 1, 3])])]
    [[1, 0]]
    """
    points = np.flatnonzero(np.any([g != np.arange(len(g)) for g in generators], axis=0))
    return [np.searchsorted(points, g[points]).astype(np.intp) for g in generators]
