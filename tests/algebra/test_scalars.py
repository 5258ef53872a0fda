"""Residues: reduction is a homomorphism, echelon forms and eigenvalues are what they say."""

import numpy as np
import pytest
import sympy
from flint import fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import Modulus
from tests.algebra.test_matrix import parsed, texts

SIZES = st.integers(0, 6)


@given(texts())
def test_reduction_is_a_homomorphism(listed):
    first, second = parsed(listed)
    for skipped in (0, 1):
        modulus = Modulus.suiting([first, second], skipped)
        product = modulus.product(modulus.of(first), modulus.of(second))
        assert np.array_equal(product, modulus.of(first * second))


@pytest.mark.parametrize("conductor", [1, 2, 5, 8, 12, 60, 97, 105])
def test_primes_have_the_roots_of_unity(conductor):
    primes = [Modulus.below(conductor, skipped) for skipped in range(4)]
    assert len({m.prime for m in primes}) == 4
    assert [m.prime for m in primes] == sorted((m.prime for m in primes), reverse=True)
    for modulus in primes:
        assert sympy.isprime(modulus.prime) and modulus.prime < 1 << 23
        assert (modulus.prime - 1) % conductor == 0
        assert sympy.n_order(modulus.zeta, modulus.prime) == conductor
    between = [p for p in sympy.primerange(primes[-1].prime, 1 << 23) if (p - 1) % conductor == 0]
    assert len(between) == 4


def test_fields_are_reduced_alike_within_a_larger_one():
    """Sqrt(2) alone and beside a fifth root: its residue squares to 2 either way."""
    root, other = ExactMatrix.parsed([["sqrt(2)"]]), ExactMatrix.parsed([["cos(2*pi/5)"]])
    modulus = Modulus.suiting([root, other])
    assert modulus.conductor == 40
    assert int(modulus.of(root)[0, 0]) ** 2 % modulus.prime == 2
    c = int(modulus.of(other)[0, 0])
    assert (4 * c * c + 2 * c - 1) % modulus.prime == 0  # cos(2 pi / 5) = (sqrt(5) - 1) / 4


def test_a_prime_never_divides_a_denominator():
    largest = Modulus.below(1).prime
    matrix = ExactMatrix.parsed([[f"1/{largest}"]])
    modulus = Modulus.suiting([matrix])
    assert modulus.prime < largest
    assert int(modulus.of(matrix)[0, 0]) * largest % modulus.prime == 1


@pytest.mark.parametrize("inner", [1, 127, 128, 129, 500])
def test_products_are_exact_however_long(inner):
    modulus = Modulus.below(1)
    left = np.full((2, inner), modulus.prime - 2, dtype=np.int64)
    right = modulus.prime - 2 - 2 * np.arange(inner * 2, dtype=np.int64).reshape(inner, 2)
    exact = [[sum(int(a) * int(b) for a, b in zip(row, column, strict=True)) % modulus.prime
              for column in right.T] for row in left]  # fmt: skip
    assert modulus.product(left, right).tolist() == exact


@st.composite
def tables(draw):
    rows, columns = draw(SIZES), draw(SIZES)
    entries = draw(st.lists(st.integers(-3, 3), min_size=rows * columns, max_size=rows * columns))
    return np.array(entries, dtype=np.int64).reshape(rows, columns)


@given(tables())
def test_echelon_forms_are_those_over_the_rationals(table):
    """Minors of such small entries are far below the prime."""
    modulus = Modulus.below(1)
    found, pivots = modulus.echelon(table % modulus.prime)
    if not table.size:
        assert found.shape == (0, table.shape[1]) and not len(pivots)
        return
    exact, rank = fmpq_mat(*table.shape, table.ravel().tolist()).rref()
    assert len(found) == len(pivots) == rank
    expected = [
        [int(exact[i, j].p) * pow(int(exact[i, j].q), -1, modulus.prime) % modulus.prime
         for j in range(table.shape[1])]
        for i in range(rank)
    ]  # fmt: skip
    assert found.tolist() == expected
    assert np.array_equal(found[:, pivots], np.eye(rank))


@given(tables())
def test_nullspaces_are_reduced_and_all_there_is(table):
    modulus = Modulus.below(5)
    rows = table % modulus.prime
    basis, pivots = modulus.nullspace(rows)
    width = table.shape[1]
    assert not modulus.product(rows, basis.T).any()
    assert len(basis) == width - len(modulus.echelon(rows)[0])
    again, same = modulus.echelon(np.ascontiguousarray(basis))
    assert np.array_equal(again, basis) and np.array_equal(same, pivots)


@given(st.integers(1, 4), st.integers(0, 10**6))
def test_inverses_and_eigenvalues(size, seed):
    modulus = Modulus.below(1)
    dice = np.random.default_rng(seed)
    values = dice.integers(modulus.prime, size=size)
    change = np.triu(dice.integers(modulus.prime, size=(size, size)), 1) + np.eye(size, dtype=int)
    inverse = modulus.inverse(change)
    assert np.array_equal(modulus.product(change, inverse), np.eye(size))
    turned = modulus.product(modulus.product(change, np.diag(values)), inverse)
    roots = sorted({-value % modulus.prime for value in values.tolist()})
    assert modulus.factors(turned) == [[root, 1] for root in roots]
    for factor in modulus.factors(turned):
        assert len(modulus.nullspace(modulus.evaluated(factor, turned))[0]) >= 1


def test_a_turn_has_eigenvalues_where_the_field_has_its_root():
    """Quarter turns have them modulo p where p is 1 modulo 4."""
    turn = np.array([[0, -1], [1, 0]])
    for conductor, skipped in ((4, 0), (1, 0), (1, 1), (1, 2), (1, 3)):
        modulus = Modulus.below(conductor, skipped)
        found = modulus.factors(turn % modulus.prime)
        assert [len(f) - 1 for f in found] == ([1, 1] if modulus.prime % 4 == 1 else [2])
        assert all(f[0] * f[0] % modulus.prime == modulus.prime - 1 for f in found if len(f) == 2)


@given(st.integers(1, 5), st.integers(0, 200), st.integers(0, 10**6))
def test_a_reduced_basis_is_the_echelon_form(height, more, seed):
    modulus = Modulus.below(1)
    dice = np.random.default_rng(seed)
    rows = dice.integers(modulus.prime, size=(height, height + more))
    rows[:, : more // 2] = 0
    expected, pivots = modulus.echelon(rows)
    if len(pivots) < height:
        return
    found, same = modulus.reduced_basis(rows)
    assert np.array_equal(found, expected) and np.array_equal(same, pivots)
