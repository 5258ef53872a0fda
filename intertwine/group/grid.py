"""Wallpaper groups of a periodic grid, on its pixels and on its poses.

The group is the semidirect product of the translations Z_n1 x ... x Z_nd with a point group of
integer matrices: (s, B)(t, A) = (s + B t, B A).  `pixels` are the cosets of the point group,
(s, B): t -> s + B t; `poses` are the elements themselves under left multiplication, which is where
the layers of a group convolution live (Cohen and Welling 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from intertwine.errors import SpecError, shown
from intertwine.group.group import Group, GSet, Vectors
from intertwine.group.permutation import Indices, SignedPermutation

if TYPE_CHECKING:
    from intertwine.algebra.matrix import ExactMatrix

Matrix = tuple[tuple[int, ...], ...]
Motion = tuple[tuple[int, ...], Matrix]

_QUARTER: Matrix = ((0, -1), (1, 0))
_REFLECTION: Matrix = ((1, 0), (0, -1))
# The order of the point group's rotations, and whether it has reflections.
_POINT_GROUPS = {
    "p1": (1, False),
    "p2": (2, False),
    "p4": (4, False),
    "pm": (1, True),
    "pmm": (2, True),
    "p4m": (4, True),
}


def grid(shape: Sequence[int], symmetry: str = "p1") -> Group:
    """The group `symmetry` of the periodic grid of this shape, on `pixels` and on `poses`.

    `poses` have shape `(order of the point group, *shape)`.  The elements of the point group are
    numbered as rotations R^0, R^1, ..., then reflections R^0 M, R^1 M, ... where a quarter turn is
    (x, y) -> (-y, x) and M is (x, y) -> (x, -y).

    Args:
        shape: the grid's axes; two of them unless the symmetry is p1.
        symmetry: p1, p2, pm, pmm, p4 or p4m.

    Raises:
        SpecError: no such symmetry, or the shape does not have it.

    >>> group = grid([8, 8], "p4m")
    >>> print(group, group.order, group.sets["poses"].shape)
    p4m(8 x 8) 512 (8, 8, 8)
    """
    axes = _checked(shape, symmetry)
    turns, reflected = _POINT_GROUPS[symmetry]
    identity = _identity(len(axes))
    turn = {1: identity, 2: _product(_QUARTER, _QUARTER), 4: _QUARTER}[turns]
    points = _point_group(turn, turns, reflected)
    motions: dict[str, Motion] = {f"shift_{i}": (row, identity) for i, row in enumerate(identity)}
    origin = (0,) * len(axes)
    if turns > 1:
        motions["rotation"] = (origin, turn)
    if reflected:
        motions["reflection"] = (origin, _REFLECTION)
    sets = {
        "pixels": GSet(
            "pixels", axes, lambda: tuple(_on_pixels(m, axes) for m in motions.values())
        ),
        "poses": GSet(
            "poses",
            (len(points), *axes),
            lambda: tuple(_on_poses(m, axes, points) for m in motions.values()),
        ),
    }
    faithful = all(point == identity or not _trivial_on(point, axes) for point in points)
    return Group(
        f"{symmetry}({' x '.join(map(str, axes))})",
        tuple(motions),
        sets,
        natural="pixels",
        order_formula=lambda: len(points) * prod(axes),
        closed_transitivity=1,
        faithful_on=("pixels" if faithful else "poses",),
        vectors=Vectors(len(axes), lambda: _linear_parts(list(motions.values()))),
    )


def _linear_parts(motions: Sequence[Motion]) -> tuple[ExactMatrix, ...]:
    """How the motions act on directions, where translations do nothing."""
    from intertwine.algebra.matrix import ExactMatrix

    return tuple(ExactMatrix.integral(matrix) for _, matrix in motions)


def _checked(shape: Sequence[int], symmetry: str) -> tuple[int, ...]:
    if symmetry not in _POINT_GROUPS:
        raise SpecError(
            f"symmetry: {shown(symmetry)}", f"one of {', '.join(_POINT_GROUPS)}", "choose one"
        )
    lengths = list(shape) if isinstance(shape, list | tuple) else []
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in lengths)
    if not lengths or not whole or min(lengths) < 1:
        raise SpecError(
            f"shape: {shown(shape)}", "a list of positive integers", "write one length an axis"
        )
    if symmetry != "p1" and len(lengths) != 2:
        raise SpecError(
            f"shape: {shown(shape)} with symmetry {symmetry}",
            "two axes",
            "p1 alone is defined in any number of dimensions",
        )
    if symmetry in ("p4", "p4m") and lengths[0] != lengths[1]:
        raise SpecError(
            f"shape: {shown(shape)} with symmetry {symmetry}",
            "a square, which a quarter turn keeps",
            "make both axes equal, or take symmetry p2, pm or pmm",
        )
    return tuple(int(n) for n in lengths)


def _point_group(turn: Matrix, turns: int, reflected: bool) -> tuple[Matrix, ...]:
    rotations = [_identity(len(turn))]
    while len(rotations) < turns:
        rotations.append(_product(turn, rotations[-1]))
    mirrors = [_product(rotation, _REFLECTION) for rotation in rotations] if reflected else []
    return (*rotations, *mirrors)


def _on_pixels(motion: Motion, axes: tuple[int, ...]) -> SignedPermutation:
    """The map t -> s + B t, modulo the shape, on row-major pixel numbers."""
    shift, matrix = motion
    places = np.indices(axes, dtype=np.intp).reshape(len(axes), -1)
    image: Indices = np.zeros(places.shape[1], dtype=np.intp)
    for length, offset, row in zip(axes, shift, matrix, strict=True):
        moved = offset + sum(entry * place for entry, place in zip(row, places, strict=True))
        image = image * length + moved % length
    return SignedPermutation(image)


def _on_poses(
    motion: Motion, axes: tuple[int, ...], points: tuple[Matrix, ...]
) -> SignedPermutation:
    """(A, t) -> (B A, s + B t): each element of the point group carries one copy of the pixels."""
    copies = [points.index(_product(motion[1], point)) for point in points]
    pixels = _on_pixels(motion, axes).images
    offsets = np.array(copies, dtype=np.intp)[:, None] * len(pixels)
    return SignedPermutation((offsets + pixels).ravel())


def _trivial_on(matrix: Matrix, axes: tuple[int, ...]) -> bool:
    """Whether the matrix fixes every pixel: it is the identity modulo the shape."""
    return all(
        columns == 1 or (entry - (i == j)) % rows == 0
        for i, (rows, row) in enumerate(zip(axes, matrix, strict=True))
        for j, (columns, entry) in enumerate(zip(axes, row, strict=True))
    )


def _identity(dimension: int) -> Matrix:
    return tuple(tuple(int(i == j) for j in range(dimension)) for i in range(dimension))


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns)
        for row in left
    )
