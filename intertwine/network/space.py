"""What solving the spec of a network gives: its layers, its plan, its page and its module."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from intertwine import __version__
from intertwine.action.order import group_order
from intertwine.emit.network import emit_network
from intertwine.errors import attribute
from intertwine.group.coarsening import Word
from intertwine.names import class_name
from intertwine.network.layers import Layers
from intertwine.network.refusals import (
    refuse_ends,
    refuse_idle,
    refuse_modules,
    refuse_names,
)
from intertwine.network.stages import Stages
from intertwine.network.summary import network_summary
from intertwine.network.symmetry import centred_words, order_left, own_words, traced
from intertwine.network.values import values
from intertwine.numerals import many, short
from intertwine.plan.diagram import Axes
from intertwine.plan.moved import moved_field
from intertwine.plan.network import (
    Add,
    AnyPlan,
    Dropout,
    Keep,
    Linear,
    NetworkLabels,
    NetworkPlan,
    Normalize,
    Pointwise,
    Pool,
    Product,
    StagePlan,
)
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.plan.support import keeps_ends
from intertwine.solution import Solution, SpecSpace
from intertwine.spec.load import NetworkDocument
from intertwine.spec.network import NetworkProblem
from intertwine.summary import Summary

if TYPE_CHECKING:
    import torch

_ANY_SIZE = (Add, Dropout, Keep, Linear, Normalize, Pointwise, Pool)


class NetworkSpace(Solution):
    """The stages of a network that fit: each with all maps of its layer, proved.

    >>> from intertwine.spec.load import load_document
    >>> from intertwine.spec.network import build_network
    >>> stages = [{"action": "points", "channels": 8}, {"action": "trivial", "channels": 2}]
    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "network": stages}
    >>> document = load_document(spec)
    >>> print(NetworkSpace(document, build_network(document)))
    sets: points -> points -> trivial, under S_4
    """

    document: NetworkDocument

    def __init__(self, document: NetworkDocument, problem: NetworkProblem) -> None:
        self.document, self.problem = document, problem
        with document.placing():
            refuse_names(document, problem, self.class_name)
            layers = Layers(document)
            self._stages = tuple(Stages(problem, layers).planned())
            self._layer_spaces = tuple(layers.spaces)
            refuse_modules(self._stages)
            refuse_idle(document, [space.document.spec.layer for space in self._layer_spaces])
            if self._has_ends:
                refuse_ends(problem)

    @property
    def class_name(self) -> str:
        """The name of the network's class."""
        spec = self.document.spec
        return spec.layer.class_name or class_name(spec.name)

    @property
    def layer_spaces(self) -> tuple[SpecSpace, ...]:
        """The spaces of its layers, each solved once."""
        return self._layer_spaces

    @property
    def stages(self) -> tuple[StagePlan, ...]:
        """The stages, as steps."""
        return self._stages

    @cached_property
    def order(self) -> int:
        """The exact order of the group."""
        group = self.problem.group
        actions = [f.action for s in self.problem.stages for f in (s.source, s.mapped)]
        mine = [self.problem.source.action, *actions]
        return group_order(group, [action for action in mine if action.group is group])

    @cached_property
    @attribute()
    def plan(self) -> NetworkPlan:
        """The plan of the network."""
        problem = self.problem
        layers = tuple(space.plan for space in self.layer_spaces)
        sizes = self._sizes(layers)
        given = tuple(values(problem.source).values())
        if sizes is not None:
            return NetworkPlan(self._labelled(), layers, given, self.stages, (), (), (), sizes)
        target, words = problem.stages[-1].target, self._words
        leaves = tuple(left for stage in problem.stages for left in stage.leaves)
        before = traced(words, leaves)
        sides = [*problem.source.fields.values(), *target.fields.values()]
        linear = any(action.linear for action in sides)
        with self.document.placing():
            inputs = [moved_field(n, a, before, linear) for n, a in problem.source.fields.items()]
            outputs = [moved_field(n, a, words, linear) for n, a in target.fields.items()]
        moved = tuple(words), tuple(inputs), tuple(outputs)
        return NetworkPlan(self._labelled(), layers, given, self.stages, *moved, None)

    @property
    def parameters(self) -> int:
        """How many numbers the network learns."""
        return sum(map(self.plan.parameters, self.plan.stages))

    @cached_property
    def page(self) -> str:
        """The text of the emitted module."""
        return emit_network(self.plan, __version__)

    def model(self, **options: object) -> torch.nn.Module:
        """An instance of the emitted network, made from the very text that `emit` writes."""
        made: torch.nn.Module = self.module_class(**options)
        return made

    def summary(self, emits: bool) -> Summary:
        """The facts of the network, whose page is written with all of them."""
        return network_summary(self)

    def dimensions(self, stage: StagePlan) -> list[int]:
        """How many maps each layer of a stage has."""
        numbers = [step.layer for step in stage.steps if isinstance(step, Linear | Product)]
        return [self.layer_spaces[number].kept for number in numbers]

    def proofs(self) -> list[str]:
        """A line a layer: its dimension, and why it is right."""
        return [
            f"{space.class_name}, {space.source} -> {space.target}: {proof}"
            for space in self.layer_spaces
            for proof in space.proofs()
        ]

    @property
    def proved(self) -> str:
        """Of how many layers the dimension was proved, and of how many in a second way."""
        counts = [space.certificate.second.value for space in self.layer_spaces]
        twice = sum(value is not None for value in counts)
        return f"{many(len(counts), 'layer')}, each tested; counted again in a second way: {twice}"

    @property
    def left(self) -> str:
        """The symmetry that is left, where it is not the whole group."""
        group = self.problem.stages[-1].target.action.group
        if self._has_ends:
            order = order_left(group, self._words)
            about = f"the point group of {group} about the middle, of order {order}"
            return about if order > 1 else "nothing but the identity"
        return "" if group is self.problem.group else f"{group}, of order {short(group.order)}"

    @cached_property
    def _words(self) -> dict[str, Word]:
        """The symmetry that is left behind the last stage, as words in the group there.

        Where grids end it is what keeps their ends, as far as every layer there commutes with it.
        """
        group = self.problem.stages[-1].target.action.group
        if not self._has_ends:
            return own_words(group)
        ended = [s for s in self.layer_spaces if s.form.wish.zeros and s.problem.group is group]
        words = centred_words(group).items()
        return {n: w for n, w in words if all(keeps_ends(s.source, s.target, w) for s in ended)}

    @property
    def _has_ends(self) -> bool:
        """Whether some layer ends its grid with zeros."""
        return any(space.form.wish.zeros for space in self.layer_spaces)

    def _labelled(self) -> NetworkLabels:
        spec = self.document.spec
        return NetworkLabels(
            name=spec.name,
            class_name=self.class_name,
            description=spec.description,
            group=str(self.problem.group),
            order=short(self.order),
            left=self.left,
            digest=self.document.digest,
            input_fields=self.problem.source.named,
            output_fields=self.problem.stages[-1].target.named,
        )

    def _sizes(self, layers: tuple[AnyPlan, ...]) -> dict[str, int] | None:
        """The sizes of the spec where one network serves every size, as all its parts do."""
        spaces, stages = self.layer_spaces, self.problem.stages
        features = [self.problem.source, *(f for s in stages for f in (s.mapped, s.target))]
        if any(Axes.of(a) is None for f in features for a in f.fields.values()):
            return None
        sized = [layer for layer in layers if isinstance(layer, SizePlan) and not layer.expand]
        still = sum(_unmoved(space) for space in spaces)
        steps = [step for stage in self.stages for step in stage.steps]
        if not sized or len(sized) + still < len(spaces):
            return None
        if not all(isinstance(step, _ANY_SIZE) for step in steps):
            return None
        axes = [Axes.of(a) for feature in features for a in feature.fields.values()]
        pairs = [p for a in axes if a for p in zip(a.factors, a.sizes, strict=True)]
        return {factor: size for factor, size in pairs if factor is not None}

    def __str__(self) -> str:
        actions = [self.problem.source.action, *(s.target.action for s in self.problem.stages)]
        shown = " -> ".join(map(str, actions))
        return f"{self.document.spec.name}: {shown}, under {self.problem.group}"


def _unmoved(space: SpecSpace) -> bool:
    """Whether a layer has no axis that any group element moves."""
    sides = (*space.form.sources.values(), *space.form.targets.values())
    axes = [Axes.of(action) for action in sides]
    return all(a is not None and not a.moved for a in axes)
