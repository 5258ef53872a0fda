"""Generators' matrices by definition: those of the oracle, and those that frames give."""

import numpy as np
import pytest

from intertwine.action import definition
from intertwine.action.definition import defined, prove_frame
from intertwine.action.induced import Induced
from intertwine.action.matrices import exact_matrices
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS, Modulus
from intertwine.group.named import symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.commute import generator_matrices
from tests import oracle
from tests.action.test_matrices import ACTIONS, DEFINED


@pytest.mark.parametrize("name", DEFINED)
def test_generators_and_their_inverses(name):
    action = ACTIONS[name]
    for (matrix, inverse), expected in zip(
        defined(action, REALS), oracle.rounded(action), strict=True
    ):
        assert np.abs(matrix.toarray() - expected).max() < 1e-12
        assert np.abs(inverse.toarray() @ expected - np.eye(len(expected))).max() < 1e-12


@pytest.mark.parametrize("name", ACTIONS)
def test_residues_are_those_read_off_frames(name):
    action = ACTIONS[name]
    modulus = Modulus.suiting(exact_matrices([action]))
    pairs = zip(defined(action, modulus), generator_matrices(action, action, modulus), strict=True)
    for (matrix, inverse), (framed, _) in pairs:
        assert matrix.dtype == inverse.dtype == np.int64
        assert np.array_equal(matrix.toarray(), framed.toarray())
        product = modulus.product(matrix.toarray(), inverse.toarray())
        assert np.array_equal(product, np.eye(action.dimension))
    for framed in action.framed:
        prove_frame(framed, modulus)


def test_subgroups_too_large_to_list_are_read_off_frames(monkeypatch):
    """A_4 in S_4 with its turns of a line's complement, by either way."""
    group = symmetric(4)
    cycles = ([1, 2, 0, 3], [1, 0, 3, 2])
    turn, one = [[0, -1], [1, -1]], [[1, 0], [0, 1]]
    matrices = tuple(map(ExactMatrix.parsed, (turn, one)))
    action = Induced(group, tuple(map(SignedPermutation.of, cycles)), matrices)
    listed = [[m.toarray() for m in pair] for pair in defined(action, REALS)]
    monkeypatch.setattr(definition, "MOST_LISTED", 11)
    read = [[m.toarray() for m in pair] for pair in defined(action, REALS)]
    assert np.array_equal(listed, read)
