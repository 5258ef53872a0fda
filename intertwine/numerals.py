"""Integers in decimal, however long: orders of groups pass the 4300 digits that `str` allows."""

from __future__ import annotations

_MOST_DIGITS_OF_STR = 4000


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
