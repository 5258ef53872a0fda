"""From a checked document to the stages of a network, each with its actions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import gcd
from typing import Any

from intertwine.action.action import Action
from intertwine.action.structure import fields_of
from intertwine.errors import SpecError, located, shown
from intertwine.group.coarsening import Coarsening, coarsening
from intertwine.group.group import Group
from intertwine.spec.bounds import refuse_blocks
from intertwine.spec.build import ActionBuilder
from intertwine.spec.forms import GroupForm, plain
from intertwine.spec.load import NetworkDocument
from intertwine.spec.network_forms import Stage

ALONE = "x"
_OF_A_MAP = (
    "channels", "bias", "strategy", "support", "boundary", "init", "stride", "dimension",
)  # fmt: skip


@dataclass(frozen=True)
class Features:
    """What a stage takes or gives: an action, and how many channels each of its fields has."""

    action: Action
    channels: Mapping[str, int]

    @property
    def fields(self) -> dict[str, Action]:
        """The action of each tensor; of the only one under the name x."""
        return fields_of(self.action) or {ALONE: self.action}

    @property
    def named(self) -> bool:
        """Whether it is a tuple of named fields."""
        return bool(fields_of(self.action))


@dataclass(frozen=True)
class StageProblem:
    """One stage: from `source` by linear maps to `mapped`, by a stride to `strided`, to `target`.

    What a stage leaves out is as before it.  `leaves` are the subgroups that a stride and windows
    leave.
    """

    name: str
    given: Stage
    source: Features
    mapped: Features
    strided: Features
    target: Features
    leaves: tuple[Coarsening, ...]


@dataclass(frozen=True)
class NetworkProblem:
    """What is to be solved: the stages of a network, under a group that strides make smaller."""

    group: Group
    source: Features
    stages: tuple[StageProblem, ...]


@dataclass
class _Builder:
    """The group at some stage, in its form, and its actions, of which equal forms give the same."""

    document: NetworkDocument
    form: GroupForm
    group: Group
    _built: dict[str, Action] = field(default_factory=dict)

    @classmethod
    def of(cls, document: NetworkDocument, form: GroupForm) -> _Builder:
        with located("group"):
            return cls(document, form, form.build(document.folder))

    def action(self, given: Any) -> Action:
        """The action of a form."""
        key = json.dumps(given if isinstance(given, str) else given.model_dump(), default=plain)
        if key not in self._built:
            base = self.document.spec.group.said_base
            builder = ActionBuilder(self.group, self.document.folder, base)
            self._built[key] = builder.outermost(given)
        return self._built[key]

    def coarser(self, step: int) -> _Builder:
        """The builder on a grid of a `step`-th of the points along each axis."""
        lengths = self.form.lengths
        given = f"{step} on {self.group}"
        if not lengths:
            raise SpecError(given, "a grid or a cyclic group", "pool onto a smaller action")
        if any(length % step for length in lengths):
            raise SpecError(given, f"a divisor of {gcd(*lengths)}", "take one, or another shape")
        coarse = self.form.resized([length // step for length in lengths])
        return _Builder.of(self.document, coarse)


def build_network(document: NetworkDocument) -> NetworkProblem:
    """Make the group and the actions of all stages; refusals know their stage and line.

    >>> from intertwine.spec.load import load_document
    >>> stages = [{"action": "points", "channels": 8}, {"action": "trivial", "channels": 2}]
    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "network": stages}
    >>> problem = build_network(load_document(spec))
    >>> [str(stage.target.action) for stage in problem.stages]
    ['points', 'trivial']
    """
    spec = document.spec
    with document.placing():
        builder = _Builder.of(document, spec.group)
        first = builder.group
        with located("input"):
            action = builder.action(spec.input)
        with located("channels"):
            features = Features(action, _channels(action, spec.channels))
        source, form, stages = features, spec.input, []
        names: set[str] = set()
        for number, given in enumerate(spec.network):
            name = given.name or f"stage_{number + 1}"
            with located("network", number):
                if name in names:
                    raise SpecError(f"two stages called {name}", "a name of its own", "rename one")
                names.add(name)
                stage, builder, form = _stage(name, given, features, builder, form)
            stages.append(stage)
            features = stage.target
        return NetworkProblem(first, source, tuple(stages))


def _stage(
    name: str, given: Stage, source: Features, builder: _Builder, form: Any
) -> tuple[StageProblem, _Builder, Any]:
    """A stage, with the group behind it and the form of the action that it gives."""
    if given.subgroup and not (given.stride or (given.pooling and given.pooling.window)):
        with located("subgroup"):
            raise SpecError(
                f"`subgroup: true` on stage {name}, which keeps the whole group",
                "a stride or windows beside it",
                "leave it out",
            )
    mapped, leaves = source, []
    if given.action is None:
        _refuse_without_map(name, given)
    else:
        form = given.action
        with located("action"):
            action = builder.action(form)
            refuse_blocks(source.action, action)
        with located("channels"):
            wanted = given.channels if given.channels is not None else _inherited(source)
            mapped = Features(action, _channels(action, wanted))
    strided = mapped
    if given.stride is not None:
        with located("stride"):
            left, builder = _left(name, given, builder, given.stride, windows=False)
            leaves.append(left)
            strided = Features(builder.action(form), mapped.channels)
    target = strided
    if given.pooling is not None and given.pooling.window is not None:
        with located("pooling", "window"):
            left, builder = _left(name, given, builder, given.pooling.window, windows=True)
            leaves.append(left)
            target = Features(builder.action(form), strided.channels)
    elif given.pooling is not None:
        form = given.pooling.onto
        with located("pooling", "onto"):
            action = builder.action(form)
            target = Features(action, strided.channels)
            if set(target.fields) != set(strided.fields):
                raise SpecError(
                    f"{action} on stage {name}, which has {strided.action}",
                    "an action with the same fields",
                    "pool each field, or take a stage with an action in place of it",
                )
    return StageProblem(name, given, source, mapped, strided, target, tuple(leaves)), builder, form


def _left(
    name: str, given: Stage, builder: _Builder, step: int, windows: bool
) -> tuple[Coarsening, _Builder]:
    coarse = builder.coarser(step)
    left = coarsening(builder.group, coarse.group, step, windows)
    if not given.subgroup:
        raise SpecError(
            f"{step} on stage {name}, which leaves of {builder.group} only a subgroup: {left}",
            "to be told to go on with that",
            "write `subgroup: true` on the stage",
        )
    return left, coarse


def _refuse_without_map(name: str, given: Stage) -> None:
    """What belongs to a linear map has no meaning without one."""
    for key in _OF_A_MAP:
        if getattr(given, key) is not None:
            with located(key):
                raise SpecError(
                    f"{key} on stage {name}, which maps nothing", "an `action`", "add one"
                )
    if not (given.normalization or given.nonlinearity or given.dropout or given.pooling):
        raise SpecError(
            f"stage {name}, which does nothing", "an `action`, or what to do", "leave it out"
        )


def _inherited(source: Features) -> Any:
    counts = set(source.channels.values())
    if len(counts) == 1:
        return counts.pop()
    raise SpecError("no channels", "a number, or one for each field", "write such as 16")


def _channels(action: Action, given: Any) -> dict[str, int]:
    names = list(Features(action, {}).fields)
    if not isinstance(given, dict):
        return dict.fromkeys(names, given)
    if names == [ALONE] or sorted(given) != sorted(names):
        expected = f"one number for each of {', '.join(names)}"
        if names == [ALONE]:
            expected = f"one number: {action} has no fields"
        raise SpecError(shown(given), expected, "write such as 16")
    return {name: given[name] for name in names}
