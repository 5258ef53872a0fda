"""Steps on the points of a tensor, its last axis: orders, sums by tables, constant matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intertwine.plan.steps.step import Array, Step, Unary, Values
from intertwine.plan.table import Places, Table


@dataclass(frozen=True, eq=False)
class Gather(Unary):
    """Point j of the result is point `places[j]`."""

    out: str
    given: str
    places: Places

    def of(self, x: Array) -> Array:
        """The points in that order."""
        return x[..., self.places.array]

    def __str__(self) -> str:
        return f"{self.out} = {self.given}[{self.places}]"


@dataclass(frozen=True, eq=False)
class Fold(Unary):
    """Point j of the result is the sum over the points in row j of `places`.

    The number behind the last point is none.
    """

    out: str
    given: str
    places: Places

    def of(self, x: Array) -> Array:
        """The sums."""
        padded = np.concatenate([x, np.zeros_like(x[..., :1])], axis=-1)
        return np.asarray(padded[..., self.places.array].sum(axis=-1))

    def __str__(self) -> str:
        return f"{self.out} = sums of {self.given} by {self.places}"


@dataclass(frozen=True, eq=False)
class Times(Unary):
    """The points times a constant matrix, of shape (points, points of the result)."""

    out: str
    given: str
    matrix: Table

    def of(self, x: Array) -> Array:
        """The product."""
        return np.asarray(x @ self.matrix.of(x))

    def __str__(self) -> str:
        return f"{self.out} = {self.given} {self.matrix}"


@dataclass(frozen=True)
class Pick(Unary):
    """Some of the copies that stand on an axis before the points, or a single one without it."""

    out: str
    given: str
    copies: tuple[int, ...]

    def of(self, x: Array) -> Array:
        """Those copies."""
        picked = x[..., list(self.copies), :]
        return picked[..., 0, :] if len(self.copies) == 1 else picked

    def __str__(self) -> str:
        return f"{self.out} = copies {', '.join(map(str, self.copies))} of {self.given}"


@dataclass(frozen=True)
class Stack(Step):
    """Several values as copies on an axis before the points."""

    out: str
    givens: tuple[str, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """The stack."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """The copies."""
        return self.givens

    def run(self, values: Values) -> dict[str, Array]:
        """The stack."""
        return {self.out: np.stack([values[name] for name in self.givens], axis=-2)}

    def __str__(self) -> str:
        return f"{self.out} = copies of {', '.join(self.givens)}"


@dataclass(frozen=True)
class Join(Step):
    """Several values one after another along the points."""

    out: str
    givens: tuple[str, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """All points."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """The parts."""
        return self.givens

    def run(self, values: Values) -> dict[str, Array]:
        """All points."""
        return {self.out: np.concatenate([values[name] for name in self.givens], axis=-1)}

    def __str__(self) -> str:
        return f"{self.out} = {' | '.join(self.givens)}"


@dataclass(frozen=True)
class Split(Step):
    """Parts of these sizes, one after another along the points."""

    outs: tuple[str, ...]
    given: str
    sizes: tuple[int, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """The parts."""
        return self.outs

    @property
    def reads(self) -> tuple[str, ...]:
        """All points."""
        return (self.given,)

    def run(self, values: Values) -> dict[str, Array]:
        """The parts."""
        parts = np.split(values[self.given], np.cumsum(self.sizes)[:-1], axis=-1)
        return dict(zip(self.outs, parts, strict=True))

    def __str__(self) -> str:
        return f"{' | '.join(self.outs)} = {self.given}"


@dataclass(frozen=True)
class Add(Step):
    """The sum of values of one shape."""

    out: str
    terms: tuple[str, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """The sum."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """What is added."""
        return self.terms

    def run(self, values: Values) -> dict[str, Array]:
        """The sum."""
        first, *rest = (values[name] for name in self.terms)
        return {self.out: sum(rest, start=first)}

    def __str__(self) -> str:
        return f"{self.out} = {' + '.join(self.terms)}"
