"""The orbital rule against connected components of the graph on all pairs of points."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cases import actions, p4m, solving, symmetric
from benchmarks.references.pair_graph import pair_graph_dimension
from benchmarks.report import Table, duration, held, ratio, size
from benchmarks.timing import medians, writing
from intertwine.hom.orbital import orbital_codes

LEAST_TIMES = 10


def tables(quick: bool) -> Iterator[Table]:
    """Both from new actions, so that both make the image lists that they work on."""
    cases = {"S_50, 2 -> 2": symmetric(50, 2), "p4m 64x64 pixels": p4m(64)}
    if quick:
        cases = {"S_32, 2 -> 2": symmetric(32, 2), "p4m 32x32 pixels": p4m(32)}
    table = Table(
        "The orbital rule against connected components of the full pair graph",
        ("case", "labels", "dimension", "floor", "ours", "pair graph", "pair graph / ours",
         f"{LEAST_TIMES} times faster"),
        "Pair graph: connected_components of scipy.sparse.csgraph (references/pair_graph.py). "
        "Floor: the bytes of the label array, and the time to write them.",
    )  # fmt: skip
    for name, spec in cases.items():
        source, target = actions(spec)
        codes = orbital_codes(source, target)
        times = medians(
            {
                "ours": solving(spec, orbital_codes),
                "graph": solving(spec, pair_graph_dimension),
                "floor": writing(codes.nbytes),
            },
            rounds=5,
            seconds=5,
        )
        table.add(
            name,
            f"{target.dimension} x {source.dimension}",
            int(codes.max()),
            f"{size(codes.nbytes)}, {duration(times['floor'])}",
            duration(times["ours"]),
            duration(times["graph"]),
            ratio(times["graph"], times["ours"]),
            held(times["graph"] >= LEAST_TIMES * times["ours"]),
        )
    yield table
