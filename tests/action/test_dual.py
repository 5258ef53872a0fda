"""Duals: inverse transposes, twice the action itself, and once the same where it is orthogonal."""

import numpy as np
import pytest

from intertwine.action.dual import Dual
from intertwine.hom.commute import generator_matrices
from intertwine.hom.rules import dimension
from tests import oracle
from tests.action.samples import points
from tests.action.test_matrices import ACTIONS, HALVES, Q8, S4

SMALL = [name for name, action in ACTIONS.items() if action.dimension <= 10]


def matrices(action):
    return [left.toarray() for left, _ in generator_matrices(action, action)]


def dual(action):
    return Dual(action.group, action)


@pytest.mark.parametrize("name", ACTIONS)
def test_it_acts_by_inverse_transposes(name):
    action = ACTIONS[name]
    for found, matrix in zip(matrices(dual(action)), matrices(action), strict=True):
        assert np.abs(found.T @ matrix - np.eye(action.dimension)).max() < 1e-12


@pytest.mark.parametrize("name", ACTIONS)
def test_the_dual_of_the_dual_is_the_action(name):
    action = ACTIONS[name]
    for found, matrix in zip(matrices(dual(dual(action))), matrices(action), strict=True):
        assert np.abs(found - matrix).max() < 1e-12


@pytest.mark.parametrize("name", SMALL)
def test_real_actions_are_isomorphic_to_their_duals(name):
    """Real characters: the inverse has the same trace."""
    action = ACTIONS[name]
    assert dimension(action, dual(action)) == dimension(action, action)
    assert dimension(dual(action), dual(action)) == dimension(action, action)


def test_signed_permutations_are_their_own_duals():
    for found, image in zip(dual(points(S4)).generators, points(S4).generators, strict=True):
        assert np.array_equal(found.images, image.images)
    for found, matrix in zip(matrices(dual(Q8)), matrices(Q8), strict=True):
        assert np.array_equal(found, matrix)


def test_a_skew_lattice_has_another_dual():
    assert any(
        np.abs(a - b).max() > 0.5
        for a, b in zip(matrices(dual(HALVES)), matrices(HALVES), strict=True)
    )
    assert oracle.matrix_nullspace(HALVES, dual(HALVES)) == 1
