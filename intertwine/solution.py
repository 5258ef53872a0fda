"""What solving a spec gives: its intertwiners, their proof, their plan and their layer."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intertwine.action.action import Action, Trivial
from intertwine.action.structure import Sum
from intertwine.emit.load import layer_class
from intertwine.emit.module import emit_module
from intertwine.emit.names import check_module, class_name
from intertwine.emit.write import write_atomically
from intertwine.errors import SpecError, located
from intertwine.hom.certify import Certificate
from intertwine.hom.space import IntertwinerSpace
from intertwine.numerals import short
from intertwine.plan.diagram import Axes
from intertwine.plan.lower import MOST_CONVOLVED, MOST_ENTRIES, lower, refuse_large
from intertwine.plan.nodes import Labels, Plan
from intertwine.plan.route import Wish
from intertwine.plan.sizes import SizePlan, axes_of_any_size, planned
from intertwine.spec.build import Problem
from intertwine.spec.load import SpecDocument
from intertwine.spec.schema import Layer, Spec
from intertwine.version import VERSION

if TYPE_CHECKING:
    import torch


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
    def certificate(self) -> Certificate:
        """The proof of the dimension, made once."""
        return self.verify()

    @cached_property
    def sides(self) -> tuple[dict[str, Action], dict[str, Action]]:
        """The inputs and the outputs of the layer, by name."""
        return _fields(self.source, "input"), _fields(self.target, "output")

    @cached_property
    def axes(self) -> tuple[dict[str, Axes], dict[str, Axes]] | None:
        """The axes of all fields, where the layer serves every size."""
        return None if _restricts(self.document.spec.layer) else axes_of_any_size(*self.sides)

    @cached_property
    def plan(self) -> Plan | SizePlan:
        """The plan of the layer."""
        with self.document.placing():
            self.refuse_emission()
        layer = self.document.spec.layer
        sources, targets = self.sides
        if self.axes is not None:
            dimensions = (self.dimension, self.bias_dimension)
            options = (layer.normalize == "mean", layer.strategy == "expand")
            return planned(self.labelled(), *self.axes, options, dimensions)
        whole = len(sources) == len(targets) == 1
        spaces = {
            (t, s): self if whole else IntertwinerSpace(source, target)
            for t, target in targets.items()
            for s, source in sources.items()
        }
        trivial = Trivial(self.problem.group)
        invariants = {t: IntertwinerSpace(trivial, target) for t, target in targets.items()}
        with self.document.placing(), located("layer"):
            return lower(sources, targets, spaces, invariants, self.labelled(), _wish(layer))

    def labelled(self) -> Labels:
        """What the page says of its layer, besides the mathematics."""
        spec = self.document.spec
        return Labels(
            name=spec.name,
            class_name=_class_of(spec),
            title=f"{self.source} -> {self.target}",
            description=spec.description,
            group=str(self.problem.group),
            order=short(self.order),
            certificate=str(self.certificate),
            digest=self.document.digest,
            bias=spec.layer.bias,
            channels_last=spec.layer.layout == "channels_last",
            input_fields=_has_fields(self.source),
            output_fields=_has_fields(self.target),
        )

    def refuse_emission(self) -> None:
        """Refuse a layer whose names, options or size are impossible; nothing need be solved."""
        spec = self.document.spec
        with located("name"):
            check_module(spec.name, _class_of(spec))
        self._refuse_options()
        if self.axes is None:
            convolved = spec.layer.support.radius is not None
            refuse_large(*self.sides, MOST_CONVOLVED if convolved else MOST_ENTRIES)

    def _refuse_options(self) -> None:
        """Refuse what a layer cannot be asked for, in place of leaving it out."""
        layer = self.document.spec.layer
        routed = self.axes is None and layer.strategy in ("convolve", "factor")
        fields = _has_fields(self.source) or _has_fields(self.target)
        if fields and (routed or _restricts(layer)):
            raise SpecError(
                "layer: a support, a boundary or a strategy beside fields",
                "an input and an output without named fields",
                "leave it out, or make a layer for each pair of fields",
            )
        if self.axes is not None and layer.strategy == "convolve":
            raise SpecError(
                "layer: strategy: convolve",
                "auto, factor or expand: this layer serves every size",
                "leave it out",
            )

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


def _restricts(layer: Layer) -> bool:
    """Whether the layer keeps some maps only."""
    supported = layer.support.radius is not None or layer.support.orbitals is not None
    return supported or layer.boundary == "zeros"


def _wish(layer: Layer) -> Wish:
    orbitals = layer.support.orbitals
    return Wish(
        layer.strategy,
        layer.support.radius,
        None if orbitals is None else tuple(sorted(set(orbitals))),
        layer.boundary == "zeros",
    )


def _class_of(spec: Spec) -> str:
    return spec.layer.class_name or class_name(spec.name)


def _has_fields(action: Action) -> bool:
    return isinstance(action, Sum) and bool(action.fields)


def _fields(action: Action, alone: str) -> dict[str, Action]:
    if isinstance(action, Sum) and action.fields:
        return dict(zip(action.fields, action.members, strict=True))
    return {alone: action}
