"""Convolutions over translations, against the codes of the space entry by entry."""

import numpy as np
import pytest

from intertwine import solve
from intertwine.plan.kernel import convolution, local
from intertwine.plan.torus import translations
from tests.solved import FIELDS, TABLED, solved

GRID = {"grid": {"shape": [6, 6], "symmetry": "p4m"}}
TORUS = {"grid": {"shape": [3, 4, 5], "symmetry": "p1"}}
PAIRS = {"subsets": ["points", 2]}
# The group, input, output, the periods of the translations, and the orbits of output and input.
FOUND = {
    "a ring": ({"cyclic": 7}, "points", "points", (7,), (1, 1)),
    "pairs on a ring": ({"cyclic": 7}, PAIRS, "points", (7,), (1, 3)),
    "a polygon": ({"dihedral": 7}, PAIRS, {"subsets": ["points", 3]}, (7,), (5, 3)),
    "pixels": (GRID, "pixels", "pixels", (6, 6), (1, 1)),
    "poses": (GRID, "pixels", "poses", (6, 6), (8, 1)),
    "a torus": (TORUS, "pixels", "pixels", (3, 4, 5), (1, 1)),
    "two rings": (
        {"product": {"a": {"cyclic": 3}, "b": {"cyclic": 5}}},
        {"tensor": ["a", "b"]},
        {"tensor": ["b", "a"]},
        (3, 5),
        (1, 1),
    ),
    "a ring of pixels": (
        {"product": {"time": {"cyclic": 4}, "space": GRID}},
        {"tensor": ["time", "space.pixels"]},
        {"tensor": ["time", "space.pixels"]},
        (4, 6, 6),
        (1, 1),
    ),
}
# The group, input and output of intertwiners that are no convolutions.
NONE = {
    "a fixed point": ({"cyclic": 5}, "points", "trivial"),
    "pairs that meet themselves": ({"cyclic": 6}, PAIRS, "points"),
    "a sum with a fixed point": ({"cyclic": 5}, {"sum": ["points", "trivial"]}, "points"),
    "signs": ({"symmetric": 4}, "points", {"exterior_power": ["points", 2]}),
    "cycles of different lengths": (
        {"generators": {"g": "(0 1)(2 3 4)"}}, "points", "points",
    ),
    "no generators": ({"trivial": 3}, "points", "points"),
}  # fmt: skip


def space_of(group, source, target):
    return solve({"name": "one", "group": group, "input": source, "output": target})


def is_small(name):
    space = solved(name)
    return name not in FIELDS and space.source.dimension * space.target.dimension <= 1 << 14


def translated(name):
    space = solved(name)
    return convolution(space.source, space.target, space.codes)


def test_every_small_convolution_of_the_specs_has_the_codes_of_the_space():
    found = []
    for name in filter(is_small, TABLED):
        space, route = solved(name), translated(name)
        if route is not None:
            found.append(name)
            np.testing.assert_array_equal(route.codes(), space.codes, err_msg=name)
            places = (route.sources.ravel(), route.targets.ravel())
            for side, listed in zip((space.source, space.target), places, strict=True):
                assert sorted(listed) == list(range(side.dimension)), name
    assert {"circulant", "p4m_convolution", "periodic_volume", "sets_of_images"} <= set(found)


@pytest.mark.parametrize("name", ["p4m_pixels", "periodic_convolution", "periodic_volume"])
@pytest.mark.parametrize("wraps", [True, False])
@pytest.mark.parametrize("radius", [0, 1])
def test_the_local_part_keeps_the_entries_within_reach(name, radius, wraps):
    space, route = solved(name), translated(name)
    near = local(route, radius, wraps)
    codes = near.codes()
    assert near.kernel.shape[2:] == (2 * radius + 1,) * len(route.periods)
    axes = np.unravel_index(np.arange(space.source.dimension), route.periods)
    reached = np.ones(codes.shape, dtype=bool)
    for axis, n in zip(axes, route.periods, strict=True):
        gap = np.abs(axis[:, None] - axis)
        reached &= (np.minimum(gap, n - gap) if wraps else gap) <= radius
    np.testing.assert_array_equal(codes, np.where(reached, space.codes, 0))


@pytest.mark.parametrize("case", FOUND)
def test_translations_are_found(case):
    group, source, target, periods, orbits = FOUND[case]
    space = space_of(group, source, target)
    assert translations(space.source, space.target)[0] == periods
    route = convolution(space.source, space.target, space.codes)
    assert (route.periods, route.orbits) == (periods, orbits)
    np.testing.assert_array_equal(route.codes(), space.codes)


@pytest.mark.parametrize("case", FOUND)
def test_a_kernel_of_the_largest_radius_loses_nothing_on_odd_axes(case):
    space = space_of(*FOUND[case][:3])
    route = convolution(space.source, space.target, space.codes)
    radius = (min(route.periods) - 1) // 2
    whole = local(route, radius, True)
    if all(period == 2 * radius + 1 for period in route.periods):
        np.testing.assert_array_equal(whole.codes(), space.codes)
    kept = whole.codes() != 0
    np.testing.assert_array_equal(whole.codes()[kept], space.codes[kept])


@pytest.mark.parametrize("case", NONE)
def test_without_free_translations_there_is_no_convolution(case):
    space = space_of(*NONE[case])
    assert translations(space.source, space.target) is None
    assert convolution(space.source, space.target, space.codes) is None


def test_a_convolution_says_what_it_is():
    route = translated("p4m_pixels")
    assert str(route) == "convolution over 8 x 8, full support, kernel 1 x 1"
    assert str(local(route, 2, True)) == "convolution over 8 x 8, radius 2, kernel 1 x 1"
