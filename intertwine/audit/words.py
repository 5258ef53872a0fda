"""Entries of a matrix by the names that a user has for them."""

from __future__ import annotations

import numpy as np

from intertwine.action.action import Action
from intertwine.action.structure import fields_of


def field_at(action: Action, point: int) -> tuple[str, Action, int]:
    """The field that a point belongs to, if there are fields, and its number there."""
    for name, member in fields_of(action).items():
        if point < member.dimension:
            return name, member, point
        point -= member.dimension
    return "", action, point


def entry(action: Action, point: int) -> str:
    """A point by its field and its index on every axis.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> from intertwine.action.structure import Sum, power
    >>> points = SetAction(symmetric(3), "points")
    >>> entry(Sum(points.group, (points, power(points, 2)), ("node", "edge")), 4)
    'edge[0, 1]'
    """
    name, member, place = field_at(action, point)
    return f"{name}{[int(i) for i in np.unravel_index(place, member.shape)]}"
