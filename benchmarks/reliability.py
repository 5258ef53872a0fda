"""What was tried to break intertwine: laws, layers, resources, failures, damage, and fuzzing.

Counts are measured: each test of `tests/hardening` adds what it tried to its row, and the fuzzer
counts its inputs.  `python -m benchmarks.reliability` tries ten times what `make test` does.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import Table, held, show

ROOT = Path(__file__).parents[1]


def tables(effort: float, seconds: int) -> Iterator[Table]:
    """Those of the tests, a section each, and that of the fuzzer where it is installed."""
    yield from tried(effort)
    if seconds and importlib.util.find_spec("atheris") is not None:
        yield fuzzed(seconds)


def tried(effort: float) -> Iterator[Table]:
    """Run `tests/hardening` with its counts multiplied, and tell them by section."""
    with tempfile.TemporaryDirectory() as folder:
        tally = Path(folder) / "tally"
        environment = os.environ | {"HARDENING_EFFORT": str(effort), "HARDENING_TALLY": str(tally)}
        command = [sys.executable, "-m", "pytest", "-n", "auto", "--quiet", "tests/hardening"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if not tally.exists():
            raise SystemExit(done.stdout + done.stderr)
        if done.returncode:
            print(done.stdout, file=sys.stderr)
        lines = tally.read_text(encoding="utf-8").splitlines()
    rows: dict[tuple[str, str], tuple[Counter[str], Counter[str]]] = {}
    read = [row for line in lines for row in json.loads(line)]
    for row in sorted(read, key=lambda row: row["place"]):
        counts, failures = rows.setdefault((row["section"], row["said"]), (Counter(), Counter()))
        counts.update(row["tried"])
        failures.update(failed=row["failures"])
    sections = list(dict.fromkeys(section for section, _ in rows))
    whole = Table("What was tried, in all", ("what", "tried", "failures", "held"))
    parts = []
    for section in sections:
        mine = [(said, *both) for (where, said), both in rows.items() if where == section]
        table = Table(section, ("what must hold", "tried", "failures", "held"))
        for said, counts, failures in mine:
            table.add(*_cells(said, counts, failures["failed"]))
        parts.append(table)
        counts = sum((counts for _, counts, _ in mine), Counter())
        whole.add(*_cells(section, counts, sum(failures["failed"] for *_, failures in mine)))
    yield whole
    yield from parts


def _cells(said: str, counts: Counter[str], failures: int) -> tuple[str, ...]:
    amounts = ", ".join(f"{count:,} {unit}" for unit, count in sorted(counts.items()))
    return said, amounts or "skipped here", str(failures), held(not failures) if amounts else "-"


def fuzzed(seconds: int) -> Table:
    """Run the coverage-guided fuzzer on each of its targets."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "--json", "--seconds", str(seconds)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    table = Table(
        "Coverage-guided fuzzing (atheris, libFuzzer)",
        ("target", "inputs", "taken as right", "edges reached", "corpus", "findings"),
        "Edges of the control flow of intertwine alone; seeds are the repository's own specs and "
        "pages. A finding is any exception but a refusal of one line, a wrong value, or ten "
        "seconds for one input.",
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    for one in found:
        numbers = (one[key] for key in ("runs", "taken", "coverage", "corpus"))
        table.add(one["target"], *(f"{number:,}" for number in numbers), len(one["findings"]))
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--effort", type=float, default=10, help="times what `make test` tries")
    parser.add_argument("--seconds", type=int, default=120, help="of fuzzing, for each target")
    given = parser.parse_args()
    for table in tables(given.effort, given.seconds):
        show(table)


if __name__ == "__main__":
    main()
