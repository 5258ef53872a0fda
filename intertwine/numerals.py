"""Integers in words: in decimal, however long, as `str` allows 4300 digits; and what they count."""

from __future__ import annotations

_MOST_DIGITS_OF_STR = 4000
_PLURALS = {"y": "ies", "ix": "ices", "ex": "ices", "is": "es", "s": "ses"}


def decimal(number: int) -> str:
    """All digits of a non-negative integer; long ones by FLINT, in half a second for 10^6!.

    >>> len(decimal(10**5000))
    5001
    """
    if number < 10**_MOST_DIGITS_OF_STR:
        return str(number)
    from flint import fmpz

    return str(fmpz(number).str())


def short(number: int) -> str:
    """At most 24 characters: exact where that is enough, else four leading digits and the power.

    >>> short(43252003274489856000), short(10**40)
    ('43252003274489856000', '1.000e40')
    """
    if number < 10**24:
        return str(number)
    text = decimal(number)
    return f"{text[0]}.{text[1:4]}e{len(text) - 1}"


def many(count: int, noun: str) -> str:
    """A number of things.

    >>> many(1, "entry"), many(2, "entry"), many(0, "vertex"), many(3, "class"), many(1, "axis")
    ('1 entry', '2 entries', '0 vertices', '3 classes', '1 axis')
    """
    if count == 1:
        return f"1 {noun}"
    for ending, plural in _PLURALS.items():
        if noun.endswith(ending):
            return f"{short(count)} {noun.removesuffix(ending)}{plural}"
    return f"{short(count)} {noun}s"
