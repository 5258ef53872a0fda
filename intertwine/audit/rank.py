"""Exact ranks: which rows of an integer matrix do not depend on those before them."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

from intertwine.algebra.scalars import Modulus
from intertwine.errors import CertificateError

Integers = NDArray[np.int64]

_LARGEST_DENOMINATOR = 4096
_SAME = 1e-12
_NOTHING = 1e-12
_DOUBTFUL = 1e-7
_LARGEST = 2**53
_MOST_PRIMES = 8


def integer_rows(table: NDArray[np.float64], scale: float) -> Integers | None:
    """Each row times a number that makes integers of all its entries, or None.

    Rows are divided by their largest entry; what is then no fraction of a denominator up to 4096,
    to twelve digits, is not recognised, nor is a row between the rounding of numbers of size
    `scale` and what stands out of it.

    >>> integer_rows(np.array([[1 / 3, 0.5], [0, 2**0.5]]), 1.0).tolist()
    [[2, 3], [0, 1]]
    """
    sizes = np.abs(table).max(axis=1, initial=0)
    busy = sizes > _NOTHING * scale
    if (busy & (sizes < _DOUBTFUL * scale)).any():
        return None
    shares = table / np.where(busy, sizes, np.inf)[:, None]
    values, places = np.unique(np.round(shares, 13), return_inverse=True)
    fractions = [Fraction(x).limit_denominator(_LARGEST_DENOMINATOR) for x in values.tolist()]
    if any(abs(float(f) - x) > _SAME for f, x in zip(fractions, values.tolist(), strict=True)):
        return None
    numerators = np.array([f.numerator for f in fractions], dtype=np.int64)
    denominators = np.array([f.denominator for f in fractions], dtype=np.int64)
    places = places.reshape(table.shape)
    found = np.zeros(table.shape, dtype=np.int64)
    for row, own in zip(found, places, strict=True):
        common = lcm(*np.unique(denominators[own]).tolist())
        if common >= _LARGEST // _LARGEST_DENOMINATOR:
            return None
        row[:] = numerators[own] * (common // denominators[own])
    return found


def independent_rows(table: Integers) -> NDArray[np.intp]:
    """The numbers of the rows that are not rational combinations of the rows before them.

    Rows that are independent modulo a prime are independent.  That all others depend on those
    before them is proved in integers: their coefficients are solved for and multiplied out.

    >>> independent_rows(np.array([[0, 0], [1, 2], [2, 4], [0, 3]])).tolist()
    [1, 3]
    """
    distinct = np.unique(table, axis=1)
    for number in range(_MOST_PRIMES):
        modulus = Modulus.below(1, number)
        residues = distinct % modulus.prime
        _, rows = modulus.echelon(residues.T)
        _, columns = modulus.echelon(residues[rows])
        if _depend(distinct, rows, columns):
            return rows
    raise CertificateError("a rank is another modulo several primes")


def _depend(table: Integers, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> bool:
    """Whether all other rows are combinations of those of `rows` that come before them."""
    others = np.setdiff1d(np.arange(len(table)), rows)
    if not len(others) or not len(rows):
        return not table[others].any()
    minor, given = table[np.ix_(rows, columns)], table[np.ix_(others, columns)]
    solved = _matrix(minor.T).solve(_matrix(given.T)).transpose()
    numerators, denominator = solved.numer_denom()
    coefficients = np.array(numerators.tolist(), dtype=object).reshape(len(others), len(rows))
    early = rows[None] < others[:, None]
    whole = numerators * _matrix(table[rows]) == denominator * _matrix(table[others])
    return bool(whole and not (coefficients[~early] != 0).any())


def _matrix(table: Integers) -> Any:
    height, width = table.shape
    return fmpz_mat(height, width, table.ravel().tolist())
