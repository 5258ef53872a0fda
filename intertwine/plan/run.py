"""What a straight-line program means, in NumPy: the slow twin of an emitted `forward`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.plan.program import (
    Average,
    Lead,
    Mix,
    Place,
    Program,
    Spread,
    Step,
    Tie,
    Trail,
    Turn,
)

Array = NDArray[Any]
Values = dict[str, Array]


class Weights:
    """Coefficients of diagrams, as matrices between stacked channels.

    `blocks[target, source]` has shape (diagrams, out copies, in copies, out channels, in channels),
    `biases[target]` (diagrams, copies, channels).
    """

    def __init__(
        self, blocks: Mapping[tuple[str, str], Array], biases: Mapping[str, Array]
    ) -> None:
        self.blocks, self.biases = blocks, biases

    def cell(self, target: str, source: str, number: int) -> Array:
        """The matrix of one diagram: (out copies x channels, in copies x channels)."""
        block = self.blocks[target, source][number]
        rows, columns, out, into = block.shape
        matrix: Array = block.transpose(0, 2, 1, 3).reshape(rows * out, columns * into)
        return matrix


def run(program: Program, inputs: Mapping[str, Array], weights: Weights, mean: bool) -> Values:
    """Every output field, from inputs of shape (batch..., channels, axes...).

    Integers and Fractions (arrays of objects) are computed exactly.
    """
    values = dict(inputs)
    for step in program.steps:
        _apply(step, values, weights, mean)
    return {target: values[value] for target, value in program.results}


@singledispatch
def _apply(step: Step, values: Values, weights: Weights, mean: bool) -> None:
    raise TypeError(f"{type(step).__name__} is no step")


@_apply.register
def _(step: Lead, values: Values, weights: Weights, mean: bool) -> None:
    x = values[step.given]
    front = -step.rank - 1
    count = len(step.fixed)
    moved = np.moveaxis(x, step.fixed, range(front, front + count))
    place = x.ndim + front
    shape = (*moved.shape[:place], -1, *moved.shape[place + count + 1 :])
    values[step.out] = moved.reshape(shape)


@_apply.register
def _(step: Trail, values: Values, weights: Weights, mean: bool) -> None:
    x = values[step.given]
    place = x.ndim - step.rank - 1
    split = x.reshape(*x.shape[:place], *step.sizes, -1, *x.shape[place + 1 :])
    count = len(step.sizes)
    values[step.out] = np.moveaxis(split, range(place, place + count), step.fixed)


@_apply.register
def _(step: Tie, values: Values, weights: Weights, mean: bool) -> None:
    values[step.out] = values[step.given].diagonal(axis1=step.first, axis2=step.second)


@_apply.register
def _(step: Average, values: Values, weights: Weights, mean: bool) -> None:
    x = values[step.given]
    total = x.sum(axis=step.axis)
    values[step.out] = total / x.shape[step.axis] if mean else total


@_apply.register
def _(step: Turn, values: Values, weights: Weights, mean: bool) -> None:
    x = values[step.given]
    batch = range(x.ndim - len(step.order))
    values[step.out] = x.transpose(*batch, *(x.ndim + a for a in step.order))


@_apply.register
def _(step: Mix, values: Values, weights: Weights, mean: bool) -> None:
    rank = len(step.level)
    seen: dict[str, int] = {}
    for out, target, row in zip(step.outs, step.targets, step.cells, strict=True):
        total: Any = 0
        for given, source, number in zip(step.givens, step.sources, row, strict=True):
            x = np.moveaxis(values[given], -rank - 1, -1)
            mixed = x @ weights.cell(target, source, number).T
            total = total + np.moveaxis(mixed, -1, -rank - 1)
        if rank == 0 and target in weights.biases:
            number = seen.setdefault(target, 0)
            total = total + weights.biases[target][number].ravel()
            seen[target] += 1
        if step.base is not None:
            base = values[step.base]
            total = total + (base if step.base_whole else base[..., None])
        values[out] = total


@_apply.register
def _(step: Spread, values: Values, weights: Weights, mean: bool) -> None:
    given = values[step.given][_repeated(step.axes, step.rank)]
    values[step.out] = given + values[step.term][_repeated(step.term_axes, step.rank)]


def _repeated(axes: tuple[int, ...], rank: int) -> tuple[Any, ...]:
    return (..., *(slice(None) if a in axes else None for a in range(rank)))


@_apply.register
def _(step: Place, values: Values, weights: Weights, mean: bool) -> None:
    result = values[step.given].copy()
    view: Array = result
    for first, second in step.ties:
        view = view.diagonal(axis1=first, axis2=second)
        view.flags.writeable = True
    if step.order:
        batch = range(view.ndim - len(step.order))
        view = view.transpose(*batch, *(view.ndim + a for a in step.order))
    view += values[step.term]
    values[step.out] = result
