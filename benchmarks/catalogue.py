"""Every layer of `specs/` against `torch.nn.Linear` of the same full size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.calls import call, one_thread, timed
from benchmarks.references.dense import parameters
from benchmarks.report import Table, duration, held, ratio
from intertwine import solve

_SPECS = Path(__file__).parents[1] / "specs"
_CHANNELS, _BATCH = 16, 32
_MOST_BYTES = 10**9
_SHORT = 1e-3


def tables(quick: bool) -> Iterator[Table]:
    """Forward, and forward with backward, one row a spec."""
    table = Table(
        f"Every layer of specs/ against dense, {_CHANNELS} channels, batch {_BATCH}, one thread",
        ("spec", "dimension", "forward", "dense", "dense / ours", "with backward", "dense",
         "dense / ours", "never slower"),
        "Required of a forward pass of `fused()`: at most 1.1 times the dense one where that takes "
        "over 1 ms, and at most 50 us more below. A dense layer is not timed where it would need "
        "over 1 GB. "
        "Floor: with backward the matrix must be written and its gradient read once a step.",
    )  # fmt: skip
    every = sorted(_SPECS.glob("*.yaml"))
    with one_thread():
        for path in every[::8] if quick else every:
            table.add(*_row(path, quick))
    yield table
    slower = [row for row in table.rows if row[-1] == held(False)]
    compared = [row for row in table.rows if row[-1] != "-"]
    yield Table(
        f"Slower forward than dense: {len(slower)} of {len(compared)}",
        table.columns,
        "Of what `fused()` returns: the full matrix, a kernel, or a copy where that is less work.",
        slower,
    )


def _row(path: Path, quick: bool) -> tuple[str, ...]:
    torch.manual_seed(0)
    space = solve(path)
    last = space.document.spec.layer.layout == "channels_last"
    rows, columns = space.target.dimension, space.source.dimension
    fits = 4 * parameters(rows, columns, _CHANNELS, _CHANNELS) <= _MOST_BYTES
    layer = space.layer(_CHANNELS, _CHANNELS)
    shapes = [part.shape for part in space.form.sources.values()]
    inputs = [
        torch.randn(_BATCH, *((*shape, _CHANNELS) if last else (_CHANNELS, *shape)))
        for shape in shapes
    ]
    cells = [path.stem, str(space.plan.dimension)]
    met = "-"
    for training in (False, True):
        calls = {"ours": call(layer, inputs, training)}
        if fits:
            dense = torch.nn.Linear(_CHANNELS * columns, _CHANNELS * rows)
            calls["dense"] = call(dense, [torch.randn(_BATCH, _CHANNELS * columns)], training)
        times = timed(calls, rounds=5 if quick else 9, seconds=0.3)
        ours, other = times["ours"], times.get("dense")
        cells += [duration(ours), duration(other), ratio(other, ours)]
        if other is not None and not training:
            met = held(ours <= (1.1 * other if other > _SHORT else other + 5e-5))
    return (*cells, met)
