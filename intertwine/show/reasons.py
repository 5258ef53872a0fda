"""Why a spec has the maps that it has, and how its layers compute them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intertwine.action.character import characters as characters_of
from intertwine.hom.rules import explain
from intertwine.plan.cost import costs
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.show.report import (
    characters_table,
    components_table,
    costs_table,
    rules_table,
    strategies_table,
)

if TYPE_CHECKING:
    from intertwine.solution import Solution, SpecSpace


def print_reasons(solution: Solution, emits: bool) -> None:
    """Print how the layers of a network are solved, or at length how a single one is."""
    if solution.stages:
        Console().print(layers_table(solution.layer_spaces))
        return
    for space in solution.layer_spaces:
        _print_reasons(space, emits)


def print_characters(space: SpecSpace) -> None:
    """Print how many group elements have which traces."""
    rows = characters_of(space.source, space.target)
    if rows is None:
        Console().print("Characters: not gone through, for there are too many elements")
    else:
        Console().print(characters_table(rows))


def layers_table(spaces: Iterable[SpecSpace]) -> Table:
    """A row a layer: the actions, why its dimension is right, and how it is computed."""
    table = Table(title=Text("Layers"), title_justify="left")
    for heading in ("layer", "maps", "dimension", "proof", "computed"):
        table.add_column(heading, overflow="fold")
    for layer in spaces:
        plan = layer.plan
        how = plan.route if not isinstance(plan, SizePlan) else "by diagrams, at any size"
        title = Text(f"{layer.source} -> {layer.target}")
        proof = Text(str(layer.certificate))
        by = Text(str(how or "by its full matrix"))
        table.add_row(layer.class_name, title, str(layer.dimension), proof, by)
    return table


def _print_reasons(space: SpecSpace, emits: bool) -> None:
    """Print which rules were taken, the irreducible representations, and what the layer costs."""
    console = Console()
    console.print(rules_table(explain(space.source, space.target, space.asked)))
    components = space.components
    if isinstance(components, str):
        console.print(Text(f"Isotypic components: {components}"))
    else:
        console.print(components_table(components))
    if emits:
        if space.form.axes is None:
            console.print(strategies_table(space.choices))
        console.print(costs_table(costs(space.plan)))
