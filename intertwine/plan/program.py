"""Straight-line programs on tensors of any size: the steps of a layer, with a NumPy meaning.

A value has shape (batch..., channels, axes...); a step names the value that it makes and those
that it reads.  Axes are counted from the end, so that a step does not depend on the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

Axis = int


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
class Lead:
    """Take fixed axes of an input in front of its channels, and into them."""

    out: str
    given: str
    rank: int
    fixed: tuple[Axis, ...]

    def __str__(self) -> str:
        return f"{self.out} = lead({self.given}, {self.fixed})"


@dataclass(frozen=True)
class Trail:
    """The inverse, on an output: fixed axes of these sizes come back from the channels."""

    out: str
    given: str
    rank: int
    fixed: tuple[Axis, ...]
    sizes: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.out} = trail({self.given}, {self.fixed})"


@dataclass(frozen=True)
class Tie:
    """The diagonal of two axes; it comes last."""

    out: str
    given: str
    first: Axis
    second: Axis

    def __str__(self) -> str:
        return f"{self.out} = diagonal({self.given}, {self.first}, {self.second})"


@dataclass(frozen=True)
class Average:
    """The mean over one axis, or its sum, where the plan says so."""

    out: str
    given: str
    axis: Axis
    factor: str

    def __str__(self) -> str:
        return f"{self.out} = mean({self.given}, {self.axis})"


@dataclass(frozen=True)
class Turn:
    """The axes in another order: axis t of the result is axis order[t] of what is given."""

    out: str
    given: str
    order: tuple[Axis, ...]

    def __str__(self) -> str:
        return f"{self.out} = turn({self.given}, {self.order})"


@dataclass(frozen=True)
class Mix:
    """All maps of one level as one product of a matrix of weights with stacked channels.

    `outs[r]` is the sum over columns c of `weight[cells[r][c]] givens[c]`; cells are numbers of
    diagrams between the fields `targets[r]` and `sources[c]`, and `level` has a factor an axis.
    `base` is added to an only value: it has all axes, or none where that is not whole; where it is
    fresh, it is this program's own, and may be changed in place.
    """

    outs: tuple[str, ...]
    givens: tuple[str, ...]
    targets: tuple[str, ...]
    sources: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    level: tuple[str, ...]
    base: str | None = None
    base_whole: bool = True
    base_fresh: bool = False

    def __str__(self) -> str:
        onto = "" if self.base is None else f"{self.base} + "
        return f"{', '.join(self.outs)} = {onto}mix({', '.join(self.givens)})"


@dataclass(frozen=True)
class Spread:
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

    def __str__(self) -> str:
        given, term = repeated(self.axes, self.rank), repeated(self.term_axes, self.rank)
        return f"{self.out} = {self.given}{given} + {self.term}{term}"


@dataclass(frozen=True)
class Place:
    """The first with the second added on a diagonal of it: the axes that `ties` merge in turn.

    The first is this program's own, and may be changed in place; `level` has a factor an axis.
    """

    out: str
    given: str
    term: str
    ties: tuple[tuple[Axis, Axis], ...]
    order: tuple[Axis, ...]
    level: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.out} = {self.given} + {self.term} on the diagonal {self.ties}"


Step = Lead | Trail | Tie | Average | Turn | Mix | Spread | Place


def read_by(step: Step) -> tuple[str, ...]:
    """The values that a step reads."""
    if isinstance(step, Mix):
        return step.givens
    return (step.given, step.term) if isinstance(step, Spread | Place) else (step.given,)


@dataclass(frozen=True)
class Program:
    """Steps in order, and which value each output field is."""

    steps: tuple[Step, ...]
    results: tuple[tuple[str, str], ...]

    @property
    def mixes(self) -> tuple[Mix, ...]:
        """The steps that hold weights, one a level."""
        return tuple(step for step in self.steps if isinstance(step, Mix))
