"""Tuples of points: their lists and ranks, and what elements do to them, from the definitions."""

from collections import Counter
from itertools import combinations, combinations_with_replacement, pairwise, permutations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Matrix

from intertwine.action.action import Trivial
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.errors import SpecError, TooLargeError
from intertwine.group.group import Group
from intertwine.group.named import cyclic, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.limits import limited_to
from tests.action.samples import AXES, B3, LIFTED, S4, S5, USERS, declared, dense, points

KINDS = [Subsets, Injections, SymmetricPower, ExteriorPower]
BARE = Group("1", (), {})


def slow_tuples(kind, degree, size):
    """All tuples, filtered by the definition, in lexicographic order."""
    keep = {
        Subsets: lambda t: all(a < b for a, b in pairwise(t)),
        ExteriorPower: lambda t: all(a < b for a, b in pairwise(t)),
        SymmetricPower: lambda t: all(a <= b for a, b in pairwise(t)),
        Injections: lambda t: len(set(t)) == len(t),
    }[kind]
    return [t for t in product(range(degree), repeat=size) if keep(t)]


SIZES = [(n, k) for n in range(1, 7) for k in range(5) if k <= n]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("degree", "size"), SIZES)
def test_tuples_are_listed_and_ranked_in_lexicographic_order(kind, degree, size):
    action = kind(BARE, Trivial(BARE, degree), size)
    expected = slow_tuples(kind, degree, size)
    assert [tuple(row) for row in action.tuples.tolist()] == expected
    assert action.count() == action.dimension == len(expected)
    assert action.rank(action.tuples).tolist() == list(range(len(expected)))


def test_monomials_may_have_a_higher_degree_than_there_are_variables():
    action = SymmetricPower(BARE, Trivial(BARE, 2), 5)
    assert [tuple(row) for row in action.tuples.tolist()] == slow_tuples(SymmetricPower, 2, 5)
    assert action.rank(action.tuples).tolist() == [0, 1, 2, 3, 4, 5]


@given(st.integers(1, 40), st.integers(0, 4), st.randoms(use_true_random=False))
def test_the_rank_is_the_number_of_smaller_tuples(degree, size, dice):
    size = min(size, degree)
    chosen = sorted(dice.sample(range(degree), size))
    before = 0
    for place, entry in enumerate(chosen):
        start = chosen[place - 1] + 1 if place else 0
        before += sum(comb(degree - 1 - c, size - place - 1) for c in range(start, entry))
    shuffled = dice.sample(chosen, size)
    rows = np.array([shuffled], dtype=np.intp).reshape(1, size)
    assert Subsets(BARE, Trivial(BARE, degree), size).rank(rows).tolist() == [before]
    assert ExteriorPower(BARE, Trivial(BARE, degree), size).rank(rows).tolist() == [before]


@settings(max_examples=60, deadline=None)
@given(declared(count=1, most=6, signs=False), st.integers(0, 3))
def test_subsets_and_injections_move_entry_by_entry(one, size):
    (base,) = one
    size = min(size, base.dimension)
    subsets = [frozenset(t) for t in combinations(range(base.dimension), size)]
    ordered = list(permutations(range(base.dimension), size))
    images = zip(
        base.generators,
        Subsets(base.group, base, size).generators,
        Injections(base.group, base, size).generators,
        strict=True,
    )
    for image, on_subsets, on_injections in images:
        moved = image.images.tolist()
        expected = [subsets.index(frozenset(moved[i] for i in subset)) for subset in subsets]
        assert on_subsets.images.tolist() == expected and on_subsets.signs is None
        expected = [ordered.index(tuple(moved[i] for i in t)) for t in ordered]
        assert on_injections.images.tolist() == expected and on_injections.signs is None


@settings(max_examples=40, deadline=None)
@given(declared(count=1, most=4), st.integers(0, 4))
def test_an_exterior_power_is_the_compound_matrix_of_minors(one, size):
    (base,) = one
    size = min(size, base.dimension)
    rows = list(combinations(range(base.dimension), size))
    for image, found in zip(
        base.generators, ExteriorPower(base.group, base, size).generators, strict=True
    ):
        matrix = Matrix(dense(image).tolist())
        minors = [[matrix.extract(list(r), list(c)).det() for c in rows] for r in rows]
        assert dense(found).tolist() == minors


@settings(max_examples=60, deadline=None)
@given(declared(count=1, most=4), st.integers(0, 4))
def test_a_symmetric_power_substitutes_into_monomials(one, size):
    """The monomial x_a x_b ... goes to the product of the images of its variables."""
    (base,) = one
    monomials = list(combinations_with_replacement(range(base.dimension), size))
    for image, found in zip(
        base.generators, SymmetricPower(base.group, base, size).generators, strict=True
    ):
        for column, monomial in enumerate(monomials):
            exponents, sign = Counter(), 1
            for variable in monomial:
                exponents[int(image.images[variable])] += 1
                sign *= int(image.matrix()[:, variable].sum())
            row = monomials.index(tuple(sorted(exponents.elements())))
            expected = np.zeros(len(monomials))
            expected[row] = sign
            assert (dense(found)[:, column] == expected).all()


def test_the_top_exterior_power_is_the_determinant():
    natural = points(S5)
    top = ExteriorPower(S5, natural, 5)
    assert top.dimension == 1
    assert [dense(g).item() for g in top.generators] == [
        dense(g).item() for g in Sign(S5).generators
    ]
    volume = ExteriorPower(B3, AXES, 3).generators
    assert [dense(g).item() for g in volume] == [
        round(np.linalg.det(dense(g))) for g in AXES.generators
    ]


def test_power_zero_is_the_trivial_line_and_power_one_the_base():
    for base in (points(S4), AXES):
        for kind in KINDS if not base.signed else KINDS[2:]:
            zero, first = (kind(base.group, base, size) for size in (0, 1))
            assert all(dense(g).tolist() == [[1]] for g in zero.generators)
            for one, image in zip(first.generators, base.generators, strict=True):
                assert (dense(one) == dense(image)).all()


def test_ranks_of_large_tuples_pass_through_no_larger_numbers():
    """C(67, 33) passes 64 bits, though of 68 points there are only 814,385 sets of 64."""
    group = cyclic(68)
    wedges = Subsets(group, points(group), 64)
    missing = [(0, 1, 2, 3), (0, 1, 2, 67), (64, 65, 66, 67)]
    rows = np.array([[i for i in range(68) if i not in few] for few in missing])
    smaller = [sum(1 for _ in smaller_complements(few)) for few in missing]
    assert wedges.rank(rows).tolist() == smaller
    assert wedges.rank(rows)[-1] == 0
    assert wedges.rank(rows)[0] == wedges.count() - 1


def smaller_complements(few):
    """The sets of four that are left out of a smaller tuple than the one that leaves out `few`.

    The first point that only one of two tuples has is the first that the other one leaves out: a
    tuple is smaller where its own gaps come later.
    """
    return (other for other in combinations(range(68), 4) if other > few)


def test_the_empty_power_has_no_sign():
    for kind in (SymmetricPower, ExteriorPower):
        assert not kind(AXES.group, AXES, 0).signed
        assert kind(AXES.group, AXES, 1).signed


def test_of_no_points_there_is_one_monomial():
    nothing = Trivial(S4, 0)
    assert [SymmetricPower(S4, nothing, size).dimension for size in (0, 1, 2)] == [1, 0, 0]
    assert SymmetricPower(S4, nothing, 0).generators[0].images.tolist() == [0]


def test_only_wedges_of_two_and_more_bring_signs():
    natural = points(S4)
    assert [kind(S4, natural, 2).signed for kind in KINDS] == [False, False, False, True]
    assert not ExteriorPower(S4, natural, 1).signed
    assert SymmetricPower(B3, AXES, 2).signed and ExteriorPower(B3, AXES, 1).signed


@pytest.mark.parametrize("kind", [Subsets, Injections])
def test_tuples_of_signed_points_are_refused(kind):
    for base in (AXES, Sum(S4, (points(S4), Sign(S4)))):
        with pytest.raises(SpecError, match=r"acts with signs.*exterior_power"):
            kind(base.group, base, 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [-1, 5])
def test_sizes_that_do_not_exist_are_refused(kind, size):
    if kind is SymmetricPower and size > 0:
        assert kind(S4, points(S4), size).dimension == comb(8, 5)
        return
    with pytest.raises(SpecError, match=rf"of size {size} of 4 points; expected a size"):
        kind(S4, points(S4), size)


@pytest.mark.parametrize("kind", KINDS)
def test_large_lists_are_counted_but_not_made(kind):
    natural = points(symmetric(3000))
    action = kind(natural.group, natural, 3)
    falling = 3000 * 2999 * 2998
    assert (
        action.dimension
        == {
            Subsets: falling // 6,
            ExteriorPower: falling // 6,
            Injections: falling,
            SymmetricPower: 3000 * 3001 * 3002 // 6,
        }[kind]
    )
    with limited_to(2**30), pytest.raises(TooLargeError, match="intertwine count"):
        _ = action.tuples


@pytest.mark.parametrize("kind", KINDS)
def test_tuples_of_a_factor_are_owned_by_it_and_rebuilt_over_others(kind):
    action = kind(USERS, LIFTED["users"], 2)
    assert action.owner == "users" and action.atoms() == (LIFTED["users"],)
    assert action.stripped() == kind(USERS.factors["users"], LIFTED["users"].inner, 2)
    assert action.rebuilt([power(points(S4), 2)]) == kind(S4, power(points(S4), 2), 2)
    assert action.parts == (LIFTED["users"],)


def test_a_pair_of_pairs_is_ranked_through_both_levels():
    """Subsets of the edges of four points, by hand: (0 1) swaps 02 with 12 and 03 with 13."""
    edges = Subsets(S4, points(S4), 2)
    swap = SignedPermutation.of([0, 3, 4, 1, 2, 5])
    assert edges.generators[0].images.tolist() == swap.images.tolist()
    pairs = list(combinations(range(6), 2))
    expected = [pairs.index(tuple(sorted(swap.images[list(p)].tolist()))) for p in pairs]
    assert Subsets(S4, edges, 2).generators[0].images.tolist() == expected
