"""What the pages of layers between named fields say alike, whatever their maps are made of."""

from __future__ import annotations

from intertwine.emit import expand_page, page
from intertwine.emit.layer import LayerWriter, axes
from intertwine.emit.text import INDENT, LISTED, bracketed, dictionary, itemized, wrapped
from intertwine.plan.nodes import Block
from intertwine.plan.stack import StackBlock

_LONGEST_KEY = 40


class FieldWords(LayerWriter):
    """Fills the holes of layers whose input or output is a tuple of named fields."""

    def meanings(self) -> str:
        """What the parameters of each pair of fields are."""
        legends = ", or ".join(dict.fromkeys(b.legend for b in self._plan.blocks if b.dimension))
        head = '`weight["output__input"][k]` multiplies map k between two fields'
        lines = [wrapped(f"{head} ({legends}):" if legends else f"{head}:", INDENT)]
        for block in self._plan.blocks:
            named = [f"[{k}] {m}" for k, m in enumerate(block.meanings[:LISTED])]
            more = ["..."] if block.dimension > len(named) else []
            lines.append(itemized(f"{self.key(block)}, {block.dimension}:", [*named, *more]))
        counts = ", ".join(f"{bias.target} {bias.dimension}" for bias in self._plan.biases)
        lines += ["", wrapped(f"`bias[output]` holds its invariants: {counts}.", INDENT)]
        return "\n".join(lines)

    def shapes(self) -> list[str]:
        """The shapes of every field."""
        sides = (("input ", "in", self._plan.inputs), ("output", "out", self._plan.outputs))
        return [
            f"{side}  {f.name} ({', '.join(self.with_channels(axes(f), word + '_channels'))})"
            for side, word, fields in sides
            for f in fields
        ]

    def reset(self) -> str:
        """Initial values."""
        every = [self.variance(f"FANS_{self.upper(block)}", block) for block in self._plan.blocks]
        lines = "\n".join(f"{INDENT * 3}{variance}," for variance in every)
        return page.filled(page.RESET_FIELDS, variances=lines)

    def place(self, block: Block | StackBlock) -> tuple[int, int]:
        """The numbers of the input and the output of a block."""
        inputs, outputs = ([f.name for f in s] for s in (self._plan.inputs, self._plan.outputs))
        return inputs.index(block.source), outputs.index(block.target)

    def key(self, block: Block | StackBlock) -> str:
        """What the parameters of a block are called."""
        return f"{block.target}__{block.source}"

    def upper(self, block: Block | StackBlock) -> str:
        """What tables of a block are called: by its fields, or where these are long by number."""
        source, target = self.place(block)
        return (
            self.key(block).upper()
            if len(self.key(block)) <= _LONGEST_KEY
            else f"{target}_{source}"
        )

    def dimensions(self) -> list[str]:
        """The dimensions of all blocks and biases."""
        blocks = [
            INDENT
            + bracketed(
                "(", [f'"{b.target}"', f'"{b.source}"'], f"): {b.dimension},", 1, call=False
            )
            for b in self._plan.blocks
        ]
        biases = [f'{INDENT}"{b.target}": {b.dimension},' for b in self._plan.biases]
        return [dictionary("DIMENSIONS", blocks), dictionary("BIAS_DIMENSIONS", biases)]

    def arguments(self) -> list[str]:
        """Every input."""
        return [f"{field.name}: torch.Tensor" for field in self._plan.inputs]

    def forward(self) -> str:
        """One matrix product over all fields."""
        plan = self._plan
        names = [field.name for field in plan.inputs]
        if self.labels.output_fields:
            shape = "(*shape, self.out_channels[name])"
            if not self.labels.channels_last:
                shape = "(self.out_channels[name], *shape)"
            outputs = page.filled(expand_page.OUTPUT_FIELDS, shape=shape)
        else:
            target = plan.outputs[0]
            result = self.result(target, f'self.out_channels["{target.name}"]')
            outputs = page.filled(expand_page.OUTPUT_ONE, result=result)
        comma = "," if len(names) == 1 else ""
        return page.filled(
            expand_page.FORWARD_FIELDS,
            given=bracketed("(", names, f"{comma})", 2, call=False, reserve=8),
            outputs=outputs,
        )
