"""The nullspace of the stacked commutation constraints, exactly: the rule that needs no insight.

One sparse row an entry and generator says `T[g j, g i] = t_j s_i T[j, i]`.  The nullspace is
computed modulo a prime by dense elimination (FLINT), lifted to integers, and verified in integers:
reduction modulo a prime never makes a nullspace smaller, so verified elements in its number are
all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.definition import defined
from intertwine.action.matrices import exact_matrices
from intertwine.algebra.scalars import Modulus
from intertwine.errors import CertificateError
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.pattern import Codes, smallest_signed_type
from intertwine.limits import require

PRIME = 2_147_483_629
LARGEST_SYSTEM = 3000


def why_not_nullspace(source: Action, target: Action) -> str | None:
    """Why the rule is not to be used, or None where it is."""
    if source.linear or target.linear:
        return "an action has matrices"
    unknowns = source.dimension * target.dimension
    if unknowns > LARGEST_SYSTEM:
        return f"{unknowns} unknowns pass {LARGEST_SYSTEM}, the most for dense elimination"
    return None


def nullspace_codes(source: Action, target: Action) -> Codes:
    """The codes of the reduced echelon basis of the nullspace, which is the orbital basis.

    >>> from intertwine.group.named import cyclic
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(cyclic(3), "points")
    >>> nullspace_codes(points, points).tolist()
    [[1, 2, 3], [3, 1, 2], [2, 3, 1]]
    """
    basis = modular_nullspace(constraints(source, target), source.dimension * target.dimension)
    lifted = np.where(basis > PRIME // 2, basis - PRIME, basis)
    numbers = np.arange(1, len(lifted) + 1)
    codes = (lifted * numbers[:, None]).sum(axis=0).reshape(target.dimension, source.dimension)
    disjoint = (np.abs(lifted).sum(axis=0) <= 1).all()
    if not disjoint or not commutes(codes, source, target):
        raise CertificateError("the nullspace is not spanned by signed indicators of orbitals")
    return np.asarray(codes, dtype=smallest_signed_type(len(lifted)))


def constraints(source: Action, target: Action) -> NDArray[np.int64]:
    """Shape (generators x unknowns, 4): each row reads `T[a] - sign T[b] = 0` as (a, b, sign)."""
    columns = source.dimension
    entries = np.arange(source.dimension * target.dimension)
    rows = []
    for t, s in zip(target.generators, source.generators, strict=True):
        moved = (t.images[:, None] * columns + s.images).ravel()
        sign = np.multiply.outer(_signs(t), _signs(s)).ravel()
        rows.append(np.stack([moved, entries, sign], axis=1))
    return np.concatenate(rows) if rows else np.empty((0, 3), dtype=np.int64)


def modular_nullspace(rows: NDArray[np.int64], unknowns: int) -> NDArray[np.int64]:
    """The reduced echelon basis, modulo PRIME, of the vectors that satisfy all rows."""
    from flint import nmod_mat

    matrix = _dense(rows, unknowns)
    # Columns are reversed so that the free unknown of each basis vector is its first entry.
    reduced, rank = nmod_mat(len(matrix), unknowns, matrix[:, ::-1].ravel().tolist(), PRIME).rref()
    table = np.array([[int(x) for x in row] for row in reduced.tolist()[:rank]], dtype=np.int64)
    table = table.reshape(rank, unknowns)
    pivots = (table != 0).argmax(axis=1) if rank else np.empty(0, dtype=np.int64)
    free = np.setdiff1d(np.arange(unknowns), pivots)
    basis = np.zeros((len(free), unknowns), dtype=np.int64)
    basis[np.arange(len(free)), free] = 1
    basis[:, pivots] = (-table[:, free].T) % PRIME
    return basis[::-1, ::-1]


def nullity_bound(source: Action, target: Action) -> int:
    """An upper bound for the dimension: the nullity modulo PRIME of random sums of the constraints.

    Sums of rows never have more rank than the rows, so the bound holds whatever the dice say; with
    twice as many sums as unknowns it is nearly always the nullity itself.
    """
    from flint import nmod_mat

    unknowns = source.dimension * target.dimension
    rows = constraints(source, target)
    rows = rows[(rows[:, 0] != rows[:, 1]) | (rows[:, 2] < 0)]
    dice = np.random.default_rng(0)
    height = min(len(rows), 2 * unknowns + 16)
    sketch = np.zeros((height, unknowns), dtype=np.int64)
    require(3 * sketch.nbytes, "the second count", "skip the second count")
    for _ in range(1 if height == len(rows) else 3):
        bucket = (
            np.arange(len(rows)) if height == len(rows) else dice.integers(height, size=len(rows))
        )
        factor = dice.integers(1, 1 << 20, size=len(rows))
        np.add.at(sketch, (bucket, rows[:, 0]), factor)
        np.subtract.at(sketch, (bucket, rows[:, 1]), factor * rows[:, 2])
    return unknowns - int(
        nmod_mat(height, unknowns, (sketch % PRIME).ravel().tolist(), PRIME).rank()
    )


def matrix_nullity(source: Action, target: Action) -> int:
    """The nullity, modulo a prime, of the constraints of actions by matrices: the dimension itself.

    Of a finite group, whose order no such prime divides, it is no mere bound (see `hom.local`).
    """
    modulus = Modulus.suiting(exact_matrices([source, target]), skipped=1)
    rows = []
    sides = (defined(side, modulus) for side in (target, source))
    for (above, _), (below, _) in zip(*sides, strict=True):
        left, right = above.toarray(), below.toarray()
        one, other = np.eye(len(right), dtype=np.int64), np.eye(len(left), dtype=np.int64)
        rows.append(np.kron(left, one) - np.kron(other, right.T))
    unknowns = source.dimension * target.dimension
    stacked = np.concatenate(rows) if rows else np.zeros((0, unknowns), dtype=np.int64)
    return unknowns - len(modulus.echelon(modulus.reduced(stacked))[0])


def commutes(codes: Codes, source: Action, target: Action) -> bool:
    """Whether every basis element commutes with every generator, in integers.

    The basis elements have disjoint supports, so that one comparison of arrays tests them all.
    """
    for t, s in zip(target.generators, source.generators, strict=True):
        moved = codes[t.images][:, s.images] * np.multiply.outer(_signs(t), _signs(s))
        if not np.array_equal(moved, codes):
            return False
    return True


def _dense(rows: NDArray[np.int64], unknowns: int) -> NDArray[np.int64]:
    require(24 * len(rows) * unknowns, "the dense constraints", "leave the choice of rule to us")
    matrix = np.zeros((len(rows), unknowns), dtype=np.int64)
    number = np.arange(len(rows))
    np.add.at(matrix, (number, rows[:, 0]), 1)
    np.subtract.at(matrix, (number, rows[:, 1]), rows[:, 2])
    return matrix % PRIME


def _signs(image: SignedPermutation) -> NDArray[np.int8]:
    return np.ones(image.degree, np.int8) if image.signs is None else image.signs
