"""How a layer is computed, and which of its maps it keeps: what a spec asks for, and what fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError
from intertwine.hom.basis import Basis
from intertwine.hom.pattern import Codes, Listed, Pattern, smallest_signed_type
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.moved import Words
from intertwine.plan.strategy.axis_sums import AxisSums, axis_sums
from intertwine.plan.strategy.convolution import Convolution, Torus, convolution, convolved, local
from intertwine.plan.strategy.isotypic import Isotypic, isotypic
from intertwine.plan.strategy.small_sets import (
    CHANNELS,
    MOST_FACTORED,
    STARTED,
    SmallSets,
    through_small_sets,
)
from intertwine.plan.support import (
    Wish,
    chosen,
    motions_within,
    part_of,
    refuse_parts,
    torus_of,
)

MOST_TRIED = 64
# With a backward pass, expanding a matrix and using it takes as long as so many dense products.
EXPANDED = 1.5
# On fewer places, by the number of axes, a dense product is faster than transforms.
LEAST_TRANSFORMED = {1: 24, 2: 32}
LEAST_IN_SPACE = 60
# Between several orbits a multiply-add of the transforms' products takes as long as so many.
TRANSFORMED = 6


@dataclass(frozen=True, eq=False)
class Course:
    """The maps that are kept, by number and as they are then, and how to compute them.

    Where a grid ends, `motions` are the elements that keep its ends, in place of the generators.
    """

    kept: NDArray[np.intp]
    maps: Basis
    route: Convolution | SmallSets | AxisSums | Isotypic | None = None
    motions: Words | None = None

    @property
    def codes(self) -> Codes:
        """The maps as a pattern."""
        assert isinstance(self.maps, Pattern)
        return self.maps.codes


def course(space: IntertwinerSpace, wish: Wish, stacked: bool) -> Course:
    """The course for one input and one output; refuses what the actions do not allow.

    Maps are patterns of signs, or `stacked` where they may have any coefficients.
    """
    every = np.arange(space.dimension)
    if stacked and wish.restricts:
        kept, maps, motions = part_of(space, wish)
        return Course(kept, maps, motions=motions)
    if stacked:
        through = isotypic(space, CHANNELS) if wish.strategy == "auto" else None
        return Course(every, space.found, through)
    if wish.radius is not None:
        return _local(space, wish.radius, wish)
    wanted = wish.strategy in ("auto", "convolve")
    route = convolution(space.source, space.target, space.codes) if wanted else None
    if route is None and wish.strategy == "convolve":
        torus_of(space, "layer: strategy: convolve", space.source, space.target)
    if wish.orbitals is not None:
        kept = chosen(space, wish.orbitals)
        if route is not None:
            route = replace(route, kernel=_renumbered(route.kernel, kept, space.dimension))
        return Course(kept, _kept_maps(space, kept), _worth(route, wish))
    if wish.strategy == "factor":
        return Course(every, space.found, _asked(space))
    worth = _worth(route, wish)
    return Course(every, space.found, _cheapest(space, worth) if wish.strategy == "auto" else worth)


def _asked(space: IntertwinerSpace) -> SmallSets:
    found = through_small_sets(space)
    if found is None:
        raise SpecError(
            f"layer: strategy: factor, with {space.source} -> {space.target}",
            f"actions without signs, and a dimension from 1 to {MOST_FACTORED}",
            "leave it out, or write expand",
        )
    return found


def _cheapest(
    space: IntertwinerSpace, route: Convolution | None
) -> Convolution | SmallSets | AxisSums | None:
    """The convolution, or another route where one dense product would take clearly longer."""
    dense = CHANNELS * CHANNELS * space.source.dimension * space.target.dimension
    alone = route is not None and prod(route.orbits) == 1
    if alone or dense < STARTED or space.dimension > MOST_TRIED:
        return route
    least = EXPANDED * dense
    if route is not None:
        least = min(least, TRANSFORMED * route.multiply_adds(CHANNELS))
    found = [plan for plan in (axis_sums(space), through_small_sets(space)) if plan is not None]
    best = min(found, key=lambda plan: plan.work(CHANNELS), default=None)
    return route if best is None or best.work(CHANNELS) > least else best


def _worth(route: Convolution | None, wish: Wish) -> Convolution | None:
    """The convolution where it is asked for, or faster than one dense product."""
    if route is None or wish.strategy == "convolve":
        return route
    least = LEAST_TRANSFORMED.get(len(route.periods), LEAST_IN_SPACE)
    return route if prod(route.periods) >= least else None


def _local(space: IntertwinerSpace, radius: int, wish: Wish) -> Course:
    """The maps within reach, by taps, or expanded where that is asked for."""
    torus: Torus = torus_of(space, "support: radius", space.source, space.target)
    torus.refuse_radius(radius)
    full = convolved(torus, space.codes)
    near = local(full, radius, not wish.zeros)
    numbers = np.abs(near.kernel)
    kept = np.unique(numbers[numbers > 0]).astype(np.intp) - 1
    if np.isin(np.abs(full.kernel), kept + 1).sum() != (numbers > 0).sum():
        refuse_parts(space, radius)
    near = replace(near, kernel=_renumbered(near.kernel, kept, space.dimension))
    maps, motions = _kept_maps(space, kept), None
    if wish.zeros:
        maps = Listed(maps.rows, maps.columns, len(kept), near.codes())
        motions = motions_within(torus, space.source, space.target)
    return Course(kept, maps, None if wish.strategy == "expand" else near, motions)


def _kept_maps(space: IntertwinerSpace, kept: NDArray[np.intp]) -> Listed:
    codes = _renumbered(space.codes, kept, space.dimension)
    return Listed(codes.shape[0], codes.shape[1], len(kept), codes)


def _renumbered(codes: Codes, kept: NDArray[np.intp], dimension: int) -> Codes:
    """The codes with the kept elements numbered in their order, zero elsewhere; signs stay."""
    table = np.zeros(2 * dimension + 1, dtype=smallest_signed_type(len(kept)))
    table[kept + 1] = np.arange(1, len(kept) + 1)
    table[-kept - 1] = -np.arange(1, len(kept) + 1)
    return np.asarray(table[codes])
