"""What `intertwine solve` tells of a solved spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from intertwine.action.character import characters as characters_of
from intertwine.action.determinant import other_signs
from intertwine.group.group import Group
from intertwine.hom.rules import explain
from intertwine.numerals import decimal
from intertwine.plan.cost import costs
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.plan.unreached import unreached
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
    certificate, maps = space.certificate, space.maps if emits else space.found
    missed = unreached(space.target, maps, space.bias.found)
    notes = [other_signs([space.source, space.target]), _coincidence(space) if emits else ""]
    note = "; ".join(filter(None, notes))
    facts = (
        ("group", group_in_words(space.problem.group, space.order)),
        ("input", f"{space.source}, R^{space.source.dimension}"),
        ("output", f"{space.target}, R^{space.target.dimension}"),
        ("dimension", str(space.dimension)),
        *_kept(space, emits),
        ("bias", str(space.bias_dimension)),
        ("rule", space.rule),
        ("proof", str(certificate)),
        *[("unreached", str(part)) for part in missed],
    )
    return Outcome(
        name=space.document.spec.name,
        class_name=space.form.class_name,
        facts=facts,
        stages=(),
        note=note,
        report={
            "name": space.document.spec.name,
            "group": group_as_json(space.problem.group, space.order),
            "input": {"action": str(space.source), "dimension": space.source.dimension},
            "output": {"action": str(space.target), "dimension": space.target.dimension},
            "dimension": space.dimension,
            "kept": space.plan.dimension if emits and space.form.restricts else None,
            "bias_dimension": space.bias_dimension,
            "unreached": [asdict(part) for part in missed],
            "rule": space.rule,
            "certificate": {
                "basis": certificate.basis,
                "second_count": certificate.second.value,
                "second_method": certificate.second.how,
            },
            "note": note or None,
        },
        page=space.page if emits else None,
    )


def _kept(space: SpecSpace, emits: bool) -> Iterator[tuple[str, str]]:
    """The line of a support: how many of the maps it keeps, and which."""
    if not space.form.restricts:
        return
    wish = space.form.wish
    which = "those of the numbers listed"
    if wish.radius is not None:
        which = f"those within radius {wish.radius}"
        which += ", zero beyond the ends of the grid" if wish.zeros else ""
    if emits:
        yield "support", f"keeps {space.plan.dimension} of these {space.dimension} maps, {which}"
    else:
        yield "support", f"not applied, for no layer is written: it would keep {which}"


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
        console.print(Text(f"Isotypic components: {components}"))
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
