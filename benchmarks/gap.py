"""Basis and count on the cases that GAP was timed on, and a few that it was not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.cases import (
    Spec,
    actions,
    cube,
    explicit,
    generators,
    grids,
    p4m,
    powers,
    solving,
    symmetric,
)
from benchmarks.references.recorded import GAP
from benchmarks.report import Table, duration, held, ratio, size
from benchmarks.timing import Contender, medians, writing
from intertwine.hom.orbital import orbital_codes
from intertwine.pipeline import count

MOST_SECONDS = 0.5
_MOST_LISTED = 20_000_000


def tables(quick: bool) -> Iterator[Table]:
    """The dimension is checked against the known one on every row."""
    table = Table(
        "Basis by the orbital rule, and `count` without any array, beside GAP",
        ("case", "points", "dimension", "floor", "basis", "basis / floor", "count",
         f"count < {MOST_SECONDS} s", "GAP stabilizer*", "GAP all pairs*"),
        "Floor: the bytes of the label array, and the time to write them. Count: exact, from the "
        "spec as a dict, parsing included. * recorded on another machine, GAP 4.12.1, one core. "
        "Groups marked 'lists' are given by image lists alone, all others by name.",
    )  # fmt: skip
    for (name, expected), case in cases(quick).items():
        source, target = actions(case)
        contenders: dict[str, Contender] = {"count": partial(_counting, case)}
        floor = 0
        if source.dimension * target.dimension <= _MOST_LISTED:
            floor = orbital_codes(source, target).nbytes
            contenders |= {"basis": solving(case, orbital_codes), "floor": writing(floor)}
        times = medians(contenders, rounds=5)
        if count(case).dimension != expected:
            raise SystemExit(f"{name}: dimension {count(case).dimension}, not {expected}")
        stabilizer, pairs = GAP.get(name.removesuffix(", lists"), (None, None))
        table.add(
            name,
            f"{target.dimension} x {source.dimension}",
            expected,
            f"{size(floor)}, {duration(times['floor'])}" if floor else "-",
            duration(times.get("basis")),
            ratio(times.get("basis"), times.get("floor")),
            duration(times["count"]),
            held(times["count"] < MOST_SECONDS),
            duration(stabilizer / 1000) if stabilizer else "-",
            duration(pairs / 1000) if pairs else "-",
        )
    yield table


def cases(quick: bool) -> dict[tuple[str, int], Spec]:
    """By name and known dimension: GAP's table in its order, then those that it does not have."""
    found = {
        ("S_20, 2 -> 2", 15): symmetric(20, 2),
        ("M24 octads, lists", 4): explicit(generators("M24 octads")),
        ("S_10, 3 -> 3", 203): symmetric(10, 3),
        ("p4m 32x32 pixels", 153): p4m(32),
        ("p4m 32x32 pixels, lists", 153): explicit(generators("p4m 32x32")),
        ("S_12, 3 -> 3", 203): symmetric(12, 3),
    }
    if not quick:
        found["Suz on 1782, lists", 3] = explicit(generators("Suz"))
    return found | {
        ("p4m 16x16 regular", 2048): p4m(16, "poses"),
        ("S_7, 4 -> 4", 4139): symmetric(7, 4),
        ("S_50, 2 -> 2", 15): symmetric(50, 2),
        ("M24 dodecads, lists", 5): explicit(generators("M24 dodecads")),
        ("S_5, 5 -> 5", 86472): symmetric(5, 5),
        ("Ru on 4060, lists", 3): explicit(generators("Ru")),
        ("C_4096 regular", 4096): powers({"cyclic": 4096}, 1),
        ("S_16, 3 -> 3", 203): symmetric(16, 3),
        ("12-cube", 13): cube(12),
        ("12-cube, lists", 13): explicit(generators("12-cube")),
        ("S_64 x S_64 table", 4): grids(64, 64),
        ("S_100 x S_100 table", 4): grids(100, 100),
        ("S_1000, 2 -> 2", 15): symmetric(1000, 2),
        ("M24, 3 -> 3", 204): powers({"mathieu": 24}, 3),
        ("HS, 2 -> 2, lists", 100): explicit(generators("HS"), 2),
    }


def _counting(case: Spec) -> Callable[[], int]:
    return lambda: count(case).dimension
