"""The whole story: a spec in, all its equivariant linear maps and their PyTorch layer out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intertwine.action.action import Trivial
from intertwine.action.order import group_order
from intertwine.emit.load import loaded_class
from intertwine.errors import SpecError, located
from intertwine.hom.rules import dimension
from intertwine.limits import accounted
from intertwine.network.space import NetworkSpace
from intertwine.numerals import many, short
from intertwine.solution import SpecSpace
from intertwine.spec.build import Problem, build_actions
from intertwine.spec.load import (
    NetworkDocument,
    SpecDocument,
    SpecLike,
    load_document,
    load_spec,
)
from intertwine.spec.network import build_network

if TYPE_CHECKING:
    import torch


def compile_spec(given: SpecLike, folder: str | Path, rule: str | None = None) -> Path:
    """The five stages, from a spec to a file.

    `load_spec` reads and checks the text; `build_actions` makes the group and its two actions;
    `solve_intertwiners` finds and certifies all maps; `SpecSpace.plan` lowers them to a plan;
    `SpecSpace.emit` writes the plan as a page of PyTorch in `folder`.
    """
    document = load_spec(given)
    problem = build_actions(document)
    return solve_intertwiners(document, problem, rule).emit(folder)


def solve(given: SpecLike, rule: str | None = None, emits: bool = False) -> SpecSpace:
    """All equivariant maps of a spec: a path to YAML, a dict, a Spec, or what `load_spec` gave.

    With `emits`, a layer that cannot be emitted is refused before anything is solved.

    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> space = solve(spec)
    >>> print(space)
    Hom_G(R^4 -> R^4): dimension 2, |G| = 24, by partitions
    >>> space.dimension, space.bias_dimension
    (2, 1)
    """
    document = load_spec(given)
    return solve_intertwiners(document, build_actions(document), rule, emits)


def layer_class(given: SpecLike) -> type[torch.nn.Module]:
    """The emitted class of a spec, of a layer or of a network.

    >>> spec = {"name": "ring", "group": {"cyclic": 5}, "input": "points", "output": "points"}
    >>> layer_class(spec)(2, 3).weight.shape
    torch.Size([5, 3, 2])
    """
    space = solve_any(given, None, emits=True)
    labels = space.plan.labels
    made: type[torch.nn.Module] = loaded_class(space.page, labels.name, labels.class_name)
    return made


def solve_any(given: SpecLike, rule: str | None, emits: bool) -> SpecSpace | NetworkSpace:
    """What `solve` or `solve_network` gives, whichever the spec is for."""
    return solve_document(load_document(given), rule, emits)


def solve_document(
    document: SpecDocument | NetworkDocument, rule: str | None, emits: bool
) -> SpecSpace | NetworkSpace:
    """The same for a checked document."""
    if isinstance(document, NetworkDocument):
        return solve_stages(document)
    return solve_intertwiners(document, build_actions(document), rule, emits)


def solve_intertwiners(
    document: SpecDocument, problem: Problem, rule: str | None = None, emits: bool = False
) -> SpecSpace:
    """Solve a problem and hold it against what its spec expects."""
    with accounted(), document.placing():
        space = SpecSpace(document, problem, rule or document.spec.rule, emits)
        expected = document.spec.expect
        _hold(expected.dimension, space.dimension, "dimension")
        _hold(expected.bias_dimension, space.bias_dimension, "bias_dimension")
        if expected.order is not None:
            _hold(expected.order, space.order, "order")
    return space


def solve_network(given: SpecLike) -> NetworkSpace:
    """The stages of a network, each with all maps of its layer: from a path, a dict or a spec.

    >>> stages = [{"action": "points", "channels": 8}, {"action": "trivial", "channels": 2}]
    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "network": stages}
    >>> print(solve_network(spec).plan)
    sets: points -> points; points -> trivial
    """
    document = load_document(given)
    if not isinstance(document, NetworkDocument):
        with document.placing():
            raise SpecError(
                "no `network`", "the spec of a network", "use intertwine.solve for one layer"
            )
    return solve_stages(document)


def solve_stages(document: NetworkDocument) -> NetworkSpace:
    """Solve the layers of a network and hold it against what its spec expects."""
    with accounted():
        space = NetworkSpace(document, build_network(document))
    with document.placing():
        expected = document.spec.expect
        _hold(expected.parameters, space.parameters, "parameters")
        if expected.order is not None:
            _hold(expected.order, space.order, "order")
    return space


@dataclass(frozen=True)
class Count:
    """The numbers of a spec, found without any basis."""

    name: str
    dimension: int
    bias_dimension: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.name}: dimension {self.dimension}, bias {self.bias_dimension}"


def count(given: SpecLike) -> Count:
    """The exact dimension of a spec's space and of its bias, without listing a basis.

    >>> triples = {"power": ["points", 3]}
    >>> spec = {"name": "big", "group": {"symmetric": 1000}, "input": triples, "output": triples}
    >>> print(count(spec))
    big: dimension 203, bias 5
    """
    document = load_spec(given)
    problem = build_actions(document)
    started = time.perf_counter()
    with accounted(), document.placing():
        total = dimension(problem.source, problem.target)
        bias = dimension(Trivial(problem.group), problem.target)
        _hold(document.spec.expect.dimension, total, "dimension")
        _hold(document.spec.expect.bias_dimension, bias, "bias_dimension")
        if document.spec.expect.order is not None:
            order = group_order(problem.group, [problem.source, problem.target])
            _hold(document.spec.expect.order, order, "order")
    return Count(document.spec.name, total, bias, time.perf_counter() - started)


@dataclass(frozen=True)
class StageCount:
    """The numbers of a network: the dimension of every layer of every stage, and its weights."""

    name: str
    stages: dict[str, list[int]]
    parameters: int
    seconds: float

    def __str__(self) -> str:
        counts = {name: " + ".join(map(str, found)) for name, found in self.stages.items()}
        shown = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
        return f"{self.name}: dimensions {shown}; {many(self.parameters, 'parameter')}"


def count_any(given: SpecLike) -> Count | StageCount:
    """What `count` gives, or for a network the numbers of its stages."""
    document = load_document(given)
    if not isinstance(document, NetworkDocument):
        return count(document)
    started = time.perf_counter()
    space = solve_stages(document)
    counts = {stage.name: space.dimensions(stage) for stage in space.stages}
    parameters = space.parameters
    return StageCount(document.spec.name, counts, parameters, time.perf_counter() - started)


def _hold(expected: int | None, found: int, what: str) -> None:
    if expected is not None and expected != found:
        with located("expect", what):
            raise SpecError(
                short(expected),
                f"{short(found)}, which is what the solver finds and proves",
                "correct the expectation, or the group and actions above it",
            )
