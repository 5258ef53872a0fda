"""What a plan costs a sample, part by part, against the full matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from intertwine.plan.diagram import Axes
from intertwine.plan.nodes import Plan
from intertwine.plan.stack import StackPlan
from intertwine.plan.strategy.axis_sums import AxisSums
from intertwine.plan.strategy.convolution import Convolution
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.plan.strategy.isotypic import Isotypic
from intertwine.plan.strategy.small_sets import CHANNELS, SmallSets

_BYTES = 4


@dataclass(frozen=True)
class Cost:
    """One part of a layer: how many maps, the set whose points they mix channels on, the work.

    `multiply_adds` are those of a sample with 16 channels in and out; `values` are the numbers that
    the part writes, in 4 bytes each.
    """

    part: str
    maps: int
    points: int
    multiply_adds: int
    values: int

    @property
    def bytes(self) -> int:
        """What the part writes, in float32."""
        return _BYTES * self.values


def costs(plan: Plan | SizePlan | StackPlan) -> list[Cost]:
    """The parts of a plan, and last the full matrix it stands for.

    >>> from intertwine.pipeline import solve
    >>> sets = {"name": "sets", "group": {"symmetric": 100}, "input": "points", "output": "points"}
    >>> for cost in costs(solve(sets).plan):
    ...     print(cost.part, cost.maps, cost.points, cost.multiply_adds)
    mixed on 1 point 1 1 256
    mixed on n 1 100 25600
    full matrix 2 10000 2560000
    """
    if isinstance(plan, SizePlan):
        parts = _levels(plan)
        sizes = [sum(map(_points, side.values())) for side in (plan.inputs, plan.outputs)]
    else:
        sizes = [sum(f.points for f in side) for side in (plan.inputs, plan.outputs)]
        parts = _parts(plan) if isinstance(plan, Plan) else _copies(plan.route)
    entries = prod(sizes)
    whole = Cost(
        "full matrix", plan.dimension, entries, CHANNELS**2 * entries, CHANNELS**2 * entries
    )
    return [*parts, whole]


def _levels(plan: SizePlan) -> list[Cost]:
    copies = {plan.names[0][n]: axes.copies for n, axes in plan.inputs.items()}
    made = {plan.names[1][n]: axes.copies for n, axes in plan.outputs.items()}
    work: dict[tuple[str, ...], tuple[int, int]] = {}
    for mix in plan.program.mixes:
        rows, columns = sum(made[t] for t in mix.targets), sum(copies[s] for s in mix.sources)
        maps, values = work.get(mix.level, (0, 0))
        work[mix.level] = maps + rows * columns, values + rows
    parts = []
    for level, (maps, rows) in work.items():
        points = prod(plan.sizes[factor] for factor in level)
        named = " x ".join(factor or "n" for factor in level) or "1 point"
        multiply_adds = CHANNELS**2 * maps * points
        parts.append(
            Cost(f"mixed on {named}", maps, points, multiply_adds, CHANNELS * rows * points)
        )
    return parts


def _points(axes: Axes) -> int:
    return prod(axes.sizes)


def _parts(plan: Plan) -> list[Cost]:
    if isinstance(plan.route, SmallSets):
        return [
            Cost(
                f"mixed on {stage.name}",
                len(stage.cells),
                stage.points,
                stage.multiply_adds(CHANNELS),
                CHANNELS * stage.points * (len(stage.pools) + len(stage.spreads)),
            )
            for stage in plan.route.stages
        ]
    if isinstance(plan.route, Convolution):
        places = prod(plan.route.periods)
        work, rows = plan.route.multiply_adds(CHANNELS), plan.route.orbits[0]
        return [Cost(str(plan.route), plan.dimension, places, work, CHANNELS * rows * places)]
    if isinstance(plan.route, AxisSums):
        return [_class_cost(plan.route, several) for several in plan.route.classes]
    return []


def _copies(route: Isotypic | None) -> list[Cost]:
    if route is None:
        return []
    (before, source), (after, target) = route.pool.shape, route.spread.shape
    mixed = [
        Cost(
            f"mixed on copies of degree {c.degree}",
            c.pools * c.spreads,
            c.degree,
            CHANNELS**2 * c.degree * c.pools * c.spreads,
            CHANNELS * c.degree * c.spreads,
        )
        for c in route.copies
    ]
    to = Cost(
        "to isotypic coordinates", before, source, CHANNELS * route.pool.size, CHANNELS * before
    )
    back = Cost("and back", after, target, CHANNELS * route.spread.size, CHANNELS * target)
    return [to, *mixed, back]


def _class_cost(route: AxisSums, several: Sequence[tuple[int, ...]]) -> Cost:
    points = sum(map(route.points, several))
    summed = len(several[0])
    part = f"mixed on sums over {summed} of {len(route.shape)} axes"
    return Cost(part, 1, points, CHANNELS**2 * points, 2 * CHANNELS * points)
