"""The whole story: a spec in, all its equivariant linear maps and their PyTorch layer out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.action.action import Action, Declared, Trivial
from intertwine.action.order import group_order
from intertwine.action.structure import Sum
from intertwine.emit.load import layer_class
from intertwine.emit.module import emit_module
from intertwine.emit.names import check_module, class_name
from intertwine.emit.read import PageField, read_page
from intertwine.emit.write import write_atomically
from intertwine.errors import CertificateError, SpecError, located
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.certify import Certificate
from intertwine.hom.orbital import orbital_codes
from intertwine.hom.rules import dimension
from intertwine.hom.space import IntertwinerSpace
from intertwine.numerals import short
from intertwine.plan.lower import Labels, lower, refuse_large
from intertwine.plan.nodes import Plan
from intertwine.spec.build import Problem, build_actions
from intertwine.spec.load import SpecDocument, load_spec
from intertwine.spec.schema import Spec
from intertwine.version import VERSION

if TYPE_CHECKING:
    import torch

SpecLike = str | Path | Mapping[str, Any] | Spec


def compile_spec(given: SpecLike, folder: str | Path, rule: str | None = None) -> Path:
    """The five stages, from a spec to a file.

    `load_spec` reads and checks the text; `build_actions` makes the group and its two actions;
    `solve_intertwiners` finds and certifies all maps; `lower` turns them into a plan; `emit_module`
    writes the plan as a page of PyTorch, which is stored in `folder`.
    """
    document = load_spec(given)
    problem = build_actions(document)
    space = solve_intertwiners(document, problem, rule)
    page = emit_module(space.plan, VERSION)
    path = Path(folder) / f"{document.spec.name}.py"
    write_atomically(path, page)
    return path


def solve(given: SpecLike, rule: str | None = None, emits: bool = False) -> SpecSpace:
    """All equivariant maps of a spec: a path to YAML, a dict of the same shape, or a Spec.

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


def solve_intertwiners(
    document: SpecDocument, problem: Problem, rule: str | None = None, emits: bool = False
) -> SpecSpace:
    """Solve a problem and hold it against what its spec expects."""
    started = time.perf_counter()
    with document.placing():
        if emits:
            refuse_emission(document, problem)
        space = SpecSpace(document, problem, rule or document.spec.rule)
        expected = document.spec.expect
        _hold(expected.dimension, space.dimension, "dimension")
        _hold(expected.bias_dimension, space.bias_dimension, "bias_dimension")
        if expected.order is not None:
            _hold(expected.order, space.order, "order")
    space.seconds = time.perf_counter() - started
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
    with document.placing():
        total = dimension(problem.source, problem.target)
        bias = dimension(Trivial(problem.group), problem.target)
        _hold(document.spec.expect.dimension, total, "dimension")
        _hold(document.spec.expect.bias_dimension, bias, "bias_dimension")
    return Count(document.spec.name, total, bias, time.perf_counter() - started)


def _hold(expected: int | None, found: int, what: str) -> None:
    if expected is not None and expected != found:
        with located("expect", what):
            raise SpecError(
                short(expected),
                f"{short(found)}, which is what the solver finds and proves",
                "correct the expectation, or the group and actions above it",
            )


def verify_page(path: Path) -> str:
    """Prove an emitted file again from its own tables, without running it: what was proved.

    The generators in the file define a group; its orbitals are found afresh, and must be the
    file's index tables, entry by entry.
    """
    page = read_page(path)
    images = [_declared(field) for field in (*page.inputs.values(), *page.outputs.values())]
    names = tuple(f"g{number}" for number in range(page.generator_count))
    group = Group(str(path), names, {})
    actions = [Declared(group, image) if image else Trivial(group, size) for image, size in images]
    sources = dict(zip(page.inputs, actions, strict=False))
    targets = dict(zip(page.outputs, actions[len(page.inputs) :], strict=True))
    total = 0
    for (target, source), codes in page.codes.items():
        domain = Trivial(group) if source is None else sources[source]
        found = orbital_codes(domain, targets[target])
        if not np.array_equal(found, codes.reshape(found.shape)):
            raise CertificateError(
                f"{path}: the table of {target} from {source or 'bias'} is wrong"
            )
        total += 0 if source is None else int(found.max(initial=0))
    orbitals = f"the orbitals of its {len(names)} generators"
    return f"{path}: dimension {total}, every table equal to {orbitals}"


def _declared(field: PageField) -> tuple[tuple[SignedPermutation, ...], int]:
    images = tuple(
        SignedPermutation(
            np.abs(row) - 1, np.sign(row).astype(np.int8) if (row < 0).any() else None
        )
        for row in field.generators
    )
    return images, field.points


class SpecSpace(IntertwinerSpace):
    """The intertwiners of a spec, with its bias, its certificate and its layer."""

    def __init__(self, document: SpecDocument, problem: Problem, rule: str | None = None) -> None:
        super().__init__(problem.source, problem.target, rule)
        self.document, self.problem, self.asked = document, problem, rule
        self.bias = IntertwinerSpace(Trivial(problem.group), problem.target)
        self.seconds = 0.0

    @property
    def bias_dimension(self) -> int:
        """The dimension of the invariants of the output."""
        return self.bias.dimension

    @cached_property
    def order(self) -> int:
        """The order of the group, exact."""
        return group_order(self.problem.group, [self.source, self.target])

    @cached_property
    def certificate(self) -> Certificate:
        """The proof of the dimension, made once."""
        return self.verify()

    @cached_property
    def plan(self) -> Plan:
        """The plan of the layer."""
        with self.document.placing():
            refuse_emission(self.document, self.problem)
        spec = self.document.spec
        sources, targets = _fields(self.source, "input"), _fields(self.target, "output")
        whole = len(sources) == len(targets) == 1
        spaces = {
            (t, s): self if whole else IntertwinerSpace(source, target)
            for t, target in targets.items()
            for s, source in sources.items()
        }
        trivial = Trivial(self.problem.group)
        invariants = {t: IntertwinerSpace(trivial, target) for t, target in targets.items()}
        labels = Labels(
            name=spec.name,
            class_name=_class_of(spec),
            description=spec.description,
            order=short(self.order),
            certificate=str(self.certificate),
            digest=self.document.digest,
            bias=spec.layer.bias,
            channels_last=spec.layer.layout == "channels_last",
        )
        named = (_has_fields(self.source), _has_fields(self.target))
        return lower(sources, targets, spaces, invariants, labels, named)

    @cached_property
    def page(self) -> str:
        """The text of the emitted module."""
        return emit_module(self.plan, VERSION)

    def layer(self, in_channels: Any, out_channels: Any, **options: Any) -> torch.nn.Module:
        """An instance of the emitted class, made from the very text that `emit` writes."""
        made: torch.nn.Module = layer_class(self.page, self.plan)(
            in_channels, out_channels, **options
        )
        return made

    def emit(self, folder: str | Path) -> Path:
        """Write the module to `folder/<name>.py`, whole or not at all."""
        path = Path(folder) / f"{self.document.spec.name}.py"
        write_atomically(path, self.page)
        return path

    def __str__(self) -> str:
        return (
            f"Hom_G(R^{self.source.dimension} -> R^{self.target.dimension}): "
            f"dimension {self.dimension}, |G| = {short(self.order)}, by {self.rule}"
        )


def refuse_emission(document: SpecDocument, problem: Problem) -> None:
    """Refuse, before anything is solved, a layer whose names or whose size are impossible."""
    with located("name"):
        check_module(document.spec.name, _class_of(document.spec))
    refuse_large(_fields(problem.source, "input"), _fields(problem.target, "output"))


def _class_of(spec: Spec) -> str:
    return spec.layer.class_name or class_name(spec.name)


def _has_fields(action: Action) -> bool:
    return isinstance(action, Sum) and bool(action.fields)


def _fields(action: Action, alone: str) -> dict[str, Action]:
    if isinstance(action, Sum) and action.fields:
        return dict(zip(action.fields, action.members, strict=True))
    return {alone: action}
