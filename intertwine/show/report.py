"""Tables for the terminal: what was solved, why, what it costs and how fast it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rich.table import Table
from rich.text import Text

from intertwine.action.character import CharacterRow
from intertwine.hom.isotypic import IsotypicRow
from intertwine.hom.rules import RULES, Subproblem
from intertwine.limits import human
from intertwine.plan.cost import Cost
from intertwine.plan.strategies import Choice


class Timed(Protocol):
    """A strategy's median times in milliseconds, and its memory in bytes."""

    @property
    def strategy(self) -> str:
        """How it is computed."""
        ...

    @property
    def forward(self) -> float:
        """Milliseconds of a forward pass."""
        ...

    @property
    def step(self) -> float:
        """Milliseconds of a forward and a backward pass."""
        ...

    @property
    def memory(self) -> int:
        """Bytes of the weights and what a training step adds."""
        ...


def strategies_table(choices: Mapping[tuple[str, str], Choice]) -> Table:
    """A row a strategy for each block: what it proposes, or why it does not, and what it costs."""
    table = Table(title=Text("Strategies, the cheapest of which is taken"), title_justify="left")
    several = len(choices) > 1
    for heading in (*(["block"] if several else []), "strategy", "proposes"):
        table.add_column(heading, overflow="fold")
    table.add_column("cost", justify="right")
    for (target, source), choice in choices.items():
        for answer in choice.answers:
            taken = answer.said is choice.route
            work = "" if answer.work is None else f"{round(answer.work)}{' *' if taken else ''}"
            name = [f"{source} -> {target}"] if several else []
            cells = [*name, answer.strategy.name, str(answer.said), work]
            table.add_row(*map(Text, cells), end_section=several and answer is choice.answers[-1])
    return table


def costs_table(costs: Iterable[Cost]) -> Table:
    """What each part of the layer costs a sample with 16 channels, against the full matrix."""
    rows = list(costs)
    table = Table(title=Text("Cost of a sample, 16 channels"), title_justify="left")
    table.add_column("part", overflow="fold")
    for heading in ("maps", "points", "multiply-adds", "bytes written", "of full"):
        table.add_column(heading, justify="right", no_wrap=True)
    for cost in rows:
        share = cost.multiply_adds / max(rows[-1].multiply_adds, 1)
        numbers = (cost.maps, cost.points, cost.multiply_adds, cost.bytes)
        table.add_row(Text(cost.part), *map(str, numbers), f"{share:.2%}")
    return table


def timings_table(timings: Sequence[Timed]) -> Table:
    """Milliseconds and memory of every strategy, and how many times less than the last row's."""
    table = Table(title=Text("Medians, one thread, float32"), title_justify="left")
    table.add_column("strategy", no_wrap=True)
    for heading in ("forward", "ratio", "forward + backward", "ratio", "peak memory"):
        table.add_column(heading, justify="right", no_wrap=True)
    dense = timings[-1]
    for one in timings:
        table.add_row(
            one.strategy,
            f"{one.forward:.3f} ms",
            f"{dense.forward / one.forward:.1f}",
            f"{one.step:.3f} ms",
            f"{dense.step / one.step:.1f}",
            human(one.memory),
        )
    return table


def components_table(rows: Iterable[IsotypicRow]) -> Table:
    """The irreducible representations of both sides, with multiplicities."""
    table = Table(title=Text("Isotypic components"), title_justify="left")
    for heading in ("degree", "type", "in input", "in output", "maps"):
        table.add_column(heading, justify="left" if heading == "type" else "right")
    for row in rows:
        numbers = (row.source, row.target, row.maps)
        table.add_row(str(row.degree), Text(row.type), *map(str, numbers))
    return table


def characters_table(rows: Iterable[CharacterRow]) -> Table:
    """How many elements have which characters."""
    table = Table(title=Text("Characters"), title_justify="left")
    for heading in ("cycle type", "elements", "input", "output"):
        table.add_column(heading, justify="right")
    for row in rows:
        values = (f"{value:.10g}" for value in (row.source, row.target))
        table.add_row(Text(row.elements or "-"), str(row.count), *values)
    return table


def rules_table(steps: Iterable[Subproblem]) -> Table:
    """Which rule solved each part, and why every rule before it in the table did not apply."""
    table = Table(title=Text("Rules, in order"), title_justify="left")
    for heading in ("problem", "dimension", "rule", "why"):
        table.add_column(heading, overflow="fold")
    theorems = {rule.name: rule.theorem for rule in RULES}
    for step in steps:
        refused = "; ".join(f"not {name}: {reason}" for name, reason in step.refused)
        why = theorems[step.rule] + (f" ({refused})" if refused else "")
        problem = "  " * step.depth + step.problem
        counted = f"{step.dimension}" + (f", {step.times} times" if step.times > 1 else "")
        table.add_row(*map(Text, (problem, counted, step.rule, why)))
    return table
