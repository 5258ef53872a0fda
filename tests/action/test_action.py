"""Every action is a homomorphism, and says of itself what is so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.action.action import Declared, SetAction, Trivial
from intertwine.action.homogeneous import Regular
from intertwine.action.lifted import Lifted
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets
from intertwine.errors import SpecError, TooLargeError
from intertwine.group.group import Group
from intertwine.group.named import alternating, cyclic, hyperoctahedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.limits import limited_to
from tests import oracle
from tests.action.samples import (
    AXES,
    CONSTRUCTIONS,
    LIFTED,
    NAMED,
    S4,
    S5,
    UNSIGNED,
    USERS,
    declared,
    dense,
    element,
    points,
)

SMALL = [name for name, (action, order) in NAMED.items() if 1 < order < 200]
words = st.lists(st.integers(0, 2), max_size=6)


@pytest.mark.parametrize("name", SMALL)
def test_a_named_action_respects_every_relation_of_its_group(name):
    """Beside faithful points the generators make no more elements than the group has."""
    action, order = NAMED[name]
    faithful = [(g.images.tolist(), [1] * g.degree) for g in action.group.faithful_images()]
    elements = oracle.closure(oracle.signed(action), faithful)
    assert len(elements) == order
    assert len({repr(beside) for _, beside in elements}) == order


@pytest.mark.parametrize("name", NAMED)
def test_generators_are_signed_permutations_of_the_shape(name):
    action, _ = NAMED[name]
    assert action.dimension == np.prod(action.shape)
    assert len(action.generators) == len(action.group.generators)
    for image in action.generators:
        assert sorted(image.images.tolist()) == list(range(action.dimension))
        assert image.signs is None or set(image.signs.tolist()) <= {-1, 1}
    assert action.signed or all(
        image.signs is None or (image.signs == 1).all() for image in action.generators
    )


@pytest.mark.parametrize("construct", [*CONSTRUCTIONS.values()], ids=[*CONSTRUCTIONS])
@settings(max_examples=30, deadline=None)
@given(declared(), words, words)
def test_the_image_of_a_product_is_the_product_of_the_images(construct, pair, left, right):
    _check_product(construct(*pair), left, right)


@pytest.mark.parametrize("construct", [*UNSIGNED.values()], ids=[*UNSIGNED])
@settings(max_examples=30, deadline=None)
@given(declared(signs=False), words, words)
def test_so_is_it_for_tuples_of_plain_points(construct, pair, left, right):
    _check_product(construct(*pair), left, right)


def _check_product(action, left, right):
    count = len(action.group.generators)
    g, h = ([number % count for number in word] for word in (left, right))
    atoms = action.atoms()
    here, there, both = (dense(action.evaluate(element(atoms, w))) for w in (g, h, g + h))
    assert (both == here @ there).all()
    assert (dense(action.evaluate(element(atoms, []))) == np.eye(action.dimension)).all()
    inverse = {atom: image.inverse() for atom, image in element(atoms, g).items()}
    assert (dense(action.evaluate(inverse)) == here.T).all()
    for number, generator in enumerate(action.generators):
        assert (dense(generator) == dense(action.evaluate(element(atoms, [number])))).all()


@pytest.mark.parametrize("construct", [*CONSTRUCTIONS.values()], ids=[*CONSTRUCTIONS])
@settings(max_examples=30, deadline=None)
@given(declared(), words)
def test_the_character_is_the_trace(construct, pair, word):
    action = construct(*pair)
    images = element(action.atoms(), [number % len(action.group.generators) for number in word])
    assert action.character(images) == np.trace(dense(action.evaluate(images)))


@pytest.mark.parametrize("group", [S4, S5, alternating(6), cyclic(6), cyclic(5)], ids=str)
def test_the_sign_is_the_determinant_on_the_natural_points(group):
    found = [dense(image).item() for image in Sign(group).generators]
    assert found == [round(np.linalg.det(dense(image))) for image in points(group).generators]
    assert Sign(group).shape == (1,) and Sign(group).signed == (-1 in found)


@pytest.mark.parametrize("group", [USERS, Group("<a>", ("a",), {})], ids=str)
def test_a_sign_without_natural_points_is_refused(group):
    with pytest.raises(SpecError, match=r"natural points.*signed_permutations"):
        Sign(group)


def test_a_declared_action_is_what_was_listed():
    listed = (SignedPermutation.of([1, 2, 0]), SignedPermutation.of([1, 0, 2], [-1, 1, 1]))
    action = Declared(Group("G", ("a", "b"), {}), listed)
    assert action.generators == listed and action.shape == (3,) and action.signed
    assert action.atoms() == (action,) and action.owner is None and action.parts == ()
    assert not Declared(action.group, listed[:1]).signed
    with pytest.raises(TypeError, match="atom"):
        action.induce(listed)


def test_a_trivial_action_fixes_every_point_and_is_a_unit():
    three, one = Trivial(S4, 3), Trivial(S4)
    assert [dense(g).tolist() for g in three.generators] == [np.eye(3).tolist()] * 2
    assert three.factors() == (three,) and one.factors() == () and one.dimension == 1
    assert three.stripped() is three and three.owner is None and three.atoms() == ()
    assert not three.signed and three.character({}) == 3
    with pytest.raises(TypeError, match="no parts"):
        three.rebuilt([])


def test_the_set_of_an_action_says_its_axes_and_signs():
    corners = points(AXES.group)
    assert (AXES.shape, AXES.signed) == ((3,), True)
    assert (corners.shape, corners.signed) == ((6,), False)
    for axis, corner in zip(AXES.generators, corners.generators, strict=True):
        block = dense(corner)
        assert (block[:3, :3] - block[3:, :3] == dense(axis)).all()
    assert SetAction(hyperoctahedral(2), "axes") != AXES


def test_atoms_are_distinct_and_in_order_of_occurrence():
    natural, sign, regular = points(S4), Sign(S4), Regular(S4)
    nested = Sum(S4, (Tensor(S4, (sign, natural)), Subsets(S4, natural, 2), regular, Sign(S4)))
    assert nested.atoms() == (sign, natural, regular)
    assert nested.signed and not Subsets(S4, natural, 2).signed
    assert nested.rebuilt(nested.parts) == nested


def test_an_owner_is_a_factor_that_alone_acts():
    users, movies = LIFTED["users"], LIFTED["movies"]
    pairs = power(users, 2)
    assert pairs.owner == "users" and power(movies, 3).owner == "movies"
    assert Tensor(USERS, (users, movies)).owner is None
    assert points(S4).owner is None and ExteriorPower(USERS, users, 2).owner == "users"
    inner = pairs.stripped()
    assert inner == power(users.inner, 2) and inner.group is USERS.factors["users"]
    assert [str(g) for g in pairs.generators[:2]] == [str(g) for g in inner.generators]
    assert Lifted(USERS, "users", users.inner) == users


def test_a_large_action_is_counted_without_a_list():
    natural = points(symmetric(1000))
    triples = power(natural, 3)
    assert triples.dimension == 10**9 and triples.shape == (1000,) * 3
    assert Subsets(natural.group, natural, 3).dimension == 1000 * 999 * 998 // 6
    assert Injections(natural.group, natural, 3).dimension == 1000 * 999 * 998
    with limited_to(2**30), pytest.raises(TooLargeError, match=r"1000000000 points.*count"):
        _ = triples.generators
