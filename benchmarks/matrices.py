"""Actions by matrices and fibres: from the spec to the whole basis, beside a dense SVD."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.cases import Spec, actions, spec
from benchmarks.references.recorded import LADDER
from benchmarks.report import Table, duration, held, ratio, size
from benchmarks.timing import Contender, medians, writing
from intertwine.action.element import AtomUnion
from intertwine.algebra.scalars import REALS
from intertwine.hom.rules import basis

LEAST_RATIO = 50
MOST_MEMORY = 6 * 2**30
LONG = 1500
TOLERANCE = 1e-5
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS")
_ICOSAHEDRON = {"polyhedron": {"name": "icosahedron"}}
_MIRRORED = {"polyhedron": {"name": "icosahedron", "reflections": True}}


@dataclass(frozen=True)
class Family:
    """A case with the seconds asked of it, and smaller members that a dense SVD can do."""

    name: str
    case: Spec
    maps: int
    asked: float | None
    members: dict[str, Spec]


def families() -> list[Family]:
    """Matrices over one point, fibres over the points of a solid, signs, and a steerable field."""
    atoms = {"cosets": {"subgroup": ["(2 5)(3 4)(6 10)(7 9)"]}}
    return [
        Family(
            "icosahedron, rotation^4", _rotations(4, 4), 119, 2.0,
            {"rotation^3": _rotations(3, 3), "rotation^3 -> rotation^4": _rotations(3, 4)},
        ),
        Family(
            "C60, a vector an atom", _vectors(atoms), 272, 1.0,
            {
                "icosahedron, a vector a vertex": _vectors("vertices"),
                "icosahedron, a vector a face": _vectors("faces"),
            },
        ),
        Family(
            "B_10, 2 -> 2", _signed(10), 4, 0.2,
            {"B_4, 2 -> 2": _signed(4), "B_6, 2 -> 2": _signed(6)},
        ),
        Family(
            "p4m 32x32, a vector a pixel", _field(32), 514, None,
            {"p4m 4x4, a vector a pixel": _field(4)},
        ),
    ]  # fmt: skip


def _rotations(source: int, target: int) -> Spec:
    return spec(_ICOSAHEDRON, {"power": ["vector", source]}, {"power": ["vector", target]})


def _vectors(points: Any) -> Spec:
    return spec(_MIRRORED, {"tensor": [points, "vector"]})


def _signed(n: int) -> Spec:
    return spec({"hyperoctahedral": n}, {"power": ["axes", 2]})


def _field(n: int) -> Spec:
    group = {"grid": {"shape": [n, n], "symmetry": "p4m"}}
    return spec(group, {"tensor": ["pixels", "vector"]})


def tables(quick: bool) -> Iterator[Table]:
    """The cases as asked; the members that a dense SVD can do; what EMLP was recorded to take."""
    asked, against_svd, against_emlp = _asked(), _against_svd(), _against_emlp()
    for number, family in enumerate(families()):
        seconds, unknowns = 0.0, 1
        for name, case in family.members.items():
            if quick and _unknowns(case) > LONG:
                continue
            found = _alone(f"beside_svd({number}, {name!r})")
            seconds, unknowns = found["dense"], _unknowns(case)
            against_svd.add(
                name,
                _shape(case),
                unknowns,
                found["maps"],
                duration(found["dimension"]),
                duration(found["basis"]),
                duration(found["dense"]),
                ratio(found["dense"], found["basis"]),
                f"{LEAST_RATIO}x",
                held(found["dense"] >= LEAST_RATIO * found["basis"]),
            )
            _recorded(against_emlp, name, found)
        found = _alone(f"as_asked({number})")
        _recorded(against_emlp, family.name, found)
        asked.add(
            family.name,
            _shape(family.case),
            found["maps"],
            duration(found["dimension"]),
            duration(found["basis"]),
            "-" if family.asked is None else f"< {family.asked:g} s",
            "-" if family.asked is None else held(found["basis"] < family.asked),
            f"{size(found['bytes'])}, {duration(found['floor'])}",
            ratio(found["basis"], found["floor"]),
            size(found["grown"]),
            _large(_constraint_bytes(family.case)),
            _foretold(family.case, seconds, unknowns),
        )
    yield asked
    yield against_svd
    yield against_emlp


def _asked() -> Table:
    return Table(
        "Matrices and fibres: from the spec to the dimension, and to the whole basis",
        ("case", "size", "maps", "ours, dimension", "ours, basis", "asked", "met",
         "floor", "basis / floor", "peak above start", "dense constraints", "dense SVD"),
        "Ours: from the spec as a dict, parsing included, nothing remembered; the basis is the "
        "sparse stack of all maps, the time to the dimension included. Floor: the bytes of that "
        "stack, and the time to write them. Peak: of a process that did small cases before. Dense "
        "constraints: the bytes of kron(P, 1) - kron(1, Q^T), stacked over the generators, in "
        f"float64. No dense SVD of them was run: they pass {MOST_MEMORY >> 30} GiB, or the time is "
        "that foretold by the cube of the unknowns from the largest case below. One thread.",
    )  # fmt: skip


def _against_svd() -> Table:
    return Table(
        "A dense SVD of the stacked constraints, on cases small enough for it",
        ("case", "size", "unknowns", "maps", "ours, dimension", "ours, basis", "dense SVD",
         "dense SVD / ours, basis", "asked", "met"),
        "Dense SVD: the constraints stacked, numpy.linalg.svd, rank by tolerance "
        f"{TOLERANCE}, from the generators' matrices in hand, as EMLP does it where it can; run "
        f"once past {LONG} unknowns. Ours: from the spec. One thread.",
    )  # fmt: skip


def _against_emlp() -> Table:
    return Table(
        "Signed permutations beside EMLP",
        ("case", "maps", "ours, basis", "EMLP*"),
        "* recorded on another machine, EMLP 1.0.3 (benchmarks/references/recorded.py).",
    )


def _recorded(table: Table, name: str, found: dict[str, Any]) -> None:
    """One more row, where EMLP was timed on the case."""
    row = LADDER.get(f"signed {name}")
    if row is not None:
        table.add(name, found["maps"], duration(found["basis"]), row[3])


def _shape(case: Spec) -> str:
    source, target = actions(case)
    return f"{target.dimension} x {source.dimension}"


def _unknowns(case: Spec) -> int:
    source, target = actions(case)
    return source.dimension * target.dimension


def _constraint_bytes(case: Spec) -> int:
    return 8 * len(actions(case)[0].group.generators) * _unknowns(case) ** 2


def _foretold(case: Spec, seconds: float, unknowns: int) -> str:
    if _constraint_bytes(case) > MOST_MEMORY:
        return "out of memory"
    foretold = seconds * (_unknowns(case) / unknowns) ** 3
    return f"about {foretold:.0f} s"


def _large(count: int) -> str:
    """Bytes, also where they are many."""
    for power, name in ((40, "TiB"), (30, "GiB")):
        if count >= 1 << power:
            return f"{count / (1 << power):.3g} {name}"
    return size(count)


def _alone(call: str) -> dict[str, Any]:
    """What a function of this module returns in a fresh process with one thread."""
    command = f"import json; from benchmarks.matrices import *; print(json.dumps({call}))"
    environment = os.environ | dict.fromkeys(_THREADS, "1")
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", command],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env=environment,
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def as_asked(number: int) -> dict[str, Any]:
    """A case as asked: seconds, the bytes of its basis, and by how much the peak grew."""
    family = families()[number]
    _warm_up()
    before = _peak()
    stack = _found(family.case).stack
    grown = _peak() - before
    count = stack.data.nbytes + stack.indices.nbytes + stack.indptr.nbytes
    if stack.shape[0] != family.maps:
        raise SystemExit(f"{family.name}: {stack.shape[0]} maps, not {family.maps}")
    del stack
    times = medians(_ours(family.case) | {"floor": writing(count)}, rounds=5, seconds=5)
    return times | {"maps": family.maps, "bytes": count, "grown": grown}


def beside_svd(number: int, name: str) -> dict[str, Any]:
    """A member of a family: seconds, beside those of a dense SVD."""
    case = families()[number].members[name]
    _warm_up()
    contenders = _ours(case) | {"dense": partial(_dense, case)}
    if _unknowns(case) <= LONG:
        times = medians(contenders)
    else:
        times = medians(contenders, rounds=1) | medians(_ours(case))
    return times | {"maps": _found(case).dimension}


def _ours(case: Spec) -> dict[str, Contender]:
    def dimension() -> Callable[[], int]:
        _forget()
        return lambda: _found(case).dimension

    def whole() -> Callable[[], int]:
        _forget()
        return lambda: int(_found(case).stack.shape[0])

    return {"dimension": dimension, "basis": whole}


def _found(case: Spec) -> Any:
    return basis(*actions(case))


def _peak() -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def _warm_up() -> None:
    """Import all that any case needs, on problems that none of them is."""
    for case in (_rotations(1, 1), _vectors("edges"), _signed(2), _field(3)):
        _ = _found(case).stack


def _forget() -> None:
    """Empty the caches of all functions, so that nothing is remembered from an earlier run."""
    for name, module in list(sys.modules.items()):
        if name.startswith("intertwine"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _dense(case: Spec) -> Callable[[], int]:
    """The nullity, and with it the basis, from the generators' matrices in full."""
    source, target = actions(case)
    union = AtomUnion([target, source])
    elements = [union.element(generator) for generator in union.generators]
    pairs = [tuple(side.matrix(e, REALS).toarray() for side in (target, source)) for e in elements]
    return lambda: len(_nullspace(pairs))


def _nullspace(pairs: list[tuple[Any, ...]]) -> Any:
    rows = [
        np.kron(left, np.eye(len(right))) - np.kron(np.eye(len(left)), right.T)
        for left, right in pairs
    ]
    _, values, vectors = np.linalg.svd(np.concatenate(rows), full_matrices=False)
    return vectors[values <= TOLERANCE]
