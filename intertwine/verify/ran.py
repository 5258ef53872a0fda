"""A page that was run: what it says, what it draws and what its layers compute, in plain arrays."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.overrides import TorchFunctionMode

from intertwine.verify.wire import Arrays

_SAID = re.compile(r"(INPUTS|OUTPUTS|GENERATORS|SIZES|DIAGRAMS|STAGES|CHANNELS)(_\d+)?\Z")
_OTHER_DRAWS = frozenset(
    """
    bernoulli bernoulli_ cauchy_ exponential_ geometric_ log_normal_ multinomial normal normal_
    poisson randint randint_like randn randn_like random_ randperm
    """.split()
)
Answer = tuple[Any, list[NDArray[Any]]]
# What is asked with arrays.
TAKE_ARRAYS = frozenset({"set", "forward", "shake", "stages"})


class Ends(TorchFunctionMode):
    """In place of every uniform draw its upper end, or its lower one; other draws are refused."""

    def __init__(self, upper: bool) -> None:
        super().__init__()
        self.upper = upper

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run a function, or fill what it would draw."""
        name, kwargs = getattr(function, "__name__", ""), kwargs or {}
        if name == "uniform_":
            ends = [*args[1:], *(kwargs[end] for end in ("from", "to", "a", "b") if end in kwargs)]
            low, high = (float(end) for end in [*ends, *(0.0, 1.0)[len(ends) :]])
            return args[0].fill_(high if self.upper else low)
        if name in ("rand", "rand_like"):
            return function(*args, **kwargs).fill_(float(self.upper))
        if name in _OTHER_DRAWS:
            raise RuntimeError(f"first weights are drawn by {name}, not uniformly")
        return function(*args, **kwargs)


class Page:
    """A page that was run, and the layers that were made of it."""

    def __init__(self, path: Path) -> None:
        spec = importlib.util.spec_from_file_location("emitted_page", path)
        assert spec is not None and spec.loader is not None
        self.module: ModuleType = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = self.module
        spec.loader.exec_module(self.module)
        self.made: list[Any] = []

    def facts(self) -> Answer:
        """The constants by name, the docstring, and the classes with theirs, in their order."""
        arrays: Arrays = []
        owned = vars(self.module)
        constants = {
            name: _plain(value, arrays) for name, value in owned.items() if _SAID.match(name)
        }
        classes = [
            [
                name,
                str(value.__doc__ or ""),
                hasattr(value, "dense_weight"),
                hasattr(value, "fused"),
                "takes no `mask`" not in str(value.forward.__doc__),
            ]
            for name, value in owned.items()
            if isinstance(value, type)
            and issubclass(value, torch.nn.Module)
            and value.__module__ == self.module.__name__
        ]
        said = str(self.module.__doc__ or "")
        return {"doc": said, "constants": constants, "classes": classes}, arrays

    def make(self, name: str, arguments: list[Any], options: dict[str, Any]) -> Answer:
        """Make a layer, or a network, in double precision: its number, its parameters drawn.

        The parameters are those at the lower, then those at the upper end of every draw; a buffer
        that a state holds is told after them.
        """
        drawn = []
        for upper in (False, True):
            with Ends(upper):
                layer = getattr(self.module, name)(
                    *arguments, device="cpu", dtype=torch.float64, **options
                )
            drawn.append([_array(p) for p in layer.parameters()])
        self.made.append(layer)
        names = [key for key, _ in layer.named_parameters()]
        return [len(self.made) - 1, names], [*drawn[0], *drawn[1]]

    def set(self, number: int, arrays: Arrays) -> Answer:
        """Set all parameters of a layer."""
        parameters = list(self.made[number].parameters())
        with torch.no_grad():
            for parameter, values in zip(parameters, arrays, strict=True):
                parameter.copy_(torch.tensor(values))
        return None, []

    def forward(
        self, number: int, doing: str, training: bool, masks: Any, arrays: Arrays
    ) -> Answer:
        """What a layer makes of the inputs; `masks` are none, or their factors' names."""
        layer = self.made[number].train(training)
        names = masks or []
        count = len(names)
        tensors = [torch.tensor(a) for a in arrays]
        options: dict[str, Any] = {}
        if names:
            last = tensors[len(tensors) - count :]
            options["mask"] = _named(layer.forward, "mask", dict(zip(names, last, strict=True)))
        with contextlib.nullcontext() if training else torch.no_grad():
            called = layer if doing == "forward" else getattr(layer, doing)()
            outputs = called(*tensors[: len(tensors) - count], **options)
        several = outputs if isinstance(outputs, tuple | list) else [outputs]
        return None, [_array(y) for y in several]

    def dense_weight(self, number: int, sizes: dict[str, int] | None) -> Answer:
        """The full matrix, for a layer of any size at these sizes."""
        method = self.made[number].dense_weight
        with torch.no_grad():
            return None, [_array(method(*([] if sizes is None else [_named(method, "n", sizes)])))]

    def shake(self, number: int, arrays: Arrays) -> Answer:
        """Set all parameters of a network to what they are plus these, and its running means.

        Buffers of floats are moved a little, so that no norm is at its beginning.
        """
        model = self.made[number]
        with torch.no_grad():
            for p, values in zip(model.parameters(), arrays, strict=True):
                p.add_(torch.tensor(values))
            for name, buffer in model.named_buffers():
                if name.rpartition(".")[2].startswith("running_"):
                    buffer.add_(torch.linspace(0.1, 0.4, buffer.numel()).view_as(buffer))
        return None, []

    def stages(self, number: int, stages: dict[str, list[str]], arrays: Arrays) -> Answer:
        """What each module of a network's stages was given and gave, in the order of calls."""
        model, calls = self.made[number].eval(), []
        hooks = []
        listed = {name for names in stages.values() for name in names}
        for name in sorted(listed):
            part = getattr(model, name)

            def note(module: Any, given: Any, gave: Any, name: str = name) -> None:
                calls.append(name)

            hooks.append(part.register_forward_hook(note))
        with torch.no_grad():
            model(*(torch.tensor(a) for a in arrays))
        for hook in hooks:
            hook.remove()
        counts = {n: sum(p.numel() for p in getattr(model, n).parameters()) for n in sorted(listed)}
        return {"calls": calls, "counts": counts}, []


def _named(method: Callable[..., Any], parameter: str, values: dict[str, Any]) -> Any:
    """Values by factor, or the only one where a method takes it as it is."""
    kind = str(inspect.signature(method).parameters[parameter].annotation)
    return values if "dict" in kind else next(iter(values.values()))


def _array(tensor: Any) -> NDArray[np.float64]:
    """A tensor in double precision as an array of its own.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(tensor, torch.Tensor) or tensor.dtype != torch.float64:
        kind = str(tensor.dtype) if isinstance(tensor, torch.Tensor) else type(tensor).__name__
        raise TypeError(f"{kind} in place of a tensor of torch.float64")
    return np.array(torch.Tensor.detach(tensor).resolve_conj().resolve_neg().cpu().numpy())


def _plain(value: Any, arrays: Arrays) -> Any:
    """A constant as JSON: dictionaries as pairs, tensors as places in a list of arrays."""
    if isinstance(value, torch.Tensor):
        exact = torch.float64 if value.is_floating_point() else torch.int64
        arrays.append(np.array(value.detach().to(exact).cpu().numpy()))
        return {"array": len(arrays) - 1}
    if isinstance(value, dict):
        pairs = [[_plain(k, arrays), _plain(v, arrays)] for k, v in value.items()]
        return {"dict": pairs}
    if isinstance(value, tuple | list):
        return [_plain(item, arrays) for item in value]
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise TypeError(f"a constant that is a {type(value).__name__}")
