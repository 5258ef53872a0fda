"""Timing a layer by every strategy against the dense layer of the same full matrix.

Calls are interleaved and medians taken in one run, on one thread, so that ratios mean something on
a noisy machine.  Peak memory is what a layer has and what a first training step adds, in a fresh
process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intertwine.errors import IntertwineError, needing_torch
from intertwine.limits import require
from intertwine.pipeline import solve
from intertwine.progress import track
from intertwine.solution import SpecSpace
from intertwine.spec.layer_forms import Layer
from intertwine.spec.load import SpecDocument, SpecLike, load_spec

if TYPE_CHECKING:
    import torch

STRATEGIES = ("auto", "expand", "factor", "convolve")
DENSE = "dense"
_REPEATS = 9


@dataclass(frozen=True)
class Timing:
    """Medians in milliseconds, and the bytes of the weights and what a training step adds.

    Forward is that of what the layer is fused to, without gradients.
    """

    strategy: str
    forward: float
    step: float
    memory: int


def bench(given: SpecLike, channels: int = 16, batch: int = 32) -> list[Timing]:
    """Every strategy that applies, and last the dense layer, on random float32 input."""
    with needing_torch("layers to time"):
        import torch

    torch.set_num_threads(1)
    document = load_spec(given)
    layers = made(document, channels)
    calls = {name: _calls(*layer_and_input, batch) for name, layer_and_input in layers.items()}
    forward: dict[str, list[float]] = {name: [] for name in calls}
    step: dict[str, list[float]] = {name: [] for name in calls}
    for _ in track(range(_REPEATS), "timing"):
        for name, (infer, train) in calls.items():
            forward[name].append(_seconds(infer))
            step[name].append(_seconds(train))
    memory = memories(document, list(calls), channels, batch)
    return [
        Timing(
            name, 1e3 * statistics.median(forward[name]), 1e3 * statistics.median(step[name]),
            memory[name],
        )
        for name in calls
    ]  # fmt: skip


def memories(
    document: SpecDocument, strategies: Sequence[str], channels: int, batch: int
) -> dict[str, int]:
    """The bytes of weights and tables and what a first training step adds, in fresh processes."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        return {
            name: pool.submit(_memory, document, name, channels, batch).result()
            for name in strategies
        }


def made(document: SpecDocument, channels: int, only: str = "") -> dict[str, tuple[Any, Any]]:
    """For each strategy that applies, its layer and the shapes of its inputs; dense comes last."""
    import torch

    found: dict[str, tuple[Any, Any]] = {}
    for strategy in STRATEGIES:
        if only not in ("", strategy):
            continue
        layer = document.spec.layer.model_dump() | {"strategy": strategy}
        spec = document.spec.model_copy(update={"layer": Layer(**layer)})
        try:
            space = solve(replace(document, spec=spec))
            found[strategy] = space.layer(channels, channels), _shapes(space, channels)
        except IntertwineError:
            if strategy == "auto":
                raise
    if only in ("", DENSE):
        space = solve(document)
        rows, columns = space.target.dimension * channels, space.source.dimension * channels
        require(12 * rows * columns, f"a dense layer of {rows} x {columns}", "lower --channels")
        found[DENSE] = torch.nn.Linear(columns, rows), [(columns,)]
    return found


def _shapes(space: SpecSpace, channels: int) -> list[tuple[int, ...]]:
    last = space.document.spec.layer.layout == "channels_last"
    shapes = [part.shape for part in space.form.sources.values()]
    return [(*shape, channels) if last else (channels, *shape) for shape in shapes]


def _calls(
    layer: torch.nn.Module, shapes: list[tuple[int, ...]], batch: int
) -> tuple[Callable[[], None], Callable[[], None]]:
    """One pass of what the layer is fused to, and one of the layer forward and backward."""
    import torch

    inputs = [torch.randn(batch, *shape) for shape in shapes]
    fused: Any = getattr(layer, "fused", lambda: layer)()

    def infer() -> None:
        with torch.no_grad():
            fused(*inputs)

    infer()
    return infer, _training(layer, inputs)


def _training(layer: torch.nn.Module, inputs: list[torch.Tensor]) -> Callable[[], None]:
    """One pass forward and backward, with gradients of all, once done."""
    import torch

    wanted = [x.clone().requires_grad_() for x in inputs]

    def train() -> None:
        result = layer(*wanted)
        parts = result if isinstance(result, tuple) else (result,)
        torch.autograd.backward(parts, [torch.ones_like(part) for part in parts])

    train()
    return train


def _seconds(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _memory(document: SpecDocument, name: str, channels: int, batch: int) -> int:
    with needing_torch("layers to time"):
        import torch

    torch.set_num_threads(1)
    ((layer, shapes),) = made(document, channels, only=name).values()
    _training(torch.nn.Linear(1, 1), [torch.randn(1, 1)])
    own: int = sum(t.numel() * t.element_size() for t in (*layer.parameters(), *layer.buffers()))
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5")  # forget the peak that solving left
    before = _status("VmRSS")
    _training(layer, [torch.randn(batch, *shape) for shape in shapes])
    return own + max(_status("VmHWM") - before, 0)


def _status(field: str) -> int:
    """A figure of this process's memory, in bytes, as Linux tells it; 0 elsewhere."""
    path = Path("/proc/self/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
