"""Targets: permutations and numbers, as people write them."""

from __future__ import annotations

import json
import re
from random import Random

import mpmath

from fuzz.mutation import respelled
from fuzz.target import Target, refusals, require
from intertwine.algebra.expression import parse_number
from intertwine.algebra.field import RealField
from intertwine.group.notation import parse_permutation, parse_signed

_PERMUTATIONS = ["()", "(0 1)", "(0 1 2)(3 4)", "(1,2)(3, 4)", "( 0 5 )", "(10 11 12)", "(0)",
                 "[1, 2, 0]", "[-2, 1, 3]", "[0]", "[]", "[2, 1]", "[1, 1]", "(0 0)", "(0 1",
                 "[1, true]", "[1.0, 0]", "(1 2)(2 3)", "[9223372036854775807]"]  # fmt: skip
_NUMBERS = ["0", "-1/2", "sqrt(3)/2", "cos(2*pi/5)", "sin(pi/3)", "2**3", "sqrt(1/2)+1", "-(1+2)",
            "cos(pi*2/7)*2", "1/(2-2)", "sqrt(sqrt(2))", "sqrt(-1)", "(1/3)^2", "cos(0)", "sin(1)",
            "1e3", "0.5", "sqrt(8)*sqrt(2)", "cos(-pi/4)-sin(pi/12)", "2^-3", "+1"]  # fmt: skip
_DIGITS = 300


def run_permutation(data: bytes) -> bool:
    """Parse: what is taken is a permutation, and reads back as itself."""
    text = data.decode("utf-8", "surrogateescape")
    base, text = (1, text[1:]) if text.startswith("1;") else (0, text)
    text = text.removeprefix(";")
    value: object = text
    if text.lstrip().startswith("["):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return False
    with refusals(2, 4, memory=1 << 20) as refused:
        found = parse_permutation(value, None, base)
        again = parse_permutation(str(found), found.degree)
        require(sorted(found.images.tolist()) == list(range(found.degree)), "no permutation")
        require(again.images.tolist() == found.images.tolist(), f"{found} reads otherwise")
    if isinstance(value, list):
        with refusals(2, 4):
            signed = parse_signed(value)
            pairs = [
                (image + 1) * (1 if signed.signs is None else int(signed.signs[place]))
                for place, image in enumerate(signed.images.tolist())
            ]
            require(pairs == value, f"{signed} is not {value}")
    return not refused


def run_number(data: bytes) -> bool:
    """Parse: what is taken has the value that arithmetic of many digits gives."""
    text = data.decode("utf-8", "surrogateescape")
    with refusals(2, 4) as refused:
        number = parse_number(text)
        field = RealField(number.conductor)
        found = field.real(number.value(field))
        expected = _many_digits(number.text)
        if 1e-200 < abs(expected) < 1e200 or not expected:
            error = abs(mpmath.mpf(found) - expected)
            require(error <= 1e-12 * (1 + abs(expected)) or _cancels(expected, number.text),
                    f"{text} is {found}, not {mpmath.nstr(expected, 20)}")  # fmt: skip
    return not refused


def _many_digits(text: str) -> mpmath.mpf:
    """Python's own reading of a text of which `parse_number` knows every word."""
    with mpmath.workdps(_DIGITS):
        spelled = re.sub(r"([0-9]+)", r"mpf(\1)", text.replace("^", "**"))
        names = {n: getattr(mpmath.mp, n) for n in ("mpf", "sqrt", "cos", "sin", "pi")}
        return eval(spelled, {"__builtins__": {}}, names)


def _cancels(expected: mpmath.mpf, text: str) -> bool:
    """Whether large terms leave a small difference, which doubles round."""
    return len(re.findall(r"[0-9]", text)) > 15 and abs(expected) < 1e30


def _mutator(words: list[str]):
    spelled = [word.encode() for word in words]

    def mutate(data: bytes, random: Random) -> bytes:
        return respelled(data, random, spelled)

    return mutate


PERMUTATION_WORDS = ["(", ")", ",", " ", "0", "1", "2", "17", "[", "]", "-1", "1;", ")(", "9" * 18]
NUMBER_WORDS = ["sqrt(", "cos(", "sin(", "pi", "+", "-", "*", "/", "**", "^", "(", ")", "1", "2",
                "3", "5", "7", "12", "1000000007", " "]  # fmt: skip
PERMUTATIONS = Target(
    "permutations",
    "cycles, image lists and signed image lists, each read back",
    lambda: [text.encode() for text in _PERMUTATIONS],
    run_permutation,
    _mutator(PERMUTATION_WORDS),
    tuple(PERMUTATION_WORDS),
)
NUMBERS = Target(
    "numbers",
    "entries of matrices, each against 300 digits of mpmath",
    lambda: [text.encode() for text in _NUMBERS],
    run_number,
    _mutator(NUMBER_WORDS),
    tuple(NUMBER_WORDS),
)
