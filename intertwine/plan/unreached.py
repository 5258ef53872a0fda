"""Which parts of an output no map of a layer reaches: fields, summands, and orbits of points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from intertwine.action.action import Action
from intertwine.action.structure import Sum, fields_of
from intertwine.group.orbit import orbit_labels
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis
from intertwine.numerals import many
from intertwine.plan.words import point

WHOLE = "the output"


@dataclass(frozen=True)
class Unreached:
    """A part of an output that is zero under every map; `biased` says whether a bias reaches it."""

    part: str
    biased: bool

    def __str__(self) -> str:
        left = "its bias alone" if self.biased else "0 whatever the weights"
        return f"no map reaches {self.part}: it is {left}"


def unreached(target: Action, maps: Basis, invariants: Basis) -> tuple[Unreached, ...]:
    """The largest parts that no map reaches; a part that the bias reaches in part is biased.

    >>> from intertwine.action.action import Trivial
    >>> from intertwine.group.named import hyperoctahedral
    >>> from intertwine.action.action import SetAction
    >>> from intertwine.hom.rules import basis
    >>> axes = SetAction(hyperoctahedral(3), "axes")
    >>> one = Trivial(axes.group)
    >>> both = Sum(axes.group, (axes, one), ("a", "b"))
    >>> print(*unreached(both, basis(one, both), basis(one, both)))
    no map reaches a: it is 0 whatever the weights
    """
    lost = maps.empty_rows
    if not len(lost):
        return ()
    return tuple(_parts("", target, 0, (lost, invariants.empty_rows)))


def lost_outputs(targets: Mapping[str, Action], maps: Basis) -> list[str]:
    """The outputs, by name, of which no map reaches any part."""
    lost, start, names = maps.empty_rows, 0, []
    for name, action in targets.items():
        if len(_within(lost, start, action)) == action.dimension:
            names.append(name)
        start += action.dimension
    return names


def _parts(
    name: str, action: Action, start: int, empty: tuple[Indices, Indices]
) -> list[Unreached]:
    """The unreached among the rows from `start` on; `empty` are rows of maps and of the bias."""
    lost, silent = (_within(rows, start, action) for rows in empty)
    if not len(lost):
        return []
    said = name or WHOLE
    whole = len(lost) == action.dimension
    if isinstance(action, Sum):
        made: list[Unreached] = []
        for label, member in _members(action):
            inner = ", ".join(filter(None, (name, label)))
            made += _parts(inner, member, start, empty)
            start += member.dimension
        alike = len({part.biased for part in made}) == 1
        return [Unreached(said, made[0].biased)] if whole and alike else made
    if whole:
        return [Unreached(said, len(silent) < len(lost))]
    labels = orbit_labels([g.images for g in action.points.generators], action.points.dimension)
    orbits = labels[action.fibre_of]
    made = []
    for orbit in np.unique(orbits[lost - start]).tolist():
        rows = np.flatnonzero(orbits == orbit) + start
        if np.isin(rows, lost).all():
            first = point(int(rows[0]) - start, action.shape)
            which = f"the orbit of {first}, {many(len(rows), 'coordinate')}"
            made.append(Unreached(f"{which}, of {said}", not np.isin(rows, silent).all()))
    return made


def _members(action: Sum) -> list[tuple[str, Action]]:
    named = fields_of(action)
    if named:
        return [*named.items()]
    return [(f"summand {k} ({member})", member) for k, member in enumerate(action.members)]


def _within(rows: Indices, start: int, action: Action) -> Indices:
    first, last = np.searchsorted(rows, [start, start + action.dimension])
    return rows[first:last]
