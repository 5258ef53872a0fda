"""Steps on the axes of tensors: diagonals, means and sums, orders, repetition, and placement."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from intertwine.plan.steps.step import Array, Axis, Step, Unary, Values, turned


def repeated(axes: tuple[int, ...], rank: int) -> str:
    """The index that repeats a value along the axes it lacks, as Python has it.

    >>> repeated((0,), 2), repeated((0, 1), 2)
    ('[..., None]', '')
    """
    if len(axes) == rank:
        return ""
    parts = [":" if a in axes else "None" for a in range(rank)]
    while parts[0] == ":" and set(parts[: parts.index("None")]) == {":"}:
        parts = parts[parts.index("None") :]
    return f"[..., {', '.join(parts)}]"


@dataclass(frozen=True)
class Lead(Unary):
    """Take fixed axes of an input in front of its channels, and into them."""

    out: str
    given: str
    rank: int
    fixed: tuple[Axis, ...]

    def of(self, x: Array) -> Array:
        """Channels in copies, one for every index of the fixed axes."""
        front, count = -self.rank - 1, len(self.fixed)
        moved = np.moveaxis(x, self.fixed, range(front, front + count))
        place = x.ndim + front
        return moved.reshape(*moved.shape[:place], -1, *moved.shape[place + count + 1 :])

    def __str__(self) -> str:
        return f"{self.out} = lead({self.given}, {self.fixed})"


@dataclass(frozen=True)
class Trail(Unary):
    """The inverse of a `Lead`, on an output: fixed axes of these sizes come back from the channels.

    >>> Lead("x", "x", 2, (-1,)).of(np.zeros((7, 2, 3, 4))).shape
    (7, 8, 3)
    >>> Trail("y", "y", 1, (-1,), (4,)).of(np.zeros((7, 8, 3))).shape
    (7, 2, 3, 4)
    """

    out: str
    given: str
    rank: int
    fixed: tuple[Axis, ...]
    sizes: tuple[int, ...]

    def of(self, x: Array) -> Array:
        """Channels, and the fixed axes where they stood."""
        place, count = x.ndim - self.rank - 1, len(self.sizes)
        split = x.reshape(*x.shape[:place], *self.sizes, -1, *x.shape[place + 1 :])
        return np.moveaxis(split, range(place, place + count), self.fixed)

    def __str__(self) -> str:
        return f"{self.out} = trail({self.given}, {self.fixed})"


@dataclass(frozen=True)
class Flatten(Unary):
    """The last axes as one, of points in row-major order."""

    out: str
    given: str
    rank: int

    def of(self, x: Array) -> Array:
        """One axis of points."""
        return x.reshape(*x.shape[: x.ndim - self.rank], prod(x.shape[x.ndim - self.rank :]))

    def __str__(self) -> str:
        return f"{self.out} = flatten({self.given})"


@dataclass(frozen=True)
class Unflatten(Unary):
    """The last axis as several, of these sizes."""

    out: str
    given: str
    sizes: tuple[int, ...]

    def of(self, x: Array) -> Array:
        """The axes."""
        return x.reshape(*x.shape[:-1], *self.sizes)

    def __str__(self) -> str:
        return f"{self.out} = unflatten({self.given}, {' x '.join(map(str, self.sizes)) or 1})"


@dataclass(frozen=True)
class Tie(Unary):
    """The diagonal of two axes; it comes last."""

    out: str
    given: str
    first: Axis
    second: Axis

    def of(self, x: Array) -> Array:
        """The diagonal."""
        return x.diagonal(axis1=self.first, axis2=self.second)

    def __str__(self) -> str:
        return f"{self.out} = diagonal({self.given}, {self.first}, {self.second})"


@dataclass(frozen=True)
class Average(Unary):
    """The mean over one axis, which is moved by a `factor` of the group; or its sum."""

    out: str
    given: str
    axis: Axis
    factor: str
    mean: bool

    def of(self, x: Array) -> Array:
        """The mean, or the sum."""
        total: Array = x.sum(axis=self.axis)
        return total / x.shape[self.axis] if self.mean else total

    def __str__(self) -> str:
        word = "mean" if self.mean else "sum"
        return f"{self.out} = {word}({self.given}, {self.axis})"


@dataclass(frozen=True)
class Turn(Unary):
    """The axes in another order: axis t of the result is axis order[t] of what is given."""

    out: str
    given: str
    order: tuple[Axis, ...]

    def of(self, x: Array) -> Array:
        """The axes in that order."""
        return turned(x, self.order)

    def __str__(self) -> str:
        return f"{self.out} = turn({self.given}, {self.order})"


class Binary(Step):
    """A step that makes the value `out` of `given` and a `term` that is added to it."""

    out: str
    given: str
    term: str

    @property
    def makes(self) -> tuple[str, ...]:
        """The sum."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """What is added."""
        return (self.given, self.term)


@dataclass(frozen=True)
class Spread(Binary):
    """The sum of two values, each repeated along the axes that it lacks.

    `axes` and `term_axes` say which of the result's `rank` axes each has, in order; `fresh` says
    that the first is this program's own, and may be changed in place.
    """

    out: str
    given: str
    term: str
    rank: int
    axes: tuple[int, ...]
    term_axes: tuple[int, ...]
    fresh: bool

    def run(self, values: Values) -> dict[str, Array]:
        """The sum."""
        given = values[self.given][_index(self.axes, self.rank)]
        return {self.out: given + values[self.term][_index(self.term_axes, self.rank)]}

    def __str__(self) -> str:
        given, term = repeated(self.axes, self.rank), repeated(self.term_axes, self.rank)
        return f"{self.out} = {self.given}{given} + {self.term}{term}"


def _index(axes: tuple[int, ...], rank: int) -> tuple[Any, ...]:
    return (..., *(slice(None) if a in axes else None for a in range(rank)))


@dataclass(frozen=True)
class Place(Binary):
    """The first with the second added on a diagonal of it: the axes that `ties` merge in turn.

    The first is this program's own, and may be changed in place; `level` has a factor an axis.
    """

    out: str
    given: str
    term: str
    ties: tuple[tuple[Axis, Axis], ...]
    order: tuple[Axis, ...]
    level: tuple[str, ...]

    def run(self, values: Values) -> dict[str, Array]:
        """The sum."""
        whole = values[self.given].copy()
        view: Array = whole
        for first, second in self.ties:
            view = view.diagonal(axis1=first, axis2=second)
            view.flags.writeable = True
        if self.order:
            view = turned(view, self.order)
        view += values[self.term]
        return {self.out: whole}

    def __str__(self) -> str:
        return f"{self.out} = {self.given} + {self.term} on the diagonal {self.ties}"
