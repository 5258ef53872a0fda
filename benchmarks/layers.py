"""Emitted layers against hand-written ones: forward, and forward with backward."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch

from benchmarks.calls import call, one_thread, timed
from benchmarks.cases import Spec, generators, grids, powers, spec, symmetric
from benchmarks.references.circulant import CirculantConv, CirculantFFT
from benchmarks.references.conv2d import BareGroupConvolution, circular
from benchmarks.references.deepsets import DeepSets
from benchmarks.references.dense import Dense, parameters
from benchmarks.references.exchangeable import Exchangeable
from benchmarks.references.graph_factored import GraphFactored
from benchmarks.references.graph_full import GraphFull
from benchmarks.report import Table, duration, held, ratio, size
from intertwine import load_spec, solve
from intertwine.bench import memories
from intertwine.errors import IntertwineError
from intertwine.plan.nodes import Plan

Shape = tuple[int, ...]

_MOST_BYTES = 10**9
_LARGE = 10**5


@dataclass(frozen=True)
class Reference:
    """A hand-written layer, and how many times its time over ours must be at least."""

    name: str
    make: Callable[[], torch.nn.Module]
    forward: float | None = None
    both: float | None = None


@dataclass(frozen=True)
class Case:
    """A layer of ours on inputs (batch, channels, *shape), one shape a field."""

    spec: Spec
    shapes: Sequence[Shape]
    channels: int
    references: Sequence[Reference]
    batch: int = 32
    slow: bool = False

    @property
    def points(self) -> int:
        """The points of all fields."""
        return sum(math.prod(shape) for shape in self.shapes)


def tables(quick: bool) -> Iterator[Table]:
    """Every case in both modes, ours and its references interleaved, by one thread."""
    table = Table(
        "Emitted layers against hand-written ones, one thread",
        ("case", "reference", "ours, forward", "reference", "reference / ours",
         "ours, with backward", "reference", "reference / ours", "required", "met"),
        f"float32, torch {torch.__version__}. Forward: `fused()`, no gradient. With backward: "
        "training mode, gradients of the input and of all parameters. Dense: `torch.nn.Linear` of "
        "the full size. Every reference is in benchmarks/references; required: least ratios of "
        "reference / ours, where 0.91 is within 1.1 times the reference and 0.87 within 1.15.",
    )  # fmt: skip
    with one_thread():
        for name, case in cases(quick).items():
            title = f"{name}, {case.channels} channels, batch {case.batch}"
            for row in _rows(case, quick):
                table.add(title, *row)
    yield table
    yield _memory_table(quick)


def _memory_table(quick: bool) -> Table:
    """The layers that are compared with dense ones where the matrix is large."""
    table = Table(
        "Peak memory of a training step, against dense",
        ("case", "ours", "dense", "dense / ours"),
        "The weights and tables, and what a first training step adds to a fresh process.",
    )
    for name, case in cases(quick).items():
        against_dense = case.references[0].name == "dense"
        if against_dense and case.points**2 >= _LARGE:
            document = load_spec(case.spec)
            used = memories(document, ["auto", "dense"], case.channels, case.batch)
            title = f"{name}, {case.channels} channels, batch {case.batch}"
            ours, dense = used["auto"], used["dense"]
            table.add(title, size(ours), size(dense), ratio(dense, ours))
    return table


def cases(quick: bool) -> dict[str, Case]:
    """By name, the issue's order."""
    found = _tensor_powers() | _convolutions() | _others()
    return {name: case for name, case in found.items() if not (quick and case.slow)}


def _tensor_powers() -> dict[str, Case]:
    found = {}
    for n, least in ((30, (7.0, 4.5)), (100, (10.0, 6.0))):
        found[f"S_{n}, 2 -> 2"] = Case(
            symmetric(n if n < 50 else 5, 2),
            [(n, n)],
            16,
            [
                Reference("15 at n x n, einsum", lambda: GraphFull(16, 16), *least),
                Reference("15 at n x n, fused", lambda: GraphFull(16, 16, fused=True), *least),
                Reference("factored by hand", lambda: GraphFactored(16, 16), *_within(1.1)),
            ],
            slow=n == 100,
        )
    for n, channels in ((100, 64), (1000, 16)):
        found[f"S_{n}, DeepSets"] = Case(
            symmetric(n, 1),
            [(n,)],
            channels,
            [Reference("by hand", partial(DeepSets, channels, channels), *_within(1.1))],
        )
    for n, m in ((30, 40), (100, 100)):
        found[f"S_{n} x S_{m}, exchangeable"] = Case(
            grids(n, m),
            [(n, m)],
            16,
            [Reference("by hand", lambda: Exchangeable(16, 16), *_within(1.1))],
            slow=n == 100,
        )
    found["S_12, 3 -> 3"] = _against_dense(symmetric(12, 3), [(12,) * 3], 2)
    found["weights of a (32, 64, 64, 10) perceptron"] = _against_dense(
        _perceptron(), [(64, 32), (64,), (64, 64), (64,), (10, 64), (10,)], 1, slow=True
    )
    return found


def _convolutions() -> dict[str, Case]:
    found = {}
    for n, channels, least in ((64, 16, 3.0), (256, 64, 10.0)):
        found[f"C_{n}, full support"] = Case(
            powers({"cyclic": n}, 1),
            [(n,)],
            channels,
            [
                Reference("FFT", partial(CirculantFFT, channels, channels, n), *_within(1.1)),
                Reference("conv1d", partial(CirculantConv, channels, channels, n), least, least),
            ],
            slow=n == 256,
        )
    found["p1 32 x 32, 3 x 3"] = Case(
        _supported({"grid": {"shape": [32, 32], "symmetry": "p1"}}, "pixels", 1),
        [(32, 32)],
        16,
        [Reference("Conv2d, circular", lambda: circular(16, 16, 3), *_within(1.1))],
    )
    found["p4m 32 x 32, 5 x 5"] = Case(
        _supported({"grid": {"shape": [32, 32], "symmetry": "p4m"}}, "poses", 2),
        [(8, 32, 32)],
        16,
        [Reference("conv2d", lambda: BareGroupConvolution(16, 16, 8, 5), *_within(1.15))],
        slow=True,
    )
    return found


def _others() -> dict[str, Case]:
    rubik = {f"g{place}": images for place, images in enumerate(generators("Rubik"))}
    wreath = {"wreath": {"base": {"symmetric": 5}, "top": {"symmetric": 4}}}
    subsets = spec({"symmetric": 30}, {"subsets": ["points", 2]})
    return {
        "J(30, 2)": _against_dense(subsets, [(435,)], 16, slow=True),
        "Rubik's cube": _against_dense(powers({"generators": rubik}, 1), [(48,)], 16),
        "M24, 2 -> 2": _against_dense(powers({"mathieu": 24}, 2), [(24, 24)], 8),
        "S_5 wr S_4 on 4-tuples": _against_dense(spec(wreath, "tuples"), [(5,) * 4], 8),
    }


def _against_dense(case: Spec, shapes: Sequence[Shape], channels: int, slow: bool = False) -> Case:
    """Ten times faster where the matrix has 10^5 entries a pair of channels; never 1.1 slower."""
    points = sum(math.prod(shape) for shape in shapes)
    shape = shapes[0] if len(shapes) == 1 else (points,)
    least = (10.0, 10.0) if points**2 >= _LARGE else _within(1.1)
    make = partial(Dense, shape, shape, channels, channels)
    return Case(case, shapes, channels, [Reference("dense", make, *least)], slow=slow)


def _within(times: float) -> tuple[float, float]:
    return 1 / times, 1 / times


def _supported(group: Spec, on: str, radius: int) -> Spec:
    return spec(group, on) | {"layer": {"support": {"radius": radius}}}


def _perceptron() -> Spec:
    group = {"product": {"first": {"symmetric": 64}, "second": {"symmetric": 64}}}
    inputs, outputs = {"trivial": 32}, {"trivial": 10}
    weights = {
        "weight_1": {"tensor": ["first", inputs]},
        "bias_1": "first",
        "weight_2": {"tensor": ["second", "first"]},
        "bias_2": "second",
        "weight_3": {"tensor": [outputs, "second"]},
        "bias_3": outputs,
    }
    return spec(group, {"fields": weights})


def _rows(case: Case, quick: bool) -> Iterator[tuple[str, ...]]:
    """One row a reference; one that says why, where there is no layer of ours yet."""
    torch.manual_seed(0)
    try:
        space = solve(case.spec)
        plan = space.plan
    except IntertwineError as error:
        yield (_first(error), *["-"] * 8)
        return
    needed = 4 * parameters(case.points, case.points, case.channels, case.channels)
    # Without a route this plan expands the whole matrix.
    if isinstance(plan, Plan) and plan.route is None and needed > _MOST_BYTES:
        yield (f"ours would expand {needed / 1e9:.2g} GB", *["-"] * 8)
        return
    ours = space.layer(case.channels, case.channels)
    forward, both = (_timed(case, ours, training, quick) for training in (False, True))
    for reference in case.references:
        f, b = forward[reference.name], both[reference.name]
        least = (reference.forward or 0, reference.both or 0)
        yield (
            reference.name,
            duration(forward["ours"]),
            duration(f),
            ratio(f, forward["ours"]),
            duration(both["ours"]),
            duration(b),
            ratio(b, both["ours"]),
            " and ".join(f"{x:.2g}x" for x in least),
            f"{held(f >= least[0] * forward['ours'])}, {held(b >= least[1] * both['ours'])}",
        )


def _first(error: Exception) -> str:
    return "not yet: " + " ".join(str(error).split())[:70].replace("|", "/")


def _timed(case: Case, ours: torch.nn.Module, training: bool, quick: bool) -> Mapping[str, float]:
    """Seconds a call, of ours and of each reference."""
    fields = [torch.randn(case.batch, case.channels, *shape) for shape in case.shapes]
    whole = fields if len(fields) == 1 else [torch.cat([x.flatten(2) for x in fields], 2)]
    calls = {"ours": call(ours, fields, training)}
    for reference in case.references:
        calls[reference.name] = call(reference.make(), whole, training)
    return timed(calls, rounds=7 if quick else 25, seconds=0.7 if quick else 3)
