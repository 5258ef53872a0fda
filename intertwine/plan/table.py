"""Constants of a plan: integers that name points or maps, and matrices of exact or real numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from intertwine.plan.steps.step import Array

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Places:
    """Integers under a name: points, or numbers of maps."""

    name: str
    array: Indices

    def __str__(self) -> str:
        return f"{self.name} {' x '.join(map(str, self.array.shape))}"


@dataclass(frozen=True, eq=False)
class Table:
    """A constant matrix `numerators / denominator`, or of real numbers where that is 0."""

    name: str
    numerators: NDArray[np.int64] | NDArray[np.float64]
    denominator: int = 1

    @property
    def exact(self) -> bool:
        """Whether its entries are fractions."""
        return self.denominator > 0

    def of(self, x: Array) -> Array:
        """The matrix in numbers of the kind of x: fractions for objects."""
        if not self.exact:
            return self.numerators
        if x.dtype == object:
            whole = self.numerators.astype(object)
            return whole if self.denominator == 1 else whole * Fraction(1, self.denominator)
        return self.numerators / self.denominator

    def __str__(self) -> str:
        rows, columns = self.numerators.shape
        over = f" / {self.denominator}" if self.denominator > 1 else ""
        return f"{self.name}{over} ({rows} x {columns})"
