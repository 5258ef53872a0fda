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
from intertwine.plan.convolution import Convolution
from intertwine.plan.evaluate import walked
from intertwine.plan.nodes import Field, Walk
from intertwine.plan.sizes import MOST_DIAGRAMS, bell

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
    """What a page says in numbers: `codes[output, input]`, and for a bias `codes[output, None]`.

    `restricted` says that a support keeps some maps only.
    """

    inputs: dict[str, PageField]
    outputs: dict[str, PageField]
    generator_count: int
    codes: dict[tuple[str, str | None], Integers]
    restricted: bool


@dataclass(frozen=True, eq=False)
class PageDiagrams:
    """What a page for every size says: the axes of each field, and the diagrams between two.

    An axis is the name of a factor or a fixed size; `orders[output, input]` are the rows of the
    weights as forward takes them.
    """

    inputs: dict[str, tuple[str | int, ...]]
    outputs: dict[str, tuple[str | int, ...]]
    sizes: dict[str, int]
    diagrams: dict[tuple[str, str], tuple[str, ...]]
    orders: dict[tuple[str, str], Integers]


def read_page(path: Path) -> PageTables | PageDiagrams:
    """What an emitted file says in numbers; anything that is no such file is refused."""
    try:
        if path.exists() and not path.is_file():
            given = f"{shown(str(path), 200)}, which is no file"
            raise SpecError(given, "an emitted file", "check the path")
        return _Reader(_parsed(path.read_text(encoding="utf-8"))).page()
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
        self._layer = layer
        methods = {n.name: n.body for n in layer.body if isinstance(n, ast.FunctionDef)}
        self._filling = methods.get("fill_tables", [])
        self._indexing = methods.get("index_table", [])

    def page(self) -> PageTables | PageDiagrams:
        return self.of_any_size() if "DIAGRAMS" in self._values else self.tables()

    def of_any_size(self) -> PageDiagrams:
        inputs, outputs, sizes = (
            ast.literal_eval(self._values[name]) for name in ("INPUTS", "OUTPUTS", "SIZES")
        )
        said = self._values["DIAGRAMS"]
        if isinstance(said, ast.Dict):
            pairs = zip(said.keys, said.values, strict=True)
            diagrams = {ast.literal_eval(_given(k)): self._words(v) for k, v in pairs}
        else:
            diagrams = {(next(iter(outputs)), next(iter(inputs))): self._words(said)}
        named = {f"order_{t}__{s}": (t, s) for t, s in diagrams}
        named["order"] = next(iter(diagrams))
        orders = {}
        for node in self._filling:
            call = node.value if isinstance(node, ast.Expr) else None
            if isinstance(call, ast.Call):
                buffer = ast.unparse(call.func).removeprefix("self.").removesuffix(".copy_")
                orders[named[buffer]] = self._integers(call.args[0])
        attributes = (n.attr for n in ast.walk(self._layer) if isinstance(n, ast.Attribute))
        if "register_buffer" in attributes and set(orders) != set(diagrams):
            raise KeyError
        page = PageDiagrams(inputs, outputs, sizes, diagrams, orders)
        _check_diagrams(page)
        return page

    def _words(self, node: ast.expr) -> tuple[str, ...]:
        """A tuple of texts, or `_listed(...)`."""
        if isinstance(node, ast.Call):
            if ast.unparse(node.func) != "_listed":
                raise TypeError
            return tuple(word.strip() for word in self._text(node.args[0]).split(","))
        words: tuple[str, ...] = ast.literal_eval(node)
        return words

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
        said = ast.get_docstring(self._layer) or ""
        restricted = "\nSupport: " in said or "\nBoundary: " in said
        page = PageTables(sides[0], sides[1], len(moves), codes, restricted)
        _check(page)
        return page

    def _codes(
        self, inputs: list[str], outputs: list[str]
    ) -> dict[tuple[str, str | None], Integers]:
        if any(isinstance(n, ast.Name) and n.id == "_unrolled" for n in ast.walk(self._layer)):
            return self._convolved(inputs[0], outputs[0])
        named: dict[str, tuple[str, str | None]] = {
            "index": (outputs[0], inputs[0]),
            "bias_index": (outputs[0], None),
            **{f"index_{t}__{s}": (t, s) for t in outputs for s in inputs},
            **{f"bias_index_{t}": (t, None) for t in outputs},
        }
        found: dict[tuple[str, str | None], Integers] = {}
        latest = np.empty(0, dtype=np.intp)
        for node in [*self._filling, *self._indexing]:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "codes":
                latest = self._integers(node.value)
            if isinstance(node, ast.Return) and isinstance(node.value, ast.BinOp):
                left, right = node.value.left, node.value.right
                codes = latest if isinstance(left, ast.Name) else self._integers(left)
                shift = ast.literal_eval(right)
                found[named["index"]] = _as_indexed(codes, node.value.op, shift)
            call = node.value if isinstance(node, ast.Expr) else None
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".copy_"):
                buffer = ast.unparse(call.func).removeprefix("self.").removesuffix(".copy_")
                if buffer not in named:
                    continue
                table = call.args[0]
                if not isinstance(table, ast.BinOp):
                    raise TypeError
                is_latest = isinstance(table.left, ast.Name)
                codes = latest if is_latest else self._integers(table.left)
                found[named[buffer]] = _as_indexed(codes, table.op, ast.literal_eval(table.right))
        return found

    def _convolved(self, source: str, target: str) -> dict[tuple[str, str | None], Integers]:
        """The codes of a convolution, from its kernel and the places of its points."""
        calls = [node for node in ast.walk(self._layer) if isinstance(node, ast.Call)]
        unrolled = next(call for call in calls if ast.unparse(call.func) == "_unrolled")
        viewed = next(call for call in calls if ast.unparse(call.func) == "self.kernel.view")
        rows, columns, *taps = (ast.literal_eval(size) for size in viewed.args)
        periods, dimension, *reach = (ast.literal_eval(a) for a in unrolled.args[1:])
        tables = {}
        for node in self._filling:
            call = node.value if isinstance(node, ast.Expr) else None
            if isinstance(call, ast.Call):
                name = ast.unparse(call.func).removeprefix("self.").removesuffix(".copy_")
                numbers = next(
                    n for n in ast.walk(call.args[0])
                    if isinstance(n, ast.Call) and ast.unparse(n.func) in ("_numbers", "_packed")
                )  # fmt: skip
                tables[name] = self._integers(numbers)
        require(16 * rows * columns * prod(periods) ** 2, "the layer's tables", "raise --memory")
        sources = tables.get("sources", np.arange(columns * prod(periods)))
        back = tables.get("targets", np.arange(rows * prod(periods)))
        route = Convolution(
            tuple(periods),
            sources.reshape(columns, *periods),
            np.argsort(back).reshape(rows, *periods),
            tables["kernel"].reshape(rows, columns, *taps),
            *reach,
        )
        if route.kernel.max(initial=0) > dimension or route.kernel.min(initial=0) < 0:
            raise ValueError
        bias = np.empty(back.size, dtype=np.intp)
        bias[route.targets] = tables["bias_index"].reshape(-1, *[1] * len(periods))
        return {(target, source): route.codes().ravel(), (target, None): bias}

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


def _given(node: ast.expr | None) -> ast.expr:
    """A key of a dictionary, where no other dictionary is unpacked."""
    if node is None:
        raise TypeError
    return node


def _check_diagrams(page: PageDiagrams) -> None:
    """Every value is of its type, all axes have sizes, and no table is missing or of another size.

    What passes is as small as the file, so that it can be proved.
    """
    sides = (page.inputs, page.outputs)
    if not all(isinstance(side, dict) and side for side in (*sides, page.sizes)):
        raise TypeError
    moved = [{a for axes in side.values() for a in axes if isinstance(a, str)} for side in sides]
    if set(page.sizes) != moved[0] or moved[1] - moved[0]:
        raise ValueError
    fixed = [a for side in sides for axes in side.values() for a in axes if not isinstance(a, str)]
    if any(type(size) is not int or size < 1 for size in (*page.sizes.values(), *fixed)):
        raise ValueError
    if any(type(axes) is not tuple for side in sides for axes in side.values()):
        raise TypeError
    pairs = {(t, s) for t in page.outputs for s in page.inputs}
    if set(page.diagrams) != pairs or set(page.orders) not in (set(), pairs):
        raise KeyError
    for (target, source), words in page.diagrams.items():
        if type(words) is not tuple or not all(type(word) is str for word in words):
            raise TypeError
        axes = page.outputs[target] + page.inputs[source]
        rows = len(words) * prod(a for a in axes if isinstance(a, int))
        if rows == 0 or (page.orders and page.orders[target, source].size != rows):
            raise ValueError
        if bell(min(sum(isinstance(a, str) for a in axes), 99)) > MOST_DIAGRAMS:
            raise ValueError


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
