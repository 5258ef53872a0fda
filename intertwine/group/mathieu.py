"""The Mathieu groups on their natural points: the sporadic multiply transitive groups.

Generators: M11 and M23 contain i -> i + 1 on their 11 and 23 points (E. Mathieu 1861, 1873); all
pairs are those of GAP's library of primitive groups, counted from 0.  Orders and transitivity:
Conway et al., Atlas of Finite Groups, 1985.
"""

from __future__ import annotations

from intertwine.errors import SpecError, shown
from intertwine.group.group import Group, GSet
from intertwine.group.permutation import SignedPermutation

_ORDERS = {11: 7920, 12: 95040, 22: 443520, 23: 10200960, 24: 244823040}
_TRANSITIVITY = {11: 4, 12: 5, 22: 3, 23: 4, 24: 5}
_GENERATORS: dict[int, tuple[tuple[int, ...], ...]] = {
    11: (
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0),
        (0, 1, 6, 9, 5, 3, 10, 2, 8, 4, 7),
    ),
    12: (
        (2, 3, 6, 7, 11, 8, 1, 5, 0, 4, 9, 10),
        (6, 1, 10, 11, 4, 0, 7, 5, 8, 9, 3, 2),
    ),
    22: (
        (14, 10, 5, 13, 21, 12, 16, 19, 1, 7, 9, 8, 0, 6, 4, 17, 18, 3, 15, 11, 20, 2),
        (19, 7, 13, 20, 10, 1, 11, 14, 5, 2, 17, 3, 6, 18, 16, 21, 0, 8, 12, 4, 15, 9),
    ),
    23: (
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 0),
        (0, 1, 16, 12, 3, 5, 8, 17, 2, 6, 11, 22, 13, 18, 19, 14, 9, 10, 4, 21, 15, 20, 7),
    ),
    24: (
        (10, 15, 13, 16, 12, 7, 4, 17, 11, 9, 18, 20, 5, 6, 1, 3, 8, 0, 2, 14, 23, 19, 22, 21),
        (16, 21, 7, 8, 0, 3, 18, 19, 14, 2, 9, 1, 5, 11, 6, 13, 12, 15, 22, 17, 20, 10, 4, 23),
    ),
}


def mathieu(n: int) -> Group:
    """M_n on n points, for n = 11, 12, 22, 23 or 24, from two generators.

    >>> print(mathieu(24), mathieu(24).order, mathieu(24).transitivity)
    M_24 244823040 5
    """
    if not isinstance(n, int) or n not in _GENERATORS:
        raise SpecError(f"mathieu: {shown(n)}", "11, 12, 22, 23 or 24", "choose one")
    images = tuple(SignedPermutation.of(generator) for generator in _GENERATORS[n])
    return Group(
        f"M_{n}",
        ("a", "b"),
        {"points": GSet("points", (n,), lambda: images)},
        natural="points",
        order_formula=lambda: _ORDERS[n],
        closed_transitivity=_TRANSITIVITY[n],
    )
