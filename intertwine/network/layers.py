"""The layers of a network, each solved once however many stages use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from intertwine.action.action import Action
from intertwine.errors import IntertwineError, SpecError
from intertwine.form import Form
from intertwine.names import class_name
from intertwine.network.pooling import extends
from intertwine.options import unheard
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.plan.unreached import lost_outputs
from intertwine.solution import SpecSpace
from intertwine.spec.build import Problem
from intertwine.spec.layer_forms import Layer, Support
from intertwine.spec.load import NetworkDocument, SpecDocument
from intertwine.spec.network_forms import Stage
from intertwine.spec.schema import NetworkSpec, Spec

Key = tuple[Action, Action, str]


@dataclass
class Layers:
    """The spaces of all layers, in the order of their first use."""

    document: NetworkDocument
    spaces: list[SpecSpace] = field(default_factory=list)
    _known: dict[Key, int] = field(default_factory=dict)

    def number(self, module: str, source: Action, target: Action, layer: Layer, said: str) -> int:
        """The number of the layer between two actions, which is called after its first module.

        Refusals say that it is `said`, such as "on stage mix".
        """
        key = (source, target, layer.model_dump_json())
        if key not in self._known:
            self._known[key] = len(self.spaces)
            self.spaces.append(self._solved(module, (source, target), layer, said))
        return self._known[key]

    def _solved(
        self, module: str, sides: tuple[Action, Action], layer: Layer, said: str
    ) -> SpecSpace:
        spec, (source, target) = self.document.spec, sides
        taken = {spec.layer.class_name or class_name(spec.name)}
        taken |= {space.class_name for space in self.spaces}
        called = f"{class_name(module)}Layer"
        if called in taken:
            called = f"{called}{len(taken) + 1}"
        made = _spec_of(spec, module, layer.model_copy(update={"class_name": called}))
        document = self.document
        one = SpecDocument(made, document.origin, document.folder, document.digest, document.lines)
        with _placed_by_its_stage():
            Form(made, source, target).refuse()
            space = SpecSpace(one, Problem(target.group, source, target), None)
            _refuse_nothing(space, said)
        return space


def _spec_of(spec: NetworkSpec, module: str, layer: Layer) -> Spec:
    """The spec of one layer of a network; its actions are those that the layer is solved for."""
    return Spec.model_construct(
        name=f"{module}_layer",
        description=f"a layer of the network {spec.name}",
        group=spec.group,
        input=spec.input,
        output=spec.input,
        layer=layer,
    )


def layer_of(document: NetworkDocument, stage: Stage, source: Action, target: Action) -> Layer:
    """What a stage's layer looks like: as the stage says, else as the network does.

    A support and a boundary that the network says are for layers from a grid to a grid, what pools
    divide by for layers of any size.  What comes out of a nonlinearity has a mean, so that first
    weights are by default for correlated inputs, where inputs can be such.
    """
    usual = document.spec.layer
    usual = usual.model_copy(update={"init": usual.init or "correlated"})
    if not (extends(source) and extends(target)):
        usual = whole(usual)
    said = {
        key: getattr(stage, key)
        for key in ("bias", "strategy", "support", "boundary", "init")
        if getattr(stage, key) is not None
    }
    form = Form(_spec_of(document.spec, "usual", usual.model_copy(update=said)), source, target)
    idle = {key for key, _ in unheard(form)} & {"init", "normalize"}
    defaults = {key: Layer.model_fields[key].default for key in idle}
    return usual.model_copy(update=defaults | said)


def whole(layer: Layer) -> Layer:
    """The same layer without a support."""
    return layer.model_copy(update={"support": Support(), "boundary": "periodic"})


@contextmanager
def _placed_by_its_stage() -> Iterator[None]:
    """A refusal of a layer learns its line from the stage that it is raised in."""
    try:
        yield
    except IntertwineError as error:
        error.path, error.line, error.place = (), None, ""
        raise


def _refuse_nothing(space: SpecSpace, said: str) -> None:
    """Refuse a layer that gives nothing but zero in one of its outputs."""
    lost = [] if isinstance(space.plan, SizePlan) else lost_outputs(space.form.targets, space.maps)
    for name in lost:
        field = f" in the field {name}" if space.form.named[1] else ""
        raise SpecError(
            f"{space.source} -> {space.target} {said}",
            f"some map that is not zero{field}",
            "nothing passes: take features that the input reaches, or keep more maps",
        )
