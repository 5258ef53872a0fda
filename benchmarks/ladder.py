"""Time to the basis over a ladder of problems, beside what other tools take."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cases import (
    Spec,
    actions,
    explicit,
    generators,
    grids,
    p4m,
    powers,
    solving,
    spec,
    symmetric,
)
from benchmarks.references.pair_graph import pair_graph_dimension
from benchmarks.references.recorded import LADDER
from benchmarks.report import Table, duration, ratio, size
from benchmarks.timing import medians
from intertwine.action.action import Action
from intertwine.hom.orbital import orbital_codes
from intertwine.hom.pattern import Codes
from intertwine.hom.rules import basis, choose

_MOST_PAIRS = 17_000_000
_QUICK_ENTRIES = 1_100_000


def tables(quick: bool) -> Iterator[Table]:
    """Labels in hand: by the rule that `solve` takes, by the orbital rule, by the pair graph."""
    table = Table(
        "Time to the basis",
        ("case", "dimension", "floor", "rule", "ours by that rule", "ours by orbitals",
         "pair graph", "pair graph / ours", "GAP*", "AutoEquiv*", "EMLP*"),
        "Floor: the bytes of the label array. Ours and the pair graph were run here, interleaved, "
        "from new actions; the ratio is that of the orbital rule. * recorded on another machine "
        "(benchmarks/references/recorded.py): GAP takes orbits of a stabilizer and makes no array.",
    )  # fmt: skip
    for name, case in ladder().items():
        source, target = actions(case)
        if quick and source.dimension * target.dimension > _QUICK_ENTRIES:
            continue
        codes = basis(source, target).codes
        contenders = {"rule": solving(case, _by_rule), "orbitals": solving(case, orbital_codes)}
        if source.dimension * target.dimension <= _MOST_PAIRS:
            contenders["graph"] = solving(case, pair_graph_dimension)
        times = medians(contenders, rounds=5, seconds=0.8)
        graph, *recorded = LADDER[name]
        table.add(
            name,
            int(codes.max()),
            size(codes.nbytes),
            choose(source, target).rule.name,
            duration(times["rule"]),
            duration(times["orbitals"]),
            duration(times["graph"]) if "graph" in times else f"{graph}*",
            ratio(times.get("graph"), times["orbitals"]),
            *recorded,
        )
        del codes
    yield table


def ladder() -> dict[str, Spec]:
    """The cases by name, smallest first in each family."""
    cases = {f"S_{n}, 2 -> 2": symmetric(n, 2) for n in (5, 8, 10, 16, 20, 32, 50, 100)}
    cases |= {f"S_{n}, 1 -> 1": symmetric(n, 1) for n in (10, 100, 1000)}
    cases |= {f"S_{n}, 3 -> 3": symmetric(n, 3) for n in (6, 8, 10)}
    cases |= {f"C_{n} regular": powers({"cyclic": n}, 1) for n in (16, 64, 256, 1024, 4096)}
    cases |= {f"S_{a} x S_{b} table": grids(a, b) for a, b in ((10, 10), (30, 40), (100, 100))}
    cases |= {f"p4m {n}x{n} pixels": p4m(n) for n in (8, 16, 32, 64)}
    cases |= {f"p4m {n}x{n} regular": p4m(n, "poses") for n in (4, 8)}
    cases["Rubik, 48 -> 48"] = explicit(generators("Rubik"))
    cases["M24, 2 -> 2"] = powers({"mathieu": 24}, 2)
    for n in (4, 6, 10):
        cases[f"signed B_{n}, 2 -> 2"] = spec({"hyperoctahedral": n}, {"power": ["axes", 2]})
    return cases


def _by_rule(source: Action, target: Action) -> Codes:
    return basis(source, target).codes
