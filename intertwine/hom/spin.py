"""Intertwiners by spinning vectors, for fibres too large for one elimination (the Meat-Axe's way).

Let v be a vector of the source that an element A of the group's algebra sends to zero.  An
intertwiner sends v to some x that A sends to zero in the target, few in number, and then knows
where everything goes that the generators make of v: `T g v = g x`.  So spin vectors of kernels
until they span the source, carry along what the generators make of all x, and keep those
combinations for which every relation between the spun vectors holds in the target as well.
Parker 1984; Holt, Eick and O'Brien, Handbook of Computational Group Theory, chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from intertwine.algebra.scalars import Array, Modulus
from intertwine.errors import CertificateError
from intertwine.limits import require, spend

# An element of the group by its two matrices, on the target and on the source.
Pair = tuple[Array, Array]

_MOST_DRAWS = 300
_MIXED = 6
_SECONDS_A_PRODUCT = 1e-7


def spun_space(
    pairs: Sequence[Pair], shape: tuple[int, int], modulus: Modulus
) -> tuple[Array, NDArray[np.intp]]:
    """The reduced echelon basis, modulo a prime, of all M with `P M = M Q` for the generators.

    >>> turn = np.array([[0, -1], [1, 0]])
    >>> modulus = Modulus.below(1)
    >>> basis, pivots = spun_space([(turn % modulus.prime, turn % modulus.prime)], (2, 2), modulus)
    >>> len(basis), pivots.tolist()
    (2, [0, 1])
    """
    rows, columns = shape
    spend(
        _SECONDS_A_PRODUCT * columns * (rows**2 + columns**2),
        f"the maps of a fibre of {rows} x {columns} entries",
        "ask for the dimension alone with `intertwine count`, or take smaller fibres",
    )
    spinning = _Spinning(pairs, shape, modulus)
    for vectors, kernel in _kernels(pairs, modulus):
        for vector in vectors:
            spinning.add(vector, kernel)
        if spinning.complete:
            break
    return spinning.space()


class _Spinning:
    """Vectors of the source spun so far, and where every candidate for their images goes."""

    def __init__(self, pairs: Sequence[Pair], shape: tuple[int, int], modulus: Modulus) -> None:
        self.pairs, self.shape, self.modulus = pairs, shape, modulus
        self.vectors: list[Array] = []
        self.images: list[tuple[int, Array]] = []
        self.candidates = 0
        self._span = np.zeros((0, shape[1]), dtype=np.int64)
        self._pivots = np.zeros(0, dtype=np.intp)

    @property
    def complete(self) -> bool:
        """Whether the vectors span the source."""
        return len(self.vectors) == self.shape[1]

    def add(self, vector: Array, kernel: Array) -> None:
        """Spin a vector whose image is a combination of the columns of `kernel`."""
        if not self._grows(vector):
            return
        first, done = self.candidates, len(self.vectors)
        self.candidates += kernel.shape[1]
        self.vectors.append(vector)
        self.images.append((first, kernel))
        while done < len(self.vectors):
            for left, right in self.pairs:
                moved = self.modulus.product(right, self.vectors[done][:, None])[:, 0]
                if self._grows(moved):
                    self.vectors.append(moved)
                    image = self.modulus.product(left, self.images[done][1])
                    self.images.append((first, image))
            done += 1

    def _grows(self, vector: Array) -> bool:
        """Whether a vector is new to the span, which then holds it."""
        prime = self.modulus.prime
        rest = (vector - self.modulus.product(vector[None, self._pivots], self._span)[0]) % prime
        if not rest.any():
            return False
        pivot = int(np.flatnonzero(rest)[0])
        rest = rest * pow(int(rest[pivot]), -1, prime) % prime
        cleared = (self._span - np.outer(self._span[:, pivot], rest) % prime) % prime
        self._span = np.concatenate([cleared, rest[None]])
        self._pivots = np.append(self._pivots, pivot)
        return True

    def space(self) -> tuple[Array, NDArray[np.intp]]:
        """The combinations of candidates that satisfy every relation, as matrices."""
        rows, columns = self.shape
        if not self.candidates:
            return np.zeros((0, rows * columns), dtype=np.int64), np.empty(0, dtype=np.intp)
        require(
            40 * rows * columns * self.candidates,
            f"{self.candidates} candidates for maps of {rows} x {columns}",
            "take smaller fibres",
        )
        images = np.zeros((columns, rows, self.candidates), dtype=np.int64)
        for number, (first, image) in enumerate(self.images):
            images[number, :, first : first + image.shape[1]] = image
        spun = np.stack(self.vectors)
        inverse = self.modulus.inverse(spun)
        kept = self._kept(images, spun, inverse)
        found = self.modulus.product(images.reshape(-1, self.candidates), kept.T)
        found = found.reshape(columns, rows, len(kept)).transpose(2, 1, 0)
        maps = self.modulus.product(found.reshape(-1, columns), inverse.T)
        return self.modulus.reduced_basis(maps.reshape(len(kept), rows * columns))

    def _kept(self, images: Array, spun: Array, inverse: Array) -> Array:
        """A basis of the combinations for which `g (image of b) = image of (g b)` for all b."""
        kept = self.modulus.identity(self.candidates)
        columns, rows, _ = images.shape
        turned = images.transpose(1, 0, 2)
        for left, right in self.pairs:
            moved = self.modulus.product(spun, right.T)
            relations = self.modulus.product(moved, inverse)
            first = self.modulus.product(left, turned.reshape(rows, -1)).reshape(turned.shape)
            second = self.modulus.product(relations, images.reshape(columns, -1))
            apart = (first.transpose(1, 0, 2) - second.reshape(images.shape)) % self.modulus.prime
            apart = apart.reshape(-1, self.candidates)
            apart = apart[apart.any(axis=1)]
            if len(apart):
                combinations, _ = self.modulus.nullspace(self.modulus.product(apart, kept.T))
                kept = self.modulus.product(combinations, kept)
        return kept


def _kernels(pairs: Sequence[Pair], modulus: Modulus) -> Iterator[tuple[Array, Array]]:
    """For random elements of the algebra: vectors of the source and of the target.

    The first are rows, the second columns, which an irreducible factor of the element's
    characteristic polynomial, taken of the element, sends to zero.
    """
    dice = np.random.default_rng(0)
    elements = list(pairs)
    prime = modulus.prime
    for _ in range(_MOST_DRAWS):
        one, other = (elements[k] for k in dice.integers(len(elements), size=2))
        product = tuple(modulus.product(a, b) for a, b in zip(one, other, strict=True))
        elements = [*elements[-_MIXED:], (product[0], product[1])]
        weights = dice.integers(prime, size=len(elements)).tolist()
        left, right = (
            np.asarray(sum(w * element[side] for w, element in zip(weights, elements, strict=True)))
            % prime
            for side in (0, 1)
        )
        for factor in modulus.factors(right):
            images, vectors = (
                modulus.nullspace(modulus.evaluated(factor, side))[0] for side in (left, right)
            )
            yield vectors, images.T
    raise CertificateError("random elements of the algebra have no kernels that span the space")
