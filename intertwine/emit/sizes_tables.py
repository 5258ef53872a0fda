"""The constants of the page of a layer of any size: sizes, axes, diagrams and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from intertwine.emit.maps import DOUBLE
from intertwine.emit.sizes_words import SizeWords
from intertwine.emit.text import (
    LISTED,
    dictionary,
    enclosed,
    wrapped,
)
from intertwine.plan.diagram import Axes, spelled
from intertwine.plan.strategy.diagrams import DiagramBlock


class SizeTables(SizeWords):
    """The constants of a page, and the expressions that read them."""

    def bias_rows(self, target: str) -> int:
        """How many coefficients a bias has a channel."""
        return len(self.plan.invariants(target)) * self.plan.outputs[target].copies

    def variances(self, name: str, block: DiagramBlock) -> str:
        """The expression of the variances of a block's first weights."""
        copies = block.copies[0] * block.copies[1]
        every = [v for v in block.variances for _ in range(copies)]
        whole = lcm(*(v.denominator for v in every))
        if len(set(every)) == 1:
            value = Fraction(every[0])
            quotient = f"{value.numerator} / {value.denominator}"
            return f"torch.full(({len(every)},), {quotient}, {DOUBLE})"
        numerators = [int(v * whole) for v in every]
        if max(whole, *numerators) > np.iinfo(np.int64).max:
            return self.tables.add_reals(name, np.array(every, dtype=np.float64))
        return f"{self.tables.add(name, np.array(numerators, dtype=np.int64))}.double() / {whole}"

    def upper(self, block: DiagramBlock) -> str:
        """What constants of a block are called."""
        key = f"{block.target}_{block.source}".upper()
        row = list(self.plan.outputs).index(block.target)
        column = list(self.plan.inputs).index(block.source)
        return key if len(key) <= 40 else f"{row}_{column}"

    def write_orders(self) -> None:
        """The order of the weights by levels, where they are not taken one by one."""
        for block in self.plan.blocks if not self.apart else ():
            table = np.array(block.order, dtype=np.int64)
            name, buffer = "ORDER", "order"
            if self.labels.fields:
                name, buffer = f"ORDER_{self.upper(block)}", f"order_{block.target}__{block.source}"
            self.exact[buffer] = self.tables.add(name, table)

    def constants(self) -> list[str]:
        """Sizes, axes and diagrams."""
        plan = self.plan
        sizes = dictionary("SIZES", [f'"{self.keys[f]}": {n}' for f, n in plan.sizes.items()])
        found = [sizes, self.axes("INPUTS", plan.inputs), self.axes("OUTPUTS", plan.outputs)]
        if self.labels.fields:
            rows = [self.keyed(b, str(b.rows)) for b in plan.blocks]
            heights = [f'"{t}": {self.bias_rows(t)}' for t in plan.outputs]
            found += [
                dictionary("ROWS", rows),
                dictionary("BIAS_ROWS", heights),
            ]
        found.append(self.diagram_constant())
        if plan.expand:
            found.append(self.bias_constant())
        return self.texts + found

    def diagram_constant(self) -> str:
        """All diagrams, of each pair of fields."""
        blocks = self.plan.blocks
        if not self.labels.fields:
            return f"DIAGRAMS = {self.spelled_list('TEXT', blocks[0].strings, blocks[0].target, 0)}"
        lines = [
            self.keyed(b, self.spelled_list(f"TEXT_{self.upper(b)}", b.strings, b.target, 1))
            for b in blocks
        ]
        return dictionary("DIAGRAMS", lines)

    def keyed(self, block: DiagramBlock, value: str) -> str:
        """An item of a dictionary by pairs of fields."""
        pair = [f'"{block.target}"', f'"{block.source}"']
        if not self.numbered:
            return f"({', '.join(pair)}): {value}"
        return enclosed("(", pair, f"): {value}")

    def bias_constant(self) -> str:
        """All diagrams of each output's bias."""
        plan = self.plan
        listed = {
            t: self.spelled_list(
                f"BIAS_TEXT_{t.upper()}", plan.invariants(t), t, int(self.labels.fields)
            )
            for t in plan.outputs
        }
        if not self.labels.fields:
            return f"BIAS_DIAGRAMS = {next(iter(listed.values()))}"
        return dictionary("BIAS_DIAGRAMS", [f'"{t}": {d}' for t, d in listed.items()])

    def spelled_list(
        self, name: str, strings: Sequence[tuple[int, ...]], target: str, depth: int
    ) -> str:
        """The expression of a tuple of diagrams in letters."""
        outputs = len(self.plan.outputs[target].names)
        words = [spelled(s, outputs) for s in strings]
        if len(words) > LISTED or self.numbered:
            text = wrapped(", ".join(w.replace(" ", "\x1f") for w in words), "")
            self.texts.append(f'{name} = """\n{text}\n"""'.replace("\x1f", " "))
            return f"_listed({name})"
        closing = ",)" if len(words) == 1 else ")"
        quoted = [f'"{word}"' for word in words]
        return enclosed("(", quoted, closing)

    def axes(self, name: str, fields: Mapping[str, Axes]) -> str:
        """A dictionary of axes by field: the name of a factor, or a fixed size."""
        lines = []
        for field, axes in fields.items():
            words = self.words(axes, {f: f'"{key}"' for f, key in self.keys.items()})
            closing = ",)" if len(words) == 1 else ")"
            lines.append(enclosed(f'"{field}": (', words, closing))
        return dictionary(name, lines)
