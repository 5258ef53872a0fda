"""What a plan means, in NumPy: the slow twin of every emitted layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.pattern import Codes
from intertwine.plan.nodes import BiasBlock, Block, Field, Plan, Walk
from intertwine.plan.stack import LinearField, StackBias, StackBlock, StackPlan

Array = NDArray[np.float64]


def evaluate(
    plan: Plan | StackPlan,
    weights: Mapping[tuple[str, str], Array],
    biases: Mapping[str, Array],
    inputs: Sequence[Array],
) -> tuple[Array, ...]:
    """The outputs for inputs of shape `(batch..., in_channels, *points)`, channels first.

    `weights[target, source]` has shape (dimension, out_channels, in_channels), `biases[target]`
    (bias_dimension, out_channels).
    """
    sources: Sequence[Field | LinearField] = plan.inputs
    targets: Sequence[Field | LinearField] = plan.outputs
    outputs = []
    for target in targets:
        total: Array | float = 0.0
        for source, x in zip(sources, inputs, strict=True):
            block = next(
                b for b in plan.blocks if (b.target, b.source) == (target.name, source.name)
            )
            flat = x.reshape(*x.shape[: x.ndim - len(source.shape)], source.points)
            matrix = _matrix(
                block, weights[target.name, source.name], (target.points, source.points)
            )
            total = total + np.einsum("jioc,...ci->...oj", matrix, flat)
        if target.name in biases:
            bias = next(b for b in plan.biases if b.target == target.name)
            total = total + _matrix(bias, biases[target.name], (target.points,)).T
        result = np.asarray(total)
        outputs.append(result.reshape(*result.shape[:-1], *target.shape))
    return tuple(outputs)


def _matrix(
    maps: Block | BiasBlock | StackBlock | StackBias, weights: Array, points: tuple[int, ...]
) -> Array:
    """The maps times their weights; axes of channels come last."""
    if isinstance(maps, Block | BiasBlock):
        return expanded(maps.codes, weights)
    flat = maps.stack.T @ weights.reshape(len(weights), prod(weights.shape[1:]))
    return np.asarray(flat).reshape(*points, *weights.shape[1:])


def expanded(codes: Codes, coefficients: Array) -> Array:
    """The coefficients put where their codes stand, with signs; zero where the code is 0."""
    table = np.concatenate([np.zeros((1, *coefficients.shape[1:])), coefficients])
    signs = np.sign(codes).reshape(codes.shape + (1,) * (coefficients.ndim - 1))
    return np.asarray(table[np.abs(codes)] * signs)


def walked(walk: Walk, source: Field, target: Field) -> Codes:
    """The whole table of codes of a walk."""
    codes = np.zeros((target.points, source.points), dtype=np.intp)
    for root, row in walk.roots:
        codes[root] = row
    for child, parent, edge in walk.steps.tolist():
        image = source.generators[edge]
        codes[child, np.abs(image) - 1] = codes[parent] * np.sign(image)
        codes[child] *= np.sign(target.generators[edge, parent])
    return codes
