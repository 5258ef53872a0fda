"""Orders of groups as they act, where names, sets or both define them."""

from math import factorial

import pytest
from hypothesis import given, settings

from intertwine.action.action import Declared, SetAction, Trivial
from intertwine.action.homogeneous import Regular
from intertwine.action.order import group_order, joint_order
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.group.group import Group
from intertwine.group.named import cyclic, hyperoctahedral
from intertwine.group.notation import parse_permutation, parse_signed
from intertwine.group.permutation import SignedPermutation
from tests import oracle
from tests.action.samples import AXES, B3, LIFTED, NAMED, S4, USERS, declared, points


def named(*images):
    """An action of a group that is generators by name alone."""
    group = Group("G", tuple("abcdefgh"[: len(images)]), {})
    signed = any(isinstance(image, list) for image in images)
    parse = parse_signed if signed else parse_permutation
    return Declared(group, tuple(map(parse, images)))


def beside(action, *images):
    """Another action of the same group."""
    return Declared(action.group, tuple(parse_permutation(image) for image in images))


QUATERNIONS = named([2, -1, 4, -3], [3, -4, -1, 2])
NEGACYCLIC = named([2, 3, 4, 5, 6, 7, 8, -1])
SIGNS = named([-1, 2, 3], [1, -2, 3], [1, 2, -3])


@pytest.mark.parametrize(
    ("action", "order"),
    [
        (QUATERNIONS, 8),
        (NEGACYCLIC, 16),
        (SIGNS, 8),
        (named("(0 1 2 3 4)", "(0 1 2)(3)(4)"), 60),
        (named("(0 1 2 3 4 5 6)", "(1 2 4)(3 6 5)"), 21),
        (named("(0 1 2 3 4 5 6)", "(1 2)(3 6)(0)(4)(5)"), 168),
        (named("()", "()"), 1),
    ],
    ids=["quaternions", "negacyclic", "signs", "A_5", "7:3", "GL(3, 2)", "identities"],
)
def test_the_order_of_a_group_that_is_names_alone_is_that_of_its_actions(action, order):
    """Signs count: the quaternion group is of order 8 only with them."""
    assert group_order(action.group, [action, action]) == order
    assert group_order(action.group, [power(action, 2), action]) == order
    assert joint_order(action.group, [Sum(action.group, (action, action))]) == order


@settings(max_examples=60, deadline=None)
@given(declared(most=3))
def test_two_actions_together_have_the_order_of_their_closure(pair):
    first, second = pair
    elements = oracle.closure(oracle.signed(first), oracle.signed(second))
    assert joint_order(first.group, pair) == len(elements)
    assert group_order(first.group, [Tensor(first.group, (first, second))]) == len(elements)


def test_quotients_count_together_as_the_group_they_come_from():
    """One generator of orders 2, 3 and 5 at once makes the cyclic group of order 30."""
    two = named("(0 1)")
    three, five = beside(two, "(0 1 2)"), beside(two, "(0 1 2 3 4)")
    assert [joint_order(two.group, [x]) for x in (two, three, five)] == [2, 3, 5]
    assert joint_order(two.group, [two, three]) == 6
    assert joint_order(two.group, [three, five, two, three]) == 30
    assert group_order(two.group, [Trivial(two.group), three, five]) == 15


def test_trivial_actions_of_names_alone_leave_one_element():
    group = Group("G", ("a", "b"), {})
    assert group_order(group, [Trivial(group, 3), Trivial(group)]) == 1
    assert group_order(group, []) == 1


def test_large_groups_by_name_alone_are_recognised():
    """The giants on 30 points: 30! and half of it."""
    cycle = "(" + " ".join(map(str, range(30))) + ")"
    whole = named(cycle, f"{cycle[:-1].replace(' 29', '')})(29)")
    assert whole.dimension == 30
    assert group_order(whole.group, [whole]) == factorial(30)
    shorter = "(" + " ".join(map(str, range(29))) + ")(29)"
    half = named(shorter, "(27 28 29)")
    assert group_order(half.group, [half]) == factorial(30) // 2


FACES = {
    "up": "(0 2 7 5)(1 4 6 3)(8 32 24 16)(9 33 25 17)(10 34 26 18)",
    "left": "(8 10 15 13)(9 12 14 11)(0 16 40 39)(3 19 43 36)(5 21 45 34)",
    "front": "(16 18 23 21)(17 20 22 19)(5 24 42 15)(6 27 41 12)(7 29 40 10)",
    "right": "(24 26 31 29)(25 28 30 27)(2 37 42 18)(4 35 44 20)(7 32 47 23)",
    "back": "(32 34 39 37)(33 36 38 35)(2 8 45 31)(1 11 46 28)(0 13 47 26)",
    "down": "(40 42 47 45)(41 44 46 43)(13 21 29 37)(14 22 30 38)(15 23 31 39)",
}


def test_the_turns_of_a_rubiks_cube_generate_its_group():
    """As in GAP's manual, points counted from 0; the order is the well-known one."""
    images = tuple(parse_permutation(text, 48) for text in FACES.values())
    stickers = Declared(Group("rubik", tuple(FACES), {}), images)
    assert group_order(stickers.group, [stickers]) == 43252003274489856000


@pytest.mark.parametrize("name", [n for n, (a, _) in NAMED.items() if a.group.sets])
def test_an_action_of_a_group_with_sets_adds_nothing(name):
    action, order = NAMED[name]
    assert group_order(action.group, [action]) == order
    if AXES not in action.atoms():
        assert joint_order(action.group, [action]) == order


def test_an_action_that_breaks_a_relation_makes_the_joint_order_larger():
    """C_3 with an image of order 2 is C_6; S_4 with its generators' images exchanged is larger."""
    three = cyclic(3)
    flip = Declared(three, (parse_permutation("(0 1)"),))
    assert joint_order(three, [flip]) == 6 and group_order(three, [flip]) == 3
    swapped = Declared(S4, tuple(reversed(points(S4).generators)))
    faithful = oracle.signed(points(S4))
    expected = len(oracle.closure(oracle.signed(swapped), faithful))
    assert joint_order(S4, [swapped]) == expected > 24
    unfaithful = Sign(S4)
    assert joint_order(S4, [unfaithful]) == 24


def test_products_count_with_every_factor():
    users = LIFTED["users"]
    assert joint_order(USERS, [users]) == group_order(USERS, [users]) == 6 * 24
    assert joint_order(USERS, [Trivial(USERS)]) == 144
    assert joint_order(USERS, [Regular(USERS)]) == 144


def test_signed_axes_have_more_elements_than_their_places():
    """B_3 by name alone, of order 2^3 3!, and S_3 once its signs are forgotten."""
    axes = named([2, 1, 3], [2, 3, 1], [-1, 2, 3])
    plain = Declared(axes.group, tuple(type(g)(g.images) for g in axes.generators))
    assert group_order(axes.group, [axes]) == 48
    assert group_order(axes.group, [axes, plain]) == 48
    assert group_order(axes.group, [plain]) == 6
    assert joint_order(B3, [Declared(B3, axes.generators)]) == 48


def test_images_with_signs_and_without_count_together():
    """The axes of B_n, plain but for one sign change; and a list that says signs only once."""
    for n, order in ((1, 2), (2, 8), (3, 48), (4, 384)):
        group = hyperoctahedral(n)
        assert joint_order(group, [SetAction(group, "axes")]) == order
        assert joint_order(group, [SetAction(group, "axes"), Sign(group)]) == order
    plain, flip = SignedPermutation.of([1, 0]), SignedPermutation.of([0, 1], [-1, 1])
    for listed in ((plain, flip), (flip, plain)):
        mixed = Declared(Group("G", ("a", "b"), {}), listed)
        assert group_order(mixed.group, [mixed]) == 8
        beside = Declared(mixed.group, (SignedPermutation.of([1, 2, 0]),) * 2)
        assert joint_order(mixed.group, [mixed, beside]) == 24
