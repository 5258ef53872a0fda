"""Plans of layers of one size as programs in the language of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intertwine.plan.block import Ends
from intertwine.plan.plan import LayerPlan, Onto, Tensor
from intertwine.plan.program import Program
from intertwine.plan.proposal import Expanding, Proposal, shifted
from intertwine.plan.shared import shared
from intertwine.plan.steps.axes import Flatten, Unflatten
from intertwine.plan.steps.channels import Apply
from intertwine.plan.steps.points import Add
from intertwine.plan.steps.step import Step


def written(plan: LayerPlan) -> Program:
    """The program of a layer: x, or x_name for each input, to y, or y_name for each output.

    >>> from intertwine.pipeline import solve
    >>> ring = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> print(written(solve(ring).plan))
    matrix = weight output input at codes 3 x 3
    bias = bias output at codes 3
    y = matrix x + bias
    """
    if len(plan.inputs) == len(plan.outputs) == 1:
        (source,), (target,), (block,), (bias,) = (
            plan.inputs,
            plan.outputs,
            plan.blocks,
            plan.biases,
        )
        ends = Ends(source.name, target.name)
        steps = block.route.with_bias(ends, len(source.shape), target.shape, bias)
        return Program(tuple(steps), ((target.name, ends.y),))
    return _Fields(plan).program()


class _Fields:
    """Writes the sum of the programs of all blocks.

    Those that expand are one product with a full matrix, for the outputs that take the same inputs
    so; every bias is added once, by that product where nothing else is done.
    """

    def __init__(self, plan: LayerPlan) -> None:
        self.inputs: Mapping[str, Tensor] = {f.name: f for f in plan.inputs}
        self.outputs: Mapping[str, Tensor] = {f.name: f for f in plan.outputs}
        self.biases: Mapping[str, Onto] = {bias.target: bias for bias in plan.biases}
        self.plain = all(block.route.expands for block in plan.blocks)
        self.dense: dict[str, dict[str, Expanding]] = {t: {} for t in self.outputs}
        self.others: dict[str, dict[str, Proposal]] = {t: {} for t in self.outputs}
        for block in plan.blocks:
            if (expansion := block.route.expansion) is not None:
                self.dense[block.target][block.source] = expansion
            else:
                self.others[block.target][block.source] = block.route

    def program(self) -> Program:
        """The products with full matrices, then what else each output is the sum of."""
        steps: list[Step] = []
        together: dict[tuple[str, ...], list[str]] = {}
        for t in self.outputs:
            together.setdefault(tuple(self.dense[t]), []).append(t)
        for sources, targets in together.items():
            steps += self._product(sources, targets) if sources else []
        for t in self.outputs:
            steps += self._sum(t)
        return Program(tuple(shared(steps)), tuple((t, f"y_{t}") for t in self.outputs))

    def _product(self, sources: Sequence[str], targets: Sequence[str]) -> list[Step]:
        """The points of some inputs, the matrices and biases, their product, and its axes."""
        steps: list[Step] = []
        points = []
        for s in sources:
            rank = len(self.inputs[s].shape)
            points.append(f"x_{s}" if rank == 1 else f"points_x_{s}")
            if rank > 1:
                steps.append(Flatten(points[-1], f"x_{s}", rank))
        rows = tuple(tuple(f"matrix_{t}__{s}" for s in sources) for t in targets)
        for t, row in zip(targets, rows, strict=True):
            for s, matrix in zip(sources, row, strict=True):
                steps.append(self.dense[t][s].matrix(matrix, Ends(s, t)))
        added = tuple(f"bias_{t}" for t in targets) if self.plain else ()
        for t, bias in zip(targets, added, strict=False):
            steps.append(self.biases[t].made(bias, Ends("", t).bias))
        steps.append(Apply(tuple(f"y_{t}" for t in targets), tuple(points), rows, added))
        for t in targets:
            if len(self.outputs[t].shape) > 1:
                steps.append(Unflatten(f"y_{t}", f"y_{t}", self.outputs[t].shape))
        return steps

    def _sum(self, target: str) -> list[Step]:
        """All blocks of an output that do not expand, added to what is made of the others."""
        y, shape, others = f"y_{target}", self.outputs[target].shape, self.others[target]
        terms = [y] if self.dense[target] else []
        alone = len(terms) + len(others) == 1
        steps: list[Step] = []
        for s, route in others.items():
            terms.append(y if alone else f"{y}__{s}")
            ends = Ends(s, target, f"x_{s}", terms[-1], f"_{target}__{s}")
            steps += route.steps(ends, len(self.inputs[s].shape), shape)
        if len(terms) > 1:
            steps.append(Add(y, tuple(terms)))
        if not self.plain:
            ends = Ends("", target, "", y, f"_{target}")
            steps += shifted(ends, self.biases[target], shape)
        return steps
