"""Named groups: orders, transitivity, and the generators that the truth file has."""

import json
from itertools import permutations
from math import factorial
from pathlib import Path

import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from intertwine.errors import SpecError, TooLargeError
from intertwine.group.chain import StabilizerChain
from intertwine.group.mathieu import mathieu
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.limits import limited_to

RECORDS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "truth" / "public.jsonl").read_text().splitlines()
]
FAMILIES = (symmetric, alternating, cyclic, dihedral, trivial, hyperoctahedral)
CASES = [
    *(family(n) for family in FAMILIES for n in range(1, 9)),
    *map(mathieu, (11, 12, 22, 23, 24)),
]


def named(groups):
    return {"argvalues": groups, "ids": [f"{g}-{g.sets[g.natural].degree}" for g in groups]}


@pytest.mark.parametrize("group", **named(CASES))
def test_the_closed_order_is_the_order_of_the_generated_group(group):
    for gset in group.sets.values():
        images = gset.images
        assert len(images) == len(group.generators)
        assert all(image.degree == gset.degree for image in images)
    points, degree = group.faithful_images(), group.faithful_degree
    oracle = PermutationGroup([Permutation(degree - 1), *(Permutation(g.images) for g in points)])
    assert group.order == group.closed_order == oracle.order()
    assert StabilizerChain.of([g.images for g in points], degree=degree).order == group.order
    assert str(group) == "D_1" or not any(image.is_identity() for image in points)


@pytest.mark.parametrize("group", **named([g for g in CASES if g.sets[g.natural].degree <= 24]))
def test_the_closed_transitivity_is_true_and_the_largest(group):
    degree = group.sets[group.natural].degree
    points = group.sets[group.natural].images
    chain = StabilizerChain.of([g.images for g in points], degree=degree)
    reached = 0
    for level in chain.levels:
        if level.tree.size < degree - reached:
            break
        reached += 1
    reached += reached == degree - 1
    assert group.transitivity == (0 if str(group) == "A_1" else reached)


def test_names_are_mathematics():
    groups = [symmetric(5), alternating(5), cyclic(12), dihedral(8), trivial(7), hyperoctahedral(3)]
    assert [str(g) for g in groups] == ["S_5", "A_5", "C_12", "D_8", "1", "B_3"]
    assert list(hyperoctahedral(3).sets) == ["points", "axes"]
    assert symmetric(3).generators == ("swap", "shift")


@pytest.mark.parametrize("family", FAMILIES)
def test_construction_costs_nothing(family):
    group = family(10**9)
    assert group.sets[group.natural].degree >= 10**9
    with limited_to(10**8), pytest.raises(TooLargeError):
        _ = group.sets[group.natural].images
    assert group.generators == family(100).generators


def test_huge_orders():
    assert symmetric(3000).order == factorial(3000)
    assert cyclic(10**9).order == 10**9
    with limited_to(10**8), pytest.raises(TooLargeError):
        _ = symmetric(10**9).order


@pytest.mark.parametrize("family", [*FAMILIES, mathieu])
@pytest.mark.parametrize("size", [0, -3, True, 2.0, "5", None, [3]])
def test_sizes_that_are_none(family, size):
    with pytest.raises(SpecError):
        family(size)


def test_mathieu_needs_one_of_five_degrees():
    with pytest.raises(SpecError):
        mathieu(10)


@pytest.mark.parametrize("n", [1, 2])
def test_small_dihedral_groups_move_their_flags(n):
    """The flag 2i + s is corner i with the side on which its edge lies, which mirrors change."""
    rotation, reflection = (g.images.tolist() for g in dihedral(n).sets["flags"].images)
    flags = [(i, s) for i in range(n) for s in (0, 1)]
    assert [flags[k] for k in rotation] == [((i + 1) % n, s) for i, s in flags]
    assert [flags[k] for k in reflection] == [(-i % n, 1 - s) for i, s in flags]


def test_the_symmetric_generators_are_those_of_the_truth_file():
    seen = set()
    for record in RECORDS:
        n = (record.get("structured") or {}).get("group")
        if record["category"] == "a" and isinstance(n, dict) and "symmetric" in n:
            seen.add(n["symmetric"])
            ours = [g.images.tolist() for g in symmetric(n["symmetric"]).sets["points"].images]
            assert ours == record["group"]["gens"]
    assert len(seen) >= 5


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_hyperoctahedral_axes_are_those_of_the_truth_file(n):
    record = next(
        r
        for r in RECORDS
        if (r.get("structured") or {}).get("group") == {"hyperoctahedral": n}
        and "in" in r
        and "tensor" in r["structured"]["in"]
    )
    signed = record["group"]["signed_gens"]
    axes = hyperoctahedral(n).sets["axes"].images
    assert [g.images.tolist() for g in axes] == [s["p"] for s in signed]
    assert [(g.signs.tolist() if g.signed else [1] * n) for g in axes] == [s["s"] for s in signed]


def test_hyperoctahedral_points_are_the_signed_unit_vectors():
    group = hyperoctahedral(4)
    for point, axis in zip(group.sets["points"].images, group.sets["axes"].images, strict=True):
        assert point.images.tolist() == axis.doubled().tolist()


def test_mathieu_groups_move_every_short_tuple_to_every_other():
    for n, t in ((11, 4), (12, 5)):
        images = [g.images.tolist() for g in mathieu(n).sets["points"].images]
        start = tuple(range(t))
        reached, queue = {start}, [start]
        while queue:
            here = queue.pop()
            for g in images:
                there = tuple(g[p] for p in here)
                if there not in reached:
                    reached.add(there)
                    queue.append(there)
        assert len(reached) == len(list(permutations(range(n), t)))
