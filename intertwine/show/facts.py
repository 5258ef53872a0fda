"""Tables of plain text: what is told of a spec whether it was solved now or before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text


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
