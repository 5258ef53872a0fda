"""The syntax tree of an emitted page: its constants and its statements; it is never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.intp]
_TYPES = {"int8": np.int8, "int16": np.int16, "int32": np.int32, "int64": np.int64}


# What a layer calls its constants; behind those of a network's layer stands its number.
_OWN = frozenset(
    """
    BIAS_DIAGRAMS BIAS_DIMENSIONS BIAS_ROWS COPIES DIAGRAMS DIMENSIONS DUALS GENERATORS INPUTS
    OUTPUTS ROWS SIZES TABLES
    """.split()
)


class Source:
    """What stands in a page of one layer, by name; whatever is not as in such a page raises.

    Of the page of a network it is what its layer of some number says.
    """

    def __init__(self, constants: dict[str, ast.expr], layer: ast.ClassDef, number: int) -> None:
        self.constants, self.layer = constants, layer
        if number:
            own = {name: constants.get(f"{name}_{number}") for name in _OWN}
            rest = {name: value for name, value in constants.items() if name not in _OWN}
            self.constants = rest | {k: value for k, value in own.items() if value is not None}
        self._methods = {n.name: n.body for n in self.layer.body if isinstance(n, ast.FunctionDef)}

    def statements(self, method: str) -> list[ast.stmt]:
        """The body of a method of the layer; empty where it has none of that name."""
        return self._methods.get(method, [])

    @property
    def has_matrices(self) -> bool:
        """Whether maps have coefficients, or generators are given by matrices: rows and entries."""
        filling = {name for node in self.statements("fill_tables") for name in _called(node)}
        if filling & {"_terms", "_carried", "self.pool.copy_"}:
            return True
        generators = self.constants["GENERATORS"]
        sides = [
            side.elts
            for value in getattr(generators, "values", [])
            for side in getattr(value, "elts", [])
            if isinstance(side, ast.List)
        ]
        return any(isinstance(move, ast.Tuple) for side in sides for move in side)

    @property
    def restricted(self) -> bool:
        """Whether the page says that some maps only are kept, or that they end."""
        said = ast.get_docstring(self.layer) or ""
        return "\nSupport: " in said or "\nBoundary: " in said

    def literal(self, constant: str) -> object:
        """The value of a constant that is a literal."""
        value: object = ast.literal_eval(self.constants[constant])
        return value

    def calls(self) -> list[ast.Call]:
        """All calls in the layer."""
        return [node for node in ast.walk(self.layer) if isinstance(node, ast.Call)]

    def integers(self, node: ast.expr) -> Integers:
        """The value of `_numbers(...)` or `_packed(...)`."""
        if not isinstance(node, ast.Call):
            raise TypeError
        name = ast.unparse(node.func)
        if name == "_numbers":
            return np.array([int(word) for word in self.text(node.args[0]).split()], dtype=np.intp)
        if name != "_packed":
            raise TypeError
        kind = np.dtype(_TYPES[ast.unparse(node.args[1]).removeprefix("torch.")])
        data = bytes.fromhex(self.text(node.args[0]))
        return np.frombuffer(data, dtype=kind.newbyteorder("<")).astype(np.intp)

    def reals(self, node: ast.expr) -> NDArray[np.float64]:
        """The value of `_reals(...)`, `_packed_reals(...)`, or of integers `.double()`."""
        if not isinstance(node, ast.Call):
            raise TypeError
        if isinstance(node.func, ast.Attribute) and node.func.attr == "double":
            return self.integers(node.func.value).astype(np.float64)
        name = ast.unparse(node.func)
        if name == "_reals":
            return np.array([float(word) for word in self.text(node.args[0]).split()])
        if name != "_packed_reals":
            raise TypeError
        return np.frombuffer(bytes.fromhex(self.text(node.args[0])), "<f8").astype(np.float64)

    def text(self, node: ast.expr) -> str:
        """A text, or that of the constant which is named."""
        value = self.constants[node.id] if isinstance(node, ast.Name) else node
        text = ast.literal_eval(value)
        if not isinstance(text, str):
            raise TypeError
        return text


def sources(text: str) -> tuple[list[Source], bool]:
    """The layers of a page: the only one, or all those of a network; and whether it is one."""
    tree = _parsed(text)
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    layers = [node for node in tree.body if isinstance(node, ast.ClassDef) and _expands(node)]
    if "STAGES" not in constants:
        return [Source(constants, next(iter(layers)), 0)], False
    return [Source(constants, layer, number) for number, layer in enumerate(layers, 1)], True


def _called(node: ast.AST) -> Iterator[str]:
    """What is called in a statement."""
    calls = (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return (ast.unparse(call.func) for call in calls)


def _expands(node: ast.ClassDef) -> bool:
    """Whether a class is that of a layer."""
    return any(isinstance(n, ast.FunctionDef) and n.name == "dense_weight" for n in node.body)


def copied(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """The buffer that a statement `self.buffer.copy_(value)` fills, and the value."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith(".copy_"):
        return None
    return ast.unparse(call.func).removeprefix("self.").removesuffix(".copy_"), call.args[0]


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.parse(text)
    except MemoryError:  # which is how Python's parser says that its stack is full
        raise SyntaxError("nested too deeply") from None
