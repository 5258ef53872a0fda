"""Contingency tables count what orbits of stabilizers, and brute force, count."""

import random
from math import comb

import pytest

from intertwine.action.action import SetAction, Trivial, Unsigned
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.errors import TooLargeError
from intertwine.group.group import Group, GSet
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, cyclic, hyperoctahedral, symmetric
from intertwine.hom.stream import streamed_dimension
from intertwine.hom.tables import table_dimension
from tests import oracle

FAMILIES = {"S": symmetric, "A": alternating, "B": hyperoctahedral}


def random_action(dice, group, depth=1):
    """Any construction that tables know over the points, or the axes, of a group."""
    names = ["points", "axes"] if "axes" in group.sets else ["points"]
    base = SetAction(group, dice.choice(names))
    size = dice.randint(0, 3)
    makers = [
        lambda: Trivial(group, dice.randint(1, 3)),
        lambda: Sign(group),
        lambda: base,
        lambda: ExteriorPower(group, base, min(size, base.dimension)),
        lambda: SymmetricPower(group, base, size),
        lambda: SymmetricPower(group, Sum(group, (base, Trivial(group, 2), base)), min(size, 2)),
    ]
    if names == ["points"]:
        makers.append(lambda: Subsets(group, base, min(size, base.dimension)))
        makers.append(lambda: Injections(group, base, min(size, base.dimension)))
    else:
        makers.append(lambda: Unsigned(group, SetAction(group, "axes")))
    if depth:
        for kind in (Tensor, Sum):
            parts = [random_action(dice, group, depth - 1) for _ in "st"]
            makers.append(lambda kind=kind, parts=parts: kind(group, tuple(parts)))
    return dice.choice(makers)()


@pytest.mark.parametrize("family", FAMILIES)
def test_tables_count_what_orbits_count(family):
    dice, compared = random.Random(7), 0
    while compared < 150:
        group = FAMILIES[family](dice.randint(1, 3 if family == "B" else 5))
        source, target = random_action(dice, group), random_action(dice, group)
        if not 0 < source.dimension * target.dimension < 4000:
            continue
        compared += 1
        expected = streamed_dimension(source, target)
        assert table_dimension(source, target) == expected, (group, source, target)


@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5])
def test_tables_count_what_the_oracle_sees(degree):
    points = SetAction(symmetric(degree), "points")
    sides = [
        ExteriorPower(points.group, points, min(2, degree)),
        Tensor(points.group, (points,) * 2),
    ]
    for source in sides:
        for target in sides:
            images = oracle.signed(target), oracle.signed(source)
            codes = oracle.orbital_codes(*images, target.dimension, source.dimension)
            assert table_dimension(source, target) == int(codes.max(initial=0))


def test_subsets_meet_in_as_many_points_as_they_can():
    """Johnson's schemes: pairs of k-subsets are known by the size of their intersection."""
    points = SetAction(symmetric(100), "points")
    halves, thirds = (Subsets(points.group, points, size) for size in (50, 33))
    assert table_dimension(halves, halves) == 51
    assert table_dimension(halves, thirds) == 34
    assert table_dimension(Trivial(points.group), halves) == 1


def test_wedges_are_two_irreducibles():
    """The k-th wedge of the points is that of the standard representation, and the one before."""
    points = SetAction(symmetric(26), "points")
    wedges = [ExteriorPower(points.group, points, size) for size in (12, 13, 14)]
    assert [table_dimension(wedges[1], other) for other in wedges] == [1, 2, 1]
    even = SetAction(alternating(26), "points")
    middle = ExteriorPower(even.group, even, 13)
    assert table_dimension(middle, middle) == 4, "wedges 12 and 13 of 25 are equal up to the parity"


def test_standard_is_the_points_less_a_constant():
    points = SetAction(symmetric(1000), "points")
    standard = Standard(points.group, points)
    assert table_dimension(standard, points) == table_dimension(standard, standard) == 1
    assert table_dimension(standard, Trivial(points.group)) == 0
    cubes = SymmetricPower(points.group, standard, 3)
    assert table_dimension(cubes, Trivial(points.group)) == 1, "the sum of cubes, and no other"


@pytest.mark.parametrize("degree", [2, 3, 4, 5])
@pytest.mark.parametrize("named", [symmetric, alternating])
def test_standard_alone_in_sums_and_in_products(named, degree):
    group = named(degree)
    points, sign = SetAction(group, "points"), Sign(group)
    standard = Standard(group, points)
    sides = [Trivial(group), sign, points, standard, Sum(group, (standard, points, standard))]
    sides += [Tensor(group, (standard, standard)), Tensor(group, (sign, standard))]
    for source in sides:
        for target in sides[:5]:
            expected = oracle.matrix_nullspace(source, target)
            assert table_dimension(source, target) == expected, (source, target)


def test_standard_of_an_alternating_group_is_irreducible_but_for_the_triangle():
    for degree, dimension in ((3, 2), (4, 1), (5, 1), (100, 1)):
        group = alternating(degree)
        points = SetAction(group, "points")
        standard = Standard(group, points)
        assert table_dimension(standard, standard) == table_dimension(points, standard) == dimension
        assert table_dimension(Trivial(group), standard) == 0


def test_signed_permutations_of_axes():
    axes = SetAction(hyperoctahedral(24), "axes")
    wedges = [ExteriorPower(axes.group, axes, size) for size in (11, 12)]
    assert table_dimension(wedges[1], axes) == 0, "-1 acts with -1"
    assert table_dimension(wedges[1], wedges[1]) == 1, "irreducible"
    assert table_dimension(wedges[0], wedges[1]) == 0
    monomials = SymmetricPower(axes.group, axes, 8)
    assert table_dimension(Trivial(axes.group), monomials) == 5, "partitions of 4, doubled"


def test_a_giant_by_generators_is_counted_by_tables():
    named = symmetric(40).sets["points"]
    group = Group("<a, b>", ("a", "b"), {"points": named}, natural="points")
    halves = Subsets(group, SetAction(group, "points"), 20)
    assert halves.dimension == comb(40, 20)
    assert table_dimension(halves, halves) == 21


@pytest.mark.parametrize("group", [mathieu(11), cyclic(9)], ids=str)
def test_other_groups_have_no_tables(group):
    points = SetAction(group, "points")
    assert table_dimension(points, points) is None


def test_what_is_not_made_of_marked_points_is_left_to_others():
    points = SetAction(symmetric(6), "points")
    pairs = Subsets(points.group, points, 2)
    graphs = Subsets(points.group, pairs, 3)
    assert table_dimension(graphs, points) is None
    signs = GSet("axes", (2,), hyperoctahedral(2).sets["axes"].make, signed=True)
    assert table_dimension(*[SetAction(Group("g", ("a",), {"axes": signs}), "axes")] * 2) is None


def test_too_many_tables_are_refused_before_they_are_counted():
    points = SetAction(symmetric(4000), "points")
    parts = tuple(Subsets(points.group, points, 800) for _ in range(2))
    with pytest.raises(TooLargeError, match=r"tables .* would take about .* years.*--time"):
        table_dimension(Tensor(points.group, parts), Tensor(points.group, parts))
