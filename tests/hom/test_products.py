"""Sums and products against a composition that is done entry by entry."""

import numpy as np
import pytest

from intertwine.action.action import SetAction, Trivial
from intertwine.action.character import characters
from intertwine.action.lifted import Lifted
from intertwine.action.matrices import Matrices
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, SymmetricPower
from intertwine.group.named import cyclic, dihedral, hyperoctahedral, symmetric
from intertwine.group.product import direct_product
from intertwine.hom.pattern import Listed, canonical
from intertwine.hom.products import Kronecker, why_not_product
from intertwine.hom.rules import basis, dimension
from intertwine.hom.space import IntertwinerSpace
from intertwine.hom.sums import Blocks, why_not_sums
from intertwine.hom.trivial import AllMatrices, why_not_free
from tests import oracle

S3, C4, B2 = symmetric(3), cyclic(4), hyperoctahedral(2)
GROUP = direct_product({"a": S3, "b": C4, "c": B2})
INNER = {"a": SetAction(S3, "points"), "b": SetAction(C4, "points"), "c": SetAction(B2, "axes")}
A, B, C = (Lifted(GROUP, name, action) for name, action in INNER.items())


def listed(source, target):
    """The oracle's codes of a problem."""
    sides = oracle.signed(target), oracle.signed(source)
    return oracle.orbital_codes(*sides, target.dimension, source.dimension)


def tensor(*parts):
    return Tensor(parts[0].group, parts)


def total(*parts):
    return Sum(parts[0].group, parts)


@pytest.mark.parametrize(
    ("first", "second"),
    [((A, A), (B, B)), ((B, B), (A, A)), ((A, A), (C, C)), ((C, C), (A, A)), ((C, C), (B, B))],
)
def test_an_outer_product_is_the_kronecker_product_of_its_parts(first, second):
    (s, t), (u, v) = first, second
    stripped = [listed(x.stripped(), y.stripped()) for x, y in (first, second)]
    found = basis(tensor(s, u), tensor(t, v))
    assert isinstance(found, Kronecker)
    assert found.dimension == int(stripped[0].max()) * int(stripped[1].max())
    assert np.array_equal(found.codes, oracle.kronecker_codes(*stripped))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (tensor(A, B), tensor(B, A)),
        (tensor(A, B, A), tensor(A, B)),
        (tensor(A, B, C), tensor(C, A)),
        (tensor(A, C), B),
        (tensor(C, C), Trivial(GROUP)),
        (Trivial(GROUP), tensor(C, B)),
        (tensor(Trivial(GROUP, 2), A, B), tensor(A, Trivial(GROUP, 3))),
        (tensor(Trivial(GROUP, 2), A, Trivial(GROUP, 2)), tensor(Trivial(GROUP, 3), C, C)),
        (tensor(Trivial(GROUP, 2), Trivial(GROUP, 3)), tensor(B, Trivial(GROUP, 2))),
        (tensor(A, Lifted(GROUP, "a", Sign(S3)), B), tensor(B, A)),
        (tensor(Lifted(GROUP, "a", ExteriorPower(S3, INNER["a"], 2)), C), tensor(C, A)),
        (tensor(Lifted(GROUP, "c", SetAction(B2, "points")), B), tensor(C, B)),
        (tensor(A, total(B, B)), tensor(total(B, B), A)),
        (tensor(A, total(Trivial(GROUP), B)), tensor(B, A)),
    ],
    ids=str,
)
def test_products_in_any_order_of_axes(source, target):
    found = IntertwinerSpace(source, target)
    expected = listed(source, target)
    assert found.dimension == int(expected.max(initial=0)) == dimension(source, target)
    assert np.array_equal(found.codes, expected)


def test_a_tensor_of_sums_is_taken_apart_within_its_factor():
    space = IntertwinerSpace(tensor(A, total(B, B)), tensor(A, B))
    assert space.rule == "products" and space.dimension == 2 * (4 + 4)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (total(A, B), total(B, A, A)),
        (total(A, C), total(C, A)),
        (total(tensor(A, B), C, Trivial(GROUP, 2)), total(tensor(A, C), A)),
        (total(total(A, B), B), total(A, total(B, total(C)))),
        (C, total(A, C)),
        (total(C, B), C),
    ],
    ids=str,
)
def test_sums_are_the_block_array_of_their_parts(source, target):
    found = basis(source, target)
    assert isinstance(found, Blocks)
    grid = [[listed(s, t) for s in source.summands()] for t in target.summands()]
    assert np.array_equal(found.codes, oracle.block_codes(grid))
    assert np.array_equal(found.codes, listed(source, target))
    assert found.dimension == sum(int(block.max(initial=0)) for line in grid for block in line)


@pytest.mark.parametrize("size", [126, 127, 128, 300])
def test_codes_widen_when_the_parts_do_not_need_it(size):
    free = Trivial(S3, size)
    space = IntertwinerSpace(total(free, INNER["a"]), INNER["a"])
    assert space.dimension == size + 2
    assert space.codes.dtype == (np.int8 if size + 2 <= 127 else np.int16)
    assert np.array_equal(space.codes, listed(space.source, space.target))
    many = IntertwinerSpace(tensor(free, INNER["a"]), INNER["a"])
    assert many.dimension == 2 * size
    assert np.array_equal(many.codes, listed(many.source, many.target))


def test_nested_products():
    inner = direct_product({"x": symmetric(2), "y": S3})
    outer = direct_product({"p": inner, "q": cyclic(3)})
    x, y = (
        Lifted(outer, "p", Lifted(inner, name, SetAction(inner.factors[name], "points")))
        for name in ("x", "y")
    )
    q = Lifted(outer, "q", SetAction(outer.factors["q"], "points"))
    space = IntertwinerSpace(tensor(x, q, y), tensor(q, y, x))
    assert space.rule == "products" and space.dimension == 2 * 3 * 2
    assert np.array_equal(space.codes, listed(space.source, space.target))


def test_what_mixes_factors_is_left_to_the_orbitals():
    mixed = total(A, B)
    space = IntertwinerSpace(tensor(mixed, A), A)
    assert space.rule == "orbitals"
    assert why_not_product(space.source, space.target) == "a + b mixes factors of the group"
    assert np.array_equal(space.codes, listed(space.source, space.target))
    assert dimension(space.source, space.target) == space.dimension


def test_reasons_for_refusal():
    points = INNER["a"]
    assert why_not_sums(points, points) == "neither side is a direct sum"
    assert why_not_sums(points, total(points, points)) is None
    assert why_not_free(points, Trivial(S3)) == "a side is not trivial"
    assert why_not_free(Trivial(S3, 2), Trivial(S3)) is None
    assert why_not_product(points, power(points, 2)) == "the group is no product"
    assert why_not_product(tensor(points, Trivial(S3, 2)), points) is None


def test_trivial_factors_are_multiplicities():
    square = SetAction(dihedral(4), "points")
    source = tensor(Trivial(square.group, 3), square)
    target = tensor(square, Trivial(square.group, 2))
    assert IntertwinerSpace(source, target).dimension == 3 * 2 * 3


def test_patterns_are_numbered_by_first_entries():
    block = np.array([[0, 2, -1], [1, 3, -3]])
    assert canonical(block, 3).tolist() == [[0, 1, 2], [-2, 3, -3]]
    assert oracle.canonical(block).tolist() == [[0, 1, 2], [-2, 3, -3]]
    found = Listed.of(canonical(block.astype(np.int8), 3))
    assert found.dimension == 3
    assert found.firsts.tolist() == [[0, 1], [0, 2], [1, 1]]
    assert AllMatrices(2, 2, 4).firsts.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_canonical_numbers_are_those_of_a_slow_renumbering():
    dice = np.random.default_rng(0)
    for _ in range(50):
        rows, columns, count = dice.integers(1, 7, size=3)
        codes = dice.integers(-count, count + 1, size=(rows, columns))
        present = np.unique(np.abs(codes[codes != 0]))
        codes = np.sign(codes) * (np.searchsorted(present, np.abs(codes)) + 1)
        found = canonical(codes, len(present))
        assert np.array_equal(found, oracle.canonical(codes))


def nested(base):
    """A product of a product of one factor, and S_12: its plane and points side by side."""
    inner, outer = direct_product({"b": base}), symmetric(12)
    whole = direct_product({"a": inner, "d": outer})
    plane = Lifted(whole, "a", Lifted(inner, "b", Matrices(base, base.vectors.matrices, "vector")))
    return total(plane, Lifted(whole, "d", SetAction(outer, "points")))


def test_matrices_of_a_factor_of_a_factor():
    """Two invariants of the squared plane and two of the squared points; one and two of Sym^2.

    Of D_5 x S_12, Sym^2 is 1 + V_2 of the plane V, beside V + V x U of plane times points 1 + U,
    and 2 + 2 U + W of multisets of two points: 3 + V_2 + V + V x U + 2 U + W, and 9 + 1 + 1 + 1 +
    4 + 1 maps.
    """
    mixed = nested(cyclic(5))
    one = Trivial(mixed.group)
    assert IntertwinerSpace(power(mixed, 2), one).verify().second.value == 4
    assert IntertwinerSpace(SymmetricPower(mixed.group, mixed, 2), one).dimension == 3
    mixed = nested(dihedral(5))
    square = SymmetricPower(mixed.group, mixed, 2)
    space = IntertwinerSpace(square, square)
    assert space.dimension == 17
    assert space.rule == "fibres"
    assert str(space.verify()).startswith("17 independent maps, tested against 4 generators")


def test_characters_of_a_factor_of_a_factor():
    inner = direct_product({"b": cyclic(5)})
    whole = direct_product({"a": inner, "d": symmetric(3)})
    turns = Matrices(cyclic(5), cyclic(5).vectors.matrices, "vector")
    plane = Lifted(whole, "a", Lifted(inner, "b", turns))
    rows = characters(plane, Trivial(whole, 3))
    golden = 2 * np.cos(2 * np.pi / 5), 2 * np.cos(4 * np.pi / 5)
    assert [(row.count, row.source, row.target) for row in rows] == [
        (1, 2, 3), (2, round(golden[0], 9), 3), (2, round(golden[1], 9), 3)
    ]  # fmt: skip
