"""Tables of plain text, and what `intertwine solve` prints of a spec."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intertwine.errors import shown
from intertwine.summary import Summary


def print_summary(summary: Summary, written: Path | None, seconds: float) -> None:
    """Print the table of facts, and that of a network's stages."""
    rows = [*summary.facts, ("seconds", f"{seconds:.3f}")]
    what = "network" if summary.stages else "layer"
    if written:
        rows.append((what, f"{shown(str(written), 500)}: {summary.class_name}"))
    elif not summary.stages:
        rows.append((what, "not written"))
    if summary.note:
        rows.append(("note", summary.note))
    console = Console()
    console.print(facts_table(summary.name, rows))
    if summary.stages:
        console.print(stages_table(summary.stages))


def facts_table(title: str, facts: Iterable[tuple[str, str]]) -> Table:
    """A two-column table; every cell is plain text, never markup."""
    table = Table(title=Text(title), title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(Text(name), Text(value))
    return table


def stages_table(rows: Iterable[Sequence[str]]) -> Table:
    """A row a stage of a network."""
    table = Table(title=Text("Stages"), title_justify="left")
    for heading in ("stage", "gives", "maps", "shape", "then", "parameters"):
        right = heading in ("maps", "parameters")
        table.add_column(heading, overflow="fold", justify="right" if right else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
