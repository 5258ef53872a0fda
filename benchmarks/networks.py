"""A training step of whole networks against the same ones built by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from benchmarks.calls import one_thread, timed
from benchmarks.references.graph_network import FullGraphNetwork
from benchmarks.references.group_network import BareGroupNetwork
from benchmarks.report import Table, duration, held, ratio
from intertwine import solve

SPECS = Path(__file__).parents[1] / "specs" / "networks"
PAIRS = {"power": ["points", 2]}


def graph_network(n: int, channels: int) -> dict[str, Any]:
    """The spec of `FullGraphNetwork`."""
    layer = {"action": PAIRS, "channels": channels, "nonlinearity": "relu", "dimension": 15}
    readout = {"action": "trivial", "channels": channels, "nonlinearity": "relu", "dimension": 2}
    return {
        "name": "graph_network_of_order_two",
        "group": {"symmetric": n},
        "input": PAIRS,
        "network": [layer, layer, layer, readout, {"action": "trivial", "channels": 2}],
    }


def group_network(size: int) -> dict[str, Any]:
    """The spec of `BareGroupNetwork`."""
    convolution = {
        "action": "poses",
        "support": {"radius": 1},
        "normalization": "batch",
        "nonlinearity": "relu",
    }
    halved = {"pooling": {"kind": "max", "window": 2}, "subgroup": True}
    return {
        "name": "group_network",
        "group": {"grid": {"shape": [size, size], "symmetry": "p4m"}},
        "input": "pixels",
        "network": [
            convolution | {"channels": 10},
            convolution | {"channels": 10} | halved,
            convolution | {"channels": 16},
            {"pooling": {"kind": "max", "onto": "pixels"}},
            {"action": "trivial", "channels": 32, "nonlinearity": "relu"},
            {"action": "trivial", "channels": 10},
        ],
    }


def tables(quick: bool) -> Iterator[Table]:
    """Each network of ours interleaved with its references, by one thread."""
    table = Table(
        "A training step of a network, one thread",
        ("network", "reference", "ours", "reference", "reference / ours", "required", "met"),
        "float32, batch 64: forward, backward and a step of SGD, in training mode. References are "
        "in benchmarks/references; required: least ratios of reference / ours, where 0.77 is "
        "within 1.3 times the reference.",
    )  # fmt: skip
    with one_thread():
        for name, (spec, shape, references) in cases(quick).items():
            torch.manual_seed(0)
            models = {"ours": solve(spec).model()}
            models |= {said: make() for said, (make, _) in references.items()}
            x = torch.randn(64, 1, *shape)
            steps = {said: step(model, x) for said, model in models.items()}
            times = timed(steps, 5 if quick else 9, 4.0)
            for said, (_, least) in references.items():
                found = times[said] / times["ours"]
                table.add(
                    name, said, duration(times["ours"]), duration(times[said]),
                    ratio(times[said], times["ours"]), f"{least:.2g}x", held(found >= least),
                )  # fmt: skip
    yield table


Case = tuple[Any, tuple[int, ...], Mapping[str, tuple[Callable[[], torch.nn.Module], float]]]


def cases(quick: bool) -> dict[str, Case]:
    """Specs, shapes of a sample, and references with the ratio that is asked for."""
    found: dict[str, Case] = {}
    for size in (8,) if quick else (8, 28):
        found[f"p4m network on {size} x {size}"] = (
            group_network(size),
            (size, size),
            {"bare conv2d": (lambda: BareGroupNetwork((10, 10, 16, 32), 8, 10), 1 / 1.3)},
        )
    found["graph network of order 2, n = 30"] = (
        graph_network(30, 16),
        (30, 30),
        {
            "15 operations, einsum": (lambda: FullGraphNetwork(1, 16, 2), 5.0),
            "15 operations, fused": (lambda: FullGraphNetwork(1, 16, 2, fused=True), 5.0),
        },
    )
    return found


def step(model: torch.nn.Module, x: torch.Tensor) -> Callable[[], None]:
    """One step of gradient descent on the mean square of the output."""
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)

    def train() -> None:
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()

    return train
