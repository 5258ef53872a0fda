"""The plan of a network: its layers, and the steps of its forward, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from intertwine.plan.diagram import Axes
from intertwine.plan.nodes import Field, Plan
from intertwine.plan.stack import LinearField, StackPlan
from intertwine.plan.strategy.diagrams import SizePlan

AnyPlan = Plan | SizePlan | StackPlan


@dataclass(frozen=True)
class Value:
    """A tensor of forward: its variable, its channels, and the axes of its points.

    `axes` are those that some symmetric group permutes, where the network serves every size.
    """

    name: str
    channels: int
    shape: tuple[int, ...]
    axes: Axes | None = None

    @property
    def points(self) -> int:
        """How many points the axes hold."""
        return prod(self.shape)

    @property
    def rank(self) -> int:
        """How many axes it has behind those of the batch."""
        return 1 + len(self.shape)


@dataclass(frozen=True)
class Linear:
    """`targets = module(sources)`, the layer of number `layer`.

    With a stride, of whose results only every `stride`-th along each axis of a grid is computed.
    """

    module: str
    layer: int
    sources: tuple[Value, ...]
    targets: tuple[Value, ...]
    stride: int = 1


@dataclass(frozen=True)
class Keep:
    """`name = value`: remembered for a residual connection."""

    name: str
    value: Value


@dataclass(frozen=True)
class Add:
    """`value = value + kept`."""

    value: Value
    kept: str


@dataclass(frozen=True)
class Normalize:
    """Statistics of a kind by which a tensor is scaled.

    `batch`: over the batch and all points, a channel at a time; `layer`: over channels and points,
    a sample at a time; `point`: over channels, a point at a time; `rms`: as `layer`, without taking
    the mean away.
    """

    module: str
    kind: str
    value: Value


@dataclass(frozen=True)
class Pointwise:
    """A function of every number."""

    function: str
    value: Value


@dataclass(frozen=True)
class ByNorm:
    """`value * sigmoid(a |value| + b)`, with the length over each of `points` points."""

    module: str
    value: Value
    points: int


@dataclass(frozen=True)
class Gate:
    """`value * sigmoid(gate)`, a gate a point, over which `value` has some coordinates."""

    value: Value
    gate: Value


@dataclass(frozen=True)
class Product:
    """`value + module(square)`: the square has all products of two coordinates over a point.

    One is of a channel, the other of a mixture of all channels, which the matrix `partners` makes.
    Of the axes the first `shared` are those of the points, the others those of the coordinates.
    """

    module: str
    partners: str
    layer: int
    value: Value
    shared: int


@dataclass(frozen=True)
class Dropout:
    """Whole channels of a sample set to zero, in training."""

    module: str
    rate: float
    value: Value


@dataclass(frozen=True)
class Stride:
    """Every `step`-th point along the `axes`, counted from the last."""

    step: int
    axes: tuple[int, ...]
    value: Value


@dataclass(frozen=True)
class Windows:
    """The maximum, mean or sum over windows of `step` points along each of the `axes`."""

    kind: str
    step: int
    axes: tuple[int, ...]
    value: Value


@dataclass(frozen=True)
class Pool:
    """The maximum, mean or sum over the `axes`, counted from the last."""

    kind: str
    axes: tuple[int, ...]
    value: Value


Step = (
    Linear | Keep | Add | Normalize | Pointwise | ByNorm | Gate | Product | Dropout | Stride
    | Windows | Pool
)  # fmt: skip


def module_of(step: Step) -> str:
    """The name of the module that a step calls; empty where it calls none."""
    return str(getattr(step, "module", ""))


@dataclass(frozen=True)
class StagePlan:
    """One stage: what it is called, what it gives, and its steps."""

    name: str
    title: str
    results: tuple[Value, ...]
    steps: tuple[Step, ...]
    note: str = ""


@dataclass(frozen=True)
class NetworkLabels:
    """What the page says of the network."""

    name: str
    class_name: str
    description: str
    group: str
    order: str
    left: str
    digest: str
    input_fields: bool
    output_fields: bool


@dataclass(frozen=True, eq=False)
class NetworkPlan:
    """A network: its layers, each once however often it is used, and its stages.

    `generators` are those of the symmetry that is left, with what they do to `inputs` and
    `outputs`; where the network serves every size there are none, and `sizes` are the spec's.
    """

    labels: NetworkLabels
    layers: tuple[AnyPlan, ...]
    inputs: tuple[Value, ...]
    stages: tuple[StagePlan, ...]
    generators: tuple[str, ...]
    moved_inputs: tuple[Field | LinearField, ...]
    moved_outputs: tuple[Field | LinearField, ...]
    sizes: Mapping[str, int] | None

    @property
    def outputs(self) -> tuple[Value, ...]:
        """What the last stage gives."""
        return self.stages[-1].results

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those of all stages."""
        return tuple(step for stage in self.stages for step in stage.steps)

    def parameters(self, stage: StagePlan) -> int:
        """How many numbers a stage learns."""
        return sum(self._parameters(step) for step in stage.steps)

    def _parameters(self, step: Step) -> int:
        match step:
            case Linear(layer=layer, sources=sources, targets=targets):
                return learnt(self.layers[layer], sources, targets)
            case Product(layer=layer, value=value):
                return learnt(self.layers[layer], (value,), (value,)) + value.channels**2
            case Normalize(kind="batch" | "layer" | "point", value=value) | ByNorm(value=value):
                return 2 * value.channels
        return 0

    def __str__(self) -> str:
        shown = "; ".join(stage.title for stage in self.stages)
        return f"{self.labels.name}: {shown}"


def learnt(plan: AnyPlan, sources: tuple[Value, ...], targets: tuple[Value, ...]) -> int:
    """How many weights and biases a layer has between tensors of these channels."""
    ins = dict(zip(_names(plan, "inputs"), (v.channels for v in sources), strict=True))
    outs = dict(zip(_names(plan, "outputs"), (v.channels for v in targets), strict=True))
    if isinstance(plan, SizePlan):
        total = sum(b.rows * ins[b.source] * outs[b.target] for b in plan.blocks)
        rows = {t: len(plan.invariants(t)) * plan.outputs[t].copies for t in plan.outputs}
    else:
        total = sum(b.dimension * ins[b.source] * outs[b.target] for b in plan.blocks)
        rows = {b.target: b.dimension for b in plan.biases}
    return total + sum(rows[t] * outs[t] for t in outs) * plan.labels.bias


def _names(plan: AnyPlan, side: str) -> list[str]:
    fields = getattr(plan, side)
    return list(fields) if isinstance(plan, SizePlan) else [field.name for field in fields]
