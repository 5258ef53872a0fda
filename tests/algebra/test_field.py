"""Real abelian fields: arithmetic against rounded numbers, roots and cosines by their equations."""

from fractions import Fraction
from math import cos, gcd, isclose, pi, sqrt

import pytest
import sympy
from flint import fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from intertwine.algebra.field import (
    RealField,
    conductor_of_cosine,
    conductor_of_root,
    is_small,
    joined,
)

CONDUCTORS = [1, 5, 7, 8, 9, 12, 15, 16, 20, 24, 60]
COEFFICIENTS = st.lists(st.fractions(-9, 9, max_denominator=9), max_size=6)


def element(field, coefficients):
    total = field.rational(0)
    for coefficient in reversed(coefficients):
        total = field.reduced(total * fmpq_poly([0, 1]) + field.rational(coefficient))
    return total


@pytest.mark.parametrize("conductor", CONDUCTORS)
def test_the_degree_is_half_of_eulers_function(conductor):
    expected = 1 if conductor == 1 else sympy.totient(conductor) // 2
    assert RealField(conductor).degree == expected


@given(st.sampled_from(CONDUCTORS), COEFFICIENTS, COEFFICIENTS)
def test_arithmetic_is_that_of_the_numbers(conductor, first, second):
    field = RealField(conductor)
    generator = 2 * cos(2 * pi / conductor)
    a, b = element(field, first), element(field, second)
    x, y = (sum(float(c) * generator**k for k, c in enumerate(side)) for side in (first, second))
    for found, expected in ((a, x), (a + b, x + y), (field.reduced(a * b), x * y), (-a, -x)):
        assert isclose(field.real(found), expected, rel_tol=1e-9, abs_tol=1e-7)


@given(st.sampled_from(CONDUCTORS), COEFFICIENTS)
def test_an_inverse_is_one(conductor, coefficients):
    field = RealField(conductor)
    given = element(field, coefficients)
    if not given:
        with pytest.raises(ZeroDivisionError):
            field.inverse(given)
        return
    assert field.reduced(given * field.inverse(given)) == field.rational(1)


@pytest.mark.parametrize("number", [n for n in range(1, 40) if sympy.factorint(n) == {} or
                                    max(sympy.factorint(n).values()) == 1])  # fmt: skip
def test_roots_are_positive_and_square_to_their_numbers(number):
    field = RealField(conductor_of_root(number))
    root = field.root(number)
    assert field.reduced(root * root) == field.rational(number)
    assert isclose(field.real(root), sqrt(number), rel_tol=1e-15)


@pytest.mark.parametrize("number", [2, 3, 5, 6, 7, 15])
def test_roots_lie_in_every_larger_field(number):
    field = RealField(joined(conductor_of_root(number), 5, 7))
    root = field.root(number)
    assert field.reduced(root * root) == field.rational(number)
    assert field.real(root) > 0


@pytest.mark.parametrize("n", range(1, 31))
def test_cosines_are_cosines_of_the_least_field(n):
    for k in range(n):
        if gcd(k, n) == 1:
            turn = Fraction(k, n)
            field = RealField(conductor_of_cosine(turn))
            value = field.cosine(turn)
            assert isclose(field.real(value), cos(2 * pi * k / n), abs_tol=1e-15)
            # The degree of cos(2 pi / n) is phi(n) / 2 (Lehmer 1933).
            assert field.degree == max(1, sympy.totient(n) // 2)


@given(st.integers(0, 119), st.integers(0, 119))
def test_the_addition_theorem_holds_exactly(first, second):
    field = RealField(120)
    a, b = Fraction(first, 120), Fraction(second, 120)
    both = field.cosine(a + b) + field.cosine(a - b)
    assert both == field.reduced(2 * field.cosine(a) * field.cosine(b))


def test_reals_are_rounded_once():
    """Differences of nearly equal numbers: sqrt(2) to 30 digits by Pell's equation."""
    field = RealField(8)
    near = field.rational(Fraction(1023286908188737, 723573111879672))
    exact = sympy.N(sympy.Rational(1023286908188737, 723573111879672) - sympy.sqrt(2), 40)
    assert field.real(near - field.root(2)) == float(exact) != 0


def test_large_fields_are_told():
    assert is_small(105) and is_small(1) and not is_small(101) and not is_small(1001)
    assert [RealField(n).degree for n in (97, 101, 105)] == [48, 50, 24]
    assert str(RealField()) == "Q" and str(RealField(12)) == "Q(2 cos(2 pi/12))"
