"""Induced actions, against cosets, the regular action, and blocks listed element by element."""

import numpy as np
import pytest

from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.induced import Induced
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS
from intertwine.errors import SpecError
from intertwine.group.named import dihedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.commute import generator_matrices
from intertwine.hom.rules import dimension
from tests import oracle
from tests.action.samples import points
from tests.action.test_matrices import INDUCED, KLEIN_FOUR, S4, SIGNS, TURN, TURNED

ONE = ExactMatrix.integral([[1]])
INDUCTIONS = {"C_3 in S_4": INDUCED, "turns": TURNED, "signs": SIGNS}


def matrices(action):
    return [left.toarray() for left, _ in generator_matrices(action, action)]


@pytest.mark.parametrize("subgroup", [(TURN,), KLEIN_FOUR, points(S4).generators[:1]], ids=str)
def test_induced_of_the_trivial_action_is_the_action_on_cosets(subgroup):
    induced = Induced(S4, tuple(subgroup), (ONE,) * len(subgroup))
    cosets = Cosets(S4, tuple(subgroup))
    assert induced.dimension == cosets.dimension
    for found, image in zip(matrices(induced), oracle.signed(cosets), strict=True):
        assert np.array_equal(found, oracle.matrix(image))


def test_induced_of_the_regular_action_is_regular():
    """By transitivity of induction; its character is that of the regular action."""
    turn = ExactMatrix.integral([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    induced, regular = Induced(S4, (TURN,), (turn,)), Regular(S4)
    assert induced.dimension == regular.dimension == 24
    for target in (points(S4), regular, induced):
        assert dimension(induced, target) == dimension(regular, target) == target.dimension


@pytest.mark.parametrize("name", INDUCTIONS)
def test_matrices_are_those_listed_by_elements_up_to_a_change_of_basis(name):
    """Traces of words agree with the oracle's, whose representatives are others."""
    action = INDUCTIONS[name]
    dice = np.random.default_rng(0)
    mine, theirs = matrices(action), oracle.rounded(action)
    for _ in range(30):
        word = dice.integers(len(mine), size=8)
        one, other = np.eye(action.dimension), np.eye(action.dimension)
        for letter in word:
            one, other = one @ mine[letter], other @ theirs[letter]
            assert abs(np.trace(one) - np.trace(other)) < 1e-9


@pytest.mark.parametrize("name", INDUCTIONS)
def test_dimension_is_that_of_the_subgroups_space_times_the_index(name):
    action = INDUCTIONS[name]
    index = 24 // action.cosets.subgroup_order
    assert action.dimension == index * action.listed[0].dimension
    assert (np.bincount(action.fibre_of) == action.listed[0].dimension).all()


def test_over_the_subgroup_itself_stands_its_own_space():
    """The block at coset 0 of an element of the subgroup is its matrix."""
    group = dihedral(6)
    rotation = group.sets["points"].images[0]
    turn = ExactMatrix.parsed([["1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "1/2"]])
    action = Induced(group, (rotation,), (turn,))
    first = matrices(action)[0]
    assert np.abs(first[:2, :2] - turn.real()).max() < 1e-15
    # The other coset is that of reflections, which turn the other way round.
    assert np.abs(first[2:, 2:] - turn.real().T).max() < 1e-12


def test_matrices_that_break_the_subgroups_relations_are_refused():
    with pytest.raises(SpecError, match="respect the subgroup's relations"):
        Induced(S4, (TURN,), (ExactMatrix.integral([[-1]]),)).moves  # noqa: B018


def test_a_subgroup_outside_the_group_is_refused():
    group = dihedral(4)
    outside = SignedPermutation.of([1, 0, 2, 3])
    with pytest.raises(SpecError, match="an element of D_4"):
        Induced(group, (outside,), (ONE,)).dimension  # noqa: B018


def test_the_whole_group_induces_its_own_action():
    group = symmetric(3)
    listed = tuple(ExactMatrix.integral(oracle.matrix(g)) for g in oracle.signed(points(group)))
    action = Induced(group, points(group).generators, listed)
    for found, matrix in zip(matrices(action), listed, strict=True):
        assert np.array_equal(found, REALS.of(matrix))
