"""A basis of intertwiners, however it is known: its size at once, its entries when asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

from intertwine.action.linear import Sparse


@dataclass(frozen=True, eq=False)
class Basis(ABC):
    """Linearly independent matrices of shape (rows, columns), `dimension` of them."""

    rows: int
    columns: int
    dimension: int

    @property
    @abstractmethod
    def rational(self) -> bool:
        """Whether the elements are exact, with integer entries; else they are rounded reals."""

    @cached_property
    def stack(self) -> Sparse:
        """Shape (dimension, rows x columns): an element a row, its entries row-major."""
        return self.stacked()

    @abstractmethod
    def orthonormal(self) -> Sparse:
        """A stack of orthonormal elements that span the same, rounded."""

    @abstractmethod
    def stacked(self) -> Sparse:
        """The stack, computed."""
