"""Recognising the giants Sym(n) and Alt(n) by Jordan's theorem.

A transitive group of degree n that contains an element with a cycle of prime length p,
n/2 < p < n - 2, contains Alt(n) (Jordan 1873; Seress, Permutation Group Algorithms, 10.2.2): a
power of the element is a p-cycle, a group with a cycle longer than half its points is primitive,
and a primitive group with a p-cycle fixing three points is a giant.  The search for the element is
random, the conclusion is proved; finding none proves nothing and `None` is returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intertwine.group.disjoint import on_moved_points
from intertwine.group.factorial import factorial
from intertwine.group.orbit import orbit_labels
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.group.random import RandomElements

_SMALLEST_DEGREE = 8
_TRIES_A_BIT = 20


@dataclass(frozen=True)
class Giant:
    """Sym(degree), or Alt(degree) where `even`."""

    degree: int
    even: bool

    @property
    def order(self) -> int:
        """The order, n! or n!/2."""
        return factorial(self.degree) // (2 if self.even else 1)

    @property
    def transitivity(self) -> int:
        """The largest t of its transitivity: n for Sym(n), n - 2 for Alt(n)."""
        return self.degree - (2 if self.even else 0)


def recognise_giant(generators: Sequence[Indices]) -> Giant | None:
    """The giant that these permutations provably generate, or `None`.

    >>> shift, swap = np.roll(np.arange(20), -1), np.array([1, 0, *range(2, 20)])
    >>> recognise_giant([shift, swap])
    Giant(degree=20, even=False)
    >>> recognise_giant([shift]) is None
    True
    """
    degree = len(generators[0]) if generators else 0
    if degree < _SMALLEST_DEGREE or orbit_labels(generators, degree).any():
        return None
    elements = [SignedPermutation(images) for images in generators]
    source = RandomElements(elements)
    for _ in range(_TRIES_A_BIT * degree.bit_length()):
        length = _first_cycle(source.draw().images)
        if degree < 2 * length < 2 * (degree - 2) and _is_prime(length):
            return Giant(degree, even=all(g.parity() == 1 for g in elements))
    return None


def giant_on_moved_points(generators: Sequence[Indices]) -> Giant | None:
    """The giant that these permutations provably are on the points that they move, or `None`.

    >>> giant_on_moved_points([np.array([0, *range(2, 20), 1]), np.array([0, 2, 1, *range(3, 20)])])
    Giant(degree=19, even=False)
    """
    if not generators:
        return None
    return recognise_giant(on_moved_points(generators))


def _first_cycle(images: Indices) -> int:
    """The length of the cycle through point 0, which any cycle of half the points likely is."""
    point, length = images.item(0), 1
    while point:
        point, length = images.item(point), length + 1
    return length


def _is_prime(number: int) -> bool:
    return number > 1 and bool(np.all(number % np.arange(2, int(number**0.5) + 1)))
