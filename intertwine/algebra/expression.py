"""Real algebraic numbers as people write them: `-1/2`, `sqrt(3)/2`, `cos(2*pi/5)`.

A text of known words alone is parsed into Python's syntax tree, of which a handful of nodes are
known; nothing is ever evaluated as code.  Square roots are of rationals, angles are rational
multiples of pi.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flint import fmpz

from intertwine.algebra.field import (
    MOST_DEGREE,
    Element,
    RealField,
    conductor_of_cosine,
    conductor_of_root,
    is_small,
    joined,
)
from intertwine.algebra.literal import LARGEST, WANTED, exact_text
from intertwine.errors import SpecError, shown

_LONGEST = 200
_LARGEST_POWER = 16
_MOST_BITS = 500
_DEEPEST = 40
_WORDS = re.compile(r"(?:[0-9]+(?![\w.])|sqrt|cos|sin|pi|[-+*/^() ])+")
_ADVICE = "write it with + - * / **, sqrt of a rational, and cos and sin of rational parts of pi"


@dataclass(frozen=True)
class Expression:
    """A number that a text says, and the conductor of a field that has it."""

    text: str
    tree: ast.expr
    conductor: int

    def value(self, field: RealField) -> Element:
        """The element of a field whose conductor is a multiple of this one's."""
        return _value(self.tree, field, self.text)


def parse_number(given: object) -> Expression:
    """The number that a spec writes: an integer, a text, or another exact number.

    >>> parse_number("sqrt(3)/2").conductor
    12
    >>> RealField().real(parse_number("-1/2").value(RealField()))
    -0.5
    """
    text = exact_text(given)
    if not text:
        raise SpecError("an empty text", WANTED, _ADVICE)
    if len(text) > _LONGEST:
        raise SpecError(shown(text), f"at most {_LONGEST} characters", _ADVICE)
    if not _WORDS.fullmatch(text):
        raise SpecError(shown(text), WANTED, _ADVICE)
    try:
        tree = ast.parse(text.replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise SpecError(shown(text), WANTED, _ADVICE) from None
    conductor = _conductor(tree, text, 0)
    if not is_small(conductor):
        raise SpecError(
            shown(text),
            f"a number of a field of degree at most {MOST_DEGREE} over the rationals",
            "take smaller roots, or angles that divide the circle into fewer parts",
        )
    number = Expression(text, tree, conductor)
    number.value(RealField(conductor))  # a division by zero is refused here, with its place
    return number


def _conductor(tree: ast.expr, text: str, depth: int) -> int:
    """The conductor of a field for the tree; refuses every node that is not known."""
    if depth > _DEEPEST:
        raise SpecError(shown(text), f"at most {_DEEPEST} nested operations", _ADVICE)
    match tree:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            if abs(value) > LARGEST:
                raise SpecError(shown(text), f"numbers up to {LARGEST}", "write smaller ones")
            return 1
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
            return _conductor(inner, text, depth + 1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            return joined(_conductor(left, text, depth + 1), _conductor(right, text, depth + 1))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            power = _rational(right, text)
            if power.denominator != 1 or abs(power) > _LARGEST_POWER:
                expected = f"whole powers of at most {_LARGEST_POWER}"
                raise SpecError(shown(text), expected, "write the product out")
            return _conductor(left, text, depth + 1)
        case ast.Call(func=ast.Name(id="sqrt"), args=[inner], keywords=[]):
            return conductor_of_root(_square_free(_radicand(inner, text))[1])
        case ast.Call(func=ast.Name(id="cos" | "sin" as name), args=[inner], keywords=[]):
            turn = _turn(inner, text) - (Fraction(1, 4) if name == "sin" else 0)
            return conductor_of_cosine(turn)
    raise SpecError(shown(text), WANTED, _ADVICE)


def _value(tree: ast.expr, field: RealField, text: str) -> Element:
    match tree:
        case ast.Constant(value=int(value)):
            return field.rational(value)
        case ast.UnaryOp(op=op, operand=inner):
            found = _value(inner, field, text)
            return -found if isinstance(op, ast.USub) else found
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, field, text), int(_rational(right, text)), field, text)
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _value(left, field, text), _value(right, field, text)
            if isinstance(op, ast.Add):
                return first + second
            if isinstance(op, ast.Sub):
                return first - second
            if isinstance(op, ast.Div):
                second = _inverse(second, field, text)
            return _bounded(field.reduced(first * second), text)
        case ast.Call(func=ast.Name(id="sqrt"), args=[inner]):
            factor, square_free = _square_free(_radicand(inner, text))
            return field.rational(factor) * field.root(square_free) if factor else 0 * field.root(1)
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            return field.cosine(_turn(inner, text) - (Fraction(1, 4) if name == "sin" else 0))
    raise AssertionError(f"{text} was not refused")


def _power(base: Element, exponent: int, field: RealField, text: str) -> Element:
    result = field.rational(1)
    factor = base if exponent >= 0 else _inverse(base, field, text)
    for _ in range(abs(exponent)):
        result = _bounded(field.reduced(result * factor), text)
    return result


def _bounded(element: Element, text: str) -> Element:
    """The element, unless its coefficients have grown out of all proportion."""
    if max(element.numer().height_bits(), element.denom().height_bits()) > _MOST_BITS:
        expected = f"numerators and denominators below 2^{_MOST_BITS}"
        raise SpecError(shown(text), expected, "take smaller powers")
    return element


def _inverse(element: Element, field: RealField, text: str) -> Element:
    try:
        return field.inverse(element)
    except ZeroDivisionError:
        raise SpecError(shown(text), "no division by zero", "correct the denominator") from None


@lru_cache(maxsize=256)
def _rational(tree: ast.expr, text: str) -> Fraction:
    """The value of a tree that is rational; towers of powers and roots ask for it many times."""
    if _conductor(tree, text, 1) != 1:
        raise SpecError(shown(text), "a rational number there", _ADVICE)
    field = RealField()
    coefficients = _value(tree, field, text).coeffs() or [0]
    return Fraction(str(coefficients[0]))


def _radicand(tree: ast.expr, text: str) -> Fraction:
    value = _rational(tree, text)
    if value < 0:
        raise SpecError(shown(text), "square roots of numbers from 0 up", "matrices are real here")
    return value


def _square_free(value: Fraction) -> tuple[Fraction, int]:
    """A square root as a rational times the root of a square-free integer."""
    whole = value.numerator * value.denominator
    if not whole:
        return Fraction(0), 1
    if whole > LARGEST**2:
        raise SpecError(
            f"sqrt({shown(str(value))})", "the root of a smaller number", "write a smaller one"
        )
    outside, inside = 1, 1
    for prime, exponent in fmpz(whole).factor():
        outside *= int(prime) ** (exponent // 2)
        inside *= int(prime) ** (exponent % 2)
    return Fraction(outside, value.denominator), inside


def _turn(tree: ast.expr, text: str) -> Fraction:
    """An angle that is a rational multiple of pi, in full turns."""
    constant, multiple = _linear(tree, text, 0)
    if constant:
        raise SpecError(shown(text), "angles that are rational multiples of pi", _ADVICE)
    return multiple / 2


def _linear(tree: ast.expr, text: str, depth: int) -> tuple[Fraction, Fraction]:
    """The a and b of `a + b pi`."""
    if depth > _DEEPEST:
        raise SpecError(shown(text), f"at most {_DEEPEST} nested operations", _ADVICE)
    match tree:
        case ast.Name(id="pi"):
            return Fraction(0), Fraction(1)
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return Fraction(value), Fraction(0)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=inner):
            a, b = _linear(inner, text, depth + 1)
            return (-a, -b) if isinstance(op, ast.USub) else (a, b)
        case ast.BinOp(left=left, op=op, right=right):
            (a, b), (c, d) = _linear(left, text, depth + 1), _linear(right, text, depth + 1)
            if isinstance(op, ast.Add):
                return a + c, b + d
            if isinstance(op, ast.Sub):
                return a - c, b - d
            if isinstance(op, ast.Mult) and not (b and d):
                return a * c, a * d + b * c
            if isinstance(op, ast.Div) and c and not d:
                return a / c, b / c
    raise SpecError(shown(text), "angles that are rational multiples of pi", _ADVICE)
