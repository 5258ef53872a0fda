"""The space as a value: its basis, its arrays, and projection onto it."""

from fractions import Fraction

import numpy as np
import pytest

import intertwine
from intertwine.errors import SpecError
from tests import oracle
from tests.catalogue import BY_NAME, smaller_than, solved

SMALL = smaller_than(2500)
TINY = [case for case in smaller_than(150) if case.dimension]


def dense(space):
    return [element.toarray() for element in space.basis()]


def actions(space):
    """The dense matrices of the generators, by the oracle."""
    sides = oracle.signed(space.target), oracle.signed(space.source)
    return [tuple(map(oracle.matrix, pair)) for pair in zip(*sides, strict=True)]


@pytest.mark.parametrize("case", SMALL, ids=str)
def test_basis_elements_commute_are_disjoint_and_in_order(case):
    space = solved(case.name)
    basis = dense(space)
    assert len(basis) == case.dimension
    for element in basis:
        assert element.dtype == np.int64 and element.any()
        assert set(np.unique(element)) <= {-1, 0, 1}
        for t, s in actions(space):
            assert np.array_equal(t @ element, element @ s)
    supports = sum((abs(element) for element in basis), np.zeros(space.codes.shape, int))
    assert supports.max(initial=0) <= 1
    firsts = [int(np.flatnonzero(element)[0]) for element in basis]
    assert firsts == sorted(firsts)
    assert all(element.ravel()[first] == 1 for element, first in zip(basis, firsts, strict=True))


@pytest.mark.parametrize("case", SMALL, ids=str)
def test_labels_and_signs_are_the_codes(case):
    space = solved(case.name)
    labels, signs, codes = space.labels, space.signs, space.codes.astype(int)
    assert np.array_equal((labels + 1) * signs, codes)
    assert np.array_equal(labels == -1, signs == 0)
    assert labels.min() >= -1 and labels.max() == case.dimension - 1
    assert signs.dtype == np.int8
    for number, element in enumerate(dense(space)):
        assert np.array_equal(element, np.where(labels == number, signs, 0))


@pytest.mark.parametrize("case", TINY, ids=str)
def test_expansion_is_the_sum_over_the_basis(case):
    space = solved(case.name)
    dice = np.random.default_rng(1)
    integers = dice.integers(-9, 9, size=case.dimension)
    expected = sum(c * element for c, element in zip(integers, dense(space), strict=True))
    assert np.array_equal(space.expand(integers), expected)
    assert np.array_equal(space.expand(integers.tolist()), expected)
    assert space.expand(integers).dtype == integers.dtype
    exact = [Fraction(int(c), 7) for c in integers]
    assert (space.expand(exact) == expected * Fraction(1, 7)).all()
    channels = dice.normal(size=(case.dimension, 2, 3))
    whole = space.expand(channels)
    assert whole.shape == (*space.codes.shape, 2, 3)
    for i in range(2):
        for j in range(3):
            assert np.array_equal(whole[..., i, j], space.expand(channels[:, i, j]))
    assert np.allclose(space.coefficients(space.expand(integers)), integers)
    assert space.residual(space.expand(integers)) == 0


@pytest.mark.parametrize("case", TINY, ids=str)
def test_projection_is_orthogonal(case):
    space = solved(case.name)
    dice = np.random.default_rng(2)
    given, other = dice.normal(size=(2, *space.codes.shape))
    projected = space.project(given)
    assert np.allclose(space.project(projected), projected)
    assert space.residual(projected) < 1e-12
    assert np.allclose(np.vdot(projected, other), np.vdot(given, space.project(other)))
    for element in dense(space):
        assert abs(np.vdot(given - projected, element)) < 1e-10


@pytest.mark.parametrize("case", [c for c in TINY if c.order < 130], ids=str)
def test_projection_is_the_average_over_the_group(case):
    space = solved(case.name)
    if not space.source.group.generators:
        assert case.dimension == case.entries
        return
    given = np.random.default_rng(3).normal(size=space.codes.shape)
    elements = oracle.closure(oracle.signed(space.target), oracle.signed(space.source))
    average = sum(oracle.matrix(t) @ given @ oracle.matrix(s).T for t, s in elements) / len(
        elements
    )
    assert np.allclose(space.project(given), average)


@pytest.mark.parametrize("case", TINY, ids=str)
def test_the_residual_is_the_largest_entry_of_the_commutator(case):
    space = solved(case.name)
    given = np.random.default_rng(4).normal(size=space.codes.shape)
    expected = max((abs(t @ given - given @ s).max() for t, s in actions(space)), default=0.0)
    assert space.residual(given) == pytest.approx(expected, abs=1e-12)


def test_a_space_of_dimension_zero():
    space = solved("pseudovector")
    assert space.dimension == 0 and list(space.basis()) == []
    assert not space.codes.any() and (space.labels == -1).all() and not space.signs.any()
    assert space.expand([]).tolist() == [[0.0] * 3] * 3
    assert space.expand(np.zeros((0, 2))).shape == (3, 3, 2)
    assert space.coefficients(np.ones((3, 3))).shape == (0,)
    assert not space.project(np.ones((3, 3))).any()


@pytest.mark.parametrize(
    ("call", "given", "expected"),
    [
        ("expand", np.ones(3), "first axis of length 2"),
        ("expand", 1.0, "first axis of length 2"),
        ("expand", [], "first axis of length 2"),
        ("project", np.ones((3, 4)), r"shape \(4, 4\)"),
        ("project", np.ones(16), r"shape \(4, 4\)"),
        ("coefficients", np.ones((4, 4, 1)), r"shape \(4, 4\)"),
        ("residual", np.ones((5, 5)), r"shape \(4, 4\)"),
    ],
)
def test_wrong_shapes_are_refused(call, given, expected):
    with pytest.raises(SpecError, match=expected):
        getattr(solved("deep_sets"), call)(given)


def test_a_deep_set_is_identity_and_mean():
    space = solved("deep_sets")
    assert space.expand([5, 1]).tolist() == np.where(np.eye(4) == 1, 5, 1).tolist()
    assert space.coefficients(np.diag([1.0, 2, 3, 4])).tolist() == [2.5, 0.0]
    assert space.residual(np.diag([1.0, 2, 3, 4])) == 3.0


def test_signs_count_in_coefficients():
    space = solved("antisymmetric_3")
    found = space.coefficients(np.arange(9.0)[:, None])
    first = [int(np.flatnonzero(element.toarray())[0]) for element in space.basis()]
    assert first == [1, 2, 5]
    assert found.tolist() == [(1 - 3) / 2, (2 - 6) / 2, (5 - 7) / 2]


def test_bias_and_layer_of_a_spec():
    space = solved("maron_4")
    assert space.bias_dimension == space.bias.dimension == 2
    assert space.bias.codes.shape == (16, 1)
    assert str(space.bias) == "Hom_G(R^1 -> R^16): dimension 2, |G| = 24, by partitions"


def test_spaces_print_as_mathematics():
    assert str(solved("rubik")) == (
        "Hom_G(R^48 -> R^48): dimension 9, |G| = 43252003274489856000, by orbitals"
    )
    large = {"name": "large", "group": {"symmetric": 30}, "input": "points", "output": "points"}
    assert "|G| = 2.652e32" in str(intertwine.solve(large))


def test_the_same_spec_gives_the_same_arrays():
    for name in ("network_2", "cross_product", "petersen"):
        first, second = (intertwine.solve(BY_NAME[name].spec) for _ in range(2))
        assert first.codes.tobytes() == second.codes.tobytes()
