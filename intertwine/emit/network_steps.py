"""The statements of a network's forward and the modules that they call, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatchmethod
from math import prod

from intertwine.emit.text import enclosed
from intertwine.plan.network import (
    Add,
    AnyPlan,
    ByNorm,
    Dropout,
    Gate,
    Keep,
    Linear,
    Normalize,
    Pointwise,
    Pool,
    Product,
    Step,
    Stride,
    Value,
    Windows,
    module_of,
)
from intertwine.plan.strategy.diagrams import SizePlan

_FUNCTIONS = {
    "relu": "{x}.relu()",
    "leaky_relu": "torch.nn.functional.leaky_relu({x})",
    "elu": "torch.nn.functional.elu({x})",
    "gelu": "torch.nn.functional.gelu({x})",
    "silu": "torch.nn.functional.silu({x})",
    "softplus": "torch.nn.functional.softplus({x})",
    "sigmoid": "{x}.sigmoid()",
    "tanh": "{x}.tanh()",
    "softsign": "torch.nn.functional.softsign({x})",
}
_REDUCTIONS = {"max": "amax", "mean": "mean", "sum": "sum"}
_MASKED_REDUCTIONS = {"max": "_maximum", "mean": "_average", "sum": "_total"}
_NORMALIZERS = {"batch": "_batch_normed", "layer": "_sample_normed"}
_NORMS = {
    "batch": ["torch.nn.BatchNorm1d"],
    "layer": ["SampleNorm", "1"],
    "point": ["torch.nn.LayerNorm"],
}

# What is called, and its arguments.
Made = tuple[str, list[str]]


@dataclass(frozen=True)
class Forward:
    """Writes steps; `classes` are the names of the layers' classes.

    `factors` are those of the group where the network serves every size, else None; the only one
    of a symmetric group is called "".
    """

    layers: tuple[AnyPlan, ...]
    classes: tuple[str, ...]
    factors: tuple[str, ...] | None

    @singledispatchmethod
    def lines(self, step: object) -> list[str]:
        """The statements of a step."""
        raise TypeError(type(step).__name__)

    @property
    def single(self) -> bool:
        """Whether the only factor is the group, so that there is one mask."""
        return self.factors == ("",)

    def masks(self, step: Step) -> bool:
        """Whether a step leaves padding out, by the masks of several factors."""
        if self.factors is None or self.single or not isinstance(step, Normalize | Pool):
            return False
        axes = step.value.axes
        return step.kind != "point" and axes is not None and bool(axes.moved)

    def modules(self, step: Step) -> dict[str, Made]:
        """The modules of a step by name: what makes each, and its arguments."""
        made = self.module(step)
        found = {} if made is None else {module_of(step): made}
        if isinstance(step, Product):
            c = str(step.value.channels)
            found[step.partners] = "torch.nn.Linear", [c, c, "bias=False", "**to"]
        return found

    @singledispatchmethod
    def module(self, step: object) -> Made | None:
        """What makes the module that a step is called by, and its arguments; None without one."""
        return None

    @lines.register
    def _(self, step: Linear) -> list[str]:
        plan = self.layers[step.layer]
        given = [value.name for value in step.sources]
        if self.factors is not None and isinstance(plan, SizePlan):
            mask = self.of_factors("mask", plan)
            given.append(mask if mask == "mask" else f"mask={mask}")
        if step.stride > 1:
            given.append(f"stride={step.stride}")
        made = [value.name for value in step.targets]
        alone = plan.labels.output_fields and len(made) == 1
        result = f"({made[0]},)" if alone else ", ".join(made)
        return [enclosed(f"{result} = self.{step.module}(", given, ")")]

    def of_factors(self, name: str, plan: SizePlan) -> str:
        """What is given for every factor of the group, for those of a layer alone."""
        own = tuple(plan.sizes)
        quoted = ", ".join(f'"{factor}"' for factor in own)
        return name if own == self.factors else f"_only({name}, {quoted})"

    def layered(self, step: Step) -> dict[str, int]:
        """The numbers of the layers that a step calls, by the names of their modules."""
        return {module_of(step): step.layer} if isinstance(step, Linear | Product) else {}

    @module.register
    def _(self, step: Linear) -> Made | None:
        sides = _channels(step.sources, step.targets)
        return self.classes[step.layer], [*sides, "**to"]

    @lines.register
    def _(self, step: Keep) -> list[str]:
        return [f"{step.name} = {step.value.name}"]

    @lines.register
    def _(self, step: Add) -> list[str]:
        return [f"{step.value.name} = {step.value.name} + {step.kept}"]

    @lines.register
    def _(self, step: Normalize) -> list[str]:
        x, rank = step.value.name, step.value.rank
        if step.kind == "point":
            return [f"{x} = self.{step.module}({x}.movedim(-{rank}, -1)).movedim(-1, -{rank})"]
        if self.factors is None:
            if step.kind == "rms":
                return [f"{x} = torch.nn.functional.rms_norm({x}, {x}.shape[-{rank}:], eps=1e-5)"]
            return [each(step.module, step.value)]
        given = [x, str(rank), self._kept(step.value)]
        if step.kind == "rms":
            return [enclosed(f"{x} = _scaled(", given, ")")]
        given.insert(0, f"self.{step.module}")
        return [enclosed(f"{x} = {_NORMALIZERS[step.kind]}(", given, ")")]

    @module.register
    def _(self, step: Normalize) -> Made | None:
        if not step.module:
            return None
        made, *first = _NORMS[step.kind]
        return made, [*first, str(step.value.channels), "**to"]

    @lines.register
    def _(self, step: Pointwise) -> list[str]:
        return [f"{step.value.name} = {_FUNCTIONS[step.function].format(x=step.value.name)}"]

    @lines.register
    def _(self, step: ByNorm) -> list[str]:
        x = step.value.name
        return [f"{x} = self.{step.module}({x}, {step.value.rank})"]

    @module.register
    def _(self, step: ByNorm) -> Made | None:
        return "NormNonlinearity", [str(step.value.channels), str(step.points), "**to"]

    @lines.register
    def _(self, step: Gate) -> list[str]:
        x, gate = step.value, step.gate
        return [f"{x.name} = _gated({x.name}, {gate.name}, {x.rank}, {gate.rank})"]

    @lines.register
    def _(self, step: Product) -> list[str]:
        x = step.value.name
        axes, rank = len(step.value.shape) - step.shared, step.value.rank
        return [
            f"partners = self.{step.partners}({x}.movedim(-{rank}, -1)).movedim(-1, -{rank})",
            f"{x} = {x} + self.{step.module}(_products({x}, partners, {axes}))",
        ]

    @module.register
    def _(self, step: Product) -> Made | None:
        c = str(step.value.channels)
        return self.classes[step.layer], [c, c, "**to"]

    @lines.register
    def _(self, step: Dropout) -> list[str]:
        if self.factors is None:
            return [each(step.module, step.value)]
        x = step.value.name
        return [f"{x} = _each(self.{step.module}, {x}, {step.value.rank})"]

    @module.register
    def _(self, step: Dropout) -> Made | None:
        return "torch.nn.Dropout1d", [repr(step.rate)]

    @lines.register
    def _(self, step: Stride) -> list[str]:
        places = range(min(step.axes), 0)
        picked = ", ".join(f"::{step.step}" if a in step.axes else ":" for a in places)
        return [f"{step.value.name} = {step.value.name}[..., {picked}]"]

    @lines.register
    def _(self, step: Windows) -> list[str]:
        x, size, count = step.value.name, step.step, len(step.axes)
        if step.kind != "sum" and count <= 3 and min(step.axes) == -count:
            word = {"max": "max", "mean": "avg"}[step.kind]
            samples = f"{x}.flatten(0, {-count - 1})[:, None]"
            return [
                f"windows = torch.nn.functional.{word}_pool{count}d({samples}, {size})",
                f"{x} = windows[:, 0].unflatten(0, {x}.shape[:-{count}])",
            ]
        reduce = _REDUCTIONS[step.kind]
        return [
            f"{x} = {x}.unflatten({a}, ({x}.shape[{a}] // {size}, {size})).{reduce}({a})"
            for a in sorted(step.axes, reverse=True)
        ]

    @lines.register
    def _(self, step: Pool) -> list[str]:
        x = step.value.name
        point = "[..., None]" if len(step.axes) == len(step.value.shape) else ""
        axes = ", ".join(map(str, step.axes))
        if self.factors is None:
            many = f"({axes})" if len(step.axes) > 1 else axes
            return [f"{x} = {x}.{_REDUCTIONS[step.kind]}({many}){point}"]
        several = f"({axes})" if len(step.axes) > 1 else f"({axes},)"
        called = f"{x} = {_MASKED_REDUCTIONS[step.kind]}("
        return [enclosed(called, [x, several, self._kept(step.value)], f"){point}")]

    def _kept(self, value: Value) -> str:
        """The expression of where a tensor is no padding."""
        if value.axes is None or not value.axes.moved:
            return "None"
        rank = len(value.shape)
        pairs = [
            f"({self._mask(factor)}, {place - rank})"
            for place, factor in enumerate(value.axes.factors)
            if factor is not None
        ]
        return f"_unpadded({', '.join([value.name, str(value.rank), *pairs])})"

    def _mask(self, factor: str) -> str:
        return "mask" if self.single else f'masks["{factor}"]'


def each(module: str, value: Value) -> str:
    """The statement that calls a module for (samples, channels, points), at one size."""
    x = value.name
    shape = f"-1, {value.channels}, {prod(value.shape)}"
    given = [f"{x}.reshape({shape})"]
    return enclosed(f"{x} = self.{module}(", given, f").reshape({x}.shape)")


def _channels(sources: Sequence[Value], targets: Sequence[Value]) -> list[str]:
    """The channels of both sides as a layer takes them: a number, or one for each field."""
    sides = []
    for values in (sources, targets):
        items = [f'"{value.name}": {value.channels}' for value in values]
        counts = {value.channels for value in values}
        sides.append(str(counts.pop()) if len(counts) == 1 else "{" + ", ".join(items) + "}")
    return sides
