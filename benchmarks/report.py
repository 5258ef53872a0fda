"""Tables: drawn on a terminal, Markdown in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table as RichTable


@dataclass
class Table:
    """A title, column heads, rows of text, and a note below; the first column is the case."""

    title: str
    columns: Sequence[str]
    note: str = ""
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """One more row."""
        self.rows.append([str(cell) for cell in cells])


def show(table: Table) -> None:
    """Print it."""
    if sys.stdout.isatty():
        drawn = RichTable(title=table.title, caption=table.note, title_justify="left")
        for place, column in enumerate(table.columns):
            drawn.add_column(column, justify="right" if place else "left")
        for row in table.rows:
            drawn.add_row(*row)
        Console().print(drawn)
        return
    print(f"**{table.title}**\n")
    print("| " + " | ".join(table.columns) + " |")
    print("|" + " --- |" + " ---: |" * (len(table.columns) - 1))
    for row in table.rows:
        print("| " + " | ".join(row) + " |")
    print(f"\n{table.note}\n" if table.note else "", flush=True)


def duration(seconds: float | None) -> str:
    """Three figures, in the unit that suits them."""
    if seconds is None:
        return "-"
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds / 1e-6:.2g} us"


def ratio(over: float | None, under: float | None) -> str:
    """How many times `under` goes into `over`."""
    if over is None or not under:
        return "-"
    return f"{over / under:.2g}x" if over / under < 100 else f"{over / under:.0f}x"


def size(count: int) -> str:
    """Bytes, in the unit that suits them."""
    for unit, name in ((2**20, "MiB"), (2**10, "KiB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} B"


def held(condition: bool) -> str:
    """Whether a requirement was met."""
    return "yes" if condition else "NO"
