"""A module of torch as a function of arrays, in double precision.

Whatever the shapes of its tensors, it is told as one map: samples of shape (batch, input points,
input channels) to (batch, output points, output channels), the points of all fields one after
another.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import SpecError, shown
from intertwine.probe.port import Array, Port, Shape
from intertwine.probe.refusing import refusing

if TYPE_CHECKING:
    import torch

_BATCH = 5
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Probe:
    """A module between tensors whose shapes are known, in double precision, in evaluation mode.

    `parameters` are those that are trained, by name, with their shapes.
    """

    module: torch.nn.Module = field(repr=False)
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    parameters: Mapping[str, Shape]

    @property
    def channels(self) -> tuple[int, int]:
        """How many channels its output and its input have."""
        return self.outputs[0].channels, self.inputs[0].channels

    @property
    def points(self) -> tuple[int, int]:
        """How many points its output and its input have, over all fields."""
        return sum(p.points for p in self.outputs), sum(p.points for p in self.inputs)

    @property
    def size(self) -> int:
        """How many numbers all its parameters have."""
        return sum(map(prod, self.parameters.values()))

    @property
    def name(self) -> str:
        """The name of its class."""
        return type(self.module).__name__

    def __call__(self, samples: Array, parameters: Array | None = None) -> Array:
        """The outputs, with other values for all parameters, one after another, if given."""
        import torch

        values, tensors, first = {}, [], 0
        if parameters is not None:
            stops = np.cumsum([prod(shape) for shape in self.parameters.values()])[:-1]
            parts = np.split(np.ascontiguousarray(parameters), stops)
            values = {
                name: torch.from_numpy(part.reshape(shape))
                for (name, shape), part in zip(self.parameters.items(), parts, strict=True)
            }
        for port in self.inputs:
            tensors.append(port.packed(samples[:, first : first + port.points]))
            first += port.points
        found = _called(self.module, values, tensors)
        if tuple(y.shape[1:] for y in found) != tuple(port.shape for port in self.outputs):
            raise SpecError(
                "a module whose outputs change their shapes", "fixed shapes", "check its forward"
            )
        parts = [port.unpacked(y) for port, y in zip(self.outputs, found, strict=True)]
        return np.concatenate(parts, axis=1)

    def entries(self) -> Iterator[tuple[str, str]]:
        """Every parameter by the name of its tensor and its own, such as `0.weight[1, 2]`."""
        for name, shape in self.parameters.items():
            for index in np.ndindex(*shape):
                yield name, f"{name}{list(index) if index else ''}"


def probe(
    module: torch.nn.Module,
    inputs: Sequence[Shape],
    outputs: Sequence[Shape],
    channels_last: bool = False,
    shapes: Sequence[Shape] | None = None,
) -> Probe:
    """A module from fields whose points have the shapes `inputs` to those of `outputs`.

    `shapes` are those of a sample of each input; otherwise channels, then no channels, then
    flattened points are tried in turn.
    """
    own, names = _prepared(module)
    usual = dict.fromkeys(_usual(module, inputs, channels_last))
    refusals: list[str] = []
    for tried in [tuple(shapes)] if shapes else usual:
        ports = _ports(tried, inputs, channels_last, "input")
        random = np.random.default_rng(0)
        batch = [random.standard_normal((_BATCH, p.points, p.channels)) for p in ports]
        tensors = [port.packed(x) for port, x in zip(ports, batch, strict=True)]
        try:
            found = _called(own, {}, tensors)
        except SpecError as error:
            refusals.append(f"{', '.join(str((_BATCH, *p.shape)) for p in ports)}: {error.given}")
            continue
        given = _ports([y.shape[1:] for y in found], outputs, channels_last, "output")
        made = Probe(own, ports, given, names)
        _hold_steady(made, np.concatenate(batch, axis=1))
        return made
    raise SpecError(
        f"a module that takes no input of shape {shown('; nor '.join(refusals), 300)}",
        "one for the input of the spec",
        "say the shape of a sample with --input-shape, or write a factory that wraps it",
    )


def _prepared(module: torch.nn.Module) -> tuple[torch.nn.Module, Mapping[str, Shape]]:
    """A copy in double precision, in evaluation mode, and the shapes of what is trained."""
    given, advice = "a module that cannot be copied", "write a factory that makes it whole"
    with refusing(given, "one with its parameters in memory", advice):
        trained = {name: p for name, p in module.named_parameters() if p.requires_grad}
        shapes = {name: tuple(p.shape) for name, p in trained.items()}
        own = copy.deepcopy(module).double().cpu().eval().requires_grad_(False)
    if any(p.is_complex() for p in trained.values()):
        raise SpecError("a module of complex parameters", "real ones", "split them in two")
    return own, shapes


def _usual(
    module: torch.nn.Module, points: Sequence[Shape], channels_last: bool
) -> Iterator[tuple[Shape, ...]]:
    """The shapes to try: with channels, without, and flattened."""
    said = getattr(module, "in_channels", 1)
    numbers = list(said.values()) if isinstance(said, Mapping) else [said]
    count = numbers[0] if numbers and isinstance(numbers[0], int) and numbers[0] > 0 else 1
    yield tuple((*s, count) if channels_last else (count, *s) for s in points)
    yield tuple(points)
    yield tuple((prod(s),) for s in points)


def _ports(
    shapes: Sequence[Shape], points: Sequence[Shape], channels_last: bool, side: str
) -> tuple[Port, ...]:
    """How each tensor holds its field; all must have as many channels."""
    layout = "(*points, channels)" if channels_last else "(channels, *points)"
    listed = " and ".join(map(str, points))
    expected = f"{layout}, the points alone or flattened, where the points are {listed}"
    advice = "check the spec's layout and shapes, or wrap the module in a factory"
    if len(shapes) != len(points):
        raise SpecError(f"{len(shapes)} {side} tensors", f"{len(points)}, {expected}", advice)
    found = []
    for shape, own in zip(shapes, points, strict=True):
        port = Port.matching(tuple(shape), own, channels_last)
        if port is None or not port.channels:
            raise SpecError(f"{side} samples of shape {tuple(shape)}", expected, advice)
        found.append(port)
    counts = [port.channels for port in found]
    if len(set(counts)) > 1:
        raise SpecError(
            f"{side} tensors of {shown(counts)} channels", "the same number in each field", advice
        )
    return tuple(found)


def _hold_steady(made: Probe, samples: Array) -> None:
    """Refuse a module that gives other outputs the second time, or that mixes samples."""
    whole = made(samples)
    scale = max(1.0, float(np.abs(whole).max(initial=0)))
    advice = "leave out what draws numbers or normalizes over the batch"
    if not np.isfinite(whole).all():
        raise SpecError("outputs that are not finite", "finite numbers", "check the parameters")
    if np.abs(whole - made(samples)).max(initial=0) > _SAME * scale:
        raise SpecError("a module that draws numbers", "the same output each time", advice)
    if np.abs(whole[:2] - made(samples[:2])).max(initial=0) > _SAME * scale:
        raise SpecError("a module that mixes samples", "one output a sample", advice)


def _called(
    module: torch.nn.Module, values: Mapping[str, Any], tensors: Sequence[Array]
) -> list[Array]:
    """The outputs, one array a tensor, each of a whole batch."""
    import torch

    given = tuple(map(torch.from_numpy, tensors))
    call: Callable[..., Any] = torch.func.functional_call
    with refusing("a forward", "one that takes the input", "check it"), torch.no_grad():
        result = call(module, dict(values), given) if values else module(*given)
    parts = list(result) if isinstance(result, tuple | list) else [result]
    for part in parts:
        if not isinstance(part, torch.Tensor) or part.dtype != torch.float64:
            kind = str(part.dtype) if isinstance(part, torch.Tensor) else type(part).__name__
            raise SpecError(
                f"a module whose output is {shown(kind)}",
                "a tensor, or a tuple of them, in double precision as its input",
                "return tensors, and cast none",
            )
        if part.layout != torch.strided:
            raise SpecError(f"an output in {shown(part.layout)}", "a dense tensor", "densify it")
        if part.ndim < 1 or len(part) != len(tensors[0]):
            raise SpecError(
                f"an output of shape {tuple(part.shape)} for a batch of {len(tensors[0])}",
                "the batch as the first axis",
                "check its forward",
            )
    return [part.resolve_neg().numpy() for part in parts]
