"""The steps of a program as PyTorch: one method a step.

A value is a tensor of shape (batch..., channels, axes...), and a variable of `forward` or a short
expression that stands where it is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from math import prod
from typing import Protocol

from intertwine.emit.text import INDENT, enclosed
from intertwine.plan.program import Program
from intertwine.plan.steps.axes import Average, Flatten, Spread, Turn, Unflatten, repeated
from intertwine.plan.steps.channels import Apply, MixCopies
from intertwine.plan.steps.convolution import Correlation, Taps
from intertwine.plan.steps.points import Add, Fold, Gather, Join, Pick, Split, Stack, Times
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Change, Combine, Expand, Shift
from intertwine.plan.table import Places, Table

_LONGEST_INLINE = 60
_LONGEST_SUM = 76
_LONGEST_LINE = 92


@dataclass(frozen=True)
class Value:
    """A tensor's expression and its axes behind channels.

    `operator` says that it needs brackets before a method; `whole` is the value whose points this
    has as one axis; with `channels`, channels and points are one axis.
    """

    text: str
    shape: tuple[int, ...]
    operator: bool = False
    whole: Value | None = None
    channels: str = ""

    @property
    def atom(self) -> str:
        """What a method can be called of."""
        return f"({self.text})" if self.operator else self.text


class Context(Protocol):
    """What a program's lines refer to besides its data."""

    @property
    def channels_last(self) -> bool:
        """Whether channels stand behind the points."""

    @property
    def strided(self) -> bool:
        """Whether taps take a stride."""

    def weight(self, value: str) -> str:
        """The parameter that holds weights."""

    def table(self, table: Places | Table) -> str:
        """The buffer of a constant."""

    def channels(self, value: str) -> str:
        """The channels of what is made of weights."""

    def made(self, values: Sequence[str]) -> str:
        """What makes the full matrix of these blocks, a kernel, or a bias."""

    def shift(self, bias: str, shape: tuple[int, ...]) -> str:
        """A bias of shape `(channels, *shape)`, where there is one."""


@dataclass
class Torch:
    """Prints a program as statements at the depth of a method's body, from inputs' values."""

    program: Program
    context: Context
    values: dict[str, Value]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._uses = _uses(self.program)
        self._made: Counter[str] = Counter()
        self._rows = {
            step.out: (step.codes.shape if isinstance(step, Expand) else step.shape)[0]
            for step in self.program.steps
            if isinstance(step, Expand | Combine)
        }
        for step in self.program.steps:
            self.step(step)

    def result(self, name: str) -> str:
        """The expression of an output."""
        return self._split(self.values[name]).text

    @singledispatchmethod
    def step(self, step: Step) -> None:
        """Print a step."""
        raise TypeError(f"{type(step).__name__} is no step of a layer of one size")

    @step.register
    def _(self, step: Expand) -> None:
        """What is made of weights alone is a method of its own."""

    @step.register
    def _(self, step: Combine) -> None:
        """What is made of weights alone is a method of its own."""

    @step.register
    def _(self, step: Change) -> None:
        weight, change = self.context.weight(step.given), self.context.table(step.change)
        made = f"({change} @ {weight}.flatten(1)).unflatten(1, {weight}.shape[1:])"
        self.lines.append(f"{step.out} = {made}")

    # Points and axes.

    @step.register
    def _(self, step: Flatten) -> None:
        x = self.values[step.given]
        kept = len(x.shape) - step.rank
        shape = (*x.shape[:kept], prod(x.shape[kept:]))
        flat = Value(
            f"{x.atom}.flatten(-{step.rank})" if step.rank else f"{x.atom}[..., None]", shape
        )
        self._make(step.out, replace(flat, whole=x if len(shape) == 1 else None))

    @step.register
    def _(self, step: Unflatten) -> None:
        x, shape = self.values[step.given], (*self.values[step.given].shape[:-1], *step.sizes)
        if x.channels:
            self._make(step.out, self._split(x, step.sizes))
        elif x.whole is not None and x.whole.shape == step.sizes:
            self._make(step.out, x.whole)
        else:
            folded = f".unflatten(-1, {step.sizes})" if step.sizes else "[..., 0]"
            self._make(step.out, Value(f"{x.atom}{folded}", shape))

    @step.register
    def _(self, step: Gather) -> None:
        x, size = self._split(self.values[step.given]), step.places.array.size
        gathered = f"{x.atom}.index_select(-1, {self.context.table(step.places)})"
        self._make(step.out, Value(gathered, (*x.shape[:-1], size)))

    @step.register
    def _(self, step: Fold) -> None:
        x, rows = self.values[step.given], len(step.places.array)
        folded = f"_gathered({x.text}, {self.context.table(step.places)})"
        self._make(step.out, Value(folded, (*x.shape[:-1], rows)))

    @step.register
    def _(self, step: Times) -> None:
        x, columns = self.values[step.given], step.matrix.numerators.shape[1]
        product = f"{x.atom} @ {self.context.table(step.matrix)}"
        self._make(step.out, Value(product, (*x.shape[:-1], columns), operator=True))

    @step.register
    def _(self, step: Pick) -> None:
        x, copies = self.values[step.given], list(step.copies)
        picked = f"{x.atom}[..., {copies if len(copies) > 1 else copies[0]}, :]"
        shape = (len(copies), x.shape[-1]) if len(copies) > 1 else x.shape[-1:]
        self._make(step.out, Value(picked, shape))

    @step.register
    def _(self, step: Turn) -> None:
        x, last = self.values[step.given], tuple(range(-len(step.order), 0))
        turned = ".mT" if step.order == (-1, -2) else f".movedim({step.order}, {last})"
        shape = (*x.shape[: -len(last)], *(x.shape[a] for a in step.order))
        self._make(step.out, Value(f"{x.atom}{turned}", shape))

    @step.register
    def _(self, step: Average) -> None:
        x, word = self.values[step.given], "mean" if step.mean else "sum"
        shape = list(x.shape)
        del shape[step.axis]
        self._make(step.out, Value(f"{x.atom}.{word}({step.axis})", tuple(shape)), inline=False)

    @step.register
    def _(self, step: Spread) -> None:
        x, term = self.values[step.given], self.values[step.term]
        sizes = dict(zip(step.term_axes, term.shape, strict=True))
        sizes |= dict(zip(step.axes, x.shape, strict=True))
        spread = [
            f"{value.atom}{repeated(axes, step.rank)}"
            for value, axes in ((x, step.axes), (term, step.term_axes))
        ]
        shape = tuple(sizes[axis] for axis in range(step.rank))
        self._make(step.out, Value(" + ".join(spread), shape, operator=True), inline=False)

    @step.register
    def _(self, step: Stack) -> None:
        shape = (len(step.givens), *self.values[step.givens[0]].shape)
        self._joined("torch.stack", step.givens, -2, step.out, shape)

    @step.register
    def _(self, step: Join) -> None:
        points = sum(self.values[name].shape[-1] for name in step.givens)
        shape = (*self.values[step.givens[0]].shape[:-1], points)
        self._joined("torch.cat", step.givens, -1, step.out, shape)

    def _joined(
        self, function: str, names: Sequence[str], axis: int, out: str, shape: tuple[int, ...]
    ) -> None:
        items = ", ".join(self.values[name].text for name in names)
        self._make(out, Value(f"{function}([{items}], {axis})", shape))

    @step.register
    def _(self, step: Split) -> None:
        x, sizes = self.values[step.given], list(map(str, step.sizes))
        for out, size in zip(step.outs, step.sizes, strict=True):
            self._name(out, Value(out, (*x.shape[:-1], size)))
        self._taken_apart(step.outs, x.atom, sizes)

    def _taken_apart(self, outs: Sequence[str], text: str, sizes: Sequence[str]) -> None:
        """The statement that splits the last axis."""
        names, split = ", ".join(outs), f"{text}.split([{', '.join(sizes)}], -1)"
        if len(f"{names} = {split}") > _LONGEST_LINE:
            self.lines.append(enclosed("sizes = [", sizes, "]"))
            split = f"{text}.split(sizes, -1)"
        self.lines.append(f"{names} = {split}")

    @step.register
    def _(self, step: Add) -> None:
        first, *rest = (self._split(self.values[name]) for name in step.terms)
        text = " + ".join(term.text for term in (first, *rest))
        if len(text) <= _LONGEST_SUM:
            operator = bool(rest) or first.operator
            self._make(step.out, Value(text, first.shape, operator=operator))
            return
        self._make(step.out, first, inline=False)
        self.lines += [f"{step.out} = {step.out} + {term.text}" for term in rest]
        self.values[step.out] = Value(step.out, first.shape)

    # Channels.

    @step.register
    def _(self, step: MixCopies) -> None:
        x, stop = self.values[step.given], step.start + step.spreads * step.pools
        matrix = f"{step.weights}[{step.start}]"
        if step.spreads * step.pools > 1:
            matrix = f"_cells({step.weights}[{step.start}:{stop}], {step.spreads})"
        given = f"{x.atom}.flatten(-3, -2)" if step.pools > 1 else x.text
        split = f".unflatten(-2, (-1, {step.spreads}))" if step.spreads > 1 else ""
        if len(f"{step.out} = _mix({matrix}, {given}){split}") > _LONGEST_LINE:
            self.lines.append(f"matrix = {matrix}")
            matrix = "matrix"
        self.lines.append(f"{step.out} = _mix({matrix}, {given}){split}")
        shape = (*([step.spreads] if step.spreads > 1 else []), x.shape[-1])
        self._name(step.out, Value(step.out, shape))

    @step.register
    def _(self, step: Apply) -> None:
        context, parts = self.context, []
        for name in step.givens:
            x = self.values[name]
            x = x if x.whole is None else x.whole
            parts.append(f"{x.atom}.flatten(-{len(x.shape) + 1})")
        if len(parts) > 1:
            self.lines.append(f"x = torch.cat([{', '.join(parts)}], -1)")
            parts = ["x"]
        matrices = [name for row in step.matrices for name in row]
        given = [parts[0], context.made(matrices), context.made(step.biases)]
        alone = len(step.outs) == 1
        out = step.outs[0] if alone else "y"
        self.lines.append(enclosed(f"{out} = torch.nn.functional.linear(", given, ")"))
        points = [self._rows[row[0]] for row in step.matrices]
        channels = [context.channels(name) for name in step.outs]
        for name, c, n in zip(step.outs, channels, points, strict=True):
            self._name(name, Value(name, (n,), channels=c))
        if not alone:
            sizes = [c if n == 1 else f"{c} * {n}" for c, n in zip(channels, points, strict=True)]
            self._taken_apart(step.outs, out, sizes)

    @step.register
    def _(self, step: Correlation) -> None:
        count, (rows, columns) = len(step.periods), step.orbits
        lead = [self.context.channels(step.out), *([str(rows)] if rows > 1 else [])]
        given = [
            self.values[step.given].text,
            self.context.made([step.kernel]),
            "None" if step.bias is None else self.context.made([step.bias]),
            f"[{', '.join(lead)}]",
            str(count + 1 + (columns > 1)),
        ]
        function = "_transformed"
        if isinstance(step, Taps):
            function = f"_convolved_{count}d" if step.wraps else f"_convolved_{count}d_to_ends"
            given += [str(step.radius), *(["stride"] if self.context.strided else [])]
        self.lines.append(enclosed(f"{step.out} = {function}(", given, ")"))
        shape = (*([rows] if rows > 1 else []), *step.periods)
        self._name(step.out, Value(step.out, shape))

    @step.register
    def _(self, step: Shift) -> None:
        x = self._split(self.values[step.given], step.shape)
        if x.text != step.out:
            self.lines.append(f"{step.out} = {x.text}")
        shift = self.context.shift(step.bias, step.shape)
        self.lines += ["if self.bias is not None:",
                       f"{INDENT}{step.out} = {step.out} + {shift}"]  # fmt: skip
        self._name(step.out, Value(step.out, step.shape))

    # Expressions.

    def _name(self, out: str, value: Value) -> None:
        """Give a value that a statement has made."""
        self._made[out] += 1
        self.values[out] = value

    def _make(self, out: str, value: Value, inline: bool = True) -> None:
        """Give a value: in place, where it is short and used once, or by a statement."""
        self._made[out] += 1
        short = len(value.text) <= _LONGEST_INLINE or value.whole is not None
        if value.text == out or (inline and short and self._uses[out, self._made[out]] == 1):
            self.values[out] = value
            return
        self.lines.append(f"{out} = {value.text}")
        whole = None if value.whole is None or value.whole.text == out else value.whole
        self.values[out] = replace(value, text=out, operator=False, whole=whole, channels="")

    def _split(self, value: Value, sizes: tuple[int, ...] = ()) -> Value:
        """The value with its channels on an axis of their own."""
        if not value.channels:
            return value
        shape = sizes or value.shape
        axes = [str(n) for n in shape]
        order = [*axes, value.channels] if self.context.channels_last else [value.channels, *axes]
        return Value(f"{value.text}.unflatten(-1, ({', '.join(order)}))", shape)


def _uses(program: Program) -> Counter[tuple[str, int]]:
    """How often each value is read, by its name and how many times that was given before."""
    uses: Counter[tuple[str, int]] = Counter()
    made: Counter[str] = Counter()
    for step in program.steps:
        uses.update((name, made[name]) for name in step.reads)
        made.update(step.makes)
    uses.update((name, made[name]) for _, name in program.results)
    return uses
