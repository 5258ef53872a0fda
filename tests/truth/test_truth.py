"""Every record of the truth file, spelled out and in the spec language."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import intertwine
from intertwine.action.order import group_order
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from tests.truth.structured import order, structured_spec

RECORDS = [
    json.loads(line) for line in (Path(__file__).with_name("public.jsonl")).read_text().splitlines()
]
LISTED = {"perm", "signed"}


def kinds(record):
    return {record["in"]["type"], record["out"]["type"]}


def is_real_pattern(record):
    """Whether both sides permute coordinates, up to signs."""
    return record["field"] == "R" and "matrix" not in kinds(record)


def named(records):
    return pytest.mark.parametrize("record", list(records), ids=lambda record: record["id"])


def long(record):
    return pytest.param(record, marks=pytest.mark.all)


TESTED = [record for record in RECORDS if is_real_pattern(record)]
MATRICES = [r for r in RECORDS if r["field"] == "R" and "matrix" in kinds(r)]
COMPLEX = [r for r in RECORDS if r["field"] == "C"]
EXPLICIT = [record for record in TESTED if kinds(record) <= LISTED]
STRUCTURED = [record for record in TESTED if structured_spec(record) is not None]


def images(action):
    """An action of the file in the spec language, one image list or matrix a generator."""
    if action["type"] == "matrix":
        exact = action.get("gens_exact", action["gens"])
        return {"matrices": {f"g{k}": rows for k, rows in enumerate(exact)}}
    if action["type"] == "perm":
        listed = {f"g{k}": np.array(images) for k, images in enumerate(action["gens"])}
        return {"permutations": listed}
    listed = {
        f"g{k}": [s * (p + 1) for p, s in zip(g["p"], g["s"], strict=True)]
        for k, g in enumerate(action["gens"])
    }
    return {"signed_permutations": listed}


def explicit_spec(record):
    """The record as it stands: generators by name alone, and what they do on either side."""
    return {
        "name": f"truth_{record['id']}",
        "group": {"generators": [f"g{k}" for k in range(len(record["in"]["gens"]))]},
        "input": images(record["in"]),
        "output": images(record["out"]),
    }


def orbit_sizes(space):
    """How many orbitals there are of each size."""
    sizes = Counter(np.unique(space.labels, return_counts=True)[1].tolist())
    return sorted(map(list, sizes.items()))


def test_every_record_is_tested():
    assert len({record["id"] for record in RECORDS}) == len(RECORDS) == 266
    assert (len(TESTED), len(MATRICES), len(COMPLEX)) == (221, 39, 6)
    assert len(EXPLICIT) == 218
    assert {r["id"] for r in TESTED} - {r["id"] for r in EXPLICIT} == {"j53", "j54", "j55"}
    untold = Counter(r["category"] for r in TESTED if r.get("structured") and r not in STRUCTURED)
    assert not untold


@named(EXPLICIT)
def test_listed_generators(record):
    space = intertwine.solve(explicit_spec(record))
    assert space.dimension == record["dim"]
    codes = space.codes
    assert codes.shape == (record["out"]["degree"], record["in"]["degree"])
    assert np.array_equal(np.unique(np.abs(codes[codes != 0])), np.arange(1, record["dim"] + 1))
    if "orbit_sizes" in record:
        assert orbit_sizes(space) == sorted(record["orbit_sizes"])


@named(EXPLICIT)
def test_counts_of_listed_generators(record):
    assert intertwine.count(explicit_spec(record)).dimension == record["dim"]


# Schreier-Sims of S_64 x S_64 on 4096 points twice takes two minutes, of S_70 on 4970 seconds.
@named(
    long(record) if record["id"] in ("j43", "j09", "j23", "j02") else record for record in EXPLICIT
)
def test_orders_of_listed_generators(record):
    if "acting_order" not in record["group"]:
        assert record["id"] in ("j08", "j10"), "only of S_1000 and S_4096 the order is not recorded"
        return
    problem = build_actions(load_spec(explicit_spec(record)))
    found = group_order(problem.group, [problem.source, problem.target])
    assert found == int(record["group"]["acting_order"])


@named(STRUCTURED)
def test_structured(record):
    spec = structured_spec(record)
    space = intertwine.solve(spec)
    assert (space.target.dimension, space.source.dimension) == (
        record["out"]["degree"],
        record["in"]["degree"],
    )
    assert space.dimension == intertwine.count(spec).dimension == record["dim"]
    assert space.order == order(record)
    if "orbit_sizes" in record:
        assert orbit_sizes(space) == sorted(record["orbit_sizes"])


@named(MATRICES)
def test_matrices(record):
    spec = explicit_spec(record)
    space = intertwine.solve(spec)
    assert space.dimension == intertwine.count(spec).dimension == record["dim"]
    assert space.certificate.second.value == record["dim"]
    rational = all(side.get("field", "Q") == "Q" for side in (record["in"], record["out"]))
    assert space.found.rational == rational
    for element in space.basis():
        assert space.residual(element.toarray()) <= (0 if rational else 1e-12)


# The complex numbers of the file as 2 x 2 real matrices.
PLANE = {
    "0": (("0", "0"), ("0", "0")),
    "1": (("1", "0"), ("0", "1")),
    "-1": (("-1", "0"), ("0", "-1")),
    "I": (("0", "-1"), ("1", "0")),
    "-I": (("0", "1"), ("-1", "0")),
}


def plane(number):
    """A complex number as the real map that multiplies by it."""
    if number in PLANE:
        return PLANE[number]
    turn = number.removeprefix("exp(2*pi*I*").removesuffix(")")
    assert number == f"exp(2*pi*I*{turn})"
    cosine, sine = f"cos(2*pi*{turn})", f"sin(2*pi*{turn})"
    return (cosine, f"-{sine}"), (sine, cosine)


def realified(action):
    """The real space of a complex action, with multiplication by i for one more generator."""
    degree = action["degree"]
    if action["type"] == "perm":
        columns = [{image: point for point, image in enumerate(g)} for g in action["gens"]]
        exact = [
            [["1" if column[row] == c else "0" for c in range(degree)] for row in range(degree)]
            for column in columns
        ]
    else:
        exact = action["gens_exact"]
    scalar = [["I" if row == column else "0" for column in range(degree)] for row in range(degree)]
    names = [*(f"g{k}" for k in range(len(exact))), "i"]
    matrices = {
        name: [[x for entry in row for x in plane(entry)[half]] for row in rows for half in (0, 1)]
        for name, rows in zip(names, [*exact, scalar], strict=True)
    }
    return {"matrices": matrices}


@pytest.mark.parametrize("record", COMPLEX, ids=lambda record: record["id"])
def test_complex_matrices(record):
    """With multiplication by i for one more generator, real maps are the complex-linear ones."""
    count = len(record["in"]["gens"])
    spec = {
        "name": f"truth_{record['id']}",
        "group": {"generators": [*(f"g{k}" for k in range(count)), "i"]},
        "input": realified(record["in"]),
        "output": realified(record["out"]),
    }
    space = intertwine.solve(spec)
    assert space.dimension == 2 * record["dim"]
    assert space.certificate.second.value == space.dimension
