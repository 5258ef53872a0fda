"""The maps of a layer of one size as tables, and what is made of them and the weights.

Maps are codes, which say at each entry which weight stands there and with which sign, or rows of
coefficients.  Names of tables end in a block's key where there are several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.emit.generators import listed_duals, listed_generators
from intertwine.emit.tables import Tables, shortest
from intertwine.emit.text import enclosed
from intertwine.plan.nodes import BiasBlock, Block, Plan
from intertwine.plan.stack import StackBias, StackBlock, StackPlan
from intertwine.plan.table import Table

AnyPlan = Plan | StackPlan
AnyBlock = Block | StackBlock
AnyBias = BiasBlock | StackBias
Shape = tuple[int, ...]

# Quotients are exact in every type: none is made in the default one.
DOUBLE = 'dtype=torch.double, device="cpu"'
# Codes are written out as one matrix a map where these are few, and the matrices not small.
_MOST_SHOWN = 16
_MOST_SHOWN_ENTRIES = 1 << 20
_LEAST_SHOWN_ENTRIES = 256
_MOST_BASIS = 1 << 20
_MOST_LISTED = 600


class Maps:
    """Writes tables, with the constants that they are read from, and expressions that use them.

    `exact` are the buffers by name; `constants` are statements that stand before them.
    """

    def __init__(self, plan: AnyPlan, tables: Tables, exact: dict[str, str]) -> None:
        self.plan, self.tables, self.exact = plan, tables, exact
        self.constants: list[str] = []

    def generators(self) -> list[str]:
        """The dictionary of generators, and of duals where they are needed and others."""
        plan = self.plan
        found = [listed_generators(self.tables, plan.generators, plan.inputs, plan.outputs)]
        if isinstance(plan, StackPlan):
            carried = any(block.carried for block in plan.blocks)
            if carried and any(field.duals is not None for field in plan.inputs):
                found.append(listed_duals(self.tables, plan.generators, plan.inputs))
        return found

    def variances(self, name: str, block: AnyBlock) -> str:
        """The expression of all first weights' variances, times in_channels."""
        if not block.fans:
            return 'torch.empty(0, device="cpu")'
        if fan := alike(block):
            return f"torch.full(({len(block.fans)},), 1 / {fan}, {DOUBLE})"
        return f"1 / {self.tables.add_reals(name, np.array(block.fans, dtype=np.float64))}"

    def listed(self, block: AnyBlock, key: str = "", upper: str = "") -> None:
        """Write the tables of a block: the weight at every entry, or all that meet there.

        Between named fields codes may have signs, and blocks without maps have no table.
        """
        end, upper = (f"_{key}", f"_{upper}") if key else ("", "")
        if isinstance(block, Block):
            plain = block.plain and not key
            codes = self.codes(f"CODES{upper}", block)
            self.exact[f"index{end}"] = _index(codes, plain, block.dimension)
        elif block.dimension:
            terms = self.terms(f"MAPS{upper}", block)
            self.exact[f"index{end}"] = f"{terms}[0].flatten()"
            self.exact[f"value{end}"] = f"{terms}[1].flatten()"

    def entries(self, block: AnyBlock, shape: Shape) -> list[str]:
        """The statements, the last an expression, of the only block: `(*shape, out, in)`."""
        view = f".view({', '.join(map(str, shape))}, self.out_channels, self.in_channels)"
        if not block.dimension:
            return [f"self.weight.sum(0).expand({prod(shape)}, -1, -1){view}"]
        self.listed(block)
        if isinstance(block, Block):
            return [f"{taken('self.weight', 'self.index', block.plain)}{view}"]
        return [
            "weights = self.weight.index_select(0, self.index) * self.value[:, None, None]",
            f"weights.unflatten(0, ({block.depth}, -1)).sum(0){view}",
        ]

    def basis(self, block: AnyBlock) -> bool:
        """Whether the maps are written out, a row a map; the table is then `basis`."""
        if not block.dimension:
            return False
        if isinstance(block, Block):
            size = block.codes.size
            few = block.dimension <= _MOST_SHOWN and size * block.dimension <= _MOST_SHOWN_ENTRIES
            if not few or size < _LEAST_SHOWN_ENTRIES:
                return False
            codes = self.codes("CODES", block)
            self.exact["basis"] = f"_basis({codes}, {block.dimension})"
            return True
        if not small(block):
            return False
        self.exact["basis"] = self.rows("MAPS", block)
        return True

    def bases(self, blocks: Mapping[str, StackBlock], upper: Mapping[str, str]) -> bool:
        """Whether the maps of all blocks are written out; the tables are then `basis_key`."""
        if not all(map(small, blocks.values())):
            return False
        for key, block in blocks.items():
            rows = f"torch.zeros(0, {block.stack.shape[1]}, {DOUBLE})"
            if block.dimension:
                rows = self.rows(f"MAPS_{upper[key]}", block)
            self.exact[f"basis_{key}"] = rows
        return True

    def bias(self, bias: AnyBias, values: str, key: str) -> str:
        """The expression of an output's bias over (channels, points)."""
        end, upper = (f"_{key}", f"_{key.upper()}") if key else ("", "")
        if not bias.dimension:
            points = bias.codes.size if isinstance(bias, BiasBlock) else bias.stack.shape[1]
            return f"{values}.sum(0)[:, None].expand(-1, {points})"
        if isinstance(bias, BiasBlock):
            return self.coded_bias(bias.codes, bias.dimension, values, key)
        self.exact[f"bias_basis{end}"] = self.rows(f"INVARIANTS{upper}", bias)
        return f"({values}.T @ self.bias_basis{end})"

    def coded_bias(
        self, codes: NDArray[np.integer[Any]], dimension: int, values: str, key: str
    ) -> str:
        """The expression of a bias by its codes: (channels, points)."""
        end, upper = (f"_{key}", f"_{key.upper()}") if key else ("", "")
        if np.array_equal(codes, np.arange(1, dimension + 1)):
            return f"{values}.T"
        if (codes == 1).all():
            return f"{values}.T.expand(-1, {codes.size})"
        plain = bool((codes > 0).all())
        text = self.tables.add(f"BIAS_CODES{upper}", codes.astype(np.int64))
        self.exact[f"bias_index{end}"] = _index(text, plain, dimension)
        return f"{taken(values, f'self.bias_index{end}', plain)}.T"

    def kernel(
        self,
        codes: NDArray[np.integer[Any]],
        weight: str,
        dimension: int,
        key: str = "",
        upper: str = "",
    ) -> str:
        """The expression of a kernel's entries: (their number, out, in)."""
        flat = codes.ravel().astype(np.int64)
        if np.array_equal(flat, np.arange(1, flat.size + 1)) and flat.size == dimension:
            return weight
        plain = bool((flat > 0).all())
        end, upper = (f"_{key}", f"_{upper}") if key else ("", "")
        text = self.tables.add(f"KERNEL{upper}", codes.astype(np.int64))
        self.exact[f"taps{end}"] = _index(text, plain, dimension)
        return taken(weight, f"self.taps{end}", plain)

    def matrix(self, name: str, table: Table) -> str:
        """The expression of a constant matrix, its denominator aside.

        Of zeros and ones it is the places of ones, where each row, or column, has as many.
        """
        numbers = table.numerators
        rows, columns = numbers.shape
        if table.exact and ((numbers == 0) | (numbers == 1)).all():
            for turned, end in ((numbers, ""), (numbers.T, ".T")):
                counts = turned.sum(axis=1)
                few = counts.size and 0 < counts[0] * 4 <= turned.shape[1]
                if few and (counts == counts[0]).all():
                    places = self.tables.add(name, np.nonzero(turned)[1].reshape(len(turned), -1))
                    return f"_marked({places}, {turned.shape[0]}, {turned.shape[1]}){end}"
        text = self.tables.add_reals(name, np.asarray(numbers, dtype=np.float64))
        return f"{text}.view({rows}, {columns})"

    # Tables of codes and of coefficients.

    def codes(self, name: str, block: Block) -> str:
        """The expression of a block's codes, row-major."""
        if block.walk is None:
            return self.tables.add(name, block.codes)
        roots = self.tables.add(f"{name}_ROOTS", np.array([root for root, _ in block.walk.roots]))
        rows = self.tables.add(f"{name}_ROWS", np.array([row for _, row in block.walk.roots]))
        if not len(block.walk.steps):
            return rows
        steps = self.tables.add(f"{name}_STEPS", block.walk.steps)
        given = [roots, rows, steps, str(self._place(block)), "GENERATORS"]
        return self._stated(name.replace("CODES", "WALKED"), "_walked(", given)

    def terms(self, name: str, block: StackBlock) -> str:
        """The pair of the maps that meet in every entry, a row each, and their coefficients."""
        carried, place = block.carried, self._place(block)
        if carried is None:
            return self._listed(name, block)
        assert isinstance(self.plan, StackPlan)
        source, target = self.plan.inputs[place[0]], self.plan.outputs[place[1]]
        moves = f"[(s[{place[0]}], t[{place[1]}]) for s, t in GENERATORS.values()]"
        if source.duals is not None:
            moves = f"[(DUALS[g][{place[0]}], t[{place[1]}]) for g, (_, t) in GENERATORS.items()]"
        fibres = [
            self.tables.add(f"{side}_FIBRES_{k}", f.fibres) + f".view({f.fibres.shape})"
            for side, k, f in (("INPUT", place[0], source), ("OUTPUT", place[1], target))
        ]
        given = [
            self.tables.add(f"{name}_ROOTS", np.array(carried.roots)),
            self.tables.add(f"{name}_FIRST", carried.first),
            self.tables.add_reals(f"{name}_VALUES", carried.values),
            self.tables.add(f"{name}_STEPS", carried.steps),
            moves,
            f"({', '.join(fibres)})",
            str(block.dimension),
        ]
        return self._stated(name.replace("MAPS", "TERMS"), "_carried(", given)

    def rows(self, name: str, maps: StackBlock | StackBias) -> str:
        """The table of maps written out, a row each."""
        count, size = maps.stack.shape
        if getattr(maps, "carried", None) is None:
            whole = maps.stack.toarray()
            if whole.size <= max(_MOST_LISTED, 3 * maps.stack.nnz):
                return f"{self.tables.add_reals(name, whole)}.view({count}, {size})"
            return f"_rows({self._listed(name, maps)}, {count})"
        assert isinstance(maps, StackBlock)
        return f"_rows({self.terms(name, maps)}, {count})"

    def _listed(self, name: str, maps: StackBlock | StackBias) -> str:
        """The terms of maps that are listed entry by entry."""
        listed = maps.stack.tocoo()
        elements, places = (axis.astype(np.int64) for axis in listed.coords)
        given = [
            self.tables.add(f"{name}_ELEMENTS", elements),
            self.tables.add(f"{name}_PLACES", places),
            self.tables.add_reals(f"{name}_VALUES", listed.data.astype(np.float64)),
            str(maps.stack.shape[1]),
        ]
        return self._stated(f"TERMS_OF_{name}", "_terms(", given)

    def _stated(self, name: str, call: str, given: Sequence[str]) -> str:
        """A statement between constants: its variable."""
        self.constants.append(enclosed(f"{name} = {call}", given, ")"))
        return name

    def _place(self, block: AnyBlock) -> tuple[int, int]:
        inputs, outputs = ([f.name for f in side] for side in (self.plan.inputs, self.plan.outputs))
        return inputs.index(block.source), outputs.index(block.target)


def small(block: StackBlock) -> bool:
    """Whether a product with all entries of all maps takes no longer than those that are not 0."""
    entries = block.dimension * block.stack.shape[1]
    return entries <= _MOST_BASIS or 2 * block.depth > block.dimension


def alike(block: AnyBlock) -> str:
    """The fan that all maps have, or nothing."""
    fans = {shortest(fan) for fan in block.fans}
    return fans.pop() if len(fans) == 1 else ""


def taken(weight: str, index: str, plain: bool) -> str:
    """The expression of the weights at indices, with their signs."""
    return f"{weight if plain else f'_signed({weight})'}.index_select(0, {index})"


def _index(codes: str, plain: bool, dimension: int) -> str:
    """What makes codes indices: of weights, or where signs or zeros occur of 0, weights, -weights.

    The second are in the order 0, w_0, ..., -w_1, -w_0, so that a code is its own index.
    """
    if plain:
        return f"{codes} - 1"
    return (
        f"({codes}) % {2 * dimension + 1}" if " - " in codes else f"{codes} % {2 * dimension + 1}"
    )
