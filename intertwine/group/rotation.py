"""The orthogonal groups that named groups come from: exact matrices, one a generator.

C_n and D_n turn the plane, the groups of the regular solids act on space, and the point group of a
grid on its axes, where translations do nothing.  Rotations have determinant 1, reflections -1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations

from intertwine.algebra.field import Element, RealField, conductor_of_cosine, is_small, joined
from intertwine.algebra.matrix import ExactMatrix
from intertwine.errors import TooLargeError, shown

Vector = tuple[Element, ...]
Face = tuple[int, ...]
# The cosines of 0, 1, 2 and 3 quarter turns.
_QUARTERS = (1, 0, -1, 0)


def cyclic_rotation(n: int) -> tuple[ExactMatrix, ...]:
    """The generator of C_n turns the plane by 2 pi / n; C_1 has no generator.

    >>> print(cyclic_rotation(4)[0].real().tolist())
    [[0.0, -1.0], [1.0, 0.0]]
    """
    return (turned(Fraction(1, n)),) if n > 1 else ()


def dihedral_rotation(n: int) -> tuple[ExactMatrix, ...]:
    """On the n-gon whose vertex i is at the angle 2 pi i / n, so that i -> -i is diag(1, -1).

    >>> print([matrix.real().round(3).tolist() for matrix in dihedral_rotation(6)])
    [[[0.5, -0.866], [0.866, 0.5]], [[1.0, 0.0], [0.0, -1.0]]]
    """
    return dihedral_turned(Fraction(1, n))


def dihedral_turned(turn: Fraction) -> tuple[ExactMatrix, ExactMatrix]:
    """The rotation of the plane by 2 pi turn, and diag(1, -1) over the same field."""
    rotation = turned(turn)
    mirror = ExactMatrix.integral([[1, 0], [0, -1]])
    return rotation, ExactMatrix(rotation.field, mirror.rows)


def turned(turn: Fraction) -> ExactMatrix:
    """The rotation of the plane by 2 pi turn, over the least field that has it.

    Raises:
        TooLargeError: that field's degree over the rationals is too large to compute in.

    >>> turned(Fraction(1, 8)) * turned(Fraction(1, 8)) == turned(Fraction(1, 4))
    True
    """
    turn %= 1
    if 4 % turn.denominator == 0:
        quarters = int(4 * turn)
        cosine, sine = _QUARTERS[quarters], _QUARTERS[quarters - 1]
        return ExactMatrix.integral([[cosine, -sine], [sine, cosine]])
    late = turn - Fraction(1, 4)
    conductor = joined(conductor_of_cosine(turn), conductor_of_cosine(late))
    if not is_small(conductor):
        raise TooLargeError(
            f"the rotation by 1/{shown(turn.denominator)} of a turn lies in too large a field: "
            "divide the circle into fewer parts"
        )
    field = RealField(conductor)
    x, y = field.cosine(turn), field.cosine(late)
    return ExactMatrix(field, ((x, -y), (y, x)))


def solid_rotation(
    triangles: Sequence[Face], dual: bool, symmetries: Sequence[Mapping[int, int]]
) -> tuple[ExactMatrix, ...]:
    """The matrices by which symmetries of a regular solid, given on its vertices, move space.

    The solid has these triangles for faces, each anticlockwise seen from outside; or, where `dual`,
    its vertices are those of the dual solid: the sums of each triangle's corners.

    >>> octahedron = [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 1)]
    >>> octahedron += [(5, 2, 1), (5, 3, 2), (5, 4, 3), (5, 1, 4)]
    >>> turn = {0: 1, 1: 2, 2: 0, 3: 5, 4: 3, 5: 4}
    >>> solid_rotation(octahedron, False, [turn])[0].real().tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    field, corners = solid_vertices(tuple(triangles), dual)
    base, inverse = next(
        (places, found)
        for places in combinations(range(len(corners)), 3)
        if (found := _inverse(field, [corners[v] for v in places])) is not None
    )
    return tuple(
        _columns(field, [corners[symmetry[v]] for v in base]) * inverse for symmetry in symmetries
    )


@cache
def solid_vertices(
    triangles: tuple[Face, ...], dual: bool = False
) -> tuple[RealField, list[Vector]]:
    """The field of a solid's coordinates and the place of every vertex, by a walk over its faces.

    Two faces (a, b, c) and (b, a, d) that share an edge satisfy c + d = 2 cos(2 pi / q) (a + b)
    where q faces meet at each vertex.

    >>> tetrahedron = ((0, 1, 2), (0, 2, 3), (0, 3, 1), (3, 2, 1))
    >>> [[int(x(0)) for x in place] for place in solid_vertices(tetrahedron)[1]]
    [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    """
    around = sum(0 in face for face in triangles)
    field, step, start = _start(around)
    place = dict(zip(triangles[0], start, strict=True))
    opposite = {(face[k - 2], face[k - 1]): face[k] for face in triangles for k in range(3)}
    queue = [triangles[0]]
    while queue:
        face = queue.pop()
        for k in range(3):
            a, b, c = face[k - 2], face[k - 1], face[k]
            d = opposite[b, a]
            if d not in place:
                both = zip(place[a], place[b], place[c], strict=True)
                place[d] = tuple(field.reduced(step * (x + y) - z) for x, y, z in both)
                queue.append((b, a, d))
    corners = [place[v] for v in range(len(place))]
    if not dual:
        return field, corners
    centres = [
        tuple(sum(entries[1:], entries[0]) for entries in zip(*(place[v] for v in f), strict=True))
        for f in triangles
    ]
    return field, centres


def _start(around: int) -> tuple[RealField, Element, list[Vector]]:
    """The field, 2 cos(2 pi / around) and the corners of the first face, anticlockwise."""
    field = RealField(5 if around == 5 else 1)
    zero, one = field.rational(0), field.rational(1)
    if around == 3:
        return field, -one, [(one, one, one), (one, -one, -one), (-one, one, -one)]
    if around == 4:
        return field, zero, [(zero, zero, one), (one, zero, zero), (zero, one, zero)]
    phi = 2 * field.cosine(Fraction(1, 10))
    return field, phi - one, [(zero, one, phi), (zero, -one, phi), (phi, zero, one)]


def _columns(field: RealField, vectors: Sequence[Vector]) -> ExactMatrix:
    return ExactMatrix(field, tuple(zip(*vectors, strict=True)))


def _inverse(field: RealField, vectors: Sequence[Vector]) -> ExactMatrix | None:
    """The inverse of the matrix with these three columns, by cross products; None where singular.

    The row by which to read off the coefficient of a is (b x c) / (a, b x c).
    """
    a, b, c = vectors
    rows = [_cross(b, c), _cross(c, a), _cross(a, b)]
    volume = field.reduced(sum((x * y for x, y in zip(a, rows[0], strict=True)), 0 * a[0]))
    if not volume:
        return None
    scale = field.inverse(volume)
    return ExactMatrix(field, tuple(tuple(field.reduced(scale * x) for x in row) for row in rows))


def _cross(a: Vector, b: Vector) -> Vector:
    return tuple(a[k - 2] * b[k - 1] - a[k - 1] * b[k - 2] for k in range(3))
