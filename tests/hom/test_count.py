"""Counting without a basis: every way of counting gives what the basis has."""

import time
from math import comb, factorial

import pytest

import intertwine
from intertwine.action.action import Declared, SetAction, Trivial
from intertwine.action.homogeneous import Regular
from intertwine.action.stable import stable_pair
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.group.group import Group
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, hyperoctahedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.hom import count as counting
from intertwine.hom import stream
from intertwine.hom.count import stabilizer_count
from intertwine.hom.orbital import Effort
from intertwine.hom.rules import dimension
from intertwine.hom.stream import streamed_dimension
from tests import oracle
from tests.catalogue import CASES, built, smaller_than

SMALL = smaller_than(100_000)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts_are_the_published_numbers(case):
    counted = intertwine.count(case.spec)
    assert (counted.dimension, counted.bias_dimension) == (case.dimension, case.bias)
    assert str(counted) == f"{case.name}: dimension {case.dimension}, bias {case.bias}"


@pytest.mark.parametrize("case", SMALL, ids=str)
def test_every_way_of_counting(case):
    source, target = built(case.name).source, built(case.name).target
    assert dimension(source, target) == case.dimension
    assert streamed_dimension(source, target) == case.dimension
    assert stabilizer_count(target.factors() + source.factors()) == case.dimension
    assert stabilizer_count((target, source)) == case.dimension


@pytest.mark.parametrize("effort", [Effort(0, 0), Effort(0, 1), Effort(2, 1)], ids=str)
@pytest.mark.parametrize("case", smaller_than(10_000), ids=str)
def test_streamed_counts_do_not_depend_on_luck(case, effort):
    source, target = built(case.name).source, built(case.name).target
    assert streamed_dimension(source, target, effort) == case.dimension


@pytest.mark.parametrize("kept", [1, 100, 2000])
@pytest.mark.parametrize("case", smaller_than(10_000), ids=str)
def test_streamed_counts_do_not_depend_on_how_many_rows_are_kept(case, kept, monkeypatch):
    monkeypatch.setattr(stream, "_KEPT_ENTRIES", kept)
    source, target = built(case.name).source, built(case.name).target
    assert streamed_dimension(source, target, Effort(1, 1)) == case.dimension


def test_the_streamed_closing_test_is_needed_and_done(monkeypatch):
    """With no random elements and no closing test every entry of a row would be free."""
    points = power(SetAction(symmetric(4), "points"), 2)
    assert streamed_dimension(points, points, Effort(0, 0)) == 15
    monkeypatch.setattr(stream.Quotient, "tie", lambda self, here, there: None)
    assert streamed_dimension(points, points, Effort(0, 0)) == 2 * 16


@pytest.mark.parametrize("case", smaller_than(600), ids=str)
def test_counts_are_the_oracle_s(case):
    source, target = built(case.name).source, built(case.name).target
    sides = oracle.signed(target), oracle.signed(source)
    expected = oracle.orbital_codes(*sides, target.dimension, source.dimension)
    assert stabilizer_count((target, source)) == int(expected.max(initial=0))


@pytest.mark.parametrize("case", [c for c in smaller_than(5000) if c.order <= 150], ids=str)
def test_counts_are_inner_products_of_characters(case):
    source, target = built(case.name).source, built(case.name).target
    if not source.group.generators:
        assert stabilizer_count((target, source)) == case.entries
        return
    sides = oracle.signed(target), oracle.signed(source)
    assert stabilizer_count((target, source)) == oracle.character_dimension(*sides)


B3 = hyperoctahedral(3)
AXES, CORNERS = SetAction(B3, "axes"), SetAction(B3, "points")


@pytest.mark.parametrize(
    "factors",
    [
        (AXES, AXES),
        (AXES, AXES, AXES, AXES),
        (AXES, CORNERS),
        (CORNERS, CORNERS, AXES, AXES),
        (AXES, AXES, CORNERS, AXES),
        (ExteriorPower(B3, AXES, 2), AXES, CORNERS),
        (ExteriorPower(B3, AXES, 3), AXES, AXES, AXES),
        (SymmetricPower(B3, AXES, 2), SymmetricPower(B3, AXES, 2)),
        (AXES, Trivial(B3, 2), AXES),
        (Sum(B3, (AXES, CORNERS)), CORNERS),
    ],
    ids=lambda factors: " ".join(map(str, factors)),
)
def test_signed_stabilizers(factors):
    """The character of a stabilizer on chosen points counts, wherever the signs stand."""
    whole = Tensor(B3, factors)
    unit = [([0], [1])] * len(B3.generators)
    codes = oracle.orbital_codes(oracle.signed(whole), unit, whole.dimension, 1)
    for order in (factors, factors[::-1]):
        assert stabilizer_count(order) == int(codes.max(initial=0))


def test_no_factors_are_one_point():
    assert stabilizer_count(()) == 1
    assert dimension(Trivial(B3), Trivial(B3)) == 1


def triples_and_pairs(group):
    points = SetAction(group, "points")
    return power(points, 3), Injections(group, points, 2)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (*(power(SetAction(symmetric(1000), "points"), 3) for _ in "st"), 203),
        (*(Subsets(g, SetAction(g, "points"), 3) for g in [symmetric(1000)] for _ in "st"), 4),
        (*(ExteriorPower(g, SetAction(g, "points"), 4) for g in [symmetric(200)] for _ in "st"), 2),
        (*(SymmetricPower(g, SetAction(g, "points"), 2) for g in [alternating(90)] for _ in "st"),
         9),
        (*triples_and_pairs(symmetric(500)), 37),
        (*triples_and_pairs(alternating(500)), 37),
    ],
    ids=["triples", "subsets", "wedges", "monomials", "mixed", "mixed_even"],
)  # fmt: skip
def test_large_symmetric_groups_are_counted_at_once(source, target, expected):
    """37: a partition of the triple, and a partial matching of its blocks with the pair's entries.

    One block 3 ways: 1 + 2 = 3 matchings each 1 partition; two blocks 1 + 4 + 2 = 7 for 3
    partitions; three blocks 1 + 6 + 6 = 13 for 1: 3 + 21 + 13.
    """
    started = time.perf_counter()
    assert dimension(source, target) == expected
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("degree", [6, 7, 9, 12])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_johnson_schemes_by_stabilizers(degree, size):
    group = symmetric(degree)
    subsets = Subsets(group, SetAction(group, "points"), size)
    assert stabilizer_count((subsets, subsets)) == min(size, degree - size) + 1
    words = Injections(group, SetAction(group, "points"), size)
    expected = sum(comb(size, j) ** 2 * factorial(j) for j in range(size + 1))
    assert dimension(words, words) == expected


def test_mathieu_by_stabilizers():
    points = SetAction(mathieu(24), "points")
    assert stabilizer_count((points,) * 5) == oracle.bell(5)
    assert stabilizer_count((points,) * 6) == oracle.bell(6) + 1, "two orbits of 6-tuples"


def test_an_order_that_would_cost_more_than_the_closing_test_is_not_computed():
    group = Group("<a, b>", ("a", "b"), {})
    points = Declared(group, SetAction(symmetric(400), "points").generators)
    assert not counting.order_is_cheap(points, points)
    started = time.perf_counter()
    assert dimension(points, points) == 2
    assert time.perf_counter() - started < 10


def test_the_order_counts_the_points_of_both_sides():
    """A bias has a source without points: its target's must be weighed all the same."""
    group = Group("<a>", ("a",), {})
    large = Declared(group, (SignedPermutation.of([*range(1, 400), 0]),))
    small = Declared(group, (SignedPermutation.of([1, 0]),))
    assert counting.order_is_cheap(small, small)
    assert not counting.order_is_cheap(Trivial(group), large)
    assert not counting.order_is_cheap(large, Trivial(group, 10))


def test_regular_actions_leave_every_stabilizer_trivial():
    group = hyperoctahedral(3)
    axes, regular = SetAction(group, "axes"), Regular(group)
    assert dimension(axes, regular) == 3
    assert dimension(Tensor(group, (axes, axes)), Tensor(group, (axes, regular))) == 27
    assert dimension(regular, regular) == 48
    assert streamed_dimension(axes, regular) == stabilizer_count((axes, regular)) == 3


@pytest.mark.parametrize(
    "construct",
    [
        lambda points: Subsets(points.group, points, 2),
        lambda points: Injections(points.group, points, 2),
        lambda points: ExteriorPower(points.group, points, 2),
        lambda points: SymmetricPower(points.group, points, 2),
        lambda points: Sum(points.group, (points, power(points, 2))),
        lambda points: Subsets(points.group, Sum(points.group, (points, points)), 2),
        lambda points: ExteriorPower(points.group, Subsets(points.group, points, 1), 2),
        lambda points: power(points, 2),
        lambda points: points,
    ],
)
@pytest.mark.parametrize("make", [symmetric, alternating])
def test_stability_is_what_the_oracle_sees(construct, make):
    """The smaller problem has the dimension of the larger one, signs and all."""
    sizes = range(4, 8)
    for degree in sizes:
        points = SetAction(make(degree), "points")
        source, target = construct(points), points
        smaller = stable_pair(source, target)
        sides = oracle.signed(target), oracle.signed(source)
        codes = oracle.orbital_codes(*sides, target.dimension, source.dimension)
        assert dimension(source, target) == int(codes.max(initial=0))
        if smaller is None:
            continue
        small_source, small_target = smaller
        assert small_source.dimension < source.dimension
        sides = oracle.signed(small_target), oracle.signed(small_source)
        fewer = oracle.orbital_codes(*sides, small_target.dimension, small_source.dimension)
        assert int(fewer.max(initial=0)) == int(codes.max(initial=0))


def test_stability_needs_enough_transitivity():
    points = SetAction(alternating(5), "points")
    assert stable_pair(power(points, 2), points) is not None
    assert stable_pair(power(points, 2), power(points, 2)) is None, "A_5 is 3-transitive only"
    assert stable_pair(AXES, AXES) is None and stable_pair(CORNERS, CORNERS) is None
    five = SetAction(symmetric(3), "points")
    assert stable_pair(power(five, 2), five) is None, "nothing smaller is left"


def test_expectations_are_held_against_counts():
    spec = {**CASES[0].spec, "expect": {"dimension": 3}}
    with pytest.raises(intertwine.SpecError, match=r"expect.dimension.*given 3; expected 2"):
        intertwine.count(spec)
    with pytest.raises(intertwine.SpecError, match=r"expect.bias_dimension.*given 2; expected 1"):
        intertwine.count({**CASES[0].spec, "expect": {"bias_dimension": 2}})
