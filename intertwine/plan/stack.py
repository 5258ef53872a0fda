"""The plan of a layer whose maps are no patterns of signs: some action is by matrices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.linear import Sparse
from intertwine.group.permutation import Indices
from intertwine.plan.plan import LayerPlan
from intertwine.plan.proposal import Proposal
from intertwine.plan.steps.weights import Combine

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Move:
    """A matrix by columns: column i has the entries `values[i]` in the rows `rows[i]`."""

    rows: NDArray[np.intp]
    values: Array

    @classmethod
    def of(cls, matrix: Sparse) -> Move:
        """All columns padded to the length of the longest, by zeros in row 0."""
        listed = matrix.tocsc()
        lengths = np.diff(listed.indptr)
        shape = (len(lengths), max(1, int(lengths.max(initial=0))))
        rows, values = np.zeros(shape, dtype=np.intp), np.zeros(shape)
        columns = np.repeat(np.arange(len(lengths)), lengths)
        place = np.arange(len(columns)) - np.repeat(listed.indptr[:-1], lengths)
        rows[columns, place], values[columns, place] = listed.indices, listed.data
        return cls(rows, values)

    @cached_property
    def matrix(self) -> Array:
        """The matrix in full."""
        size = len(self.rows)
        matrix = np.zeros((size, size))
        np.add.at(matrix, (self.rows.T, np.arange(size)), self.values.T)
        return matrix


@dataclass(frozen=True, eq=False)
class LinearField:
    """One input or output: its axes, and the matrix of every generator on its coordinates.

    `fibres[x]` are the coordinates over point x; `duals` are the inverses transposed, where these
    are not the matrices themselves.
    """

    name: str
    action: str
    shape: tuple[int, ...]
    moves: tuple[Move, ...]
    fibres: NDArray[np.intp]
    duals: tuple[Move, ...] | None

    @property
    def points(self) -> int:
        """How many coordinates the axes hold."""
        return prod(self.shape)


@dataclass(frozen=True, eq=False)
class Carried:
    """Maps by their rows over one point of each orbit of the target, and how the others follow.

    Over the point `roots[o]` the coefficient at row r, column c is `values[k, o, r, c]` of map
    `first[o, c] + k`.  A step (child, parent, g) says that the rows over `child` are those over
    `parent`, carried by generator g.
    """

    roots: tuple[int, ...]
    first: NDArray[np.intp]
    values: Array
    steps: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class StackBlock:
    """All intertwiners from one field to another: row k of the stack is map k, row-major.

    A coefficient of variance `1 / (fans[k] in_channels)` keeps unit variance on average over each
    orbit of the target.  `depth` is how many terms are kept for each entry, and `route` is how the
    maps are computed.
    """

    target: str
    source: str
    dimension: int
    stack: Sparse
    meanings: tuple[str, ...]
    legend: str
    fans: tuple[float, ...]
    route: Proposal
    carried: Carried | None

    @property
    def depth(self) -> int:
        """The largest number of maps that meet in one entry, or stand over one orbital."""
        if self.carried is not None:
            return len(self.carried.values)
        counts = np.bincount(self.stack.tocoo().coords[1], minlength=1)
        return int(counts.max())


@dataclass(frozen=True, eq=False)
class StackBias:
    """The invariants of one output, one a row."""

    target: str
    dimension: int
    stack: Sparse
    meanings: tuple[str, ...]

    def made(self, out: str, given: str, points: Indices | None = None) -> Combine:
        """The step that makes a number a point of them times weights, at all or at some points."""
        stack = self.stack if points is None else self.stack[:, points]
        return Combine(out, given, stack, (stack.shape[1],))


@dataclass(frozen=True, eq=False)
class StackPlan(LayerPlan):
    """A layer whose maps T_k are given by stacks."""

    inputs: tuple[LinearField, ...]
    outputs: tuple[LinearField, ...]
    blocks: tuple[StackBlock, ...]
    biases: tuple[StackBias, ...]

    made = "combine", "map", "of"


def unrolled(carried: Carried, source: LinearField, target: LinearField, count: int) -> Array:
    """All maps of a block from their rows over representatives: shape (count, target, source).

    The slow twin of what a page does with `Carried`.
    """
    down = target.fibres
    maps = np.zeros((count, target.points, source.points))
    columns = np.arange(source.points)
    for number, root in enumerate(carried.roots):
        for depth, values in enumerate(carried.values[:, number]):
            element = np.minimum(carried.first[number] + depth, count - 1)
            for row, coordinate in enumerate(down[root].tolist()):
                maps[element, coordinate, columns] += values[row]
    for child, parent, g in carried.steps.tolist():
        left = target.moves[g].matrix[np.ix_(down[child], down[parent])]
        right = (source.moves if source.duals is None else source.duals)[g].matrix
        maps[:, down[child]] = left @ (maps[:, down[parent]] @ right.T)
    return maps
