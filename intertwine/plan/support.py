"""Which maps a support keeps: those of some numbers, or those within reach on a grid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.errors import SpecError
from intertwine.group.coarsening import Word
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis, Part
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.moved import Moves, Words
from intertwine.plan.torus import Torus, spots


@dataclass(frozen=True)
class Wish:
    """What a spec's `layer` asks for."""

    strategy: str = "auto"
    radius: int | None = None
    orbitals: tuple[int, ...] | None = None
    zeros: bool = False

    @property
    def restricts(self) -> bool:
        """Whether some maps only are asked for."""
        return self.radius is not None or self.orbitals is not None


def chosen(space: IntertwinerSpace, orbitals: tuple[int, ...]) -> NDArray[np.intp]:
    """The maps of these numbers, in order; refuses a number that no map has."""
    if orbitals and max(orbitals) >= space.dimension:
        expected = f"numbers from 0 to {space.dimension - 1}, the maps of this space"
        if not space.dimension:
            expected = "no number: this space has no map"
        raise SpecError(f"support: orbital {max(orbitals)}", expected, "choose among them")
    return np.array(orbitals, dtype=np.intp)


def torus_of(space: IntertwinerSpace, given: str, source: Action, target: Action) -> Torus:
    """The torus of the points of both sides; refuses, as `given`, where there is none."""
    torus = Torus.of(source, target)
    if torus is None:
        raise SpecError(
            f"{given}, with {space.source} -> {space.target}",
            "generators that commute and shift input and output freely, such as a grid's",
            "leave it out, or act by translations on both sides",
        )
    return torus


def refuse_parts(space: IntertwinerSpace, radius: int) -> None:
    """Refuse a radius that holds some map in part."""
    raise SpecError(
        f"support: {{radius: {radius}}} with {space.source} -> {space.target}",
        "a radius that holds each map whole or not at all, as a grid's pixels and poses have",
        "list the maps to keep: support: {orbitals: [...]}",
    )


def part_of(space: IntertwinerSpace, wish: Wish) -> tuple[NDArray[np.intp], Basis, Words | None]:
    """The numbers of the maps that are kept, the maps as they are then, and the motions left.

    Maps of any entries over points that the group permutes: a map is within reach where the points
    under all its entries are.  Where the grid ends, entries that go round it are zero; what keeps
    the ends takes such entries to one another, so that the rest commutes with it as before.
    """
    if wish.orbitals is not None:
        kept = chosen(space, wish.orbitals)
        return kept, Part.of(space.found, kept), None
    assert wish.radius is not None
    source, target = space.source, space.target
    torus = torus_of(space, "support: radius", source.points, target.points)
    torus.refuse_radius(wish.radius)
    listed = space.found.stack.tocoo()
    elements, entries = (axis.astype(np.intp) for axis in listed.coords)
    rows, columns = np.divmod(entries, source.dimension)
    steps = np.abs(torus.steps(target.fibre_of[rows], source.fibre_of[columns]))
    lengths = np.array(torus.periods)[:, None]
    near = (np.minimum(steps, lengths - steps) <= wish.radius).all(axis=0)
    kept = np.unique(elements[near])
    if np.isin(elements[~near], kept).any():
        refuse_parts(space, wish.radius)
    if not wish.zeros:
        return kept, Part.of(space.found, kept), None
    inside = entries[(steps <= wish.radius).all(axis=0)]
    motions = motions_within(torus, source, target)
    return kept, Part.of(space.found, kept, np.unique(inside)), motions


def motions_within(torus: Torus, source: Action, target: Action) -> Words:
    """For each other generator, its composite with a translation that keeps the grid's ends."""
    found = {}
    names = list(source.group.generators)
    sides = ((torus.sources, source.points), (torus.targets, target.points))
    shifts = [*product(*((0, period - 1) for period in torus.periods))]
    for number, name in enumerate(names):
        for shift in shifts:
            moved = (
                _shifted(places, shift)[_inverse(places)][side.generators[number].images]
                for places, side in sides
            )
            if all(_keeps_ends(p, m) for (p, _), m in zip(sides, moved, strict=True)):
                taken = zip(torus.numbers, shift, strict=True)
                word = (*((names[k], times) for k, times in taken if times), (name, 1))
                if not all(Moves(side).joint(word).is_identity() for side in (source, target)):
                    found[name] = word
                break
    return found


def keeps_ends(source: Action, target: Action, word: Word) -> bool:
    """Whether an element moves the points of both sides without taking any past an end."""
    torus = Torus.of(source.points, target.points)
    sides = [] if torus is None else [(torus.sources, source), (torus.targets, target)]
    return bool(sides) and all(
        _keeps_ends(places, Moves(side.points).permutation(word).images) for places, side in sides
    )


def _shifted(places: Indices, shift: tuple[int, ...]) -> Indices:
    """The point at each place, in order, moved by a translation."""
    axes = tuple(range(1, places.ndim))
    return np.roll(places, tuple(-k for k in shift), axis=axes).ravel()


def _inverse(places: Indices) -> Indices:
    return np.argsort(places.ravel())


def _keeps_ends(places: Indices, image: Indices) -> bool:
    """Whether neighbours within the grid, not around its ends, stay neighbours within it."""
    moved = spots(places)[:, image[places]]
    steps = (np.abs(np.diff(moved, axis=axis + 1)).sum(axis=0) for axis in range(1, places.ndim))
    return all((step == 1).all() for step in steps)


def only_permuted(source: Action, target: Action) -> bool:
    """Whether neither side has signs or matrices, so that inputs can be alike at all points."""
    return not any(side.signed or side.linear for side in (source, target))
