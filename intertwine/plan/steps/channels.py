"""Steps on channels: products with matrices of weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from intertwine.plan.steps.step import Array, Step, Values, mixed


@dataclass(frozen=True)
class Mix(Step):
    """All maps of one level as one product of a matrix of weights with stacked channels.

    `outs[r]` is the sum over columns c of `weight[cells[r][c]] givens[c]`; cells are numbers of
    diagrams between the fields `targets[r]` and `sources[c]`, whose channels have `heights[r]` and
    `widths[c]` copies: map k has a row of weights for each pair of copies.  `level` has a factor an
    axis.  A bias is added where there is no axis.  `base` is added to an only value: it has all
    axes, or none where that is not whole; where it is fresh, it is this program's own, and may be
    changed in place.
    """

    outs: tuple[str, ...]
    givens: tuple[str, ...]
    targets: tuple[str, ...]
    sources: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    level: tuple[str, ...]
    heights: tuple[int, ...]
    widths: tuple[int, ...]
    base: str | None = None
    base_whole: bool = True
    base_fresh: bool = False

    @property
    def makes(self) -> tuple[str, ...]:
        """The mixed values."""
        return self.outs

    @property
    def reads(self) -> tuple[str, ...]:
        """The stacked values, and what is added."""
        return self.givens if self.base is None else (*self.givens, self.base)

    def run(self, values: Values) -> dict[str, Array]:
        """The mixed values."""
        rank = len(self.level)
        seen: dict[str, int] = {}
        made: dict[str, Array] = {}
        for r, (out, target) in enumerate(zip(self.outs, self.targets, strict=True)):
            total: Any = 0
            for c, (given, source) in enumerate(zip(self.givens, self.sources, strict=True)):
                weight, shape = values[weight_of(target, source)], (self.heights[r], self.widths[c])
                total = total + mixed(_cell(weight, self.cells[r][c], shape), values[given], rank)
            bias = values.get(bias_of(target))
            if rank == 0 and bias is not None:
                start = seen.setdefault(target, 0)
                total = total + bias[start : start + self.heights[r]].ravel()
                seen[target] += self.heights[r]
            if self.base is not None:
                base = values[self.base]
                total = total + (base if self.base_whole else base[..., None])
            made[out] = total
        return made

    def __str__(self) -> str:
        onto = "" if self.base is None else f"{self.base} + "
        return f"{', '.join(self.outs)} = {onto}mix({', '.join(self.givens)})"


def _cell(weight: Array, number: int, shape: tuple[int, int]) -> Array:
    """The matrix of one diagram: (out copies x channels, in copies x channels)."""
    rows, columns = shape
    block = weight[number * rows * columns : (number + 1) * rows * columns]
    block = block.reshape(rows, columns, *block.shape[1:]).transpose(0, 2, 1, 3)
    return block.reshape(rows * block.shape[1], -1)


def weight_of(target: str, source: str) -> str:
    """The value that holds the weights between two fields."""
    return f"weight {target} {source}"


def bias_of(target: str) -> str:
    """The value that holds the bias of a field."""
    return f"bias {target}"


@dataclass(frozen=True)
class MixCopies(Step):
    """Channels and the copies on the axis behind them, mixed by rows of weights from `start` on.

    Copy s of the result is the sum over the copies p of `weights[start + s pools + p] given[p]`;
    one copy has no axis.
    """

    out: str
    given: str
    weights: str
    start: int
    spreads: int
    pools: int

    @property
    def makes(self) -> tuple[str, ...]:
        """The mixed copies."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """The weights, and the copies."""
        return (self.weights, self.given)

    def run(self, values: Values) -> dict[str, Array]:
        """The mixed copies."""
        x = values[self.given]
        copies = x[..., None, :] if self.pools == 1 else x
        rows = values[self.weights][self.start : self.start + self.spreads * self.pools]
        cells = rows.reshape(self.spreads, self.pools, *rows.shape[1:])
        y = np.einsum("spoc,...cpn->...osn", cells, copies)
        return {self.out: y[..., 0, :] if self.spreads == 1 else y}

    def __str__(self) -> str:
        rows = f"{self.weights}[{self.start}:{self.start + self.spreads * self.pools}]"
        return f"{self.out} = mix({self.given}) by {rows}, {self.spreads} x {self.pools} copies"


@dataclass(frozen=True)
class Apply(Step):
    """Full matrices over channels and points: `outs[r] = sum_c matrices[r][c] givens[c]`.

    `biases[r]`, of as many numbers as the result has, is added where the layer has a bias;
    there may be none.
    """

    outs: tuple[str, ...]
    givens: tuple[str, ...]
    matrices: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """The products."""
        return self.outs

    @property
    def reads(self) -> tuple[str, ...]:
        """The matrices, the data, and the biases."""
        return (*(name for row in self.matrices for name in row), *self.givens, *self.biases)

    def run(self, values: Values) -> dict[str, Array]:
        """The products."""
        made = {}
        biases = [values[bias] for bias in self.biases] or [None] * len(self.outs)
        for out, row, bias in zip(self.outs, self.matrices, biases, strict=True):
            pairs = zip(row, self.givens, strict=True)
            products = [np.einsum("jioc,...ci->...oj", values[m], values[x]) for m, x in pairs]
            total = sum(products[1:], start=products[0])
            made[out] = total if bias is None else total + bias.T
        return made

    def __str__(self) -> str:
        rows = (
            " + ".join(f"{m} {x}" for m, x in zip(row, self.givens, strict=True))
            for row in self.matrices
        )
        biases = [f" + {bias}" for bias in self.biases] or [""] * len(self.outs)
        return "; ".join(
            f"{out} = {row}{bias}" for out, row, bias in zip(self.outs, rows, biases, strict=True)
        )
