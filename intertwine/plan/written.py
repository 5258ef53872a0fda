"""Plans of layers of one size as programs in the language of steps."""

from __future__ import annotations

from math import prod

from intertwine.plan.block import Ends
from intertwine.plan.nodes import BiasBlock, Plan
from intertwine.plan.program import Program
from intertwine.plan.stack import StackBias, StackPlan
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Shift
from intertwine.plan.strategy.axis_sums import AxisSums
from intertwine.plan.strategy.convolution import Convolution
from intertwine.plan.strategy.expand import expanded, made


def written(plan: Plan | StackPlan) -> Program:
    """The program of a layer: x, or x_name for each input, to y, or y_name for each output.

    >>> from intertwine.pipeline import solve
    >>> ring = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> print(written(solve(ring).plan))
    matrix = weight output input at codes 3 x 3
    bias = bias output at codes 3
    y = matrix x + bias
    """
    route = plan.route
    if route is None:
        alone = len(plan.inputs) == len(plan.outputs) == 1
        inputs, outputs = ({f.name: f for f in side} for side in (plan.inputs, plan.outputs))
        xs, ys = ({n: v if alone else f"{v}_{n}" for n in side}
                  for v, side in (("x", inputs), ("y", outputs)))  # fmt: skip
        blocks = {(b.target, b.source): b for b in plan.blocks}
        biases = {b.target: b for b in plan.biases}
        steps = expanded(inputs, outputs, blocks, biases, (xs, ys))
        return Program(tuple(steps), tuple(ys.items()))
    (source,), (target,), (bias,) = plan.inputs, plan.outputs, plan.biases
    ends = Ends(source.name, target.name)
    rank, shape = len(source.shape), target.shape
    if isinstance(route, Convolution):
        assert isinstance(bias, BiasBlock)
        steps = route.steps(ends, rank, shape, bias.codes)
    elif isinstance(route, AxisSums):
        steps = [*route.steps(ends), *_shifted(ends, bias, shape)]
    else:
        steps = [*route.steps(ends, rank, shape), *_shifted(ends, bias, shape)]
    return Program(tuple(steps), ((target.name, ends.y),))


def _shifted(ends: Ends, bias: BiasBlock | StackBias, shape: tuple[int, ...]) -> list[Step]:
    """The steps that add the bias to what is made."""
    added = ends.name("bias")
    return [made(added, ends.bias, bias, (prod(shape),)), Shift(ends.y, ends.y, added, shape)]
