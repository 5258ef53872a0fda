"""Expansion: all maps times their weights as one full matrix, which one product applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intertwine.plan.block import Ends
from intertwine.plan.nodes import Coded, Field
from intertwine.plan.stack import LinearField, StackBias, StackBlock
from intertwine.plan.steps.axes import Flatten, Unflatten
from intertwine.plan.steps.channels import Apply
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Combine, Expand

Maps = Coded | StackBlock | StackBias
AnyField = Field | LinearField


def expanded(
    inputs: Mapping[str, AnyField],
    outputs: Mapping[str, AnyField],
    blocks: Mapping[tuple[str, str], Maps],
    biases: Mapping[str, Maps],
    names: tuple[Mapping[str, str], Mapping[str, str]],
) -> list[Step]:
    """The full matrix of each block, and one product with all of them.

    `blocks` are by output and input; `names` are the values of inputs and outputs.
    """
    alone = len(inputs) == len(outputs) == 1
    xs, ys = names
    steps: list[Step] = []
    points = {}
    for s, field in inputs.items():
        points[s] = xs[s]
        if len(field.shape) > 1:
            points[s] = "points" if alone else f"points_{xs[s]}"
            steps.append(Flatten(points[s], xs[s], len(field.shape)))
    matrices = {}
    for (t, s), maps in blocks.items():
        matrices[t, s] = "matrix" if alone else f"matrix_{t}__{s}"
        shape = outputs[t].points, inputs[s].points
        steps.append(made(matrices[t, s], Ends(s, t).weight, maps, shape))
    added = {t: "bias" if alone else f"bias_{t}" for t in biases}
    for t, maps in biases.items():
        steps.append(made(added[t], Ends("", t).bias, maps, (outputs[t].points,)))
    rows = tuple(tuple(matrices[t, s] for s in inputs) for t in outputs)
    outs = tuple(ys[t] for t in outputs)
    steps.append(Apply(outs, tuple(points.values()), rows, tuple(added[t] for t in outputs)))
    for t, field in outputs.items():
        if len(field.shape) > 1:
            steps.append(Unflatten(ys[t], ys[t], field.shape))
    return steps


def made(out: str, given: str, maps: Maps, shape: Sequence[int]) -> Step:
    """The step that makes the entries of some maps times their weights."""
    if isinstance(maps, Coded):
        return Expand(out, given, maps.codes)
    return Combine(out, given, maps.stack, tuple(shape))
