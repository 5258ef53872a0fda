"""Actions of one factor of a product group: the other factors do nothing."""

import numpy as np
import pytest

from intertwine.action.action import SetAction, Trivial
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.lifted import Lifted
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Subsets
from intertwine.group.named import cyclic, hyperoctahedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.group.product import direct_product
from tests import oracle
from tests.action.samples import KLEIN, LIFTED, USERS, dense, points

S3, S4 = USERS.factors.values()
NESTED = direct_product({"left": USERS, "axes": hyperoctahedral(2), "ring": cyclic(5)})
INNER = {
    "points": ("users", points(S3)),
    "pairs": ("users", power(points(S3), 2)),
    "sign": ("movies", Sign(S4)),
    "regular": ("users", Regular(S3)),
    "cosets": ("movies", Cosets(S4, KLEIN)),
    "subsets": ("movies", Subsets(S4, points(S4), 2)),
    "wedge and sign": ("movies", Sum(S4, (ExteriorPower(S4, points(S4), 2), Sign(S4)))),
    "trivial": ("users", Trivial(S3, 2)),
}


@pytest.mark.parametrize("name", INNER)
def test_the_factors_generators_act_as_inside_and_all_others_not_at_all(name):
    factor, inner = INNER[name]
    lifted = Lifted(USERS, factor, inner)
    images = dict(zip(USERS.generators, lifted.generators, strict=True))
    inside = dict(zip(inner.group.generators, inner.generators, strict=True))
    for generator, image in images.items():
        owner, _, short = generator.partition(".")
        expected = dense(inside[short]) if owner == factor else np.eye(inner.dimension)
        assert (dense(image) == expected).all()
    assert (lifted.shape, lifted.signed) == (inner.shape, inner.signed)
    assert lifted.owner == factor and lifted.stripped() is inner


@pytest.mark.parametrize("name", INNER)
def test_an_element_is_evaluated_through_the_inner_atoms(name):
    """A word in the product's generators acts by its letters of this factor alone."""
    factor, inner = INNER[name]
    lifted = Lifted(USERS, factor, inner)
    word = [0, 2, 1, 3, 3, 0, 2]
    element = {}
    for atom in lifted.atoms():
        image = SignedPermutation.identity(atom.dimension)
        for number in word:
            image = image * atom.generators[number]
        element[atom] = image
    letters = [number for number in word if USERS.generators[number].startswith(factor)]
    first = 0 if factor == "users" else 2
    expected = np.eye(inner.dimension)
    for number in letters:
        expected = expected @ dense(inner.generators[number - first])
    assert (dense(lifted.evaluate(element)) == expected).all()
    assert lifted.character(element) == np.trace(expected)
    assert all(isinstance(atom, Lifted) and atom.factor == factor for atom in lifted.atoms())
    assert [atom.inner for atom in lifted.atoms()] == list(inner.atoms())


def test_factors_act_independently():
    """Pairs of generators from different factors commute; together all products occur."""
    users, movies = (oracle.signed(action) for action in LIFTED.values())
    elements = oracle.closure(users, movies)
    assert len(elements) == 6 * 24
    left, right = ({repr(side) for side in sides} for sides in zip(*elements, strict=True))
    assert len(left) == 6 and len(right) == 24
    both = Tensor(USERS, tuple(LIFTED.values())).generators
    for g in both[:2]:
        for h in both[2:]:
            assert (dense(g) @ dense(h) == dense(h) @ dense(g)).all()
            assert (dense(g) != dense(h)).any()


def test_a_tensor_product_over_factors_acts_row_by_row_and_column_by_column():
    table = Tensor(USERS, tuple(LIFTED.values()))
    given = np.arange(12)
    for name, image in zip(USERS.generators, table.generators, strict=True):
        moved = np.empty(12, int)
        moved[image.images] = given
        array = np.moveaxis(given.reshape(3, 4), 0 if name.startswith("users") else 1, 0)
        by_hand = {"swap": array[[1, 0, *range(2, len(array))]], "shift": np.roll(array, 1, 0)}
        expected = by_hand[name.partition(".")[2]]
        found = np.moveaxis(moved.reshape(3, 4), 0 if name.startswith("users") else 1, 0)
        assert found.tolist() == expected.tolist()


def test_factors_of_factors_are_lifted_twice():
    users = Lifted(NESTED, "left", Lifted(USERS, "users", points(S3)))
    movies = Lifted(NESTED, "left", Lifted(USERS, "movies", power(points(S4), 2)))
    axes = Lifted(NESTED, "axes", SetAction(NESTED.factors["axes"], "axes"))
    assert NESTED.order == 6 * 24 * 8 * 5
    for action, names in ((users, "left.users"), (movies, "left.movies"), (axes, "axes")):
        for generator, image in zip(NESTED.generators, action.generators, strict=True):
            assert image.is_identity() or generator.startswith(names)
        assert any(not image.is_identity() for image in action.generators)
    assert users.atoms() == (users,) and users.owner == movies.owner == "left"
    assert movies.stripped() == Lifted(USERS, "movies", power(points(S4), 2))
    images = dict(zip(movies.atoms(), (g.generators[3] for g in movies.atoms()), strict=True))
    assert (dense(movies.evaluate(images)) == dense(movies.generators[3])).all()
    assert len(oracle.closure(oracle.signed(movies), oracle.signed(users))) == 144
    assert len(oracle.closure(oracle.signed(axes), oracle.signed(users))) == 8 * 6


def test_equal_factors_are_told_apart_by_name():
    three = symmetric(3)
    group = direct_product({"rows": three, "columns": three})
    rows, columns = (Lifted(group, name, points(three)) for name in ("rows", "columns"))
    assert rows != columns and rows == Lifted(group, "rows", points(three))
    assert Tensor(group, (rows, columns)).owner is None
    assert Tensor(group, (rows, columns)).atoms() == (rows, columns)
    assert len(oracle.closure(oracle.signed(rows), oracle.signed(columns))) == 36


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (LIFTED["users"], "users"),
        (Lifted(USERS, "users", Sign(S3)), "users.sign"),
        (Lifted(USERS, "users", Regular(S3)), "users.regular"),
        (Lifted(USERS, "movies", Subsets(S4, points(S4), 2)), "movies.subsets(points, 2)"),
        (Lifted(NESTED, "axes", SetAction(NESTED.factors["axes"], "axes")), "axes.axes"),
        (Lifted(NESTED, "axes", points(NESTED.factors["axes"])), "axes"),
        (Lifted(NESTED, "left", LIFTED["users"]), "left.users"),
    ],
)
def test_lifted_actions_print_with_their_factor(action, text):
    assert str(action) == text


def test_nothing_is_induced_on_a_lifted_action():
    with pytest.raises(TypeError, match="users is lifted"):
        LIFTED["users"].induce([])
