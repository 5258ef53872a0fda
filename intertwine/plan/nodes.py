"""The plan of a layer: frozen data with a NumPy meaning, all that the emitter reads."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.pattern import Codes
from intertwine.numerals import many
from intertwine.plan.strategy.axis_sums import AxisSums
from intertwine.plan.strategy.convolution import Convolution
from intertwine.plan.strategy.small_sets import BATCH, CHANNELS, SmallSets


@dataclass(frozen=True)
class Labels:
    """What a page says of its layer, and how its tensors are handed over.

    First weights give unit variance for independent inputs, or for `correlated` ones, which are
    the same at all points.  `unreached` are sentences on parts of the output that no map reaches.
    """

    name: str
    class_name: str
    title: str
    description: str
    group: str
    order: str
    certificate: str
    digest: str
    bias: bool
    channels_last: bool
    input_fields: bool
    output_fields: bool
    correlated: bool = False
    unreached: tuple[str, ...] = ()

    @property
    def fields(self) -> bool:
        """Whether parameters are kept by field."""
        return self.input_fields or self.output_fields


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
    the meanings.
    """

    source: str
    fans: tuple[int, ...]
    legend: str
    walk: Walk | None = None


@dataclass(frozen=True, eq=False)
class BiasBlock(Coded):
    """The invariants of one output field: `codes[j]` is that of a point."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A layer: `y[t] = sum_s expand(weight[t, s]) x[s] + expand(bias[t])`.

    `route` is how one block is computed where that is not by its full matrix; `restricted` is the
    dimension of the space of which a support keeps a part, or 0; `ends` is the radius of a support
    beyond whose grid's ends there are zeros.

    >>> from intertwine.pipeline import solve
    >>> spec = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> print(solve(spec).plan)
    ring: expand 3 coefficients to 3 x 3
    """

    labels: Labels
    generators: tuple[str, ...]
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    blocks: tuple[Block, ...]
    biases: tuple[BiasBlock, ...]
    route: Convolution | SmallSets | AxisSums | None = None
    restricted: int = 0
    ends: int | None = None

    @property
    def dimension(self) -> int:
        """The number of basis elements of all blocks."""
        return sum(block.dimension for block in self.blocks)

    @property
    def bias_dimension(self) -> int:
        """The number of invariants of the output."""
        return sum(bias.dimension for bias in self.biases)

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

    @property
    def computed(self) -> str:
        """How it is computed, in words, where that is not by its full matrix."""
        return "" if self.route is None else self.route.computed

    @property
    def dense_pays(self) -> bool:
        """Whether a batch is computed faster by the full matrix, once that is made."""
        rows, columns = (sum(f.points for f in side) for side in (self.outputs, self.inputs))
        return self.route is None or self.route.pays(BATCH * CHANNELS**2 * rows * columns)

    def __str__(self) -> str:
        rows = sum(field.points for field in self.outputs)
        columns = sum(field.points for field in self.inputs)
        if self.route is not None:
            return f"{self.labels.name}: {many(self.dimension, 'coefficient')}, {self.route}"
        given = many(self.dimension, "coefficient")
        return f"{self.labels.name}: expand {given} to {rows} x {columns}"
