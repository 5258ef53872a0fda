"""The standard representation: a permutation action without its constant vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from intertwine.action.action import Action, Trivial
from intertwine.action.linear import Sparse, sparse
from intertwine.algebra.scalars import Scalars
from intertwine.errors import SpecError
from intertwine.group.permutation import Indices, SignedPermutation

if TYPE_CHECKING:
    from intertwine.action.action import Element


@dataclass(frozen=True)
class Standard(Action):
    """The vectors of sum zero, of dimension n - 1, for a group that permutes n points.

    The basis are b_i = e_i - (e_0 + ... + e_(n-1)) / n for i < n - 1, so that g takes b_i to b_g(i)
    and b_(n-1) is minus the sum of the others: the matrices are integral.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.group.named import symmetric
    >>> print(Standard(symmetric(4), SetAction(symmetric(4), "points")).dimension)
    3
    """

    base: Action

    def __post_init__(self) -> None:
        if self.base.signed or self.base.linear or self.base.dimension < 2:
            raise SpecError(
                f"standard, of {self.base}",
                "a permutation action on at least two points",
                "name an action that permutes points without signs",
            )

    @property
    def parts(self) -> tuple[Action, ...]:
        """The permutation action."""
        return (self.base,)

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis."""
        return (self.base.dimension - 1,)

    @property
    def linear(self) -> bool:
        """The last basis vector's image is no basis vector."""
        return True

    @property
    def points(self) -> Action:
        """One point, over which the whole space stands."""
        return Trivial(self.group)

    @property
    def fibre_of(self) -> Indices:
        """All coordinates stand over it."""
        return np.zeros(self.dimension, dtype=np.intp)

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """A permutation matrix, but for the column that goes to the last point: all -1."""
        images, n = self.base.evaluate(element).images, self.base.dimension
        (last,) = np.flatnonzero(images == n - 1)
        kept = np.flatnonzero(images[:-1] < n - 1)
        rows, columns = images[kept], kept
        values = np.ones(len(kept), dtype=scalars.dtype)
        if last < n - 1:
            rows = np.concatenate([rows, np.arange(n - 1)])
            columns = np.concatenate([columns, np.full(n - 1, last)])
            values = np.concatenate([values, -np.ones(n - 1, dtype=scalars.dtype)])
        return sparse(scalars.reduced(values), rows, columns, (n - 1, n - 1))

    def character(self, element: Element) -> int:
        """One less than the number of fixed points."""
        return self.base.character(element) - 1

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """It permutes no basis."""
        raise AttributeError(f"{self} acts by matrices")

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """That of another permutation action."""
        return Standard(parts[0].group, parts[0])

    def __str__(self) -> str:
        natural = str(self.base) == self.group.natural
        return "standard" if natural else f"standard({self.base})"
