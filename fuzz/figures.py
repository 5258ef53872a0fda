"""What libFuzzer and a target's own tally say of a run."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

_PROGRESS = re.compile(r"^#(\d+)\s.*? cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)
_SECONDS = re.compile(r"^Done (\d+) runs in (\d+) second", re.MULTILINE)


@dataclass(frozen=True)
class Figures:
    """Of one target: inputs run, how many were taken, coverage before and after, and findings.

    `seeds` and `coverage` count the control-flow edges of `intertwine` that the seeds reach and
    that all inputs reach; `broken` says that the fuzzer itself ended before its time.
    """

    target: str
    runs: int
    seconds: int
    taken: int
    seeds: int
    coverage: int
    corpus: int
    findings: tuple[str, ...]
    broken: bool


def figures_of(name: str, folder: Path, code: int) -> Figures:
    """Read the log, the tally and the findings of a run."""
    log = (folder / "log").read_text(encoding="utf-8", errors="replace")
    progress = [tuple(map(int, line)) for line in _PROGRESS.findall(log)]
    first = re.search(r"INITED cov: (\d+)", log)
    done = _SECONDS.search(log)
    tally_path = folder / "tally.json"
    tally = (
        json.loads(tally_path.read_text()) if tally_path.exists() else {"runs": 0, "accepted": 0}
    )
    _, coverage, _, corpus = progress[-1] if progress else (0, 0, 0, 0)
    return Figures(
        target=name,
        runs=int(done[1]) if done else tally["runs"],
        seconds=int(done[2]) if done else 0,
        taken=tally["accepted"],
        seeds=int(first[1]) if first else 0,
        coverage=coverage,
        corpus=corpus,
        findings=tuple(path.name for path in sorted((folder / "findings").glob("*"))
                       if not path.name.startswith("slow-unit")),
        broken=done is None or code != 0,
    )  # fmt: skip


COLUMNS = ("target", "inputs", "taken", "edges of seeds", "edges", "corpus", "seconds", "findings")


def row(one: Figures) -> tuple[str, ...]:
    """The cells of a table."""
    said = str(len(one.findings)) + (" (ended early)" if one.broken and not one.findings else "")
    numbers = (one.runs, one.taken, one.seeds, one.coverage, one.corpus, one.seconds)
    return (one.target, *(f"{number:,}" for number in numbers), said)


def table(found: list[Figures], as_json: bool) -> str:
    """A table in Markdown, or JSON."""
    if as_json:
        return json.dumps([asdict(one) for one in found])
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" + " ---: |" * (len(COLUMNS) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row(one)) + " |" for one in found)])
