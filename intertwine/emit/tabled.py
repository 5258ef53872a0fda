"""The page of a layer of one size: its generators, its index tables and what its maps are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.emit import helpers, page
from intertwine.emit.layer import LayerWriter
from intertwine.emit.names import quoted
from intertwine.emit.tables import Tables
from intertwine.emit.text import INDENT, bracketed, dictionary
from intertwine.emit.writer import DOUBLE, buffers, filling
from intertwine.plan.nodes import BiasBlock, Block, Coded, Field, Plan


class TableWriter(LayerWriter):
    """What the pages of a `Plan` have in common; here for one input and one output."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.plan = plan

    @property
    def block(self) -> Block:
        """The maps from the only input to the only output."""
        return self.plan.blocks[0]

    @property
    def bias(self) -> BiasBlock:
        """The invariants of the only output."""
        return self.plan.biases[0]

    @property
    def source(self) -> Field:
        """The only input."""
        return self.plan.inputs[0]

    @property
    def target(self) -> Field:
        """The only output."""
        return self.plan.outputs[0]

    @property
    def fills(self) -> bool:
        """Whether there is a table of indices."""
        return bool(self.buffers())

    def init(self) -> list[str]:
        """The parameters and buffers."""
        rows, bias_rows = self.block.dimension, self.bias.dimension
        parameters = page.filled(page.PARAMETERS, rows=rows, bias_rows=bias_rows)
        return [parameters, *buffers(self.buffers())]

    def buffers(self) -> dict[str, int]:
        """The tables of indices, and how many each has."""
        return {"index": self.block.codes.size, "bias_index": self.bias.codes.size}

    def reset(self) -> str:
        """Initial values."""
        return page.filled(page.RESET, variance=self.variance("FANS", self.block))

    def constants(self) -> list[str]:
        """Shapes and generators."""
        plan = self.plan
        return [
            self.shapes_of("INPUTS", plan.inputs),
            self.shapes_of("OUTPUTS", plan.outputs),
            self.generators(),
        ]

    def helpers(self) -> Sequence[str]:
        """Those of pages with tables."""
        moved = helpers.MOVED_LAST if self.labels.channels_last else helpers.MOVED_FIRST
        return (*helpers.ORDER, moved)

    def generators(self) -> str:
        """The dictionary of generators: for each, its images on every input and output."""
        plan = self.plan
        return listed_generators(self.tables, plan.generators, plan.inputs, plan.outputs)

    def variance(self, name: str, block: Block) -> str:
        """The expression of each first weight's variance, times in_channels."""
        if len(set(block.fans)) == 1:
            return f"1 / torch.full(({block.dimension},), {block.fans[0]}, {DOUBLE})"
        return f"1 / {self.tables.add(name, np.array(block.fans, dtype=np.int64))}.double()"

    def codes(self, name: str, block: Block, place: tuple[int, int]) -> tuple[list[str], str]:
        """The statements before the table of a block's codes, and its expression."""
        if block.walk is None:
            return [], self.tables.add(name, block.codes)
        roots = self.tables.add(f"{name}_ROOTS", np.array([root for root, _ in block.walk.roots]))
        rows = self.tables.add(f"{name}_ROWS", np.array([row for _, row in block.walk.roots]))
        if not len(block.walk.steps):
            return [], rows
        steps = self.tables.add(f"{name}_STEPS", block.walk.steps)
        walked = bracketed(
            "codes = _walked(", [roots, rows, steps, str(place), f"GENERATORS{self.suffix}"], ")", 2
        )
        return [INDENT * 2 + walked], "codes"

    def bias_filling(self, buffer: str, name: str, bias: BiasBlock, plain: bool) -> str:
        """The statement that fills the index table of a bias."""
        return filling(buffer, self.tables.add(name, bias.codes) + shift(bias, plain))


def shift(coded: Coded, plain: bool) -> str:
    """What makes codes indices: of weights, or where signs or zeros occur of 0, weights, -weights.

    The second are in the order 0, w_0, ..., -w_1, -w_0, so that a code is its own index.
    """
    return " - 1" if plain else f" % {2 * coded.dimension + 1}"


def entries(index: str, plain: bool) -> list[str]:
    """The statements that take the weight of every entry, with its sign."""
    if plain:
        return [f"entries = self.weight.index_select(0, {index})"]
    return [
        "zero = self.weight.new_zeros(1, self.out_channels, self.in_channels)",
        "table = torch.cat([zero, self.weight, -self.weight.flip(0)])",
        f"entries = table.index_select(0, {index})",
    ]


def listed_generators(
    tables: Tables, names: Sequence[str], inputs: Sequence[Field], outputs: Sequence[Field]
) -> str:
    """The dictionary of generators, as rows of signed images."""
    lines = []
    for number, name in enumerate(names):
        sides = [
            [
                tables.add(f"{side}_{number}_{place}", field.generators[number])
                for place, field in enumerate(fields)
            ]
            for side, fields in (("INPUT", inputs), ("OUTPUT", outputs))
        ]
        images = [bracketed("[", side, "]", 2, call=False, reserve=1) for side in sides]
        lines.append(INDENT + bracketed(f"{quoted(name)}: (", images, "),", 1, call=False))
    note = "# Each generator g on inputs and outputs: point i goes to |g[i]| - 1, with its sign."
    return f"{note}\n" + dictionary("GENERATORS", lines)
