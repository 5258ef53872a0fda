"""Exact factorials of large numbers, by FLINT: 10^6! in a tenth of a second."""

from __future__ import annotations

from flint import fmpz

from intertwine.limits import require


def factorial(n: int) -> int:
    """The factorial n!, refused where the number itself would not fit in memory.

    >>> factorial(20)
    2432902008176640000
    """
    require(n * n.bit_length(), f"the order {n}!", "count without the order")
    return int(fmpz.fac_ui(n))  # type: ignore[arg-type]
