"""What an example found: rows of one table."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One model on one task: a figure a seed, and the seconds of one training."""

    task: str
    model: str
    parameters: int
    measure: str
    values: Sequence[float]
    seconds: float

    def __str__(self) -> str:
        mean = statistics.mean(self.values)
        spread = statistics.stdev(self.values) if len(self.values) > 1 else 0.0
        return (
            f"| {self.task} | {self.model} | {self.parameters:,} | {self.measure} | "
            f"{mean:.3f} ± {spread:.3f} | {len(self.values)} | {self.seconds:.1f} s |"
        )


def table(rows: Iterable[Row]) -> str:
    """A table in Markdown, a line a row."""
    head = "| task | model | parameters | measure | mean ± deviation | seeds | a training |"
    rule = "| --- | --- | ---: | --- | ---: | ---: | ---: |"
    return "\n".join([head, rule, *map(str, rows)])
