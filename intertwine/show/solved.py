"""What `intertwine solve` prints of a solved spec: tables, or one JSON object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from intertwine.action.character import characters as characters_of
from intertwine.errors import shown
from intertwine.group.group import Group
from intertwine.hom.rules import explain
from intertwine.numerals import decimal
from intertwine.plan.cost import costs
from intertwine.plan.sizes import SizePlan
from intertwine.show.report import (
    characters_table,
    components_table,
    costs_table,
    facts_table,
    group_in_words,
    rules_table,
)

if TYPE_CHECKING:
    from intertwine.solution import SpecSpace


def print_space(
    space: SpecSpace, written: Path | None, explained: bool, characters: bool = False
) -> None:
    """Print what was solved, and on request the characters, and the rules taken and the cost."""
    layer = (
        f"{shown(str(written), 500)}: {space.plan.labels.class_name}" if written else "not written"
    )
    facts = [
        ("group", group_in_words(space.problem.group, space.order)),
        ("input", f"{space.source}, R^{space.source.dimension}"),
        ("output", f"{space.target}, R^{space.target.dimension}"),
        ("dimension", str(space.dimension)),
        ("bias", str(space.bias_dimension)),
        ("rule", space.rule),
        ("proof", str(space.certificate)),
        ("seconds", f"{space.seconds:.3f}"),
        ("layer", layer),
    ]
    if written and isinstance(space.plan, SizePlan) and space.plan.coincidence:
        facts.append(("note", space.plan.coincidence))
    console = Console()
    console.print(facts_table(space.document.spec.name, facts))
    if characters:
        rows = characters_of(space.source, space.target)
        if rows is None:
            console.print("Characters: not gone through, for there are too many elements")
        else:
            console.print(characters_table(rows))
    if explained:
        console.print(rules_table(explain(space.source, space.target, space.asked)))
        components = space.components
        if isinstance(components, str):
            console.print(f"Isotypic components: {components}")
        else:
            console.print(components_table(components))
        if written:
            console.print(costs_table(costs(space.plan)))


def as_json(space: SpecSpace, written: Path | None) -> dict[str, Any]:
    """The same as one JSON object."""
    certificate = space.certificate
    return {
        "name": space.document.spec.name,
        "group": group_as_json(space.problem.group, space.order),
        "input": {"action": str(space.source), "dimension": space.source.dimension},
        "output": {"action": str(space.target), "dimension": space.target.dimension},
        "dimension": space.dimension,
        "bias_dimension": space.bias_dimension,
        "rule": space.rule,
        "certificate": {
            "basis": certificate.basis,
            "second_count": certificate.second.value,
            "second_method": certificate.second.how,
        },
        "seconds": round(space.seconds, 6),
        "emitted": None if written is None else str(written),
    }


def group_as_json(group: Group, order: int) -> dict[str, Any]:
    """A group with its order in decimal, however long."""
    return {
        "name": str(group),
        "order": decimal(order),
        "generators": list(group.generators),
    }
