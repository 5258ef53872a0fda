"""From a checked document to what is to be solved."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.action.action import Action
from intertwine.errors import located
from intertwine.group.group import Group
from intertwine.spec.bounds import refuse_blocks
from intertwine.spec.builder import ActionBuilder
from intertwine.spec.load import SpecDocument


@dataclass(frozen=True)
class Problem:
    """What is to be solved: all intertwiners from `source` to `target`."""

    group: Group
    source: Action
    target: Action

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
        return Problem(group, source, target)
