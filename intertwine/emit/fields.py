"""The page of a layer whose input or output is a tuple of named fields."""

from __future__ import annotations

from intertwine.emit import expand_page, page
from intertwine.emit.tabled import TableWriter, axes, shift
from intertwine.emit.text import INDENT, LISTED, bracketed, dictionary, itemized, wrapped
from intertwine.emit.writer import filling
from intertwine.plan.nodes import Block

_LONGEST_KEY = 40


class FieldWriter(TableWriter):
    """Fills the holes for a layer whose input or output is a tuple of named fields."""

    @property
    def fills(self) -> bool:
        """Every block has an index table."""
        return True

    def meanings(self) -> str:
        """What the parameters of each pair of fields are."""
        legends = ", or ".join(dict.fromkeys(b.legend for b in self.plan.blocks if b.dimension))
        head = '`weight["output__input"][k]` multiplies map k between two fields'
        lines = [wrapped(f"{head} ({legends}):" if legends else f"{head}:", INDENT)]
        for block in self.plan.blocks:
            named = [f"[{k}] {m}" for k, m in enumerate(block.meanings[:LISTED])]
            more = ["..."] if block.dimension > len(named) else []
            lines.append(itemized(f"{_key(block)}, {block.dimension}:", [*named, *more]))
        counts = ", ".join(f"{bias.target} {bias.dimension}" for bias in self.plan.biases)
        lines += ["", wrapped(f"`bias[output]` holds its invariants: {counts}.", INDENT)]
        return "\n".join(lines)

    def shapes(self) -> list[str]:
        """The shapes of every field."""
        sides = (("input ", "in", self.plan.inputs), ("output", "out", self.plan.outputs))
        return [
            f"{side}  {f.name} ({', '.join(self.with_channels(axes(f), word + '_channels'))})"
            for side, word, fields in sides
            for f in fields
        ]

    def init(self) -> list[str]:
        """The parameters and buffers."""
        return [page.filled(expand_page.INIT_FIELDS)]

    def reset(self) -> str:
        """Initial values."""
        every = [self.variance(f"FANS_{self.upper(block)}", block) for block in self.plan.blocks]
        lines = "\n".join(f"{INDENT * 3}{variance}," for variance in every)
        return page.filled(page.RESET_FIELDS, variances=lines)

    def filled_tables(self) -> list[str]:
        """Index tables."""
        indices = []
        for block in self.plan.blocks:
            name, place = f"CODES_{self.upper(block)}", self.place(block)
            lines, codes = self.codes(name, block, place)
            index = codes + shift(block, plain=False)
            indices += [*lines, filling(f"index_{_key(block)}", index)]
        for bias in self.plan.biases:
            name = f"BIAS_CODES_{bias.target.upper()}"
            indices.append(self.bias_filling(f"bias_index_{bias.target}", name, bias, plain=False))
        return indices

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
            INDENT
            + bracketed(
                "(", [f'"{b.target}"', f'"{b.source}"'], f"): {b.dimension},", 1, call=False
            )
            for b in self.plan.blocks
        ]
        biases = [f'{INDENT}"{b.target}": {b.dimension},' for b in self.plan.biases]
        dimensions = [dictionary("DIMENSIONS", blocks), dictionary("BIAS_DIMENSIONS", biases)]
        return [*super().constants(), *dimensions]

    def methods(self) -> list[str]:
        """The index tables and the expansion."""
        last = self.labels.channels_last
        dense = page.filled(
            expand_page.METHODS_FIELDS,
            order="0, 2, 1, 3" if last else "2, 0, 3, 1",
            bias_order="" if last else ".T",
        )
        return [*self.filled(self.filled_tables()), dense, self.from_dense()]

    def arguments(self) -> list[str]:
        """Every input."""
        return [f"{field.name}: torch.Tensor" for field in self.plan.inputs]

    def forward(self) -> str:
        """One matrix product over all fields."""
        plan = self.plan
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
        last = self.labels.channels_last
        comma = "," if len(names) == 1 else ""
        return page.filled(
            expand_page.FORWARD_FIELDS,
            given=bracketed("(", names, f"{comma})", 2, call=False, reserve=8),
            expected="(*shape, self.in_channels[name])"
            if last
            else "(self.in_channels[name], *shape)",
            outputs=outputs,
        )


def _key(block: Block) -> str:
    return f"{block.target}__{block.source}"
