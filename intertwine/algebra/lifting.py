"""From residues back to rationals: the least fraction that a residue can stand for."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, isqrt, lcm

import numpy as np
from numpy.typing import NDArray


def fraction_of(residue: int, modulus: int) -> Fraction | None:
    """The fraction of least size that is `residue` modulo `modulus` (Wang 1981), if there is one.

    >>> fraction_of(pow(3, -1, 101) * 2 % 101, 101)
    Fraction(2, 3)
    """
    bound = isqrt(modulus // 2)
    a, b, u, v = modulus, residue % modulus, 0, 1
    while b > bound:
        quotient = a // b
        a, b, u, v = b, a - quotient * b, v, u - quotient * v
    if not v or abs(v) > bound or gcd(b, v) != 1:
        return None
    return Fraction(b, v)


def combined(residues: list[NDArray[np.int64]], primes: list[int]) -> tuple[list[int], int]:
    """The residues modulo the product of the primes, by the Chinese remainder theorem."""
    modulus = 1
    values = [0] * len(residues[0])
    for found, prime in zip(residues, primes, strict=True):
        inverse = pow(modulus, -1, prime)
        values = [
            value + modulus * ((int(new) - value) * inverse % prime)
            for value, new in zip(values, found.tolist(), strict=True)
        ]
        modulus *= prime
    return values, modulus


def lifted(
    residues: list[NDArray[np.int64]], primes: list[int], groups: NDArray[np.intp]
) -> NDArray[np.int64] | None:
    """Integers in the same proportions, group by group, as the rationals that the residues are.

    `groups` numbers the group of each entry; each group is scaled to integers without a common
    factor.  None where some residue is that of no fraction small enough to be told.

    >>> half, third = pow(2, -1, 101), pow(3, -1, 101)
    >>> lifted([np.array([1, half, 0, third])], [101], np.array([0, 0, 0, 1])).tolist()
    [2, 1, 0, 1]
    """
    together, inverse = np.unique(np.stack(residues), axis=1, return_inverse=True)
    values, modulus = combined(list(together), primes)
    fractions = [fraction_of(value, modulus) for value in values]
    pairs, places = np.unique(np.stack([groups, inverse.ravel()]), axis=1, return_inverse=True)
    scales: dict[int, int] = {}
    found = []
    for group, place in pairs.T.tolist():
        fraction = fractions[place]
        if fraction is None:
            return None
        found.append((group, fraction))
        scales[group] = lcm(scales.get(group, 1), fraction.denominator)
    contents: dict[int, int] = {}
    for group, fraction in found:
        contents[group] = gcd(contents.get(group, 0), int(fraction * scales[group]))
    table = [int(f * scales[group]) // (contents[group] or 1) for group, f in found]
    if any(abs(value) >= 1 << 53 for value in table):
        return None
    return np.array(table, dtype=np.int64)[places.ravel()]
