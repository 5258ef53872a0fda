"""The order of a group from image lists alone: Jordan's theorem or Schreier-Sims, against SymPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from sympy.combinatorics import Permutation, PermutationGroup

from benchmarks.cases import generators
from benchmarks.references.recorded import SYMPY_S100
from benchmarks.report import Table, duration, ratio
from benchmarks.suzuki import ORDER
from benchmarks.timing import Contender, medians
from intertwine.group.group import Group, GSet
from intertwine.group.named import symmetric
from intertwine.group.permutation import SignedPermutation

_MOST_FOR_SYMPY = 100


def tables(quick: bool) -> Iterator[Table]:
    """Both are given the same generators and nothing else; both orders are proved."""
    table = Table(
        "The exact order of a group from generators",
        ("group", "points", "order", "ours", "SymPy", "SymPy / ours"),
        "Floor: reading the image lists, two or a few of the points each. SymPy 1.14, "
        f"PermutationGroup.order(); its {SYMPY_S100} s for S_100 (*) are recorded, from another "
        "machine; '-': not tried, as too slow.",
    )
    named = {
        f"S_{n}": tuple(g.images for g in symmetric(n).sets["points"].images)
        for n in ((20, 50) if quick else (20, 50, 100, 1000))
    }
    named |= {name: generators(name) for name in ("Rubik", "M24", "HS", "M24 dodecads", "Ru")}
    if not quick:
        named["Suz"] = generators("Suz")
    for name, images in named.items():
        degree = len(images[0])
        contenders: dict[str, Contender] = {"ours": partial(partial, ours, images)}
        if degree <= _MOST_FOR_SYMPY and name != "S_100":
            contenders["sympy"] = partial(partial, sympys, images)
        times = medians(contenders, rounds=3)
        order = ours(images)
        if name == "Suz" and order != ORDER:
            raise SystemExit(f"the group made for Suz has order {order}")
        recorded = f"{SYMPY_S100} s*" if name == "S_100" else "-"
        table.add(
            name,
            degree,
            order if order < 10**24 else f"{degree}!",
            duration(times["ours"]),
            duration(times["sympy"]) if "sympy" in times else recorded,
            ratio(times.get("sympy"), times["ours"]),
        )
    yield table


def ours(images: Sequence[np.ndarray]) -> int:
    """The order as a spec's group has it, by generators."""
    made = tuple(SignedPermutation(np.asarray(image, dtype=np.intp)) for image in images)
    points = GSet("points", (made[0].degree,), lambda: made)
    names = tuple(f"g{place}" for place in range(len(made)))
    return Group("given", names, {"points": points}, natural="points").order


def sympys(images: Sequence[np.ndarray]) -> int:
    """SymPy's, of the same permutations."""
    return int(PermutationGroup([Permutation(image.tolist()) for image in images]).order())
