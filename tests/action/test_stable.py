"""Counting over few points: the small problem against the large one, counted slowly."""

from itertools import combinations, permutations
from math import comb, factorial

import pytest

from intertwine.action.action import SetAction, Trivial
from intertwine.action.character import class_inner_product
from intertwine.action.homogeneous import Regular
from intertwine.action.sign import Sign
from intertwine.action.stable import stable_pair, support
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, cyclic, dihedral, symmetric, trivial
from intertwine.group.permutation import SignedPermutation
from tests import oracle
from tests.action.samples import AXES, LIFTED, S4, USERS, points

FUNCTORS = {
    "trivial": (lambda x: Trivial(x.group, 2), 0),
    "points": (lambda x: x, 1),
    "pairs": (lambda x: power(x, 2), 2),
    "subsets": (lambda x: Subsets(x.group, x, 2), 2),
    "injections": (lambda x: Injections(x.group, x, 2), 2),
    "symmetric square": (lambda x: SymmetricPower(x.group, x, 2), 2),
    "exterior square": (lambda x: ExteriorPower(x.group, x, 2), 2),
    "sum": (lambda x: Sum(x.group, (x, Trivial(x.group), Injections(x.group, x, 2))), 2),
    "tensor": (lambda x: Tensor(x.group, (x, Sum(x.group, (x, Trivial(x.group, 2))))), 2),
    "fields": (lambda x: Sum(x.group, (x, power(x, 2)), ("node", "edge")), 2),
    "wedge of a sum": (lambda x: ExteriorPower(x.group, Sum(x.group, (x, x)), 2), 2),
    "subsets of subsets": (lambda x: Subsets(x.group, Subsets(x.group, x, 2), 1), 2),
    "wedge of subsets": (lambda x: ExteriorPower(x.group, Subsets(x.group, x, 1), 2), 2),
}
CUBES = {
    "cubes": (lambda x: power(x, 3), 3),
    "triples": (lambda x: Subsets(x.group, x, 3), 3),
    "exterior cube": (lambda x: ExteriorPower(x.group, x, 3), 3),
    "wedge times points": (lambda x: Tensor(x.group, (ExteriorPower(x.group, x, 2), x)), 3),
}
ALL = {**FUNCTORS, **CUBES}


@pytest.mark.parametrize("name", [*ALL, "sign", "regular"])
def test_the_support_bounds_the_points_that_must_be_fixed_to_fix_a_point(name):
    """By brute force: the fewest natural points whose fixing fixes the point, sign and all."""
    natural = points(S4)
    if name in ("sign", "regular"):
        assert support(Sign(S4)) is None is support(Regular(S4))
        return
    functor, expected = ALL[name]
    action = functor(natural)
    assert support(action) == expected
    elements = [
        (p, action.evaluate({natural: SignedPermutation.of(p)})) for p in permutations(range(4))
    ]

    def needed(point):
        for size in range(5):
            for held in combinations(range(4), size):
                fixing = [g for p, g in elements if all(p[i] == i for i in held)]
                if all(
                    g.images[point] == point and (g.signs is None or g.signs[point] == 1)
                    for g in fixing
                ):
                    return size
        raise AssertionError("the identity fixes every point")

    assert max(needed(point) for point in range(action.dimension)) <= expected


@pytest.mark.parametrize("first", FUNCTORS)
@pytest.mark.parametrize("second", [*FUNCTORS])
def test_the_smaller_problem_has_the_dimension_of_the_larger(first, second):
    """Sums over conjugacy classes of S_6 and S_8 against orbitals of the small pair."""
    for degree in (6, 8):
        natural = points(symmetric(degree))
        source, target = FUNCTORS[first][0](natural), FUNCTORS[second][0](natural)
        smaller = stable_pair(source, target)
        needed = max(1, FUNCTORS[first][1] + FUNCTORS[second][1])
        assert [str(side.group) for side in smaller] == [f"S_{needed}"] * 2
        assert smaller[0].group is smaller[1].group
        slow = oracle.orbital_codes(
            oracle.signed(smaller[1]),
            oracle.signed(smaller[0]),
            smaller[1].dimension,
            smaller[0].dimension,
        )
        assert slow.max(initial=0) == class_inner_product(source, target)[0]


@pytest.mark.parametrize(("group", "least"), [(alternating, 5), (symmetric, 4)])
@pytest.mark.parametrize("second", ["points", "exterior square", "subsets", "trivial"])
@pytest.mark.parametrize("first", ["points", "exterior square", "injections"])
def test_alternating_groups_are_stable_as_soon_as_they_are_transitive(first, second, group, least):
    for degree in range(least, 7):
        natural = points(group(degree))
        source, target = FUNCTORS[first][0](natural), FUNCTORS[second][0](natural)
        smaller = stable_pair(source, target)
        needed = FUNCTORS[first][1] + FUNCTORS[second][1]
        if needed >= degree or needed > degree - (2 if group is alternating else 0):
            assert smaller is None
            continue
        sides = ((target, source), smaller[::-1])
        counts = [
            oracle.orbital_codes(oracle.signed(t), oracle.signed(s), t.dimension, s.dimension).max(
                initial=0
            )
            for t, s in sides
        ]
        assert counts[0] == counts[1]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_known_dimensions_come_from_the_small_problem_alone(k):
    """Maron: Bell(2k). Johnson schemes: k + 1. Partial matchings: sum of C(k, j)^2 j!."""
    natural = points(symmetric(1000))
    expected = {
        power(natural, k): oracle.bell(2 * k),
        Subsets(natural.group, natural, k): k + 1,
        Injections(natural.group, natural, k): sum(
            comb(k, j) ** 2 * factorial(j) for j in range(k + 1)
        ),
        ExteriorPower(natural.group, natural, k): 2,
    }
    for action, dimension in expected.items():
        source, target = stable_pair(action, action)
        assert source.group.order == factorial(2 * k)
        assert class_inner_product(source, target)[0] == dimension


def test_a_multiply_transitive_group_looks_like_a_symmetric_one():
    """M_24 is 5-transitive, M_11 4-transitive, and M_11 no more: 5 points are not enough."""
    large, small = points(mathieu(24)), points(mathieu(11))
    source, target = stable_pair(power(large, 2), Subsets(large.group, large, 3))
    assert str(source.group) == "S_5"
    assert class_inner_product(source, target)[0] == 2 + 4, "i = j or not, in or out"
    assert stable_pair(power(small, 2), power(small, 2)) is not None
    assert stable_pair(power(small, 2), Subsets(small.group, small, 3)) is None


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (power(points(S4), 2), power(points(S4), 2)),
        (Sign(S4), points(S4)),
        (points(S4), Sum(S4, (points(S4), Sign(S4)))),
        (Tensor(S4, (points(S4), Regular(S4))), Trivial(S4)),
        (Subsets(S4, Regular(S4), 1), Trivial(S4)),
        (points(cyclic(9)), points(cyclic(9))),
        (points(dihedral(9)), points(dihedral(9))),
        (points(trivial(3)), points(trivial(3))),
        (AXES, Trivial(AXES.group)),
        (LIFTED["users"], Trivial(USERS)),
        (SetAction(AXES.group, "points"), AXES),
    ],
    ids=str,
)
def test_nothing_is_claimed_of_other_actions(source, target):
    assert stable_pair(source, target) is None
    assert stable_pair(target, source) is None


def test_structure_survives():
    natural = points(symmetric(9))
    fields = FUNCTORS["fields"][0](natural)
    source, target = stable_pair(fields, Trivial(natural.group, 7))
    assert str(source) == str(fields) and source.fields == ("node", "edge")
    assert source.shape == (2 + 4,) and target.dimension == 7
    assert target.group is source.group and str(target) == "trivial(7)"
