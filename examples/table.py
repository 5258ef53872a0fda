"""What an example found: figures of models on tasks, as one table."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measure of one model on one task: a figure a seed, and the seconds of one training."""

    task: str
    model: str
    parameters: int
    measure: str
    values: Sequence[float]
    seconds: float

    def __str__(self) -> str:
        mean = statistics.mean(self.values)
        spread = statistics.stdev(self.values) if len(self.values) > 1 else 0.0
        return f"{self.measure} {mean:.3f} ± {spread:.3f}"


def table(rows: Iterable[Row]) -> str:
    """A table in Markdown, a line a model on a task: the mean of each measure, and its deviation.

    >>> print(table([Row("digits: accuracy", "CNN", 1234, "upright", [0.5, 0.75], 2.0)]))
    | task | model | parameters | mean ± deviation over seeds | seeds | a training |
    | --- | --- | ---: | --- | ---: | ---: |
    | digits: accuracy | CNN | 1,234 | upright 0.625 ± 0.177 | 2 | 2.0 s |
    """
    lines: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        lines.setdefault((row.task, row.model), []).append(row)
    head = "| task | model | parameters | mean ± deviation over seeds | seeds | a training |"
    found = [head, "| --- | --- | ---: | --- | ---: | ---: |"]
    for (task, model), several in lines.items():
        first, figures = several[0], "; ".join(map(str, several))
        found.append(
            f"| {task} | {model} | {first.parameters:,} | {figures} | {len(first.values)} | "
            f"{first.seconds:.1f} s |"
        )
    return "\n".join(found)
