"""The plan of a layer whose maps are no patterns of signs: some action is by matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.element import AtomUnion
from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import REALS
from intertwine.group.orbit import orbit_labels, orbit_transversal, schreier_tree
from intertwine.hom.basis import Basis
from intertwine.hom.fibre import Fibred
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.factoring import CHANNELS
from intertwine.plan.nodes import Labels
from intertwine.plan.schur import Schur, schur
from intertwine.plan.words import ENTRIES, many, point

_MOST_MEANINGS = 64
_LISTED = 512
_ROUNDING = 1e-9

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
    orbit of the target.  `depth` is the largest number of maps that meet in one entry.
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
        """The largest number of maps that meet in one entry."""
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

    `route` is how one block is computed where that is not by its full matrix.
    """

    labels: Labels
    generators: tuple[str, ...]
    inputs: tuple[LinearField, ...]
    outputs: tuple[LinearField, ...]
    blocks: tuple[StackBlock, ...]
    biases: tuple[StackBias, ...]
    route: Schur | None = None
    restricted: int = 0

    @property
    def dimension(self) -> int:
        """The number of basis elements of all blocks."""
        return sum(block.dimension for block in self.blocks)

    @property
    def bias_dimension(self) -> int:
        """The number of invariants of the output."""
        return sum(bias.dimension for bias in self.biases)

    def __str__(self) -> str:
        rows = sum(field.points for field in self.outputs)
        columns = sum(field.points for field in self.inputs)
        if self.route is not None:
            return f"{self.labels.name}: {self.dimension} coefficients, {self.route}"
        return f"{self.labels.name}: combine {self.dimension} maps of {rows} x {columns}"


def stacked(
    sources: Mapping[str, Action],
    targets: Mapping[str, Action],
    spaces: Mapping[tuple[str, str], IntertwinerSpace],
    invariants: Mapping[str, IntertwinerSpace],
    labels: Labels,
    routed: bool = True,
) -> StackPlan:
    """The plan for the spaces between all pairs of fields, keyed by (target, source)."""
    inputs = {name: _field(name, action) for name, action in sources.items()}
    outputs = {name: _field(name, action) for name, action in targets.items()}
    orbits = {name: _orbits(action) for name, action in targets.items()}
    shares = {name: np.zeros(orbits[name].max() + 1, dtype=np.intp) for name in targets}
    for (name, _), space in spaces.items():
        np.add.at(shares[name], orbits[name][_firsts(space.found)[:, 0]], 1)
    return StackPlan(
        labels,
        next(iter(targets.values())).group.generators,
        tuple(inputs.values()),
        tuple(outputs.values()),
        tuple(
            _block(space, outputs[t], inputs[s], orbits[t], shares[t])
            for (t, s), space in spaces.items()
        ),
        tuple(_bias(space, outputs[t]) for t, space in invariants.items()),
        schur(next(iter(spaces.values())), CHANNELS) if routed and len(spaces) == 1 else None,
    )


def _field(name: str, action: Action) -> LinearField:
    union = AtomUnion([action])
    matrices, duals = [], []
    for joint in union.generators:
        inverse = union.element(joint.inverse())
        matrices.append(action.matrix(union.element(joint), REALS))
        duals.append(action.matrix(inverse, REALS).T.tocsr())
    pairs = zip(matrices, duals, strict=True)
    orthogonal = all(abs(m - d).max() < _ROUNDING for m, d in pairs)
    return LinearField(
        name,
        str(action),
        action.shape,
        tuple(map(Move.of, matrices)),
        _fibres(action),
        None if orthogonal else tuple(map(Move.of, duals)),
    )


def _fibres(action: Action) -> NDArray[np.intp]:
    """Shape (points, size); one point where fibres differ in size."""
    below = action.fibre_of
    sizes = np.unique(np.bincount(below, minlength=1))
    if len(sizes) > 1:
        return np.arange(len(below), dtype=np.intp)[None]
    return np.argsort(below, kind="stable").reshape(-1, sizes[0]).astype(np.intp)


def _orbits(action: Action) -> NDArray[np.intp]:
    """The number of the orbit over which each coordinate stands."""
    points = action.points
    labels = orbit_labels([g.images for g in points.generators], points.dimension)
    return labels[action.fibre_of]


def _firsts(basis: Basis) -> NDArray[np.intp]:
    """Row and column of the first entry of each element."""
    stack = basis.stack.sorted_indices()
    return np.stack(np.divmod(stack.indices[stack.indptr[:-1]], basis.columns), axis=1)


def _block(
    space: IntertwinerSpace,
    target: LinearField,
    source: LinearField,
    orbits: NDArray[np.intp],
    shares: NDArray[np.intp],
) -> StackBlock:
    basis = space.found
    firsts, stack = _firsts(basis), basis.stack.astype(np.float64)
    mine = orbits[firsts[:, 0]]
    norms = np.asarray((stack * stack).sum(axis=1)).ravel()
    fans = shares[mine] * norms / np.bincount(orbits)[mine]
    counts = np.diff(stack.indptr).tolist()
    shown = islice(zip(firsts.tolist(), counts, strict=True), _MOST_MEANINGS)
    meanings = tuple(
        f"{point(row, target.shape)} <- {point(column, source.shape)}, {many(count, 'entry')}"
        for (row, column), count in shown
    )
    return StackBlock(
        target.name,
        source.name,
        space.dimension,
        stack,
        meanings,
        ENTRIES,
        tuple(fans.tolist()),
        _carried(space, target, source) if stack.nnz > _LISTED else None,
    )


def _bias(space: IntertwinerSpace, target: LinearField) -> StackBias:
    stack = space.found.stack.astype(np.float64)
    counts = np.diff(stack.indptr).tolist()
    firsts = _firsts(space.found)[:, 0].tolist()
    shown = islice(zip(firsts, counts, strict=True), _MOST_MEANINGS)
    meanings = tuple(f"{point(p, target.shape)}, {many(n, 'coordinate')}" for p, n in shown)
    return StackBias(target.name, space.dimension, stack, meanings)


def _carried(space: IntertwinerSpace, target: LinearField, source: LinearField) -> Carried | None:
    """The maps by their rows over representatives, where the target has other points too."""
    basis = space.found
    if not isinstance(basis, Fibred) or min(len(target.fibres), len(source.fibres)) == 1:
        return None
    points = space.target.points
    images = [g.images for g in points.generators]
    labels = orbit_labels(images, points.dimension)
    roots = orbit_transversal(labels).tolist()
    first = np.zeros((len(roots), source.points), dtype=np.intp)
    values = np.zeros((basis.widest, len(roots), target.fibres.shape[1], source.points))
    steps = [np.empty((0, 3), dtype=np.intp)]
    for number, root in enumerate(roots):
        tree = schreier_tree(images, root, points.dimension)
        others = tree.points[1:]
        steps.append(np.stack([others, tree.parent[others], tree.edge[others]], axis=1))
        first[number] = basis.first_elements(root)
        for row, coordinate in enumerate(target.fibres[root].tolist()):
            listed = basis.stack[:, coordinate * source.points : (coordinate + 1) * source.points]
            element, column = listed.tocoo().coords
            values[element - first[number, column], number, row, column] = listed.tocoo().data
    return Carried(tuple(roots), first, values, np.concatenate(steps))


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
