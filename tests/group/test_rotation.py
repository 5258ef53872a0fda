"""Orthogonal representations: relations, determinants and orders, exactly."""

from fractions import Fraction
from functools import reduce
from itertools import permutations

import numpy as np
import pytest

from intertwine.action.matrices import Matrices
from intertwine.action.order import joint_order
from intertwine.algebra.field import RealField
from intertwine.algebra.matrix import ExactMatrix
from intertwine.errors import TooLargeError
from intertwine.group.grid import grid
from intertwine.group.group import Group
from intertwine.group.named import alternating, cyclic, dihedral, hyperoctahedral, symmetric
from intertwine.group.polyhedron import _solid, polyhedron
from intertwine.group.product import direct_product
from intertwine.group.rotation import solid_vertices, turned

SOLIDS = ("tetrahedron", "cube", "octahedron", "dodecahedron", "icosahedron")
DUALS = {"cube": "octahedron", "dodecahedron": "icosahedron"}
# How many faces there are, and their corners.
FACES = {
    "tetrahedron": (4, 3),
    "cube": (6, 4),
    "octahedron": (8, 3),
    "dodecahedron": (12, 5),
    "icosahedron": (20, 3),
}
GROUPS = [
    *(cyclic(n) for n in (2, 3, 4, 5, 6, 7, 8, 12)),
    *(dihedral(n) for n in (3, 4, 5, 6, 8, 10)),
    *(polyhedron(name, mirrored) for name in SOLIDS for mirrored in (False, True)),
]


def identity(size):
    return ExactMatrix.integral(np.eye(size, dtype=int))


def product(*matrices):
    return reduce(ExactMatrix.__mul__, matrices)


def power(matrix, exponent):
    return product(*[matrix] * exponent) if exponent else identity(matrix.dimension)


def transposed(matrix):
    return ExactMatrix(matrix.field, tuple(zip(*matrix.rows, strict=True)))


def determinant(matrix):
    """By the formula of Leibniz, exactly."""
    rows, total = matrix.rows, 0 * matrix.rows[0][0]
    for places in permutations(range(len(rows))):
        sign = round(np.linalg.det(np.eye(len(rows))[list(places)]))
        term = matrix.field.rational(sign)
        for row, place in zip(rows, places, strict=True):
            term = term * row[place]
        total = total + term
    return matrix.field.reduced(total)


def order(matrix, most=200):
    one, found = identity(matrix.dimension), matrix
    for exponent in range(1, most):
        if found == one:
            return exponent
        found = found * matrix
    raise AssertionError


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: f"{g} on {g.sets[g.natural].degree}")
def test_orthogonal_faithful_and_oriented(group):
    matrices = group.vectors.matrices
    assert len(matrices) == len(group.generators)
    assert len({m.field for m in matrices}) == 1
    images = group.sets[group.natural].images
    for name, matrix, image in zip(group.generators, matrices, images, strict=True):
        assert matrix * transposed(matrix) == identity(matrix.dimension)
        assert determinant(matrix) == (-1 if name == "reflection" else 1)
        assert order(matrix) == image.order()
    action = Matrices(group, matrices, "vector")
    assert joint_order(group, [action]) == group.order
    named = Group("G", group.generators, {})
    assert joint_order(named, [Matrices(named, matrices)]) == group.order


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("name", SOLIDS)
def test_solids_move_their_vertices_and_faces(name, mirrored):
    group = polyhedron(name, mirrored)
    field, places = solid_vertices(tuple(_solid(DUALS.get(name, name))), name in DUALS)
    assert field.degree == (2 if name in ("dodecahedron", "icosahedron") else 1)
    assert len({tuple(map(str, place)) for place in places}) == group.sets["vertices"].degree
    squares = {str(field.reduced(sum((x * x for x in p), 0 * p[0]))) for p in places}
    assert len(squares) == 1
    for matrix, image in zip(group.vectors.matrices, group.sets["vertices"].images, strict=True):
        table = ExactMatrix(field, tuple(zip(*places, strict=True)))
        moved = [places[v] for v in image.images.tolist()]
        assert matrix * table == ExactMatrix(field, tuple(zip(*moved, strict=True)))


@pytest.mark.parametrize("name", SOLIDS)
def test_faces_lie_in_planes_and_turn_anticlockwise(name):
    field, places = solid_vertices(tuple(_solid(DUALS.get(name, name))), name in DUALS)
    real = np.array([[field.real(x) for x in place] for place in places])
    faces = _solid(name)
    count, corners = FACES[name]
    assert [len(face) for face in faces] == [corners] * count
    for face in faces:
        points = real[list(face)]
        centre = points.mean(axis=0)
        heights = real @ centre
        assert set(np.flatnonzero(np.isclose(heights, heights.max()))) == set(face)
        assert np.linalg.det(points[:3]) > 0


def test_presentations():
    for n in (3, 5, 8):
        rotation, reflection = dihedral(n).vectors.matrices
        assert power(reflection * rotation, 2) == power(rotation, n) == identity(2)
        assert reflection == ExactMatrix.integral([[1, 0], [0, -1]])
    # The group of rotations is <f, e | f^p = e^2 = (f e)^q = 1> with q p-gons at each vertex.
    for name, p, q in (("tetrahedron", 3, 3), ("cube", 4, 3), ("icosahedron", 3, 5)):
        face_turn, edge_turn, reflection = polyhedron(name).vectors.matrices
        assert order(face_turn) == p
        assert order(face_turn * edge_turn) == q
        assert power(reflection, 2) == power(edge_turn, 2) == identity(3)


def test_small_cyclic_groups():
    assert cyclic(1).vectors.matrices == ()
    assert cyclic(2).vectors.matrices == (ExactMatrix.integral([[-1, 0], [0, -1]]),)
    assert cyclic(4).vectors.matrices == (ExactMatrix.integral([[0, -1], [1, 0]]),)
    assert power(turned(Fraction(1, 12)), 3) == turned(Fraction(1, 4))
    assert turned(Fraction(-1, 5)) * turned(Fraction(6, 5)) == identity(2)


def test_fields_are_small():
    assert {m.field for m in polyhedron("icosahedron").vectors.matrices} == {RealField(5)}
    for name in ("tetrahedron", "cube", "octahedron"):
        assert all(m.rational for m in polyhedron(name).vectors.matrices)


@pytest.mark.parametrize(
    ("shape", "symmetry", "expected"),
    [
        ([4], "p1", [[[1]]]),
        ([2, 3, 4], "p1", [np.eye(3)] * 3),
        ([4, 6], "p2", [np.eye(2), np.eye(2), [[-1, 0], [0, -1]]]),
        ([4, 6], "pm", [np.eye(2), np.eye(2), [[1, 0], [0, -1]]]),
        ([5, 5], "p4", [np.eye(2), np.eye(2), [[0, -1], [1, 0]]]),
        ([4, 6], "pmm", [np.eye(2), np.eye(2), [[-1, 0], [0, -1]], [[1, 0], [0, -1]]]),
        ([2, 2], "p4m", [np.eye(2), np.eye(2), [[0, -1], [1, 0]], [[1, 0], [0, -1]]]),
    ],
)
def test_grids(shape, symmetry, expected):
    group = grid(shape, symmetry)
    matrices = group.vectors.matrices
    assert [m.real().tolist() for m in matrices] == [np.asarray(e).tolist() for e in expected]
    # The point group is a quotient of the group: it adds no element to it.
    assert joint_order(group, [Matrices(group, matrices)]) == group.order


def test_too_large_a_field():
    with pytest.raises(TooLargeError, match="1/1009"):
        _ = cyclic(1009).vectors.matrices
    with pytest.raises(TooLargeError):
        _ = dihedral(10**30).vectors.matrices


def test_families():
    assert symmetric(5).family == ("symmetric", 5)
    assert alternating(5).family == ("alternating", 5)
    assert cyclic(5).family == ("cyclic", 5)
    assert dihedral(5).family == ("dihedral", 5)
    assert hyperoctahedral(5).family == ("hyperoctahedral", 5)
    assert polyhedron("cube").family is None
    for group in (symmetric(5), direct_product({"a": cyclic(3), "b": cyclic(3)})):
        assert group.vectors is None
