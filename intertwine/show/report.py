"""What the command prints: a table of what was solved, an explanation, and the JSON object."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from intertwine.hom.rules import RULES, Step


def facts_table(title: str, facts: Iterable[tuple[str, str]]) -> Table:
    """A two-column table; every cell is plain text, never markup."""
    table = Table(title=Text(title), title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(Text(name), Text(value))
    return table


def rules_table(steps: Iterable[Step]) -> Table:
    """Which rule solved each part, and why every rule before it in the table did not apply."""
    table = Table(title=Text("Rules, in order"), title_justify="left")
    for heading in ("problem", "dimension", "rule", "why"):
        table.add_column(heading, overflow="fold")
    theorems = {rule.name: rule.theorem for rule in RULES}
    for step in steps:
        refused = "; ".join(f"not {name}: {reason}" for name, reason in step.refused)
        why = theorems[step.rule] + (f" ({refused})" if refused else "")
        problem = "  " * step.depth + step.problem
        table.add_row(*map(Text, (problem, str(step.dimension), step.rule, why)))
    return table
