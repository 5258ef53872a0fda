"""Kernels: patterns of intertwiners that commuting generators shift, as convolutions.

On orbits of a group T of translations an intertwiner depends on the difference of places alone:
`y[u, s] = sum over v and t of K[u, v, t - s] x[v, t]`, the cross-correlation that networks call a
convolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.group.permutation import Indices
from intertwine.hom.pattern import Codes
from intertwine.plan.torus import Torus


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel and where its places are.

    `sources[v, t]` and `targets[u, s]` are the points at each place, and `kernel[u, v, e]` the code
    of the difference e = t - s; where a point has several places, that is 0 for all but one.  With
    `radius`, the kernel has 2 radius + 1 taps an axis, tap a of which is the difference a - radius.
    Where `wraps` is false the axes end, and what lies beyond is zero.
    """

    periods: tuple[int, ...]
    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    kernel: Codes
    radius: int | None = None
    wraps: bool = True

    @property
    def orbits(self) -> tuple[int, int]:
        """How many orbits of T the output and the input have."""
        return self.kernel.shape[0], self.kernel.shape[1]

    def codes(self) -> Codes:
        """The code of every matrix entry, (output, input): the slow twin of `kernel`."""
        rows, degree = self.orbits[0], prod(self.periods)
        shape = int(self.targets.max()) + 1, int(self.sources.max()) + 1
        result = np.zeros(shape, dtype=self.kernel.dtype)
        targets = self.targets.reshape(rows, degree)
        full = self.full_kernel()
        for s in product(*map(range, self.periods)):
            moved = np.roll(full, s, axis=tuple(range(2, full.ndim)))
            if not self.wraps:
                moved = np.where(self._reached(s), moved, 0)
            at = targets[:, np.ravel_multi_index(s, self.periods)]
            lines = np.zeros((rows, shape[1]), dtype=result.dtype)
            np.add.at(lines.T, self.sources.ravel(), moved.reshape(rows, -1).T)
            result[at] = lines
        return result

    @property
    def direct(self) -> bool:
        """Whether the kernel is the weights themselves, in order."""
        return np.array_equal(self.kernel.ravel(), np.arange(1, self.kernel.size + 1))

    @property
    def skips(self) -> bool:
        """Whether taps may be applied at some places alone: these are in order, and wrap."""
        in_order = np.array_equal(self.targets.ravel(), np.arange(self.targets.size))
        return self.radius is not None and self.wraps and in_order

    @property
    def orders(self) -> tuple[Indices | None, Indices | None]:
        """The point of the input at each place, and the place of each point of the output.

        None where these are 0, 1, ...
        """
        _, first = np.unique(self.targets.ravel(), return_index=True)
        orders = self.sources.ravel(), first.astype(np.intp)
        source, target = (
            None if np.array_equal(order, np.arange(order.size)) else order for order in orders
        )
        return source, target

    def full_kernel(self) -> Codes:
        """The kernel with every difference, zero out of reach."""
        if self.radius is None:
            return self.kernel
        full = np.zeros((*self.orbits, *self.periods), dtype=self.kernel.dtype)
        full[_tapped(self.orbits, self.periods, self.radius)] = self.kernel
        return full

    def _reached(self, place: Sequence[int]) -> NDArray[np.bool_]:
        """Which places are within the radius without passing an end."""
        near = [
            np.abs(np.arange(period) - t) <= (self.radius or 0)
            for period, t in zip(self.periods, place, strict=True)
        ]
        inside = near[0]
        for axis in near[1:]:
            inside = np.logical_and.outer(inside, axis)
        return inside

    def __str__(self) -> str:
        taps = "full support" if self.radius is None else f"radius {self.radius}"
        axes = " x ".join(map(str, self.periods))
        rows, columns = self.orbits
        return f"convolution over {axes}, {taps}, kernel {rows} x {columns}"


def convolution(source: Action, target: Action, codes: Codes) -> Kernel | None:
    """The convolution that a pattern of codes is, or None where no translations act freely."""
    torus = Torus.of(source, target)
    return None if torus is None else convolved(torus, codes)


def convolved(torus: Torus, codes: Codes) -> Kernel:
    """The convolution that a pattern of codes is, which translations keep."""
    targets, sources = torus.targets, torus.sources
    origins = targets.reshape(len(targets), -1)[:, 0]
    kernel = codes[origins][:, sources.ravel()]
    _, first = np.unique(sources.ravel(), return_index=True)
    again = np.ones(sources.size, dtype=bool)
    again[first] = False
    kernel[:, again] = 0
    kernel = kernel.reshape(len(targets), len(sources), *torus.periods)
    return Kernel(torus.periods, sources, targets, np.ascontiguousarray(kernel))


def local(full: Kernel, radius: int, wraps: bool) -> Kernel:
    """The part within `radius` along every axis, as taps."""
    kernel = full.kernel[_tapped(full.orbits, full.periods, radius)]
    return replace(full, kernel=kernel, radius=radius, wraps=wraps)


def _tapped(
    orbits: tuple[int, int], periods: tuple[int, ...], radius: int
) -> tuple[NDArray[np.intp], ...]:
    """The index of the differences -radius, ..., radius along every axis."""
    taps = [np.arange(-radius, radius + 1) % period for period in periods]
    return np.ix_(*map(np.arange, orbits), *taps)
