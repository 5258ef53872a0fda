"""The plan of a layer: frozen data with a NumPy meaning, all that the emitter reads."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.pattern import Codes
from intertwine.plan.convolution import Convolution
from intertwine.plan.factoring import Factoring


@dataclass(frozen=True)
class Labels:
    """What a page says of its layer, besides the mathematics."""

    name: str
    class_name: str
    description: str
    order: str
    certificate: str
    digest: str
    bias: bool
    channels_last: bool


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

    Generators are rows of one-based signed images: point i goes to |g[i]| - 1, with its sign.
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
class Block:
    """All intertwiners from one field to another, to be expanded from their coefficients.

    `codes[j, i]` is +-(k + 1) where basis element k is +-1, and 0 where all vanish.  A coefficient
    of variance `1 / (fans[k] in_channels)` keeps unit variance.  `meanings` say what the first
    elements are, in words that `legend` explains.
    """

    source: str
    target: str
    dimension: int
    codes: Codes
    fans: tuple[int, ...]
    legend: str
    meanings: tuple[str, ...]
    walk: Walk | None = None

    @property
    def plain(self) -> bool:
        """Whether every entry is a coefficient as it is: no sign, no zero."""
        return self.dimension > 0 and bool((self.codes > 0).all())


@dataclass(frozen=True, eq=False)
class BiasBlock:
    """The invariants of one output field: `codes[j]` as in a Block, for a single column."""

    target: str
    dimension: int
    codes: Codes
    meanings: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether every entry is a coefficient as it is: no sign, no zero."""
        return self.dimension > 0 and bool((self.codes > 0).all())


@dataclass(frozen=True, eq=False)
class Plan:
    """A layer: `y[t] = sum_s expand(weight[t, s]) x[s] + expand(bias[t])`.

    `route` is how one block is computed where that is not by its full matrix; `restricted` is the
    dimension of the space of which a support keeps a part, or 0.

    >>> from intertwine.pipeline import solve
    >>> spec = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> print(solve(spec).plan)
    ring: expand 3 coefficients to 3 x 3
    """

    name: str
    class_name: str
    title: str
    description: str
    group: str
    order: str
    generators: tuple[str, ...]
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    blocks: tuple[Block, ...]
    biases: tuple[BiasBlock, ...]
    bias: bool
    channels_last: bool
    input_fields: bool
    output_fields: bool
    certificate: str
    digest: str
    route: Convolution | Factoring | None = None
    restricted: int = 0

    @property
    def dimension(self) -> int:
        """The number of basis elements of all blocks."""
        return sum(block.dimension for block in self.blocks)

    @property
    def bias_dimension(self) -> int:
        """The number of invariants of the output."""
        return sum(bias.dimension for bias in self.biases)

    @property
    def fields(self) -> bool:
        """Whether parameters are kept by field."""
        return self.input_fields or self.output_fields

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

    def __str__(self) -> str:
        rows = sum(field.points for field in self.outputs)
        columns = sum(field.points for field in self.inputs)
        if self.route is not None:
            return f"{self.name}: {self.dimension} coefficients, {self.route}"
        return f"{self.name}: expand {self.dimension} coefficients to {rows} x {columns}"
