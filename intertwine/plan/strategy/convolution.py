"""Convolutions, by taps within a radius or by Fourier transforms, on orbits of translations."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, prod

import numpy as np

from intertwine.plan.block import Ends
from intertwine.plan.cost import CHANNELS, Cost
from intertwine.plan.kernel import Kernel, convolved
from intertwine.plan.proposal import Bias, Proposal, Refusal
from intertwine.plan.steps.axes import Flatten, Unflatten
from intertwine.plan.steps.convolution import Taps, Transforms
from intertwine.plan.steps.points import Gather
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Expand
from intertwine.plan.table import Places
from intertwine.plan.task import Task
from intertwine.plan.torus import Torus

# On fewer places, by the number of axes, a dense product is faster than transforms.
LEAST_TRANSFORMED = {1: 24, 2: 32}
LEAST_IN_SPACE = 60
# Between several orbits a multiply-add of the transforms' products takes as long as so many.
TRANSFORMED = 6
# How many multiply-adds of a dense product take as long as a transform of so many axes.
_STARTED = {1: 5_000_000, 2: 20_000_000, 3: 60_000_000}


@dataclass(frozen=True, eq=False)
class Convolution(Kernel, Proposal):
    """A block that is computed as its kernel."""

    walks = False

    @classmethod
    def of(cls, kernel: Kernel) -> Convolution:
        """The convolution with a kernel."""
        return cls(**vars(kernel))

    def steps(self, ends: Ends, rank: int, shape: tuple[int, ...]) -> list[Step]:
        """Points to their places, taps or transforms, and places to points."""
        return self._steps(ends, rank, shape, None)

    def with_bias(self, ends: Ends, rank: int, shape: tuple[int, ...], bias: Bias) -> list[Step]:
        """As `steps`, with a number of the bias for each orbit of places."""
        return self._steps(ends, rank, shape, bias)

    def _steps(
        self, ends: Ends, rank: int, shape: tuple[int, ...], bias: Bias | None
    ) -> list[Step]:
        (rows, columns), (sources, targets) = self.orbits, self.orders
        kernel, added = ends.name("kernel"), ends.name("bias")
        places = (*([columns] if columns > 1 else []), *self.periods)
        steps: list[Step] = [Expand(kernel, ends.weight, self.kernel)]
        if bias is not None:
            steps.append(bias.made(added, ends.bias, self.targets.reshape(rows, -1)[:, 0]))
        given, x = ends.x, ends.name("points")
        if rank > 1:
            steps.append(Flatten(x, given, rank))
            given = x
        if sources is not None:
            given, x = ends.name("ordered"), given
            steps.append(Gather(given, x, Places(ends.name("sources"), sources)))
        if len(places) > 1:
            given, x = ends.name("places"), given
            steps.append(Unflatten(given, x, places))
        sides = ends.y, given, kernel, None if bias is None else added, self.orbits, self.periods
        if self.radius is None:
            steps.append(Transforms(*sides))
        else:
            steps.append(Taps(*sides, self.radius, self.wraps))
        flat = len(self.periods) + (rows > 1)
        if flat > 1:
            steps.append(Flatten(ends.y, ends.y, flat))
        if targets is not None:
            steps.append(Gather(ends.y, ends.y, Places(ends.name("targets"), targets)))
        return steps if len(shape) == 1 else [*steps, Unflatten(ends.y, ends.y, shape)]

    def multiply_adds(self, channels: int) -> int:
        """How many a sample: a product a tap, or a frequency beside the transforms."""
        rows, columns = self.orbits
        places, taps = prod(self.periods), prod(self.kernel.shape[2:])
        if self.radius is not None:
            return channels**2 * rows * columns * places * taps
        transforms = int(2 * channels * (rows + columns) * places * log2(places))
        return 2 * channels**2 * rows * columns * places + transforms

    def work(self, channels: int) -> float:
        """Taps, and transforms between single orbits, as they are; between several, several times.

        These are products of small matrices, one a frequency.
        """
        slow = self.radius is None and prod(self.orbits) > 1
        return (TRANSFORMED if slow else 1) * self.multiply_adds(channels)

    def parts(self) -> list[Cost]:
        """The whole convolution."""
        places, maps = prod(self.periods), int(np.count_nonzero(np.unique(np.abs(self.kernel))))
        values = CHANNELS * self.orbits[0] * places
        return [Cost(str(self), maps, places, self.multiply_adds(CHANNELS), values)]

    @property
    def computed(self) -> str:
        """How a page says that it computes."""
        return f"as a {self}, by {'FFT' if self.radius is None else 'taps'}"

    def pays(self, dense: float) -> bool:
        """Whether a product of so many multiply-adds is faster than transforms."""
        return self.radius is None and dense <= _STARTED[min(len(self.periods), 3)]

    __str__ = Kernel.__str__


def by_taps(task: Task) -> Proposal | Refusal:
    """The maps within a radius, of which each tap is one product."""
    if task.near is None:
        return Refusal("no radius of a grid is asked for" if task.patterned else _MATRICES)
    return Convolution.of(task.near)


def by_transforms(task: Task) -> Proposal | Refusal:
    """All differences of places, by Fourier transforms along commuting generators."""
    if not task.patterned:
        return Refusal(_MATRICES)
    if task.near is not None:
        return Refusal("within a radius taps take less")
    torus = Torus.of(task.source, task.target)
    if torus is None and not task.asked:
        torus = Torus.of(task.source, task.target, free=False)
    if torus is None:
        return Refusal("no generators commute and shift input and output freely")
    places = prod(torus.periods)
    least = LEAST_TRANSFORMED.get(len(torus.periods), LEAST_IN_SPACE)
    if places < least and not task.asked:
        return Refusal(f"on {places} places, fewer than {least}, one dense product is faster")
    return Convolution.of(convolved(torus, task.codes))


_MATRICES = "an action has matrices"
