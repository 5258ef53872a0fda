"""From the plan of a network to the text of one PyTorch module that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intertwine.emit import helpers, linear_helpers, network_page, page, sizes_helpers
from intertwine.emit.affine import fused_helpers, returned_type
from intertwine.emit.fixed import FixedWriter
from intertwine.emit.generators import listed_generators
from intertwine.emit.helpers import called, defined
from intertwine.emit.module import writer_of
from intertwine.emit.names import comment
from intertwine.emit.network_steps import Forward
from intertwine.emit.numbered import numbered
from intertwine.emit.sizes_words import sizes_of
from intertwine.emit.tables import Tables
from intertwine.emit.text import INDENT, cut, dictionary, enclosed, formatted, sentence, wrapped
from intertwine.emit.writer import heading
from intertwine.plan.network import (
    AnyPlan,
    ByNorm,
    Linear,
    NetworkPlan,
    Normalize,
    StagePlan,
    Value,
)
from intertwine.plan.stack import LinearField
from intertwine.plan.strategy.diagrams import SizePlan

_LONGEST_COMMENT = 88
_CONSTANT = re.compile(r"^([A-Z][A-Z0-9_]*) = ", re.MULTILINE)


def emit_network(plan: NetworkPlan, version: str) -> str:
    """The page of a network; the same plan and version give the same bytes."""
    return NetworkWriter(plan).page(version)


class NetworkWriter:
    """Fills the page: the network, its layers, the helpers that they share, and all tables."""

    def __init__(self, plan: NetworkPlan) -> None:
        self.plan = plan
        self.tables = Tables()
        self.writers = [writer_of(layer) for layer in plan.layers]
        strided = {s.layer for s in plan.steps if isinstance(s, Linear) and s.stride > 1}
        for number, writer in enumerate(self.writers):
            writer.tables = self.tables
            if isinstance(writer, FixedWriter):
                writer.strides = number in strided
        classes = tuple(layer.labels.class_name for layer in plan.layers)
        factors = None if plan.sizes is None else tuple(plan.sizes)
        self.forward = Forward(plan.layers, classes, factors)

    def page(self, version: str) -> str:
        """The whole text."""
        labels = self.plan.labels
        network = self.network()
        layers, constants = self.layers()
        shape = "*shape" if self.plan.sizes is None else "*[SIZES.get(a, a) for a in shape]"
        some = self.plan.sizes is not None or bool(self.plan.generators)
        check = page.filled(
            network_page.CHECK,
            class_name=labels.class_name,
            shape=shape,
            said='f"residual {worst:.1e}"' if some else '"no symmetry is left to check"',
        )
        own = [*self.constants(), *constants]
        whole = "\n\n\n".join([network, *self.modules(), *layers])
        tables = "\n\n".join([*self.tables.constants, *own])
        text = page.filled(
            page.PAGE,
            title=sentence(f"{labels.class_name}, a network equivariant under {labels.group}"),
            layer=whole,
            helpers=called(f"{whole}{check}{tables}", self.helpers()),
            constants=tables,
            check=check,
            **heading(labels.name, labels.description, labels.digest, version),
        )
        return formatted(text)

    def network(self) -> str:
        """The class of the network."""
        plan, labels = self.plan, self.plan.labels
        named = plan.sizes is not None
        outputs, end = ("", "") if labels.output_fields else ("[", "]")
        checking = network_page.BY_SIZES if named else network_page.BY_GENERATORS
        holes = {} if named else {"on_x": self.moving()}
        returned = returned_type(len(plan.outputs) if labels.output_fields else 0)
        return page.filled(
            network_page.NETWORK,
            class_name=labels.class_name,
            group=self.commuting(),
            facts="\n".join(wrapped(comment(line), INDENT, INDENT) for line in self.facts()),
            stages="\n".join(
                wrapped(comment(line), INDENT * 2, INDENT) for line in self.stage_lines()
            ),
            init="\n".join(f"{INDENT * 2}{line}" for line in self.init()),
            arguments=enclosed("", ["self", *self.arguments()], ""),
            result=returned,
            doing=self.doing(),
            forward="\n".join(f"{INDENT * 2}{line}" for line in self.body()),
            fused=self.fused(),
            elements="random permutations g" if named else "the generators g",
            outputs=outputs,
            end=end,
            checking=page.filled(checking, outputs=outputs, end=end, **holes),
        )  # fmt: skip

    def commuting(self) -> str:
        """What the network commutes with, in a line."""
        if self.plan.sizes is not None:
            return f"{cut(comment(self.plan.labels.group), 58)}, for every n"
        return cut(comment(self.plan.labels.left or self.plan.labels.group), 66)

    def facts(self) -> list[str]:
        """What the network commutes with, and how large it is."""
        plan, labels = self.plan, self.plan.labels
        total = sum(map(plan.parameters, plan.stages))
        lines = [f"Group: {labels.group}, of order {labels.order}."]
        if labels.left:
            lines.append(f"Left of it by strides, windows and ends: {labels.left}.")
        if plan.sizes is not None:
            sizes = ", ".join(f"{f or 'n'} = {n}" for f, n in plan.sizes.items())
            lines.append(f"Any size: one set of weights serves every n; the spec's are {sizes}.")
        return [*lines, f"Parameters: {total}."]

    def stage_lines(self) -> list[str]:
        """A line a stage."""
        given = ", ".join(map(self.shape, self.plan.inputs))
        lines = [f"`input`: {given}"]
        for stage in self.plan.stages:
            gives = ", ".join(map(self.shape, stage.results))
            note = f" ({stage.note})" if stage.note else ""
            lines.append(f"`{stage.name}`: {stage.title}{note}: {gives}")
        return lines

    def shape(self, value: Value) -> str:
        """The shape of a tensor, by name where there are several."""
        words = [str(value.channels), *self.axes(value)]
        fields = self.plan.labels.input_fields or self.plan.labels.output_fields
        return f"{value.name if fields else ''} ({', '.join(words)})".strip()

    def axes(self, value: Value) -> list[str]:
        """A word an axis."""
        factors = value.axes.factors if self.plan.sizes is not None and value.axes else ()
        named = [factor or "n" if factor is not None else None for factor in factors]
        words = named or [None] * len(value.shape)
        return [word or str(n) for word, n in zip(words, value.shape, strict=True)]

    def init(self) -> list[str]:
        """The statements that make the modules."""
        modules = [item for step in self.plan.steps for item in self.forward.modules(step).items()]
        lines = ["super().__init__()"]
        if any("**to" in given for _, (_, given) in modules):
            lines.append('to = {"device": device, "dtype": dtype}')
        for name, (made, given) in modules:
            lines.append(enclosed(f"self.{name} = {made}(", given, ")"))
        if any(map(_has_empty, self.plan.layers)):
            lines += network_page.EMPTY.splitlines()
        return lines

    def arguments(self) -> list[str]:
        """The inputs, and the masks."""
        parts = [f"{value.name}: torch.Tensor" for value in self.plan.inputs]
        if self.plan.sizes is None:
            return parts
        return [*parts, f"mask: {self.mask} | None = None"]

    @property
    def mask(self) -> str:
        """The type of the masks that forward takes."""
        if self.plan.sizes is None:
            return ""
        return "torch.Tensor" if self.forward.single else "dict[str, torch.Tensor]"

    def doing(self) -> str:
        """The docstring of forward."""
        if self.plan.sizes is None:
            return "Apply the network."
        whose = "" if self.forward.single else " of a factor"
        return f"Apply the network, at any size; `mask`{whose} (batch..., n) is false at padding."

    def body(self) -> list[str]:
        """The statements of forward."""
        lines = []
        for stage in self.plan.stages:
            name = f"`{stage.name}`"  # a stage may be called `noqa`, or `type` and lead to `ignore`
            said = comment(f"{name}: {stage.title}")
            lines.append(f"# {said if len(said) <= _LONGEST_COMMENT else name}")
            for step in stage.steps:
                lines += self.forward.lines(step)
        if any(map(self.forward.masks, self.plan.steps)):
            lines.insert(0, "masks = _masks(mask, SIZES)")
        results = [value.name for value in self.plan.outputs]
        alone = self.plan.labels.output_fields and len(results) == 1
        return [*lines, f"return ({results[0]},)" if alone else f"return {', '.join(results)}"]

    def fused(self) -> str:
        """The method that fuses every layer."""
        size, lines = "", []
        if self.plan.sizes is not None:
            size = "int" if self.forward.single else "dict[str, int]"
        for step in self.plan.steps:
            for name, layer in self.forward.layered(step).items():
                plan, given = self.plan.layers[layer], ""
                if size and isinstance(plan, SizePlan):
                    given = self.forward.of_factors("n", plan)
                lines.append(f"{INDENT * 2}twin.{name} = self.{name}.fused({given})")
        return page.filled(
            network_page.FUSED,
            n=f", n: {size} | None = None" if size else "",
            at=" at one size" if size else "",
            class_name=self.plan.labels.class_name,
            sizes=f"{INDENT * 2}sizes = {sizes_of(self.forward.single)}\n" if size else "",
            shape="_shape(shape, sizes)" if size else "shape",
            layers="\n".join(lines),
        )

    def modules(self) -> list[str]:
        """The classes that belong to no layer."""
        steps = self.plan.steps
        by_norm = any(isinstance(step, ByNorm) for step in steps)
        by_sample = any(isinstance(step, Normalize) and step.kind == "layer" for step in steps)
        return [network_page.BY_LENGTH] * by_norm + [network_page.BY_SAMPLE] * by_sample

    def layers(self) -> tuple[list[str], list[str]]:
        """The classes of all layers, and their constants, which bear the layer's number."""
        classes, constants = [], []
        for number, writer in enumerate(self.writers, 1):
            text, own = writer.layer(), [*writer.constants(), *writer.exact_constant()]
            names = {name for constant in own for name in _CONSTANT.findall(constant)}
            classes.append(numbered(text, names, number))
            constants += [numbered(constant, names, number) for constant in own]
        return classes, constants

    def moving(self) -> str:
        """The expression of a generator on the device of x."""
        return "(g[0].to(x.device), g[1].to(x))" if self.linear else "g.to(x.device)"

    @property
    def linear(self) -> bool:
        """Whether generators are given by matrices."""
        fields = (*self.plan.moved_inputs, *self.plan.moved_outputs)
        return any(isinstance(field, LinearField) for field in fields)

    def constants(self) -> list[str]:
        """Stages, channels, axes and generators."""
        plan = self.plan
        stages = dictionary("STAGES", [self.listed(stage) for stage in plan.stages])
        channels = [f'"{v.name}": {v.channels}' for v in plan.inputs]
        found = [stages, dictionary("CHANNELS", channels)]
        if plan.sizes is not None:
            sizes = [f'"{factor or "n"}": {n}' for factor, n in plan.sizes.items()]
            found.append(dictionary("SIZES", sizes))
        found += [self.shapes("INPUTS", plan.inputs), self.shapes("OUTPUTS", plan.outputs)]
        if plan.sizes is not None:
            return found
        sides = plan.moved_inputs, plan.moved_outputs
        return [*found, listed_generators(self.tables, plan.generators, *sides)]

    def listed(self, stage: StagePlan) -> str:
        """The item of a stage: its modules, and what it gives."""
        made = [name for step in stage.steps for name in self.forward.modules(step)]
        sides = [made, [self.shape(value) for value in stage.results]]
        items = [enclosed("[", [f'"{word}"' for word in side], "]") for side in sides]
        return enclosed(f'"{stage.name}": (', items, ")")

    def shapes(self, name: str, values: Sequence[Value]) -> str:
        """The axes of inputs or outputs: sizes, or the names of factors."""
        lines = []
        for value in values:
            words = [w if w.isdigit() else f'"{w}"' for w in self.axes(value)]
            shape = f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"
            lines.append(f'"{value.name}": {shape}')
        return dictionary(name, lines)

    def helpers(self) -> list[str]:
        """All functions that the page may call; of two with one name the more general one."""
        moved = linear_helpers if self.linear else helpers
        mask = next((writer.mask for writer in self.writers if writer.mask), "")
        found = [helpers.checked(False, bool(mask)), *network_page.HELPERS, moved.MOVED_FIRST]
        for writer in self.writers:
            found += writer.helpers()
        found += [*fused_helpers(mask), sizes_helpers.MASKS]
        found += [sizes_helpers.PERMUTED_FIRST, *helpers.ORDER]
        unique: dict[str, str] = {}
        for helper in found:
            unique.setdefault(defined(helper), helper)
        return list(unique.values())


def _has_empty(plan: AnyPlan) -> bool:
    """Whether a layer has a parameter of no numbers: a space of dimension 0."""
    if isinstance(plan, SizePlan):
        return False
    parts = [*plan.blocks, *(plan.biases if plan.labels.bias else ())]
    return any(part.dimension == 0 for part in parts)
