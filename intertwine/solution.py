"""What solving a spec gives: its intertwiners, their proof, their plan and their layer."""

from __future__ import annotations

import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from intertwine import __version__
from intertwine.action.action import Action, Trivial
from intertwine.emit.load import loaded_class
from intertwine.emit.module import emit_module
from intertwine.errors import CoincidenceWarning, attribute, located
from intertwine.files import write_atomically
from intertwine.form import Form
from intertwine.hom.basis import Basis
from intertwine.hom.certify import Certificate
from intertwine.hom.space import IntertwinerSpace
from intertwine.hom.sums import Blocks, BlockStack
from intertwine.numerals import short
from intertwine.options import refuse_unheard
from intertwine.plan.labels import Labels
from intertwine.plan.lower import lower, refuse_large
from intertwine.plan.moved import Words
from intertwine.plan.network import AnyPlan, StagePlan
from intertwine.plan.stacking import stacked
from intertwine.plan.strategies import Choice, choose_each
from intertwine.plan.strategy.diagrams import SizePlan, planned
from intertwine.plan.task import Task
from intertwine.plan.unreached import Unreached, unreached
from intertwine.spec.build import Problem
from intertwine.spec.load import Document, SpecDocument
from intertwine.summary import Summary, layer_summary

if TYPE_CHECKING:
    import torch


class Solution(Protocol):
    """What solving a spec gives: spaces of maps, their proofs, a plan, a page and its module.

    A layer is a `SpecSpace`, and a network a `NetworkSpace`.

    >>> from intertwine.pipeline import solve
    >>> spec = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> solution = solve(spec)
    >>> solution.name, solution.class_name, len(solution.layer_spaces), solution.stages
    ('ring', 'Ring', 1, ())
    """

    document: Document

    @property
    def class_name(self) -> str:
        """The name of the module's class."""
        ...

    @property
    def layer_spaces(self) -> tuple[SpecSpace, ...]:
        """The spaces of all layers, each solved once."""
        ...

    @property
    def stages(self) -> tuple[StagePlan, ...]:
        """The stages of a network; a layer has none."""
        ...

    @property
    def page(self) -> str:
        """The text of the emitted module."""
        ...

    def summary(self, emits: bool) -> Summary:
        """The facts; those of the layer too, where it is to be emitted."""
        ...

    def proofs(self) -> list[str]:
        """A line for each layer: its dimension, and why it is right."""
        ...

    @property
    def name(self) -> str:
        """The name of the spec, and of the emitted file."""
        return self.document.spec.name

    @property
    def module_class(self) -> Any:
        """The class of the module, from the very text that `emit` writes."""
        return loaded_class(self.page, self.name, self.class_name)

    def emit(self, folder: str | Path) -> Path:
        """Write the module to `folder/<name>.py`, whole or not at all."""
        path = Path(folder) / f"{self.name}.py"
        write_atomically(path, self.page)
        return path


class SpecSpace(IntertwinerSpace, Solution):
    """The intertwiners of a spec, with its bias, its certificate and its layer.

    >>> from intertwine.spec.build import build_actions
    >>> from intertwine.spec.load import load_spec
    >>> spec = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> document = load_spec(spec)
    >>> space = SpecSpace(document, build_actions(document), rule=None)
    >>> space.labels.tolist(), space.bias_dimension, space.unreached
    ([[0, 1, 2], [2, 0, 1], [1, 2, 0]], 1, ())
    >>> print(space.plan)
    ring: expand 3 coefficients to 3 x 3
    """

    document: SpecDocument
    stages = ()

    def __init__(self, document: SpecDocument, problem: Problem, rule: str | None) -> None:
        super().__init__(problem.source, problem.target, rule)
        self.document, self.problem, self.asked = document, problem, rule
        self.form = Form(document.spec, problem.source, problem.target)
        self.bias = IntertwinerSpace(Trivial(problem.group), problem.target)

    @property
    def class_name(self) -> str:
        """The name of the layer's class."""
        return self.form.class_name

    @property
    def bias_dimension(self) -> int:
        """The dimension of the invariants of the output."""
        return self.bias.dimension

    @property
    def layer_spaces(self) -> tuple[SpecSpace, ...]:
        """The space itself, of the only layer."""
        return (self,)

    @cached_property
    def certificate(self) -> Certificate:
        """The proof of the dimension, made once."""
        return self.verify()

    @cached_property
    @attribute()
    def plan(self) -> AnyPlan:
        """The plan of the layer."""
        form = self.form
        with self.document.placing():
            form.refuse()
        if form.axes is not None:
            layer = self.document.spec.layer
            dimensions = (self.dimension, self.bias_dimension)
            options = (layer.normalize == "mean", layer.strategy == "expand")
            return planned(self.labelled(), *form.axes, options, dimensions)
        sources, targets = form.sources, form.targets
        trivial = Trivial(self.problem.group)
        invariants = {t: IntertwinerSpace(trivial, target) for t, target in targets.items()}
        sides = sources, targets, self._spaces, invariants
        return (stacked if form.stacked else lower)(
            *sides, self.labelled(), self.choices, form.wish.radius if form.wish.zeros else None
        )

    @cached_property
    def _spaces(self) -> dict[tuple[str, str], IntertwinerSpace]:
        """The spaces between all pairs of fields, by target and source."""
        sources, targets = self.form.sources, self.form.targets
        if len(sources) == len(targets) == 1:
            return dict.fromkeys(((t, s) for t in targets for s in sources), self)
        known: dict[tuple[Action, Action], Basis] = {}
        if isinstance(self.found, Blocks | BlockStack):
            sides = zip(self.target.summands(), self.found.blocks, strict=True)
            known = {
                (source, target): block
                for target, row in sides
                for source, block in zip(self.source.summands(), row, strict=True)
            }
        return {
            (t, s): IntertwinerSpace(source, target, found=known.get((source, target)))
            for t, target in targets.items()
            for s, source in sources.items()
        }

    @cached_property
    @attribute()
    def choices(self) -> dict[tuple[str, str], Choice]:
        """Which maps are kept between all pairs of fields, and how each are computed."""
        form = self.form
        with self.document.placing():
            refuse_unheard(form)
            with located("layer"):
                spaces = self._spaces.items()
                tasks = {key: Task.of(space, form.wish, form.stacked) for key, space in spaces}
                choices = choose_each(tasks)
        refuse_large([(c.task.source, c.task.target) for c in choices.values() if c.route.expands])
        return choices

    @property
    def maps(self) -> Basis:
        """The maps of the layer: all, or what its support and the ends of its grid leave."""
        if not self.form.restricts:
            return self.found
        maps = {key: choice.task.maps for key, choice in self.choices.items()}
        if len(maps) == 1:
            return next(iter(maps.values()))
        blocks = tuple(tuple(maps[t, s] for s in self.form.sources) for t in self.form.targets)
        dimension = sum(block.dimension for block in maps.values())
        return BlockStack(self.target.dimension, self.source.dimension, dimension, blocks)

    @property
    def kept(self) -> int:
        """How many maps the layer has."""
        return self.plan.dimension if self.form.restricts else self.dimension

    @property
    def motions(self) -> Words | None:
        """What commutes with the maps where a grid ends; None where all of the group does."""
        return next(iter(self.choices.values())).task.motions if self.form.restricts else None

    @property
    def unreached(self) -> tuple[Unreached, ...]:
        """The parts of the output that no map of the layer reaches."""
        return unreached(self.target, self.maps, self.bias.found)

    def summary(self, emits: bool) -> Summary:
        """The facts of the space, and of the layer that is to be emitted."""
        return layer_summary(self, emits)

    @property
    def coincidence(self) -> str:
        """Which diagrams of a layer of any size depend on the others at the spec's own size."""
        return self.plan.coincidence or "" if isinstance(self.plan, SizePlan) else ""

    def proofs(self) -> list[str]:
        """The dimension and why it is right."""
        return [f"dimension {self.dimension}; {self.certificate}"]

    def labelled(self) -> Labels:
        """What the page says of its layer, besides the mathematics."""
        spec = self.document.spec
        input_fields, output_fields = self.form.named
        return Labels(
            name=spec.name,
            class_name=self.form.class_name,
            title=f"{self.source} -> {self.target}",
            description=spec.description,
            group=str(self.problem.group),
            order=short(self.order),
            certificate=str(self.certificate),
            digest=self.document.digest,
            bias=spec.layer.bias,
            channels_last=spec.layer.layout == "channels_last",
            input_fields=input_fields,
            output_fields=output_fields,
            correlated=spec.layer.init == "correlated",
            unreached=tuple(map(str, self.unreached)),
        )

    @cached_property
    def page(self) -> str:
        """The text of the emitted module."""
        return emit_module(self.plan, __version__)

    def layer(self, in_channels: Any, out_channels: Any, **options: Any) -> torch.nn.Module:
        """An instance of the emitted class, made from the very text that `emit` writes.

        Warns:
            CoincidenceWarning: the layer serves every size, and at the spec's own some of its
                diagrams depend on the others.
        """
        if self.coincidence:
            warnings.warn(self.coincidence, CoincidenceWarning, stacklevel=2)
        made: torch.nn.Module = self.module_class(in_channels, out_channels, **options)
        return made
