"""What the page of a layer of any size says of it: facts, diagrams and shapes."""

from __future__ import annotations

from intertwine.emit.names import comment
from intertwine.emit.tables import Tables
from intertwine.emit.text import (
    INDENT,
    LISTED,
    itemized,
    listed,
    wrapped,
)
from intertwine.plan.diagram import Axes, spelled
from intertwine.plan.sizes import SizePlan

_ONLY = ""
_LONGEST_FACTOR = 12


class SizeWords:
    """The names of a plan on its page, and the docstring of its class."""

    def __init__(self, plan: SizePlan) -> None:
        self.plan = plan
        self.tables = Tables()
        self.texts: list[str] = []
        self.single = set(plan.sizes) == {_ONLY}
        self.keys = {factor: "n" if factor == _ONLY else factor for factor in plan.sizes}
        short = max(map(len, plan.sizes)) <= _LONGEST_FACTOR
        named = {f: f"_{f}" if short else f"_{k}" for k, f in enumerate(plan.sizes)}
        named |= {_ONLY: ""}
        self.vars = {f: f"n{named[f]}" for f in plan.sizes}
        self.counts = {f: f"count{named[f]}" for f in plan.sizes}
        self.masks = {f: f"mask{named[f]}" for f in plan.sizes}
        self.source, self.target = plan.names
        self.apart = not plan.fields and all(
            len(mix.outs) == len(mix.givens) == 1 and plan.blocks[0].copies == (1, 1)
            for mix in plan.program.mixes
        )
        self.numbered = plan.fields and any(n != v for n, v in self.source.items())

    def facts(self) -> str:
        """What was solved and how it was proved."""
        plan, labels = self.plan, self.plan.labels
        sizes = ", ".join(f"{self.keys[f]} = {n}" for f, n in plan.sizes.items())
        pools = "means: one set of weights serves every size" if plan.mean else "sums"
        lines = [
            f"Group: {plan.group} at {sizes}, of order {labels.order}.",
            f"Action: {plan.title}.",
            f"Dimension: {plan.dimension}, bias {plan.bias_dimension}, at {sizes}.",
            f"Proof: {labels.certificate}.",
            f"Any size: y = sum over diagrams d of weight[d] A_d x; pools are {pools}.",
            *self.coincidences(),
        ]
        return "\n".join(wrapped(comment(line), INDENT, INDENT) for line in lines)

    def coincidences(self) -> list[str]:
        """What is said of sizes at which diagrams depend on one another."""
        most: dict[str, int] = {}
        for target in self.plan.outputs.values():
            for source in self.plan.inputs.values():
                names = target.names + source.names
                for factor in set(names):
                    most[factor] = max(most.get(factor, 0), names.count(factor))
        bounds = ", ".join(f"{self.keys[f]} < {m}" for f, m in sorted(most.items()) if m > 1)
        if not bounds:
            return []
        return [f"Where {bounds}, diagrams of more than that many blocks depend on the others."]

    def meanings(self) -> str:
        """A line a diagram, in letters."""
        plan = self.plan
        legend = (
            "output axes, then input axes; equal letters are tied, letters of the input alone are "
            "averaged" if plan.mean else
            "output axes, then input axes; equal letters are tied, letters of the input alone are "
            "summed"
        )  # fmt: skip
        if not plan.fields:
            (block,), (target,) = plan.blocks, plan.outputs.values()
            names = [spelled(s, len(target.names)) or "1" for s in block.strings]
            head = f"`weight[k]` multiplies diagram k ({legend}):"
            bias = [spelled(s, len(target.names)) or "1" for s in plan.invariants(block.target)]
            copies = block.copies[0] * block.copies[1]
            note = [] if copies == 1 else [
                wrapped(f"Each has {copies} rows, one a pair of fixed indices of output and input.",
                        INDENT)
            ]  # fmt: skip
            return "\n".join([
                wrapped(head, INDENT, INDENT),
                listed(names, len(names)).replace(", by first entries in row-major order", ""),
                *note,
                "",
                wrapped(f"`bias[k]` is added where output axes are tied: {', '.join(bias)}.",
                        INDENT, INDENT),
            ])  # fmt: skip
        lines = [wrapped(f'`weight["output__input"][k]` multiplies diagram k ({legend}):', INDENT)]
        for block in plan.blocks:
            outputs = len(plan.outputs[block.target].names)
            names = [f"[{k}] {spelled(s, outputs) or '1'}" for k, s in enumerate(block.strings)]
            more = ["..."] if len(names) > LISTED else []
            copies = block.copies[0] * block.copies[1]
            times = "" if copies == 1 else f" times {copies} pairs of fixed indices"
            key = f"{block.target}__{block.source}, {len(names)}{times}:"
            lines.append(itemized(key, names[:LISTED] + more))
        return "\n".join(lines)

    def shapes(self) -> str:
        """The shapes of every field."""
        lines = []
        for word, side in (("in", self.plan.inputs), ("out", self.plan.outputs)):
            for name, axes in side.items():
                given = f"{word}put  " if word == "out" else f"{word}put   "
                label = f"{given}{name} " if self.plan.fields else given
                lines.append(f"{label}({', '.join(self.with_channels(axes, f'{word}_channels'))})")
        return "\n".join(wrapped(line, INDENT * 2, INDENT * 2) for line in lines)

    def with_channels(
        self, axes: Axes, channels: str, sizes: dict[str, str] | None = None
    ) -> list[str]:
        """The shape of a field with its channels, as words."""
        words = [
            str(size) if factor is None else (sizes or self.keys)[factor]
            for factor, size in zip(axes.factors, axes.sizes, strict=True)
        ]
        return [*words, channels] if self.plan.labels.channels_last else [channels, *words]

    def channels(self, side: str, name: str) -> str:
        """The expression of a field's channels."""
        return f'self.{side}_channels["{name}"]' if self.plan.fields else f"self.{side}_channels"
