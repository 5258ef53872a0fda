"""Convolutions, by taps or by transforms: sums over the differences of places.

Data has a copy of its channels for every orbit of places, on an axis behind the channels that one
orbit lacks; the axes of places come last.  A kernel is of shape (orbits, orbits, differences...,
out, in), and what is computed `y[u, s] = sum over v and e of K[u, v, e] x[v, s + e]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from intertwine.plan.steps.step import Array, Step, Values


class Correlation(Step):
    """What taps and transforms have alike."""

    out: str
    given: str
    kernel: str
    bias: str | None
    orbits: tuple[int, int]
    periods: tuple[int, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """The outputs at all places."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """The data, the kernel, and a bias of a number for each orbit."""
        return (self.given, self.kernel, *([self.bias] if self.bias else []))

    def run(self, values: Values) -> dict[str, Array]:
        """The outputs at all places."""
        x, kernel, rank = values[self.given], values[self.kernel], len(self.periods)
        if self.orbits[1] == 1:
            x = np.expand_dims(x, -rank - 1)
        y: Any = 0
        for tap, difference in self.differences():
            moved = self.moved(x, difference)
            flat = moved.reshape(*moved.shape[:-rank], -1)
            part = np.einsum("uvoc,...cvn->...oun", kernel[np.s_[:, :, *tap]], flat)
            y = y + part
        bias = values[self.bias] if self.bias else None
        if bias is not None:
            y = y + bias.T[..., None]
        y = y.reshape(*y.shape[:-1], *self.periods)
        return {self.out: y[(..., 0, *[slice(None)] * rank)] if self.orbits[0] == 1 else y}

    @property
    def _added(self) -> str:
        return f" + {self.bias}" if self.bias else ""

    def differences(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Where in the kernel each difference of places stands."""
        return [(e, e) for e in product(*map(range, self.periods))]

    def moved(self, x: Array, difference: tuple[int, ...]) -> Array:
        """At every place what stands at a difference from it."""
        axes = tuple(range(-len(difference), 0))
        return np.roll(x, tuple(-e for e in difference), axis=axes)


@dataclass(frozen=True)
class Taps(Correlation):
    """The differences within a radius along every axis, which wraps round or ends in zeros."""

    out: str
    given: str
    kernel: str
    bias: str | None
    orbits: tuple[int, int]
    periods: tuple[int, ...]
    radius: int
    wraps: bool

    def differences(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Where in the kernel each difference of places stands."""
        taps = product(range(2 * self.radius + 1), repeat=len(self.periods))
        return [(tap, tuple(t - self.radius for t in tap)) for tap in taps]

    def moved(self, x: Array, difference: tuple[int, ...]) -> Array:
        """At every place what stands at a difference from it, or zero beyond an end."""
        moved = super().moved(x, difference)
        if self.wraps:
            return moved
        inside = np.ones(self.periods, dtype=bool)
        for axis, (period, step) in enumerate(zip(self.periods, difference, strict=True)):
            places = np.arange(period) + step
            shape = [1] * len(self.periods)
            shape[axis] = period
            inside &= ((places >= 0) & (places < period)).reshape(shape)
        return np.where(inside, moved, 0)

    def __str__(self) -> str:
        ends = "" if self.wraps else ", zeros beyond the ends"
        taps = " x ".join([str(2 * self.radius + 1)] * len(self.periods))
        return f"{self.out} = {self.kernel} * {self.given}{self._added} ({taps} taps{ends})"


@dataclass(frozen=True)
class Transforms(Correlation):
    """All differences, by Fourier transforms, products a frequency, and the way back."""

    out: str
    given: str
    kernel: str
    bias: str | None
    orbits: tuple[int, int]
    periods: tuple[int, ...]

    def __str__(self) -> str:
        periods = " x ".join(map(str, self.periods))
        return f"{self.out} = {self.kernel} * {self.given}{self._added} (transforms of {periods})"
