"""What is told of a solved spec, in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from intertwine.action.determinant import other_signs
from intertwine.group.group import Group
from intertwine.numerals import decimal, short
from intertwine.plan.unreached import unreached

if TYPE_CHECKING:
    from intertwine.solution import SpecSpace


@dataclass(frozen=True)
class Summary:
    """The facts of a solved spec.

    `facts` are the rows of its table, `stages` those of a network's; `report` is what `--json`
    prints.
    """

    name: str
    class_name: str
    facts: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, ...], ...]
    note: str
    report: Mapping[str, Any]


def layer_summary(space: SpecSpace, emits: bool) -> Summary:
    """The facts of a solved layer; with `emits`, those of its page too."""
    certificate, maps = space.certificate, space.maps if emits else space.found
    missed = unreached(space.target, maps, space.bias.found)
    alike = space.coincidence if emits else ""
    signs = other_signs([space.source, space.target])
    note = "; ".join(filter(None, [space.problem.note, signs, alike]))
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
    report = {
        "name": space.name,
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
    }
    return Summary(space.name, space.class_name, facts, (), note, report)


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


def group_in_words(group: Group, order: int) -> str:
    """A group with its order, in full where that has no more than 40 digits."""
    digits = decimal(order)
    return f"{group}, of order {digits if len(digits) <= 40 else short(order)}"


def group_as_json(group: Group, order: int) -> dict[str, Any]:
    """A group with its order in decimal, however long."""
    return {
        "name": str(group),
        "order": decimal(order),
        "generators": list(group.generators),
    }
