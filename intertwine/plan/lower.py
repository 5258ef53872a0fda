"""From solved spaces to the plan of a layer that expands the full matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.errors import TooLargeError
from intertwine.group.orbit import orbit_labels, orbit_transversal, schreier_tree
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.partition import SetPartitions, partition_name
from intertwine.hom.space import IntertwinerSpace
from intertwine.limits import human, require
from intertwine.plan.nodes import BiasBlock, Block, Field, Plan, Walk

MOST_ENTRIES = 1 << 25
_MOST_LISTED = 1 << 12
_MOST_MEANINGS = 64

_DIAGRAMS = "o: output axis, i: input axis, =: equal, |: different"
_ENTRIES = "its first entry, output <- input, and how many it has"

Spaces = Mapping[tuple[str, str], IntertwinerSpace]


@dataclass(frozen=True)
class Labels:
    """What a page says of its layer, besides the mathematics."""

    name: str
    class_name: str
    description: str
    order: str
    certificate: str
    digest: str
    bias: bool
    channels_last: bool


def lower(
    sources: Mapping[str, Action],
    targets: Mapping[str, Action],
    spaces: Spaces,
    invariants: Mapping[str, IntertwinerSpace],
    labels: Labels,
    fields: tuple[bool, bool],
) -> Plan:
    """The plan for the spaces between all pairs of fields and the invariants of each output.

    `spaces` is keyed by (target, source) and `fields` says whether input and output are named
    fields; refuses, before anything is allocated, a matrix too large to be expanded.
    """
    refuse_large(sources, targets)
    inputs = {name: _field(name, action) for name, action in sources.items()}
    outputs = {name: _field(name, action) for name, action in targets.items()}
    shares = {name: _shares(spaces, name, targets[name].dimension) for name in targets}
    group = next(iter(targets.values())).group
    return Plan(
        name=labels.name,
        class_name=labels.class_name,
        title=f"{_side(sources)} -> {_side(targets)}",
        description=labels.description,
        group=str(group),
        order=labels.order,
        generators=group.generators,
        inputs=tuple(inputs.values()),
        outputs=tuple(outputs.values()),
        blocks=tuple(
            _block(space, inputs[s], outputs[t], shares[t]) for (t, s), space in spaces.items()
        ),
        biases=tuple(_bias(space, outputs[t]) for t, space in invariants.items()),
        bias=labels.bias,
        channels_last=labels.channels_last,
        input_fields=fields[0],
        output_fields=fields[1],
        certificate=labels.certificate,
        digest=labels.digest,
    )


def refuse_large(sources: Mapping[str, Action], targets: Mapping[str, Action]) -> None:
    """Refuse a full matrix that is too large to be expanded."""
    columns, rows = (sum(a.dimension for a in side.values()) for side in (sources, targets))
    advice = "solve with --no-emit, or ask for the dimension alone with `intertwine count`"
    if rows * columns > MOST_ENTRIES:
        raise TooLargeError(
            f"a layer that expands its full matrix of {rows} x {columns} entries would need "
            f"{human(4 * rows * columns)} of memory for each pair of channels, and at most "
            f"{human(4 * MOST_ENTRIES)} is emitted; {advice}"
        )
    require(24 * rows * columns, f"the layer's {rows} x {columns} entries", advice)


def _side(actions: Mapping[str, Action]) -> str:
    if len(actions) == 1:
        return str(next(iter(actions.values())))
    return "{" + ", ".join(f"{name}: {action}" for name, action in actions.items()) + "}"


def _field(name: str, action: Action) -> Field:
    rows = [_one_based(image) for image in action.generators]
    table = np.array(rows, dtype=np.intp).reshape(len(rows), action.dimension)
    return Field(name, str(action), action.shape, table)


def _one_based(image: SignedPermutation) -> NDArray[np.intp]:
    return (image.images + 1) * (1 if image.signs is None else image.signs.astype(np.intp))


def _shares(spaces: Spaces, target: str, points: int) -> NDArray[np.intp]:
    """How many basis elements, over all inputs, reach the orbit whose first point is each point."""
    shares = np.zeros(points, dtype=np.intp)
    for (name, _), space in spaces.items():
        if name == target:
            np.add.at(shares, space.pattern.firsts[:, 0], 1)
    return shares


def _block(
    space: IntertwinerSpace, source: Field, target: Field, shares: NDArray[np.intp]
) -> Block:
    codes, firsts = space.codes, space.pattern.firsts
    lengths = np.zeros(space.dimension, dtype=np.intp)
    for row in np.unique(firsts[:, 0]).tolist():
        present, counts = np.unique(np.abs(codes[row]), return_counts=True)
        lengths[present[present > 0] - 1] = counts[present > 0]
    sizes = np.bincount(np.abs(codes).ravel(), minlength=space.dimension + 1)[1:]
    return Block(
        source.name,
        target.name,
        space.dimension,
        codes,
        tuple((lengths * shares[firsts[:, 0]]).tolist()),
        _DIAGRAMS if isinstance(space.pattern, SetPartitions) else _ENTRIES,
        _meanings(space, source, target, sizes),
        None if codes.size <= _MOST_LISTED else _walk(space),
    )


def _bias(space: IntertwinerSpace, target: Field) -> BiasBlock:
    codes = space.codes[:, 0]
    sizes = np.bincount(np.abs(codes), minlength=space.dimension + 1)[1:]
    firsts = space.pattern.firsts[:, 0]
    meanings = tuple(
        f"the orbit of {_point(int(first), target.shape)}, {_many(int(size), 'point')}"
        for first, size in islice(zip(firsts, sizes, strict=True), _MOST_MEANINGS)
    )
    return BiasBlock(target.name, space.dimension, codes, meanings)


def _meanings(
    space: IntertwinerSpace, source: Field, target: Field, sizes: NDArray[np.intp]
) -> tuple[str, ...]:
    if isinstance(space.pattern, SetPartitions):
        strings = islice(space.pattern.strings(), _MOST_MEANINGS)
        return tuple(partition_name(string, space.pattern.outputs) for string in strings)
    firsts = islice(zip(space.pattern.firsts.tolist(), sizes.tolist(), strict=True), _MOST_MEANINGS)
    return tuple(
        f"{_point(row, target.shape)} <- {_point(column, source.shape)}, {_many(size, 'entry')}"
        for (row, column), size in firsts
    )


def _point(number: int, shape: Sequence[int]) -> str:
    if len(shape) == 1:
        return str(number)
    return "(" + ", ".join(str(int(i)) for i in np.unravel_index(number, shape)) + ")"


def _many(count: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count} {noun if count == 1 else plural}"


def _walk(space: IntertwinerSpace) -> Walk:
    """Rows at the representatives of the target's orbits, and a tree to the others."""
    images = [image.images for image in space.target.generators]
    degree = space.target.dimension
    roots = orbit_transversal(orbit_labels(images, degree)).tolist()
    steps = [np.empty((0, 3), dtype=np.intp)]
    for root in roots:
        tree = schreier_tree(images, root, degree)
        points = tree.points[1:]
        steps.append(np.stack([points, tree.parent[points], tree.edge[points]], axis=1))
    rows = tuple((root, space.codes[root].astype(np.intp)) for root in roots)
    return Walk(rows, np.concatenate(steps))
