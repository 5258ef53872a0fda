"""Exact numbers of Python, NumPy and SymPy as the texts that `expression` reads."""

from __future__ import annotations

from fractions import Fraction
from math import acos, cos, isfinite, pi, sqrt
from numbers import Rational, Real

from intertwine.errors import SpecError, shown

WANTED = 'numbers such as 2, "-1/2", "sqrt(3)/2" or "cos(2*pi/5)"'
_EXACT = "write decimals as fractions in quotes, for a rounded number has no exact symmetry"
LARGEST = 10**12
_LARGEST_DENOMINATOR = 60
_NEAR = 1e-7


def exact_text(given: object) -> str:
    """The text of an exact number; refuses whatever may have been rounded.

    Integers, fractions and whole floats are exact, and so are numbers of SymPy, by their own text.

    >>> exact_text(Fraction(-1, 2)), exact_text(2.0), exact_text("sqrt(3)/2")
    ('-1/2', '2', 'sqrt(3)/2')
    """
    if isinstance(given, str):
        return given.strip()
    if isinstance(given, Rational) and not isinstance(given, bool):
        return _rational(Fraction(int(given.numerator), int(given.denominator)))
    if isinstance(given, Real) and not isinstance(given, bool):
        return _whole(float(given), given)
    if type(given).__module__.partition(".")[0] == "sympy" and not _is_rounded(given):
        return str(given)
    raise SpecError(f"{shown(given)}, of type {type(given).__name__}", WANTED, _EXACT)


def _rational(value: Fraction) -> str:
    if max(abs(value.numerator), value.denominator) > LARGEST:
        large = value.numerator if value.denominator == 1 else value
        raise SpecError(shown(large), f"numbers up to {LARGEST}", "write a smaller one")
    return str(value)


def _whole(value: float, given: object) -> str:
    if value.is_integer():
        return _rational(Fraction(value))
    near = _nearby(value) if isfinite(value) else None
    raise SpecError(
        f"{shown(str(given))}, of type {type(given).__name__}",
        WANTED,
        f'write "{near}" if you mean that, for a rounded number has no exact symmetry'
        if near
        else _EXACT,
    )


def _nearby(value: float) -> str | None:
    """A small fraction, root of one, or cosine of a part of pi, that a float may stand for."""
    sign = "-" if value < 0 else ""
    fraction = _small(value)
    if abs(value - fraction) < _NEAR:
        return str(fraction)
    square = _small(value * value)
    if abs(abs(value) - sqrt(square)) < _NEAR:
        return f"{sign}sqrt({square})"
    angle = _small(acos(value) / pi) if abs(value) < 1 else Fraction(0)
    if abs(value - cos(pi * angle)) < _NEAR:
        return f"cos({angle.numerator}*pi/{angle.denominator})"
    return None


def _small(value: float) -> Fraction:
    return Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)


def _is_rounded(number: object) -> bool:
    """Whether an expression of SymPy holds a float."""
    atoms = getattr(number, "atoms", None)
    return atoms is None or any(atom.is_Float for atom in atoms())
