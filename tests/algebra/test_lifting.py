"""Lifting: fractions come back from their residues, and what cannot be told is not told."""

from fractions import Fraction
from math import gcd, isqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.algebra.lifting import combined, fraction_of, lifted
from intertwine.algebra.scalars import Modulus

PRIMES = [Modulus.below(1, k).prime for k in range(8)]


def residue(value, modulus):
    return value.numerator * pow(value.denominator, -1, modulus) % modulus


def lift(values, groups, primes):
    residues = [np.array([residue(v, p) for v in values], dtype=np.int64) for p in primes]
    return lifted(residues, primes, np.array(groups))


@given(st.fractions(-2000, 2000, max_denominator=2000))
def test_small_fractions_come_back_from_one_prime(value):
    if max(abs(value.numerator), value.denominator) <= isqrt(PRIMES[0] // 2):
        assert fraction_of(residue(value, PRIMES[0]), PRIMES[0]) == value


@pytest.mark.parametrize("prime", [3, 5, 7, 31, 101])
def test_every_residue_of_a_small_prime(prime):
    """Against all fractions within the bound, which are at most one for each residue."""
    bound = isqrt(prime // 2)
    table = {}
    for n in range(-bound, bound + 1):
        for d in range(1, bound + 1):
            if gcd(n, d) == 1 and d % prime:
                assert table.setdefault(residue(Fraction(n, d), prime), Fraction(n, d)) == (
                    Fraction(n, d)
                )
    for number in range(prime):
        assert fraction_of(number, prime) == table.get(number)


@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=4), st.integers(1, 6))
def test_the_chinese_remainder_theorem(values, count):
    primes = PRIMES[:count]
    residues = [np.array([v % p for v in values], dtype=np.int64) for p in primes]
    found, modulus = combined(residues, primes)
    assert modulus == np.prod([*map(int, primes)], dtype=object)
    assert found == [v % modulus for v in values]


@given(st.lists(st.fractions(-(10**6), 10**6, max_denominator=40), min_size=1, max_size=5))
def test_vectors_come_back_up_to_scale_from_enough_primes(values):
    found = lift(values, [0] * len(values), PRIMES)
    if any(values):
        ratio = next(Fraction(int(f)) / v for f, v in zip(found, values, strict=True) if v)
        assert ratio > 0
        assert [Fraction(int(f)) for f in found] == [v * ratio for v in values]
        assert gcd(*found.tolist()) == 1
    else:
        assert not found.any()


def test_groups_are_scaled_apart():
    values = [Fraction(1, 2), Fraction(1, 3), Fraction(4), Fraction(6), Fraction(0)]
    assert lift(values, [0, 0, 1, 1, 1], PRIMES[:1]).tolist() == [3, 2, 2, 3, 0]


def test_what_is_too_large_for_one_prime_waits_for_more():
    value = Fraction(10**8 + 7, 10**8 + 9)
    right = [10**8 + 9, 10**8 + 7]
    short = [lift([Fraction(1), value], [0, 0], PRIMES[:k]) for k in (1, 2)]
    assert all(found is None or found.tolist() != right for found in short)
    assert lift([Fraction(1), value], [0, 0], PRIMES[:3]).tolist() == right


def test_integers_beyond_float64_are_not_lifted():
    """2^53 of a group is more than its matrices are multiplied with."""
    for value, told in ((2**53 - 1, True), (2**53, False)):
        found = lift([Fraction(1), Fraction(value)], [0, 0], PRIMES)
        assert (found is not None) == told
