"""The program of every layer of one size computes the sum of its maps times their weights."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest

from intertwine.plan.stack import StackPlan
from intertwine.plan.strategy.isotypic import Isotypic
from intertwine.plan.written import written
from tests.emit.strategies import OWN, space
from tests.emit.test_routes import MORE, solve, spec_of
from tests.solved import MATRICED, SPECS, TABLED, solved

BATCH = 2


def maps_of(block, shape):
    """All maps of a block, or invariants of a bias, one at a time."""
    for k in range(block.dimension):
        if hasattr(block, "stack"):
            yield block.stack[[k]].toarray().reshape(shape)
        else:
            yield ((block.codes == k + 1) * 1 - (block.codes == -k - 1) * 1).reshape(shape)


def check(plan):
    """The program, after comparing what it computes with every map applied by itself."""
    program = written(plan)
    random = np.random.default_rng(0)
    exact = not isinstance(plan, StackPlan)

    def some(*shape):
        numbers = random.integers(-3, 4, shape)
        return numbers.astype(object) if exact else numbers.astype(np.float64)

    widths = {field.name: 1 + place % 2 for place, field in enumerate(plan.inputs)}
    wider = {field.name: 2 - place % 2 for place, field in enumerate(plan.outputs)}
    alone = len(plan.inputs) == len(plan.outputs) == 1
    inputs = {f.name: some(BATCH, widths[f.name], *f.shape) for f in plan.inputs}
    weights = {
        (b.target, b.source): some(b.dimension, wider[b.target], widths[b.source])
        for b in plan.blocks
    }
    biases = {b.target: some(b.dimension, wider[b.target]) for b in plan.biases}
    for given in (biases, {}):
        values = {"x" if alone else f"x_{name}": x for name, x in inputs.items()}
        outputs = program.run(values, weights, given)
        for target in plan.outputs:
            expected = 0
            for block in plan.blocks:
                if block.target == target.name:
                    source = next(f for f in plan.inputs if f.name == block.source)
                    x = inputs[source.name].reshape(BATCH, -1, source.points)
                    own = weights[target.name, source.name]
                    shape = target.points, source.points
                    for w, entries in zip(own, maps_of(block, shape), strict=True):
                        expected = expected + np.einsum("oc,zci,ji->zoj", w, x, entries)
            bias = next(b for b in plan.biases if b.target == target.name)
            if given:
                for b, entries in zip(biases[target.name], maps_of(bias, -1), strict=True):
                    expected = expected + np.multiply.outer(b, entries)
            shape = (BATCH, wider[target.name], *target.shape)
            expected = np.broadcast_to(expected, (*shape[:2], target.points)).reshape(shape)
            y = outputs[target.name]
            assert y.shape == shape
            if exact:
                assert (y == expected).all()
                assert all(isinstance(v, int | Fraction | np.integer) for v in y.ravel())
            else:
                np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-9)
    return program


def small(name):
    """Whether maps can be applied one at a time."""
    plan = solved(name).plan
    entries = sum(prod((t.points, s.points)) for t in plan.outputs for s in plan.inputs)
    return plan.dimension * entries <= 1 << 21


@pytest.mark.parametrize("name", [n for n in SPECS if n in (*TABLED, *MATRICED)])
def test_programs_of_specs(name):
    if small(name):
        check(solved(name).plan)


@pytest.mark.parametrize("name", MORE)
def test_programs_of_every_strategy(name):
    case, options = MORE[name]
    if name == "poses_to_poses":
        options = {**options, "support": {"radius": 2}}
    check(solve(spec_of(*case, **options)).plan)


@pytest.mark.parametrize("kind", [kind for kind in OWN if kind.startswith("fields")])
def test_programs_of_fields(kind):
    plan = space(kind).plan
    assert not plan.expands
    check(plan)


def test_a_program_through_components():
    names = [n for n in MATRICED if isinstance(solved(n).plan.route, Isotypic)]
    assert names
    for name in names:
        said = str(check(solved(name).plan))
        assert "pools = points pool" in said or "pools = x pool" in said


def test_a_program_prints_as_mathematics():
    rubik = written(solved("rubiks_cube").plan)
    assert str(rubik).splitlines()[:3] == [
        "cells = change (9 x 9) weight output input",
        "pool_0_sums = x pool_0 (48 x 2)",
        "pool_0 = unflatten(pool_0_sums, 2 x 1)",
    ]
