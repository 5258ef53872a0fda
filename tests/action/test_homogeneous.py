"""Regular and coset actions: degrees, transitivity, and exactly the right stabilizer."""

from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.errors import SpecError, TooLargeError
from intertwine.group.grid import grid
from intertwine.group.group import Group, GSet
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, cyclic, dihedral, symmetric, trivial
from intertwine.group.permutation import SignedPermutation
from intertwine.limits import limited_to
from tests import oracle
from tests.action.samples import A5, B3, CUBE, D6, KLEIN, S4, S5, USERS, WREATH, points


def listed(*images):
    return tuple(SignedPermutation.of(image) for image in images)


def plain(generators):
    return [(list(map(int, images)), [1] * len(images)) for images in generators]


def subgroup_elements(subgroup, degree):
    """The image lists of all elements, by the oracle."""
    if not subgroup:
        return {tuple(range(degree))}
    generators = plain(g.images for g in subgroup)
    return {tuple(images) for (images, _), _ in oracle.closure(generators, generators)}


FLIP = SignedPermutation.of([0, 5, 4, 3, 2, 1])
FIX_FIRST = listed([0, 2, 1, 3, 4], [0, 2, 3, 4, 1])
CASES = {
    "S_4 / 1": (S4, (), 24),
    "S_4 / identity": (S4, listed([0, 1, 2, 3]), 24),
    "S_4 / Klein": (S4, KLEIN, 6),
    "S_4 / one swap": (S4, listed([1, 0, 2, 3]), 12),
    "S_4 / D_4": (S4, listed([1, 2, 3, 0], [0, 3, 2, 1]), 3),
    "S_4 / A_4": (S4, listed([1, 2, 0, 3], [0, 2, 3, 1]), 2),
    "S_4 / S_4": (S4, listed([1, 0, 2, 3], [1, 2, 3, 0]), 1),
    "S_5 / S_4": (S5, FIX_FIRST, 5),
    "S_5 / AGL(1, 5)": (S5, listed([1, 2, 3, 4, 0], [0, 2, 4, 1, 3]), 6),
    "S_5 / S_2 x S_3": (S5, listed([1, 0, 2, 3, 4], [0, 1, 3, 2, 4], [0, 1, 3, 4, 2]), 10),
    "A_5 / A_4": (A5, listed([0, 2, 3, 1, 4], [0, 1, 3, 4, 2]), 5),
    "A_5 / C_5": (A5, listed([1, 2, 3, 4, 0]), 12),
    "D_6 / a reflection": (D6, (FLIP,), 6),
    "C_12 / C_4": (cyclic(12), listed([*range(3, 12), 0, 1, 2]), 3),
    "B_3 / a flip": (B3, listed([3, 1, 2, 0, 4, 5]), 24),
    "p4 / a shift": (grid([3, 3], "p4"), listed([3, 4, 5, 6, 7, 8, 0, 1, 2]), 12),
}


@pytest.mark.parametrize("name", CASES)
def test_cosets_are_one_orbit_whose_first_stabilizer_is_the_subgroup(name):
    """With the degree, this says all that there is to say of a transitive action."""
    group, subgroup, index = CASES[name]
    action = Cosets(group, subgroup)
    degree = points(group).dimension
    assert action.dimension == index and action.shape == (index,)
    assert oracle.orbits(oracle.signed(action), index) == [list(range(index))]
    joint = oracle.closure(oracle.signed(action), oracle.signed(points(group)))
    stabilizer = [tuple(beside) for (images, _), (beside, _) in joint if images[0] == 0]
    assert len(joint) == group.order == index * len(stabilizer)
    assert set(stabilizer) == subgroup_elements(subgroup, degree)
    assert not action.signed and all(g.signs is None for g in action.generators)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations(range(5)), max_size=3))
def test_random_subgroups_have_their_index(images):
    subgroup = listed(*images)
    action = Cosets(S5, subgroup)
    inside = subgroup_elements(subgroup, 5)
    assert action.dimension == 120 // len(inside)
    for generator, image in zip(points(S5).generators, action.generators, strict=True):
        assert sorted(image.images.tolist()) == list(range(action.dimension))
        assert (image.images[0] == 0) == (tuple(generator.images.tolist()) in inside)


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(4)), st.permutations(range(4)))
def test_equal_subgroups_have_equal_actions_whatever_generates_them(a, b):
    g, h = listed(a, b)
    first, second = Cosets(S4, (g, h)), Cosets(S4, (h, g * h, g))
    assert [x.images.tolist() for x in first.generators] == [
        x.images.tolist() for x in second.generators
    ]


@pytest.mark.parametrize("name", CASES)
def test_cosets_are_numbered_by_their_distance_from_the_subgroup(name):
    group, subgroup, index = CASES[name]
    distance, queue = {0: 0}, [0]
    generators = Cosets(group, subgroup).generators
    for coset in queue:
        for generator in generators:
            reached = int(generator.images[coset])
            if reached not in distance:
                distance[reached] = distance[coset] + 1
                queue.append(reached)
    steps = [distance[coset] for coset in range(index)]
    assert steps == sorted(steps)


def test_a_large_group_has_small_quotients():
    """S_20 modulo S_19, a Young subgroup S_3 x S_17, and A_20: 20, a binomial, and 2."""
    swap = np.array([1, 0, *range(2, 20)])
    last = [np.array([*np.roll(np.arange(19), -1), 19]), swap]
    halves = [
        np.array([*np.roll(np.arange(3), -1), *range(3, 20)]),
        swap,
        np.array([0, 1, 2, *np.roll(np.arange(3, 20), -1)]),
        np.array([0, 1, 2, 4, 3, *range(5, 20)]),
    ]
    even = [np.array([1, 2, 0, *range(3, 20)]), np.array([0, *np.roll(np.arange(1, 20), -1)])]
    for subgroup, index in ((last, 20), (halves, comb(20, 3)), (even, 2)):
        action = Cosets(symmetric(20), listed(*subgroup))
        assert action.dimension == index
        assert oracle.orbits(oracle.signed(action), index) == [list(range(index))]


def test_a_sylow_subgroup_of_a_mathieu_group_has_its_index():
    group = mathieu(11)
    sylow = Cosets(group, (points(group).generators[0],))
    assert sylow.dimension == 7920 // 11
    assert oracle.orbits(oracle.signed(sylow), 720) == [list(range(720))]


STILL = Group(
    "1",
    ("g", "h"),
    {"points": GSet("points", (4,), lambda: listed([0, 1, 2, 3], [0, 1, 2, 3]))},
    "points",
)


@pytest.mark.parametrize("group", [trivial(1), trivial(4), STILL], ids=["1", "4", "still"])
def test_a_group_that_moves_nothing_has_one_coset(group):
    identity = SignedPermutation.identity(points(group).dimension)
    for subgroup in ((), (identity,), (identity, identity)):
        action = Cosets(group, subgroup)
        assert action.shape == (1,)
        assert [g.images.tolist() for g in action.generators] == [[0]] * len(group.generators)
    spec = {"name": "still", "group": {"trivial": 4}, "input": {"cosets": {"subgroup": ["()"]}}}
    space = intertwine.solve({**spec, "output": "points"})
    assert space.source.dimension == 1 and space.dimension == 4


@pytest.mark.parametrize("group", [trivial(4), STILL], ids=["4", "still"])
def test_a_group_that_moves_nothing_has_no_other_elements(group):
    for image in ([1, 0, 2, 3], [0, 1, 2]):
        with pytest.raises(SpecError, match="subgroup element 0"):
            _ = Cosets(group, listed(image)).shape


TWO_SETS = Group(
    "C_4",
    ("g",),
    {
        "points": GSet("points", (2,), lambda: listed([1, 0])),
        "turns": GSet("turns", (4,), lambda: listed([1, 2, 3, 0])),
    },
    "points",
)
NO_CUBE_POINTS = Group("cube", CUBE.generators, CUBE.sets)


@pytest.mark.parametrize(
    ("group", "subgroup", "said"),
    [
        (alternating(4), listed([1, 0, 2, 3]), r"subgroup element 0: \(0 1\).*element of A_4"),
        (dihedral(6), (FLIP, *listed([1, 0, 2, 3, 4, 5])), "subgroup element 1"),
        (S4, listed([1, 0, 2]), "subgroup element 0"),
        (S4, listed([1, 0, 2, 3, 4]), "subgroup element 0"),
        (USERS, (), "no natural points.*cosets in one factor"),
        (NO_CUBE_POINTS, (), "no natural points"),
        (TWO_SETS, listed([1, 0]), "does not act faithfully.*permutations"),
    ],
)
def test_what_is_no_subgroup_is_refused(group, subgroup, said):
    with pytest.raises(SpecError, match=said):
        _ = Cosets(group, subgroup).shape


REGULAR = [(S4, 24), (A5, 60), (D6, 12), (B3, 48), (CUBE, 48), (USERS, 144), (WREATH, 48)]
REGULAR += [(cyclic(7), 7), (trivial(3), 1), (grid([2, 2], "p4m"), 32), (TWO_SETS, 4)]


@pytest.mark.parametrize(("group", "order"), REGULAR, ids=str)
def test_the_regular_action_multiplies_every_element_from_the_left(group, order):
    action = Regular(group)
    assert action.dimension == order and len(action.generators) == len(group.generators)
    elements = [tuple(row) for block in group.chain.elements() for row in block.tolist()]
    assert len(set(elements)) == order
    assert elements[0] == tuple(range(group.faithful_degree))
    place = {images: number for number, images in enumerate(elements)}
    for image, generator in zip(action.generators, group.faithful_images(), strict=True):
        times = generator.images.tolist()
        assert image.images.tolist() == [place[tuple(times[i] for i in row)] for row in elements]


@pytest.mark.parametrize(("group", "order"), [r for r in REGULAR if 1 < r[1] < 61], ids=str)
def test_the_regular_action_is_transitive_and_free(group, order):
    generators = oracle.signed(Regular(group))
    assert oracle.orbits(generators, order) == [list(range(order))]
    elements = oracle.closure(generators, generators)
    assert sorted(oracle.trace(g) for g, _ in elements) == [0] * (order - 1) + [order]


def test_an_endless_regular_action_has_a_dimension_and_no_list():
    action = Regular(symmetric(20))
    assert action.dimension == factorial(20)
    with limited_to(2**30), pytest.raises(TooLargeError, match="elements of S_20"):
        _ = action.generators
