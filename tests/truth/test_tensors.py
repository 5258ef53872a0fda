"""Property tensors of crystals: how many independent components each of the 32 classes allows."""

import json
from pathlib import Path

import pytest

from intertwine.pipeline import count, solve
from tests.truth.crystal_classes import SPECS, dimensions, elements, tensors

PATH = Path(__file__).with_name("tensors.jsonl")
RECORDS = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
QUICK = {"1", "-1", "m", "mm2", "222", "-4", "422", "-42m", "321", "3m1", "622", "-6m2", "-43m"}


def spec(name, kind):
    group, vector, determinant = SPECS[name]
    source, target = tensors(vector, determinant)[kind]
    return {"name": "tensor", "group": group, "input": source, "output": target}


def marked(names):
    return [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", marked(SPECS))
def test_every_class_has_the_components_that_were_counted_elsewhere(name):
    """The truth file, by exact characters over spglib's rotations."""
    records = [record for record in RECORDS if record["class"] == name]
    assert len(records) == 9
    for record in records:
        assert count(spec(name, record["tensor"])).dimension == record["dim"], record["tensor"]
        assert len(elements(name)) == record["order"]


@pytest.mark.parametrize("name", marked(SPECS))
def test_every_class_has_the_components_that_its_matrices_allow(name):
    """All kinds, by the characters of integer matrices on a basis of the lattice."""
    for kind, dimension in dimensions(name).items():
        assert count(spec(name, kind)).dimension == dimension, kind


def test_the_truth_file_and_the_matrices_agree():
    counted = {name: dimensions(name) for name in SPECS}
    assert len(RECORDS) == 288
    assert {record["class"] for record in RECORDS} == set(SPECS)
    assert all(counted[r["class"]][r["tensor"]] == r["dim"] for r in RECORDS)


# Nye 1957, Physical Properties of Crystals, tables 8 and 9: piezoelectric and elastic constants.
NYE = {
    "1": (18, 21), "2": (8, 13), "m": (10, 13), "222": (3, 9), "mm2": (5, 9),
    "4": (4, 7), "-4": (4, 7), "422": (1, 6), "4mm": (3, 6), "-42m": (2, 6),
    "3": (6, 7), "321": (2, 6), "3m1": (4, 6),
    "6": (4, 5), "-6": (2, 5), "622": (1, 5), "6mm": (3, 5), "-6m2": (1, 5),
    "23": (1, 3), "432": (0, 3), "-43m": (1, 3), "m-3m": (0, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", NYE)
def test_piezoelectric_and_elastic_constants_are_nyes_and_are_proved(name):
    piezoelectric, elastic = (solve(spec(name, kind)) for kind in ("piezoelectric", "elastic"))
    assert (piezoelectric.dimension, elastic.dimension) == NYE[name]
    for space in (piezoelectric, elastic):
        assert space.certificate.second.value == space.dimension
    assert piezoelectric.order == len(elements(name))
