"""The rule of fibres: dimensions of the literature, laws of Hom, and every basis as it is said."""

from itertools import combinations_with_replacement
from math import gcd

import numpy as np
import pytest
from hypothesis import given, settings

from intertwine.action.action import SetAction, Trivial
from intertwine.action.dual import Dual
from intertwine.action.element import AtomUnion
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.induced import Induced
from intertwine.action.irreps import irrep, irreps
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Subsets, SymmetricPower
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS
from intertwine.errors import SpecError
from intertwine.group.group import Group
from intertwine.group.named import cyclic, dihedral
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.hom.commute import stack_defect
from intertwine.hom.fibre import Fibred
from intertwine.hom.rules import dimension
from intertwine.hom.space import IntertwinerSpace
from tests import oracle
from tests.action.samples import declared, points
from tests.action.test_matrices import (
    ACTIONS,
    C5,
    D5,
    D6,
    HALVES,
    HEXAGONAL,
    ICOSAHEDRON,
    INDUCED,
    KLEIN_FOUR,
    Q8,
    S3,
    S4,
    S5,
    SIGNS,
    SKEW,
    TURNED,
    listed,
    natural,
)
from tests.catalogue import built, smaller_than, solved
from tests.solved import solved as spec_solved

V4, V5 = Standard(S4, points(S4)), Standard(S5, points(S5))
SPACE, FACES = natural(ICOSAHEDRON), SetAction(ICOSAHEDRON, "faces")
VERTICES = SetAction(ICOSAHEDRON, "vertices")
CUBE = polyhedron("cube")
BOX = natural(CUBE)
TETRA = polyhedron("tetrahedron")
CORNER = natural(TETRA)
PAIRS5 = Subsets(S5, points(S5), 2)
KOSTKA = {(5,): 1, (4, 1): 1, (3, 2): 1, (3, 1, 1): 0, (2, 2, 1): 0, (2, 1, 1, 1): 0}

# Source, target, and the dimension, with where it comes from.
KNOWN = {
    "Schur": (V4, V4, 1),
    "V (x) V = 1 + V + W + wedge (Fulton and Harris 4.19)": (power(V5, 2), power(V5, 2), 4),
    "its constants": (power(V5, 2), Trivial(S5), 1),
    "Sym^2 V = 1 + V + W": (SymmetricPower(S5, V5, 2), SymmetricPower(S5, V5, 2), 3),
    "wedge^2 V is irreducible": (ExteriorPower(S5, V5, 2), ExteriorPower(S5, V5, 2), 1),
    "wedge^4 V is the sign": (ExteriorPower(S5, V5, 4), Sign(S5), 1),
    "sign (x) [3, 2] is [2, 2, 1] (James 6.7)":
        (Tensor(S5, (Sign(S5), irrep(S5, [3, 2]))), irrep(S5, [2, 2, 1]), 1),
    "points are 1 + V": (points(S5), V5, 1),
    "quaternions (Frobenius)": (Q8, Q8, 4),
    "turns commute with turns": (irrep(C5, 1), irrep(C5, 1), 2),
    "different turns do not": (irrep(C5, 1), irrep(C5, 2), 0),
    "C_5 on its points is 1 + two planes": (points(C5), Standard(C5, points(C5)), 4),
    "plane of D_5": (natural(D5), natural(D5), 1),
    "one plane in the corners of a pentagon": (points(D5), natural(D5), 1),
    "lattices of one hexagon": (HEXAGONAL, HALVES, 1),
    "a lattice and its plane": (HALVES, natural(D6), 1),
    "skew reflection is 1 - 1": (SKEW, SKEW, 2),
    "vertices are 1 + 3 + 3' + 5 (ATLAS, A_5)": (VERTICES, SPACE, 1),
    "faces are 1 + 3 + 3' + 2.4 + 5": (FACES, SPACE, 1),
    "wedge^2 of space is space": (ExteriorPower(ICOSAHEDRON, SPACE, 2), SPACE, 1),
    "Sym^2 of space is 1 + 5": (SymmetricPower(ICOSAHEDRON, SPACE, 2), VERTICES, 2),
    "elasticity of a cubic crystal (Nye)":
        (SymmetricPower(CUBE, SymmetricPower(CUBE, BOX, 2), 2), Trivial(CUBE), 3),
    "piezoelectricity of a cube (Nye)":
        (Tensor(CUBE, (BOX, SymmetricPower(CUBE, BOX, 2))), Trivial(CUBE), 0),
    "piezoelectricity of a tetrahedron (Nye)":
        (Tensor(TETRA, (CORNER, SymmetricPower(TETRA, CORNER, 2))), Trivial(TETRA), 1),
    "Frobenius: C_3 turns both planes, which have 2 maps": (TURNED, points(S4), 2),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_dimensions_are_those_of_the_literature(name):
    source, target, expected = KNOWN[name]
    space = IntertwinerSpace(source, target)
    assert space.dimension == dimension(source, target) == expected
    assert Fibred.between(source, target).dimension == expected
    assert dimension(target, source) == expected
    assert space.verify().second.value == expected


SOLVED = {
    **{name: (source, target) for name, (source, target, _) in KNOWN.items()},
    **{f"{name}, to itself": (a, a) for name, a in ACTIONS.items() if a.dimension <= 16},
    "halves": (Dual(D6, HALVES), power(HALVES, 3)),
    "halves to the plane": (power(HALVES, 2), power(natural(D6), 2)),
    "induced to points": (INDUCED, power(points(S4), 2)),
    "signs to induced": (SIGNS, INDUCED),
}
SMALL = [name for name, (s, t) in SOLVED.items() if s.dimension * t.dimension <= 150]
EMPTY = ["different turns do not", "piezoelectricity of a cube (Nye)"]
# Two equal points have no wedge of two: a fibre of dimension 0.
WITHOUT_FIBRE = "exterior square of an induced, to itself"


@pytest.mark.parametrize("name", SMALL)
def test_dimensions_are_exact_nullities_and_ranks_of_averages(name):
    source, target = SOLVED[name]
    found = Fibred.between(source, target).dimension
    assert found == oracle.matrix_nullspace(source, target)
    projection, _ = oracle.averaging(source, target)
    assert found == np.linalg.matrix_rank(projection, tol=1e-6)


@pytest.mark.parametrize("name", [name for name in SOLVED if name != WITHOUT_FIBRE])
def test_every_element_of_every_basis_commutes(name):
    source, target = SOLVED[name]
    basis = Fibred.between(source, target)
    space = IntertwinerSpace(source, target, "fibres")
    elements = [element.toarray() for element in space.basis()]
    assert len(elements) == space.dimension == basis.dimension
    for element in elements:
        assert space.residual(element) < 1e-10
    if basis.rational:
        stack = space.found.stack.toarray()
        assert np.issubdtype(stack.dtype, np.integer) or not basis.dimension
        assert all(gcd(*row.tolist()) == 1 for row in stack)
        assert np.linalg.matrix_rank(stack) == basis.dimension
        for element in elements:
            assert space.residual(element) == 0 or target.denominator * source.denominator > 1
        assert not basis.dimension or stack_defect(basis, source, target) == 0
    else:
        stack = basis.stack.toarray()
        assert np.abs(stack @ stack.T - np.eye(basis.dimension)).max(initial=0) < 1e-10


@pytest.mark.parametrize("name", [name for name in SMALL if name not in EMPTY])
def test_projecting_is_averaging_where_matrices_are_orthogonal(name):
    """And where they are not, it is the nearest intertwiner all the same."""
    source, target = SOLVED[name]
    space = IntertwinerSpace(source, target)
    given = np.random.default_rng(0).standard_normal((target.dimension, source.dimension))
    nearest = space.project(given)
    assert space.residual(nearest) < 1e-10
    assert np.abs(space.project(nearest) - nearest).max() < 1e-10
    for element in space.basis():
        assert abs(((given - nearest) * element.toarray()).sum()) < 1e-9
    sides = [oracle.rounded(side) for side in (source, target)]
    orthogonal = all(np.allclose(m @ m.T, np.eye(len(m))) for side in sides for m in side)
    if orthogonal and not any("duced" in str(side) for side in (source, target)):
        projection, _ = oracle.averaging(source, target)
        assert np.abs(projection @ given.ravel() - nearest.ravel()).max() < 1e-10


@pytest.mark.parametrize("name", [name for name in SMALL if name not in EMPTY])
def test_coefficients_come_back(name):
    source, target = SOLVED[name]
    space = IntertwinerSpace(source, target)
    given = np.random.default_rng(1).standard_normal(space.dimension)
    matrix = space.expand(given)
    assert np.abs(space.coefficients(matrix) - given).max(initial=0) < 1e-10
    several = space.expand(np.stack([given, 2 * given], axis=1))
    assert np.allclose(several[..., 1], 2 * matrix)
    assert space.residual(np.ones(matrix.shape)) >= 0
    with pytest.raises(SpecError):
        space.coefficients(matrix[:, :-1])
    with pytest.raises(SpecError):
        space.expand(np.zeros(space.dimension + 1))


def test_a_space_of_matrices_has_no_labels():
    with pytest.raises(SpecError, match="where an action has matrices"):
        IntertwinerSpace(V4, V4).labels  # noqa: B018


@pytest.mark.parametrize("case", smaller_than(700), ids=str)
def test_the_rule_agrees_with_all_others_where_no_side_has_matrices(case):
    problem = built(case.name)
    found = IntertwinerSpace(problem.source, problem.target, "fibres")
    assert found.dimension == case.dimension
    assert np.array_equal(found.codes, solved(case.name).codes)


@settings(max_examples=80)
@given(declared())
def test_over_random_signed_groups_it_is_the_rule_of_signs(pair):
    source, target = pair
    found = IntertwinerSpace(source, target, "fibres")
    sides = oracle.signed(target), oracle.signed(source)
    expected = oracle.orbital_codes(*sides, target.dimension, source.dimension)
    assert np.array_equal(found.codes, expected)


@settings(max_examples=40)
@given(declared(count=3, most=4))
def test_dimensions_add_over_sums_of_anything(three):
    a, b, c = three
    both = Sum(a.group, (a, b))
    for one in (SymmetricPower(c.group, c, 2), c):
        parts = [Fibred.between(s, one).dimension for s in (a, b)]
        assert Fibred.between(both, one).dimension == sum(parts)
        assert Fibred.between(one, both).dimension == sum(parts)


LAWFUL = [V4, INDUCED, TURNED, SIGNS, points(S4), Sign(S4), irrep(S4, [2, 2]), Trivial(S4, 2)]


@pytest.mark.parametrize("a", LAWFUL, ids=str)
@pytest.mark.parametrize("b", LAWFUL, ids=str)
def test_hom_is_symmetric_additive_and_adjoint_to_tensors(a, b):
    found = Fibred.between(a, b).dimension
    assert Fibred.between(b, a).dimension == found
    for c in (V4, INDUCED):
        both = Sum(S4, (a, c))
        assert Fibred.between(both, b).dimension == found + Fibred.between(c, b).dimension
    product = Tensor(S4, (Dual(S4, a), b))
    assert Fibred.between(Trivial(S4), product).dimension == found
    moved = Fibred.between(Tensor(S4, (a, V4)), b).dimension
    assert moved == Fibred.between(a, Tensor(S4, (Dual(S4, V4), b))).dimension


@pytest.mark.parametrize("target", LAWFUL, ids=str)
def test_the_regular_action_holds_everything_by_its_dimension(target):
    assert dimension(Regular(S4), target) == target.dimension


TURN = SignedPermutation.of([1, 2, 0, 3])
FLAT = ExactMatrix.integral([[0, -1], [1, -1]])
SIGN = ExactMatrix.integral([[-1]])
FROBENIUS = {
    "a turn of C_3": ((TURN,), (FLAT,)),
    "points of C_3": ((TURN,), (ExactMatrix.integral([[0, 0, 1], [1, 0, 0], [0, 1, 0]]),)),
    "a sign of the Klein group": (KLEIN_FOUR, (SIGN, ExactMatrix.integral([[1]]))),
    "the standard one of S_3": (
        (TURN, SignedPermutation.of([1, 0, 2, 3])), (FLAT, ExactMatrix.integral([[0, 1], [1, 0]]))),
}  # fmt: skip


@pytest.mark.parametrize("name", FROBENIUS)
@pytest.mark.parametrize("target", [*LAWFUL, irrep(S4, [2, 1, 1])], ids=str)
def test_frobenius_reciprocity(name, target):
    """Hom_G(Ind U, W) = Hom_H(U, Res W), restricted by listing matrices of words for H."""
    subgroup, matrices = FROBENIUS[name]
    induced = Induced(S4, subgroup, matrices)
    small = Group("H", tuple("ab"[: len(subgroup)]), {})
    inner = listed(small, *[[[str(x(0)) for x in row] for row in m.rows] for m in matrices])
    restricted = _restricted(target, subgroup, small)
    assert Fibred.between(induced, target).dimension == _averaged(inner, restricted)


def _restricted(target, subgroup, small):
    """The rounded matrices of the subgroup's generators, each found among all of the group's."""
    union = AtomUnion([points(S4), target])
    known, queue = {}, [union.generators[0] * union.generators[0].inverse()]
    while queue:
        here = queue.pop()
        key = here.images[:4].tolist()
        if str(key) not in known:
            known[str(key)] = here
            queue += [g * here for g in union.generators]
    picked = [union.element(known[str(h.images.tolist())]) for h in subgroup]
    return [target.matrix(element, REALS).toarray() for element in picked]


def _averaged(inner, restricted):
    """The nullity of the stacked constraints, in floats."""
    rows = [
        np.kron(right, np.eye(inner.dimension)) - np.kron(np.eye(len(right)), left.T)
        for left, right in zip(oracle.rounded(inner), restricted, strict=True)
    ]
    stacked = np.concatenate(rows)
    return stacked.shape[1] - np.linalg.matrix_rank(stacked, tol=1e-6)


@pytest.mark.parametrize(
    "group",
    [S3, S4, S5, *map(cyclic, (1, 2, 3, 5, 6, 8)), *map(dihedral, (3, 4, 5, 6, 7, 8))],
    ids=str,
)
def test_schur(group):
    """Real irreducible ones: 0 apart, 1 or 2 together, and d^2 / e adds up to the order."""
    found = [irrep(group, label) for label in irreps(group)]
    total = 0
    for (i, first), (j, second) in combinations_with_replacement(enumerate(found), 2):
        value = dimension(first, second)
        if i != j:
            assert value == 0
        else:
            assert value == (2 if group.name.startswith("C") and first.dimension == 2 else 1)
            total += first.dimension**2 // value
    assert total == group.order


@pytest.mark.parametrize("shape", KOSTKA)
def test_youngs_rule(shape):
    """Kostka numbers: how often a Specht module is in the action on pairs (James 14.1)."""
    assert dimension(PAIRS5, irrep(S5, list(shape))) == KOSTKA[shape]


def test_cosets_and_what_induces_them_are_isomorphic():
    one = ExactMatrix.integral([[1]])
    cosets, induced = Cosets(S4, KLEIN_FOUR), Induced(S4, KLEIN_FOUR, (one, one))
    for other in LAWFUL:
        assert dimension(induced, other) == dimension(cosets, other)


def test_the_order_of_elements_over_an_orbital():
    """Element k of a rational orbital is echelon: one at its pivot, where the others are zero."""
    basis = Fibred.between(power(V4, 2), power(V4, 2))
    stack = basis.stack.toarray()
    for element, row in enumerate(stack):
        pivot = np.flatnonzero(row)[0]
        assert row[pivot] > 0
        assert not np.delete(stack[:, pivot], element).any()


@pytest.mark.parametrize("n", [17, 19, 23])
def test_a_large_fibre_whose_algebra_is_a_field(n):
    """The standard one of C_n is the sum of (n-1)/2 planes, each with 2 endomorphisms."""
    group = cyclic(n)
    standard = Standard(group, points(group))
    assert dimension(standard, standard) == n - 1


@pytest.mark.parametrize("kind", [SymmetricPower, ExteriorPower])
def test_the_power_of_size_nothing_is_trivial(kind):
    assert dimension(kind(S4, V4, 0), points(S4)) == 1


def test_a_basis_with_real_elements_is_orthonormal():
    both = Sum(D5, (points(D5), natural(D5)))
    stack = IntertwinerSpace(both, both).found.stack.toarray()
    assert np.abs(stack @ stack.T - np.eye(len(stack))).max() < 1e-10


def test_actions_over_different_fields_are_not_taken_for_each_other():
    group = cyclic(2)
    first = listed(group, [[1, "sqrt(2)"], [0, -1]])
    second = listed(group, [[1, "sqrt(3)"], [0, -1]])
    space = IntertwinerSpace(first, second)
    left, right = second.listed[0].real(), first.listed[0].real()
    for element in space.basis():
        assert np.abs(left @ element.toarray() - element.toarray() @ right).max() < 1e-10


@pytest.mark.parametrize("name", EMPTY)
def test_the_only_map_of_an_empty_space_is_zero(name):
    source, target = SOLVED[name]
    space = IntertwinerSpace(source, target)
    shape = target.dimension, source.dimension
    assert not list(space.basis()) and not len(space.coefficients(np.ones(shape)))
    assert np.array_equal(space.project(np.ones(shape)), np.zeros(shape))


def test_a_point_without_coordinates_has_no_maps():
    source, target = SOLVED[WITHOUT_FIBRE]
    basis = Fibred.between(source, target)
    assert basis.stack.shape == (basis.dimension, source.dimension * target.dimension)
    assert stack_defect(basis, source, target) == 0


@pytest.mark.parametrize("name", ["hexagon_forces", "fullerene_forces"])
def test_orthonormal_maps_have_no_entries_that_rounding_left(name):
    """They are counted in docstrings, and stand in tables: none is far below all others."""
    values = np.abs(spec_solved(name).found.stack.data)
    assert values.min() > 1e-6 * values.max()
