"""The page of a layer whose maps are combined with coefficients: some action is by matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from intertwine.emit import expand_page, helpers, page, stacked_helpers, stacked_page
from intertwine.emit.layer import LayerWriter
from intertwine.emit.names import quoted
from intertwine.emit.tables import Tables
from intertwine.emit.text import INDENT, bracketed, dictionary
from intertwine.plan.stack import LinearField, Move, StackBlock, StackPlan

_MOST_BASIS = 1 << 20


class StackedWriter(LayerWriter):
    """Fills the holes for one matrix product; here for one input and one output.

    The full matrix is the maps, written out, times the weights; or, where few of many maps meet in
    an entry, a sum of those.
    """

    def __init__(self, plan: StackPlan) -> None:
        super().__init__(plan)
        self.plan = plan
        self.source, self.target = plan.inputs[0], plan.outputs[0]
        self.block, self.bias = plan.blocks[0], plan.biases[0]

    @property
    def written_out(self) -> bool:
        """Whether the maps are kept in full."""
        block, entries = self.block, self.source.points * self.target.points
        return block.dimension * entries <= _MOST_BASIS or 2 * block.depth > block.dimension

    @property
    def fills(self) -> bool:
        """Whether there are tables of maps."""
        return bool(self.plan.dimension or self.plan.bias_dimension)

    def init(self) -> list[str]:
        """The parameters and buffers."""
        block, bias, entries = self.block, self.bias, self.source.points * self.target.points
        made = [page.filled(page.PARAMETERS, rows=block.dimension, bias_rows=bias.dimension)]
        if block.dimension and self.written_out:
            sizes = {"dimension": block.dimension, "entries": entries, "name": "basis"}
            made.append(page.filled(stacked_page.BASIS, **sizes))
        elif block.dimension:
            size = block.depth * entries
            made.append(page.filled(stacked_page.TERMS, size=size, suffix=""))
        return [*made, *self.bias_buffer()]

    def bias_buffer(self) -> list[str]:
        """The statement that makes the buffer of invariants, if there are any."""
        sizes = {"dimension": self.bias.dimension, "entries": self.target.points}
        some = bool(self.bias.dimension)
        return [page.filled(stacked_page.BASIS, name="bias_basis", **sizes)] if some else []

    def bias_filled(self) -> list[str]:
        """The statement that fills it."""
        if not self.bias.dimension:
            return []
        terms = self.listed("INVARIANTS", self.bias.stack)
        return [page.filled(stacked_page.FILLED_BASIS, terms=terms, name="bias_basis")]

    def reset(self) -> str:
        """Initial values."""
        return page.filled(page.RESET, variance=self.variance("FANS", self.block))

    def variance(self, name: str, block: StackBlock) -> str:
        """The expression of each first weight's variance, times in_channels."""
        if not block.dimension:
            return 'torch.empty(0, device="cpu")'
        return f"1 / {self.tables.add_reals(name, np.array(block.fans))}"

    def constants(self) -> list[str]:
        """Shapes and generators."""
        plan = self.plan
        own = [self.shapes_of("INPUTS", plan.inputs), self.shapes_of("OUTPUTS", plan.outputs)]
        return [*own, self.generators(), *self.duals()]

    def helpers(self) -> Sequence[str]:
        """Those of pages with tables, with maps that have coefficients."""
        last = self.labels.channels_last
        moved = stacked_helpers.MOVED_LAST if last else stacked_helpers.MOVED_FIRST
        return (*helpers.ORDER, *stacked_helpers.ORDER, moved)

    def generators(self) -> str:
        """The dictionary of generators: for each, its matrix on every input and output."""
        plan = self.plan
        return listed_matrices(self.tables, plan.generators, plan.inputs, plan.outputs)

    def duals(self) -> list[str]:
        """The dictionary of inverses transposed, where they are needed and others."""
        carried = any(block.carried for block in self.plan.blocks)
        if not carried or all(field.duals is None for field in self.plan.inputs):
            return []
        lines = [
            f"{INDENT}{quoted(name)}: "
            + listed_moves(
                self.tables, f"DUAL_{number}", [_duals(f)[number] for f in self.plan.inputs]
            )
            + ","
            for number, name in enumerate(self.plan.generators)
        ]
        note = "# Each generator's matrices on inputs, inverted and transposed."
        return [f"{note}\n" + dictionary("DUALS", lines)]

    def terms(self, name: str, block: StackBlock, place: tuple[int, int]) -> str:
        """The statement that finds the maps in every entry of a block."""
        source, target = self.plan.inputs[place[0]], self.plan.outputs[place[1]]
        if block.carried is None:
            return self.listed(name, block.stack)
        carried = block.carried
        moves = f"(s[{place[0]}], t[{place[1]}]) for s, t in GENERATORS{self.suffix}.values()"
        if source.duals is not None:
            pairs = f"for g, (_, t) in GENERATORS{self.suffix}.items()"
            moves = f"(DUALS{self.suffix}[g][{place[0]}], t[{place[1]}]) {pairs}"
        fibres = [
            self.tables.add(f"{side}_FIBRES_{k}", f.fibres) + f".view({f.fibres.shape})"
            for side, k, f in (("INPUT", place[0], source), ("OUTPUT", place[1], target))
        ]
        arguments = [
            self.tables.add(f"{name}_ROOTS", np.array(carried.roots)),
            self.tables.add(f"{name}_FIRST", carried.first),
            self.tables.add_reals(f"{name}_VALUES", carried.values),
            self.tables.add(f"{name}_STEPS", carried.steps),
            "moves",
            "fibres",
            str(block.dimension),
        ]
        both = bracketed("fibres = (", fibres, ")", 2, call=False)
        found = bracketed("index, value = _carried(", arguments, ")", 2)
        return f"moves = [{moves}]\n{INDENT * 2}{both}\n{INDENT * 2}{found}"

    def listed(self, name: str, stack: Any) -> str:
        """The same for maps that are listed entry by entry."""
        listed = stack.tocoo()
        elements, places = (axis.astype(np.int64) for axis in listed.coords)
        arguments = [
            self.tables.add(f"{name}_ELEMENTS", elements),
            self.tables.add(f"{name}_PLACES", places),
            self.tables.add_reals(f"{name}_VALUES", listed.data.astype(np.float64)),
            str(stack.shape[1]),
        ]
        return bracketed("index, value = _terms(", arguments, ")", 2)

    def methods(self) -> list[str]:
        """The tables and the expansion."""
        block = self.block
        made: list[str] = []
        if not block.dimension:
            entries = self.source.points * self.target.points
            matrix = self.matrix([f"entries = self.weight.sum(0).expand({entries}, -1, -1)"])
        elif self.written_out:
            terms = self.terms("MAPS", block, (0, 0))
            made.append(page.filled(stacked_page.FILLED_BASIS, terms=terms, name="basis"))
            matrix = self.matrix_shown()
        else:
            terms = self.terms("MAPS", block, (0, 0))
            made.append(page.filled(stacked_page.FILLED_TERMS, terms=terms, suffix=""))
            combined = page.filled(stacked_page.COMBINED, depth=block.depth)
            matrix = self.matrix(combined.splitlines())
        made += self.bias_filled()
        return [*self.filled(made), self.bias_vector(), *self.matrix_methods(matrix)]

    def bias_vector(self) -> str:
        """The bias of every channel and coordinate."""
        value = "(self.bias.T @ self.bias_basis).flatten()"
        if self.labels.channels_last:
            value = "(self.bias_basis.T @ self.bias).flatten()"
        if not self.bias.dimension:
            value = f"self.bias.sum(0).repeat({self.target.points})"
        return page.filled(expand_page.BIAS_VECTOR, lines=f"return {value}")

    def forward(self) -> str:
        """One matrix product."""
        body = page.filled(
            expand_page.FORWARD,
            rank=len(self.source.shape) + 1,
            result=self.result(self.target, "self.out_channels"),
        )
        return f"{self.checked('x', self.source.name)}\n{body}"


def listed_matrices(
    tables: Tables,
    names: Sequence[str],
    inputs: Sequence[LinearField],
    outputs: Sequence[LinearField],
) -> str:
    """The dictionary of generators, as matrices by columns."""
    lines = []
    for number, name in enumerate(names):
        sides = [
            listed_moves(tables, f"{side}_{number}", [f.moves[number] for f in fields])
            for side, fields in (("INPUT", inputs), ("OUTPUT", outputs))
        ]
        lines.append(INDENT + bracketed(f"{quoted(name)}: (", sides, "),", 1, call=False))
    note = (
        "# Each generator's matrices on inputs and outputs by columns: the rows of entries,\n"
        "# as many in every column, and the entries."
    )
    return f"{note}\n" + dictionary("GENERATORS", lines)


def listed_moves(tables: Tables, name: str, moves: Sequence[Move]) -> str:
    """The list of some matrices."""
    pairs = []
    for place, move in enumerate(moves):
        rows = tables.add(f"{name}_{place}_ROWS", move.rows)
        pairs.append(f"({rows}, {tables.add_reals(f'{name}_{place}', move.values)})")
    return bracketed("[", pairs, "]", 2, call=False, reserve=1)


def _duals(field: LinearField) -> tuple[Move, ...]:
    return field.moves if field.duals is None else field.duals
