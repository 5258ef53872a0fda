"""Symmetric and exterior powers of matrices: columns are products of the base's columns."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations, combinations_with_replacement

import numpy as np

from intertwine.action.linear import Sparse, reduced, sparse
from intertwine.action.tuples import ExteriorPower, LinearPower
from intertwine.algebra.scalars import Scalars
from intertwine.limits import require


class ColumnProducts:
    """A symmetric or exterior power of matrices of the base.

    The product of k columns is one of k - 1, times x_i for every entry i of the last column.
    """

    def __init__(self, action: LinearPower, scalars: Scalars) -> None:
        self._alternating = isinstance(action, ExteriorPower)
        self._n, self._scalars = action.base.dimension, scalars
        self._size = action.size
        require(
            60 * self._n * action.dimension * max(1, action.size),
            f"the products of {action}",
            "take a smaller power",
        )

    def of(self, matrix: Sparse) -> Sparse:
        """The power of one matrix."""
        from scipy.sparse import csr_array

        columns = matrix.tocsc()
        power = csr_array(np.ones((1, 1), dtype=self._scalars.dtype))
        for times, before, last in self._steps:
            power = power.tocsc()[:, before]
            entries = (columns[[i], :][:, last].toarray() for i in range(self._n))
            scaled = (reduced(power.multiply(row).tocsr(), self._scalars) for row in entries)
            grown = sum(x @ product for x, product in zip(times, scaled, strict=True))
            power = reduced(csr_array(grown), self._scalars)
        return power

    @cached_property
    def _steps(self) -> list[tuple[list[Sparse], list[int], list[int]]]:
        """For k = 1, 2, ...: times each x_i; every product without its last factor; and that."""
        listing = combinations if self._alternating else combinations_with_replacement
        lower: dict[tuple[int, ...], int] = {(): 0}
        steps = []
        for k in range(1, self._size + 1):
            upper = {product: number for number, product in enumerate(listing(range(self._n), k))}
            times = [self._times(i, lower, upper) for i in range(self._n)]
            steps.append((times, [lower[p[:-1]] for p in upper], [p[-1] for p in upper]))
            lower = upper
        return steps

    def _times(
        self, i: int, lower: dict[tuple[int, ...], int], upper: dict[tuple[int, ...], int]
    ) -> Sparse:
        """From the right; past a larger factor of a wedge it changes the sign."""
        entries = []
        for product, column in lower.items():
            row = upper.get(tuple(sorted((*product, i))))
            if row is not None:
                larger = sum(j > i for j in product) if self._alternating else 0
                entries.append((row, column, (-1) ** larger))
        rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
        values = self._scalars.reduced(np.array(signs, dtype=self._scalars.dtype))
        places = np.array(rows, np.intp), np.array(columns, np.intp)
        return sparse(values, *places, (len(upper), len(lower)))
