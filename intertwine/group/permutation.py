"""Signed permutations, and THE convention of this package.

Left actions.  A permutation is its image list `p`: point `i` goes to `p[i]`, and
`(g * h)(x) = g(h(x))`.  On vectors `(g x)[p[i]] = s[i] x[i]`, where `s` is all ones for a plain
permutation: the matrix of `g` has the entry `s[i]` in row `p[i]`, column `i`.  SymPy composes the
other way and GAP acts from the right: conversions happen at the boundary, nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Signs = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class SignedPermutation:
    """A bijection of `degree` points with a sign a point; `signs is None` means all are +1.

    >>> g = SignedPermutation.of([1, 2, 0])
    >>> print(g, g * g, g.inverse() * g)
    (0 1 2) (0 2 1) ()
    >>> print(SignedPermutation.of([1, 0], [-1, 1]))
    (0 1)[-,+]
    """

    images: Indices
    signs: Signs | None = None

    @classmethod
    def of(
        cls, images: Sequence[int] | Indices, signs: Sequence[int] | NDArray[Any] | None = None
    ) -> SignedPermutation:
        """From plain lists, trusted to be a bijection and signs; without any -1 it has no signs.

        >>> print(SignedPermutation.of([1, 0], [1, 1]))
        (0 1)
        """
        plain = signs is None or not np.less(signs, 0).any()
        return cls(
            np.asarray(images, dtype=np.intp),
            None if plain else np.asarray(signs, dtype=np.int8),
        )

    @classmethod
    def identity(cls, degree: int) -> SignedPermutation:
        """The permutation that moves nothing."""
        return cls(np.arange(degree, dtype=np.intp))

    @property
    def degree(self) -> int:
        """How many points it permutes."""
        return len(self.images)

    @property
    def signed(self) -> bool:
        """Whether it carries signs (which may all be +1)."""
        return self.signs is not None

    def __mul__(self, other: SignedPermutation) -> SignedPermutation:
        """`(g * h)(x) = g(h(x))`."""
        images = self.images[other.images]
        if self.signs is None:
            return SignedPermutation(images, other.signs)
        carried = self.signs[other.images]
        return SignedPermutation(images, carried if other.signs is None else carried * other.signs)

    def inverse(self) -> SignedPermutation:
        """The `h` with `g * h = h * g = 1`."""
        images = np.empty_like(self.images)
        images[self.images] = np.arange(self.degree, dtype=np.intp)
        return SignedPermutation(images, None if self.signs is None else self.signs[images])

    def is_identity(self) -> bool:
        """Whether it fixes every vector."""
        unmoved = bool(np.array_equal(self.images, np.arange(self.degree)))
        return unmoved and (self.signs is None or bool((self.signs == 1).all()))

    def doubled(self) -> Indices:
        """The same element permuting the 2n vectors +e_i (number i) and -e_i (number i + n)."""
        flip = 0 if self.signs is None else np.where(self.signs < 0, self.degree, 0)
        image = self.images + flip
        return np.concatenate([image, (image + self.degree) % (2 * self.degree)])

    def trace(self) -> int:
        """The character: the signed number of fixed points."""
        fixed = self.images == np.arange(self.degree)
        return int(fixed.sum() if self.signs is None else self.signs[fixed].sum(dtype=np.int64))

    def cycles(self) -> list[list[int]]:
        """The cycles of length at least 2, each from its smallest point, in increasing order."""
        images, seen, found = self.images.tolist(), [False] * self.degree, []
        for start in range(self.degree):
            cycle, point = [], start
            while not seen[point]:
                seen[point] = True
                cycle.append(point)
                point = images[point]
            if len(cycle) > 1:
                found.append(cycle)
        return found

    def order(self) -> int:
        """The least k >= 1 with `g^k = 1`."""
        period = lcm(*(len(cycle) for cycle in self.cycles()))
        if self.signs is None:
            return period
        power = SignedPermutation.identity(self.degree)
        for _ in range(period):
            power = self * power
        return period if power.is_identity() else 2 * period

    def parity(self) -> int:
        """+1 for an even permutation of the points, -1 for an odd one (signs play no part)."""
        return -1 if sum(len(cycle) - 1 for cycle in self.cycles()) % 2 else 1

    def matrix(self) -> NDArray[np.int64]:
        """Its matrix in full, with the entry s[i] in row p[i], column i."""
        dense = np.zeros((self.degree, self.degree), dtype=np.int64)
        dense[self.images, np.arange(self.degree)] = 1 if self.signs is None else self.signs
        return dense

    def scaled(self, sign: int) -> SignedPermutation:
        """All its signs times one more."""
        signs = np.ones(self.degree, np.int8) if self.signs is None else self.signs
        return SignedPermutation.of(self.images, signs * sign)

    def determinant(self) -> int:
        """The determinant of its matrix: the parity times all signs.

        >>> SignedPermutation.of([1, 0], [-1, 1]).determinant()
        1
        """
        return self.parity() * (1 if self.signs is None else int(self.signs.prod(dtype=np.int64)))

    def __str__(self) -> str:
        text = "".join("(" + " ".join(map(str, c)) + ")" for c in self.cycles()) or "()"
        if self.signs is None:
            return text
        return text + "[" + ",".join("+" if s > 0 else "-" for s in self.signs) + "]"


def concatenated(parts: Sequence[SignedPermutation]) -> SignedPermutation:
    """The element on the disjoint union of the parts' points, in their order.

    >>> print(concatenated([SignedPermutation.of([1, 0]), SignedPermutation.of([1, 0])]))
    (0 1)(2 3)
    """
    offsets = np.cumsum([0, *(part.degree for part in parts)])
    images = np.concatenate(
        [np.empty(0, np.intp), *(p.images + o for p, o in zip(parts, offsets[:-1], strict=True))]
    )
    if not any(part.signed for part in parts):
        return SignedPermutation(images)
    ones = [np.ones(p.degree, np.int8) if p.signs is None else p.signs for p in parts]
    return SignedPermutation(images, np.concatenate(ones))
