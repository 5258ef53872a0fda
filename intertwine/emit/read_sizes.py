"""Reading a page for every size: its axes, its diagrams and the order of its weights."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import prod
from typing import Any

from intertwine.emit.source import Integers, Source, copied
from intertwine.plan.strategy.diagrams import MOST_DIAGRAMS, bell


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


def read_diagrams(source: Source) -> PageDiagrams:
    """What the page says."""
    inputs, outputs, sizes = (_dictionary(source, name) for name in ("INPUTS", "OUTPUTS", "SIZES"))
    said = source.constants["DIAGRAMS"]
    if isinstance(said, ast.Dict):
        pairs = zip(said.keys, said.values, strict=True)
        diagrams = {ast.literal_eval(_given(k)): _words(source, v) for k, v in pairs}
    else:
        diagrams = {(next(iter(outputs)), next(iter(inputs))): _words(source, said)}
    named = {f"order_{t}__{s}": (t, s) for t, s in diagrams}
    named["order"] = next(iter(diagrams))
    filled = [copied(statement) for statement in source.statements("fill_tables")]
    orders = {named[f[0]]: source.integers(f[1]) for f in filled if f is not None}
    attributes = (n.attr for n in ast.walk(source.layer) if isinstance(n, ast.Attribute))
    if "register_buffer" in attributes and set(orders) != set(diagrams):
        raise KeyError
    page = PageDiagrams(inputs, outputs, sizes, diagrams, orders)
    _check(page)
    return page


def _dictionary(source: Source, name: str) -> dict[str, Any]:
    value = source.literal(name)
    if not isinstance(value, dict) or not value:
        raise TypeError
    return value


def _words(source: Source, node: ast.expr) -> tuple[str, ...]:
    """A tuple of texts, or `_listed(...)`."""
    if isinstance(node, ast.Call):
        if ast.unparse(node.func) != "_listed":
            raise TypeError
        return tuple(word.strip() for word in source.text(node.args[0]).split(","))
    words: tuple[str, ...] = ast.literal_eval(node)
    return words


def _given(node: ast.expr | None) -> ast.expr:
    """A key of a dictionary, where no other dictionary is unpacked."""
    if node is None:
        raise TypeError
    return node


def _check(page: PageDiagrams) -> None:
    """Every value is of its type, all axes have sizes, and no table is missing or of another size.

    What passes is as small as the file, so that it can be proved.
    """
    sides = (page.inputs, page.outputs)
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
