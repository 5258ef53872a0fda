"""Tables of an audit: where a weight loses most, which maps are missing, what is redundant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from intertwine.audit.reach import Reach
from intertwine.audit.weight import WeightAudit
from intertwine.errors import shown
from intertwine.show.facts import facts_table

_LISTED = 6
_NOISE = 1e-12


def losses_tables(audit: WeightAudit) -> list[Table]:
    """The orbitals that lose most, if any lose more than rounding."""
    rows = [one for one in audit.orbitals if one.lost > _NOISE]
    table = Table(title=_title("Where it is lost", rows), title_justify="left")
    for heading in ("output", "input"):
        table.add_column(heading, overflow="fold")
    for heading in ("entries", "of |W|^2", "lost"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in rows[:_LISTED]:
        zero = ", must be 0" if one.vanishes else ""
        shares = (f"{one.energy:.2%}", f"{one.lost:.2%}")
        table.add_row(Text(one.output), Text(one.input + zero), str(one.entries), *shares)
    return [table] if rows else []


def reach_tables(name: str, reach: Reach) -> list[Table]:
    """What is missing, by fields and one by one, and which parameters are redundant."""
    tables = []
    if reach.missing and reach.pairs[0].output:
        tables.append(_fields_table(name, reach))
    if reach.missing:
        tables.append(_missing_table(name, reach))
    if reach.redundant:
        counts = [(shown(n, 40), str(k)) for n, k in reach.redundant_by_tensor.items()]
        first = ", ".join(shown(one) for one in reach.redundant[:_LISTED])
        title = f"Redundant parameters of the {name}s, by tensor"
        tables.append(facts_table(title, [*counts[: 3 * _LISTED], ("the first", first)]))
    return tables


def _fields_table(name: str, reach: Reach) -> Table:
    table = Table(title=Text(f"Missing {name}s, by fields"), title_justify="left")
    for heading in ("output", "input"):
        table.add_column(heading, overflow="fold")
    for heading in ("dimension", "reached", "missing"):
        table.add_column(heading, justify="right")
    for pair in reach.pairs:
        if pair.missing:
            numbers = (pair.dimension, pair.reached, pair.missing)
            table.add_row(Text(pair.output), Text(pair.input or "-"), *map(str, numbers))
    return table


def _missing_table(name: str, reach: Reach) -> Table:
    """A row a basis element, and for how many pairs of channels it is missing."""
    several = reach.channel_pairs > 1
    counts = Counter(one.element for one in reach.missing)
    firsts = list({one.element: one for one in reversed(reach.missing)}.values())[::-1]
    table = Table(
        title=_title(f"Missing {name}s T_k, by their first entries", firsts),
        title_justify="left",
    )
    table.add_column("map", justify="right")
    for heading in ("output", "input"):
        table.add_column(heading, overflow="fold")
    for heading in ("entries", "channel pairs") if several else ("entries",):
        table.add_column(heading, justify="right")
    for one in firsts[:_LISTED]:
        pairs = [f"{counts[one.element]} of {reach.channel_pairs}"] if several else []
        words = (Text(one.output), Text(one.input))
        table.add_row(f"T_{one.element}", *words, str(one.entries), *pairs)
    return table


def _title(said: str, rows: Sequence[object]) -> Text:
    return Text(said if len(rows) <= _LISTED else f"{said}, the first {_LISTED} of {len(rows)}")
