"""The intertwiners of two small representations of a finite group, by one nullspace.

Residues decide, exactly.  Let a finite group act by matrices over a number field, and let p be a
prime that does not divide its order.  Averaging over the group is then possible modulo p, and the
averages are the reductions of those over the field; averaging is a projection, whose rank and
corank both can only fall under reduction, so neither does.  Hence the dimension of the intertwiners
modulo p is the dimension over the field.  A group with an element of order p has no faithful
rational representation of degree below p - 1 (Minkowski), so no prime near 2^23 divides the order
of a group that acts on fewer coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from intertwine.algebra.lifting import lifted
from intertwine.algebra.scalars import REALS, Array, Modulus, Scalars
from intertwine.errors import CertificateError, TooLargeError
from intertwine.hom.spin import Pair, spun_space
from intertwine.limits import require

_LARGEST_ELIMINATION = 200
_LARGEST_REAL_ELIMINATION = 600
_LARGEST_UNKNOWNS = 160_000
_MOST_AVERAGED = 20_000
_MOST_AVERAGED_ENTRIES = 30_000_000
_SPARE = 4
_MOST_PRIMES = 12
_ADVICE = "take smaller fibres"
_EXACT = 2.0**53
_NOISE = 1e-12
_SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class SmallGroup:
    """A group by its generators' matrices and, where there are few, those of all its elements.

    Of an element, `elements` give the matrix on the target and the inverse of that on the source,
    rounded.  Times `denominator`, rational matrices are integral.
    """

    order: int
    denominator: int
    generators: Callable[[Scalars], list[Pair]]
    elements: Callable[[], Iterator[Pair]]


@dataclass(frozen=True, eq=False)
class LocalSpace:
    """The space by the pivots of its reduced echelon basis, which residues give exactly.

    Its unknowns are the entries of a matrix of `shape`, row-major.
    """

    shape: tuple[int, int]
    pivots: NDArray[np.intp]
    echelon: Array
    modulus: Modulus

    @property
    def dimension(self) -> int:
        """The exact dimension."""
        return len(self.pivots)


def local_space(group: SmallGroup, shape: tuple[int, int], modulus: Modulus) -> LocalSpace:
    """All matrices M of this shape with `P M = M Q` for the pairs (P, Q) of the group."""
    unknowns = shape[0] * shape[1]
    if group.order == 1:
        require(8 * unknowns**2, f"all maps of a fibre of {shape[0]} x {shape[1]}", _ADVICE)
        return LocalSpace(shape, np.arange(unknowns), modulus.identity(unknowns), modulus)
    if unknowns > _LARGEST_UNKNOWNS:
        raise TooLargeError(
            f"a fibre of {shape[0]} x {shape[1]} entries passes {_LARGEST_UNKNOWNS}, the most "
            "of one nullspace; take smaller fibres"
        )
    pairs = group.generators(modulus)
    if unknowns > _LARGEST_ELIMINATION:
        echelon, pivots = spun_space(pairs, shape, modulus)
    else:
        echelon, pivots = _eliminated(pairs, unknowns, modulus)
    return LocalSpace(shape, pivots, echelon, modulus)


def integer_basis(group: SmallGroup, space: LocalSpace, modulus: Callable[[int], Modulus]) -> Array:
    """The reduced echelon basis over the rationals, each element scaled to coprime integers.

    Residues modulo more and more primes are lifted until the lifted elements commute, exactly.
    `modulus` gives primes by number, that of the space first.
    """
    unknowns = space.shape[0] * space.shape[1]
    if not space.dimension:
        return np.zeros((0, unknowns))
    groups = np.repeat(np.arange(space.dimension), unknowns)
    best, several = space.pivots.tolist(), [space]
    for number in range(1, _MOST_PRIMES):
        residues = [one.echelon.ravel() for one in several]
        integers = lifted(residues, [one.modulus.prime for one in several], groups)
        if integers is not None and _commute(integers.reshape(-1, *space.shape), group):
            return integers.reshape(space.echelon.shape).astype(np.float64)
        again = local_space(group, space.shape, modulus(number))
        # Reduction can only make pivots later: primes that do are left out.
        if again.pivots.tolist() < best:
            best, several = again.pivots.tolist(), []
        if again.pivots.tolist() == best:
            several.append(again)
    # Its fractions are quotients of minors of the constraints, which Hadamard's inequality bounds.
    if unknowns * log2(_widest(group)) >= log2(_EXACT):
        raise TooLargeError("a basis with numbers beyond 2^53; take smaller matrices")
    raise CertificateError("the residues of a local basis stand for no small fractions")


def _widest(group: SmallGroup) -> float:
    """How large a row of the integral constraints of a generator may be, at least 1."""
    sums = [
        float(np.abs(left).sum(axis=1).max(initial=0) + np.abs(right).sum(axis=0).max(initial=0))
        for left, right in group.generators(REALS)
    ]
    return max(1.0, *(total * group.denominator for total in sums))


def _commute(matrices: NDArray[np.int64], group: SmallGroup) -> bool:
    """Whether integer matrices commute with all generators, as exact integers."""
    if group.order == 1:
        return True
    for left, right in group.generators(REALS):
        left, right = (np.rint(side * group.denominator) for side in (left, right))
        largest = max(np.abs(left).sum(axis=1).max(), np.abs(right).sum(axis=0).max())
        if largest * np.abs(matrices).max(initial=0) >= _EXACT:
            raise TooLargeError("a basis with numbers beyond 2^53; take smaller matrices")
        values = matrices.astype(np.float64)
        if not np.array_equal(left @ values, values @ right):
            return False
    return True


def real_basis(group: SmallGroup, space: LocalSpace) -> Array:
    """The reduced echelon basis over the reals, rounded: the identity at the pivots.

    Raises:
        CertificateError: the real matrices do not have the space that the residues have.
    """
    unknowns = space.shape[0] * space.shape[1]
    if group.order == 1:
        return np.eye(unknowns)
    if not space.dimension:
        return np.zeros((0, unknowns))
    if unknowns <= _LARGEST_REAL_ELIMINATION:
        rows = _smallest(group.generators(REALS), unknowns, space.dimension)
    elif _is_listable(group, space.shape):
        rows = _averages(group, space.shape, space.pivots)
    else:
        raise TooLargeError(
            f"a real basis over a fibre of {space.shape[0]} x {space.shape[1]} entries under a "
            f"group of order {group.order}; ask for the dimension alone with `intertwine count`"
        )
    found: Array = np.linalg.solve(rows[:, space.pivots], rows)
    found[np.abs(found) < _NOISE * np.abs(found).max()] = 0
    found[:, space.pivots] = np.eye(space.dimension)
    return found


def _is_listable(group: SmallGroup, shape: tuple[int, int]) -> bool:
    entries = shape[0] ** 2 + shape[1] ** 2
    return group.order <= _MOST_AVERAGED and group.order * entries <= _MOST_AVERAGED_ENTRIES


def _eliminated(
    pairs: Sequence[Pair], unknowns: int, modulus: Modulus
) -> tuple[Array, NDArray[np.intp]]:
    """What commutes with the first pair, then of that what commutes with the second, and so on."""
    basis = modulus.identity(unknowns)
    pivots = np.arange(unknowns)
    for left, right in pairs:
        if not len(basis):
            break
        matrices = basis.reshape(len(basis), len(left), len(right))
        moved = _applied(left, matrices, modulus) - _applied_right(matrices, right, modulus)
        combinations, _ = modulus.nullspace(modulus.reduced(moved.reshape(len(basis), -1)).T)
        if len(combinations) < len(basis):
            basis, pivots = modulus.echelon(modulus.product(combinations, basis))
    return basis, pivots


def _applied(left: Array, matrices: Array, modulus: Modulus) -> Array:
    """`left M` for every M."""
    count, rows, columns = matrices.shape
    flat = matrices.transpose(1, 0, 2).reshape(rows, count * columns)
    return modulus.product(left, flat).reshape(rows, count, columns).transpose(1, 0, 2)


def _applied_right(matrices: Array, right: Array, modulus: Modulus) -> Array:
    """`M right` for every M."""
    count, rows, columns = matrices.shape
    flat = modulus.product(matrices.reshape(count * rows, columns), right)
    return flat.reshape(matrices.shape)


def _averages(group: SmallGroup, shape: tuple[int, int], pivots: NDArray[np.intp]) -> Array:
    """A basis of the space of averages of random matrices of rank one, well apart at the pivots.

    The average of `u v'` is the sum of `(P u)(Q^-T v)'` over the group, one product of two thin
    matrices.
    """
    dimension, pairs = len(pivots), list(group.elements())
    lefts = np.stack([left for left, _ in pairs])
    rights = np.stack([right for _, right in pairs])
    dice = np.random.default_rng(0)
    rows = np.empty((dimension + _SPARE, shape[0] * shape[1]))
    for number in range(len(rows)):
        u, v = (dice.standard_normal(size) for size in shape)
        rows[number] = ((lefts @ u).T @ (v @ rights)).ravel()
    left, values, _ = np.linalg.svd(rows[:, pivots], full_matrices=False)
    if not (values > _SMALL * values[0]).all():
        raise CertificateError(f"random averages do not span {dimension} dimensions")
    basis = left.T @ rows
    if np.abs(rows - left @ basis).max() > _SMALL * np.abs(rows).max():
        raise CertificateError(f"random averages span more than {dimension} dimensions")
    return np.asarray(basis)


def _smallest(pairs: Sequence[Pair], unknowns: int, dimension: int) -> Array:
    """The right singular vectors of the `dimension` smallest singular values of the constraints."""
    gram = np.zeros((unknowns, unknowns))
    for left, right in pairs:
        rows = np.kron(left, np.eye(len(right))) - np.kron(np.eye(len(left)), right.T)
        gram += rows.T @ rows
    values, vectors = np.linalg.eigh(gram)
    small = values <= _SMALL * max(float(values[-1]), 1.0)
    if not small[:dimension].all() or small[dimension:].any():
        raise CertificateError(f"the real constraints do not have the nullity {dimension}")
    return np.asarray(vectors[:, :dimension].T)
