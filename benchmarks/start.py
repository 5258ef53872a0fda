"""Whole commands, start-up included, against an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.report import Table, duration, held, ratio

_SPEC = Path(__file__).parents[1] / "specs" / "maron_2_2.yaml"


def tables(quick: bool) -> Iterator[Table]:
    """Interleaved runs of fresh processes."""
    command = str(Path(sys.executable).with_name("intertwine"))
    table = Table(
        "Commands by the wall clock",
        ("command", "median", "of a bare interpreter", "required", "met"),
        "Floor: a bare interpreter, `python -c pass`. Fresh processes, interleaved; the solve "
        "proves its dimension in two ways and writes the layer.",
    )
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], None),
            "intertwine --help": ([command, "--help"], 0.3),
            "intertwine solve specs/maron_2_2.yaml": (
                [command, "solve", str(_SPEC), "--emit", folder],
                1.0,
            ),
            "intertwine count specs/maron_2_2.yaml": ([command, "count", str(_SPEC)], None),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(5 if quick else 11):
            for name, (arguments, _) in commands.items():
                started = time.perf_counter()
                subprocess.run(arguments, check=True, capture_output=True)
                times[name].append(time.perf_counter() - started)
    bare = median(times["python -c pass"])
    for name, (_, most) in commands.items():
        seconds = median(times[name])
        table.add(
            name,
            duration(seconds),
            ratio(seconds, bare),
            f"< {most} s" if most else "-",
            held(seconds < most) if most else "-",
        )
    yield table
