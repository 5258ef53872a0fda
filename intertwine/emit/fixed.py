"""The page of a layer of one size, whatever its program is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from intertwine.emit import fixed_page, helpers, linear_helpers, page
from intertwine.emit.affine import Affine, fused_class
from intertwine.emit.maps import AnyBlock, Maps, alike
from intertwine.emit.text import (
    INDENT,
    LISTED,
    dictionary,
    enclosed,
    itemized,
    listed,
    wrapped,
)
from intertwine.emit.torch import Torch, Value
from intertwine.emit.writer import PageWriter
from intertwine.plan.nodes import Field, Plan
from intertwine.plan.stack import LinearField, StackBlock, StackPlan
from intertwine.plan.steps.axes import Flatten, Unflatten
from intertwine.plan.steps.channels import Apply, bias_of, weight_of
from intertwine.plan.steps.convolution import Correlation, Taps
from intertwine.plan.steps.weights import Combine, Expand
from intertwine.plan.table import Places, Table
from intertwine.plan.written import written

_LONGEST_KEY = 40


class FixedWriter(PageWriter):
    """Fills the holes of the page from a plan and its program.

    With `strides`, as a network may ask of taps, forward takes a stride.
    """

    strides = False

    def __init__(self, plan: Plan | StackPlan) -> None:
        super().__init__(plan.labels)
        self.plan = plan
        self.program = written(plan)
        self.steps = self.program.steps
        self.inputs = {f.name: f for f in plan.inputs}
        self.outputs = {f.name: f for f in plan.outputs}
        self._made: list[str] = []
        self._biased = {bias.target: bias for bias in plan.biases}

    @cached_property
    def maps(self) -> Maps:
        """The tables of the layer's maps."""
        return Maps(self.plan, self.tables, self.exact)

    # What the page says.

    def facts(self) -> list[str]:
        """What was solved and how it was proved."""
        plan, labels = self.plan, self.labels
        computed = f"Computed {plan.computed}." if plan.computed else ""
        return [
            f"Group: {labels.group}, of order {labels.order}.",
            f"Action: {labels.title}.",
            f"Dimension: {plan.restricted or plan.dimension}, bias {plan.bias_dimension}.",
            f"Proof: {labels.certificate}.",
            *([f"Support: {plan.dimension} of these maps."] if plan.restricted else []),
            *([f"Unreached: {'; '.join(labels.unreached)}."] if labels.unreached else []),
            *([computed] if computed else []),
            *([page.filled(page.ENDS, radius=plan.ends)] if plan.ends is not None else []),
        ]

    def meanings(self) -> str:
        """What every weight multiplies, and what every bias is added on."""
        return self._meanings_by_field() if self.labels.fields else self._meanings()

    def _meanings(self) -> str:
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        weights = f"{INDENT}`weight[k]` multiplies map k ({block.legend}):\n"
        biases = f"{INDENT}`bias[k]` is added, channel by channel, on:\n"
        parts = [
            weights + listed(block.meanings, block.dimension) if block.dimension else "",
            biases + listed(bias.meanings, bias.dimension) if bias.dimension else "",
        ]
        nothing = f"{INDENT}Nothing but zero commutes: the layer gives zeros."
        return "\n\n".join(part for part in parts if part) or nothing

    def _meanings_by_field(self) -> str:
        blocks = self.plan.blocks
        legends = ", or ".join(dict.fromkeys(b.legend for b in blocks if b.dimension))
        head = '`weight["output__input"][k]` multiplies map k between two fields'
        lines = [wrapped(f"{head} ({legends}):" if legends else f"{head}:", INDENT)]
        for block in blocks:
            named = [f"[{k}] {m}" for k, m in enumerate(block.meanings[:LISTED])]
            more = ["..."] if block.dimension > len(named) else []
            lines.append(itemized(f"{_key(block)}, {block.dimension}:", [*named, *more]))
        counts = ", ".join(f"{bias.target} {bias.dimension}" for bias in self.plan.biases)
        lines += ["", wrapped(f"`bias[output]` holds its invariants: {counts}.", INDENT)]
        return "\n".join(lines)

    def shapes(self) -> list[str]:
        """The shape of every field."""
        lines = []
        for side, word, fields in (
            ("input ", "in", self.plan.inputs), ("output", "out", self.plan.outputs),
        ):  # fmt: skip
            for f in fields:
                label = f"{f.name} " if self.labels.fields else ""
                shape = self.with_channels(_axes(f), f"{word}_channels")
                lines.append(f"{side}  {label}({', '.join(shape)})")
        return lines

    def counted(self) -> str:
        """The dimension."""
        return f"dimension={self.plan.dimension}"

    # Parameters.

    def init(self) -> list[str]:
        """The parameters."""
        if self.labels.fields:
            names = {"rows": "DIMENSIONS", "bias_rows": "BIAS_DIMENSIONS"}
            return [page.filled(page.PARAMETERS_OF_FIELDS, **names)]
        rows, bias_rows = self.plan.dimension, self.plan.bias_dimension
        return [page.filled(page.PARAMETERS, rows=rows, bias_rows=bias_rows)]

    def reset(self) -> str:
        """Initial values."""
        if self.labels.fields:
            every = [self.maps.variances(f"FANS_{self._upper(b)}", b) for b in self.plan.blocks]
            return page.filled(page.RESET_FIELDS, variances=", ".join(every))
        (block,) = self.plan.blocks
        if fan := alike(block):
            return page.filled(page.RESET_ALIKE, variance=f"1 / {fan}")
        return page.filled(page.RESET, variance=self.maps.variances("FANS", block))

    # What a program refers to.

    @property
    def channels_last(self) -> bool:
        """Whether channels stand behind the points that the program computes on."""
        return self.labels.channels_last and self.plain

    @property
    def strided(self) -> bool:
        """Whether taps take a stride."""
        return self.strides

    def weight(self, value: str) -> str:
        """The parameter that holds the weights of a block."""
        if not self.labels.fields:
            return "self.weight"
        block = next(b for b in self.plan.blocks if weight_of(b.target, b.source) == value)
        return f'self.weight["{_key(block)}"]'

    def table(self, table: Places | Table) -> str:
        """The buffer of a constant, which is written on the way."""
        name = table.name
        upper = name.upper()
        if isinstance(table, Places):
            text = self.tables.add(upper, table.array.astype(np.int64))
            view = f".view({table.array.shape})" if table.array.ndim > 1 else ""
            self.exact[name] = f"{text}{view}"
        else:
            over = f" / {table.denominator}" if table.denominator > 1 else ""
            self.exact[name] = f"{self.maps.matrix(upper, table)}{over}"
        return f"self.{name}"

    def channels(self, value: str) -> str:
        """The expression of the channels of an output."""
        if not self.labels.fields:
            return "self.out_channels"
        target = next(iter(self.outputs)) if self.alone else value[2:].partition("__")[0]
        return f'self.out_channels["{target}"]'

    def made(self, values: Sequence[str]) -> str:
        """What makes the full matrix of these blocks, a kernel, or a bias."""
        if not values:
            return "None"
        first = self._maker(values[0])
        if first.given.startswith("bias "):
            return "self.bias_vector()"
        if values[0].startswith("kernel"):
            return f"self.{values[0]}()"
        if not self.labels.fields:
            return "self.matrix()"
        if self.plain:
            return "self.matrix(OUTPUTS, INPUTS)"
        pairs = [value.removeprefix("matrix_").split("__") for value in values]
        targets, sources = (
            [f'"{n}"' for n in dict.fromkeys(side)] for side in zip(*pairs, strict=True)
        )
        return f"self.matrix([{', '.join(targets)}], [{', '.join(sources)}])"

    def shift(self, bias: str, shape: tuple[int, ...]) -> str:
        """A bias over `(channels, *shape)`."""
        target = self._maker(bias).given.removeprefix("bias ")
        values, key = ("self.bias", "")
        if self.labels.fields:
            values, key = f'self.bias["{target}"]', target
        text = self.maps.bias(self._biased[target], values, key)
        if len(shape) == 1:
            return text.removesuffix(f".expand(-1, {shape[0]})")
        return f"{text}.unflatten(-1, {shape})"

    def _expand_of(self, given: str) -> Expand:
        """The step that puts weights, or a bias, where their codes stand."""
        return next(s for s in self.steps if isinstance(s, Expand) and s.given == given)

    def _maker(self, value: str) -> Expand | Combine:
        return next(
            step for step in self.steps
            if isinstance(step, Expand | Combine) and step.out == value
        )  # fmt: skip

    # The program.

    def arguments(self) -> list[str]:
        """Every input, and a stride where there is one."""
        names = list(self.inputs) if self.labels.fields else ["x"]
        given = [f"{name}: torch.Tensor" for name in names]
        return [*given, *(["stride: int = 1"] if self.strides else [])]

    @property
    def doing(self) -> str:
        """The docstring of forward."""
        kept = ", and keep every stride-th point along each axis" if self.strides else ""
        return f"Apply the map{kept}."

    @property
    def alone(self) -> bool:
        """Whether there is one block."""
        return len(self.inputs) == len(self.outputs) == 1

    @cached_property
    def plain(self) -> bool:
        """Whether all maps make one full matrix, which one product applies."""
        apart = (Apply, Flatten, Unflatten, Expand, Combine)
        return all(isinstance(step, apart) for step in self.steps)

    @cached_property
    def correlation(self) -> Correlation | None:
        """The convolution that the program is, if it is one."""
        return next(iter(self.correlations)) if self.alone and self.correlations else None

    @cached_property
    def correlations(self) -> list[Correlation]:
        """All convolutions of the program."""
        return [step for step in self.steps if isinstance(step, Correlation)]

    @cached_property
    def products(self) -> list[Apply]:
        """All products with full matrices."""
        return [step for step in self.steps if isinstance(step, Apply)]

    def forward(self) -> str:
        """Checks of shapes, the program, and the outputs."""
        self._made = self.made_of_weights()
        return self.body(self)

    def body(self, context: FixedWriter | Kept) -> str:
        """The statements of forward."""
        turned = self.labels.channels_last and not self.plain
        names = {name: name if self.labels.fields else "x" for name in self.inputs}
        renamed = {name: f"x_{name}" for name in self.inputs}
        lines = []
        if self.labels.fields and not self.locals.isdisjoint(names.values()):
            lines.append(f"{', '.join(renamed.values())} = {', '.join(names.values())}")
            names = renamed
        values = {
            "x" if self.alone else f"x_{name}": Value(names[name], field.shape)
            for name, field in self.inputs.items()
        }
        printed = Torch(self.program, context, values)
        lines += [context.checked_shape(names[name], name) for name in self.inputs]
        for name, field in self.inputs.items() if turned else ():
            lines.append(f"{names[name]} = {names[name]}.movedim(-1, -{len(field.shape) + 1})")
        results = []
        for name, value in self.program.results:
            rank = len(self.outputs[name].shape) + 1
            text = printed.result(value)
            results.append(f"{text}.movedim(-{rank}, -1)" if turned else text)
        result = ", ".join(results)
        lines += printed.lines
        if self.labels.output_fields:
            end = ",)" if len(results) == 1 else ")"
            lines.append(enclosed("return (", results, end))
        else:
            lines.append(f"return {result}")
        return "\n".join(INDENT * 2 + line for line in lines)

    @property
    def locals(self) -> set[str]:
        """The variables of forward."""
        made = {name for step in self.steps for name in step.makes}
        return made | {"x", "y", "matrix", "sizes", "copies", "parts"}

    def checked_shape(self, x: str, name: str) -> str:
        """The statement that refuses an input of another shape than a field's."""
        channels, held, said = "self.in_channels", "self.weight", []
        if self.labels.fields:
            channels, said = f'{channels}["{name}"]', [f'"{name}: "']
            held = f'self.weight["{_key(self.plan.blocks[0])}"]'
        if self.exact:  # which are on meta where a parameter was
            held = f"self.{next(iter(self.exact))}"
        shape = self.with_channels(_axes(self.inputs[name]), channels)
        return enclosed("_check(", [x, f"[{', '.join(shape)}]", held, *said], ")")

    # Methods.

    def methods(self) -> list[str]:
        """The matrix, kernel and bias, and the layer as a matrix."""
        affine = self.affine
        if self.labels.fields:
            return [*self._made, *self.matrix_of_fields()]
        dense = affine.dense_weight("self.matrix()" if self.plain else "")
        return [*self._made, dense, self.fused()]

    def made_of_weights(self) -> list[str]:
        """The methods of what is made of weights alone."""
        if self.plain:
            return [self.matrix(), self.bias_vector()]
        kernels = [self.kernel(step) for step in self.correlations]
        if self.alone:
            return [*kernels, self.bias_vector()] if kernels else []
        return [*([self.matrix()] if self.products else []), *kernels]

    @property
    def affine(self) -> Affine:
        """What writes the layer as a matrix."""
        return Affine(self.labels, list(self.inputs), list(self.outputs))

    def matrix_of_fields(self) -> list[str]:
        """The full matrix between all fields."""
        affine = self.affine
        if self.plain:
            return [fixed_page.DENSE_FIELDS, affine.fused("self.matrix(OUTPUTS, INPUTS)")]
        dense = affine.dense_fields()
        fused = affine.fused() if self.plan.dense_pays else affine.copied()
        return [dense, fused]

    def fused(self) -> str:
        """What the layer becomes for deployment: a matrix, a kernel, or a copy, as pays."""
        if self.plain:
            return self.affine.fused("self.matrix()")
        if isinstance(self.correlation, Taps):
            kept = [name for name in self.exact if name in ("sources", "targets")]
            given = ["self.kernel()", "self.bias_vector()", *(f"self.{n}.clone()" for n in kept)]
            source = ", ".join(self.with_channels(_axes(self.plan.inputs[0]), "self.in_channels"))
            made = enclosed(f"return Fused{self.labels.class_name}(", given, ").eval()")
            return page.filled(fixed_page.FUSED_KERNEL, source=source, made=made)
        return self.affine.fused() if self.plan.dense_pays else self.affine.copied()

    def matrix(self) -> str:
        """The method of the full matrix."""
        if self.labels.fields:
            return self._blocks()
        rows, columns = self.plan.outputs[0].points, self.plan.inputs[0].points
        block, last = self.plan.blocks[0], self.channels_last
        if self.maps.basis(block):
            sizes = {"rows": rows, "columns": columns}
            template = fixed_page.MATRIX_OF_BASIS_LAST if last else fixed_page.MATRIX_OF_BASIS
            return page.filled(template, **sizes)
        *lines, entries = self.maps.entries(block, (rows, columns))
        lines.append(f"entries = {entries}")
        return page.filled(
            fixed_page.MATRIX,
            entries="\n".join(INDENT * 2 + line for line in lines),
            order="0, 2, 1, 3" if last else "2, 0, 3, 1",
        )

    def _blocks(self) -> str:
        """The methods of the full matrix between fields, block by block."""
        applied = {name for step in self.products for row in step.matrices for name in row}
        blocks = {
            _key(block): block
            for block in self.plan.blocks
            if self.plain or f"matrix_{_key(block)}" in applied
        }
        upper = {key: self._upper(block) for key, block in blocks.items()}
        linear = {key: block for key, block in blocks.items() if isinstance(block, StackBlock)}
        entries = fixed_page.ENTRIES_OF_TERMS if linear else fixed_page.ENTRIES_OF_CODES
        if linear and self.maps.bases(linear, upper):
            entries = fixed_page.ENTRIES_OF_BASES
        else:
            for key, block in blocks.items():
                self.maps.listed(block, key, upper[key])
        return page.filled(
            fixed_page.MATRIX_FIELDS,
            entries=entries,
            order="0, 2, 1, 3" if self.channels_last else "2, 0, 3, 1",
        )

    def kernel(self, step: Correlation) -> str:
        """The method of a convolution's kernel."""
        expand = self._maker(step.kernel)
        assert isinstance(expand, Expand)
        codes, weight = expand.codes, self.weight(expand.given)
        block = next(b for b in self.plan.blocks if weight_of(b.target, b.source) == expand.given)
        key = "" if self.alone else _key(block)
        rows, columns, *taps = codes.shape
        entries = self.maps.kernel(codes, weight, block.dimension, key, self._upper(block))
        count, full = len(taps), not isinstance(step, Taps)
        said = "(out, in, *taps)" if not full else "(*places, out, in)"
        if rows == columns == 1 and not full:
            text = f"{entries}.permute(1, 2, 0).unflatten(-1, {tuple(taps)})"
        else:
            shape = [*taps] if rows == columns == 1 else [rows, columns, *taps]
            text = f"{entries}.unflatten(0, {tuple(shape)})"
        lines = [f"return {text}"]
        if rows > 1 or columns > 1:
            orbits = [count + 2, 0, count + 3, 1]
            places = list(range(2, count + 2))
            order = [*places, *orbits] if full else [*orbits, *places]
            joined = ".flatten(-2).flatten(-3, -2)" if full else ".flatten(2, 3).flatten(0, 1)"
            axes = ", ".join(map(str, order))
            lines = [f"kernel = {text}", f"return kernel.permute({axes}){joined}"]
        return page.filled(
            fixed_page.KERNEL,
            name=step.kernel,
            said=said,
            lines="\n".join(INDENT * 2 + line for line in lines),
        )

    def bias_vector(self) -> str:
        """The method of the bias over channels and points, or orbits of points."""
        texts, last = [], self.channels_last and self.plain
        for bias in self.plan.biases:
            values, key = "self.bias", ""
            if self.labels.fields:
                values, key = f'self.bias["{bias.target}"]', bias.target
            if self.correlation is not None:
                codes = self._expand_of(bias_of(bias.target)).codes
                text = self.maps.coded_bias(codes, bias.dimension, values, key)
            else:
                text = self.maps.bias(bias, values, key)
            texts.append(f"{text}{'.T' if last else ''}.flatten()")
        if len(texts) > 1:
            parts = enclosed("parts = [", texts, "]")
            return page.filled(fixed_page.BIAS_VECTOR_OF_FIELDS, parts=parts)
        return page.filled(fixed_page.BIAS_VECTOR, whole=texts[0])

    # The page.

    def layer(self) -> str:
        """The class, and what it is fused to where that is a class of its own."""
        text = super().layer()
        if self.labels.fields:
            names = [field.name for field in self.plan.inputs]
            sides = f"Fused{self.labels.class_name}", names, len(self.outputs)
            return f"{text}\n\n\n{fused_class(*sides, self.labels.output_fields, mask='')}"
        if not isinstance(self.correlation, Taps):
            return text
        kept = [name for name in ("sources", "targets") if name in self.exact]
        given = ["self", "kernel: torch.Tensor", "bias: torch.Tensor | None"]
        given += [f"{name}: torch.Tensor" for name in kept]
        buffers = [f'{INDENT * 2}self.register_buffer("{name}", {name})' for name in kept]
        taps = page.filled(
            fixed_page.KEPT_KERNEL,
            class_name=self.labels.class_name,
            given=enclosed("", given, ""),
            buffers="".join(f"\n{line}" for line in buffers),
            arguments=", ".join(["self", *self.arguments()]),
            doing=self.doing,
            body=self.body(Kept(self)),
        )
        return f"{text}\n\n\n{taps}"

    def constants(self) -> list[str]:
        """Shapes, generators and dimensions."""
        shapes = [
            self._shapes_of("INPUTS", self.plan.inputs),
            self._shapes_of("OUTPUTS", self.plan.outputs),
        ]
        generators = self.maps.generators()
        return [*shapes, *self._dimensions(), *generators, *self.maps.constants]

    def helpers(self) -> Sequence[str]:
        """All functions that the page may call, in their order."""
        last = self.labels.channels_last
        moving = linear_helpers if isinstance(self.plan, StackPlan) else helpers
        taps = {
            helpers.convolved(len(step.periods), step.wraps)
            for step in self.correlations
            if isinstance(step, Taps)
        }
        return (
            helpers.TRANSFORMED,
            *sorted(taps),
            *helpers.ORDER,
            *linear_helpers.ORDER,
            helpers.JOINED_LAST if last else helpers.JOINED_FIRST,
            moving.MOVED_LAST if last else moving.MOVED_FIRST,
        )

    def _shapes_of(self, name: str, fields: Sequence[Field | LinearField]) -> str:
        """A dictionary of shapes by field."""
        return dictionary(name, [f'"{f.name}": {f.shape}' for f in fields])

    def _dimensions(self) -> list[str]:
        """The dimensions of all blocks and biases, where fields are named."""
        if not self.labels.fields:
            return []
        blocks = []
        for b in self.plan.blocks:
            pair = [f'"{b.target}"', f'"{b.source}"']
            blocks.append(enclosed("(", pair, f"): {b.dimension}"))
        biases = [f'"{b.target}": {b.dimension}' for b in self.plan.biases]
        return [
            dictionary("DIMENSIONS", blocks),
            dictionary("BIAS_DIMENSIONS", biases),
        ]

    def _upper(self, block: AnyBlock) -> str:
        """What constants of a block are called: by its fields, or by number where that is long."""
        if len(key := _key(block)) <= _LONGEST_KEY:
            return key.upper()
        row, column = list(self.outputs).index(block.target), list(self.inputs).index(block.source)
        return f"{row}_{column}"


class Kept:
    """What the lines of a fused convolution refer to: a kernel and a bias that are kept."""

    def __init__(self, writer: FixedWriter) -> None:
        self._writer = writer
        self.channels_last, self.strided = writer.channels_last, writer.strided

    def weight(self, value: str) -> str:
        """Kernels alone are kept."""
        raise TypeError(value)

    def table(self, table: Places | Table) -> str:
        """The buffer of a constant."""
        return self._writer.table(table)

    def channels(self, value: str) -> str:
        """The output's channels: a kernel has one for each of its orbits."""
        step = self._writer.correlation
        assert step is not None
        rows = step.orbits[0]
        return f"self.kernel.shape[0] // {rows}" if rows > 1 else "self.kernel.shape[0]"

    def made(self, values: Sequence[str]) -> str:
        """The kernel or the bias."""
        return "self.kernel" if values[0].startswith("kernel") else "self.bias"

    def shift(self, bias: str, shape: tuple[int, ...]) -> str:
        """A convolution adds its bias itself."""
        raise TypeError(bias)

    def checked_shape(self, x: str, name: str) -> str:
        """The statement that refuses another shape."""
        step = self._writer.correlation
        assert step is not None
        columns = step.orbits[1]
        channels = f"self.kernel.shape[1] // {columns}" if columns > 1 else "self.kernel.shape[1]"
        shape = self._writer.with_channels(_axes(self._writer.inputs[name]), channels)
        return enclosed("_check(", [x, f"[{', '.join(shape)}]", "self.kernel"], ")")


def _key(block: AnyBlock) -> str:
    """What the parameters of a block are called."""
    return f"{block.target}__{block.source}"


def _axes(field: Field | LinearField) -> list[str]:
    """The sizes of a field's axes, as words."""
    return [str(size) for size in field.shape]
