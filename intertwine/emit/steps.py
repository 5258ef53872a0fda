"""Each step of a straight-line program as a line of PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatchmethod

from intertwine.emit.text import INDENT, bracketed
from intertwine.plan.program import (
    Average,
    Lead,
    Mix,
    Place,
    Spread,
    Step,
    Tie,
    Trail,
    Turn,
    repeated,
)


@dataclass(frozen=True)
class Scope:
    """What a step's line refers to besides values.

    `sizes` and `counts` are the variables of each factor's points and of those that are no padding;
    `channels` is the expression of an output's channels, `copies` how many copies of them it has;
    `matrices` makes each mix's weights, in lines that end in an expression; `mean` says whether
    pools are means.
    """

    sizes: Mapping[str, str]
    counts: Mapping[str, str]
    channels: Mapping[str, str]
    copies: Mapping[str, int]
    matrices: Mapping[tuple[str, ...], list[str]]
    mean: bool

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
        if not self.mean:
            return f"{step.out} = {step.given}.sum({step.axis})"
        return f"{step.out} = _mean({step.given}, {step.axis}, {self.counts[step.factor]})"

    @line.register
    def _(self, step: Turn) -> str:
        return f"{step.out} = {step.given}{_turned(step.order)}"

    @line.register
    def _(self, step: Mix) -> str:
        rank, (*lines, matrix) = len(step.level), self.matrices[step.outs]
        channel = -rank - 1
        lines = [*lines, f"matrix = {matrix}"]
        x = step.givens[0]
        if len(step.givens) > 1:
            lines.append(bracketed("pools = [", step.givens, "]", 2, call=False))
            x = f"torch.cat(pools, {channel})"
        if rank == 0:
            mixed = f"torch.nn.functional.linear({x}, matrix, bias)"
        elif rank == 1:
            mixed = f"_mix(matrix, {x})"
            if step.base is not None:
                shared = step.base if step.base_whole else f"{step.base}[..., None]"
                mixed = f"_mix_onto({shared}, matrix, {x})"
        else:
            shape = ", ".join(self.sizes[factor] for factor in step.level)
            made = f"_mix(matrix, {x}.flatten({-rank}))"
            if step.base is not None:
                made = f"_mix_onto({step.base}.flatten({-rank}), matrix, {x}.flatten({-rank}))"
            lines.append(f"mixed = {made}")
            mixed = f"mixed.unflatten(-1, ({shape}))"
        if len(step.outs) == 1:
            lines.append(f"{step.outs[0]} = {mixed}")
        else:
            lines.append(f"mixed = {mixed}")
            widths = [self._width(target) for target in step.targets]
            width = f"{len(widths)} * [{widths[0]}]"
            if len(set(widths)) > 1:
                lines.append(bracketed("widths = [", widths, "]", 2, call=False))
                width = "widths"
            split = f"mixed.split({width}, {channel})"
            outs = ", ".join(step.outs)
            flat = f"{outs} = {split}"
            if len(flat) > 92:
                names = "".join(f"{INDENT * 3}{out},\n" for out in step.outs)
                flat = f"(\n{names}{INDENT * 2}) = {split}"
            lines.append(flat)
        return f"\n{INDENT * 2}".join(lines)

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
        view = "".join(f".diagonal(dim1={a}, dim2={b})" for a, b in step.ties)
        turned = _turned(step.order) if step.order else ""
        return f"{step.out}{view}{turned}.add_({step.term})"


def _tuple(places: range | tuple[int, ...]) -> str:
    numbers = list(places)
    return str(numbers[0]) if len(numbers) == 1 else f"({', '.join(map(str, numbers))})"


def _turned(order: tuple[int, ...]) -> str:
    if order == (-1, -2):
        return ".transpose(-2, -1)"
    return f".movedim({_tuple(order)}, {_tuple(range(-len(order), 0))})"
