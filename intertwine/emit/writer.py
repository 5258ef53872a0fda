"""The page of a layer with one input and one output."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.emit import helpers, page
from intertwine.emit.names import comment, quoted
from intertwine.emit.tables import Tables
from intertwine.emit.text import (
    INDENT,
    WIDTH,
    bracketed,
    cut,
    dictionary,
    listed,
    sentence,
    wrapped,
)
from intertwine.plan.nodes import BiasBlock, Block, Field, Plan


class Writer:
    """Fills the holes of the page for a layer with one input and one output."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tables = Tables()
        self.helpers = {helpers.MOVED_LAST if plan.channels_last else helpers.MOVED_FIRST}
        if plan.route is None:
            self.helpers.add(helpers.KEPT)

    def page(self, version: str) -> str:
        """The whole text."""
        plan = self.plan
        generators, tables, reset = self.generators(), self.filled_tables(), self.reset()
        methods = self.methods()
        used = self.helpers | self.tables.helpers
        said = f": {comment(plan.description)}" if comment(plan.description) else "."
        constants = [
            *self.tables.constants,
            self.shapes_of("INPUTS", plan.inputs),
            self.shapes_of("OUTPUTS", plan.outputs),
            *self.constants(),
            generators,
        ]
        return page.filled(
            page.PAGE,
            title=sentence(f"{plan.class_name}: {plan.title}, equivariant under {plan.group}"),
            description=wrapped(f"Spec `{plan.name}`{said}", "") + "\n",
            version=version,
            name=plan.name,
            digest=plan.digest[:16],
            helpers="\n\n\n".join(sorted(used, key=_place)),
            constants="\n\n".join(constants),
            class_name=plan.class_name,
            group=cut(comment(plan.group), 58),
            facts=self.facts(),
            meanings=self.meanings(),
            layout="channels come last" if plan.channels_last else "channels come first",
            shapes=self.shapes(),
            channels="int | dict[str, int]" if plan.fields else "int",
            bias=plan.bias,
            init=self.init(),
            reset=reset,
            tables=tables,
            methods=methods,
            arguments=self.arguments(),
            result=self.returned(),
            forward=self.forward(),
            dimension=plan.dimension,
            layer=self.made(),
            sample=self.sample(),
            outputs="" if plan.output_fields else "[",
            end="" if plan.output_fields else "]",
        )

    def facts(self) -> str:
        """What was solved and how it was proved."""
        plan = self.plan
        lines = [
            f"Group: {plan.group}, of order {plan.order}.",
            f"Action: {plan.title}.",
            f"Dimension: {plan.restricted or plan.dimension}, bias {plan.bias_dimension}.",
            f"Proof: {plan.certificate}.",
            *([f"Support: {plan.dimension} of these maps."] if plan.restricted else []),
        ]
        return "\n".join(wrapped(comment(line), INDENT, INDENT) for line in lines)

    def meanings(self) -> str:
        """A line a basis element and a line an invariant."""
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        weights = f"{INDENT}`weight[k]` multiplies map k ({block.legend}):\n"
        biases = f"{INDENT}`bias[k]` is added, channel by channel, on:\n"
        parts = [
            weights + listed(block.meanings, block.dimension) if block.dimension else "",
            biases + listed(bias.meanings, bias.dimension) if bias.dimension else "",
        ]
        nothing = f"{INDENT}Nothing but zero commutes: the layer gives zeros."
        return "\n\n".join(part for part in parts if part) or nothing

    def shapes(self) -> str:
        """The shapes of input and output."""
        source, target = self.plan.inputs[0], self.plan.outputs[0]
        lines = [
            f"input   ({', '.join(self.with_channels(source, 'in_channels'))})",
            f"output  ({', '.join(self.with_channels(target, 'out_channels'))})",
        ]
        return "\n".join(wrapped(line, INDENT * 2, INDENT * 2) for line in lines)

    def init(self) -> str:
        """The parameters and buffers."""
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        return page.filled(
            page.INIT_ONE,
            dimension=block.dimension,
            bias_dimension=bias.dimension,
            entries=block.codes.size,
            points=bias.codes.size,
        )

    def reset(self) -> str:
        """Initial values."""
        return page.filled(page.RESET_ONE, fans=self.fans("FANS", self.plan.blocks[0]))

    def filled_tables(self) -> str:
        """Index tables."""
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        indices = [
            self.filling("index", "CODES", block, (0, 0), block.plain),
            self.bias_filling("bias_index", "BIAS_CODES", bias, bias.plain),
        ]
        return "\n".join(indices)

    def methods(self) -> str:
        """The expansion."""
        block = self.plan.blocks[0]
        source, target = self.plan.inputs[0], self.plan.outputs[0]
        lines = [
            "zero = self.weight.new_zeros(1, self.out_channels, self.in_channels)",
            "table = torch.cat([zero, self.weight, -self.weight.flip(0)])",
            "entries = table.index_select(0, self.index)",
        ]
        if block.plain:
            lines = ["entries = self.weight.index_select(0, self.index)"]
        return page.filled(
            page.METHODS_ONE,
            shape=bracketed(
                "shape = (",
                ["self.out_channels", *axes(target), "self.in_channels", *axes(source)],
                ")",
                2,
                call=False,
            ),
            entries=("\n" + INDENT * 2).join(lines),
            rows=target.points,
            columns=source.points,
            order="0, 2, 1, 3" if self.plan.channels_last else "2, 0, 3, 1",
        )

    def arguments(self) -> str:
        """The arguments of forward."""
        return "self, x: torch.Tensor"

    def returned(self) -> str:
        """The type that forward returns."""
        return "tuple[torch.Tensor, ...]" if self.plan.output_fields else "torch.Tensor"

    def forward(self) -> str:
        """One matrix product."""
        source, target = self.plan.inputs[0], self.plan.outputs[0]
        last = self.plan.channels_last
        ordered = "" if last else ".T"
        values = [
            "zero = bias.new_zeros(1, self.out_channels)",
            "bias = torch.cat([zero, bias, -bias.flip(0)])",
            f"bias = bias.index_select(0, self.bias_index){ordered}.flatten()",
        ]
        if self.plan.biases[0].plain:
            values = values[2:]
        return page.filled(
            page.FORWARD_ONE,
            rank=len(source.shape) + 1,
            expected=bracketed(
                "expected = (", self.with_channels(source, "self.in_channels"), ")", 2, call=False
            ),
            result=self.result(target, "self.out_channels"),
            bias_values=("\n" + INDENT * 3).join(values),
        )

    def constants(self) -> list[str]:
        """Further constants of the page."""
        return []

    def fans(self, name: str, block: Block) -> str:
        """The expression for the fans of a block: var(weight[k]) is 1 / (fans[k] in_channels)."""
        if len(set(block.fans)) == 1:
            return f'torch.full(({block.dimension},), {block.fans[0]}, device="cpu")'
        return self.tables.add(name, np.array(block.fans, dtype=np.int64))

    def filling(
        self, buffer: str, name: str, block: Block, field: tuple[int, int], plain: bool
    ) -> str:
        """The statement that fills the index table of a block."""
        shift = " - 1" if plain else f" % {2 * block.dimension + 1}"
        if block.walk is None:
            return filling(buffer, self.tables.add(name, block.codes) + shift)
        roots = self.tables.add(f"{name}_ROOTS", np.array([root for root, _ in block.walk.roots]))
        rows = self.tables.add(f"{name}_ROWS", np.array([row for _, row in block.walk.roots]))
        if not len(block.walk.steps):
            return filling(buffer, rows + shift)
        steps = self.tables.add(f"{name}_STEPS", block.walk.steps)
        self.helpers.add(helpers.WALKED)
        walked = bracketed("codes = _walked(", [roots, rows, steps, str(field)], ")", 2)
        return f"{INDENT * 2}{walked}\n" + filling(buffer, f"codes{shift}")

    def bias_filling(self, buffer: str, name: str, bias: BiasBlock, plain: bool) -> str:
        """The statement that fills the index table of a bias."""
        shift = " - 1" if plain else f" % {2 * bias.dimension + 1}"
        return filling(buffer, self.tables.add(name, bias.codes) + shift)

    def generators(self) -> str:
        """The dictionary of generators: for each, its images on every input and output."""
        lines = []
        for number, name in enumerate(self.plan.generators):
            sides = [
                [
                    self.tables.add(f"{side}_{number}_{place}", field.generators[number])
                    for place, field in enumerate(fields)
                ]
                for side, fields in (("INPUT", self.plan.inputs), ("OUTPUT", self.plan.outputs))
            ]
            images = [bracketed("[", side, "]", 2, call=False, reserve=1) for side in sides]
            lines.append(INDENT + bracketed(f"{quoted(name)}: (", images, "),", 1, call=False))
        note = (
            "# Each generator g on inputs and outputs: point i goes to |g[i]| - 1, with its sign."
        )
        return f"{note}\n" + dictionary("GENERATORS", lines)

    def shapes_of(self, name: str, fields: Sequence[Field]) -> str:
        """A dictionary of shapes by field."""
        lines = []
        for f in fields:
            flat = f'"{f.name}": {f.shape},'
            split = bracketed(f'"{f.name}": (', axes(f), "),", 1, call=False)
            lines.append(INDENT + (flat if len(f.shape) == 1 else split))
        return dictionary(name, lines)

    def made(self) -> str:
        """The statement that makes a layer to be tested."""
        options = ["2", "3", 'device="cpu"', "dtype=torch.float64"]
        return bracketed(f"layer = {self.plan.class_name}(", options, ")", 1)

    def sample(self) -> str:
        """A random input."""
        shape = "4, *shape, 2" if self.plan.channels_last else "4, 2, *shape"
        return f"torch.randn({shape}, dtype=torch.float64)"

    def result(self, field: Field, channels: str) -> str:
        """The statement that returns the only output."""
        tail = self.with_channels(field, channels)
        flat = f"return y.unflatten(-1, ({', '.join(tail)}))"
        if len(INDENT * 2 + flat) <= WIDTH:
            return flat
        shape = bracketed("shape = (", tail, ")", 2, call=False)
        return f"{shape}\n{INDENT * 2}return y.unflatten(-1, shape)"

    def with_channels(self, field: Field, channels: str) -> list[str]:
        """The shape of a field with its channels, as words."""
        parts = axes(field)
        return [*parts, channels] if self.plan.channels_last else [channels, *parts]


def _place(helper: str) -> tuple[int, str]:
    """The order of helpers on a page."""
    known = helpers.ORDER.index(helper) if helper in helpers.ORDER else len(helpers.ORDER)
    return known, helper


def axes(field: Field) -> list[str]:
    """The sizes of a field's axes, as words."""
    return [str(size) for size in field.shape]


def filling(buffer: str, expression: str) -> str:
    """The statement that fills a buffer, inside a method."""
    return INDENT * 2 + bracketed(f"self.{buffer}.copy_(", [expression], ")", 2)
