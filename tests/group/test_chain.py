"""Stabilizer chains: orders, membership and elements against SymPy and the truth file."""

import json
from itertools import pairwise
from math import factorial, prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.combinatorics import Permutation, PermutationGroup

from intertwine.errors import CertificateError
from intertwine.group.chain import StabilizerChain
from intertwine.group.group import Group, GSet
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, symmetric
from intertwine.group.permutation import SignedPermutation, concatenated
from intertwine.group.verify import verify

RECORDS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "truth" / "public.jsonl").read_text().splitlines()
]
NATURAL = [r for r in RECORDS if r["group"].get("gens") and r["group"].get("order")]
LARGEST = 600


def plain(action):
    """The generators of a permutation or signed action as permutations."""
    if action["type"] == "perm":
        return [SignedPermutation.of(g) for g in action["gens"]]
    signed = (SignedPermutation.of(g["p"], g["s"]) for g in action["gens"])
    return [SignedPermutation(g.doubled()) for g in signed]


PAIRS = [
    r
    for r in RECORDS
    if {r["in"]["type"], r["out"]["type"]} <= {"perm", "signed"}
    and r["group"].get("acting_order")
    and r["in"]["degree"] + r["out"]["degree"] <= LARGEST
]

families = st.integers(1, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.permutations(range(n)).map(np.array), max_size=3),
        st.lists(st.permutations(range(n)).map(np.array), min_size=4, max_size=4),
    )
)


def oracle(generators, degree):
    return PermutationGroup(
        [Permutation(degree - 1), *(Permutation(g.tolist()) for g in generators)]
    )


@given(families)
def test_order_and_membership(family):
    degree, generators, strangers = family
    chain = StabilizerChain.of(generators, degree=degree)
    group = oracle(generators, degree)
    assert chain.order == group.order() == prod(level.tree.size for level in chain.levels)
    for stranger in [*strangers, *generators]:
        assert (stranger in chain) == group.contains(Permutation(stranger.tolist()))


@given(families, st.integers(1, 2**20))
def test_any_seed_and_any_true_order_give_the_same_group(family, seed):
    degree, generators, _ = family
    chain = StabilizerChain.of(generators, degree=degree)
    other = StabilizerChain.of(generators, order=chain.order, seed=seed, degree=degree)
    assert other.order == chain.order
    assert StabilizerChain.of(generators, seed=seed, degree=degree).order == chain.order


@given(families)
def test_elements_are_listed_once_and_in_the_order_of_their_numbers(family):
    degree, generators, _ = family
    chain = StabilizerChain.of(generators, degree=degree)
    if chain.order > 5000:
        return
    blocks = list(chain.elements())
    listed = np.concatenate(blocks)
    assert len(np.unique(listed, axis=0)) == len(listed) == chain.order
    assert chain.number(listed).tolist() == list(range(chain.order))
    assert listed[0].tolist() == list(range(degree))
    residues, depths = chain.sift(listed)
    assert (residues == np.arange(degree)).all() and (depths == len(chain.levels)).all()


@given(families)
def test_without_the_random_search_the_verification_finds_the_same(family):
    """Schreier's lemma alone must complete the chain, for the search only makes it fast."""
    degree, generators, _ = family
    chain = StabilizerChain(degree)
    for generator in generators:
        chain.absorb(generator)
    verify(chain, generators)
    assert chain.order == oracle(generators, degree).order()


def test_without_the_random_search_on_larger_groups():
    for group in (mathieu(24), alternating(12)):
        chain = StabilizerChain(group.sets["points"].degree)
        for generator in group.sets["points"].images:
            chain.absorb(generator.images)
        assert chain.order < group.order
        verify(chain, [g.images for g in group.sets["points"].images])
        assert chain.order == group.order


@pytest.mark.parametrize("record", NATURAL, ids=[r["id"] for r in NATURAL])
def test_every_order_of_the_truth_file(record):
    generators = [np.array(g) for g in record["group"]["gens"]]
    if len(generators[0]) > LARGEST:
        pytest.skip("in the slow test")
    chain = StabilizerChain.of(generators)
    assert chain.order == int(record["group"]["order"])
    assert all(g in chain for g in generators)


@pytest.mark.parametrize("record", PAIRS, ids=[r["id"] for r in PAIRS])
def test_every_acting_order_of_the_truth_file(record):
    columns = zip(plain(record["in"]), plain(record["out"]), strict=True)
    union = [concatenated(column).images for column in columns]
    assert StabilizerChain.of(union, degree=1).order == int(record["group"]["acting_order"])


@pytest.mark.slow
@pytest.mark.parametrize("identifier", ["j36", "j39"])
def test_large_orders(identifier):
    record = next(r for r in RECORDS if r["id"] == identifier)
    generators = [np.array(g) for g in record["in"]["gens"]]
    assert StabilizerChain.of(generators).order == int(record["group"]["order"])


def test_a_group_given_by_permutations_finds_its_order_by_itself():
    def group(images):
        points = GSet("points", (len(images[0]),), lambda: tuple(map(SignedPermutation, images)))
        return Group("G", tuple("ab"), {"points": points}, "points")

    m24 = group([g.images for g in mathieu(24).sets["points"].images])
    assert m24.order == 244823040 and m24.transitivity == 0 and m24.giant is None
    s1000 = group([g.images for g in symmetric(1000).sets["points"].images])
    assert s1000.order == factorial(1000) and s1000.transitivity == 1000


def test_two_giants_side_by_side():
    swaps, shifts = symmetric(64).sets["points"].images
    still = SignedPermutation.identity(64)
    union = [concatenated(p).images for p in ((swaps, still), (shifts, still), (still, swaps))]
    union.append(concatenated((still, shifts)).images)
    assert StabilizerChain.of(union).order == factorial(64) ** 2


def test_the_diagonal_of_two_giants_is_not_their_product():
    images = symmetric(9).sets["points"].images
    assert StabilizerChain.of([concatenated([g, g]).images for g in images]).order == factorial(9)


@pytest.mark.parametrize("claimed", [1, 7, 240])
def test_a_false_order_is_refused(claimed):
    generators = [g.images for g in symmetric(5).sets["points"].images]
    with pytest.raises(CertificateError):
        StabilizerChain.of(generators, order=claimed)


def test_no_generators_and_identities():
    for generators in ([], [np.arange(4)], [np.arange(4), np.arange(4)]):
        chain = StabilizerChain.of(generators, degree=4)
        assert chain.order == 1 and chain.base == () and chain.degree == 4
        assert np.arange(4) in chain and np.array([1, 0, 2, 3]) not in chain
        assert [block.tolist() for block in chain.elements()] == [[[0, 1, 2, 3]]]
        assert chain.number(np.arange(4)).tolist() == [0]


def test_levels_stabilize_the_base():
    chain = StabilizerChain.of([g.images for g in mathieu(12).sets["points"].images])
    assert [level.tree.size for level in chain.levels] == [12, 11, 10, 9, 8]
    for level in chain.levels:
        rows = level.transversal()
        assert rows[:, level.tree.root].tolist() == level.orbit.tolist()
        earlier = chain.base[: chain.base.index(level.tree.root)]
        assert all((rows[:, point] == point).all() for point in earlier)
        assert level.orbit[0] == level.tree.root
        assert all(a < b for a, b in pairwise(level.orbit[1:]))
