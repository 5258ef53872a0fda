"""From a plan to the text of a PyTorch module that stands alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np

from intertwine.emit import helpers, page
from intertwine.emit.names import comment, quoted
from intertwine.emit.tables import Tables
from intertwine.plan.nodes import BiasBlock, Block, Field, Plan

_INDENT = " " * 4
_WIDTH = 100
_LISTED_MEANINGS = 32
_LONGEST_KEY = 40


def emit_module(plan: Plan, version: str) -> str:
    """The page of a plan; the same plan and version give the same bytes."""
    writer = FieldWriter(plan) if plan.fields else Writer(plan)
    return writer.page(version)


class Writer:
    """Fills the holes of the page for a layer with one input and one output."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tables = Tables()
        self.helpers = {helpers.MOVED_LAST if plan.channels_last else helpers.MOVED_FIRST}

    def page(self, version: str) -> str:
        """The whole text."""
        plan = self.plan
        generators, tables, reset = self.generators(), self.filled_tables(), self.reset()
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
            title=_sentence(f"{plan.class_name}: {plan.title}, equivariant under {plan.group}"),
            description=_wrapped(f"Spec `{plan.name}`{said}", "") + "\n",
            version=version,
            name=plan.name,
            digest=plan.digest[:16],
            helpers="\n\n\n".join(h for h in helpers.ORDER if h in used),
            constants="\n\n".join(constants),
            class_name=plan.class_name,
            group=_cut(comment(plan.group), 58),
            facts=self.facts(),
            meanings=self.meanings(),
            layout="channels come last" if plan.channels_last else "channels come first",
            shapes=self.shapes(),
            channels="int | dict[str, int]" if plan.fields else "int",
            bias=plan.bias,
            init=self.init(),
            reset=reset,
            tables=tables,
            methods=self.methods(),
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
            f"Dimension: {plan.dimension}, bias {plan.bias_dimension}.",
            f"Proof: {plan.certificate}.",
        ]
        return "\n".join(_wrapped(comment(line), _INDENT, _INDENT) for line in lines)

    def meanings(self) -> str:
        """A line a basis element and a line an invariant."""
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        weights = f"{_INDENT}`weight[k]` multiplies map k ({block.legend}):\n"
        biases = f"{_INDENT}`bias[k]` is added, channel by channel, on:\n"
        parts = [
            weights + _listed(block.meanings, block.dimension) if block.dimension else "",
            biases + _listed(bias.meanings, bias.dimension) if bias.dimension else "",
        ]
        nothing = f"{_INDENT}Nothing but zero commutes: the layer gives zeros."
        return "\n\n".join(part for part in parts if part) or nothing

    def shapes(self) -> str:
        """The shapes of input and output."""
        source, target = self.plan.inputs[0], self.plan.outputs[0]
        lines = [
            f"input   ({', '.join(self.with_channels(source, 'in_channels'))})",
            f"output  ({', '.join(self.with_channels(target, 'out_channels'))})",
        ]
        return "\n".join(_wrapped(line, _INDENT * 2, _INDENT * 2) for line in lines)

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
            shape=_bracketed(
                "shape = (",
                ["self.out_channels", *_axes(target), "self.in_channels", *_axes(source)],
                ")",
                2,
                call=False,
            ),
            entries=("\n" + _INDENT * 2).join(lines),
            rows=target.points,
            columns=source.points,
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
            expected=_bracketed(
                "expected = (", self.with_channels(source, "self.in_channels"), ")", 2, call=False
            ),
            result=self.result(target, "self.out_channels"),
            rows=target.points,
            columns=source.points,
            order="0, 2, 1, 3" if last else "2, 0, 3, 1",
            bias_values=("\n" + _INDENT * 3).join(values),
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
            return _filling(buffer, self.tables.add(name, block.codes) + shift)
        roots = self.tables.add(f"{name}_ROOTS", np.array([root for root, _ in block.walk.roots]))
        rows = self.tables.add(f"{name}_ROWS", np.array([row for _, row in block.walk.roots]))
        if not len(block.walk.steps):
            return _filling(buffer, rows + shift)
        steps = self.tables.add(f"{name}_STEPS", block.walk.steps)
        self.helpers.add(helpers.WALKED)
        walked = _bracketed("codes = _walked(", [roots, rows, steps, str(field)], ")", 2)
        return f"{_INDENT * 2}{walked}\n" + _filling(buffer, f"codes{shift}")

    def bias_filling(self, buffer: str, name: str, bias: BiasBlock, plain: bool) -> str:
        """The statement that fills the index table of a bias."""
        shift = " - 1" if plain else f" % {2 * bias.dimension + 1}"
        return _filling(buffer, self.tables.add(name, bias.codes) + shift)

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
            images = [_bracketed("[", side, "]", 2, call=False, reserve=1) for side in sides]
            lines.append(_INDENT + _bracketed(f"{quoted(name)}: (", images, "),", 1, call=False))
        note = (
            "# Each generator g on inputs and outputs: point i goes to |g[i]| - 1, with its sign."
        )
        return f"{note}\n" + _dictionary("GENERATORS", lines)

    def shapes_of(self, name: str, fields: Sequence[Field]) -> str:
        """A dictionary of shapes by field."""
        lines = []
        for f in fields:
            flat = f'"{f.name}": {f.shape},'
            split = _bracketed(f'"{f.name}": (', _axes(f), "),", 1, call=False)
            lines.append(_INDENT + (flat if len(f.shape) == 1 else split))
        return _dictionary(name, lines)

    def made(self) -> str:
        """The statement that makes a layer to be tested."""
        options = ["2", "3", 'device="cpu"', "dtype=torch.float64"]
        return _bracketed(f"layer = {self.plan.class_name}(", options, ")", 1)

    def sample(self) -> str:
        """A random input."""
        shape = "4, *shape, 2" if self.plan.channels_last else "4, 2, *shape"
        return f"torch.randn({shape}, dtype=torch.float64)"

    def result(self, field: Field, channels: str) -> str:
        """The statement that returns the only output."""
        tail = self.with_channels(field, channels)
        flat = f"return y.unflatten(-1, ({', '.join(tail)}))"
        if len(_INDENT * 2 + flat) <= _WIDTH:
            return flat
        shape = _bracketed("shape = (", tail, ")", 2, call=False)
        return f"{shape}\n{_INDENT * 2}return y.unflatten(-1, shape)"

    def with_channels(self, field: Field, channels: str) -> list[str]:
        """The shape of a field with its channels, as words."""
        parts = _axes(field)
        return [*parts, channels] if self.plan.channels_last else [channels, *parts]


class FieldWriter(Writer):
    """Fills the holes for a layer whose input or output is a tuple of named fields."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.helpers |= {helpers.BY_FIELD, helpers.SIZE}

    def meanings(self) -> str:
        """What the parameters of each pair of fields are."""
        legends = ", or ".join(dict.fromkeys(b.legend for b in self.plan.blocks if b.dimension))
        head = '`weight["output__input"][k]` multiplies map k between two fields'
        lines = [_wrapped(f"{head} ({legends}):" if legends else f"{head}:", _INDENT)]
        for block in self.plan.blocks:
            named = [f"[{k}] {m}" for k, m in enumerate(block.meanings[:_LISTED_MEANINGS])]
            more = ["..."] if block.dimension > len(named) else []
            lines.append(_items(f"{_key(block)}, {block.dimension}:", [*named, *more]))
        counts = ", ".join(f"{bias.target} {bias.dimension}" for bias in self.plan.biases)
        lines += ["", _wrapped(f"`bias[output]` holds its invariants: {counts}.", _INDENT)]
        return "\n".join(lines)

    def shapes(self) -> str:
        """The shapes of every field."""
        sides = (("input ", "in", self.plan.inputs), ("output", "out", self.plan.outputs))
        lines = [
            f"{side}  {f.name} ({', '.join(self.with_channels(f, word + '_channels'))})"
            for side, word, fields in sides
            for f in fields
        ]
        return "\n".join(_wrapped(line, _INDENT * 2, _INDENT * 2) for line in lines)

    def init(self) -> str:
        """The parameters and buffers."""
        return page.filled(page.INIT_FIELDS)

    def reset(self) -> str:
        """Initial values."""
        fans = [self.fans(f"FANS_{self.upper(block)}", block) for block in self.plan.blocks]
        lines = "\n".join(f"{_INDENT * 3}{fan}," for fan in fans)
        return page.filled(page.RESET_FIELDS, fans=lines)

    def filled_tables(self) -> str:
        """Index tables."""
        indices = []
        for block in self.plan.blocks:
            name, place = f"CODES_{self.upper(block)}", self.place(block)
            indices.append(self.filling(f"index_{_key(block)}", name, block, place, plain=False))
        for bias in self.plan.biases:
            name = f"BIAS_CODES_{bias.target.upper()}"
            indices.append(self.bias_filling(f"bias_index_{bias.target}", name, bias, plain=False))
        return "\n".join(indices)

    def place(self, block: Block) -> tuple[int, int]:
        """The numbers of the input and the output of a block."""
        inputs, outputs = ([f.name for f in s] for s in (self.plan.inputs, self.plan.outputs))
        return inputs.index(block.source), outputs.index(block.target)

    def upper(self, block: Block) -> str:
        """What tables of a block are called: by its fields, or where these are long by number."""
        source, target = self.place(block)
        return _key(block).upper() if len(_key(block)) <= _LONGEST_KEY else f"{target}_{source}"

    def constants(self) -> list[str]:
        """The dimensions of all blocks and biases."""
        blocks = [
            _INDENT
            + _bracketed(
                "(", [f'"{b.target}"', f'"{b.source}"'], f"): {b.dimension},", 1, call=False
            )
            for b in self.plan.blocks
        ]
        biases = [f'{_INDENT}"{b.target}": {b.dimension},' for b in self.plan.biases]
        return [_dictionary("DIMENSIONS", blocks), _dictionary("BIAS_DIMENSIONS", biases)]

    def methods(self) -> str:
        """The expansion."""
        last = self.plan.channels_last
        return page.filled(
            page.METHODS_FIELDS,
            order="0, 2, 1, 3" if last else "2, 0, 3, 1",
            bias_order="" if last else ".T",
        )

    def arguments(self) -> str:
        """The arguments of forward."""
        parts = ["self", *(f"{field.name}: torch.Tensor" for field in self.plan.inputs)]
        return _bracketed("", parts, "", 1, reserve=len(f"def forward() -> {self.returned()}:"))

    def forward(self) -> str:
        """One matrix product over all fields."""
        plan = self.plan
        names = [field.name for field in plan.inputs]
        if plan.output_fields:
            shape = "(*shape, self.out_channels[name])"
            if not plan.channels_last:
                shape = "(self.out_channels[name], *shape)"
            outputs = page.filled(page.OUTPUT_FIELDS, shape=shape)
        else:
            target = plan.outputs[0]
            result = self.result(target, f'self.out_channels["{target.name}"]')
            outputs = page.filled(page.OUTPUT_ONE, result=result)
        last = plan.channels_last
        comma = "," if len(names) == 1 else ""
        return page.filled(
            page.FORWARD_FIELDS,
            given=_bracketed("(", names, f"{comma})", 2, call=False, reserve=8),
            expected="(*shape, self.in_channels[name])"
            if last
            else "(self.in_channels[name], *shape)",
            outputs=outputs,
        )


def _key(block: Block) -> str:
    return f"{block.target}__{block.source}"


def _axes(field: Field) -> list[str]:
    return [str(size) for size in field.shape]


def _filling(buffer: str, expression: str) -> str:
    return _INDENT * 2 + _bracketed(f"self.{buffer}.copy_(", [expression], ")", 2)


def _dictionary(name: str, lines: Sequence[str]) -> str:
    return f"{name} = {{\n" + "\n".join(lines) + "\n}" if lines else f"{name} = {{}}"


def _bracketed(
    head: str, items: Sequence[str], tail: str, depth: int, call: bool = True, reserve: int = 0
) -> str:
    """The items on one line, else (in a call) on one line inside, else one a line: ruff's style."""
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    flat = ", ".join(items)
    if len(outer) + len(head + flat + tail) + reserve <= _WIDTH and "\n" not in flat:
        return f"{head}{flat}{tail}"
    if call and len(inner + flat) <= _WIDTH and "\n" not in flat:
        return f"{head}\n{inner}{flat}\n{outer}{tail}"
    return head + "\n" + "".join(f"{inner}{item},\n" for item in items) + outer + tail


def _listed(meanings: Iterable[str], dimension: int) -> str:
    shown = list(meanings)[:_LISTED_MEANINGS]
    lines = [
        _wrapped(f"{k}: {comment(meaning)}", _INDENT * 2, _INDENT)
        for k, meaning in enumerate(shown)
    ]
    if dimension > len(shown):
        lines.append(f"{_INDENT * 2}... up to {dimension - 1}, by first entries in row-major order")
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return _cut(comment(text), 90) + "."


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 4] + " ..."


def _items(head: str, items: Sequence[str]) -> str:
    """The head and the items, wrapped between items only, unless one is long."""
    glued = [i if len(i) > 60 else i.replace(" ", "\x1f") for i in map(comment, items)]
    whole = "; ".join(glued)
    return _wrapped(f"{head} {whole}", _INDENT * 2, _INDENT).replace("\x1f", " ")


def _wrapped(text: str, indent: str, hanging: str = "") -> str:
    return textwrap.fill(text, 96, initial_indent=indent, subsequent_indent=indent + hanging)
