"""Real abelian number fields, exactly: the rationals with the cosines of some regular polygon.

By Kronecker and Weber every real number whose field is abelian over the rationals lies in some
Q(2 cos(2 pi / n)): all square roots of rationals, and all sines and cosines of rational multiples
of pi.  An element is a polynomial in 2 cos(2 pi / n), reduced by its minimal polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from flint import arb, ctx, fmpq, fmpq_poly, fmpz, fmpz_poly

# What FLINT calls a polynomial; its types are not known to the type checker.
Element = Any

MOST_DEGREE = 48
_LARGEST_CONDUCTOR = 1000
_BITS = 200
_ACCURATE = 64
# By the denominator of the turn; all primitive turns of these have one cosine (Niven).
_RATIONAL_COSINES = {
    1: Fraction(1), 2: Fraction(-1), 3: Fraction(-1, 2), 4: Fraction(0), 6: Fraction(1, 2),
}  # fmt: skip


@dataclass(frozen=True)
class RealField:
    """Q(2 cos(2 pi / conductor)); the rationals for the conductor 1.

    >>> field = RealField(5)
    >>> print(field, field.degree, field.real(field.root(5)))
    Q(2 cos(2 pi/5)) 2 2.23606797749979
    """

    conductor: int = 1

    @cached_property
    def modulus(self) -> Element:
        """The minimal polynomial of the generator."""
        if self.conductor == 1:
            return fmpq_poly([-2, 1])
        return fmpq_poly(fmpz_poly.cos_minpoly(self.conductor))

    @property
    def degree(self) -> int:
        """The dimension over the rationals."""
        return int(self.modulus.degree())

    @cached_property
    def _cosines(self) -> list[Element]:
        """2 cos(2 pi k / conductor) for k = 0, 1, ..., by Chebyshev's recurrence."""
        generator = self.reduced(fmpq_poly([0, 1]))
        found = [fmpq_poly([2]), generator]
        while len(found) < self.conductor:
            found.append(self.reduced(generator * found[-1] - found[-2]))
        return found

    def reduced(self, element: Element) -> Element:
        """The remainder by the minimal polynomial."""
        return element % self.modulus

    def rational(self, value: Fraction | int) -> Element:
        """A rational number."""
        exact = Fraction(value)
        return fmpq_poly([fmpq(exact.numerator, exact.denominator)])

    def cosine(self, turn: Fraction) -> Element:
        """cos(2 pi turn), of a field whose conductor allows it."""
        turn %= 1
        if turn.denominator in _RATIONAL_COSINES:
            return self.rational(_RATIONAL_COSINES[turn.denominator])
        if self.conductor % turn.denominator:
            return -self.cosine(turn + Fraction(1, 2))
        return self._cosines[int(turn * self.conductor)] / 2

    def root(self, square_free: int) -> Element:
        """The positive square root of a square-free positive integer, by Gauss sums."""
        result = fmpq_poly([1])
        for prime, _ in fmpz(square_free).factor():
            result = self.reduced(result * self._prime_root(int(prime)))
        return result

    def _prime_root(self, prime: int) -> Element:
        if prime == 2:
            return 2 * self.cosine(Fraction(1, 8))
        late = Fraction(1 if prime % 4 == 3 else 0, 4)
        total = fmpq_poly([0])
        for k in range(1, prime):
            wave = self.cosine(Fraction(k, prime) - late)
            total = total + int(fmpz(k).jacobi(prime)) * wave
        return total

    def inverse(self, element: Element) -> Element:
        """The inverse of an element; raises ZeroDivisionError for zero."""
        if not element:
            raise ZeroDivisionError
        _, inverse, _ = element.xgcd(self.modulus)
        return self.reduced(inverse)

    def real(self, element: Element) -> float:
        """The number itself, rounded once."""
        before, ctx.prec = ctx.prec, _BITS
        try:
            while True:
                generator = 2 * arb.cos(2 * arb.pi() / self.conductor)
                value = arb(0)
                for coefficient in reversed(element.coeffs()):
                    value = value * generator + arb(coefficient)
                # No element but zero cancels at every precision.
                if not element or value.rel_accuracy_bits() > _ACCURATE:
                    return float(value.mid())
                ctx.prec *= 2
        finally:
            ctx.prec = before

    def __str__(self) -> str:
        return "Q" if self.degree == 1 else f"Q(2 cos(2 pi/{self.conductor}))"


def conductor_of_cosine(turn: Fraction) -> int:
    """The conductor of the least field that has cos(2 pi turn).

    >>> [conductor_of_cosine(Fraction(1, n)) for n in (1, 2, 3, 4, 5, 8, 10, 12)]
    [1, 1, 1, 1, 5, 8, 5, 12]
    """
    least = (turn % 1).denominator
    if least % 4 == 2:
        least //= 2
    return 1 if least in (1, 3, 4) else least


def conductor_of_root(square_free: int) -> int:
    """The conductor of a field in which `RealField.root` finds the square root.

    >>> [conductor_of_root(n) for n in (1, 2, 3, 5, 6)]
    [1, 8, 12, 5, 24]
    """
    primes = [int(prime) for prime, _ in fmpz(square_free).factor()]
    return lcm(1, *(8 if p == 2 else p if p % 4 == 1 else 4 * p for p in primes))


def joined(*conductors: int) -> int:
    """The conductor of a field that has all fields of these conductors."""
    return lcm(1, *conductors)


def is_small(conductor: int) -> bool:
    """Whether the field of this conductor is small enough to compute in."""
    if conductor > _LARGEST_CONDUCTOR:
        return False
    return int(fmpz(conductor).euler_phi()) <= 2 * MOST_DEGREE
