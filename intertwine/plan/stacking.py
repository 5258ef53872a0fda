"""From solved spaces to the plan of a layer whose maps have coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.element import AtomUnion
from intertwine.algebra.scalars import REALS
from intertwine.group.orbit import orbit_labels, orbit_transversal, schreier_tree
from intertwine.hom.basis import Basis
from intertwine.hom.fibre import Fibred
from intertwine.hom.space import IntertwinerSpace
from intertwine.numerals import many
from intertwine.plan.labels import Labels
from intertwine.plan.lower import Choices, Spaces, restricted
from intertwine.plan.moved import Words, moved_field
from intertwine.plan.stack import Carried, LinearField, Move, StackBias, StackBlock, StackPlan
from intertwine.plan.strategies import Choice
from intertwine.plan.support import only_permuted
from intertwine.plan.task import Task
from intertwine.plan.words import ENTRIES, point

_MOST_MEANINGS = 64
_LISTED = 512
_ROUNDING = 1e-9


def stacked(
    sources: Mapping[str, Action],
    targets: Mapping[str, Action],
    spaces: Spaces,
    invariants: Mapping[str, IntertwinerSpace],
    labels: Labels,
    choices: Choices,
    ends: int | None = None,
) -> StackPlan:
    """The plan for the spaces between all pairs of fields, keyed by (target, source)."""
    first = next(iter(choices.values())).task
    names = tuple(next(iter(targets.values())).group.generators)
    if first.motions is None:
        inputs = {name: linear_field(name, action) for name, action in sources.items()}
        outputs = {name: linear_field(name, action) for name, action in targets.items()}
    else:
        names = tuple(first.motions)
        inputs, outputs = (
            {name: _moved(name, action, first.motions) for name, action in side.items()}
            for side in (sources, targets)
        )
    orbits = {name: _orbits(action) for name, action in targets.items()}
    shares = {name: np.zeros(orbits[name].max() + 1, dtype=np.intp) for name in targets}
    for (name, _), choice in choices.items():
        np.add.at(shares[name], orbits[name][_firsts(choice.task.maps)[:, 0]], 1)
    return StackPlan(
        labels,
        names,
        tuple(inputs.values()),
        tuple(outputs.values()),
        tuple(
            _block(space, choices[t, s], outputs[t], inputs[s], orbits[t], shares[t], labels)
            for (t, s), space in spaces.items()
        ),
        tuple(_bias(space, outputs[t]) for t, space in invariants.items()),
        restricted(spaces, choices),
        ends,
    )


def _moved(name: str, action: Action, motions: Words) -> LinearField:
    """A field with the motions that keep a grid's ends in place of the group's generators."""
    field = moved_field(name, action, motions, linear=True)
    assert isinstance(field, LinearField)
    return field


def linear_field(name: str, action: Action) -> LinearField:
    """A field with the matrices of its generators."""
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
    choice: Choice,
    target: LinearField,
    source: LinearField,
    orbits: NDArray[np.intp],
    shares: NDArray[np.intp],
    labels: Labels,
) -> StackBlock:
    taken = choice.task
    basis = taken.maps
    firsts, stack = _firsts(basis), basis.stack.astype(np.float64)
    mine = orbits[firsts[:, 0]]
    norms = np.asarray((stack * stack).sum(axis=1)).ravel()
    if labels.correlated and only_permuted(space.source, space.target):
        sums = stack.reshape((basis.dimension * basis.rows, basis.columns)).sum(axis=1)
        norms = (sums**2).reshape(basis.dimension, basis.rows).sum(axis=1)
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
        basis.dimension,
        stack,
        meanings,
        ENTRIES,
        tuple(fans.tolist()),
        choice.route,
        _carried(space, taken, target, source) if stack.nnz > _LISTED else None,
    )


def _bias(space: IntertwinerSpace, target: LinearField) -> StackBias:
    stack = space.found.stack.astype(np.float64)
    counts = np.diff(stack.indptr).tolist()
    firsts = _firsts(space.found)[:, 0].tolist()
    shown = islice(zip(firsts, counts, strict=True), _MOST_MEANINGS)
    meanings = tuple(f"{point(p, target.shape)}, {many(n, 'coordinate')}" for p, n in shown)
    return StackBias(target.name, space.dimension, stack, meanings)


def _carried(
    space: IntertwinerSpace, taken: Task, target: LinearField, source: LinearField
) -> Carried | None:
    """The maps by their rows over representatives, where the target has other points too."""
    whole, stack = space.found, taken.maps.stack
    if not isinstance(whole, Fibred) or min(len(target.fibres), len(source.fibres)) == 1:
        return None
    points = space.target.points
    images = [g.images for g in points.generators]
    labels = orbit_labels(images, points.dimension)
    roots = orbit_transversal(labels).tolist()
    first = np.zeros((len(roots), source.points), dtype=np.intp)
    widest = int(np.diff(np.searchsorted(taken.kept, whole.starts)).max(initial=0))
    values = np.zeros((widest, len(roots), target.fibres.shape[1], source.points))
    steps = [np.empty((0, 3), dtype=np.intp)]
    for number, root in enumerate(roots):
        tree = schreier_tree(images, root, points.dimension)
        others = tree.points[1:]
        steps.append(np.stack([others, tree.parent[others], tree.edge[others]], axis=1))
        first[number] = np.searchsorted(taken.kept, whole.first_elements(root))
        for row, coordinate in enumerate(target.fibres[root].tolist()):
            listed = stack[:, coordinate * source.points : (coordinate + 1) * source.points]
            element, column = listed.tocoo().coords
            values[element - first[number, column], number, row, column] = listed.tocoo().data
    return Carried(tuple(roots), first, values, np.concatenate(steps))
