"""What `intertwine solve` tells of a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from intertwine.errors import shown
from intertwine.show.facts import facts_table, stages_table


@dataclass(frozen=True)
class Outcome:
    """The facts of a solved spec, and the page of its layer, all in plain text.

    `facts` are the rows of its table, `stages` those of a network's; `report` is what `--json`
    prints; `page` is None where none was asked for.
    """

    name: str
    class_name: str
    facts: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, ...], ...]
    note: str
    report: Mapping[str, Any]
    page: str | None

    def as_json(self, written: Path | None, seconds: float) -> dict[str, Any]:
        """What `--json` prints."""
        emitted = None if written is None else str(written)
        return {**self.report, "seconds": round(seconds, 6), "emitted": emitted}

    def print(self, written: Path | None, seconds: float) -> None:
        """Print the table, and that of a network's stages."""
        rows = [*self.facts, ("seconds", f"{seconds:.3f}")]
        what = "network" if self.stages else "layer"
        if written:
            rows.append((what, f"{shown(str(written), 500)}: {self.class_name}"))
        elif not self.stages:
            rows.append((what, "not written"))
        if self.note:
            rows.append(("note", self.note))
        console = Console()
        console.print(facts_table(self.name, rows))
        if self.stages:
            console.print(stages_table(self.stages))
