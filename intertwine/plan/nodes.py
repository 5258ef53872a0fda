"""The plan of a layer whose maps are patterns of signs, in tables of codes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.group.permutation import Indices
from intertwine.hom.pattern import Codes
from intertwine.plan.plan import LayerPlan
from intertwine.plan.proposal import Proposal
from intertwine.plan.steps.weights import Expand


@dataclass(frozen=True, eq=False)
class Walk:
    """A table of codes by its rows at orbit representatives, and how the others follow.

    Row `child` is row `parent` gathered through the inverse of generator `edge`, times signs.
    """

    roots: tuple[tuple[int, NDArray[np.intp]], ...]
    steps: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Field:
    """One input or output tensor: its name, its axes, and how each generator moves its points.

    Generators are rows of one-based signed images: point i goes to `|g[i]| - 1`, with its sign.
    """

    name: str
    action: str
    shape: tuple[int, ...]
    generators: NDArray[np.intp]

    @property
    def points(self) -> int:
        """How many points the axes hold."""
        return prod(self.shape)

    @property
    def signed(self) -> bool:
        """Whether any generator carries a sign."""
        return bool((self.generators < 0).any())


@dataclass(frozen=True, eq=False)
class Coded:
    """Maps onto one field, in a table of codes: +-(k + 1) where map k is +-1, 0 where all vanish.

    `meanings` say what the first maps are, in words.
    """

    target: str
    dimension: int
    codes: Codes
    meanings: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether every entry is a coefficient as it is: no sign, no zero."""
        return self.dimension > 0 and bool((self.codes > 0).all())


@dataclass(frozen=True, eq=False)
class Block(Coded):
    """All intertwiners from one field to another: `codes[j, i]` is that of a matrix entry.

    A coefficient of variance `1 / (fans[k] in_channels)` keeps unit variance.  `legend` explains
    the meanings; `route` is how the maps are computed.
    """

    source: str
    fans: tuple[int, ...]
    legend: str
    route: Proposal
    walk: Walk | None = None


@dataclass(frozen=True, eq=False)
class BiasBlock(Coded):
    """The invariants of one output field: `codes[j]` is that of a point."""

    def made(self, out: str, given: str, points: Indices | None = None) -> Expand:
        """The step that makes a number a point of them times weights, at all or at some points."""
        return Expand(out, given, self.codes if points is None else self.codes[points])


@dataclass(frozen=True, eq=False)
class Plan(LayerPlan):
    """A layer whose maps are patterns of signs.

    >>> from intertwine.pipeline import solve
    >>> spec = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> print(solve(spec).plan)
    ring: expand 3 coefficients to 3 x 3
    """

    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    blocks: tuple[Block, ...]
    biases: tuple[BiasBlock, ...]

    made = "expand", "coefficient", "to"

    def variance(self, field: Field, point: int) -> Fraction:
        """The expected output variance at a point, for unit-variance input: exactly 1, or 0.

        It is the sum over basis elements k of `Var(w_k) ||row_point T_k||^2 in_channels`.
        """
        total = Fraction(0)
        for block in self.blocks:
            if block.target == field.name:
                counts = np.bincount(np.abs(block.codes[point]), minlength=block.dimension + 1)
                pairs = zip(counts[1:].tolist(), block.fans, strict=True)
                total += sum((Fraction(count, fan) for count, fan in pairs), Fraction(0))
        return total
