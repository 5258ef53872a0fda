"""Wreath products are counted by structure: as brute force does where there are few points."""

from itertools import product
from math import comb

import pytest

from intertwine.action.action import SetAction, Trivial
from intertwine.action.structure import Tensor
from intertwine.group.named import alternating, cyclic, dihedral, symmetric
from intertwine.group.product import wreath
from intertwine.hom.rules import dimension
from intertwine.hom.stream import streamed_dimension
from intertwine.hom.wreath import wreath_dimension

SIDES = [("points",), ("tuples",), ("points", "points"), ("points", "tuples"), ()]
PAIRS = [
    (symmetric(2), symmetric(3)),
    (symmetric(3), symmetric(2)),
    (cyclic(3), symmetric(3)),
    (cyclic(2), cyclic(5)),
    (alternating(4), dihedral(4)),
    (dihedral(4), symmetric(1)),
    (symmetric(1), symmetric(4)),
    (wreath(symmetric(2), cyclic(3)), symmetric(2)),
    (cyclic(2), wreath(symmetric(2), symmetric(2))),
]


def made(group, names):
    parts = tuple(SetAction(group, name) for name in names)
    return Tensor(group, parts) if parts else Trivial(group)


@pytest.mark.parametrize(("base", "top"), PAIRS, ids=str)
def test_structure_counts_what_orbits_count(base, top):
    group, compared = wreath(base, top), 0
    for names, others in product(SIDES, repeat=2):
        source, target = made(group, names), made(group, others)
        if source.dimension * target.dimension > 100_000:
            continue
        counted = wreath_dimension(source, target, dimension)
        if counted is None:
            assert "tuples" in (*names, *others), "only the product action needs a symmetric top"
            continue
        compared += 1
        assert counted == streamed_dimension(source, target), (group, source, target)
    assert compared >= 9


def test_wreath_products_of_any_size():
    large = SetAction(wreath(symmetric(1000), symmetric(1000)), "points")
    assert dimension(large, large) == 3, "one point, one block, two blocks"
    ring = SetAction(wreath(cyclic(2), cyclic(100_000)), "points")
    assert dimension(ring, ring) == 100_001, "two in a block, and a pair at each distance"
    cube = SetAction(wreath(symmetric(2), symmetric(25)), "tuples")
    assert dimension(cube, cube) == 26, "Hamming distances"
    words = SetAction(wreath(cyclic(4), symmetric(200)), "tuples")
    assert dimension(words, words) == comb(4 + 199, 200), "how often each difference occurs"
