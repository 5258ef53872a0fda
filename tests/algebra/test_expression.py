"""Numbers as people write them, against SymPy."""

import signal
import time

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from intertwine.algebra.expression import parse_number
from intertwine.algebra.field import RealField
from intertwine.errors import SpecError

LEAVES = st.one_of(
    st.integers(0, 12).map(str),
    st.sampled_from(["sqrt(2)", "sqrt(3)", "sqrt(1/2)", "sqrt(12)", "cos(pi/3)", "sin(pi/4)",
                     "cos(2*pi/5)", "sin(-pi/6 + pi)", "cos(0)", "sqrt(0)"]),
)  # fmt: skip
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"-({t})"),
        st.tuples(inner, st.integers(-2, 3)).map(lambda t: f"({t[0]})**({t[1]})"),
    ),
    max_leaves=4,
)


def value(text):
    number = parse_number(text)
    field = RealField(number.conductor)
    return field.real(number.value(field))


@given(TEXTS)
def test_values_are_those_of_sympy(text):
    expected = sympy.sympify(text, rational=True)
    if expected.has(sympy.zoo, sympy.nan):
        with pytest.raises(SpecError, match="no division by zero"):
            value(text)
        return
    try:
        found = value(text)
    except SpecError as error:  # a zero that SymPy cancels before dividing by it
        assert any(word in str(error) for word in ("division by zero", "degree", "below 2^"))
        return
    assert abs(found - complex(expected.evalf(30))) <= 1e-12 * max(1, abs(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (3, 3), ("-1/2", -0.5), ("2^3", 8), ("-2**2", -4), ("sqrt(3)/2", 3**0.5 / 2),
        ("2*cos(2*pi/5)", (5**0.5 - 1) / 2), ("sin(pi/3)", 3**0.5 / 2), ("cos(3*pi/2)", 0),
        ("sqrt(8/9)", 8**0.5 / 3), (" 7 ", 7), ("sqrt(2)*sqrt(3)*sqrt(6)", 6),
        ("(1 + sqrt(5))/2 - 2*cos(pi/5)", 0), ("cos(-(pi)/4)", 0.5**0.5), ("0**0", 1),
    ],
)  # fmt: skip
def test_texts_have_the_values_of_mathematics(text, expected):
    assert value(text) == pytest.approx(expected, abs=1e-15, rel=1e-15)


def test_zero_is_exactly_zero():
    number = parse_number("(1 + sqrt(5))/2 - 2*cos(pi/5)")
    assert not number.value(RealField(number.conductor))


@pytest.mark.parametrize(
    "given",
    [0.5, True, None, [1], "0.5", "1e3", "x", "pi", "sqrt(-1)", "sqrt(sqrt(2))", "cos(1)",
     "cos(pi*pi)", "cos(1/pi)", "1/0", "1/(sqrt(2)-sqrt(2))", "0**-1", "2**17", "2**(1/2)",
     "2**sqrt(2)", "", "(", "__import__('os')", "sqrt(2, 3)", "sqrt(x=2)", "1 if 1 else 2", "a.b",
     "[1]", "1,2", "10**13*0+9999999999999", 10**13, "cos(pi/10007)", "sqrt(10007)", "1" * 201,
     "(" * 90 + "1" + ")" * 90 + "+", "-" * 60 + "1", "tan(pi/4)", "True", "1//2", "5 % 3"],
)  # fmt: skip
def test_everything_else_is_refused(given):
    with pytest.raises(SpecError):
        value(given)


def test_short_texts_take_no_time():
    def stop(*_):
        raise TimeoutError

    text = "2"
    for _ in range(7):
        text = f"({text})**16"
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    start = time.perf_counter()
    try:
        with pytest.raises(SpecError):
            value(text)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.perf_counter() - start < 0.5
