"""From the stages of a network to the steps of its forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from intertwine.action.action import Action
from intertwine.action.structure import Sum, Tensor, members_of
from intertwine.errors import SpecError, located
from intertwine.network.fit import (
    refuse_large_product,
    refuse_maximum,
    refuse_nonlinearity,
    refuse_normalization,
)
from intertwine.network.layers import Layers, layer_of, whole
from intertwine.network.pooling import dropped_axes, grid_axes, refuse_misfit
from intertwine.network.values import by_field, described, gate, member, shortcut, values
from intertwine.plan.diagram import Axes
from intertwine.plan.network import (
    Add,
    ByNorm,
    Dropout,
    Gate,
    Keep,
    Linear,
    Normalize,
    Pointwise,
    Pool,
    Product,
    StagePlan,
    Step,
    Stride,
    Value,
    Windows,
)
from intertwine.plan.nodes import Plan
from intertwine.spec.network import ALONE, Features, NetworkProblem, StageProblem
from intertwine.spec.network_forms import POINTWISE

INPUT = "input"


@dataclass
class Stages:
    """Turns the stages of a problem into steps, and solves their layers on the way."""

    problem: NetworkProblem
    layers: Layers
    _features: dict[str, Features] = field(default_factory=dict)

    def planned(self) -> list[StagePlan]:
        """All stages, in order."""
        plans = []
        self._features[INPUT] = self.problem.source
        for number, stage in enumerate(self.problem.stages):
            with located("network", number):
                plans.append(self._planned(stage))
            self._features[stage.name] = stage.target
        return plans

    def _planned(self, stage: StageProblem) -> StagePlan:
        given, steps = stage.given, list[Step]()
        kept = self._kept(stage)
        if stage is self.problem.stages[0] and self._added(INPUT):
            ends = values(stage.source).items()
            steps += [Keep(shortcut(stage.source, name, INPUT), v) for name, v in ends]
        if given.residual is True:
            steps += [Keep(kept[name], v) for name, v in values(stage.source).items()]
        words = by_field(stage.mapped, given.nonlinearity, "nonlinearity")
        linear = [] if given.action is None else self._linear(stage)
        gates = self._gates(stage, words)
        strided = self._strides(stage)
        if len(linear) == 1 and strided and self._skips(linear[0]):
            linear, strided = [replace(linear[0], stride=given.stride or 1)], []
        steps += [*gates, *linear, *strided]
        steps += self._normalized(stage)
        steps += [Add(v, kept[name]) for name, v in values(stage.strided).items() if kept]
        for name, value in values(stage.strided).items():
            steps += self._bent(stage, name, value, words.get(name), gates)
        for name, value in values(stage.strided).items() if given.dropout else ():
            module = member(stage.name, "dropout", stage.strided, name)
            steps.append(Dropout(module, given.dropout or 0, value))
        steps += self._pooled(stage)
        if self._added(stage.name):
            steps += [
                Keep(shortcut(stage.target, name, stage.name), v)
                for name, v in values(stage.target).items()
            ]
        results = _tensors(stage.target)
        note = "; ".join(str(left) for left in stage.leaves)
        title = f"{stage.source.action} -> {stage.target.action}"
        return StagePlan(stage.name, title, results, tuple(steps), note)

    def _linear(self, stage: StageProblem) -> list[Linear]:
        """The layer of a stage; of one size, from a single tensor, one for each field."""
        source, target = stage.source, stage.mapped
        made, inputs = values(target), _tensors(source)
        parts = {stage.name: (target.action, tuple(made.values()))}
        every = (*source.fields.values(), *target.fields.values())
        if target.named and not source.named and any(Axes.of(action) is None for action in every):
            # What is given is overwritten last.
            order = sorted(target.fields, key=lambda name: name == ALONE)
            parts = {f"{stage.name}_{n}": (target.fields[n], (made[n],)) for n in order}
        steps, found = [], 0
        for module, (action, outputs) in parts.items():
            sides = (source.action, action)
            number = self._layer(stage, module, sides, f"on stage {stage.name}")
            found += self.layers.spaces[number].kept
            steps.append(Linear(module, number, inputs, outputs))
        if stage.given.dimension not in (None, found):
            with located("dimension"):
                raise SpecError(
                    f"{stage.given.dimension} on stage {stage.name}",
                    f"{found}, which is what the solver finds and proves",
                    "correct the expectation, or the actions",
                )
        return steps

    def _added(self, name: str) -> bool:
        """Whether some stage adds what a stage, or the input, gives."""
        return any(stage.given.residual == name for stage in self.problem.stages)

    def _kept(self, stage: StageProblem) -> dict[str, str]:
        """The variables that a residual connection adds, by field."""
        said = stage.given.residual
        if said is False:
            return {}
        with located("residual"):
            if said is not True and said not in self._features:
                raise SpecError(
                    f"{said} on stage {stage.name}", "true, input, or an earlier stage", "name one"
                )
            other = stage.source if said is True else self._features[said]
            if (other.action, other.channels) != (stage.strided.action, stage.strided.channels):
                where = "its input" if said is True else f"stage {said}"
                where = "the network's input" if said == INPUT else where
                raise SpecError(
                    f"{where}, {described(other)}, added to stage {stage.name}, "
                    f"{described(stage.strided)}",
                    "the same action, under the same group, and as many channels",
                    "make them equal, or leave the connection out",
                )
            name = "" if said is True else said
            return {field: shortcut(other, field, name) for field in other.fields}

    def _gates(self, stage: StageProblem, words: Mapping[str, str]) -> list[Linear]:
        """The layer that makes the gates, one for each field that has one; if there are any."""
        fields = stage.mapped.fields
        over = {name: fields[name].points for name, word in words.items() if word == "gated"}
        if not over:
            return []
        with located("nonlinearity"):
            if stage.given.stride is not None or stage.given.action is None:
                raise SpecError(
                    f"gated on stage {stage.name}, which has a stride or no action",
                    "an action, and no stride",
                    "gate in a stage before it",
                )
            named = stage.mapped.named
            (action, *_) = over.values()
            if named:
                action = Sum(action.group, tuple(over.values()), tuple(over))
            made = values(Features(action, {name: stage.mapped.channels[name] for name in over}))
            gates = [replace(v, name=gate(name if named else "")) for name, v in made.items()]
            said = f"for the gates of stage {stage.name}"
            number = self._layer(stage, f"{stage.name}_gates", (stage.source.action, action), said)
            return [Linear(f"{stage.name}_gates", number, _tensors(stage.source), tuple(gates))]

    def _layer(
        self, stage: StageProblem, module: str, sides: tuple[Action, Action], said: str
    ) -> int:
        """The number of a layer of a stage."""
        layer = layer_of(self.layers.document, stage.given, *sides)
        return self.layers.number(module, *sides, layer, said)

    def _strides(self, stage: StageProblem) -> list[Step]:
        if stage.given.stride is None:
            return []
        steps: list[Step] = []
        made = values(stage.mapped)
        with located("stride"):
            for name, action in stage.mapped.fields.items():
                axes = grid_axes(stage.name, action)
                refuse_misfit(stage.name, action, stage.strided.fields[name], axes, stage.leaves[0])
                steps.append(Stride(stage.given.stride, axes, made[name]))
        return steps

    def _skips(self, linear: Linear) -> bool:
        """Whether a layer can compute every so many points of a grid and no others."""
        plan = self.layers.spaces[linear.layer].plan
        return isinstance(plan, Plan) and plan.route is not None and plan.route.skips

    def _normalized(self, stage: StageProblem) -> list[Step]:
        steps: list[Step] = []
        words = by_field(stage.strided, stage.given.normalization, "normalization")
        made = values(stage.strided)
        for name, word in words.items():
            with located("normalization"):
                refuse_normalization(stage.name, stage.strided.fields[name], word)
            module = "" if word == "rms" else member(stage.name, "norm", stage.strided, name)
            steps.append(Normalize(module, word, made[name]))
        return steps

    def _bent(
        self,
        stage: StageProblem,
        name: str,
        value: Value,
        word: str | None,
        gates: Sequence[Linear],
    ) -> list[Step]:
        """The nonlinearity of one field."""
        if word is None:
            return []
        action = stage.strided.fields[name]
        with located("nonlinearity"):
            refuse_nonlinearity(stage.name, action, word)
            if word == "gated":
                called = gate(name if stage.strided.named else "")
                return [Gate(value, g) for made in gates for g in made.targets if g.name == called]
            if word in POINTWISE:
                return [Pointwise(word, value)]
            if word == "norm":
                module = member(stage.name, "lengths", stage.strided, name)
                return [ByNorm(module, value, action.points.dimension)]
            return [self._product(stage, name, value, action)]

    def _product(self, stage: StageProblem, name: str, value: Value, action: Action) -> Product:
        """All products of two coordinates over a point, and the maps back."""
        square, shared = squared(action)
        refuse_large_product(stage.name, action)
        module = member(stage.name, "products", stage.strided, name)
        layer = whole(layer_of(self.layers.document, stage.given, square, action))
        number = self.layers.number(
            module, square, action, layer, f"for tensor_product on stage {stage.name}"
        )
        partners = member(stage.name, "partners", stage.strided, name)
        return Product(module, partners, number, value, shared)

    def _pooled(self, stage: StageProblem) -> list[Step]:
        pooling = stage.given.pooling
        if pooling is None:
            return []
        steps: list[Step] = []
        made = values(stage.strided)
        with located("pooling"):
            for name, action in stage.strided.fields.items():
                target = stage.target.fields[name]
                if target != action:
                    refuse_maximum(stage.name, action, pooling.kind)
                if pooling.window is not None:
                    axes = grid_axes(stage.name, action)
                    refuse_misfit(stage.name, action, target, axes, stage.leaves[-1])
                    steps.append(Windows(pooling.kind, pooling.window, axes, made[name]))
                elif dropped := dropped_axes(stage.name, action, target):
                    steps.append(Pool(pooling.kind, dropped, made[name]))
        return steps


def squared(action: Action) -> tuple[Action, int]:
    """The action on products of two coordinates over a point, and the axes that points have.

    Of a tensor the first factors that are only permuted are points; their coordinates are not
    multiplied with one another, each only with itself.

    >>> from intertwine.group.named import cyclic
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(cyclic(3), "points")
    >>> print(*squared(points))
    points 1
    """
    members = members_of(action)
    count = 0
    while count < len(members) and not (members[count].linear or members[count].signed):
        count += 1
    points, others = members[:count], members[count:]
    if not others:
        return action, len(action.shape)
    shared = sum(len(member.shape) for member in points)
    return Tensor(action.group, (*points, *others, *others)), shared


def _tensors(features: Features) -> tuple[Value, ...]:
    """The tensors of forward that hold some features, in order."""
    return tuple(values(features).values())
