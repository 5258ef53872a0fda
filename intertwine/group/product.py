"""Direct products, and wreath products in their two actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

import numpy as np

from intertwine.errors import SpecError, TooLargeError
from intertwine.group.chain import StabilizerChain
from intertwine.group.group import Group, GSet
from intertwine.group.orbit import orbit_labels, orbit_transversal
from intertwine.group.permutation import Indices, SignedPermutation

# Beyond these many coordinates tuples have one axis, and beyond the second they are not offered:
# there are at least 2^1000 of them.
_MOST_AXES = 32
_MOST_COORDINATES = 1000
_MOST_ORDER_BITS = 1 << 25


def direct_product(factors: Mapping[str, Group]) -> Group:
    """The group of tuples with one element a factor; its generators are the factors', in turn.

    It declares no sets of its own: actions name a factor's, such as `users` or `users.points`.

    >>> from intertwine.group.named import symmetric
    >>> group = direct_product({"users": symmetric(3), "movies": symmetric(4)})
    >>> print(group, group.order, group.generators)
    S_3 x S_4 144 ('users.swap', 'users.shift', 'movies.swap', 'movies.shift')
    """
    if not factors:
        raise SpecError("a product of no groups", "at least one factor", "name a group")
    closed = all(factor.order_formula is not None for factor in factors.values())
    return Group(
        " x ".join(_bracketed(factor) for factor in factors.values()),
        tuple(f"{name}.{g}" for name, factor in factors.items() for g in factor.generators),
        {},
        order_formula=(lambda: prod(f.order for f in factors.values())) if closed else None,
        factors=dict(factors),
    )


def wreath(base: Group, top: Group) -> Group:
    """The wreath product of two permutation groups: a copy of `base` a point of `top`.

    With `base` on a points and `top` on b points, `points` are the a b pairs (block j, x), number
    j a + x, where `top` moves the blocks (the imprimitive action).  `tuples` are the a^b rows
    (x_0, ..., x_(b-1)), row-major, where the j-th copy of `base` moves x_j and `top` moves the
    places (the product action).  Both groups act through their natural points.

    Raises:
        SpecError: a group without natural points, or with signs on them.

    >>> from intertwine.group.named import symmetric
    >>> group = wreath(symmetric(3), symmetric(4))
    >>> print(group, group.order, group.sets["points"].degree, group.sets["tuples"].shape)
    S_3 wr S_4 31104 12 (3, 3, 3, 3)
    """
    inner, outer = _natural(base, "base"), _natural(top, "top")
    a, b = inner.degree, outer.degree
    copied = _blocks(top, outer)
    copies = ["base"] if len(copied) == 1 else [f"base_{j}" for j in copied]
    names = (
        *(f"{copy}.{g}" for copy in copies for g in base.generators),
        *(f"top.{g}" for g in top.generators),
    )

    def listed(
        within: Callable[[Indices, int], Indices], across: Callable[[Indices], Indices]
    ) -> Callable[[], tuple[SignedPermutation, ...]]:
        return lambda: (
            *(SignedPermutation(within(g.images, j)) for j in copied for g in inner.images),
            *(SignedPermutation(across(t.images)) for t in outer.images),
        )

    def moved_point(image: Indices, block: int) -> Indices:
        points = np.arange(a * b, dtype=np.intp)
        points[block * a : (block + 1) * a] = block * a + image
        return points

    def moved_blocks(image: Indices) -> Indices:
        return (image[:, None] * a + np.arange(a, dtype=np.intp)).ravel()

    def moved_coordinate(image: Indices, place: int) -> Indices:
        columns = [np.arange(a, dtype=np.intp)] * b
        columns[place] = image
        return _row_major(columns, range(b), a)

    def moved_places(image: Indices) -> Indices:
        return _row_major([np.arange(a, dtype=np.intp)] * b, image.tolist(), a)

    sets = {"points": GSet("points", (a * b,), listed(moved_point, moved_blocks))}
    if b <= _MOST_COORDINATES:
        shape = (a,) * b if b <= _MOST_AXES else (a**b,)
        sets["tuples"] = GSet("tuples", shape, listed(moved_coordinate, moved_places))
    return Group(
        f"{_bracketed(base)} wr {_bracketed(top)}",
        names,
        sets,
        natural="points",
        order_formula=lambda: _wreath_order(base, top, b),
        closed_transitivity=1 if base.closed_transitivity and top.closed_transitivity else None,
        faithful_on=("points",),
        wreathed=(base, top),
    )


def _row_major(columns: list[Indices], places: range | list[int], a: int) -> Indices:
    """The image of each tuple, by number: entry x of place j becomes columns[j][x] at places[j]."""
    b = len(columns)
    image = np.zeros(1, dtype=np.intp)
    for column, place in zip(columns, places, strict=True):
        image = (image[:, None] + column * a ** (b - 1 - place)).ravel()
    return image


def _blocks(top: Group, outer: GSet) -> list[int]:
    """One point of each orbit of `top`: `top` carries these copies of the base to the others."""
    if outer.degree and (top.closed_transitivity or 0) >= 1:
        return [0]
    labels = orbit_labels([image.images for image in outer.images], outer.degree)
    return [int(point) for point in orbit_transversal(labels)]


def _natural(group: Group, role: str) -> GSet:
    if group.natural is None or group.sets[group.natural].signed:
        raise SpecError(
            f"{role}: {group}",
            "a group with natural points that it permutes without signs",
            "give a named group, or generators with permutations",
        )
    return group.sets[group.natural]


def _wreath_order(base: Group, top: Group, b: int) -> int:
    order = _natural_order(base)
    if b * order.bit_length() > _MOST_ORDER_BITS:
        raise TooLargeError(
            f"the order of a wreath product, {order.bit_length()} bits to the power {b}, passes "
            f"{_MOST_ORDER_BITS} bits; take a smaller base or fewer copies of it"
        )
    power: int = order**b
    return power * _natural_order(top)


def _natural_order(group: Group) -> int:
    """The order of the permutation group that `group` induces on its natural points."""
    natural = group.natural or ""
    if tuple(group.faithful_on or group.sets) == (natural,):
        return group.order
    gset = group.sets[natural]
    return StabilizerChain.of([g.images for g in gset.images], degree=gset.degree).order


def _bracketed(group: Group) -> str:
    return f"({group})" if " " in group.name and "(" not in group.name else group.name
