"""The two kinds of numbers in which matrices are multiplied: residues modulo a prime, and reals.

A prime that is 1 modulo n has the n-th roots of unity among its residues, so that reduction is a
ring homomorphism from Q(2 cos(2 pi / n)), away from denominators.  What residues say of a finite
group is exact: see `hom.local`.  Reals are rounded, and decide nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpz, nmod_mat
from numpy.typing import NDArray

from intertwine.algebra.field import Element, RealField, joined
from intertwine.algebra.matrix import ExactMatrix

Array = NDArray[Any]

# Below it, a float64 holds a sum of as many products of residues exactly.
_BELOW = 1 << 23
_PRODUCTS = 128


class Scalars(ABC):
    """Numbers of one kind, in arrays."""

    dtype: type[np.int64] | type[np.float64]

    @abstractmethod
    def of(self, matrix: ExactMatrix) -> Array:
        """The entries of an exact matrix."""

    @abstractmethod
    def reduced(self, values: Array) -> Array:
        """Sums and products brought back among the numbers of this kind."""

    @abstractmethod
    def product(self, left: Array, right: Array) -> Array:
        """The matrix product of dense arrays."""

    @abstractmethod
    def divided(self, values: Array, divisor: int) -> Array:
        """The values divided by an integer."""

    @abstractmethod
    def inverse(self, matrix: Array) -> Array:
        """The inverse of a square matrix that has one."""

    def identity(self, size: int) -> Array:
        """The identity matrix."""
        return np.eye(size, dtype=self.dtype)


@dataclass(frozen=True)
class Reals(Scalars):
    """Rounded real numbers."""

    dtype = np.float64

    def of(self, matrix: ExactMatrix) -> Array:
        """Each entry rounded once."""
        return matrix.real()

    def reduced(self, values: Array) -> Array:
        """As they are."""
        return values

    def product(self, left: Array, right: Array) -> Array:
        """As NumPy multiplies."""
        return np.asarray(left @ right)

    def divided(self, values: Array, divisor: int) -> Array:
        """Rounded."""
        return np.asarray(values / divisor)

    def inverse(self, matrix: Array) -> Array:
        """Rounded."""
        return np.asarray(np.linalg.inv(matrix))


@dataclass(frozen=True)
class Modulus(Scalars):
    """Residues modulo a prime that is 1 modulo `conductor`; every one stands in 0 .. prime - 1.

    >>> modulus = Modulus.below(5)
    >>> modulus.prime % 5, pow(modulus.zeta, 5, modulus.prime)
    (1, 1)
    """

    dtype = np.int64

    prime: int
    zeta: int
    conductor: int

    @classmethod
    def below(cls, conductor: int, skipped: int = 0) -> Modulus:
        """The largest such prime below 2^23, or the next ones down."""
        prime = _BELOW - (_BELOW - 1) % conductor
        while True:
            if prime < _BELOW and fmpz(prime).is_prime():
                if not skipped:
                    return cls(prime, _root_of_unity(prime, conductor), conductor)
                skipped -= 1
            prime -= conductor

    @classmethod
    def suiting(cls, matrices: Iterable[ExactMatrix], skipped: int = 0) -> Modulus:
        """One that all these matrices can be reduced by, which divides no denominator."""
        several = list(matrices)
        conductor = joined(*(m.field.conductor for m in several))
        denominators = {
            int(entry.denom()) for m in several for row in m.rows for entry in row if entry
        }
        number = 0
        while True:
            modulus = cls.below(conductor, number)
            number += 1
            if all(d % modulus.prime for d in denominators):
                if not skipped:
                    return modulus
                skipped -= 1

    def of(self, matrix: ExactMatrix) -> Array:
        """Each entry at the residue of 2 cos(2 pi / n).

        Raises:
            ArithmeticError: the field has no such residue, or the prime divides a denominator.
        """
        generator = 0 if matrix.conductor == 1 else self._generator(matrix.field)
        known: dict[str, int] = {}
        rows = [[self._residue(x, generator, known) for x in row] for row in matrix.rows]
        return np.array(rows, dtype=np.int64).reshape(matrix.shape)

    def _generator(self, field: RealField) -> int:
        """The residue of 2 cos(2 pi / n), a root of its minimal polynomial, or none at all."""
        root = pow(self.zeta, self.conductor // field.conductor, self.prime)
        generator = (root + pow(root, -1, self.prime)) % self.prime
        if self._value(field.modulus, generator):
            raise ArithmeticError(f"{field} has no residues by {self}")
        return generator

    def _residue(self, element: Element, generator: int, known: dict[str, int]) -> int:
        key = str(element)
        if key not in known:
            known[key] = self._value(element, generator)
        return known[key]

    def _value(self, element: Element, generator: int) -> int:
        """A polynomial at a residue, by Horner's rule."""
        value = 0
        for c in reversed(element.coeffs()):
            if not int(c.q) % self.prime:
                raise ArithmeticError(f"{c} has no residue by {self}")
            value = (value * generator + int(c.p) * pow(int(c.q), -1, self.prime)) % self.prime
        return value

    def reduced(self, values: Array) -> Array:
        """Modulo the prime."""
        return np.asarray(values % self.prime)

    def divided(self, values: Array, divisor: int) -> Array:
        """By its inverse."""
        return np.asarray(values * pow(divisor, -1, self.prime) % self.prime)

    def product(self, left: Array, right: Array) -> Array:
        """Exactly, in float64: so many products at a time as it holds."""
        total = np.zeros((left.shape[0], right.shape[1]), dtype=np.int64)
        for start in range(0, left.shape[1], _PRODUCTS):
            stop = start + _PRODUCTS
            part = left[:, start:stop].astype(np.float64) @ right[start:stop].astype(np.float64)
            total += part.astype(np.int64) % self.prime
        return total % self.prime

    def echelon(self, rows: Array) -> tuple[Array, NDArray[np.intp]]:
        """The reduced echelon form, without zero rows, and its pivots."""
        height, width = rows.shape
        if not height or not width:
            return np.zeros((0, width), dtype=np.int64), np.empty(0, dtype=np.intp)
        reduced, rank = nmod_mat(height, width, rows.ravel().tolist(), self.prime).rref()
        entries = [int(x) for x in reduced.entries()[: rank * width]]
        table = np.array(entries, dtype=np.int64).reshape(rank, width)
        return table, (table != 0).argmax(axis=1) if rank else np.empty(0, dtype=np.intp)

    def nullspace(self, rows: Array) -> tuple[Array, NDArray[np.intp]]:
        """The reduced echelon basis of all x with `rows x = 0`, and its pivots."""
        width = rows.shape[1]
        # Columns are reversed so that the free unknown of each basis vector is its first entry.
        table, bound = self.echelon(rows[:, ::-1])
        free = np.setdiff1d(np.arange(width), bound)
        basis = np.zeros((len(free), width), dtype=np.int64)
        basis[np.arange(len(free)), free] = 1
        basis[:, bound] = -table[:, free].T % self.prime
        return basis[::-1, ::-1], (width - 1 - free[::-1]).astype(np.intp)

    def inverse(self, matrix: Array) -> Array:
        """The inverse of a square matrix that has one."""
        size = len(matrix)
        found = nmod_mat(size, size, matrix.ravel().tolist(), self.prime).inv()
        return np.array([int(x) for x in found.entries()], dtype=np.int64).reshape(size, size)

    def factors(self, matrix: Array) -> list[list[int]]:
        """The irreducible factors of the characteristic polynomial, from the constant term on."""
        size = len(matrix)
        whole = nmod_mat(size, size, matrix.ravel().tolist(), self.prime).charpoly()
        found = [[int(c) for c in factor.coeffs()] for factor, _ in whole.factor()[1]]
        return sorted(found, key=lambda coefficients: (len(coefficients), coefficients))

    def evaluated(self, coefficients: Sequence[int], matrix: Array) -> Array:
        """A polynomial of a matrix, by Horner's rule."""
        one = self.identity(len(matrix))
        result = coefficients[-1] * one
        for coefficient in reversed(coefficients[:-1]):
            result = (self.product(result, matrix) + coefficient * one) % self.prime
        return result

    def reduced_basis(self, rows: Array) -> tuple[Array, NDArray[np.intp]]:
        """The reduced echelon form of rows that are independent, and its pivots.

        Some columns at a time are eliminated, and the rows are multiplied once.
        """
        rest, pivots = self.identity(len(rows)), []
        for start in range(0, rows.shape[1], _PRODUCTS):
            if not len(rest):
                break
            block = self.product(rest, rows[:, start : start + _PRODUCTS])
            width = block.shape[1]
            if not block.any():
                continue
            table, found = self.echelon(np.concatenate([block, self.identity(len(rest))], axis=1))
            inside = int((found < width).sum())
            pivots += (start + found[:inside]).tolist()
            rest = self.product(table[inside:, width:], rest)
        inverse = self.inverse(rows[:, pivots])
        return self.product(inverse, rows), np.array(pivots, dtype=np.intp)


REALS = Reals()


def _root_of_unity(prime: int, order: int) -> int:
    """A primitive root of unity of this order among the residues."""
    factors = [int(q) for q, _ in fmpz(order).factor()] if order > 1 else []
    for candidate in range(2, prime):
        root = pow(candidate, (prime - 1) // order, prime)
        if all(pow(root, order // q, prime) != 1 for q in factors):
            return root
    raise AssertionError("the residues of a prime have every such root")
