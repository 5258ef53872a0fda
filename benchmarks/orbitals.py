"""The orbital rule for S_100 on ordered pairs, from explicit generators, stage by stage."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from benchmarks.cases import actions, symmetric
from benchmarks.report import Table, duration, held, ratio, size
from intertwine.action.action import Action
from intertwine.hom.orbital import Effort, RowWalk, carried, closed

MOST_TIMES, MOST_MEMORY = 8, 4
STAGES = ("image lists", "trees and random elements", "row labelling", "carrying", "closing test")


def tables(quick: bool) -> Iterator[Table]:
    """Time against one gather, stage by stage; then memory against the array itself."""
    n, rounds = (50, 5) if quick else (100, 7)
    entries = n**4
    array, order = np.ones((n * n, n * n), np.int8), np.random.default_rng(0).permutation(n * n)
    takes, fills, stages = [], [], []
    for _ in range(rounds):
        fills.append(_timed(lambda: np.empty_like(array).fill(1)))
        takes.append(_timed(lambda: np.take(array, order, axis=1)))
        stages.append(_staged(*actions(symmetric(n, 2))))
    take, fill = median(takes), median(fills)
    total = median(sum(times) for times in stages)
    table = Table(
        f"The orbital rule for S_{n} on ordered pairs: {n * n} x {n * n} labels, 15 orbitals",
        ("stage", "median", "of one numpy.take", "of the floor"),
        f"Floor: {size(entries)} must be written, which took {duration(fill)}; a numpy.take of the "
        f"columns of an int8 array of that size took {duration(take)}. Required: the whole within "
        f"{MOST_TIMES} takes: {held(total <= MOST_TIMES * take)}. Two generators given as image "
        "lists; the order of the group is not computed.",
    )
    for place, name in enumerate(STAGES):
        seconds = median(times[place] for times in stages)
        table.add(name, duration(seconds), ratio(seconds, take), ratio(seconds, fill))
    table.add("the whole", duration(total), ratio(total, take), ratio(total, fill))
    yield table
    yield _memory(n, entries)


def _staged(source: Action, target: Action) -> list[float]:
    """Seconds of each stage of `orbital_codes`."""
    clock = [time.perf_counter()]

    def lap() -> None:
        clock.append(time.perf_counter())

    _ = source.generators, target.generators
    lap()
    walk = RowWalk(source, target, Effort())
    lap()
    rows = [walk.labelled_row(tree) for tree in walk.trees]
    lap()
    codes, count = carried(rows, walk)
    lap()
    found = closed(codes, count, walk.generators).max()
    lap()
    if found != 15:
        raise SystemExit(f"{found} orbitals, not 15")
    return np.diff(clock).tolist()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _memory(n: int, entries: int) -> Table:
    command = f"from benchmarks.orbitals import grown; print(grown({n}))"
    said = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, check=True, text=True
    )
    grown_by = int(said.stdout)
    table = Table(
        f"Peak memory of the orbital rule for S_{n} on ordered pairs",
        ("", "floor: the label array", "peak above start", "ratio"),
        f"In a fresh process. Required: within {MOST_MEMORY} times: "
        f"{held(grown_by <= MOST_MEMORY * entries)}.",
    )
    table.add(f"S_{n}, 2 -> 2", size(entries), size(grown_by), ratio(grown_by, entries))
    return table


def grown(n: int) -> int:
    """By how many bytes the peak of this process grows when the labels are found."""
    from intertwine.hom.orbital import orbital_codes

    source, target = actions(symmetric(n, 2))
    before = _peak()
    orbital_codes(source, target)
    return _peak() - before


def _peak() -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
