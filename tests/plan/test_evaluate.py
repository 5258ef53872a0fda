"""What a plan computes: it commutes with the generators, and small cases are done by hand."""

import numpy as np
import pytest

from intertwine import solve
from intertwine.plan.steps.weights import spelled
from tests.solved import FIELDS, TABLED, channels, evaluated, random_weights, solved


def inputs_of(plan, widths, batch, seed=1):
    random = np.random.default_rng(seed)
    return [random.standard_normal((*batch, widths[f.name], *f.shape)) for f in plan.inputs]


@pytest.mark.parametrize("name", TABLED)
def test_it_commutes_with_every_generator(name):
    plan = solved(name).plan
    widths, wider = channels(plan.inputs, 1), channels(plan.outputs, 1)
    weights, biases = random_weights(plan, widths, wider)
    inputs = inputs_of(plan, widths, ())
    outputs = evaluated(plan, weights, biases, inputs)
    for number in range(len(plan.generators)):
        moved = [acted(f, number, x) for f, x in zip(plan.inputs, inputs, strict=True)]
        for field, y, gy in zip(
            plan.outputs, outputs, evaluated(plan, weights, biases, moved), strict=True
        ):
            np.testing.assert_allclose(gy, acted(field, number, y), atol=1e-9)


def acted(field, number, x):
    """A generator on the points of x, its last axes, by a loop over the points."""
    flat = x.reshape(len(x), -1)
    result = np.zeros_like(flat)
    for point, image in enumerate(field.generators[number]):
        result[:, abs(image) - 1] = flat[:, point] * np.sign(image)
    return result.reshape(x.shape)


def test_deep_sets_by_hand():
    """A_4 is 2-transitive, so it has the maps of deep sets: a point's own, and the others'."""
    spec = {"name": "evens", "group": {"alternating": 4}, "input": "points", "output": "points"}
    plan = solve(spec).plan
    weights = {("output", "input"): np.array([10.0, 1.0]).reshape(2, 1, 1)}
    x = np.array([[1.0, 2.0, 3.0, 4.0]])
    (y,) = evaluated(plan, weights, {"output": np.array([[100.0]])}, [x])
    assert y.tolist() == [[100 + 10 + 9, 100 + 20 + 8, 100 + 30 + 7, 100 + 40 + 6]]
    (unbiased,) = evaluated(plan, weights, {}, [x])
    assert unbiased.tolist() == [[19, 28, 37, 46]]


def test_vanishing_entries_and_signs_by_hand():
    codes = np.array([[1, 0], [-2, 2]])
    assert spelled(codes, np.array([3.0, 5.0])).tolist() == [[3, 0], [-5, 5]]
    assert spelled(np.array([[0, 0]]), np.zeros((0, 4))).shape == (1, 2, 4)


def walked(walk, source, target):
    """The whole table of codes of a walk."""
    codes = np.zeros((target.points, source.points), dtype=np.intp)
    for root, row in walk.roots:
        codes[root] = row
    for child, parent, edge in walk.steps.tolist():
        image = source.generators[edge]
        codes[child, np.abs(image) - 1] = codes[parent] * np.sign(image)
        codes[child] *= np.sign(target.generators[edge, parent])
    return codes


@pytest.mark.parametrize("name", TABLED)
def test_a_walk_is_the_whole_table(name):
    plan = solved(name).plan
    fields = {f.name: f for f in plan.inputs}, {f.name: f for f in plan.outputs}
    for block in plan.blocks:
        if block.walk is not None:
            table = walked(block.walk, fields[0][block.source], fields[1][block.target])
            np.testing.assert_array_equal(table, block.codes)


@pytest.mark.slow
def test_some_specs_have_walks_and_some_fields():
    walks = [name for name in TABLED if any(b.walk for b in solved(name).plan.blocks)]
    assert len(walks) >= 5
    assert len(FIELDS) >= 5
    assert set(FIELDS) & set(TABLED)


def test_a_signed_walk_and_one_over_several_orbits():
    pairs = {"exterior_power": ["points", 2]}
    signed = {"name": "signed", "group": {"symmetric": 12}, "input": pairs, "output": pairs}
    group = {"product": {"a": {"symmetric": 30}, "b": {"cyclic": 41}}}
    several = {"name": "several", "group": group,
               "input": {"sum": ["a", "b"]}, "output": {"sum": ["b", "a"]}}  # fmt: skip
    for spec, roots, has_signs in ((signed, 1, True), (several, 2, False)):
        plan = solve(spec).plan
        (block,) = plan.blocks
        assert len(block.walk.roots) == roots
        assert (block.codes < 0).any() == has_signs
        np.testing.assert_array_equal(
            walked(block.walk, plan.inputs[0], plan.outputs[0]), block.codes
        )
