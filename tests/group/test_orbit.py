"""Permutations, orbits, Schreier trees, random elements and giants against slow twins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, shortest_path
from sympy.combinatorics import Permutation, PermutationGroup

from intertwine.group.giant import recognise_giant
from intertwine.group.grid import grid
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, cyclic, hyperoctahedral, symmetric
from intertwine.group.orbit import orbit_labels, orbit_transversal, schreier_tree
from intertwine.group.permutation import SignedPermutation, concatenated
from intertwine.group.product import wreath
from intertwine.group.random import RandomElements


def matrix(g):
    dense = np.zeros((g.degree, g.degree), int)
    dense[g.images, np.arange(g.degree)] = 1 if g.signs is None else g.signs
    return dense


@st.composite
def signed(draw, degree):
    images = draw(st.permutations(range(degree)))
    signs = draw(st.none() | st.lists(st.sampled_from([-1, 1]), min_size=degree, max_size=degree))
    return SignedPermutation.of(images, signs)


pairs = st.integers(0, 7).flatmap(lambda n: st.tuples(signed(n), signed(n)))
families = st.integers(1, 14).flatmap(
    lambda n: st.lists(st.permutations(range(n)).map(np.array), max_size=3).map(lambda gs: (n, gs))
)


@given(pairs)
def test_products_and_inverses_are_those_of_matrices(pair):
    g, h = pair
    assert (matrix(g * h) == matrix(g) @ matrix(h)).all()
    assert (matrix(g.inverse()) == matrix(g).T).all()
    assert (g * g.inverse()).is_identity() and (g.inverse() * g).is_identity()
    assert g.trace() == np.trace(matrix(g))
    assert g.is_identity() == (matrix(g) == np.eye(g.degree)).all()
    joined = matrix(concatenated([g, h]))
    assert (joined[: g.degree, : g.degree] == matrix(g)).all()
    assert (joined[g.degree :, g.degree :] == matrix(h)).all()
    assert np.abs(joined).sum() == g.degree + h.degree


@given(pairs)
def test_doubling_is_a_homomorphism_that_forgets_nothing(pair):
    g, h = pair
    assert ((g * h).doubled() == g.doubled()[h.doubled()]).all()
    assert sorted(g.doubled()) == list(range(2 * g.degree))
    assert g.is_identity() == (g.doubled() == np.arange(2 * g.degree)).all()


@given(pairs)
def test_order_and_parity(pair):
    g, _ = pair
    power, k = g, 1
    while not power.is_identity():
        power, k = power * g, k + 1
    assert g.order() == k
    assert g.parity() == Permutation(g.images.tolist()).signature()


def test_cycles_and_text():
    g = SignedPermutation.of([1, 2, 0, 3, 5, 4])
    assert g.cycles() == [[0, 1, 2], [4, 5]] and str(g) == "(0 1 2)(4 5)"
    assert str(SignedPermutation.identity(3)) == "()"
    assert str(SignedPermutation.of([0, 1], [1, -1])) == "()[+,-]"


@given(families)
def test_orbits_are_connected_components(family):
    n, generators = family
    labels = orbit_labels(generators, n)
    heads = np.concatenate([np.arange(n), *generators])
    tails = np.tile(np.arange(n), len(generators) + 1)
    graph = coo_array((np.ones(len(heads)), (tails, heads)), shape=(n, n))
    count, expected = connected_components(graph, directed=False)
    assert labels.max() + 1 == count
    assert len(set(zip(labels, expected, strict=True))) == count
    first = orbit_transversal(labels)
    assert first.tolist() == sorted(first) and labels[first].tolist() == list(range(count))
    assert all(p >= first[labels[p]] for p in range(n))


@given(families, st.data())
def test_schreier_trees_reach_the_orbit_by_shortest_paths(family, data):
    n, generators = family
    root = data.draw(st.integers(0, n - 1))
    tree = schreier_tree(generators, root, n)
    labels = orbit_labels(generators, n)
    assert sorted(tree.points) == np.flatnonzero(labels == labels[root]).tolist()
    assert tree.size == len(tree.points)
    heads = np.concatenate([np.arange(n), *generators])
    tails = np.tile(np.arange(n), len(generators) + 1)
    graph = coo_array((np.ones(len(heads)), (tails, heads)), shape=(n, n)).tocsr()
    distance = shortest_path(graph, unweighted=True, indices=root)
    for depth, level in enumerate(tree.levels):
        for point in level:
            assert distance[point] == depth
            if point != root:
                assert generators[tree.edge[point]][tree.parent[point]] == point
    assert tree.edge[root] == -1 and (tree.edge[labels != labels[root]] == -2).all()


def test_orbits_of_a_long_cycle():
    n = 200_000
    shuffled = np.random.default_rng(1).permutation(n)
    cycle = np.empty(n, np.intp)
    cycle[shuffled] = np.roll(shuffled, -1)
    assert not orbit_labels([cycle], n).any()


def test_random_elements_are_in_the_group_and_always_the_same():
    generators = mathieu(11).sets["points"].images
    oracle = PermutationGroup([Permutation(g.images.tolist()) for g in generators])
    drawn = [
        [RandomElements(generators).draw().images.tolist() for _ in range(1)] for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    source = RandomElements(generators)
    images = [source.draw().images.tolist() for _ in range(50)]
    assert all(oracle.contains(Permutation(image)) for image in images)
    assert len({tuple(image) for image in images}) > 40
    fixed = sum(sum(p == i for i, p in enumerate(image)) for image in images) / 50
    assert 0.3 < fixed < 2.5


def test_random_elements_of_one_generator_and_of_signed_ones():
    shift = cyclic(7).sets["points"].images
    source = RandomElements(shift)
    assert {source.draw().images[0] for _ in range(100)} == set(range(7))
    axes = hyperoctahedral(3).sets["axes"].images
    source = RandomElements(axes)
    assert len({source.draw().doubled().tobytes() for _ in range(600)}) == 48


@pytest.mark.parametrize("n", [8, 9, 13, 24, 100, 1000])
def test_giants_are_recognised_in_any_disguise(n):
    relabel = np.random.default_rng(n).permutation(n)
    back = np.argsort(relabel)
    for group, even in ((symmetric(n), False), (alternating(n), True)):
        disguised = [relabel[g.images[back]] for g in group.sets["points"].images]
        giant = recognise_giant(disguised)
        assert giant is not None and giant.even == even
        assert giant.order == group.order and giant.transitivity == group.transitivity


@pytest.mark.parametrize(
    "group",
    [
        *(mathieu(n) for n in (11, 12, 22, 23, 24)),
        cyclic(13),
        wreath(symmetric(4), symmetric(3)),
        wreath(symmetric(2), symmetric(12)),
        hyperoctahedral(11),
        grid([5, 5], "p4m"),
    ],
    ids=str,
)
def test_no_other_group_is_taken_for_a_giant(group):
    for gset in group.sets.values():
        if not gset.signed and gset.degree < 5000:
            assert recognise_giant([g.images for g in gset.images]) is None


def test_giants_need_transitivity_and_size():
    assert recognise_giant([]) is None
    five_and_nine = [
        concatenated([SignedPermutation.identity(5), g]).images
        for g in symmetric(9).sets["points"].images
    ]
    assert recognise_giant(five_and_nine) is None
    assert recognise_giant([g.images for g in symmetric(5).sets["points"].images]) is None
