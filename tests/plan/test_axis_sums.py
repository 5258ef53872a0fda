"""Sums over sets of axes: exact, and only where the axes that differ decide."""

import numpy as np
import pytest
import torch

from intertwine import solve
from intertwine.plan.block import Ends
from intertwine.plan.program import Program
from intertwine.plan.strategy.axis_sums import AxisSums, axis_sums

S3, S4 = {"symmetric": 3}, {"symmetric": 4}


def wreath(base, top):
    return {"group": {"wreath": {"base": base, "top": top}}, "input": "tuples", "output": "tuples"}


def table(**factors):
    sides = {"tensor": list(factors)}
    return {"group": {"product": factors}, "input": sides, "output": sides}


CASES = {
    "S_3 wr S_3": wreath(S3, S3),
    "S_4 wr S_2": wreath(S4, {"symmetric": 2}),
    "S_3 wr C_3": wreath(S3, {"cyclic": 3}),
    "A_4 wr C_4": wreath({"alternating": 4}, {"cyclic": 4}),
    "S_3 wr 1": wreath(S3, {"trivial": 3}),
    "M_11 x A_4": table(a={"mathieu": 11}, b={"alternating": 4}),
}
OTHERS = {
    "one axis": {"group": S4, "input": "points", "output": "points"},
    "not 2-transitive": wreath({"cyclic": 4}, {"symmetric": 2}),
    "axes that are one": {"group": S4, "input": {"power": ["points", 2]}, "output": {
        "power": ["points", 2]}},
    "signs": {"group": {"hyperoctahedral": 2}, "input": {"power": ["axes", 2]}, "output": {
        "power": ["axes", 2]}},
    "other axes": {**wreath(S3, S3), "output": "points"},
}  # fmt: skip
named = pytest.mark.parametrize("name", CASES)


def solved(case, **layer):
    return solve({"name": "one", **case, "layer": layer})


@named
def test_it_is_the_full_matrix_in_integers(name):
    space = solved(CASES[name])
    plan = axis_sums(space)
    random = np.random.default_rng(0)
    weights = random.integers(-5, 6, (space.dimension, 2, 3)).astype(object)
    x = random.integers(-5, 6, (3, *space.source.shape)).astype(object)
    program = Program(
        tuple(plan.steps(Ends("input", "output"), len(plan.shape), plan.shape)), (("output", "y"),)
    )
    found = program.run({"x": x}, {("output", "input"): weights}, {})["output"].reshape(2, -1)
    flat = x.reshape(3, -1)
    expected = sum(
        w @ flat @ (space.codes == k + 1).astype(int).astype(object).T
        for k, w in enumerate(weights)
    )
    np.testing.assert_array_equal(found, expected)


@named
def test_every_set_of_axes_is_in_one_class(name):
    space = solved(CASES[name])
    plan = axis_sums(space)
    members = [axes for several in plan.classes for axes in several]
    assert len(members) == len(set(members)) == 2 ** len(plan.shape)
    assert len(plan.classes) == space.dimension == len(plan.change)
    assert round(abs(np.linalg.det(plan.change))) == 1


@pytest.mark.parametrize("name", OTHERS)
def test_others_have_none(name):
    assert axis_sums(solved(OTHERS[name])) is None


@named
@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
def test_the_emitted_layer_equals_its_dense_twin(name, layout, monkeypatch):
    monkeypatch.setattr("intertwine.plan.strategy.small_sets.STARTED", 0)
    monkeypatch.setattr(AxisSums, "work", lambda plan, channels: 0)
    space = solved(CASES[name], layout=layout)
    assert isinstance(space.plan.route, AxisSums) or "convolution" in str(space.plan.route)
    layer = space.layer(2, 3, dtype=torch.float64)
    expanded = solved(CASES[name], layout=layout, strategy="expand").layer(
        2, 3, dtype=torch.float64
    )
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    expanded.load_state_dict(layer.state_dict())
    last = layout == "channels_last"
    shape = space.source.shape
    for batch in ((), (4,), (2, 3)):
        x = torch.randn(*batch, *((*shape, 2) if last else (2, *shape)), dtype=torch.float64)
        torch.testing.assert_close(layer(x), expanded(x), rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(layer.dense_weight(), expanded.dense_weight())


def test_a_wreath_product_takes_it():
    space = solve({"name": "one", **wreath({"symmetric": 5}, S4)})
    assert str(space.plan.route) == "sums over sets of axes of 5 x 5 x 5 x 5, in 5 classes"
    assert [len(several) for several in space.plan.route.classes] == [1, 4, 6, 4, 1]
