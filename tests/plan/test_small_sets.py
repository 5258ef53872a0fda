"""Factoring through small sets: exact, a basis, and through the blocks there are."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine import solve
from intertwine.action.action import Declared, SetAction
from intertwine.action.lifted import Lifted
from intertwine.action.structure import Tensor
from intertwine.group.group import Group
from intertwine.group.named import cyclic, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.group.product import direct_product
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.block import Ends
from intertwine.plan.program import Program
from intertwine.plan.strategy.gsets import blocks, small_sets
from intertwine.plan.strategy.small_sets import MOST_FACTORED, kind_of, through_small_sets
from tests.solved import FIELDS, MATRICED, SPECS, solved


def is_small(name):
    space = solved(name)
    unsigned = not (space.source.signed or space.target.signed)
    entries = space.source.dimension * space.target.dimension
    return name not in FIELDS and unsigned and entries <= 2500 and 0 < space.dimension <= 64


def moves_of(plan):
    """The matrix of every product, in the order of the rows of `change`."""
    return [
        stage.spreads[s].astype(object) @ stage.pools[p].astype(object)
        for stage in plan.stages
        for s, p in stage.cells
    ]


def check(space, plan, seed=0):
    """`change` writes each basis element in the products, which are a basis of integers."""
    random = np.random.default_rng(seed)
    shape = (space.dimension, 2, 1)
    weights = random.integers(-3, 4, shape).astype(object)
    x = random.integers(-3, 4, (1, space.source.dimension)).astype(object)
    steps = plan.steps(Ends("input", "output"), 1, (space.target.dimension,))
    program = Program(tuple(steps), (("output", "y"),))
    found = program.run({"x": x}, {("output", "input"): weights}, {})["output"]
    assert all(isinstance(value, (int, Fraction)) for value in found.ravel())
    entries = [np.asarray(space.codes == k + 1).astype(object) for k in range(space.dimension)]
    whole = [w @ x @ b.T for w, b in zip(weights, entries, strict=True)]
    np.testing.assert_array_equal(found, sum(whole))
    products = moves_of(plan)
    assert len(products) == space.dimension == len(plan.change)
    coefficients = [[int(p.ravel()[f]) for f in firsts(space)] for p in products]
    assert fmpz_mat(coefficients).rank() == space.dimension
    for product, row in zip(products, coefficients, strict=True):
        combined = sum(c * b for c, b in zip(row, entries, strict=True))
        np.testing.assert_array_equal(product, combined)
    exact = np.array(coefficients, dtype=object).T @ plan.change.astype(object)
    np.testing.assert_array_equal(exact, plan.denominator * np.eye(space.dimension, dtype=int))


def firsts(space):
    flat = space.codes.ravel()
    return [int(np.flatnonzero(flat == k + 1)[0]) for k in range(space.dimension)]


@pytest.mark.slow
def test_every_small_spec_is_factored_exactly():
    names = [name for name in SPECS if is_small(name) and name not in MATRICED]
    assert len(names) > 30
    for name in names:
        plan = through_small_sets(solved(name))
        assert plan is not None, name
        check(solved(name), plan)


def test_stages_are_numbered_one_after_another():
    for name in ("sudoku_cells", "johnson", "sets_of_images"):
        plan = through_small_sets(solved(name))
        start = 0
        for stage in plan.stages:
            assert stage.start == start
            assert len(set(stage.cells)) == len(stage.cells)
            assert all(pool.shape[0] == stage.points for pool in stage.pools)
            assert all(spread.shape[1] == stage.points for spread in stage.spreads)
            start += len(stage.cells)
        assert start == solved(name).dimension
        rows = sum(len(stage.pools) * len(stage.spreads) for stage in plan.stages)
        assert plan.grid().shape == (rows, solved(name).dimension)
        assert (plan.grid() != 0).any(axis=1).sum() == solved(name).dimension
        assert plan.multiply_adds(16) == sum(s.multiply_adds(16) for s in plan.stages)


def test_sudoku_mixes_on_its_rows_columns_and_blocks():
    plan = through_small_sets(solved("sudoku_cells"))
    sizes = sorted(stage.points for stage in plan.stages)
    assert sizes[0] == 1 and sizes[-1] == 81 and max(sizes[:-1]) <= 27
    assert str(plan).startswith("factored: ")


def test_a_product_of_groups_mixes_on_products_of_their_sets():
    group = {"product": {"a": {"symmetric": 5}, "b": {"dihedral": 5}}}
    table = {"tensor": [{"subsets": ["a", 2]}, "b"]}
    space = solve({"name": "one", "group": group, "input": table, "output": table})
    plan = through_small_sets(space)
    names = {stage.name: stage.points for stage in plan.stages}
    assert names["a"] == 5
    assert names["b"] == 5
    assert names["a x b"] == 25
    assert max(names.values()) == 50
    check(space, plan)


def test_what_cannot_be_factored():
    signed = {"name": "one", "group": {"symmetric": 4}, "input": "points", "output": "sign"}
    assert through_small_sets(solve(signed)) is None
    assert (
        through_small_sets(solve({**signed, "output": {"exterior_power": ["points", 2]}})) is None
    )
    large = {"name": "one", "group": {"trivial": 23}, "input": "points", "output": "points"}
    assert solve(large).dimension > MOST_FACTORED
    assert through_small_sets(solve(large)) is None


def action_of(group, points="points"):
    spec = {"name": "one", "group": group, "input": points, "output": points}
    return solve(spec).source


@pytest.mark.parametrize(
    ("group", "points", "numbers"),
    [
        ({"cyclic": 12}, "points", [4, 6]),
        ({"cyclic": 7}, "points", []),
        ({"dihedral": 6}, "points", [2, 3]),
        ({"symmetric": 5}, "points", []),
        ({"symmetric": 5}, {"subsets": ["points", 2]}, []),
        ({"symmetric": 4}, {"subsets": ["points", 2]}, [3]),
        ({"symmetric": 5}, {"injections": ["points", 2]}, [5, 5, 10]),
        ({"wreath": {"base": {"symmetric": 3}, "top": {"symmetric": 4}}}, "points", [4]),
        ({"wreath": {"base": {"cyclic": 4}, "top": {"symmetric": 3}}}, "points", [6]),
        ({"cyclic": 4}, {"sum": ["points", "points"]}, [2, 2, 4, 4]),
        ({"generators": {"g": "(0 1 2 3)(4 5)"}}, "points", [2, 2, 4]),
    ],
)
def test_the_known_minimal_blocks_are_found(group, points, numbers):
    found = sorted(action.dimension for action in blocks(action_of(group, points)))
    missing = list(numbers)
    for size in found:
        if size in missing:
            missing.remove(size)
    assert not missing, found
    assert numbers or not found


def test_the_small_sets_are_sorted_and_different_and_smaller():
    for name in ("sudoku_cells", "sets_of_images", "cube_gradient", "petersen_arcs"):
        space = solved(name)
        found = small_sets(space.source, space.target)
        sizes = [action.dimension for action in found]
        assert sizes == sorted(sizes) and sizes[0] == 1
        assert sizes[-1] < max(space.source.dimension, space.target.dimension)
        images = {tuple(g.images.tobytes() for g in action.generators) for action in found}
        assert len(images) == len(found)


def points_of(group):
    return SetAction(group, "points")


def test_factors_of_factors_have_the_small_sets_of_factors():
    """However a product is bracketed, the same permutations are mixed on."""
    named = {"b": symmetric(3), "c": cyclic(4), "d": symmetric(5)}
    flat = direct_product(named)
    inner = direct_product({name: named[name] for name in "bc"})
    whole = direct_product({"a": inner, "d": named["d"]})
    of_flat = {name: Lifted(flat, name, points_of(group)) for name, group in named.items()}
    of_whole = {
        "d": Lifted(whole, "d", points_of(named["d"])),
        **{n: Lifted(whole, "a", Lifted(inner, n, points_of(named[n]))) for n in "bc"},
    }
    sets = [
        {tuple(g.images.tobytes() for g in action.generators) for action in small_sets(both, both)}
        for both in (
            Tensor(one["b"].group, tuple(one[name] for name in "bcd"))
            for one in (of_flat, of_whole)
        )
    ]
    assert sets[0] == sets[1]
    assert len(sets[0]) >= 7


def test_kinds_of_moves():
    eye = np.eye(64, dtype=bool)
    assert kind_of(eye) == "identity"
    assert kind_of(eye[::-1]) == "gather"
    assert kind_of(np.ones((4, 64), dtype=bool)) == "sum"


@st.composite
def pairs(draw):
    generators = draw(st.integers(1, 2))
    group = Group("G", tuple("ab"[:generators]), {})
    made = []
    for _ in range(2):
        degree = draw(st.integers(1, 6))
        listed = [draw(st.permutations(range(degree))) for _ in range(generators)]
        images = tuple(SignedPermutation(np.array(one, dtype=np.intp)) for one in listed)
        made.append(Declared(group, images))
    return made


@settings(max_examples=60, deadline=None)
@given(pairs(), st.integers(0, 99))
def test_random_groups_are_factored_exactly(sides, seed):
    space = IntertwinerSpace(*sides)
    check(space, through_small_sets(space), seed)


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_blocks_are_moved_as_blocks(sides):
    for action in sides:
        for found in blocks(action):
            assert 1 < found.dimension < action.dimension
            for image in found.generators:
                assert sorted(image.images) == list(range(found.dimension))
            # A map of G-sets onto the blocks: some orbital has one block a point, within an orbit.
            codes = IntertwinerSpace(action, found).codes
            held = [codes == k + 1 for k in range(int(codes.max()))]
            assert any((one.sum(axis=0) <= 1).all() and one.any(axis=1).all() for one in held)
