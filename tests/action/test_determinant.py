"""Determinants and vectors of groups with natural matrices, against floats and parities."""

import numpy as np
import pytest

from intertwine.action.action import SetAction
from intertwine.action.determinant import Determinant, other_signs
from intertwine.action.lifted import Lifted
from intertwine.action.sign import Sign
from intertwine.action.tuples import ExteriorPower
from intertwine.errors import SpecError
from intertwine.group.grid import grid
from intertwine.group.group import Group
from intertwine.group.named import alternating, cyclic, dihedral, hyperoctahedral, symmetric
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product
from intertwine.pipeline import count, solve
from intertwine.spec.representations import named_action
from tests.action.samples import dense
from tests.oracle import rounded

NATURAL = [
    *(family(n) for family in (cyclic, dihedral) for n in range(1, 9)),
    *map(hyperoctahedral, (1, 2, 3, 4)),
    *(polyhedron(name, mirrored) for name in ("tetrahedron", "cube", "icosahedron")
      for mirrored in (False, True)),
    grid((3, 4), "pmm"), grid((4, 4), "p4m"), grid((2, 3, 4)), grid((1, 1), "p4"),
]  # fmt: skip
every = pytest.mark.parametrize("group", NATURAL, ids=str)


@every
def test_the_determinant_is_that_of_the_vectors(group):
    matrices = [matrix.real() for matrix in group.vectors.matrices]
    expected = [round(np.linalg.det(matrix)) for matrix in matrices]
    determinant = Determinant(group)
    assert [g.trace() for g in determinant.generators] == expected
    assert determinant.signed == (-1 in expected)
    assert determinant.shape == (1,)


@every
def test_vectors_and_pseudovectors_are_these_matrices(group):
    matrices = [matrix.real() for matrix in group.vectors.matrices]
    for name, power in (("vector", 0), ("pseudovector", 1)):
        action = named_action(group, name)
        assert action.dimension == group.vectors.dimension
        assert len(matrices) == len(group.generators)
        found = rounded(action) if group.generators else []
        for matrix, own in zip(matrices, found, strict=True):
            np.testing.assert_allclose(own, matrix * np.linalg.det(matrix) ** power, atol=1e-12)


def test_in_space_a_pseudovector_is_an_exterior_square():
    """A cross product: dim Hom(wedge of two vectors, pseudovector) = 1, and 0 to vectors."""
    for group in ({"polyhedron": {"name": "cube", "reflections": True}}, {"hyperoctahedral": 3}):
        spec = {"name": "cross", "group": group, "input": {"exterior_power": ["vector", 2]}}
        assert count({**spec, "output": "pseudovector"}).dimension == 1
        assert count({**spec, "output": "vector"}).dimension == 0


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_the_determinant_of_signed_axes_is_their_top_exterior_power(n):
    group = hyperoctahedral(n)
    top = ExteriorPower(group, SetAction(group, "axes"), n)
    expected = [dense(g).item() for g in top.generators]
    assert [dense(g).item() for g in Determinant(group).generators] == expected


def test_of_many_axes_no_matrix_is_made():
    group = hyperoctahedral(2000)
    assert [g.trace() for g in Determinant(group).generators] == [-1, -1, -1]
    assert named_action(group, "vector").dimension == 2000


def test_where_sign_and_determinant_differ():
    """On corners a turn by 1/n is a cycle of n; a mirror swaps about half of them."""
    different = [n for n in range(1, 20) if other_signs([Sign(dihedral(n))])]
    turns = [(-1) ** (n - 1) for n in range(20)]
    mirrors = [(-1) ** ((n - 1) // 2) for n in range(20)]
    assert different == [n for n in range(1, 20) if (turns[n], mirrors[n]) != (1, -1)]
    assert not other_signs([Sign(symmetric(5)), Sign(alternating(5)), Determinant(dihedral(4))])
    assert not other_signs([Sign(polyhedron("tetrahedron", True))])
    assert "vertices of O_h" in other_signs([Sign(polyhedron("cube", True))])
    assert "points of B_2" in other_signs([Sign(hyperoctahedral(2))])
    assert not other_signs([Sign(hyperoctahedral(1))])


def test_a_factor_is_named_in_the_note():
    inner = direct_product({"square": dihedral(4)})
    outer = direct_product({"inside": inner, "beside": symmetric(3)})
    lifted = Lifted(outer, "inside", Lifted(inner, "square", Sign(inner.factors["square"])))
    note = other_signs([lifted])
    assert note.startswith("inside.square.sign is")
    assert note.endswith("`inside.square.determinant`")


@pytest.mark.parametrize("group", [symmetric(4), alternating(4), Group("<a>", ("a",), {})], ids=str)
def test_without_natural_matrices_there_is_none(group):
    with pytest.raises(SpecError, match="signed_permutations"):
        Determinant(group)


# Counted by hand: two maps between planes of one irreducible representation of complex type, one
# of real type; none between a vector and a pseudovector where a mirror tells them apart in space.
PAIRS = {
    "turns cannot tell": ({"cyclic": 5}, "vector", "pseudovector", 2),
    "in the plane a quarter turn between": ({"dihedral": 5}, "vector", "pseudovector", 1),
    "an inversion can": ({"hyperoctahedral": 3}, "vector", "pseudovector", 0),
    "a plain swap is no sign": (
        {"generators": {"a": "(0 1)"}},
        {"subsets": [{"matrices": {"a": [[0, 1], [1, 0]]}}, 1]}, "points", 2),
    "an even sign is trivial": ({"alternating": 5}, {"subsets": ["sign", 1]}, "trivial", 1),
    "signs that are all plus": (
        {"generators": ["a"]}, {"injections": [{"signed_permutations": {"a": [2, 1, 3]}}, 2]},
        "trivial", 3),
}  # fmt: skip


@pytest.mark.parametrize("case", PAIRS)
def test_vectors_and_signs_in_specs(case):
    group, source, target, dimension = PAIRS[case]
    space = solve({"name": "pair", "group": group, "input": source, "output": target})
    assert space.dimension == dimension == space.certificate.second.value
