"""Exact factorials of large numbers, by FLINT: 10^6! in a tenth of a second."""

from __future__ import annotations

from flint import fmpz

from intertwine.errors import TooLargeError
from intertwine.numerals import short

_LARGEST = 1 << 21


def factorial(n: int) -> int:
    """The factorial n!, refused where it has more than 12 million digits.

    >>> factorial(20)
    2432902008176640000
    """
    if n > _LARGEST:
        raise TooLargeError(
            f"the order {short(n)}! has more than 12 million digits, which nobody reads; "
            "take fewer points, or ask for the dimension alone with `intertwine count`"
        )
    return int(fmpz.fac_ui(n))  # type: ignore[arg-type]
