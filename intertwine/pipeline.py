"""The whole story: a spec in, all its equivariant linear maps and their PyTorch layer out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from intertwine.action.action import Trivial
from intertwine.action.order import group_order
from intertwine.errors import SpecError, located, shown
from intertwine.form import Form
from intertwine.hom.rules import dimension
from intertwine.limits import accounted
from intertwine.network.space import NetworkSpace
from intertwine.numerals import many, short
from intertwine.solution import Solution, SpecSpace
from intertwine.spec.build import build_actions
from intertwine.spec.load import (
    Document,
    NetworkDocument,
    SpecDocument,
    SpecLike,
    load_document,
)
from intertwine.spec.network import build_network
from intertwine.spec.schema import NetworkSpec, Spec


def compile_spec(given: SpecLike, folder: str | Path, rule: str | None = None) -> Path:
    """From a spec, of a layer or of a network, to a file of PyTorch in `folder`.

    `load_document` reads and checks the text; `build_actions` makes the group and its actions;
    `SpecSpace` finds and proves all maps; its `plan` is the program of a layer, and its `page` the
    text of that.  A network is stages of such layers.
    """
    return solve(given, rule, emits=True).emit(folder)


@overload
def solve(
    given: Spec | SpecDocument, rule: str | None = None, emits: bool = False
) -> SpecSpace: ...
@overload
def solve(
    given: NetworkSpec | NetworkDocument, rule: str | None = None, emits: bool = False
) -> NetworkSpace: ...
@overload
def solve(given: SpecLike, rule: str | None = None, emits: bool = False) -> SpecSpace | Any: ...
def solve(given: SpecLike, rule: str | None = None, emits: bool = False) -> Solution:
    """All equivariant maps of a spec: a path to YAML, a dict, a Spec, or what `load_spec` gave.

    The spec of a layer gives a `SpecSpace`, that of a network a `NetworkSpace`: two kinds of one
    `Solution`.  With `emits`, a layer that cannot be emitted is refused before anything is solved;
    a network always is.

    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> space = solve(spec)
    >>> print(space)
    Hom_G(R^4 -> R^4): dimension 2, |G| = 24, by partitions
    >>> space.dimension, space.bias_dimension
    (2, 1)
    >>> space.module_class(2, 3).weight.shape
    torch.Size([2, 3, 2])
    >>> stages = [{"action": "points", "channels": 8}, {"action": "trivial", "channels": 2}]
    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "network": stages}
    >>> print(solve(spec).plan)
    sets: points -> points; points -> trivial
    """
    document = load_document(given)
    if isinstance(document, NetworkDocument):
        return _solved_network(document, rule)
    return _solved_layer(document, rule, emits)


def _solved_layer(document: SpecDocument, rule: str | None, emits: bool) -> SpecSpace:
    problem = build_actions(document)
    with accounted(), document.placing():
        if emits:
            Form(document.spec, problem.source, problem.target).refuse()
        space = SpecSpace(document, problem, rule or document.spec.rule)
        _hold(
            document,
            lambda: space.order,
            dimension=space.dimension,
            bias_dimension=space.bias_dimension,
        )
    return space


def _solved_network(document: NetworkDocument, rule: str | None) -> NetworkSpace:
    if rule is not None:
        raise SpecError(f"the rule {shown(rule)} for a network", "a layer's spec", "leave it out")
    problem = build_network(document)
    with accounted(), document.placing():
        space = NetworkSpace(document, problem)
        _hold(document, lambda: space.order, parameters=space.parameters)
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


@dataclass(frozen=True)
class NetworkCount:
    """The numbers of a network: the dimension of every layer of every stage, and its weights."""

    name: str
    stages: dict[str, list[int]]
    parameters: int
    seconds: float

    def __str__(self) -> str:
        counts = {name: " + ".join(map(str, found)) for name, found in self.stages.items()}
        shown = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
        return f"{self.name}: dimensions {shown}; {many(self.parameters, 'parameter')}"


@overload
def count(given: Spec | SpecDocument) -> Count: ...
@overload
def count(given: NetworkSpec | NetworkDocument) -> NetworkCount: ...
@overload
def count(given: SpecLike) -> Count | Any: ...
def count(given: SpecLike) -> Count | NetworkCount:
    """The exact numbers of a spec: of a layer the dimensions of its maps and of its bias.

    No basis of a layer is listed.  Of a network, the dimension of every layer is counted, and what
    all of them learn.

    >>> triples = {"power": ["points", 3]}
    >>> spec = {"name": "big", "group": {"symmetric": 1000}, "input": triples, "output": triples}
    >>> print(count(spec))
    big: dimension 203, bias 5
    """
    document = load_document(given)
    if isinstance(document, NetworkDocument):
        return _counted_network(document)
    return _counted_layer(document)


def _counted_layer(document: SpecDocument) -> Count:
    problem = build_actions(document)
    started = time.perf_counter()
    sides = problem.source, problem.target
    with accounted(), document.placing():
        total = dimension(*sides)
        bias = dimension(Trivial(problem.group), problem.target)
        seconds = time.perf_counter() - started
        _hold(
            document,
            lambda: group_order(problem.group, sides),
            dimension=total,
            bias_dimension=bias,
        )
    return Count(document.spec.name, total, bias, seconds)


def _counted_network(document: NetworkDocument) -> NetworkCount:
    started = time.perf_counter()
    space = _solved_network(document, None)
    counts = {stage.name: space.dimensions(stage) for stage in space.stages}
    seconds = time.perf_counter() - started
    return NetworkCount(document.spec.name, counts, space.parameters, seconds)


def _hold(document: Document, order: Callable[[], int], **numbers: int) -> None:
    """Refuse a spec that expects other numbers; the order is found only where one is expected."""
    wanted = {key: number for key, number in document.spec.expect if number is not None}
    for key in sorted(wanted, key=lambda key: key == "order"):
        number = order() if key == "order" else numbers[key]
        if wanted[key] != number:
            with located("expect", key):
                raise SpecError(
                    short(wanted[key]),
                    f"{short(number)}, which is what the solver finds and proves",
                    "correct the expectation, or the group and actions above it",
                )
