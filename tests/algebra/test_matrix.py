"""Exact matrices: products, restriction of scalars and rounding, against rounded matrices."""

import numpy as np
import pytest
from flint import fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from intertwine.algebra.expression import parse_number
from intertwine.algebra.matrix import ExactMatrix, over_one_field

NUMBERS = ["0", "1", "-1/2", "sqrt(2)", "sqrt(3)/2", "cos(2*pi/5)", "sin(2*pi/5)", "3"]


@st.composite
def texts(draw, count=2, size=None):
    n = size or draw(st.integers(1, 3))
    entry = st.sampled_from(NUMBERS)
    row = st.lists(entry, min_size=n, max_size=n)
    return [draw(st.lists(row, min_size=n, max_size=n)) for _ in range(count)]


def parsed(listed):
    return over_one_field([[[parse_number(x) for x in row] for row in m] for m in listed])


def floats(listed):
    known = {"sqrt(2)": 2**0.5, "sqrt(3)/2": 3**0.5 / 2, "cos(2*pi/5)": np.cos(0.4 * np.pi),
             "sin(2*pi/5)": np.sin(0.4 * np.pi), "-1/2": -0.5}  # fmt: skip
    return np.array([[known.get(x) if x in known else float(x) for x in row] for row in listed])


@given(texts())
def test_products_are_those_of_the_numbers(listed):
    first, second = parsed(listed)
    assert np.abs(first.real() - floats(listed[0])).max() < 1e-15
    assert np.allclose((first * second).real(), floats(listed[0]) @ floats(listed[1]), atol=1e-13)


@given(texts())
def test_restriction_of_scalars_is_a_homomorphism(listed):
    first, second = parsed(listed)
    assert (first * second).restricted == first.restricted * second.restricted
    degree = first.field.degree
    assert first.restricted.nrows() == degree * first.dimension


@given(texts(count=1))
def test_invertible_means_a_determinant(listed):
    """Norms of the entries here are of few digits, so that a zero determinant shows in floats."""
    (matrix,) = parsed(listed)
    assert matrix.invertible == (abs(np.linalg.det(floats(listed[0]))) > 1e-9)


def test_the_trace_of_multiplying_is_the_trace_of_the_field():
    """Tr(sqrt 2) = 0 and Tr(1) = 2 over Q(sqrt 2)."""
    (matrix,) = parsed([[["sqrt(2)", "0"], ["0", "1"]]])
    table = matrix.restricted
    assert (table[0, 0] + table[1, 1], table[2, 2] + table[3, 3]) == (0, 2)


def test_the_least_field_that_has_all():
    assert str(ExactMatrix.parsed([[1, "-1/2"]]).field) == "Q"
    first, second = parsed([[["sqrt(2)"]], [["cos(2*pi/5)"]]])
    assert first.field == second.field and first.field.conductor == 40
    assert not first.rational and ExactMatrix.integral([[1]]).rational


def test_matrices_of_different_fields_are_not_multiplied():
    with pytest.raises(ValueError, match="a product over"):
        ExactMatrix.parsed([["sqrt(2)"]]) * ExactMatrix.parsed([[1]])


def test_equal_matrices_are_one_key():
    first, second = (ExactMatrix.parsed([["sqrt(4)", "1/2"], [0, 1]]) for _ in range(2))
    assert first == second and len({first, second}) == 1
    assert first != ExactMatrix.parsed([[2, "1/2"], [0, 2]])
    assert first != "a matrix"
    assert np.array_equal(first.real(), [[2, 0.5], [0, 1]])


@given(st.integers(1, 5), st.randoms(use_true_random=False))
def test_determinants_are_those_of_flint(size, dice):
    rows = [[dice.choice([0, 0, 1, -1, 2, 3]) for _ in range(size)] for _ in range(size)]
    expected = fmpq_mat(size, size, [x for row in rows for x in row]).det()
    assert ExactMatrix.integral(rows).determinant == fmpq_poly([expected])


def test_determinants_over_a_field():
    """Of a turn 1, of a mirror -1, and of a product the product, whatever the pivots."""
    turn = ExactMatrix.parsed([["cos(2*pi/7)", "-sin(2*pi/7)"], ["sin(2*pi/7)", "cos(2*pi/7)"]])
    golden = ExactMatrix.parsed([[0, "sqrt(5)", 1], ["(1+sqrt(5))/2", 0, 2], [1, "sqrt(5)", 0]])
    assert turn.determinant == 1
    assert turn.scaled(-1).determinant == 1
    assert (golden * golden).determinant == golden.field.reduced(golden.determinant**2)
    assert golden.scaled(2).determinant == 8 * golden.determinant
    assert abs(golden.field.real(golden.determinant) - np.linalg.det(golden.real())) < 1e-12
