"""Sparse matrices of group elements, in residues or in reals: what actions build theirs from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.algebra.scalars import Scalars
from intertwine.group.permutation import Indices, SignedPermutation

# A sparse matrix of SciPy, in the format csr.
Sparse = Any


def permuted(image: SignedPermutation, scalars: Scalars) -> Sparse:
    """The matrix with the entry s[i] in row p[i], column i."""
    values = np.ones(image.degree, scalars.dtype)
    if image.signs is not None:
        values = scalars.reduced(image.signs.astype(scalars.dtype))
    shape = (image.degree, image.degree)
    return sparse(values, image.images, np.arange(image.degree), shape)


def sparse(values: NDArray[Any], rows: Indices, columns: Indices, shape: tuple[int, int]) -> Sparse:
    """A matrix by its entries; those in one place are added."""
    from scipy.sparse import csr_array

    return csr_array((values, (rows, columns)), shape=shape)


def identity(size: int) -> Sparse:
    """The identity matrix."""
    from scipy.sparse import eye_array

    return eye_array(size, format="csr")


def dense(values: NDArray[Any]) -> Sparse:
    """A matrix in full, without the zeros."""
    from scipy.sparse import csr_array

    return csr_array(values)


def kronecker(parts: Sequence[Sparse], scalars: Scalars) -> Sparse:
    """The Kronecker product."""
    from scipy.sparse import kron

    result = parts[0]
    for part in parts[1:]:
        result = reduced(kron(result, part, format="csr"), scalars)
    return result


def direct_sum(parts: Sequence[Sparse]) -> Sparse:
    """The block diagonal matrix."""
    from scipy.sparse import block_diag, csr_array

    return csr_array(block_diag(parts))


def folded(matrix: Sparse, tuples: Indices, fold: Sparse, scalars: Scalars) -> Sparse:
    """What a matrix does to products of basis vectors, one a row of `tuples`.

    Column c of the Kronecker power is that of the tuple c; `fold` says which product, and with what
    sign, every tuple of factors is.
    """
    from scipy.sparse import csc_array, csr_array

    n, (count, size) = matrix.shape[0], tuples.shape
    rows = np.zeros(count, dtype=np.intp)
    columns = np.arange(count, dtype=np.intp)
    values = np.ones(count, dtype=scalars.dtype)
    by_column = csc_array(matrix)
    for place in range(size):
        picked = tuples[columns, place]
        starts, lengths = by_column.indptr[picked], np.diff(by_column.indptr)[picked]
        spread = np.repeat(np.arange(len(picked)), lengths)
        offsets = np.arange(len(spread)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = starts[spread] + offsets
        rows = rows[spread] * n + by_column.indices[at]
        values = scalars.reduced(values[spread] * by_column.data[at])
        columns = columns[spread]
    power = csr_array((values, (rows, columns)), shape=(n**size, count))
    return reduced(fold.astype(scalars.dtype) @ reduced(power, scalars), scalars)


def reduced(matrix: Sparse, scalars: Scalars) -> Sparse:
    """The matrix with its entries reduced and no stored zeros."""
    matrix.data = scalars.reduced(matrix.data)
    matrix.eliminate_zeros()
    return matrix
