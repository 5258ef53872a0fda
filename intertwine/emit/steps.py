"""Each step of a straight-line program as a line of PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatchmethod

from intertwine.emit.text import INDENT, enclosed
from intertwine.plan.program import Program
from intertwine.plan.steps.axes import Average, Lead, Place, Spread, Tie, Trail, Turn, repeated
from intertwine.plan.steps.channels import Mix
from intertwine.plan.steps.step import Step

_NEWLINE = f"\n{INDENT * 2}"
_LONGEST_INLINE = 14


@dataclass(frozen=True)
class Scope:
    """What a step's line refers to besides values.

    `sizes` and `counts` are the variables of each factor's points and of those that are no padding;
    `channels` is the expression of an output's channels, `copies` how many copies of them it has;
    `matrices` makes each mix's weights, in lines that end in an expression.  `flat` are the tensors
    whose points stay flattened up to the place it gives.
    """

    sizes: Mapping[str, str]
    counts: Mapping[str, str]
    channels: Mapping[str, str]
    copies: Mapping[str, int]
    matrices: Mapping[tuple[str, ...], list[str]]
    flat: Mapping[str, Place]

    @singledispatchmethod
    def line(self, step: Step) -> str:
        """The statement, at the depth of a method's body."""
        raise TypeError(f"{type(step).__name__} is no step")

    @line.register
    def _(self, step: Lead) -> str:
        front = -step.rank - 1
        places = _tuple(range(front, front + len(step.fixed)))
        moved = f"{step.given}.movedim({_tuple(step.fixed)}, {places})"
        return f"{step.out} = {moved}.flatten({front}, {front + len(step.fixed)})"

    @line.register
    def _(self, step: Trail) -> str:
        channels = [*map(str, step.sizes), self.channels[step.out]]
        split = f"{step.given} = {step.given}.unflatten({-step.rank - 1}, ({', '.join(channels)}))"
        front = -step.rank - 1 - len(step.fixed)
        places = _tuple(range(front, front + len(step.fixed)))
        moved = f"{step.out} = {step.given}.movedim({places}, {_tuple(step.fixed)})"
        return f"{split}\n{INDENT * 2}{moved}"

    @line.register
    def _(self, step: Tie) -> str:
        return f"{step.out} = {step.given}.diagonal(dim1={step.first}, dim2={step.second})"

    @line.register
    def _(self, step: Average) -> str:
        if not step.mean:
            return f"{step.out} = {step.given}.sum({step.axis})"
        return f"{step.out} = _mean({step.given}, {step.axis}, {self.counts[step.factor]})"

    @line.register
    def _(self, step: Turn) -> str:
        return f"{step.out} = {step.given}{_turned(step.order)}"

    @line.register
    def _(self, step: Mix) -> str:
        *lines, matrix = self.matrices[step.outs]
        if len(matrix) > _LONGEST_INLINE:
            lines, matrix = [*lines, f"matrix = {matrix}"], "matrix"
        x, rank = step.givens[0], len(step.level)
        if len(step.givens) > 1:
            lines.append(enclosed("pools = [", step.givens, "]"))
            x = f"torch.cat(pools, {-rank - 1})"
        flat = f".flatten({-rank})" if rank > 1 else ""
        call, arguments = "_mix(", [matrix, f"{x}{flat}"]
        if rank == 0:
            call, arguments = "torch.nn.functional.linear(", [x, matrix, "bias"]
        elif step.base is not None:
            call = "_mix_into(" if step.base_fresh else "_mix_onto("
            base = f"{step.base}{flat}" if step.base_whole else f"{step.base}[..., None]"
            arguments = [base, *arguments]
        several = len(step.outs) > 1
        folded = rank > 1 and step.outs[0] not in self.flat
        out = "mixed" if several or folded else step.outs[0]
        lines.append(enclosed(f"{out} = {call}", arguments, ")"))
        if folded:
            shape = ", ".join(self.sizes[factor] for factor in step.level)
            out = "mixed" if several else step.outs[0]
            lines.append(f"{out} = mixed.unflatten(-1, ({shape}))")
        return _NEWLINE.join([*lines, *(self._split(step) if several else [])])

    def _split(self, step: Mix) -> list[str]:
        """The statements that take what is mixed apart into the step's values."""
        widths = [self._width(target) for target in step.targets]
        lines, width = [], f"{len(widths)} * [{widths[0]}]"
        if len(set(widths)) > 1:
            lines, width = [enclosed("widths = [", widths, "]")], "widths"
        split = f"mixed.split({width}, {-len(step.level) - 1})"
        return [*lines, f"{', '.join(step.outs)} = {split}"]

    def _width(self, target: str) -> str:
        copies, channels = self.copies[target], self.channels[target]
        return channels if copies == 1 else f"{copies} * {channels}"

    @line.register
    def _(self, step: Spread) -> str:
        given = f"{step.given}{repeated(step.axes, step.rank)}"
        term = f"{step.term}{repeated(step.term_axes, step.rank)}"
        if step.fresh:
            return f"{step.out} += {term}"
        return f"{step.out} = {given} + {term}"

    @line.register
    def _(self, step: Place) -> str:
        value = step.out
        if len(step.level) != 2:
            view = "".join(f".diagonal(dim1={a}, dim2={b})" for a, b in step.ties)
            turned = _turned(step.order) if step.order else ""
            return f"{value}{view}{turned}.add_({step.term})"
        n, last = self.sizes[step.level[0]], self.flat.get(value)
        lines = [] if last else [f"{value} = {value}.flatten(-2)"]
        lines += [
            f"diagonal = torch.arange(0, {n} * {n}, {n} + 1, device={value}.device)",
            f"{value}.index_add_(-1, diagonal, {step.term})",
        ]
        if last in (None, step):
            lines.append(f"{value} = {value}.unflatten(-1, ({n}, {n}))")
        return _NEWLINE.join(lines)


def kept_flat(program: Program) -> dict[str, Place]:
    """The matrices that are best placed upon while flat, each with the last step before other uses.

    What is added in place to a view costs a copy of its gradient; a product's result is no view.
    """
    flat = {}
    for number, step in enumerate(program.steps):
        if isinstance(step, Mix) and step.base is not None and len(step.level) == 2:
            (value,) = step.outs
            for later in program.steps[number + 1 :]:
                if isinstance(later, Place) and later.given == value:
                    flat[value] = later
                elif value in later.reads:
                    break
    return flat


def _tuple(places: range | tuple[int, ...]) -> str:
    numbers = list(places)
    return str(numbers[0]) if len(numbers) == 1 else f"({', '.join(map(str, numbers))})"


def _turned(order: tuple[int, ...]) -> str:
    if order == (-1, -2):
        return ".transpose(-2, -1)"
    return f".movedim({_tuple(order)}, {_tuple(range(-len(order), 0))})"
