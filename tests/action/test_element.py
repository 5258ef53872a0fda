"""Random elements act as one and the same group element on every action."""

from collections import Counter

import pytest
from hypothesis import given, settings

from intertwine.action.action import Declared, Trivial
from intertwine.action.element import JointElements
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Subsets, SymmetricPower
from intertwine.group.group import Group
from intertwine.group.named import trivial
from intertwine.group.permutation import SignedPermutation
from tests import oracle
from tests.action.samples import (
    AXES,
    CONSTRUCTIONS,
    KLEIN,
    LIFTED,
    S4,
    USERS,
    declared,
    dense,
    pairs,
    points,
)

X = points(S4)
FAMILIES = {
    "points and sign": [X, Sign(S4)],
    "wedge, monomials, points": [ExteriorPower(S4, X, 2), SymmetricPower(S4, X, 2), X],
    "cosets and regular": [Cosets(S4, KLEIN), Regular(S4)],
    "axes and points": [AXES, points(AXES.group), ExteriorPower(AXES.group, AXES, 2)],
    "factors of a product": [*LIFTED.values(), Tensor(USERS, tuple(LIFTED.values()))],
    "tuples of a factor": [Subsets(USERS, LIFTED["movies"], 2), LIFTED["users"]],
    "trivial and points": [Trivial(S4, 2), X, Sum(S4, (X, Trivial(S4), Sign(S4)))],
}


def code(images):
    return repr([pairs(image) for image in images])


@pytest.mark.parametrize("name", FAMILIES)
def test_drawn_images_are_those_of_one_element_and_all_elements_come(name):
    """Members of the joint closure, as the oracle lists it on one long list of points."""
    actions = FAMILIES[name]
    whole = oracle.signed(Sum(actions[0].group, tuple(actions)))
    elements = oracle.closure(whole, whole)
    expected = {repr(joint) for joint, _ in elements}
    source = JointElements(actions)
    seen = Counter()
    for _ in range(20 * len(elements)):
        images, signs, start = [], [], 0
        for image, action in zip(source.draw(), actions, strict=True):
            assert image.degree == action.dimension
            part, sign = pairs(image)
            images += [start + point for point in part]
            signs += sign
            start += image.degree
        seen[repr((images, signs))] += 1
    assert set(seen) == expected


@settings(max_examples=40, deadline=None)
@given(declared(most=3))
def test_constructions_are_drawn_with_the_atoms_they_stand_on(pair):
    built = [construct(*pair) for construct in CONSTRUCTIONS.values()]
    source = JointElements([*pair, *built])
    closure = {repr(both) for both in oracle.closure(*map(oracle.signed, pair))}
    for _ in range(10):
        first, second, *others = source.draw()
        assert repr((pairs(first), pairs(second))) in closure
        element = dict(zip(pair, (first, second), strict=True))
        for action, image in zip(built, others, strict=True):
            assert (dense(image) == dense(action.evaluate(element))).all()


def test_equal_actions_are_given_equal_images():
    source = JointElements([X, power(X, 2), points(S4)])
    for _ in range(20):
        first, square, again = source.draw()
        assert code([first]) == code([again])
        moved = first.images.tolist()
        assert square.images.tolist() == [4 * i + j for i in moved for j in moved]


def test_the_same_seed_draws_the_same_elements_and_another_does_not():
    runs = [
        [code(elements.draw()) for _ in range(30)]
        for elements in (JointElements([X]), JointElements([X], seed=0), JointElements([X], seed=1))
    ]
    assert runs[0] == runs[1] != runs[2]


def test_actions_without_signs_are_drawn_without():
    """Beside a signed action too: signs would be carried along for nothing."""
    source = JointElements([X, Sign(S4)])
    for _ in range(20):
        plain, sign = source.draw()
        assert plain.signs is None and sign.signs is not None
        assert sign.signs.tolist() == [plain.parity()]


@pytest.mark.parametrize(
    "actions",
    [
        [Trivial(S4, 3), Trivial(S4)],
        [points(trivial(5))],
        [Declared(Group("1", ("a",), {}), (SignedPermutation.identity(4),))],
    ],
    ids=["trivial actions", "trivial group", "identity"],
)
def test_where_nothing_moves_the_identity_is_drawn(actions):
    source = JointElements(actions)
    for _ in range(3):
        assert [image.is_identity() for image in source.draw()] == [True] * len(actions)
        assert [image.degree for image in source.draw()] == [a.dimension for a in actions]
