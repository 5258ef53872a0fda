"""Every permutation and signed record of the truth file, spelled out and in the spec language."""

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


def skipped_because(record):
    """Why a record is not tested, or None where it is."""
    if record["field"] == "C":
        return "complex field"
    return "matrix action" if "matrix" in kinds(record) else None


def named(records):
    return pytest.mark.parametrize("record", list(records), ids=lambda record: record["id"])


def slow(record):
    return pytest.param(record, marks=pytest.mark.slow)


TESTED = [record for record in RECORDS if skipped_because(record) is None]
EXPLICIT = [record for record in TESTED if kinds(record) <= LISTED]
STRUCTURED = [record for record in TESTED if structured_spec(record) is not None]


def images(action):
    """An action of the file in the spec language, one image list a generator."""
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


def test_every_record_is_tested_or_skipped_for_a_reason():
    assert len({record["id"] for record in RECORDS}) == len(RECORDS) == 266
    reasons = Counter(skipped_because(record) for record in RECORDS)
    assert reasons == {None: 221, "matrix action": 39, "complex field": 6}
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


# Schreier-Sims of S_64 x S_64 on 4096 points twice takes a minute, of S_70 on 4970 seconds.
@named(slow(record) if record["id"] in ("j43", "j09") else record for record in EXPLICIT)
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
