"""Actions by matrices: their matrices are homomorphisms, and are those that definitions say."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.action.action import Trivial
from intertwine.action.dual import Dual
from intertwine.action.element import AtomUnion
from intertwine.action.homogeneous import Regular
from intertwine.action.induced import Induced
from intertwine.action.irreps import irrep
from intertwine.action.lifted import Lifted
from intertwine.action.matrices import Matrices, exact_matrices
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, SymmetricPower
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS, Modulus
from intertwine.errors import SpecError
from intertwine.group.group import Group
from intertwine.group.named import cyclic, dihedral, hyperoctahedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product
from tests import oracle
from tests.action.samples import points

S3, S4, S5, C5, C6, D5, D6, B3 = (
    symmetric(3), symmetric(4), symmetric(5), cyclic(5), cyclic(6), dihedral(5), dihedral(6),
    hyperoctahedral(3),
)  # fmt: skip
ICOSAHEDRON = polyhedron("icosahedron", False)
BOTH = direct_product({"a": S3, "b": C5})
NESTED = direct_product({"p": BOTH, "q": S3})
QUATERNIONS = Group("Q_8", ("i", "j"), {})
KLEIN_FOUR = tuple(SignedPermutation.of(p) for p in ([1, 0, 3, 2], [2, 3, 0, 1]))


def listed(group, *matrices):
    return Matrices(group, tuple(map(ExactMatrix.parsed, matrices)))


def natural(group):
    """The rotations and reflections that the group comes from."""
    return Matrices(group, group.rotation(), "rotation")


Q8 = listed(
    QUATERNIONS,
    [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]],
    [[0, 0, -1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, -1, 0, 0]],
)
# The plane's hexagonal lattice, whose matrices are integral and not orthogonal; with denominators;
# and over a field that only the basis makes necessary.
HEXAGONAL = listed(D6, [[0, -1], [1, 1]], [[1, 1], [0, -1]])
HALVES = listed(D6, [[0, "-1/3"], [3, 1]], [[1, "1/3"], [0, -1]])
SKEW = listed(cyclic(2), [[1, "sqrt(2)"], [0, -1]])
TURN = SignedPermutation.of([1, 2, 0, 3])
INDUCED = Induced(S4, (TURN,), (ExactMatrix.integral([[0, -1], [1, -1]]),))
TURNED = Induced(
    S4, (TURN,), (ExactMatrix.parsed([["-1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "-1/2"]]),)
)
SIGNS = Induced(S4, KLEIN_FOUR, (ExactMatrix.integral([[-1]]), ExactMatrix.integral([[1]])))

# By name the action and the order of its image.
LINEAR = {
    "standard of S_4": (Standard(S4, points(S4)), 24),
    "standard of the regular S_3": (Standard(S3, Regular(S3)), 6),
    "Specht module of S_5": (irrep(S5, [3, 2]), 120),
    "turns of C_5": (irrep(C5, 2), 5),
    "plane of D_5": (natural(D5), 10),
    "hexagonal lattice": (HEXAGONAL, 12),
    "thirds of it": (HALVES, 12),
    "skew reflection": (SKEW, 2),
    "quaternions": (Q8, 8),
    "space of the icosahedron": (natural(ICOSAHEDRON), 60),
    "induced of C_3 in S_4": (INDUCED, 24),
    "induced turns": (TURNED, 24),
    "induced signs": (SIGNS, 24),
    "dual of the thirds": (Dual(D6, HALVES), 12),
    "dual of the induced": (Dual(S4, INDUCED), 24),
    "square of the standard": (power(Standard(S4, points(S4)), 2), 24),
    "symmetric square": (SymmetricPower(S4, Standard(S4, points(S4)), 2), 24),
    "symmetric cube": (SymmetricPower(D6, HALVES, 3), 12),
    "exterior square": (ExteriorPower(S5, Standard(S5, points(S5)), 2), 120),
    "exterior square of an induced": (ExteriorPower(S4, SIGNS, 2), 24),
    "symmetric square of a sum": (
        SymmetricPower(B3, Sum(B3, (points(B3), Standard(B3, points(B3)))), 2), 48),
    "sum with signs": (Sum(S4, (Sign(S4), Standard(S4, points(S4)), points(S4))), 24),
    "tensor with signs": (Tensor(S4, (Sign(S4), points(S4), Standard(S4, points(S4)))), 24),
    "lifted turns": (Lifted(BOTH, "b", irrep(C5, 1)), 5),
    "lifted twice": (Lifted(NESTED, "p", Lifted(BOTH, "b", irrep(C5, 1))), 5),
    "square of a sum of lifted": (
        SymmetricPower(NESTED, Sum(NESTED, (
            Lifted(NESTED, "p", Lifted(BOTH, "b", irrep(C5, 2))),
            Lifted(NESTED, "q", points(S3)))), 2), 30),
    "lifted tensor of lifted": (
        Lifted(NESTED, "p", Tensor(BOTH, (Lifted(BOTH, "b", irrep(C5, 1)),
                                          Lifted(BOTH, "a", Standard(S3, points(S3)))))), 30),
    "lifted tensor": (
        Tensor(BOTH, (Lifted(BOTH, "b", irrep(C5, 1)),
                      Lifted(BOTH, "a", Standard(S3, points(S3))))), 30),
}  # fmt: skip
ACTIONS = {name: action for name, (action, _) in LINEAR.items()}
# The basis of an induced action depends on representatives: `test_induced`.
DEFINED = [
    name
    for name, action in ACTIONS.items()
    if not any(isinstance(atom, Induced) for atom in action.atoms())
]
RATIONAL = [
    name
    for name, action in ACTIONS.items()
    if all(matrix.rational for matrix in exact_matrices([action]))
]
WORDS = st.lists(st.integers(0, 2), max_size=8)


def spelled(union, word):
    """The element that a word in the generators spells."""
    joint = SignedPermutation.identity(union.degree)
    for letter in word:
        joint = joint * union.generators[letter % len(union.generators)]
    return union.element(joint)


def scalars_of(action):
    return [REALS, Modulus.suiting(exact_matrices([action]))]


@pytest.mark.parametrize("name", ACTIONS)
@settings(max_examples=6)
@given(first=WORDS, second=WORDS)
def test_matrices_are_a_homomorphism(name, first, second):
    action = ACTIONS[name]
    union = AtomUnion([action])
    for scalars in scalars_of(action):
        one, other, both = (
            action.matrix(spelled(union, word), scalars).toarray()
            for word in (first, second, first + second)
        )
        assert np.allclose(scalars.reduced(one @ other - both), 0, atol=1e-9)


@pytest.mark.parametrize("name", DEFINED)
def test_generators_have_the_matrices_of_the_definitions(name):
    action = ACTIONS[name]
    union = AtomUnion([action])
    for expected, joint in zip(oracle.rounded(action), union.generators, strict=True):
        found = action.matrix(union.element(joint), REALS).toarray()
        assert np.abs(found - expected).max() < 1e-12


@pytest.mark.parametrize("name", DEFINED)
def test_every_reduction_is_that_of_the_exact_matrix(name):
    """Modulo a prime as the oracle's polynomials at the residue of 2 cos(2 pi / n)."""
    action = ACTIONS[name]
    modulus = Modulus.suiting(exact_matrices([action]))
    p = modulus.prime
    conductor, matrices = oracle.exact(action)
    assert modulus.conductor % conductor == 0
    root = pow(modulus.zeta, modulus.conductor // conductor, p)
    generator = root + pow(root, -1, p)
    union = AtomUnion([action])
    for rows, joint in zip(matrices, union.generators, strict=True):
        found = action.matrix(union.element(joint), modulus).toarray()
        expected = [
            [sum(int(c.p) * pow(int(c.q), -1, p) * pow(generator, k, p)
                 for k, c in enumerate(x.coeffs())) % p for x in row]
            for row in rows
        ]  # fmt: skip
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("name", ACTIONS)
def test_images_have_the_orders_of_the_literature(name):
    action, order = LINEAR[name]
    matrices = {
        tuple((np.round(p, 6) + 0.0).ravel().tolist()) for p in elements(oracle.rounded(action))
    }
    assert len(matrices) == order


def elements(generators):
    known, queue = {}, [np.eye(len(generators[0]))]
    while queue:
        here = queue.pop()
        key = (np.round(here, 6) + 0.0).tobytes()
        if key not in known:
            known[key] = here
            queue += [g @ here for g in generators]
    return known.values()


@pytest.mark.parametrize("name", RATIONAL)
def test_the_denominator_clears_all_matrices(name):
    action = ACTIONS[name]
    union = AtomUnion([action])
    dice = np.random.default_rng(0)
    for _ in range(10):
        word = dice.integers(3, size=9).tolist()
        cleared = action.matrix(spelled(union, word), REALS).toarray() * action.denominator
        assert np.abs(cleared - np.rint(cleared)).max() < 1e-9


def test_denominators_are_those_of_the_frame():
    assert (HEXAGONAL.denominator, HALVES.denominator) == (1, 3)
    assert (Dual(D6, HALVES).denominator, power(HALVES, 2).denominator) == (3, 9)
    assert SymmetricPower(D6, HALVES, 3).denominator == 27


def test_fibres_stand_where_definitions_say():
    assert INDUCED.fibre_of.tolist() == [k // 2 for k in range(16)]
    both = Tensor(S4, (points(S4), Standard(S4, points(S4))))
    assert both.fibre_of.tolist() == [k // 3 for k in range(12)]
    assert both.points.dimension == 4
    beside = Sum(S4, (Standard(S4, points(S4)), points(S4)))
    assert beside.fibre_of.tolist() == [0, 0, 0, 1, 2, 3, 4]
    assert Standard(S4, points(S4)).points == Trivial(S4)


@pytest.mark.parametrize("name", ACTIONS)
def test_matrices_carry_fibres_to_fibres(name):
    """The coordinates over a point go to those over its image."""
    action = ACTIONS[name]
    below = action.fibre_of
    union = AtomUnion([action])
    for image, joint in zip(action.points.generators, union.generators, strict=True):
        found = action.matrix(union.element(joint), REALS).tocoo()
        rows, columns = found.coords
        kept = np.abs(found.data) > 1e-9
        assert np.array_equal(below[rows[kept]], image.images[below[columns[kept]]])


@pytest.mark.parametrize(
    ("matrices", "message"),
    [
        ([[[1, 2], [2, 4]]], "no finite order"),
        ([[[1, 0], [0, 0]]], "no finite order"),
        ([[[1, 1], [0, 1]]], "no finite order"),
        ([[["3/5", "-4/5"], ["4/5", "3/5"]]], "no finite order"),
        ([[[2]]], "no finite order"),
        ([[[1, 1], [0, -1]], [[1, 0], [1, -1]], [[1, 0], [7, -1]]], "which take them to more"),
    ],
)
def test_what_is_no_finite_group_is_refused(matrices, message):
    group = Group("G", tuple("abc"[: len(matrices)]), {})
    with pytest.raises(SpecError, match=message):
        listed(group, *matrices).frame  # noqa: B018


def test_equal_texts_over_different_fields_are_different_matrices():
    """The generator of one field is sqrt(2), that of the other sqrt(3)."""
    first = ExactMatrix.parsed([[1, "sqrt(2)"], [0, -1]])
    second = ExactMatrix.parsed([[1, "sqrt(3)"], [0, -1]])
    assert np.abs(first.real() - second.real()).max() > 0.3
    assert first != second


def test_a_character_that_need_not_be_an_integer_is_not_given_as_one():
    action = irrep(S3, [2, 1])
    union = AtomUnion([action])
    with pytest.raises(TypeError, match="characters that need not be integers"):
        action.character(union.element(SignedPermutation.identity(union.degree)))


@pytest.mark.parametrize("turn", [Fraction(1, 7), Fraction(2, 9), Fraction(3, 16)])
def test_turns_are_turns(turn):
    angle = 2 * np.pi * float(turn)
    group = cyclic(turn.denominator)
    expected = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    assert np.abs(irrep(group, turn.numerator).listed[0].real() - expected).max() < 1e-15
