"""Whether matrices commute with a group's generators: exactly for integers, else by how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.definition import defined
from intertwine.action.element import AtomUnion
from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import REALS, Scalars
from intertwine.errors import CertificateError, TooLargeError
from intertwine.hom.basis import Basis

_EXACT = 2.0**53
_DENSE = 1 / 50
_ROUNDING = 1e-3
_BLOCK = 1 << 22


def generator_matrices(
    source: Action, target: Action, scalars: Scalars = REALS
) -> Iterator[tuple[Sparse, Sparse]]:
    """The matrices of each generator on the target and on the source."""
    union = AtomUnion([target, source])
    for joint in union.generators:
        element = union.element(joint)
        yield target.matrix(element, scalars), source.matrix(element, scalars)


def defect(matrix: NDArray[Any], source: Action, target: Action) -> float:
    """The largest entry of `rho_target(g) T - T rho_source(g)` over all generators g."""
    given = matrix.astype(np.float64)
    return max(
        (
            float(np.abs(t @ given - given @ s).max(initial=0))
            for t, s in generator_matrices(source, target)
        ),
        default=0.0,
    )


def stack_defect(basis: Basis, source: Action, target: Action) -> float:
    """The largest over all elements of a basis; 0 exactly where they are exact and commute.

    Exact elements are integers and the generators' matrices fractions of a known denominator, so
    that all products are of integers; they are refused where float64 does not hold them.  The
    matrices are those of the actions' definitions, not those that the basis was found with.
    """
    worst = 0.0
    scale = source.denominator * target.denominator if basis.rational else 1
    sides = (defined(side, REALS) for side in (target, source))
    for (left, _), (right, _) in zip(*sides, strict=True):
        if basis.rational:
            left, right = _integral(left, scale), _integral(right, scale)
            largest = max(abs(left).sum(axis=1).max(), abs(right).sum(axis=0).max())
            if largest * abs(basis.stack).max() >= _EXACT:
                raise TooLargeError("a basis with numbers beyond 2^53; take smaller matrices")
        for elements in _parts(basis):
            shape = (elements.shape[0], basis.rows, basis.columns)
            worst = max(worst, _moved_apart(elements, shape, left, right))
    return worst


def _integral(matrix: Sparse, scale: int) -> Sparse:
    """A matrix times what makes integers of its entries."""
    whole = matrix * float(scale)
    rounded = np.rint(whole.data)
    if np.abs(whole.data - rounded).max(initial=0) > _ROUNDING:
        raise CertificateError(f"matrices that are not integers over {scale}")
    whole.data = rounded
    return whole


def _moved_apart(
    elements: Sparse, shape: tuple[int, int, int], left: Sparse, right: Sparse
) -> float:
    """The largest entry of `left T - T right` for the elements T of a part of a stack."""
    count, rows, columns = shape
    if elements.nnz > _DENSE * count * rows * columns:
        given = elements.toarray().reshape(shape).astype(np.float64)
        flat = given.transpose(1, 0, 2).reshape(rows, count * columns)
        before = (left.toarray() @ flat).reshape(rows, count, columns).transpose(1, 0, 2)
        after = (given.reshape(count * rows, columns) @ right.toarray()).reshape(shape)
        return float(np.abs(before - after).max(initial=0))
    from scipy.sparse import csr_array

    listed = elements.tocoo()
    element, place = listed.coords
    row, column = np.divmod(place, columns)
    values = listed.data.astype(np.float64)
    wide = csr_array((values, (row, element * columns + column)), shape=(rows, count * columns))
    tall = csr_array((values, (element * rows + row, column)), shape=(count * rows, columns))
    before, after = (left @ wide).tocoo(), (tall @ right).tocoo()
    first, second = before.coords, after.coords
    apart = csr_array(
        (
            np.concatenate([before.data, -after.data]),
            (
                np.concatenate([first[1] // columns, second[0] // rows]),
                np.concatenate([
                    first[0].astype(np.int64) * columns + first[1] % columns,
                    (second[0].astype(np.int64) % rows) * columns + second[1],
                ]),
            ),
        ),
        shape=(count, rows * columns),
    )  # fmt: skip
    return float(abs(apart).max()) if apart.nnz else 0.0


def _parts(basis: Basis) -> Iterator[Sparse]:
    """Some elements at a time."""
    step = max(1, _BLOCK // max(1, basis.rows * basis.columns))
    # A part may have so many nonzero entries, and so many rows, one under the other.
    sparse_step = _BLOCK * basis.dimension // max(1, basis.stack.nnz)
    sparse_step = max(step, min(sparse_step, _BLOCK // max(1, basis.rows)))
    for start in range(0, basis.dimension, sparse_step):
        yield basis.stack[start : start + sparse_step]
