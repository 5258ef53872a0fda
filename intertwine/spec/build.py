"""From a checked document to what is to be solved: its group, and the actions of its forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.errors import SpecError, located, shown
from intertwine.group.group import Group
from intertwine.spec.actions import ACTIONS, Fields
from intertwine.spec.bounds import refuse_blocks, refuse_endless
from intertwine.spec.forms import ActionForm
from intertwine.spec.load import SpecDocument
from intertwine.spec.nearest import nearest
from intertwine.spec.representations import NAMED, RENAMED, named_action, named_actions


@dataclass(frozen=True)
class Problem:
    """What is to be solved: all intertwiners from `source` to `target`."""

    group: Group
    source: Action
    target: Action
    note: str = ""

    def __str__(self) -> str:
        return f"{self.group}: {self.source} -> {self.target}"


def build_actions(document: SpecDocument) -> Problem:
    """Make the group and both actions; refusals know their line.

    >>> from intertwine.spec.load import load_spec
    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> print(build_actions(load_spec(spec)))
    S_4: points -> points
    """
    spec = document.spec
    with document.placing():
        with located("group"):
            group = spec.group.build(document.folder)
        builder = ActionBuilder(group, document.folder, spec.group.said_base)
        with located("input"):
            source = builder.outermost(spec.input)
        with located("output"):
            target = builder.outermost(spec.output)
        refuse_blocks(source, target)
        return Problem(group, source, target, "; ".join(dict.fromkeys(builder.notes)))


@dataclass(frozen=True)
class ActionBuilder:
    """Builds actions of one group; `base` is that of every permutation, where the spec says it.

    `notes` are what the author of the spec should know.
    """

    group: Group
    folder: FilePath | None
    base: int | None = None
    notes: list[str] = field(default_factory=list)

    def outermost(self, given: ActionForm | str) -> Action:
        """An input or output: any action, or named fields."""
        if not isinstance(given, Fields):
            return self.action(given)
        action = given.outermost(self)
        refuse_endless(action)
        return action

    def action(self, given: ActionForm | str) -> Action:
        """The action that a form declares, unless it is out of all proportion."""
        action = self.named(given) if isinstance(given, str) else given.build(self)
        refuse_endless(action)
        return action

    def actions(self, given: Iterable[tuple[int | str, ActionForm | str]]) -> tuple[Action, ...]:
        """The actions of several forms, each of which stands at a place of its own."""
        parts = []
        for place, part in given:
            with located(place):
                parts.append(self.action(part))
        return tuple(parts)

    def named(self, name: str) -> Action:
        """A set of the group, `trivial`, `regular`, `sign`, or any of these of a factor."""
        head, _, rest = name.partition(".")
        if head in self.group.factors:
            inner = ActionBuilder(self.group.factors[head], self.folder, self.base, self.notes)
            own = inner.named(rest) if rest else inner.natural(head)
            return self.lifted(head, own)
        if name in self.group.sets:
            return SetAction(self.group, name)
        if name == "trivial":
            return Trivial(self.group, 1)
        if name == "regular" and not (self.group.sets or self.group.factors):
            raise SpecError(
                f"regular, of {self.group}, generators by name alone",
                "a group that permutations define",
                "give each generator a permutation under `group`",
            )
        if name in NAMED and not self.group.factors:
            return named_action(self.group, name)
        known, word = self.names(), RENAMED.get(name, name)
        if name in RENAMED and word in known:
            self.notes.append(f"the action {name} is called {word} now")
            return self.named(word)
        owned = [own for own in known if own.endswith(f".{word}")]
        if name in RENAMED and owned:
            now = f"{word}, its new name"
            raise SpecError(f"the action {name}", now, f"write {' or '.join(owned[:3])}")
        forms = {kind.key(): kind.example for kind in ACTIONS}
        near = owned[:3] or [word for word in [nearest(name, known)] if word]
        advice = "name a set that this group has"
        if name in forms:
            advice = f"write {forms[name]}"
        elif near:
            advice = f"did you mean {' or '.join(f'`{own}`' for own in near)}?"
        raise SpecError(
            f"the action {shown(name)}",
            f"one of {shown(', '.join(known), 300)}, or a mapping with one of {', '.join(forms)}",
            advice,
        )

    def names(self) -> list[str]:
        """The actions of this group that have a name, those of its factors by dotted names."""
        group = self.group
        if group.factors:
            inner = {name: ActionBuilder(f, self.folder) for name, f in group.factors.items()}
            return [
                "trivial",
                *(name for name, factor in group.factors.items() if factor.natural is not None),
                *(f"{f}.{n}" for f, own in inner.items() for n in own.names() if n != "trivial"),
            ]
        return [*group.sets, "trivial", *named_actions(group)]

    def natural(self, factor: str) -> Action:
        """The natural points of this group, which is the factor of that name."""
        if self.group.natural is None:
            raise SpecError(
                f"the factor {factor}, which has no natural points",
                f"one of its sets, such as {factor}.NAME",
                "name the set, or list the permutations",
            )
        return SetAction(self.group, self.group.natural)

    def owned(self, action: Action) -> Action:
        """An action of one factor, made over the product, as that factor's own, lifted."""
        owner = action.owner
        return action if owner is None else Lifted(self.group, owner, action.stripped())

    def lifted(self, factor: str, own: Action) -> Action:
        """An action of a factor as one of the product."""
        if isinstance(own, Trivial):
            return Trivial(self.group, own.size)
        return Lifted(self.group, factor, own)

    def within(self, factor: str) -> tuple[str, ActionBuilder, str | None]:
        """The name of a factor, the builder of its actions, and what stands after a dot."""
        head, _, rest = factor.partition(".")
        if head not in self.group.factors:
            raise SpecError(
                f"factor: {head}",
                f"one of {', '.join(self.group.factors) or 'no factors'}",
                "name a factor of the product",
            )
        inner = ActionBuilder(self.group.factors[head], self.folder, self.base)
        return head, inner, rest or None
