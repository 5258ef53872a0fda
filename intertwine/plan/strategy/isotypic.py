"""Layers through isotypic components: mix channels on copies of irreducible representations.

By Schur's lemma an intertwiner sends every copy of an irreducible representation to the copies of
the same one, by multiples of the identity, or of an element of its division algebra.  So change to
the coordinates of those copies, mix, and change back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.isotypic import IsotypicComponent, paired
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.block import Ends
from intertwine.plan.cost import CHANNELS, EXPANDED, Cost
from intertwine.plan.proposal import Proposal, Refusal
from intertwine.plan.steps.axes import Flatten, Turn, Unflatten
from intertwine.plan.steps.channels import MixCopies
from intertwine.plan.steps.points import Join, Split, Times
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Change
from intertwine.plan.table import Table
from intertwine.plan.task import Task

Array = NDArray[np.float64]

# A multiply-add of the parts takes as long as so many of one dense product.
_SLOWER = 3
# How many multiply-adds of a dense product take as long as the rest of forward.
_STARTED = 1_000_000
MOST_NUMBERS = 60_000
# One dense product of fewer entries is not slower than four small ones.
_LEAST_ENTRIES = 2000


@dataclass(frozen=True)
class Copies:
    """One irreducible representation: its degree, and how many copies each side has.

    A copy of the input counts once for each dimension of the division algebra.
    """

    degree: int
    pools: int
    spreads: int


@dataclass(frozen=True, eq=False)
class Isotypic(Proposal):
    """`y = spread' W pool x`, where W mixes the copies of each representation alone.

    The rows of `pool` and of `spread` are ordered by representation, then by coordinate, then by
    copy; `change` makes of the weights those of pairs of copies, spread by spread.
    """

    copies: tuple[Copies, ...]
    pool: Array
    spread: Array
    change: Array

    def multiply_adds(self, channels: int) -> int:
        """How many a sample."""
        mixed = sum(c.degree * c.pools * c.spreads for c in self.copies)
        return channels * (self.pool.size + self.spread.size) + channels**2 * mixed

    def work(self, channels: int) -> float:
        """The products with the changes of coordinates, and those on copies."""
        return _SLOWER * self.multiply_adds(channels)

    def parts(self) -> list[Cost]:
        """The changes of coordinates, and a product a representation between them."""
        (before, source), (after, target) = self.pool.shape, self.spread.shape
        mixed = [
            Cost(
                f"mixed on copies of degree {c.degree}",
                c.pools * c.spreads,
                c.degree,
                CHANNELS**2 * c.degree * c.pools * c.spreads,
                CHANNELS * c.degree * c.spreads,
            )
            for c in self.copies
        ]
        to = Cost(
            "to isotypic coordinates", before, source, CHANNELS * self.pool.size, CHANNELS * before
        )
        back = Cost("and back", after, target, CHANNELS * self.spread.size, CHANNELS * target)
        return [to, *mixed, back]

    def steps(self, ends: Ends, rank: int, shape: tuple[int, ...]) -> list[Step]:
        """Change coordinates, mix, change back; the input's number of axes, the output's sizes."""
        x = ends.x if rank == 1 else ends.name("points")
        cells, start = ends.name("cells"), 0
        numbers = range(len(self.copies))
        pools, mixed = ([ends.name(f"{stem}_{k}") for k in numbers] for stem in ("pool", "mixed"))
        steps: list[Step] = [] if rank == 1 else [Flatten(x, ends.x, rank)]
        steps += [
            Change(cells, ends.weight, Table(ends.name("change"), self.change, 0)),
            Times(ends.name("pools"), x, Table(ends.name("pool"), self.pool.T, 0)),
            Split(tuple(pools), ends.name("pools"), tuple(c.degree * c.pools for c in self.copies)),
        ]
        for c, pool, both in zip(self.copies, pools, mixed, strict=True):
            if c.pools > 1:
                steps += [Unflatten(pool, pool, (c.degree, c.pools)), Turn(pool, pool, (-1, -2))]
            steps.append(MixCopies(both, pool, cells, start, c.spreads, c.pools))
            if c.spreads > 1:
                steps += [Turn(both, both, (-1, -2)), Flatten(both, both, 2)]
            start += c.pools * c.spreads
        steps += [
            Join(ends.name("copies"), tuple(mixed)),
            Times(ends.y, ends.name("copies"), Table(ends.name("spread"), self.spread, 0)),
        ]
        return steps if len(shape) == 1 else [*steps, Unflatten(ends.y, ends.y, shape)]

    @property
    def computed(self) -> str:
        """How a page says that it computes."""
        degrees = ", ".join(f"{c.degree} ({c.pools} -> {c.spreads})" for c in self.copies)
        return f"{self}, of degrees and copies {degrees}"

    def pays(self, dense: float) -> bool:
        """Whether a product of so many multiply-adds of a batch takes as long as a few kernels."""
        return dense <= _STARTED

    def __str__(self) -> str:
        return f"through {len(self.copies)} isotypic components"


def by_components(task: Task) -> Proposal | Refusal:
    """Copies of irreducible representations, where an action has matrices."""
    if not (task.source.linear or task.target.linear):
        return Refusal("no action has matrices")
    if task.wish.restricts:
        return Refusal("a support keeps some maps only")
    return isotypic(task.space, CHANNELS)


def isotypic(space: IntertwinerSpace, channels: int) -> Isotypic | Refusal:
    """The way through components, where changing coordinates does not take longer than it saves."""
    sizes = space.source.dimension, space.target.dimension
    dense = channels**2 * sizes[0] * sizes[1]
    numbers = sizes[0] ** 2 + sizes[1] ** 2 + space.dimension**2
    if not space.dimension:
        return Refusal("no maps")
    if numbers > MOST_NUMBERS:
        return Refusal(f"{numbers} numbers of changes of coordinates, more than {MOST_NUMBERS}")
    if sizes[0] * sizes[1] < _LEAST_ENTRIES:
        return Refusal(
            f"one product of fewer than {_LEAST_ENTRIES} entries is not slower than four"
        )
    if channels * (sizes[0] ** 2 + sizes[1] ** 2) * _SLOWER > EXPANDED * dense:
        return Refusal("changing coordinates takes longer than the full matrix")
    both = space.decompositions
    if isinstance(both, str):
        return Refusal(both)
    source, target = both
    if source is target:
        pairs = [(component, component) for component in source]
    else:
        pairs = [(source[i], aligned) for i, _, aligned in paired(source, target, space.found)]
    return _through(pairs, space)


def _through(
    pairs: list[tuple[IsotypicComponent, IsotypicComponent]], space: IntertwinerSpace
) -> Isotypic:
    maps = space.found.stack.toarray().astype(np.float64)
    maps = maps.reshape(-1, space.target.dimension, space.source.dimension)
    copies, pools, spreads, changes = [], [], [], []
    for source, target in pairs:
        # Copy i of the input, turned by an element of the algebra: (copies, coordinates, source).
        turned = np.einsum("aef,inf->iaen", target.algebra, source.forms)
        turned = turned.reshape(-1, source.degree, space.source.dimension)
        backs = np.einsum("aef,inf->iane", target.algebra, source.copies)
        backs = backs.reshape(-1, space.source.dimension, source.degree)
        copies.append(Copies(source.degree, len(turned), target.multiplicity))
        pools.append(turned.transpose(1, 0, 2).reshape(-1, space.source.dimension))
        spreads.append(target.copies.transpose(2, 0, 1).reshape(-1, space.target.dimension))
        cells = np.einsum("jtd,kts,isd->jik", target.forms, maps, backs, optimize=True)
        changes.append(cells.reshape(-1, len(maps)) / source.degree)
    parts = (np.concatenate(rows) for rows in (pools, spreads, changes))
    return Isotypic(tuple(copies), *parts)
