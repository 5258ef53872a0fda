"""What `intertwine solve` tells of a solved spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from intertwine.action.character import characters as characters_of
from intertwine.group.group import Group
from intertwine.hom.rules import explain
from intertwine.numerals import decimal
from intertwine.plan.cost import costs
from intertwine.plan.sizes import SizePlan
from intertwine.show.outcome import Outcome
from intertwine.show.report import (
    characters_table,
    components_table,
    costs_table,
    group_in_words,
    rules_table,
)

if TYPE_CHECKING:
    from intertwine.solution import SpecSpace


def outcome_of(space: SpecSpace, emits: bool) -> Outcome:
    """The outcome of a solved spec, with its page where it is to be emitted."""
    certificate = space.certificate
    facts = (
        ("group", group_in_words(space.problem.group, space.order)),
        ("input", f"{space.source}, R^{space.source.dimension}"),
        ("output", f"{space.target}, R^{space.target.dimension}"),
        ("dimension", str(space.dimension)),
        ("bias", str(space.bias_dimension)),
        ("rule", space.rule),
        ("proof", str(certificate)),
    )
    return Outcome(
        name=space.document.spec.name,
        class_name=space.form.class_name,
        facts=facts,
        stages=(),
        note=_coincidence(space) if emits else "",
        report={
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
        },
        page=space.page if emits else None,
    )


def _coincidence(space: SpecSpace) -> str:
    plan = space.plan
    return plan.coincidence or "" if isinstance(plan, SizePlan) else ""


def print_characters(space: SpecSpace) -> None:
    """Print how many group elements have which traces."""
    rows = characters_of(space.source, space.target)
    if rows is None:
        Console().print("Characters: not gone through, for there are too many elements")
    else:
        Console().print(characters_table(rows))


def print_reasons(space: SpecSpace, emits: bool) -> None:
    """Print which rules were taken, the irreducible representations, and what the layer costs."""
    console = Console()
    console.print(rules_table(explain(space.source, space.target, space.asked)))
    components = space.components
    if isinstance(components, str):
        console.print(f"Isotypic components: {components}")
    else:
        console.print(components_table(components))
    if emits:
        console.print(costs_table(costs(space.plan)))


def group_as_json(group: Group, order: int) -> dict[str, Any]:
    """A group with its order in decimal, however long."""
    return {
        "name": str(group),
        "order": decimal(order),
        "generators": list(group.generators),
    }
