"""From solved spaces to the plan of a layer that expands the full matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.errors import TooLargeError
from intertwine.group.orbit import orbit_labels, orbit_transversal, schreier_tree
from intertwine.hom.partition import SetPartitions, partition_name
from intertwine.hom.pattern import Codes
from intertwine.hom.space import IntertwinerSpace
from intertwine.limits import human, require, spend
from intertwine.numerals import many
from intertwine.plan.labels import Labels
from intertwine.plan.moved import Words, moved_field, one_based
from intertwine.plan.nodes import BiasBlock, Block, Field, Plan, Walk
from intertwine.plan.strategies import Choice
from intertwine.plan.words import DIAGRAMS, ENTRIES, point

MOST_ENTRIES = 1 << 25
_MOST_LISTED = 1 << 12
_SECONDS_AN_ENTRY = 1e-6
# What reading one entry of the table of all maps takes, to solve it and to lay it out.
_SECONDS_READ = 1.2e-7
_BYTES_READ = 6
_MOST_MEANINGS = 64
_SHOWN = 4
_ADVICE = "solve with --no-emit, or ask for the dimension alone with `intertwine count`"

Spaces = Mapping[tuple[str, str], IntertwinerSpace]
Choices = Mapping[tuple[str, str], Choice]


def lower(
    sources: Mapping[str, Action],
    targets: Mapping[str, Action],
    spaces: Spaces,
    invariants: Mapping[str, IntertwinerSpace],
    labels: Labels,
    choices: Choices,
    ends: int | None = None,
) -> Plan:
    """The plan for the spaces between all pairs of fields and the invariants of each output.

    `spaces` and `choices` are keyed by (target, source); `ends` is the radius where grids end.
    """
    shares = {name: _shares(spaces, choices, name, targets[name].dimension) for name in targets}
    first = next(iter(choices.values())).task
    names = tuple(next(iter(targets.values())).group.generators)
    if first.motions is None:
        inputs = {name: _field(name, action) for name, action in sources.items()}
        outputs = {name: _field(name, action) for name, action in targets.items()}
    else:
        names = tuple(first.motions)
        inputs, outputs = (
            {name: _moved(name, action, first.motions) for name, action in side.items()}
            for side in (sources, targets)
        )
    return Plan(
        labels=labels,
        generators=names,
        inputs=tuple(inputs.values()),
        outputs=tuple(outputs.values()),
        blocks=tuple(
            _block(space, inputs[s], outputs[t], shares[t], choices[t, s], labels.correlated)
            for (t, s), space in spaces.items()
        ),
        biases=tuple(_bias(space, outputs[t]) for t, space in invariants.items()),
        restricted=restricted(spaces, choices),
        ends=ends,
    )


def restricted(spaces: Spaces, choices: Choices) -> int:
    """The dimension of the space of which a support keeps a part, or 0."""
    whole = sum(space.dimension for space in spaces.values())
    return whole if sum(len(choice.task.kept) for choice in choices.values()) < whole else 0


def refuse_large(sides: Sequence[tuple[Action, Action]]) -> None:
    """Refuse full matrices, of a source and a target each, that are too large to be expanded."""
    total, shapes = _entries_of(sides)
    matrices = "its full matrix of" if len(sides) == 1 else f"{len(sides)} full matrices, of"
    if total > MOST_ENTRIES:
        raise TooLargeError(
            f"a layer that expands {matrices} {shapes} entries would need "
            f"{human(4 * total)} of memory for each pair of channels, and at most "
            f"{human(4 * MOST_ENTRIES)} is emitted; {_ADVICE}"
        )
    require(24 * total, f"the layer's {shapes} entries", _ADVICE)
    spend(_SECONDS_AN_ENTRY * total, f"the layer's {shapes} entries", _ADVICE)


def refuse_long(sides: Sequence[tuple[Action, Action]]) -> None:
    """Refuse tables of maps, of a source and a target each, that take too long to read."""
    total, shapes = _entries_of(sides)
    require(_BYTES_READ * total, f"a table of the layer's {shapes} entries", _ADVICE)
    spend(_SECONDS_READ * total, f"a table of the layer's {shapes} entries", _ADVICE)


def _entries_of(sides: Sequence[tuple[Action, Action]]) -> tuple[int, str]:
    """How many entries the full matrices have, and the first shapes in words."""
    total = sum(source.dimension * target.dimension for source, target in sides)
    shown = [f"{target.dimension} x {source.dimension}" for source, target in sides[:_SHOWN]]
    return total, ", ".join([*shown, *["..."] * (len(sides) > _SHOWN)])


def _field(name: str, action: Action) -> Field:
    rows = [one_based(image) for image in action.generators]
    table = np.array(rows, dtype=np.intp).reshape(len(rows), action.dimension)
    return Field(name, str(action), action.shape, table)


def _moved(name: str, action: Action, motions: Words) -> Field:
    """A field with the motions that keep a grid's ends in place of the group's generators."""
    field = moved_field(name, action, motions, linear=False)
    assert isinstance(field, Field)
    return field


def _shares(spaces: Spaces, choices: Choices, target: str, points: int) -> NDArray[np.intp]:
    """How many basis elements, over all inputs, reach the orbit whose first point is each point."""
    shares = np.zeros(points, dtype=np.intp)
    for (name, source), space in spaces.items():
        if name == target:
            kept = choices[name, source].task.kept
            np.add.at(shares, space.pattern.firsts[kept, 0], 1)
    return shares


def _block(
    space: IntertwinerSpace,
    source: Field,
    target: Field,
    shares: NDArray[np.intp],
    choice: Choice,
    correlated: bool,
) -> Block:
    taken = choice.task
    firsts = space.pattern.firsts[taken.kept]
    every = np.zeros(space.dimension, dtype=np.intp)
    for row in np.unique(firsts[:, 0]).tolist():
        present, counts = np.unique(np.abs(space.codes[row]), return_counts=True)
        every[present[present > 0] - 1] = counts[present > 0]
    lengths = every[taken.kept]
    orbits = orbit_labels([image.images for image in space.target.generators], target.points)
    sizes = lengths * np.bincount(orbits)[orbits[firsts[:, 0]]]
    shown = (firsts, sizes) if taken.motions is None else _entries(taken.codes)
    # Equal inputs add up as amplitudes, unless the group changes their signs.
    spread = lengths**2 if correlated and not (source.signed or target.signed) else lengths
    walked = choice.route.walks and taken.motions is None and taken.codes.size > _MOST_LISTED
    return Block(
        target=target.name,
        dimension=len(taken.kept),
        codes=taken.codes,
        meanings=_meanings(space, source, target, shown, taken.kept),
        source=source.name,
        fans=tuple((spread * shares[firsts[:, 0]]).tolist()),
        legend=DIAGRAMS if isinstance(space.pattern, SetPartitions) else ENTRIES,
        route=choice.route,
        walk=_walk(space, taken.codes) if walked else None,
    )


def _entries(codes: Codes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first entry of each map, and how many it has, where the ends of axes cut some off."""
    numbers, places, counts = np.unique(np.abs(codes), return_index=True, return_counts=True)
    firsts = np.stack(np.unravel_index(places[numbers > 0], codes.shape), axis=1)
    return firsts, counts[numbers > 0]


def _bias(space: IntertwinerSpace, target: Field) -> BiasBlock:
    codes = space.codes[:, 0]
    sizes = np.bincount(np.abs(codes), minlength=space.dimension + 1)[1:]
    firsts = space.pattern.firsts[:, 0]
    meanings = tuple(
        f"the orbit of {point(int(first), target.shape)}, {many(int(size), 'point')}"
        for first, size in islice(zip(firsts, sizes, strict=True), _MOST_MEANINGS)
    )
    return BiasBlock(target.name, space.dimension, codes, meanings)


def _meanings(
    space: IntertwinerSpace,
    source: Field,
    target: Field,
    entries: tuple[NDArray[np.intp], NDArray[np.intp]],
    kept: NDArray[np.intp],
) -> tuple[str, ...]:
    """In words: `entries` are the first of each map and how many it has."""
    if isinstance(space.pattern, SetPartitions) and len(kept) == space.dimension:
        strings = islice(space.pattern.strings(), _MOST_MEANINGS)
        return tuple(partition_name(string, space.pattern.outputs) for string in strings)
    firsts, sizes = (table.tolist() for table in entries)
    shown = islice(zip(firsts, sizes, strict=True), _MOST_MEANINGS)
    return tuple(
        f"{point(row, target.shape)} <- {point(column, source.shape)}, {many(size, 'entry')}"
        for (row, column), size in shown
    )


def _walk(space: IntertwinerSpace, codes: Codes) -> Walk:
    """Rows at the representatives of the target's orbits, and a tree to the others."""
    images = [image.images for image in space.target.generators]
    degree = space.target.dimension
    roots = orbit_transversal(orbit_labels(images, degree)).tolist()
    steps = [np.empty((0, 3), dtype=np.intp)]
    for root in roots:
        tree = schreier_tree(images, root, degree)
        points = tree.points[1:]
        steps.append(np.stack([points, tree.parent[points], tree.edge[points]], axis=1))
    rows = tuple((root, codes[root].astype(np.intp)) for root in roots)
    return Walk(rows, np.concatenate(steps))
