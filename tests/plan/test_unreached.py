"""Parts of an output that no map reaches, against dense nullspaces."""

import json

import numpy as np
import pytest

from intertwine import SpecError, solve
from intertwine.hom.commute import generator_matrices
from intertwine.plan.unreached import lost_outputs
from tests.solved import FIELDS, SPECS, solved

B3 = {"hyperoctahedral": 3}
S4 = {"symmetric": 4}
EDGES = {"exterior_power": ["points", 2]}
SWAPS = {"generators": {"a": "(0 1)", "b": "(2 3)"}, "points": 4}
SILENT, BIASED = "it is 0 whatever the weights", "it is its bias alone"
# The group, the input, the output, and the parts that no map reaches.
CASES = {
    "a field": (B3, "trivial", {"fields": {"a": "axes", "b": "trivial"}}, [f"a: {SILENT}"]),
    "a summand": (S4, EDGES, {"sum": ["points", "sign"]}, [f"summand 1 (sign): {SILENT}"]),
    "nothing": (S4, "points", "points", []),
    "all, but for a bias": (B3, "axes", "trivial", [f"the output: {BIASED}"]),
    "all": (S4, "trivial", "sign", [f"the output: {SILENT}"]),
    "fields that differ": (
        B3, "axes", {"fields": {"a": "trivial", "b": {"exterior_power": ["axes", 2]}}},
        [f"a: {BIASED}", f"b: {SILENT}"],
    ),
    "vectors": (
        {"cyclic": 5}, "trivial", {"sum": ["points", "vector"]},
        [f"summand 1 (vector): {SILENT}"],
    ),
    "a summand of a field": (
        {"cyclic": 5}, "trivial", {"fields": {"v": {"sum": ["vector", "points"]}}},
        [f"v, summand 0 (vector): {SILENT}"],
    ),
    "an orbit": (
        {"generators": ["a"]},
        "trivial",
        {"signed_permutations": {"a": [2, 1, -3]}},
        [f"the orbit of 2, 1 coordinate, of the output: {SILENT}"],
    ),
    "a product": (
        {"product": {"u": S4, "v": B3}}, "u", {"tensor": ["u", "v.axes"]},
        [f"the output: {SILENT}"],
    ),
}  # fmt: skip


def spec_of(case):
    group, source, target, _ = CASES[case]
    return {"name": "one", "group": group, "input": source, "output": target}


def empty_rows(source, target):
    """The rows that vanish in the nullspace of the dense constraints."""
    rows, columns = target.dimension, source.dimension
    constraints = [
        np.kron(left.toarray(), np.eye(columns)) - np.kron(np.eye(rows), right.toarray().T)
        for left, right in generator_matrices(source, target)
    ]
    _, values, vectors = np.linalg.svd(np.concatenate(constraints))
    kernel = vectors[int((values > 1e-9).sum()) :].reshape(-1, rows, columns)
    return np.flatnonzero(np.abs(kernel).max(axis=(0, 2), initial=0) < 1e-9)


@pytest.mark.parametrize("case", CASES)
def test_the_parts_that_no_map_reaches_are_said(case):
    space = solve(spec_of(case))
    expected = [line.partition(": ") for line in CASES[case][3]]
    assert [*map(str, space.unreached)] == [
        f"no map reaches {part}: {why}" for part, _, why in expected
    ]
    for part in space.unreached:
        assert f"no map reaches {part.part}" in " ".join(space.page.split())


@pytest.mark.parametrize("case", CASES)
def test_rows_without_entries_are_those_of_the_dense_nullspace(case):
    space = solve(spec_of(case))
    np.testing.assert_array_equal(space.maps.empty_rows, empty_rows(space.source, space.target))
    trivial = space.bias.source
    np.testing.assert_array_equal(space.bias.found.empty_rows, empty_rows(trivial, space.target))


@pytest.mark.parametrize("name", [n for n in SPECS if n not in FIELDS])
def test_rows_without_entries_of_the_specs_are_those_of_all_maps(name):
    space = solved(name)
    if space.source.dimension * space.target.dimension > 1 << 16:
        pytest.skip("too large for a dense sum")
    rows = np.arange(space.target.dimension)
    if space.dimension:
        sums = np.asarray(sum(abs(m).tocsr() for m in space.basis()).sum(axis=1)).ravel()
        rows = np.flatnonzero(sums < 1e-9)
    np.testing.assert_array_equal(space.found.empty_rows, rows)


def test_a_support_may_reach_less():
    whole = {**spec_of("nothing"), "group": SWAPS, "output": "points"}
    assert not solve(whole).unreached
    # Map 0 goes from the points 0, 1 to the points 0, 1.
    some = solve({**whole, "layer": {"support": {"orbitals": [0]}}})
    assert [*map(str, some.unreached)] == [
        f"no map reaches the orbit of 2, 2 coordinates, of the output: {BIASED}"
    ]


def test_no_space_is_too_large_for_it():
    triples = {"power": ["points", 3]}
    huge = {"name": "huge", "group": {"symmetric": 1000}, "input": triples, "output": triples}
    assert not solve(huge).unreached


def test_networks_refuse_by_the_same_rows():
    group, source, target, _ = CASES["a field"]
    stage = {"name": "mix", "action": target, "channels": 2}
    spec = {"name": "net", "group": group, "input": source, "network": [stage]}
    assert lost_outputs(solve(spec_of("a field")).form.targets, solve(spec_of("a field")).maps) == [
        "a"
    ]
    with pytest.raises(SpecError, match="on stage mix; expected some map that is not zero"):
        solve(spec)


@pytest.mark.parametrize("flags", [[], ["--no-emit"]])
def test_the_command_says_so(flags, cli, tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(json.dumps(spec_of("a field")))
    arguments = ["solve", str(path), "--emit", str(tmp_path), *flags]
    told = json.loads(cli(*arguments, "--json")[1])
    assert told["unreached"] == [{"part": "a", "biased": False}]
    assert "no map reaches a: it is 0 whatever the weights" in cli(*arguments)[1]


def test_the_command_says_what_a_support_keeps(cli, tmp_path):
    path = tmp_path / "one.yaml"
    grid = {"grid": {"shape": [6, 6], "symmetry": "p4"}}
    layer = {"support": {"radius": 1}}
    spec = {"name": "one", "group": grid, "input": "pixels", "output": "poses", "layer": layer}
    path.write_text(json.dumps(spec))
    arguments = ["solve", str(path), "--emit", str(tmp_path)]
    told = json.loads(cli(*arguments, "--json")[1])
    assert (told["dimension"], told["kept"]) == (36, 9)
    assert "keeps 9 of these 36 maps, those within radius 1" in cli(*arguments)[1]
    assert "not applied, for no layer is written" in cli(*arguments, "--no-emit")[1]
