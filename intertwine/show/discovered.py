"""What `intertwine discover` prints of the symmetry found in a weight: tables, or a JSON object."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intertwine.discover.discovery import Discovery, Turn
from intertwine.discover.families import Family
from intertwine.discover.levels import Chance
from intertwine.discover.linked import Linked
from intertwine.errors import shown
from intertwine.numerals import many
from intertwine.show.facts import facts_table

_MOST_ELEMENTS = 16
_MOST_FAMILIES = 40


def print_discovery(name: str, found: Discovery, written: str | None = None) -> None:
    """Print what was found: scores against chance, families with holes, the action."""
    console = Console()
    shape = " x ".join(map(str, found.shape))
    facts = [
        ("weight", f"{name}, {shape}"),
        ("group", str(found.acting)),
        ("partners", f"cosine at least {found.threshold:.3f}" + ", up to sign" * found.signs),
        ("families", _counted(found)),
    ]
    if found.by_chance is not None:
        facts.insert(
            4, ("in these", f"{found.in_families} channels; by chance {found.by_chance:g}")
        )
    if found.dead:
        facts.append(("dead", f"left out: {_listed(found.dead)}"))
    if found.violations:
        facts.append(("products", f"{found.violations} where matches of single elements disagree"))
    facts.append(("action", _action(found)))
    if written:
        facts.append(("picture", written))
    console.print(facts_table("Symmetry found", facts))
    console.print(_elements_table(found))
    console.print(_families_table(found))
    alone = [f.channels[0] for f in found.families if len(f.channels) == 1 and not f.complete]
    if alone:
        print(f"No partner: {_listed(alone)}")
    if found.action is not None:
        channels = ", ".join(map(str, found.action.channels))
        print(f"The action of the generators on channels {channels}:")
        print(found.spec)


def as_json(name: str, found: Discovery, written: str | None = None) -> dict[str, Any]:
    """The same as one JSON object; channels count from 0, in permutations as elsewhere."""
    acting = found.acting
    return {
        "name": name,
        "shape": list(found.shape),
        "group": {
            "name": acting.name,
            "elements": len(acting.elements) if acting.listed else None,
            "generators": list(acting.generators),
        },
        "degree": acting.degree,
        "signs": found.signs,
        "threshold": found.threshold,
        "dead": list(found.dead),
        "elements": [_turn_as_json(turn, found) for turn in found.turns],
        "families": [_family_as_json(family, found) for family in found.families],
        "in_families": found.in_families,
        "in_families_by_chance": found.by_chance,
        "violations": found.violations,
        "complete": found.complete,
        "action": None
        if found.action is None
        else {
            "channels": list(found.action.channels),
            "homomorphism": found.action.homomorphism,
            "images": {name: g.images.tolist() for name, g in found.action.images.items()},
            "signs": {
                name: None if g.signs is None else g.signs.tolist()
                for name, g in found.action.images.items()
            },
            "spec": found.spec,
        },
        "picture": written,
    }


def _turn_as_json(turn: Turn, found: Discovery) -> dict[str, Any]:
    live, permutation = found.live, turn.match.permutation
    signs = [1] * len(live) if permutation.signs is None else permutation.signs.tolist()
    pairs = zip(permutation.images.tolist(), signs, turn.match.cosines.tolist(), strict=True)
    return {
        "element": turn.name,
        "score": turn.score,
        "shuffled": _chance_as_json(turn.shuffled),
        "alike": _chance_as_json(turn.alike),
        "residual": turn.match.residual,
        "nearest": [
            {"channel": live[i], "to": live[j], "sign": sign, "cosine": cosine}
            for i, (j, sign, cosine) in enumerate(pairs)
        ],
        "partners": [
            {"channel": channel, "to": p.channel, "sign": p.sign, "cosine": p.cosine}
            for channel, p in turn.partners.items()
        ],
    }


def _chance_as_json(chance: Chance | None) -> dict[str, float] | None:
    return None if chance is None else {"median": chance.median, "largest": chance.largest}


def _family_as_json(family: Family | Linked, found: Discovery) -> dict[str, Any]:
    if isinstance(family, Linked):
        return {"channels": list(family.channels), "open": family.open}
    names = [element.name for element in found.acting.elements]
    at = [names[number] for number in family.orbit.representatives]
    return {
        "members": [
            {"channel": m.channel, "element": at[m.place], "sign": m.sign, "cosine": m.cosine}
            for m in family.members
        ],
        "expected": family.expected,
        "fixed_by": [names[number] for number in family.orbit.stabilizer],
        "holes": [at[place] for place in family.holes],
    }


def _counted(found: Discovery) -> str:
    several = [family for family in found.families if len(family.channels) > 1]
    fixed = sum(len(f.channels) == 1 and f.complete for f in found.families)
    lone = len(found.families) - len(several) - fixed
    whole = sum(family.complete for family in several)
    holes = f", holes: {found.holes}" if found.acting.listed else ""
    return (
        f"{len(several)} of two channels or more, {whole} complete{holes}; fixed by the group: "
        f"{fixed}; no partner: {lone}"
    )


def _action(found: Discovery) -> str:
    if found.action is None:
        return "none: no family is complete"
    count = len(found.action.channels)
    proved = (
        "proved to be an action of the group"
        if found.action.homomorphism
        else "NOT an action of the group"
    )
    return f"on {count} of {many(len(found.live), 'channel')}, those of complete families; {proved}"


def _elements_table(found: Discovery) -> Table:
    """Scores and residuals; of a group of many elements its generators only."""
    turns = found.turns
    if len(turns) > _MOST_ELEMENTS:
        names = {found.acting.elements[k].name for k in found.acting.generators.values()}
        turns = tuple(turn for turn in turns if turn.name in names)
    title = "Elements" if len(turns) == len(found.turns) else "Generators (--json has all elements)"
    table = Table(title=Text(title), title_justify="left")
    table.add_column("element", overflow="fold")
    for heading in ("score", "shuffled", "alike", "residual", "partners"):
        table.add_column(heading, justify="right", no_wrap=True)
    for turn in turns:
        table.add_row(
            Text(turn.name),
            f"{turn.score:.3f}" + (" " if turn.above_chance else "?"),
            _in_words(turn.shuffled),
            _in_words(turn.alike),
            f"{turn.match.residual:.3f}",
            f"{len(turn.partners)}/{len(found.live)}",
        )
    table.caption = Text(
        "shuffled, alike: median and largest score of chance" + _question(found), justify="left"
    )
    table.caption_justify = "left"
    return table


def _question(found: Discovery) -> str:
    return "" if all(turn.above_chance for turn in found.turns) else "; ?: no more than chance"


def _in_words(chance: Chance | None) -> str:
    return "-" if chance is None else f"{chance.median:.2f} {chance.largest:.2f}"


def _families_table(found: Discovery) -> Table:
    families = [f for f in found.families if len(f.channels) > 1 or f.complete]
    title = "Families"
    if len(families) > _MOST_FAMILIES:
        title += f" (the first {_MOST_FAMILIES} of {len(families)})"
    table = Table(title=Text(title), title_justify="left")
    table.add_column("channels", overflow="fold")
    for heading in ("members", "cosine"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("fixed by", overflow="fold")
    table.add_column("holes", overflow="fold")
    names = [element.name for element in found.acting.elements]
    for family in families[:_MOST_FAMILIES]:
        if isinstance(family, Linked):
            missing = f"{family.open} moved kernels" if family.open else "none"
            table.add_row(_listed(family.channels), str(len(family.channels)), "-", "?", missing)
            continue
        at = [names[number] for number in family.orbit.representatives]
        fixing = [names[number] for number in family.orbit.stabilizer[1:]]
        least = min(member.cosine for member in family.members)
        whole = len(fixing) + 1 == len(names)
        table.add_row(
            Text(" ".join(f"{'-' * (m.sign < 0)}{m.channel}" for m in family.members)),
            f"{len(family.members)} of {family.expected}",
            f"{least:.3f}",
            Text("all" if whole else _few(fixing)),
            Text(_few([at[place] for place in family.holes])),
        )
    return table


def _few(names: list[str]) -> str:
    said = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return said or "-"


def _listed(channels: list[int] | tuple[int, ...]) -> str:
    return shown(", ".join(map(str, channels)), 300)
