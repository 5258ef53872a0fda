"""Tensor products and direct sums: matrices, axes, characters, and how they print."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.linalg import block_diag

from intertwine.action.action import SetAction, Trivial
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import Injections, Subsets
from intertwine.group.grid import grid
from intertwine.group.permutation import SignedPermutation
from tests.action.samples import AXES, B3, KLEIN, LIFTED, S4, USERS, declared, dense, points

X = points(S4)
SIGN = Sign(S4)


@settings(max_examples=60, deadline=None)
@given(declared(count=3))
def test_a_tensor_product_acts_by_kronecker_products(three):
    product = Tensor(three[0].group, tuple(three))
    assert product.shape == tuple(part.dimension for part in three)
    for image, *parts in zip(product.generators, *(p.generators for p in three), strict=True):
        a, b, c = map(dense, parts)
        assert (dense(image) == np.kron(np.kron(a, b), c)).all()
        assert product.character(dict(zip(three, parts, strict=True))) == np.prod(
            [np.trace(a), np.trace(b), np.trace(c)]
        )


@settings(max_examples=60, deadline=None)
@given(declared(count=3))
def test_a_sum_acts_by_blocks(three):
    total = Sum(three[0].group, tuple(three))
    assert total.shape == (sum(part.dimension for part in three),)
    for image, *parts in zip(total.generators, *(p.generators for p in three), strict=True):
        assert (dense(image) == block_diag(*map(dense, parts))).all()
        traces = [np.trace(dense(part)) for part in parts]
        assert total.character(dict(zip(three, parts, strict=True))) == sum(traces)


@settings(max_examples=40, deadline=None)
@given(declared(count=3, most=3))
def test_tensor_products_associate_and_sums_do(three):
    a, b, c = three
    for kind in (Tensor, Sum):
        left = kind(a.group, (kind(a.group, (a, b)), c))
        right = kind(a.group, (a, kind(a.group, (b, c))))
        for one, other in zip(left.generators, right.generators, strict=True):
            assert (dense(one) == dense(other)).all()
    assert Tensor(a.group, (Tensor(a.group, (a, b)), c)).factors() == (a, b, c)
    assert Sum(a.group, (Sum(a.group, (a, b)), c)).summands() == (a, b, c)


def test_points_of_a_tensor_product_are_row_major():
    group = AXES.group
    both = Tensor(group, (AXES, points(group)))
    for image, axis, corner in zip(
        both.generators, AXES.generators, points(group).generators, strict=True
    ):
        for i in range(3):
            for j in range(6):
                assert image.images[6 * i + j] == 6 * axis.images[i] + corner.images[j]
                sign = 1 if axis.signs is None else axis.signs[i]
                assert (1 if image.signs is None else image.signs[6 * i + j]) == sign


def test_axes_stand_one_after_another():
    pixels = SetAction(grid([4, 6]), "pixels")
    both = Tensor(pixels.group, (pixels, Trivial(pixels.group, 2), pixels))
    assert both.shape == (4, 6, 2, 4, 6) and both.dimension == 24 * 2 * 24
    assert Sum(pixels.group, (both, pixels)).shape == (24 * 2 * 24 + 24,)
    assert power(pixels, 3).shape == (4, 6) * 3


def test_factors_leave_out_the_unit_and_summands_do_not():
    one, two = Trivial(S4), Trivial(S4, 2)
    assert Tensor(S4, (X, one, power(X, 2), two)).factors() == (X, X, X, two)
    assert Tensor(S4, (one, one)).factors() == ()
    total = Sum(S4, (X, Sum(S4, (one, two)), power(X, 2)))
    assert total.summands() == (X, one, two, power(X, 2))
    assert total.factors() == (total,) and X.summands() == (X,)


def test_signs_are_those_of_any_part():
    assert Tensor(S4, (X, SIGN)).signed and Sum(S4, (X, SIGN)).signed
    assert not power(X, 2).signed and not Sum(S4, (X, X)).signed


def test_equal_constructions_are_equal_values():
    assert power(X, 2) == Tensor(S4, (X, X)) and power(X, 2) != power(X, 3)
    assert hash(power(X, 2)) == hash(Tensor(S4, (points(S4), points(S4))))
    assert Sum(S4, (X, X)) != Tensor(S4, (X, X)) != Sum(S4, (X, X), ("a", "b"))
    other = points(B3)
    assert power(X, 2).rebuilt([other, other]) == power(other, 2)
    fields = Sum(S4, (X, SIGN), ("node", "edge")).rebuilt([other, other])
    assert fields == Sum(B3, (other, other), ("node", "edge"))


CYCLE = SignedPermutation.of([1, 2, 0, 3])


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (X, "points"),
        (SIGN, "sign"),
        (Regular(S4), "regular"),
        (Trivial(S4), "trivial"),
        (Trivial(S4, 3), "trivial(3)"),
        (power(X, 1), "points"),
        (power(X, 3), "points^3"),
        (power(power(X, 2), 2), "(points^2)^2"),
        (Tensor(S4, (X,)), "points"),
        (Tensor(S4, (X, SIGN)), "points x sign"),
        (Tensor(S4, (X, Sum(S4, (X, SIGN)))), "points x (points + sign)"),
        (Sum(S4, (X, power(X, 2))), "points + points^2"),
        (Sum(S4, (X, SIGN), ("node", "edge")), "{node: points, edge: sign}"),
        (Subsets(S4, X, 2), "subsets(points, 2)"),
        (Injections(S4, X, 2), "injections(points, 2)"),
        (Subsets(S4, Sum(S4, (X, X)), 2), "subsets(points + points, 2)"),
        (Cosets(S4, (CYCLE,)), "cosets(<(0 1 2)>)"),
        (Cosets(S4, KLEIN), "cosets(<(0 1)(2 3), (0 2)(1 3)>)"),
        (Tensor(USERS, tuple(LIFTED.values())), "users x movies"),
        (power(LIFTED["users"], 2), "users^2"),
        (AXES, "axes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_print_as_mathematics(action, text):
    assert str(action) == text
