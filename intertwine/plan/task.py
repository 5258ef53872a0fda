"""What one block of a layer has to compute: which maps of its space are kept, and how it is asked.

The maps of a pattern may be kept by number or within a radius on a grid, whose ends may be zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.hom.basis import Basis
from intertwine.hom.pattern import Codes, Listed, Pattern, smallest_signed_type
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.cost import CHANNELS
from intertwine.plan.kernel import Kernel, convolved, local
from intertwine.plan.moved import Words
from intertwine.plan.support import (
    Wish,
    chosen,
    motions_within,
    part_of,
    refuse_parts,
    torus_of,
)
from intertwine.plan.torus import Torus


@dataclass(frozen=True, eq=False)
class Task:
    """The maps of a space that are kept, by number and as they are then, and what is asked for.

    Maps are patterns of signs, or `stacked` where they may have any coefficients.  Where a grid
    ends, `motions` are the elements that keep its ends, in place of the generators.  Within a
    radius, `near` holds the maps of a pattern as taps.
    """

    space: IntertwinerSpace
    wish: Wish
    stacked: bool
    kept: NDArray[np.intp]
    maps: Basis
    motions: Words | None = None
    near: Kernel | None = None

    @classmethod
    def of(cls, space: IntertwinerSpace, wish: Wish, stacked: bool) -> Task:
        """The task for one input and one output; refuses a support that the actions do not allow.

        >>> from intertwine.group.named import cyclic
        >>> from intertwine.action.action import SetAction
        >>> points = SetAction(cyclic(8), "points")
        >>> near = Task.of(IntertwinerSpace(points, points), Wish(radius=1), stacked=False)
        >>> near.kept.tolist()
        [0, 1, 7]
        """
        if not wish.restricts:
            return cls(space, wish, stacked, np.arange(space.dimension), space.found)
        if stacked:
            return cls(space, wish, stacked, *part_of(space, wish))
        if wish.orbitals is not None:
            kept = chosen(space, wish.orbitals)
            return cls(space, wish, stacked, kept, _kept_maps(space, kept))
        return cls(space, wish, stacked, *_within(space, wish))

    @property
    def source(self) -> Action:
        """The action on the input."""
        return self.space.source

    @property
    def target(self) -> Action:
        """The action on the output."""
        return self.space.target

    @property
    def asked(self) -> bool:
        """Whether the spec names the strategy, so that it need not pay."""
        return self.wish.strategy != "auto"

    @property
    def dense(self) -> int:
        """The multiply-adds a sample of the product with the full matrix."""
        return CHANNELS**2 * self.source.dimension * self.target.dimension

    @property
    def patterned(self) -> bool:
        """Whether both sides permute coordinates, up to signs, so that maps are patterns."""
        return isinstance(self.maps, Pattern) and not (self.source.linear or self.target.linear)

    @property
    def positive(self) -> bool:
        """Whether both sides permute coordinates, without signs."""
        return self.patterned and not (self.source.signed or self.target.signed)

    @property
    def codes(self) -> Codes:
        """The maps as a pattern."""
        assert isinstance(self.maps, Pattern)
        return self.maps.codes


def _within(
    space: IntertwinerSpace, wish: Wish
) -> tuple[NDArray[np.intp], Listed, Words | None, Kernel]:
    """The maps within reach on a grid, as they are within its ends; the motions left; the taps."""
    radius = wish.radius
    assert radius is not None
    torus: Torus = torus_of(space, "support: radius", space.source, space.target)
    torus.refuse_radius(radius)
    full = convolved(torus, space.codes)
    near = local(full, radius, not wish.zeros)
    numbers = np.abs(near.kernel)
    kept = np.unique(numbers[numbers > 0]).astype(np.intp) - 1
    if np.isin(np.abs(full.kernel), kept + 1).sum() != (numbers > 0).sum():
        refuse_parts(space, radius)
    maps, motions = _kept_maps(space, kept), None
    taps = local(convolved(torus, maps.codes), radius, not wish.zeros)
    if wish.zeros:
        maps = Listed(maps.rows, maps.columns, len(kept), taps.codes())
        motions = motions_within(torus, space.source, space.target)
    return kept, maps, motions, taps


def _kept_maps(space: IntertwinerSpace, kept: NDArray[np.intp]) -> Listed:
    """The maps of these numbers, numbered in their order; signs stay."""
    kind = smallest_signed_type(len(kept))
    table = np.zeros(2 * space.dimension + 1, dtype=kind)
    table[kept + 1] = np.arange(1, len(kept) + 1)
    table[-kept - 1] = -np.arange(1, len(kept) + 1)
    codes = np.asarray(table[space.codes])
    return Listed(codes.shape[0], codes.shape[1], len(kept), codes)
