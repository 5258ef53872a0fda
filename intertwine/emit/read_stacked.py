"""Reading a page whose maps have coefficients: its generators' matrices, and every map."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.emit.source import Source
from intertwine.limits import require
from intertwine.plan.stack import Carried, LinearField, Move, unrolled

Array = NDArray[np.float64]
Key = tuple[str, str | None]


@dataclass(frozen=True, eq=False)
class PageMaps:
    """What a page says in numbers: `maps[output, input]`, and for a bias `maps[output, None]`.

    Each has shape (dimension, output coordinates, input coordinates), of which a bias has one.
    `restricted` says that a support keeps some maps only.
    """

    inputs: dict[str, list[Array]]
    outputs: dict[str, list[Array]]
    generator_count: int
    maps: dict[Key, Array]
    restricted: bool


def read_maps(source: Source) -> PageMaps:
    """What the page says."""
    inputs: Any = source.literal("INPUTS")
    outputs: Any = source.literal("OUTPUTS")
    reader = _Reader(source, inputs, outputs)
    sides = [
        {
            name: [move[side][place].matrix for move in reader.moves]
            for place, (name, shape) in enumerate(fields.items())
        }
        for side, fields in enumerate((inputs, outputs))
    ]
    return PageMaps(sides[0], sides[1], len(reader.moves), reader.maps(), source.restricted)


class _Reader:
    def __init__(self, source: Source, inputs: Any, outputs: Any) -> None:
        self.source, self.inputs, self.outputs = source, inputs, outputs
        self.moves = self._generators("GENERATORS")

    def _generators(self, name: str) -> list[list[list[Move]]]:
        found: Any = self.source.constants[name]
        sizes = [[prod(shape) for shape in side.values()] for side in (self.inputs, self.outputs)]
        return [
            [
                [self._move(m, size) for m, size in zip(side.elts, several, strict=True)]
                for side, several in zip(value.elts, sizes, strict=True)
            ]
            for value in found.values
        ]

    def _move(self, node: Any, size: int) -> Move:
        rows, values = node.elts
        images, entries = self.source.integers(rows), self.source.reals(values)
        if images.min(initial=0) < 0 or images.max(initial=0) >= size:
            raise ValueError
        return Move(images.reshape(size, -1), entries.reshape(size, -1))

    def maps(self) -> dict[Key, Array]:
        """Those of every block and bias; one that the page does not fill has none."""
        found: dict[Key, Array] = {}
        for target, rows in self.outputs.items():
            found[target, None] = np.zeros((0, prod(rows), 1))
            for source, columns in self.inputs.items():
                found[target, source] = np.zeros((0, prod(rows), prod(columns)))
        latest: Any = None
        tables: dict[str, Array] = {}
        for node in self.source.statements("fill_tables"):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                latest = node.value
            name = _filled(node)
            if name in ("pool", "spread", "change") and isinstance(node, ast.Expr):
                (view,) = node.value.args  # type: ignore[attr-defined]
                tables[name] = self.source.reals(view.func.value)
            elif name is not None:
                key = self._key(name)
                found[key] = self._stack(latest, found[key].shape[1:])
        if tables:
            key = next(key for key in found if key[1] is not None)
            found[key] = self._through(tables, found[key].shape[1:])
        return found

    def _key(self, name: str) -> Key:
        known: dict[str, Key] = {
            "basis": (next(iter(self.outputs)), next(iter(self.inputs))),
            "index": (next(iter(self.outputs)), next(iter(self.inputs))),
            "bias_basis": (next(iter(self.outputs)), None),
            **{f"index_{t}__{s}": (t, s) for t in self.outputs for s in self.inputs},
            **{f"bias_basis_{t}": (t, None) for t in self.outputs},
        }
        return known[name]

    def _stack(self, call: ast.Call, shape: tuple[int, ...]) -> Array:
        """The maps of `_terms(...)` or of `_carried(...)`."""
        if ast.unparse(call.func) == "_carried":
            return self._walked(call, shape)
        if ast.unparse(call.func) != "_terms":
            raise TypeError
        elements, places = (self.source.integers(a) for a in call.args[:2])
        values = self.source.reals(call.args[2])
        count = int(elements.max(initial=-1)) + 1
        require(8 * count * prod(shape), "the layer's maps", "raise --memory")
        maps = np.zeros((count, prod(shape)))
        maps[elements, places] = values
        return maps.reshape(count, *shape)

    def _walked(self, call: ast.Call, shape: tuple[int, ...]) -> Array:
        nodes = self.source.statements("fill_tables")
        before = nodes[: next(i for i, n in enumerate(nodes) if getattr(n, "value", None) is call)]
        moves, fibres = (
            next(n.value for n in reversed(before) if isinstance(n, ast.Assign)
                 and ast.unparse(n.targets[0]) == name)
            for name in ("moves", "fibres")
        )  # fmt: skip
        source, target = (
            int(ast.literal_eval(part.slice))
            for part in moves.elt.elts  # type: ignore[attr-defined]
        )
        tables = [
            self.source.integers(node.func.value).reshape(ast.literal_eval(node.args[0]))
            for node in fibres.elts  # type: ignore[attr-defined]
        ]
        duals = None
        if "DUALS" in self.source.constants:
            listed = self.source.constants["DUALS"]
            duals = tuple(
                self._move(value.elts[source], shape[1])
                for value in listed.values  # type: ignore[attr-defined]
            )
        inputs, outputs = (
            LinearField("", "", (size,), tuple(m[side][place] for m in self.moves), table, dual)
            for side, size, place, table, dual in (
                (0, shape[1], source, tables[0], duals), (1, shape[0], target, tables[1], None)
            )
        )  # fmt: skip
        roots, first = (self.source.integers(a) for a in call.args[:2])
        width = tables[1].shape[1]
        carried = Carried(
            tuple(roots.tolist()),
            first.reshape(len(roots), shape[1]),
            self.source.reals(call.args[2]).reshape(-1, len(roots), width, shape[1]),
            self.source.integers(call.args[3]).reshape(-1, 3),
        )
        count = int(ast.literal_eval(call.args[-1]))
        require(8 * count * prod(shape), "the layer's maps", "raise --memory")
        return unrolled(carried, inputs, outputs, count)

    def _through(self, tables: dict[str, Array], shape: tuple[int, ...]) -> Array:
        """The maps of a page that goes through isotypic components."""
        copies: Any = self.source.literal("COPIES")
        pool = tables["pool"].reshape(-1, shape[1])
        spread = tables["spread"].reshape(-1, shape[0])
        cells = sum(pools * spreads for _, pools, spreads in copies)
        change = tables["change"].reshape(cells, -1)
        bounds = [
            pairwise(np.cumsum([0, *sizes]).tolist())
            for sizes in zip(*((d * p, d * s, p * s) for d, p, s in copies), strict=True)
        ]
        maps = np.zeros((change.shape[1], *shape))
        for (degree, pools, spreads), *parts in zip(copies, *bounds, strict=True):
            one = pool[slice(*parts[0])].reshape(degree, pools, -1)
            other = spread[slice(*parts[1])].reshape(degree, spreads, -1)
            weights = change[slice(*parts[2])].reshape(spreads, pools, -1)
            maps += np.einsum("djt,dis,jik->kts", other, one, weights, optimize=True)
        return maps


def _filled(node: ast.stmt) -> str | None:
    """The buffer that a statement fills, if it fills one that says which maps there are."""
    if not isinstance(node, ast.Expr):
        return None
    words = ast.unparse(node.value).split(".")
    if words[0] != "self" or words[1].startswith("value"):
        return None
    return words[1]
