"""Exact ranks against SymPy and fractions, and what is no fraction."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intertwine.algebra.scalars import Modulus
from intertwine.audit.rank import independent_rows, integer_rows
from tests.oracle import rank

ROWS = st.lists(st.fractions(-3, 3, max_denominator=40), min_size=3, max_size=3)
TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-3, 3), min_size=width, max_size=width), min_size=1, max_size=8
    )
)


def greedy(rows):
    """The rows that raise the rank, by elimination in fractions of every beginning."""
    ranks = [rank([[Fraction(x) for x in row] for row in rows[:n]]) for n in range(len(rows) + 1)]
    return [n for n in range(len(rows)) if ranks[n + 1] > ranks[n]]


@settings(max_examples=150)
@given(TABLES)
def test_independent_rows_are_those_that_raise_the_rank(rows):
    assert independent_rows(np.array(rows)).tolist() == greedy(rows)


@settings(max_examples=40)
@given(TABLES, st.integers(0, 2**20))
def test_ranks_are_sympys_where_rows_are_combinations(rows, seed):
    random = np.random.default_rng(seed)
    table = np.array(rows) * 10**6 + random.integers(-5, 5, (len(rows), len(rows[0])))
    mixed = np.concatenate([table, random.integers(-3, 4, (3, len(rows))) @ table])
    found = independent_rows(mixed)
    assert len(found) == sympy.Matrix(mixed.tolist()).rank()
    assert (found < len(rows)).all()


def test_a_prime_that_hides_the_rank_is_left_for_the_next():
    prime = Modulus.below(1, 0).prime
    assert independent_rows(np.array([[prime, 0], [0, 1]])).tolist() == [0, 1]
    assert independent_rows(np.array([[1, 0], [1, prime], [0, 1]])).tolist() == [0, 1]
    assert independent_rows(np.zeros((3, 4), dtype=np.int64)).tolist() == []
    assert independent_rows(np.zeros((0, 4), dtype=np.int64)).tolist() == []


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=5), st.floats(0.01, 100))
def test_fractions_come_back_as_integers_in_the_same_proportions(rows, factor):
    assume(
        all((x / max(row, key=abs)).denominator <= 4096 for row in rows if any(row) for x in row)
    )
    noise = 1 + 1e-15 * np.random.default_rng(0).standard_normal((len(rows), 3))
    table = np.array([[float(x) for x in row] for row in rows]) * factor * noise
    found = integer_rows(table, max(1.0, float(np.abs(table).max())))
    assert found is not None
    for integers, row in zip(found.tolist(), rows, strict=True):
        pairs = [(i, j) for i in range(3) for j in range(3)]
        assert all(integers[i] * row[j] == integers[j] * row[i] for i, j in pairs)
        assert any(integers) == any(row)


@pytest.mark.parametrize("odd", [2**0.5, np.pi, 0.123456789, 1 / 4099])
def test_what_is_no_small_fraction_is_not_recognised(odd):
    assert integer_rows(np.array([[1.0, odd]]), 1.0) is None


def test_a_row_that_rounding_could_have_made_is_not_recognised():
    assert integer_rows(np.array([[1.0, 0.5], [1e-9, 0.0]]), 1.0) is None
    assert integer_rows(np.array([[1.0, 0.5], [1e-15, 0.0]]), 1.0).tolist() == [[2, 1], [0, 0]]
    primes = [4073, 4079, 4091, 4093, 4057]
    assert integer_rows(np.array([[1.0, *(1 / p for p in primes)]]), 1.0) is None
