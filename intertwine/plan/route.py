"""How a layer is computed, and which of its maps it keeps: what a spec asks for, and what fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.pattern import Codes, smallest_signed_type
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.convolution import MOST_DIRECT_AXES, Convolution, convolution, local
from intertwine.plan.factoring import (
    CHANNELS,
    MOST_FACTORED,
    STARTED,
    Factoring,
    factoring,
)
from intertwine.plan.hamming import Hamming, hamming

MOST_TRIED = 64
# With a backward pass, expanding a matrix and using it takes as long as so many dense products.
EXPANDED = 1.5
# On fewer places, by the number of axes, a dense product is faster than transforms.
LEAST_TRANSFORMED = {1: 24, 2: 32}
LEAST_IN_SPACE = 60
# Between several orbits a multiply-add of the transforms' products takes as long as so many.
TRANSFORMED = 6


@dataclass(frozen=True)
class Wish:
    """What a spec's `layer` asks for."""

    strategy: str = "auto"
    radius: int | None = None
    orbitals: tuple[int, ...] | None = None
    zeros: bool = False


@dataclass(frozen=True, eq=False)
class Course:
    """The maps that are kept, by number, the codes that they have then, and how to compute them."""

    kept: NDArray[np.intp]
    codes: Codes
    route: Convolution | Factoring | Hamming | None
    generators: tuple[tuple[str, NDArray[np.intp], NDArray[np.intp]], ...] | None = None


def course(space: IntertwinerSpace, wish: Wish) -> Course:
    """The course for one input and one output; refuses what the actions do not allow."""
    every = np.arange(space.dimension)
    wanted = wish.strategy in ("auto", "convolve") or wish.radius is not None
    route = convolution(space.source, space.target, space.codes) if wanted else None
    if route is None and (wish.strategy == "convolve" or wish.radius is not None):
        given = "layer: strategy: convolve" if wish.radius is None else "support: radius"
        raise SpecError(
            f"{given}, with {space.source} -> {space.target}",
            "generators that commute and shift input and output freely, such as a grid's",
            "leave it out, or act by translations on both sides",
        )
    if wish.zeros and wish.radius is None:
        raise SpecError(
            "boundary: zeros without a support", "support: {radius: r} beside it", "add a radius"
        )
    if wish.orbitals is not None and wish.radius is not None:
        raise SpecError("support: a radius and orbitals", "one of the two", "leave one of them out")
    if wish.orbitals is not None:
        kept = np.array(wish.orbitals, dtype=np.intp)
        if len(kept) and kept.max() >= space.dimension:
            raise SpecError(
                f"support: orbital {kept.max()}",
                f"numbers from 0 to {space.dimension - 1}, the maps of this space",
                "choose among them",
            )
        if route is not None:
            route = replace(route, kernel=_renumbered(route.kernel, kept, space.dimension))
        codes = _renumbered(space.codes, kept, space.dimension)
        return Course(kept, codes, _worth(route, wish))
    if route is not None and wish.radius is not None:
        return _local(space, route, wish.radius, wish.zeros)
    if wish.strategy == "factor":
        return Course(every, space.codes, _asked(space))
    worth = _worth(route, wish)
    chosen = _cheapest(space, worth) if wish.strategy == "auto" else worth
    return Course(every, space.codes, chosen)


def _asked(space: IntertwinerSpace) -> Factoring:
    found = factoring(space)
    if found is None:
        raise SpecError(
            f"layer: strategy: factor, with {space.source} -> {space.target}",
            f"actions without signs, and a dimension from 1 to {MOST_FACTORED}",
            "leave it out, or write expand",
        )
    return found


def _cheapest(
    space: IntertwinerSpace, route: Convolution | None
) -> Convolution | Factoring | Hamming | None:
    """The convolution, or another route where one dense product would take clearly longer."""
    dense = CHANNELS * CHANNELS * space.source.dimension * space.target.dimension
    alone = route is not None and prod(route.orbits) == 1
    if alone or dense < STARTED or space.dimension > MOST_TRIED:
        return route
    least = EXPANDED * dense
    if route is not None:
        least = min(least, TRANSFORMED * route.multiply_adds(CHANNELS))
    found = [plan for plan in (hamming(space), factoring(space)) if plan is not None]
    best = min(found, key=lambda plan: plan.work(CHANNELS), default=None)
    return route if best is None or best.work(CHANNELS) > least else best


def _worth(route: Convolution | None, wish: Wish) -> Convolution | None:
    """The convolution where it is asked for, or faster than one dense product."""
    if route is None or wish.strategy == "convolve":
        return route
    least = LEAST_TRANSFORMED.get(len(route.periods), LEAST_IN_SPACE)
    return route if prod(route.periods) >= least else None


def _local(space: IntertwinerSpace, full: Convolution, radius: int, zeros: bool) -> Course:
    if len(full.periods) > MOST_DIRECT_AXES or 2 * radius + 1 > min(full.periods):
        axes = " x ".join(map(str, full.periods))
        raise SpecError(
            f"support: {{radius: {radius}}} on {axes} places",
            f"at most {MOST_DIRECT_AXES} axes, each of at least {2 * radius + 1} places",
            "lower the radius, or enlarge the grid",
        )
    near = local(full, radius, not zeros)
    numbers = np.abs(near.kernel)
    kept = np.unique(numbers[numbers > 0]).astype(np.intp) - 1
    if np.isin(np.abs(full.kernel), kept + 1).sum() != (numbers > 0).sum():
        raise SpecError(
            f"support: {{radius: {radius}}} with {space.source} -> {space.target}",
            "a radius that holds each map whole or not at all, as a grid's pixels and poses have",
            "list the maps to keep: support: {orbitals: [...]}",
        )
    near = replace(near, kernel=_renumbered(near.kernel, kept, space.dimension))
    codes = near.codes() if zeros else _renumbered(space.codes, kept, space.dimension)
    return Course(kept, codes, near, _kept_motions(space, near) if zeros else None)


def _renumbered(codes: Codes, kept: NDArray[np.intp], dimension: int) -> Codes:
    """The codes with the kept elements numbered in their order, zero elsewhere; signs stay."""
    table = np.zeros(2 * dimension + 1, dtype=smallest_signed_type(len(kept)))
    table[kept + 1] = np.arange(1, len(kept) + 1)
    table[-kept - 1] = -np.arange(1, len(kept) + 1)
    return np.asarray(table[codes])


def _kept_motions(
    space: IntertwinerSpace, route: Convolution
) -> tuple[tuple[str, NDArray[np.intp], NDArray[np.intp]], ...]:
    """For each other generator, its composite with a translation that keeps the grid's ends.

    Images are one-based, with signs.
    """
    found = []
    sides = zip(space.source.generators, space.target.generators, strict=True)
    for name, (s, t) in zip(space.source.group.generators, sides, strict=True):
        for shift in product(*((0, period - 1) for period in route.periods)):
            moved = [
                _shifted(places, shift)[_inverse(places)][image]
                for places, image in ((route.sources, s.images), (route.targets, t.images))
            ]
            motions = zip((route.sources, route.targets), moved, strict=True)
            if all(_keeps_ends(places, image) for places, image in motions):
                signed = [(m + 1) * signs_of(g) for m, g in zip(moved, (s, t), strict=True)]
                found.append((name, signed[0], signed[1]))
                break
    return tuple(found)


def signs_of(image: SignedPermutation) -> NDArray[np.intp]:
    """A sign a point."""
    ones = np.ones(image.degree, dtype=np.intp)
    return ones if image.signs is None else image.signs.astype(np.intp)


def _shifted(places: NDArray[np.intp], shift: tuple[int, ...]) -> NDArray[np.intp]:
    """The point at each place, in order, moved by a translation."""
    axes = tuple(range(1, places.ndim))
    return np.roll(places, tuple(-k for k in shift), axis=axes).ravel()


def _inverse(places: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.argsort(places.ravel())


def _keeps_ends(places: NDArray[np.intp], image: NDArray[np.intp]) -> bool:
    """Whether neighbours within the grid, not around its ends, stay neighbours within it."""
    degree = places[0].size
    spots = np.empty(places.size, dtype=np.intp)
    spots[places.ravel()] = np.tile(np.arange(degree), len(places))
    moved = np.stack(np.unravel_index(spots[image[places]], places.shape[1:]))
    identity = np.array_equal(image, np.arange(len(image)))
    steps = (np.abs(np.diff(moved, axis=axis + 1)).sum(axis=0) for axis in range(1, places.ndim))
    return not identity and all((step == 1).all() for step in steps)
