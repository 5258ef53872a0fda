"""Reading the tables of an emitted page back, by its syntax tree: the page is never run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError, shown
from intertwine.limits import require
from intertwine.plan.evaluate import walked
from intertwine.plan.nodes import Field, Walk

Integers = NDArray[np.intp]
_TYPES = {"int8": np.int8, "int16": np.int16, "int32": np.int32, "int64": np.int64}
_NOT_A_PAGE = (
    ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, StopIteration,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class PageField:
    """One input or output: its points, and its generators as rows of one-based signed images."""

    points: int
    generators: list[Integers]


@dataclass(frozen=True, eq=False)
class PageTables:
    """What a page says in numbers: `codes[output, input]`, and for a bias `codes[output, None]`."""

    inputs: dict[str, PageField]
    outputs: dict[str, PageField]
    generator_count: int
    codes: dict[tuple[str, str | None], Integers]


def read_page(path: Path) -> PageTables:
    """The tables of an emitted file; anything that is no such file is refused."""
    try:
        if path.exists() and not path.is_file():
            given = f"{shown(str(path), 200)}, which is no file"
            raise SpecError(given, "an emitted file", "check the path")
        return _Reader(_parsed(path.read_text(encoding="utf-8"))).tables()
    except OSError as error:
        given = f"{shown(str(path), 200)} ({error.strerror})"
        raise SpecError(given, "an emitted file", "check the path") from None
    except _NOT_A_PAGE:
        raise SpecError(
            shown(str(path), 200), "a file that `intertwine solve` wrote", "solve its spec again"
        ) from None


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except MemoryError:  # which is how Python's parser says that its stack is full
        raise SyntaxError("nested too deeply") from None


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self._values = {
            node.targets[0].id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        layer = next(node for node in tree.body if isinstance(node, ast.ClassDef))
        self._filling = next(
            node
            for node in layer.body
            if isinstance(node, ast.FunctionDef) and node.name == "fill_tables"
        )

    def tables(self) -> PageTables:
        inputs = ast.literal_eval(self._values["INPUTS"])
        outputs = ast.literal_eval(self._values["OUTPUTS"])
        generators = self._values["GENERATORS"]
        if not isinstance(generators, ast.Dict):
            raise TypeError
        moves = [
            [[self._integers(image) for image in side.elts] for side in pair.elts]  # type: ignore[attr-defined]
            for pair in generators.values
        ]
        sides = [
            {
                name: PageField(prod(shape), [move[side][place] for move in moves])
                for place, (name, shape) in enumerate(fields.items())
            }
            for side, fields in enumerate((inputs, outputs))
        ]
        self._fields = [
            [
                Field(name, "", (field.points,), np.array(field.generators))
                for name, field in s.items()
            ]
            for s in sides
        ]
        codes = self._codes(list(inputs), list(outputs))
        page = PageTables(sides[0], sides[1], len(moves), codes)
        _check(page)
        return page

    def _codes(
        self, inputs: list[str], outputs: list[str]
    ) -> dict[tuple[str, str | None], Integers]:
        named: dict[str, tuple[str, str | None]] = {
            "index": (outputs[0], inputs[0]),
            "bias_index": (outputs[0], None),
            **{f"index_{t}__{s}": (t, s) for t in outputs for s in inputs},
            **{f"bias_index_{t}": (t, None) for t in outputs},
        }
        found: dict[tuple[str, str | None], Integers] = {}
        latest = np.empty(0, dtype=np.intp)
        for node in self._filling.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "codes":
                latest = self._integers(node.value)
            call = node.value if isinstance(node, ast.Expr) else None
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".copy_"):
                buffer = ast.unparse(call.func).removeprefix("self.").removesuffix(".copy_")
                table = call.args[0]
                if not isinstance(table, ast.BinOp):
                    raise TypeError
                is_latest = isinstance(table.left, ast.Name)
                codes = latest if is_latest else self._integers(table.left)
                found[named[buffer]] = _as_indexed(codes, table.op, ast.literal_eval(table.right))
        return found

    def _integers(self, node: ast.expr) -> Integers:
        """The value of `_numbers(...)`, `_packed(...)` or `_walked(...)`."""
        if not isinstance(node, ast.Call):
            raise TypeError
        name = ast.unparse(node.func)
        if name == "_numbers":
            return np.array([int(word) for word in self._text(node.args[0]).split()], dtype=np.intp)
        if name == "_packed":
            kind = np.dtype(_TYPES[ast.unparse(node.args[1]).removeprefix("torch.")])
            data = bytes.fromhex(self._text(node.args[0]))
            return np.frombuffer(data, dtype=kind.newbyteorder("<")).astype(np.intp)
        if name != "_walked":
            raise TypeError
        roots, rows, steps = (self._integers(argument) for argument in node.args[:3])
        source, target = ast.literal_eval(node.args[3])
        entries = self._fields[0][source].points * self._fields[1][target].points
        require(16 * entries, "the tables of the layer", "raise --memory")
        pairs = zip(roots.tolist(), rows.reshape(len(roots), -1), strict=True)
        walk = Walk(tuple(pairs), steps.reshape(-1, 3))
        return walked(walk, self._fields[0][source], self._fields[1][target]).ravel()

    def _text(self, node: ast.expr) -> str:
        value = self._values[node.id] if isinstance(node, ast.Name) else node
        text = ast.literal_eval(value)
        if not isinstance(text, str):
            raise TypeError
        return text


def _as_indexed(codes: Integers, operator: ast.operator, shift: object) -> Integers:
    """The codes that a layer means by the indices `codes - 1`, or `codes % (2 dimension + 1)`."""
    if isinstance(operator, ast.Sub) and shift == 1:
        return codes
    if not isinstance(operator, ast.Mod) or not isinstance(shift, int) or shift % 2 == 0:
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
