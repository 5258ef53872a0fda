"""The plan of a layer whose maps are no patterns of signs: some action is by matrices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.linear import Sparse
from intertwine.numerals import many
from intertwine.plan.nodes import Labels
from intertwine.plan.strategy.isotypic import Isotypic
from intertwine.plan.strategy.small_sets import BATCH, CHANNELS

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
    orbit of the target.  `depth` is how many terms are kept for each entry.
    """

    target: str
    source: str
    dimension: int
    stack: Sparse
    meanings: tuple[str, ...]
    legend: str
    fans: tuple[float, ...]
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


@dataclass(frozen=True, eq=False)
class StackPlan:
    """A layer `y[t] = sum_s sum_k weight[t, s, k] T_k x[s] + bias`, the T_k given by stacks.

    `route` is how one block is computed where that is not by its full matrix; `restricted` and
    `ends` are as in a `Plan`.
    """

    labels: Labels
    generators: tuple[str, ...]
    inputs: tuple[LinearField, ...]
    outputs: tuple[LinearField, ...]
    blocks: tuple[StackBlock, ...]
    biases: tuple[StackBias, ...]
    route: Isotypic | None = None
    restricted: int = 0
    ends: int | None = None

    @property
    def dimension(self) -> int:
        """The number of basis elements of all blocks."""
        return sum(block.dimension for block in self.blocks)

    @property
    def bias_dimension(self) -> int:
        """The number of invariants of the output."""
        return sum(bias.dimension for bias in self.biases)

    @property
    def computed(self) -> str:
        """How it is computed, in words, where that is not by its full matrix."""
        return "" if self.route is None else self.route.computed

    @property
    def dense_pays(self) -> bool:
        """Whether a batch is computed faster by the full matrix, once that is made."""
        rows, columns = (sum(f.points for f in side) for side in (self.outputs, self.inputs))
        return self.route is None or self.route.pays(BATCH * CHANNELS**2 * rows * columns)

    def __str__(self) -> str:
        rows = sum(field.points for field in self.outputs)
        columns = sum(field.points for field in self.inputs)
        if self.route is not None:
            return f"{self.labels.name}: {many(self.dimension, 'coefficient')}, {self.route}"
        return f"{self.labels.name}: combine {many(self.dimension, 'map')} of {rows} x {columns}"


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
