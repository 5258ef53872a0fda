"""Generators' matrices by the definitions of actions: what proofs take in place of frames.

A solution follows elements through frames and reads their matrices off the images of vectors
(`Action.matrix`).  A proof that did so too would repeat a fault of theirs.  Here a generator's
matrix is made of the listed ones: by Kronecker products, blocks, and products of columns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from intertwine.action.action import Action
from intertwine.action.columns import ColumnProducts
from intertwine.action.dual import Dual
from intertwine.action.induced import Induced
from intertwine.action.lifted import Lifted
from intertwine.action.linear import Sparse, identity, reduced, sparse
from intertwine.action.matrices import Framed, Matrices
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.action.tuples import LinearPower
from intertwine.algebra.scalars import Array, Modulus, Scalars
from intertwine.errors import CertificateError
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require

# The matrices of a generator and of its inverse.
Pair = tuple[Sparse, Sparse]

MOST_LISTED = 20_000


def defined(action: Action, scalars: Scalars) -> list[Pair]:
    """The matrices of each generator of the group and of its inverse, sparse.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.algebra.scalars import REALS
    >>> from intertwine.group.named import symmetric
    >>> standard = Standard(symmetric(3), SetAction(symmetric(3), "points"))
    >>> [matrix.toarray().astype(int).tolist() for matrix, _ in defined(standard, REALS)]
    [[[0, 1], [1, 0]], [[0, -1], [1, -1]]]
    """
    if not action.linear:
        return [(_signed(g, scalars), _signed(g.inverse(), scalars)) for g in action.generators]
    match action:
        case Lifted(factor=factor, inner=inner):
            own, still = iter(defined(inner, scalars)), _still(inner.dimension, scalars)
            return [
                next(own) if name == factor else (still, still)
                for name, group in action.group.factors.items()
                for _ in group.generators
            ]
        case Matrices(listed=listed):
            matrices = [scalars.of(matrix) for matrix in listed]
            return [(_sparse(m), _sparse(scalars.inverse(m))) for m in matrices]
        case Induced():
            return _induced(action, scalars)
        case Standard(base=base):
            images = [(g, g.inverse()) for g in base.generators]
            return [(_on_sums(g, scalars), _on_sums(h, scalars)) for g, h in images]
        case Dual(base=base):
            return [(other.T.tocsr(), one.T.tocsr()) for one, other in defined(base, scalars)]
        case Tensor(members=members):
            return _joined(members, lambda parts: reduce(_kronecker(scalars), parts), scalars)
        case Sum(members=members):
            return _joined(members, _blocks, scalars)
        case LinearPower(base=base):
            power = ColumnProducts(action, scalars)
            return [(power.of(one), power.of(other)) for one, other in defined(base, scalars)]
    raise AssertionError(f"{action} acts by matrices in no known way")


def prove_frame(action: Framed, modulus: Modulus) -> None:
    """Prove that residues that are read off a frame are those of the action's definition.

    The frame's first vectors are the basis, and every generator moves the vectors over a point as
    its matrix does.  Elements are products of generators, so the columns of their matrices are the
    images of the basis, and their traces are right as well.

    Raises:
        CertificateError: they are not.
    """
    vectors = action.frame.vectors(modulus)
    size, n = vectors.shape
    fits = np.array_equal(vectors[:n], modulus.identity(n))
    for (matrix, _), move in zip(defined(action, modulus), action.moves, strict=True):
        for point, images in enumerate(move.images.reshape(-1, size)):
            above = int(images[0]) // size
            block = matrix[above * n : (above + 1) * n, point * n : (point + 1) * n].toarray()
            moved = modulus.product(vectors, block.T)
            fits &= bool((images // size == above).all())
            fits &= np.array_equal(moved, vectors[images % size])
    if not fits:
        raise CertificateError(f"the frame of {action} does not move as its matrices do")


def _sparse(matrix: Array) -> Sparse:
    from scipy.sparse import csr_array

    return csr_array(matrix)


def _still(size: int, scalars: Scalars) -> Sparse:
    return identity(size).astype(scalars.dtype)


def _signed(image: SignedPermutation, scalars: Scalars) -> Sparse:
    """Column i has a sign in row p[i]."""
    signs = np.ones(image.degree) if image.signs is None else image.signs
    values = scalars.reduced(signs.astype(scalars.dtype))
    shape = (image.degree, image.degree)
    return sparse(values, image.images, np.arange(image.degree), shape)


def _on_sums(image: SignedPermutation, scalars: Scalars) -> Sparse:
    """The permutation after b_i -> e_i, before e_i -> b_i and e_(n-1) -> -(b_0 + ... + b_(n-2))."""
    from scipy.sparse import hstack

    last = image.degree - 1
    minus = _sparse(np.full((last, 1), -1, dtype=scalars.dtype))
    onto = hstack([_still(last, scalars), minus], format="csc")
    return reduced(onto[:, image.images[:last]].tocsr(), scalars)


def _joined(
    members: Sequence[Action], join: Callable[[Sequence[Sparse]], Sparse], scalars: Scalars
) -> list[Pair]:
    """The members' matrices, and their inverses, joined into one."""
    columns = zip(*(defined(part, scalars) for part in members), strict=True)
    sides = [tuple(zip(*column, strict=True)) for column in columns]
    return [(join(matrices), join(inverses)) for matrices, inverses in sides]


def _kronecker(scalars: Scalars) -> Callable[[Sparse, Sparse], Sparse]:
    from scipy.sparse import kron

    return lambda left, right: reduced(kron(left, right, format="csr"), scalars)


def _blocks(parts: Sequence[Sparse]) -> Sparse:
    from scipy.sparse import block_diag

    return block_diag(parts, format="csr")


def _induced(action: Induced, scalars: Scalars) -> list[Pair]:
    """With `g t_x = t_y h`, the matrix of h at (y, x), and that of its inverse at (x, y).

    Of a subgroup of more than MOST_LISTED elements these are not listed, but read off the frame.
    """
    cosets, pairs = action.cosets, list[Pair]()
    if cosets.subgroup_order > MOST_LISTED:
        for g in action.moves:
            elements: list[dict[Action, SignedPermutation]] = [{action: g}, {action: g.inverse()}]
            matrix, inverse = (action.matrix(element, scalars) for element in elements)
            pairs.append((matrix, inverse))
        return pairs
    known, chosen = _elements(action, scalars), cosets.representatives
    inverses, places = np.argsort(chosen, axis=1), np.arange(cosets.dimension)
    for generator, image in zip(cosets.natural_images, cosets.generators, strict=True):
        inner = np.take_along_axis(inverses[image.images], generator[chosen], axis=1)
        onto = np.stack([known[h.tobytes()] for h in inner])
        back = np.stack([known[h.tobytes()] for h in np.argsort(inner, axis=1)])
        whole = _placed(onto, image.images, places), _placed(back, places, image.images)
        pairs.append((reduced(whole[0], scalars), reduced(whole[1], scalars)))
    return pairs


def _placed(blocks: Array, above: Indices, below: Indices) -> Sparse:
    """The matrix with a block at each pair of block row and block column, one a row."""
    from scipy.sparse import bsr_array

    order = np.argsort(above)
    return bsr_array((blocks[order], below[order], np.arange(len(order) + 1))).tocsr()


def _elements(action: Induced, scalars: Scalars) -> dict[bytes, Array]:
    """The matrix of every element of the subgroup, breadth-first."""
    degree, matrices = action.cosets.natural_degree, [scalars.of(m) for m in action.listed]
    require(
        action.cosets.subgroup_order * (8 * matrices[0].size + 8 * degree + 300),
        f"the elements of the subgroup of {action}",
        "take a smaller one",
    )
    one = np.arange(degree, dtype=np.intp)
    known, waiting = {one.tobytes(): scalars.identity(len(matrices[0]))}, deque([one])
    while waiting:
        here = waiting.popleft()
        for element, matrix in zip(action.subgroup, matrices, strict=True):
            there = element.images[here]
            if there.tobytes() not in known:
                known[there.tobytes()] = scalars.product(matrix, known[here.tobytes()])
                waiting.append(there)
    return known
