"""Passes of layers, timed: many short ones at a time, warm, by one thread."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import torch

from benchmarks.timing import Contender, medians

_LEAST_SECONDS = 0.004


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch with a single thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def timed(calls: Mapping[str, Callable[[], None]], rounds: int, seconds: float) -> dict[str, float]:
    """The median seconds of one call of each, interleaved."""
    repeats = {name: _repeats(one) for name, one in calls.items()}
    contenders: dict[str, Contender] = {
        name: partial(_warmed, one, repeats[name]) for name, one in calls.items()
    }
    times = medians(contenders, rounds, seconds, collect=False)
    return {name: total / repeats[name] for name, total in times.items()}


def call(
    layer: torch.nn.Module, inputs: Sequence[torch.Tensor], training: bool
) -> Callable[[], None]:
    """One pass of what a layer is fused to, or one forward and backward with all gradients."""
    layer.train(training)
    if not training:
        deployed = layer.fused() if hasattr(layer, "fused") else layer

        def evaluate() -> None:
            with torch.no_grad():
                deployed(*inputs)

        return evaluate

    leaves = [x.clone().requires_grad_() for x in inputs]
    wanted = [*leaves, *layer.parameters()]
    cotangents = [torch.randn_like(y) for y in _several(layer(*leaves))]

    def train() -> None:
        torch.autograd.grad(_several(layer(*leaves)), wanted, cotangents)

    return train


def _several(outputs: torch.Tensor | Sequence[torch.Tensor]) -> Sequence[torch.Tensor]:
    return [outputs] if isinstance(outputs, torch.Tensor) else outputs


def _repeats(call: Callable[[], None]) -> int:
    """How many calls take long enough for the clock, once warm."""
    call()
    started = time.perf_counter()
    call()
    return math.ceil(_LEAST_SECONDS / (time.perf_counter() - started))


def _warmed(call: Callable[[], None], count: int) -> Callable[[], None]:
    """That many calls to be timed, after one that is not: it finds the heap as others left it."""
    call()

    def repeated() -> None:
        for _ in range(count):
            call()

    return repeated
