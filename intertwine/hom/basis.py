"""A basis of intertwiners, however it is known: its size at once, its entries when asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.linear import Sparse
from intertwine.group.permutation import Indices


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
        return self.make_stack()

    @abstractmethod
    def orthonormal(self) -> Sparse:
        """A stack of orthonormal elements that span the same, rounded."""

    @abstractmethod
    def make_stack(self) -> Sparse:
        """The stack, computed."""

    def coordinates(
        self, exact: bool
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.generic]]:
        """Element, row-major place and value of every entry; of orthonormal ones if not exact."""
        listed = (self.stack if exact else self.orthonormal()).tocoo()
        elements, places = (axis.astype(np.intp) for axis in listed.coords)
        return elements, places, listed.data

    @property
    def empty_rows(self) -> Indices:
        """The rows in which no element has an entry, in order; exact over every orbit of rows."""
        return np.setdiff1d(np.arange(self.rows), self.stack.indices // max(self.columns, 1))


@dataclass(frozen=True, eq=False)
class Part(Basis):
    """Some elements of a basis, by number; of `entries`, where these are given, those alone."""

    whole: Basis
    kept: Indices
    entries: Indices | None

    @classmethod
    def of(cls, whole: Basis, kept: Indices, entries: Indices | None = None) -> Part:
        """The elements of these numbers, which must stay independent on the entries."""
        return cls(whole.rows, whole.columns, len(kept), whole, kept, entries)

    @property
    def rational(self) -> bool:
        """As the whole."""
        return self.whole.rational

    def orthonormal(self) -> Sparse:
        """By the inner products of the elements."""
        from scipy.sparse import csr_array

        stack = self.stack.astype(np.float64)
        return csr_array(triangular((stack @ stack.T).toarray())) @ stack

    def make_stack(self) -> Sparse:
        """The rows of the whole, without the other entries."""
        from scipy.sparse import csr_array

        rows = csr_array(self.whole.stack[self.kept])
        if self.entries is not None:
            outside = ~np.isin(rows.indices, self.entries)
            rows.data[outside] = 0
            rows.eliminate_zeros()
        return rows


# What finds the basis of a part of a problem, and what counts it.
Solver = Callable[[Action, Action], Basis]
Counter = Callable[[Action, Action], int]


def triangular(gram: NDArray[np.float64]) -> NDArray[np.float64]:
    """The upper triangular U with positive diagonal and `U gram U' = 1`."""
    turned = np.linalg.cholesky(gram[::-1, ::-1])
    return np.asarray(np.linalg.inv(turned)[::-1, ::-1])
