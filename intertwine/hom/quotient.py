"""Codes up to the ties found between them: a signed union-find over whole arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intertwine.group.orbit import components
from intertwine.group.permutation import Indices
from intertwine.hom.pattern import Codes


class Quotient:
    """The codes -count .. count under ties: `c ~ d` makes `-c ~ -d`, and `c ~ -c` makes c zero.

    Tables are indexed by codes as they are, negative ones from the end.

    >>> quotient = Quotient(4)
    >>> quotient.tie(np.array([1, 2, 4]), np.array([1, -3, -4]))
    >>> quotient.codes.tolist(), quotient.count
    ([1, 2, -2, 0], 2)
    """

    def __init__(self, count: int) -> None:
        self._labels: Indices = np.arange(2 * count + 1, dtype=np.intp)
        self._mirror: Indices = -self._labels % (2 * count + 1)

    def tie(self, here: Codes, there: Codes) -> None:
        """Tie the codes of two arrays, entry by entry."""
        apart = here != there
        if apart.any():
            start, end = self._labels[here[apart]], self._labels[there[apart]]
            apart = start != end
            if apart.any():
                self._join(start[apart], end[apart])

    def _join(self, start: Indices, end: Indices) -> None:
        mirror = self._mirror
        merged = components(len(mirror), [(start, end), (mirror[start], mirror[end])])
        self._labels = merged[self._labels]
        self._mirror = np.empty(int(merged.max()) + 1, dtype=np.intp)
        self._mirror[merged] = merged[mirror]

    @property
    def codes(self) -> NDArray[np.intp]:
        """The new number of each of the codes 1 .. count: that of its class, signed, or 0."""
        count = len(self._labels) // 2
        plus, minus = self._labels[1 : count + 1], self._labels[:count:-1]
        return row_codes(np.concatenate([plus, minus]), count)

    @property
    def count(self) -> int:
        """How many classes are left, up to signs and without those that are 0."""
        return int((self._mirror != np.arange(len(self._mirror))).sum()) // 2

    def renumbered(self, codes: Codes) -> Codes:
        """An array of codes by their new numbers, in its place."""
        table = np.concatenate([[0], self.codes, -self.codes[::-1]]).astype(codes.dtype)
        for row in codes:
            row[:] = table[row]
        return codes


def row_codes(labels: Indices, degree: int) -> NDArray[np.intp]:
    """Codes of a row from component labels of its `degree` points, or of their signed doubles."""
    if len(labels) == degree:
        return labels + 1
    plus, minus = labels[:degree], labels[degree:]
    first = np.where(plus == minus, -1, np.minimum(plus, minus))
    kept = np.unique(first[first >= 0])
    number = np.searchsorted(kept, first) + 1
    return np.where(first < 0, 0, np.where(plus < minus, number, -number))
