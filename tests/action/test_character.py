"""Characters and orbit counts against sums over all elements, and against the literature."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations
from math import comb, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.action.action import SetAction, Trivial
from intertwine.action.character import (
    burnside_inner_product,
    class_count,
    class_inner_product,
    cycle_types,
    is_symmetric_power,
)
from intertwine.action.homogeneous import Regular
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, cyclic, hyperoctahedral, symmetric, trivial
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import wreath
from tests import oracle
from tests.action.samples import A5, AXES, LIFTED, NAMED, S4, USERS, declared, points

# The numbers of partitions: OEIS A000041.
PARTITIONS = [1, 1, 2, 3, 5, 7, 11, 15, 22, 30, 42, 56, 77, 101, 135, 176, 231, 297, 385, 490, 627]


def cycle_type(images):
    left, lengths = set(range(len(images))), []
    while left:
        point, length = left.pop(), 1
        while images[point] in left:
            point, length = images[point], length + 1
            left.remove(point)
        lengths.append(length)
    return tuple(sorted(lengths, reverse=True))


@pytest.mark.parametrize("degree", range(1, 8))
def test_cycle_types_are_those_of_all_permutations_in_decreasing_order(degree):
    found = {cycle_type(images) for images in permutations(range(degree))}
    assert list(cycle_types(degree)) == sorted(found, reverse=True)


def test_there_are_as_many_classes_as_partitions():
    assert [class_count(degree) for degree in range(21)] == PARTITIONS
    assert [len(list(cycle_types(degree))) for degree in range(21)] == PARTITIONS
    assert class_count(200) == 3972999029388, "MacMahon"


FUNCTORS = {
    "points": lambda x: x,
    "pairs": lambda x: power(x, 2),
    "subsets": lambda x: Subsets(x.group, x, 2),
    "injections": lambda x: Injections(x.group, x, 2),
    "symmetric square": lambda x: SymmetricPower(x.group, x, 2),
    "exterior square": lambda x: ExteriorPower(x.group, x, 2),
    "subsets of subsets": lambda x: Subsets(x.group, Subsets(x.group, x, 2), 1),
    "sum": lambda x: Sum(x.group, (x, Trivial(x.group, 2), ExteriorPower(x.group, x, 1))),
}


@pytest.mark.parametrize("degree", [2, 3, 4])
@pytest.mark.parametrize("first", FUNCTORS)
def test_the_sum_over_classes_is_the_sum_over_elements(first, degree):
    natural = points(symmetric(degree))
    source = FUNCTORS[first](natural)
    for target in (functor(natural) for functor in FUNCTORS.values()):
        elements = oracle.closure(oracle.signed(target), oracle.signed(source))
        total = sum(oracle.trace(t) * oracle.trace(s) for t, s in elements)
        expected = Fraction(total, len(elements))
        assert class_inner_product(source, target) == (expected, PARTITIONS[degree])
        assert burnside_inner_product(source, target) == (expected, len(elements))


@settings(max_examples=60, deadline=None)
@given(declared(most=3))
def test_the_sum_over_elements_is_the_oracles_for_random_signs(pair):
    source, target = pair
    sides = oracle.signed(target), oracle.signed(source)
    expected = oracle.character_dimension(*sides), len(oracle.closure(*sides))
    assert burnside_inner_product(source, target) == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6).flatmap(lambda n: st.permutations(range(n))), st.data())
def test_characters_of_powers_are_read_off_the_cycles(images, data):
    """The traces of all Sym^k and Lambda^k are the coefficients of 1 / det(1 - tg) and det(1 + tg).

    A cycle of length l whose signs multiply to s contributes 1 - s t^l (Molien).
    """
    degree = len(images)
    signs = data.draw(st.lists(st.sampled_from([1, -1]), min_size=degree, max_size=degree))
    g = SignedPermutation.of(images, signs)
    base = SetAction(hyperoctahedral(degree), "axes")
    wedges, monomials = [1] + [0] * 4, [1] + [0] * 4
    left = set(range(degree))
    while left:
        start = point = min(left)
        length, sign = 0, 1
        while point in left:
            left.remove(point)
            length, sign, point = length + 1, sign * signs[point], images[point]
        assert point == start
        coefficient = -sign * (-1) ** length
        wedges = [
            w + (coefficient * wedges[k - length] if k >= length else 0)
            for k, w in enumerate(wedges)
        ]
        for k in range(length, 5):
            monomials[k] += sign * monomials[k - length]
    for k in range(5):
        assert SymmetricPower(base.group, base, k).character({base: g}) == monomials[k]
        if k <= degree:
            assert ExteriorPower(base.group, base, k).character({base: g}) == wedges[k]


@pytest.mark.parametrize("name", [n for n, (_, order) in NAMED.items() if order < 200])
def test_burnsides_lemma_counts_orbits(name):
    action, order = NAMED[name]
    counted, elements = burnside_inner_product(Trivial(action.group), action)
    orbits = oracle.orbits(oracle.signed(action), action.dimension)
    if all(sign == 1 for _, signs in oracle.signed(action) for sign in signs):
        assert counted == len(orbits)
    assert counted <= len(orbits) and order % elements == 0


def test_necklaces_bracelets_and_cubes_are_counted_as_in_the_literature():
    """Binary necklaces are OEIS A000031; two-coloured cubes and graphs are Polya's."""
    for beads, necklaces in zip(range(1, 9), [2, 3, 4, 6, 8, 14, 20, 36], strict=True):
        group = wreath(trivial(2), cyclic(beads))
        rows = SetAction(group, "tuples")
        assert burnside_inner_product(Trivial(group), rows) == (necklaces, beads)
    turns = polyhedron("cube", reflections=False)
    for name, count, colourings in (("vertices", 8, 23), ("edges", 12, 218), ("faces", 6, 10)):
        base = SetAction(turns, name)
        patterns = (Subsets(turns, base, k) for k in range(count + 1))
        found = [burnside_inner_product(Trivial(turns), pattern) for pattern in patterns]
        assert sum(orbits for orbits, _ in found) == colourings


@pytest.mark.parametrize(("vertices", "graphs"), [(2, 2), (3, 4), (4, 11), (5, 34)])
def test_graphs_up_to_isomorphism_are_oeis_a000088(vertices, graphs):
    natural = points(symmetric(vertices))
    edges = Subsets(natural.group, natural, 2)
    sets = [Subsets(natural.group, edges, k) for k in range(comb(vertices, 2) + 1)]
    assert sum(class_inner_product(Trivial(natural.group), x)[0] for x in sets) == graphs


def test_known_inner_products_of_symmetric_groups():
    """Bell numbers, Johnson schemes (k + 1), and the two irreducible parts of a wedge."""
    natural = points(symmetric(8))
    group = natural.group
    bell = [class_inner_product(power(natural, k), natural)[0] for k in range(1, 4)]
    assert bell == [oracle.bell(k + 1) for k in range(1, 4)] == [2, 5, 15]
    for k in range(1, 5):
        subsets, wedge = Subsets(group, natural, k), ExteriorPower(group, natural, k)
        assert class_inner_product(subsets, subsets)[0] == k + 1
        assert class_inner_product(wedge, wedge)[0] == 2
        assert class_inner_product(Trivial(group), subsets)[0] == 1
        multisets = SymmetricPower(group, natural, k)
        assert class_inner_product(Trivial(group), multisets)[0] == PARTITIONS[k]


def test_a_regular_action_holds_every_action_as_often_as_its_dimension():
    for group in (S4, A5):
        for action in (points(group), Sum(group, (points(group), Trivial(group, 2)))):
            found = burnside_inner_product(Regular(group), action)
            assert found == (action.dimension, group.order)


def test_elements_that_an_action_does_not_see_are_not_counted_twice():
    assert burnside_inner_product(Sign(S4), Sign(S4)) == (1, 2)
    assert burnside_inner_product(Sign(S4), Trivial(S4)) == (0, 2)
    users, movies = LIFTED["users"], LIFTED["movies"]
    assert burnside_inner_product(users, users) == (2, 6)
    assert burnside_inner_product(users, movies) == (1, 144)
    both = Tensor(USERS, (users, movies))
    assert burnside_inner_product(both, both) == (4, 144), "Hartford: 2^2"
    three = points(trivial(3))
    assert burnside_inner_product(three, three) == (9, 1)


def test_too_many_elements_are_not_added_up():
    """M_24 and S_12 have more than ten million; M_11 is 4-transitive, so that pairs see Bell(4)."""
    for group in (mathieu(24), symmetric(12)):
        assert burnside_inner_product(points(group), points(group)) is None
    pairs = power(points(mathieu(11)), 2)
    assert burnside_inner_product(pairs, pairs) == (oracle.bell(4), 7920)


def test_only_natural_points_of_a_full_symmetric_group_have_classes_of_cycle_types():
    natural = points(S4)
    assert is_symmetric_power([natural, power(natural, 3), ExteriorPower(S4, natural, 2)])
    assert is_symmetric_power([Trivial(S4), Subsets(S4, natural, 2)])
    assert not is_symmetric_power([natural, Sign(S4)])
    assert not is_symmetric_power([natural, Sum(S4, (natural, Regular(S4)))])
    assert not is_symmetric_power([points(alternating(4))])
    assert not is_symmetric_power([AXES]) and not is_symmetric_power([points(AXES.group)])
    assert not is_symmetric_power([points(cyclic(4))]) and is_symmetric_power([points(cyclic(2))])
    assert not is_symmetric_power([LIFTED["users"]])


def test_classes_have_their_sizes():
    """The inner product of indicators: sizes of classes add up through fixed points of k-tuples."""
    sizes = Counter(cycle_type(images) for images in permutations(range(5)))
    natural = points(symmetric(5))
    for k, j in combinations(range(1, 4), 2):
        fixed = {t: t.count(1) for t in sizes}
        expected = sum(size * fixed[t] ** (k + j) for t, size in sizes.items()) // factorial(5)
        assert class_inner_product(power(natural, k), power(natural, j))[0] == expected
