"""How maps are named in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DIAGRAMS = "o: output axis, i: input axis, =: equal, |: different"
ENTRIES = "its first entry, output <- input, and how many it has"


def point(number: int, shape: Sequence[int]) -> str:
    """A point by its index on every axis.

    >>> point(5, (3, 4)), point(5, (12,))
    ('(1, 1)', '5')
    """
    if len(shape) == 1:
        return str(number)
    return "(" + ", ".join(str(int(i)) for i in np.unravel_index(number, shape)) + ")"
