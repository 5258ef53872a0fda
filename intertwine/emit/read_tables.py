"""Reading a page of one size: its generators, and the code of every entry of its matrices."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from intertwine.emit.source import Integers, Source, copied
from intertwine.limits import require
from intertwine.plan.evaluate import walked
from intertwine.plan.nodes import Field, Walk
from intertwine.plan.strategy.convolution import Convolution

Key = tuple[str, str | None]


@dataclass(frozen=True, eq=False)
class PageField:
    """One input or output: its points, and its generators as rows of one-based signed images."""

    points: int
    generators: list[Integers]


@dataclass(frozen=True, eq=False)
class PageTables:
    """What a page says in numbers: `codes[output, input]`, and for a bias `codes[output, None]`.

    `restricted` says that a support keeps some maps only.
    """

    inputs: dict[str, PageField]
    outputs: dict[str, PageField]
    generator_count: int
    codes: dict[Key, Integers]
    restricted: bool


def read_tables(source: Source) -> PageTables:
    """What the page says."""
    inputs: Any = source.literal("INPUTS")
    outputs: Any = source.literal("OUTPUTS")
    generators = source.constants["GENERATORS"]
    if not isinstance(generators, ast.Dict):
        raise TypeError
    moves = [
        [[source.integers(image) for image in side.elts] for side in pair.elts]  # type: ignore[attr-defined]
        for pair in generators.values
    ]
    sides = [
        {
            name: PageField(prod(shape), [move[side][place] for move in moves])
            for place, (name, shape) in enumerate(fields.items())
        }
        for side, fields in enumerate((inputs, outputs))
    ]
    if any(ast.unparse(call.func) == "_unrolled" for call in source.calls()):
        codes = _convolved(source, next(iter(inputs)), next(iter(outputs)))
    else:
        codes = _listed(source, *sides)
    page = PageTables(sides[0], sides[1], len(moves), codes, source.restricted)
    _check(page)
    return page


def _listed(
    source: Source, inputs: dict[str, PageField], outputs: dict[str, PageField]
) -> dict[Key, Integers]:
    """The codes that the page lists entry by entry, or walks to from some rows."""
    named: dict[str, Key] = {
        "index": (next(iter(outputs)), next(iter(inputs))),
        "basis": (next(iter(outputs)), next(iter(inputs))),
        "bias_index": (next(iter(outputs)), None),
        **{f"index_{t}__{s}": (t, s) for t in outputs for s in inputs},
        **{f"bias_index_{t}": (t, None) for t in outputs},
    }
    fields = [
        [Field(name, "", (f.points,), np.array(f.generators)) for name, f in side.items()]
        for side in (inputs, outputs)
    ]
    found: dict[Key, Integers] = {}
    latest = np.empty(0, dtype=np.intp)
    for node in [*source.statements("fill_tables"), *source.statements("index_table")]:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            latest = _walked(source, node.value, fields)
        filled = copied(node)
        if isinstance(node, ast.Return) and node.value is not None:
            filled = "index", node.value
        if filled is not None and filled[0] in named:
            buffer, table = filled
            shown = isinstance(table, ast.Call) and ast.unparse(table.func) == "_basis"
            if shown != (buffer == "basis"):
                raise TypeError
            given = _codes_within(table)
            codes = latest if isinstance(given, ast.Name) else source.integers(given)
            found[named[buffer]] = codes if shown else _as_indexed(codes, table)
    return found


def _codes_within(table: ast.expr) -> ast.expr:
    """The codes of `_basis(codes, dimension)`, of `codes - 1` or of `codes % number`."""
    if isinstance(table, ast.BinOp):
        return table.left
    if not isinstance(table, ast.Call):
        raise TypeError
    return table.args[0]


def _walked(source: Source, call: ast.Call, fields: list[list[Field]]) -> Integers:
    """The value of `_walked(...)`."""
    if ast.unparse(call.func) != "_walked":
        raise TypeError
    roots, rows, steps = (source.integers(argument) for argument in call.args[:3])
    places = ast.literal_eval(call.args[3])
    domain, target = (side[place] for side, place in zip(fields, places, strict=True))
    require(16 * domain.points * target.points, "the tables of the layer", "raise --memory")
    pairs = zip(roots.tolist(), rows.reshape(len(roots), -1), strict=True)
    return walked(Walk(tuple(pairs), steps.reshape(-1, 3)), domain, target).ravel()


def _convolved(page: Source, source: str, target: str) -> dict[Key, Integers]:
    """The codes of a convolution, from its kernel and the places of its points."""
    unrolled = next(call for call in page.calls() if ast.unparse(call.func) == "_unrolled")
    periods, nothing, *reach = (ast.literal_eval(a) for a in unrolled.args[1:])
    viewed = next(s.value for s in page.statements("entries") if isinstance(s, ast.Assign))
    if not isinstance(viewed, ast.Call):
        raise TypeError
    rows, columns, *taps = (ast.literal_eval(size) for size in viewed.args)
    tables = {}
    for filled in map(copied, page.statements("fill_tables")):
        if filled is not None:
            numbers = next(
                n for n in ast.walk(filled[1])
                if isinstance(n, ast.Call) and ast.unparse(n.func) in ("_numbers", "_packed")
            )  # fmt: skip
            tables[filled[0]] = page.integers(numbers)
    most = rows * columns * max(prod(periods) ** 2, prod(taps))
    require(16 * most, "the layer's tables", "raise --memory")
    in_order = np.arange(1, 1 + rows * columns * prod(taps))
    sources = tables.get("sources", np.arange(columns * prod(periods)))
    back = tables.get("targets", np.arange(rows * prod(periods)))
    route = Convolution(
        tuple(periods),
        sources.reshape(columns, *periods),
        np.argsort(back).reshape(rows, *periods),
        tables.get("kernel", in_order).reshape(rows, columns, *taps),
        *reach,
    )
    # Behind the last weight stands a zero; with signs it stands before the first.
    if nothing and not 0 <= route.kernel.min(initial=0) <= route.kernel.max(initial=0) <= nothing:
        raise ValueError
    bias = np.empty(back.size, dtype=np.intp)
    roots = tables.get("bias_index", np.arange(1, rows + 1))
    bias[route.targets] = roots.reshape(-1, *[1] * len(periods))
    return {(target, source): route.codes().ravel(), (target, None): bias}


def _as_indexed(codes: Integers, table: ast.expr) -> Integers:
    """The codes that a layer means by the indices `codes - 1`, or `codes % (2 dimension + 1)`."""
    if not isinstance(table, ast.BinOp):
        raise TypeError
    shift = ast.literal_eval(table.right)
    if isinstance(table.op, ast.Sub) and shift == 1:
        return codes
    if not isinstance(table.op, ast.Mod) or not isinstance(shift, int) or shift % 2 == 0:
        raise ValueError
    indices = codes % shift
    return np.where(indices > shift // 2, indices - shift, indices)


def _check(page: PageTables) -> None:
    """Every generator permutes the points, and every table is there and has its size."""
    for field in (*page.inputs.values(), *page.outputs.values()):
        for row in field.generators:
            moved = np.sort(np.abs(row))
            if type(field.points) is not int or len(row) != field.points:
                raise ValueError
            if not np.array_equal(moved, np.arange(1, len(row) + 1)):
                raise ValueError
    for target, side in page.outputs.items():
        if page.codes[target, None].size != side.points:
            raise ValueError
        for source, field in page.inputs.items():
            if page.codes[target, source].size != side.points * field.points:
                raise ValueError
