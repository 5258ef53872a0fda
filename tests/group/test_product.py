"""Direct and wreath products against the truth file, formulas and SymPy."""

import json
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from intertwine.errors import SpecError
from intertwine.group.chain import StabilizerChain
from intertwine.group.group import Group, GSet
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.group.orbit import orbit_labels
from intertwine.group.permutation import SignedPermutation
from intertwine.group.product import direct_product, wreath

RECORDS = {
    record["id"]: record
    for line in (Path(__file__).parents[1] / "truth" / "public.jsonl").read_text().splitlines()
    if (record := json.loads(line))["id"]
    in {"b02", "b09", "b13", "b14", "b15", "b16", "b17", "j44"}
}


def generated(name, degree, *cycles_or_images):
    images = tuple(SignedPermutation.of(images) for images in cycles_or_images)
    points = GSet("points", (degree,), lambda: images)
    return Group(name, tuple(f"g{i}" for i in range(len(images))), {"points": points}, "points")


def chain_order(group):
    images = [g.images for g in group.faithful_images()]
    return StabilizerChain.of(images, degree=group.faithful_degree).order


@pytest.mark.parametrize("identifier", ["b09", "b13", "b14", "b15", "b16", "j44"])
def test_wreath_products_have_the_images_of_the_truth_file(identifier):
    record = RECORDS[identifier]
    base, top = (symmetric(part["symmetric"]) for part in record["structured"]["group"]["wreath"])
    group = wreath(base, top)
    assert str(group) == record["group"]["name"]
    assert group.order == int(record["group"]["order"]) == chain_order(group)
    points = [g.images.tolist() for g in group.sets["points"].images]
    assert points == record["group"]["gens"]
    key = "points" if record["structured"]["group"].get("action") == "imprimitive" else "tuples"
    if record["structured"].get("action", "imprimitive") == "product":
        key = "tuples"
    tuples = [g.images.tolist() for g in group.sets[key].images]
    assert tuples == record["in"]["gens"]


def test_points_and_tuples_are_acted_on_together():
    record = RECORDS["b17"]
    group = wreath(symmetric(5), symmetric(2))
    pairs = [
        (t.images[:, None] * 10 + p.images).ravel()
        for t, p in zip(group.sets["tuples"].images, group.sets["points"].images, strict=True)
    ]
    assert orbit_labels(pairs, 250).max() + 1 == record["dim"]
    assert group.sets["tuples"].shape == (5, 5)


@pytest.mark.parametrize(
    ("base", "top"),
    [
        (symmetric(3), trivial(3)),
        (cyclic(4), trivial(1)),
        (trivial(2), symmetric(4)),
        (symmetric(1), symmetric(3)),
        (dihedral(4), cyclic(3)),
        (cyclic(2), generated("<(0 1)>", 3, [1, 0, 2])),
        (generated("<(0 1), (2 3)>", 4, [1, 0, 2, 3], [0, 1, 3, 2]), alternating(4)),
    ],
    ids=lambda group: f"{group}",
)
def test_wreath_orders(base, top):
    group = wreath(base, top)
    b = top.sets["points"].degree
    assert group.order == base.order**b * top.order == chain_order(group)
    tuples = group.sets["tuples"]
    assert tuples.degree == base.sets["points"].degree ** b
    images = [Permutation(g.images) for g in tuples.images]
    oracle = PermutationGroup([Permutation(tuples.degree - 1), *images]).order()
    assert oracle == (group.order if base.sets["points"].degree > 1 else 1)
    assert len(set(group.generators)) == len(group.generators)


def test_tuples_are_row_major_and_carried_as_said():
    group = wreath(cyclic(3), cyclic(4))
    base, top = group.sets["tuples"].images
    digits = np.array(np.unravel_index(np.arange(81), (3,) * 4))
    moved = digits.copy()
    moved[0] = (moved[0] + 1) % 3
    assert base.images.tolist() == np.ravel_multi_index(tuple(moved), (3,) * 4).tolist()
    carried = np.empty_like(digits)
    carried[[1, 2, 3, 0]] = digits
    assert top.images.tolist() == np.ravel_multi_index(tuple(carried), (3,) * 4).tolist()


def test_a_base_that_is_not_faithful_on_its_points_counts_as_it_acts():
    points = GSet("points", (2,), lambda: (SignedPermutation.of([1, 0]),))
    turns = GSet("turns", (4,), lambda: (SignedPermutation.of([1, 2, 3, 0]),))
    base = Group("C_4", ("g",), {"points": points, "turns": turns}, "points")
    assert base.order == 4
    group = wreath(base, symmetric(3))
    assert group.order == chain_order(group) == 2**3 * 6


def test_large_wreath_products_are_free():
    group = wreath(symmetric(1000), symmetric(10**6))
    assert group.sets["points"].degree == 10**9
    assert "tuples" not in group.sets
    assert wreath(symmetric(2), symmetric(100)).order == 2**100 * factorial(100)
    assert wreath(symmetric(2), symmetric(100)).sets["tuples"].degree == 2**100


def test_a_wreath_product_needs_natural_points_without_signs():
    signed = Group("B", ("a",), {"axes": hyperoctahedral(2).sets["axes"]}, "axes")
    for base, top in ((signed, symmetric(2)), (symmetric(2), signed)):
        with pytest.raises(SpecError, match="natural points"):
            wreath(base, top)
    with pytest.raises(SpecError, match="natural points"):
        wreath(direct_product({"a": symmetric(2), "b": symmetric(2)}), symmetric(2))


def test_direct_products():
    group = direct_product({"users": symmetric(3), "movies": symmetric(4)})
    assert str(group) == RECORDS["b02"]["group"]["name"]
    assert [g.images.tolist() for g in group.faithful_images()] == RECORDS["b02"]["group"]["gens"]
    assert group.order == chain_order(group) == group.chain.order == 144
    assert list(group.factors) == ["users", "movies"] and not group.sets
    assert group.generators == ("users.swap", "users.shift", "movies.swap", "movies.shift")


def test_nested_products_with_factors_of_every_kind():
    inner = direct_product({"x": cyclic(4), "y": trivial(2)})
    parts = {"a": inner, "b": hyperoctahedral(3), "c": wreath(symmetric(2), symmetric(3))}
    group = direct_product({**parts, "d": generated("G", 5, [1, 2, 3, 4, 0])})
    assert group.closed_order is None
    assert group.order == 4 * 48 * 48 * 5 == chain_order(group) == group.chain.order
    assert str(group) == "(C_4 x 1) x B_3 x (S_2 wr S_3) x G"
    assert len(group.generators) == len(group.faithful_images())
    assert len(group.faithful_images()[0].images) == group.faithful_degree


def test_products_without_generators():
    group = direct_product({"a": trivial(2), "b": symmetric(1)})
    assert group.order == group.chain.order == 1
    assert group.faithful_images() == () and group.chain.degree == 3
    assert [block.tolist() for block in group.chain.elements()] == [[[0, 1, 2]]]


def test_a_product_of_nothing_or_of_names_alone():
    with pytest.raises(SpecError, match="at least one factor"):
        direct_product({})
    names = Group("<a, b>", ("a", "b"), {})
    with pytest.raises(SpecError, match="by name alone"):
        direct_product({"x": symmetric(3), "y": names}).faithful_images()
