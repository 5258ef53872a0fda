"""What a plan costs: the parts add up and the last line is the full matrix."""

from math import log2

import pytest

from intertwine import solve
from intertwine.plan.cost import costs
from tests.solved import ANY_SIZE, SPECS, solved


@pytest.mark.parametrize("name", [n for n in SPECS if n != "p4m_convolution"])
def test_the_last_part_is_the_full_matrix(name):
    space = solved(name)
    *parts, whole = costs(space.plan)
    entries = space.source.dimension * space.target.dimension
    assert (whole.part, whole.maps, whole.points) == ("full matrix", space.dimension, entries)
    assert whole.multiply_adds == 256 * entries
    assert whole.bytes == 4 * whole.values == 1024 * entries
    assert all(cost.maps > 0 and cost.points > 0 and cost.multiply_adds >= 0 for cost in parts)
    assert bool(parts) == (name in ANY_SIZE or space.plan.route is not None)


def spec_of(group, **layer):
    return {"name": "one", "group": group, "input": "points", "output": "points", "layer": layer}


def test_taps_cost_what_they_multiply():
    part, _ = costs(solve(spec_of({"cyclic": 10}, support={"radius": 1})).plan)
    assert part.part == "convolution over 10, radius 1, kernel 1 x 1"
    assert (part.maps, part.points) == (3, 10)
    assert (part.multiply_adds, part.values) == (256 * 10 * 3, 16 * 10)


def test_transforms_cost_logarithms():
    part, _ = costs(solve(spec_of({"cyclic": 8}, strategy="convolve")).plan)
    assert (part.maps, part.points) == (8, 8)
    assert part.multiply_adds == 2 * 256 * 8 + int(2 * 16 * 2 * 8 * log2(8))


def test_stages_cost_what_they_mix_and_move():
    plan = solved("sudoku_cells", strategy="factor").plan
    *parts, whole = costs(plan)
    assert len(parts) == len(plan.route.stages)
    assert sum(cost.maps for cost in parts) == whole.maps == plan.dimension
    assert sum(cost.multiply_adds for cost in parts) == plan.route.multiply_adds(16)
    assert all(cost.part.startswith("mixed on ") for cost in parts)
