"""Problems as specs: groups by name where the language has one, else by explicit generators."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.suzuki import suzuki_generators
from benchmarks.timing import Contender
from intertwine.action.action import Action
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec

Spec = dict[str, Any]

_RECORDS = Path(__file__).parents[1] / "tests" / "truth" / "public.jsonl"


def actions(spec: Spec) -> tuple[Action, Action]:
    """Source and target, new, so that nothing is remembered from an earlier run."""
    problem = build_actions(load_spec(spec))
    return problem.source, problem.target


def solving(case: Spec, solver: Callable[[Action, Action], object]) -> Contender:
    """A solver on a case, for timing: the actions are made anew for every run, and not timed."""

    def prepare() -> Callable[[], object]:
        source, target = actions(case)
        return lambda: solver(source, target)

    return prepare


def spec(group: Any, source: Any, target: Any = None) -> Spec:
    """A spec of one group; the target is as the source unless given."""
    return {"name": "case", "group": group, "input": source, "output": target or source}


def powers(group: Any, k: int, l: int | None = None) -> Spec:  # noqa: E741
    """Tensor powers of the points: k axes in, l axes out."""
    forms = {1: "points"} | {e: {"power": ["points", e]} for e in range(2, 9)}
    return spec(group, forms[k], forms[l or k])


def symmetric(n: int, k: int) -> Spec:
    """S_n on k axes, to k axes."""
    return powers({"symmetric": n}, k)


def grids(a: int, b: int) -> Spec:
    """S_a x S_b on a table with a rows and b columns."""
    group = {"product": {"rows": {"symmetric": a}, "columns": {"symmetric": b}}}
    return spec(group, {"tensor": ["rows", "columns"]})


def p4m(n: int, on: str = "pixels") -> Spec:
    """The wallpaper group p4m of a periodic n x n grid, on its pixels or on itself."""
    return spec({"grid": {"shape": [n, n], "symmetry": "p4m"}}, on)


def cube(n: int) -> Spec:
    """The n-cube's vertices, as the product action of S_2 wr S_n."""
    return spec({"wreath": {"base": {"symmetric": 2}, "top": {"symmetric": n}}}, "tuples")


def explicit(generators: tuple[np.ndarray, ...], exponent: int = 1) -> Spec:
    """A group that is known by image lists alone, on tensor powers of its points."""
    named = {f"g{place}": images for place, images in enumerate(generators)}
    return powers({"generators": named}, exponent)


@cache
def generators(name: str) -> tuple[np.ndarray, ...]:
    """Image lists of a group that has no name in the language."""
    if name == "Suz":
        return suzuki_generators(generators("G2(4)"))
    record, path = {
        "M24 octads": ("e13", ("out", "gens")),
        "M24 dodecads": ("j29", ("in", "gens")),
        "12-cube": ("j39", ("in", "gens")),
        "p4m 32x32": ("j14", ("in", "gens")),
        "G2(4)": ("j34", ("in", "gens")),
        "Ru": ("j36", ("in", "gens")),
        "HS": ("j53", ("group", "gens")),
        "Rubik": ("e42", ("in", "gens")),
        "M24": ("e12", ("in", "gens")),
    }[name]
    found: Any = _records()[record]
    for key in path:
        found = found[key]
    return tuple(np.array(images) for images in found)


@cache
def _records() -> dict[str, Any]:
    with open(_RECORDS, encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}
