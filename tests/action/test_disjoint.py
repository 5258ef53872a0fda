"""Groups whose generators move disjoint points are counted as direct products."""

import random

import pytest

from intertwine.action.action import SetAction, Trivial
from intertwine.action.disjoint import split_pair
from intertwine.action.structure import Sum, Tensor
from intertwine.group.group import Group, GSet
from intertwine.group.named import cyclic, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.rules import dimension
from intertwine.hom.stream import streamed_dimension


def side_by_side(dice, degrees, spare):
    """Random permutations of disjoint sets of points, the points of all sets shuffled."""
    total = sum(degrees) + spare
    shuffled = dice.sample(range(total), total)
    images, start = [], 0
    for degree in degrees:
        own = shuffled[start : start + degree]
        start += degree
        for _ in range(dice.randint(1, 2)):
            moved = list(range(total))
            for here, there in zip(own, dice.sample(own, degree), strict=True):
                moved[here] = there
            images.append(SignedPermutation.of(moved))
    names = tuple(f"g{number}" for number in range(len(images)))
    points = GSet("points", (total,), lambda: tuple(images))
    return Group("several", names, {"points": points}, natural="points")


def test_split_pairs_have_the_same_dimension():
    dice, split = random.Random(3), 0
    for _ in range(30):
        degrees = [dice.randint(2, 5) for _ in range(dice.randint(1, 4))]
        group = side_by_side(dice, degrees, dice.randint(0, 2))
        points = SetAction(group, "points")
        pairs = Tensor(group, (points, points))
        mixed = Sum(group, (points, Trivial(group, 2)))
        for source, target in ((points, points), (Trivial(group), pairs), (mixed, pairs)):
            apart = split_pair(source, target)
            if apart is None:
                continue
            split += 1
            assert [side.dimension for side in apart] == [source.dimension, target.dimension]
            assert dimension(*apart) == streamed_dimension(source, target)
    assert split > 40


@pytest.mark.parametrize("group", [symmetric(6), cyclic(7)], ids=str)
def test_a_transitive_group_is_no_product(group):
    points = SetAction(group, "points")
    assert split_pair(points, points) is None


def test_a_set_on_which_the_classes_meet_is_not_split():
    """Edges of a complete bipartite graph: each side's group moves all of them."""
    rows, columns = [3, 4, 5, 0, 1, 2], [1, 0, 2, 4, 3, 5]
    apart = ([1, 0, 2, 3, 4], [0, 1, 3, 2, 4])
    sets = {
        "vertices": GSet("vertices", (5,), lambda: tuple(map(SignedPermutation.of, apart))),
        "edges": GSet("edges", (6,), lambda: tuple(map(SignedPermutation.of, (rows, columns)))),
    }
    group = Group("g", ("a", "b"), sets, natural="vertices", faithful_on=("vertices",))
    assert split_pair(SetAction(group, "vertices"), Trivial(group)) is not None
    assert split_pair(SetAction(group, "vertices"), SetAction(group, "edges")) is None


def test_thousands_of_points_that_two_classes_share():
    large, small = symmetric(5998).sets["points"].images, symmetric(3).sets["points"].images
    images = [
        *(SignedPermutation.of([*g.images.tolist(), 5998, 5999, 6000]) for g in large),
        *(SignedPermutation.of([*range(5998), *(5998 + g.images).tolist()]) for g in small),
    ]
    points = GSet("points", (6001,), lambda: tuple(images))
    group = Group("g", tuple("abcd"), {"points": points}, natural="points")
    both = SetAction(group, "points")
    assert dimension(both, both) == 2 + 2 + 2
