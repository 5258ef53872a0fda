"""What the page of a layer of any size says of it: facts, diagrams and shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intertwine.emit import helpers, sizes_helpers, sizes_page
from intertwine.emit.text import INDENT, LISTED, itemized, listed, wrapped
from intertwine.emit.writer import PageWriter
from intertwine.plan.diagram import Axes, spelled
from intertwine.plan.strategy.diagrams import SizePlan

_ONLY = ""
_LONGEST_FACTOR = 12


class SizeWords(PageWriter):
    """The names of a plan on its page, and the docstring of its class."""

    scope = ", for every n"
    template = sizes_page.CHECK

    def __init__(self, plan: SizePlan) -> None:
        super().__init__(plan.labels)
        self.plan = plan
        self.texts: list[str] = []
        self.single = set(plan.sizes) == {_ONLY}
        self.mask = "torch.Tensor" if self.single else "dict[str, torch.Tensor]"
        self.keys = {factor: "n" if factor == _ONLY else factor for factor in plan.sizes}
        short = max(map(len, plan.sizes)) <= _LONGEST_FACTOR
        named = {f: f"_{f}" if short else f"_{k}" for k, f in enumerate(plan.sizes)}
        named |= {_ONLY: ""}
        self.vars = {f: f"n{named[f]}" for f in plan.sizes}
        self.counts = {f: f"count{named[f]}" for f in plan.sizes}
        self.masks = {f: f"mask{named[f]}" for f in plan.sizes}
        self.source, self.target = plan.names
        self.apart = not self.labels.fields and all(
            len(mix.outs) == len(mix.givens) == 1 and plan.blocks[0].copies == (1, 1)
            for mix in plan.program.mixes
        )
        self.numbered = self.labels.fields and any(n != v for n, v in self.source.items())

    def facts(self) -> list[str]:
        """What was solved and how it was proved."""
        plan, labels = self.plan, self.labels
        sizes = ", ".join(f"{self.keys[f]} = {n}" for f, n in plan.sizes.items())
        pools = "means: one set of weights serves every size" if plan.mean else "sums"
        return [
            f"Group: {labels.group} at {sizes}, of order {labels.order}.",
            f"Action: {labels.title}.",
            f"Dimension: {plan.dimension}, bias {plan.bias_dimension}, at {sizes}.",
            f"Proof: {labels.certificate}.",
            f"Any size: y = sum over diagrams d of weight[d] A_d x; pools are {pools}.",
            *self.coincidences(),
        ]

    def coincidences(self) -> list[str]:
        """What is said of sizes at which diagrams depend on one another."""
        least = sorted(self.plan.least.items())
        bounds = ", ".join(f"{self.keys[f]} < {n}" for f, n in least if n > 1)
        if not bounds:
            return []
        return [f"Where {bounds}, diagrams of more than that many blocks depend on the others."]

    def meanings(self) -> str:
        """A line a diagram, in letters."""
        plan = self.plan
        pooled = "averaged" if plan.mean else "summed"
        legend = (
            "output axes, then input axes; equal letters are tied, letters of the input alone are "
            f"{pooled}"
        )
        if not self.labels.fields:
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

    def shapes(self) -> list[str]:
        """The shapes of every field."""
        lines = []
        for word, side in (("in", self.plan.inputs), ("out", self.plan.outputs)):
            for name, axes in side.items():
                given = f"{word}put  " if word == "out" else f"{word}put   "
                label = f"{given}{name} " if self.labels.fields else given
                shape = self.with_channels(self.words(axes, self.keys), f"{word}_channels")
                lines.append(f"{label}({', '.join(shape)})")
        return lines

    def words(self, axes: Axes, names: Mapping[str, str]) -> list[str]:
        """A word an axis: the name of its factor, or a fixed size."""
        return [
            str(size) if factor is None else names[factor]
            for factor, size in zip(axes.factors, axes.sizes, strict=True)
        ]

    def channels(self, side: str, name: str) -> str:
        """The expression of a field's channels."""
        return f'self.{side}_channels["{name}"]' if self.labels.fields else f"self.{side}_channels"

    def helpers(self) -> Sequence[str]:
        """Those of pages of any size."""
        last = self.labels.channels_last
        return (
            helpers.NUMBERS,
            helpers.PACKED,
            helpers.REALS,
            helpers.PACKED_REALS,
            helpers.MIX,
            *sizes_helpers.ORDER,
            sizes_helpers.SPREAD_OVER_MEAN if self.plan.mean else sizes_helpers.SPREAD_OVER_SUM,
            helpers.JOINED_LAST if last else helpers.JOINED_FIRST,
            sizes_helpers.PERMUTED_LAST if last else sizes_helpers.PERMUTED_FIRST,
            *helpers.AFFINE,
            helpers.POINTS,
            helpers.CHANNELS,
            helpers.BY_FIELD,
        )


def sizes_of(single: bool) -> str:
    """The expression of all sizes in a method that takes `n`: one number, or one a factor."""
    return 'SIZES if n is None else {"n": n}' if single else "_sized(n, SIZES)"
