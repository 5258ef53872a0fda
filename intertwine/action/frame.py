"""Frames: finite sets of vectors that a finite group of matrices permutes, and that span the space.

A frame is the orbit of the standard basis.  It turns every question about a group of matrices into
one about permutations: an element is known by how it permutes the frame, and its matrix is read off
the images of the basis vectors.  That the frame is finite proves that the group is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import lcm

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import Array, Modulus, Scalars
from intertwine.errors import SpecError, shown
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require, spend

MOST_VECTORS = 50_000
MOST_ENTRIES = 4_000_000
_PRIMES = 3
_SECONDS_AN_ENTRY = 2e-6
_ADVICE = "take smaller matrices, or fibres of them over points"


@dataclass(frozen=True, eq=False)
class Frame:
    """Vectors numbered from the standard basis on; `moves` say where each generator takes them.

    Vector v >= n is generator `edge[v]` times vector `parent[v]`.  Times `denominator`, rational
    vectors are integral.
    """

    matrices: tuple[ExactMatrix, ...]
    moves: tuple[SignedPermutation, ...]
    parent: Indices
    edge: Indices
    denominator: int = 1

    @property
    def dimension(self) -> int:
        """Of the space."""
        return self.matrices[0].dimension

    @property
    def size(self) -> int:
        """How many vectors there are."""
        return len(self.parent)

    def vectors(self, scalars: Scalars) -> Array:
        """Shape (vectors, dimension)."""
        return _vectors(self, scalars)

    def matrix(self, images: Indices, scalars: Scalars) -> Array:
        """That of the element which permutes the frame so."""
        return self.vectors(scalars)[images[: self.dimension]].T

    @cached_property
    def levels(self) -> list[Indices]:
        """The vectors by their distance from the basis."""
        depth = np.zeros(self.size, dtype=np.intp)
        for v in range(self.dimension, self.size):
            depth[v] = depth[self.parent[v]] + 1
        return [np.flatnonzero(depth == d) for d in range(int(depth.max(initial=0)) + 1)]


@cache
def _vectors(frame: Frame, scalars: Scalars) -> Array:
    matrices = [scalars.of(matrix) for matrix in frame.matrices]
    table = np.zeros((frame.size, frame.dimension), dtype=scalars.dtype)
    table[: frame.dimension] = scalars.identity(frame.dimension)
    for level in frame.levels[1:]:
        for number, matrix in enumerate(matrices):
            mine = level[frame.edge[level] == number]
            table[mine] = scalars.product(table[frame.parent[mine]], matrix.T)
    table.flags.writeable = False
    return table


def frame_of(matrices: Sequence[ExactMatrix], names: Sequence[str]) -> Frame:
    """The orbit of the standard basis, proved exactly; refuses a group that is not finite.

    Raises:
        SpecError: more vectors than MOST_VECTORS, or matrices that agree with no finite orbit.

    >>> frame = frame_of([ExactMatrix.parsed([["1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "1/2"]])], "r")
    >>> frame.size, frame.moves[0].order()
    (12, 6)
    """
    found = _finite(matrices)
    if found is None:
        raise _endless(matrices, names)
    return found


def _finite(matrices: Sequence[ExactMatrix]) -> Frame | None:
    """The proved orbit, or None; a prime that makes two of its vectors one is tried no further."""
    for number in range(_PRIMES):
        found = _orbit(matrices, number)
        if found is not None:
            entries = found.size * found.dimension * len(matrices)
            spend(_SECONDS_AN_ENTRY * entries, f"a frame of {found.size} vectors", _ADVICE)
        denominator = None if found is None else _proved(found)
        if found is not None and denominator is not None:
            return replace(found, denominator=denominator)
    return None


def _orbit(matrices: Sequence[ExactMatrix], number: int) -> Frame | None:
    """The orbit modulo a prime, by number; None where it is too long for a finite group."""
    modulus = Modulus.suiting(matrices, number)
    moving = [modulus.of(matrix) for matrix in matrices]
    n = matrices[0].dimension
    most = _most(n)
    require(16 * n * n * len(matrices), f"{len(matrices)} matrices on R^{n}", "take smaller ones")
    frontier: NDArray[np.int64] = modulus.identity(n)
    known = {row.tobytes(): number for number, row in enumerate(frontier)}
    parent, edge = list(range(n)), [-1] * n
    moves: list[list[int]] = [[] for _ in matrices]
    done = 0
    while len(frontier):
        found = []
        for number, matrix in enumerate(moving):
            for offset, row in enumerate(modulus.product(frontier, matrix.T)):
                image = known.setdefault(row.tobytes(), len(known))
                moves[number].append(image)
                if image == len(parent):
                    parent.append(done + offset)
                    edge.append(number)
                    found.append(row)
            if len(known) > most:
                return None
        done += len(frontier)
        # Images are listed frontier by frontier, in the order in which vectors were numbered.
        frontier = np.array(found, dtype=np.int64).reshape(len(found), n)
    images = tuple(SignedPermutation.of(move) for move in moves)
    return Frame(tuple(matrices), images, np.array(parent, np.intp), np.array(edge, np.intp))


def _most(dimension: int) -> int:
    """How many vectors a frame may have."""
    return max(dimension, min(MOST_VECTORS, MOST_ENTRIES // dimension))


def _proved(frame: Frame) -> int | None:
    """The vectors' denominator, if exact vectors move as the residues do, carried along the tree.

    The denominator is that of all coefficients over the rationals.
    """
    exact = [matrix.restricted for matrix in frame.matrices]
    height = exact[0].nrows()
    degree = height // frame.dimension
    table = [[fmpq(0)] * frame.size for _ in range(height)]
    for v in range(frame.dimension):
        table[v * degree][v] = fmpq(1)
    for level in frame.levels[1:]:
        for number, matrix in enumerate(exact):
            mine = level[frame.edge[level] == number].tolist()
            if not mine:
                continue
            before = frame.parent[mine].tolist()
            columns = fmpq_mat(height, len(mine), [row[v] for row in table for v in before])
            entries = iter((matrix * columns).entries())
            for row in table:
                for v in mine:
                    row[v] = next(entries)
    whole = fmpq_mat(height, frame.size, [x for row in table for x in row])
    for matrix, move in zip(exact, frame.moves, strict=True):
        if len(np.unique(move.images)) < frame.size:
            return None
        images = move.images.tolist()
        moved = fmpq_mat(height, frame.size, [row[v] for row in table for v in images])
        if matrix * whole != moved:
            return None
    return lcm(1, *(int(x.q) for row in table for x in row))


def _endless(matrices: Sequence[ExactMatrix], names: Sequence[str]) -> SpecError:
    """The refusal of a group that is not finite, with the generator that alone makes it so."""
    n = matrices[0].dimension
    expected = f"matrices of a finite group, that take the {n} basis vectors to at most {_most(n)}"
    advice = "check the entries; rounded ones or a wrong sign make an endless group"
    for matrix, name in zip(matrices, names, strict=True):
        if _finite([matrix]) is None:
            return SpecError(f"{shown(name)}, a matrix of no finite order", expected, advice)
    together = shown(", ".join(names))
    return SpecError(f"{together}, which take them to more", expected, advice)
