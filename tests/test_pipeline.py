"""The Python interface: solve, count, layer, emit, verify."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import intertwine
from intertwine import SpecError, TooLargeError, compile_spec, count, load_spec, solve
from intertwine.verify.verify import verify_page
from tests.solved import ROOT, SPECS

SETS = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
EVENS = {**SETS, "name": "evens", "group": {"alternating": 4}}  # the same maps, in tables
YAML = "name: sets\ngroup: {symmetric: 4}\ninput: points\noutput: points\n"
IMAGES = {"a": [1, 2, 3, 0], "b": [1, 0, 2, 3]}


def given_as(kind, folder):
    path = folder / "sets.yaml"
    path.write_text(YAML)
    return {"path": path, "text": str(path), "dict": SETS, "Spec": load_spec(SETS).spec}[kind]


@pytest.mark.parametrize("kind", ["path", "text", "dict", "Spec"])
def test_a_spec_may_be_given_in_many_ways(kind, tmp_path):
    given = given_as(kind, tmp_path)
    space = solve(given)
    assert str(space) == "Hom_G(R^4 -> R^4): dimension 2, |G| = 24, by partitions"
    assert (space.dimension, space.bias_dimension, space.order) == (2, 1, 24)
    assert str(count(given)) == "sets: dimension 2, bias 1"


@pytest.mark.parametrize("given", [42, None, ["a"], b"sets.yaml", object()])
def test_what_is_no_spec_is_refused(given):
    with pytest.raises((SpecError, TypeError)):
        solve(given)


@pytest.mark.parametrize("convert", [list, tuple, np.array, lambda p: np.array(p, dtype=np.uint8)])
def test_image_lists_may_be_arrays(convert):
    group = {"generators": {name: convert(images) for name, images in IMAGES.items()}}
    space = solve({**SETS, "group": group})
    assert (space.dimension, space.order) == (2, 24)


def test_arrays_and_lists_have_the_same_digest():
    digests = {
        load_spec({**SETS, "group": {"generators": {"a": convert([1, 0])}}}).digest
        for convert in (list, np.array)
    }
    assert len(digests) == 1


def test_a_dict_is_left_as_it_was():
    spec = {**SETS, "group": {"generators": {k: np.array(v) for k, v in IMAGES.items()}}}
    assert solve(spec).dimension == 2
    assert spec["group"]["generators"]["a"].tolist() == IMAGES["a"]
    assert list(spec) == list(SETS)


def test_the_space_is_what_the_design_says():
    space = solve(SETS)
    assert space.labels.tolist() == (1 - np.eye(4, dtype=int)).tolist()
    assert space.signs.tolist() == np.ones((4, 4), dtype=int).tolist()
    identity, rest = (element.toarray() for element in space.basis())
    assert (identity + rest == 1).all()
    assert space.expand([3, 1]).tolist() == (1 + 2 * np.eye(4)).tolist()
    assert space.project(np.eye(4)).tolist() == np.eye(4).tolist()
    assert space.residual(np.eye(4)) == 0
    assert space.residual(np.diag([1, 0, 0, 0])) == 1
    assert space.verify().second.value == 2


def test_counting_holds_the_numbers_against_what_the_spec_expects():
    for wrong in ({"dimension": 3}, {"bias_dimension": 2}, {"order": 23}):
        with pytest.raises(SpecError, match="expect"):
            count({**SETS, "expect": wrong})
    assert count({**SETS, "expect": {"order": 24, "dimension": 2}}).dimension == 2


def test_labels_are_minus_one_where_every_map_is_zero():
    space = solve({**SETS, "input": "sign", "output": "points"})
    assert space.labels.tolist() == [[-1]] * 4
    assert space.signs.tolist() == [[0]] * 4


@pytest.mark.parametrize(
    ("how", "key", "wrong", "right"),
    [
        (solve, "order", 25, 24),
        (solve, "dimension", 3, 2),
        (solve, "bias_dimension", 0, 1),
        (count, "dimension", 3, 2),
        (count, "bias_dimension", 0, 1),
    ],
)
def test_an_expectation_that_fails_names_both_numbers(how, key, wrong, right):
    assert how({**SETS, "expect": {key: right}}).dimension == 2
    with pytest.raises(SpecError) as caught:
        how({**SETS, "expect": {key: wrong}})
    assert str(caught.value).startswith(f"<dict>: expect.{key}: given {wrong}; expected {right},")


def test_an_expectation_knows_its_line(tmp_path):
    path = tmp_path / "sets.yaml"
    path.write_text(YAML + "expect:\n  order: 24\n  dimension: 3\n")
    with pytest.raises(SpecError, match=r"sets\.yaml:7: expect\.dimension: given 3; expected 2,"):
        solve(path)


def test_expectations_of_huge_orders():
    group = {**SETS, "group": {"symmetric": 2000}}
    with pytest.raises(SpecError, match=r"given 1\.000e4000; expected 3\.316e5735"):
        solve({**group, "expect": {"order": 10**4000}})
    with pytest.raises(SpecError, match="an integer of thousands of digits"):
        solve({**group, "expect": {"order": 10**5000}})


@pytest.mark.parametrize("name", SPECS)
def test_counting_agrees_with_solving(name):
    path = ROOT / "specs" / f"{name}.yaml"
    found, space = count(path), solve(path)
    assert (found.dimension, found.bias_dimension) == (space.dimension, space.bias_dimension)


@pytest.mark.parametrize("spec", [SETS, EVENS], ids=["sets", "evens"])
def test_emit_layer_and_compile_are_one_page(spec, tmp_path):
    space = solve(spec)
    path = space.emit(tmp_path / "a")
    assert path == tmp_path / "a" / f"{spec['name']}.py"
    assert path.read_text() == space.page
    assert compile_spec(spec, tmp_path / "b").read_text() == space.page
    assert space.emit(str(tmp_path / "a")) == path


def test_an_emitted_page_is_proved_by_what_it_computes(tmp_path):
    same = (
        "forward, fused, bias and dense_weight are these maps', "
        "first weights are for independent inputs"
    )
    path = solve(EVENS).emit(tmp_path)
    assert verify_page(path) == (
        f"{path}: dimension 2, the orbitals of its 2 generators; run: {same}"
    )
    path = solve(SETS).emit(tmp_path)
    assert verify_page(path) == (
        f"{path}: dimension 2 at n = 4, every set partition of its axes listed once; run: {same}"
    )


@pytest.mark.parametrize("spec", [SETS, EVENS], ids=["sets", "evens"])
def test_layers_take_the_options_of_torch(spec):
    layer = solve(spec).layer(3, 5, bias=False, dtype=torch.float64, device="meta")
    assert layer.weight.shape == (2, 5, 3)
    assert layer.weight.dtype == torch.float64
    assert layer.weight.is_meta
    assert layer.bias is None
    assert solve({**spec, "layer": {"bias": False}}).layer(1, 1).bias is None
    assert solve({**spec, "layer": {"bias": False}}).layer(1, 1, bias=True).bias is not None
    assert type(solve({**spec, "layer": {"class_name": "Mine"}}).layer(1, 1)).__name__ == "Mine"


def test_what_is_too_large_is_refused_before_it_is_solved():
    triples = {"power": ["points", 3]}
    huge = {**SETS, "group": {"alternating": 1000}, "input": triples, "output": triples}
    assert count(huge).dimension == 203
    space = solve(huge)
    assert space.dimension == 203
    for refused in (lambda: space.layer(1, 1), lambda: space.codes, lambda: space.page):
        with pytest.raises(TooLargeError):
            refused()
    with pytest.raises(TooLargeError):
        compile_spec(huge, "nowhere")
    assert not Path("nowhere").exists()


def test_a_layer_of_every_size_is_too_large_for_none(tmp_path):
    triples = {"power": ["points", 3]}
    huge = {**SETS, "group": {"symmetric": 1000}, "input": triples, "output": triples}
    space = solve(huge)
    assert space.layer(2, 3).weight.shape == (203, 3, 2)
    with pytest.raises(TooLargeError):
        _ = space.codes
    said = verify_page(space.emit(tmp_path))
    assert "dimension 203 at n = 1000, every set partition of its axes listed once; run: " in said


def test_the_public_names_are_there_and_lazy():
    for name in intertwine.__all__:
        assert getattr(intertwine, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = intertwine.nothing
    code = (
        "import sys, intertwine; intertwine.SpecError; "
        "print([m for m in ('torch', 'numpy', 'scipy', 'sympy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
