"""Diagrams: that they are all there, once each, in the order of the orbitals."""

from collections import Counter
from itertools import product
from math import factorial, prod

import numpy as np
import pytest

from intertwine import solve
from intertwine.plan.diagram import Axes, crossings, diagrams, ends, joined, spelled
from tests.partitions import strings
from tests.solved import ANY_SIZE, solved

# Maron et al. 2019, Theorem 1: between tensors of orders k and l there are Bell(k + l) maps.
BELL = {0: 1, 1: 1, 2: 2, 3: 5, 4: 15, 5: 52, 6: 203}
ORDERS = list(product(range(4), repeat=2))
SIZES = {"u": 5, "m": 4, "t": 3}


def axes(*words):
    """Axes of factors by name, and fixed ones by size."""
    factors = tuple(word if isinstance(word, str) else None for word in words)
    return Axes(factors, tuple(SIZES.get(word, word) for word in words))


# Input, output, and how many diagrams: Bell numbers, one a factor, multiply.
PRODUCTS = [
    (axes("u", "m"), axes("u", "m"), 2 * 2),
    (axes("u", "m", "t"), axes("u", "m", "t"), 2 * 2 * 2),
    (axes("u", "u", "m"), axes("u", "u", "m"), 15 * 2),
    (axes("u", "m", "u"), axes("m", "u", "u", "m"), 15 * 5),
    (axes("u", "m"), axes("u"), 2 * 1),
    (axes("u", 2, "m"), axes(3, "m", "u", 2), 2 * 2),
    (axes(2), axes(3), 1),
    (axes("t", "m", "u"), axes("u"), 2),
]
CASES = [(axes(*"u" * k), axes(*"u" * o), BELL[k + o]) for k, o in ORDERS] + PRODUCTS


def pairs_of_ends(source, target):
    """Every diagram as an end of the output joined to an end of the input."""
    for t in ends(target):
        for s in ends(source):
            for crossing in crossings(t.level) if t.level == s.level else ():
                outputs, inputs = joined(t, s, crossing)
                yield outputs + inputs, t, s


@pytest.mark.parametrize(("source", "target", "count"), CASES)
def test_there_are_as_many_as_the_literature_says(source, target, count):
    assert len(diagrams(source, target)) == count


@pytest.mark.parametrize(("source", "target", "count"), CASES)
def test_they_are_all_ways_to_tie_axes_of_one_factor(source, target, count):
    assert diagrams(source, target) == strings(target.names + source.names)


@pytest.mark.parametrize(("source", "target", "count"), CASES)
def test_every_one_arises_once_from_two_ends_and_a_crossing(source, target, count):
    found = Counter(string for string, _, _ in pairs_of_ends(source, target))
    assert found == Counter(diagrams(source, target))
    assert len(found) == count


@pytest.mark.parametrize(("source", "target", "count"), CASES)
def test_the_ends_of_a_diagram_are_its_own(source, target, count):
    outputs = len(target.names)
    for string, t, s in pairs_of_ends(source, target):
        crossing = set(string[:outputs]) & set(string[outputs:])
        assert len(crossing) == len(t.kept) == len(s.kept)
        assert t.loose == len(set(string[:outputs]) - crossing)
        assert s.loose == len(set(string[outputs:]) - crossing)
        names = target.names + source.names
        assert sorted(t.level) == sorted(names[string.index(block)] for block in crossing)


def test_a_crossing_keeps_the_factor_of_every_block():
    for level in ((), ("u",), ("u", "u", "u"), ("m", "u", "u"), ("m", "m", "u", "u")):
        found = crossings(level)
        assert len(found) == prod(factorial(level.count(f)) for f in set(level))
        assert len(set(found)) == len(found)
        assert found[0] == tuple(range(len(level)))
        for way in found:
            assert [level[a] for a in way] == list(level)


def first_entries(space):
    """The first place of every basis element in row-major order, as points of the moved axes."""
    flat = np.abs(space.codes).ravel()
    firsts = [int(np.argmax(flat == k + 1)) for k in range(space.dimension)]
    assert firsts == sorted(firsts)
    return [np.unravel_index(f, space.target.shape + space.source.shape) for f in firsts]


def growth(points, names):
    """The diagram that ties exactly the axes of one factor with the same point."""
    seen = []
    for pair in zip(names, points, strict=True):
        if pair not in seen:
            seen.append(pair)
    return tuple(seen.index(pair) for pair in zip(names, points, strict=True))


def powers(inputs, outputs):
    sides = [{"power": ["points", r]} if r else "trivial" for r in (inputs, outputs)]
    degree = max(inputs + outputs, 1)
    return {"group": {"symmetric": degree}, "input": sides[0], "output": sides[1]}


@pytest.mark.parametrize(("inputs", "outputs"), [o for o in ORDERS if 0 < sum(o) < 6])
def test_their_order_is_that_of_the_orbitals(inputs, outputs):
    space = solve({"name": "powers", **powers(inputs, outputs)})
    source, target = Axes.of(space.source), Axes.of(space.target)
    names = target.names + source.names
    # `trivial` has an axis of its own, of one point.
    firsts = [f[1:] if not outputs else f[:-1] if not inputs else f for f in first_entries(space)]
    assert [growth(f, names) for f in firsts] == diagrams(source, target)


def test_their_order_is_that_of_the_orbitals_of_products():
    group = {"product": {"users": {"symmetric": 4}, "movies": {"symmetric": 3}}}
    sides = [
        (["users", "movies"], ["users", "movies"]),
        (["users", "movies", "users"], ["movies", "users"]),
        (["movies", "users"], ["users", "movies", "users"]),
    ]
    for inside, outside in sides:
        spec = {"name": "p", "group": group, "input": {"tensor": inside},
                "output": {"tensor": outside}}  # fmt: skip
        space = solve(spec)
        source, target = Axes.of(space.source), Axes.of(space.target)
        assert (source.names, target.names) == (tuple(inside), tuple(outside))
        found = [growth(f, target.names + source.names) for f in first_entries(space)]
        assert found == diagrams(source, target)


@pytest.mark.parametrize("name", [n for n in ANY_SIZE if n != "maron_2_2_small"])
def test_where_points_are_enough_there_are_as_many_as_orbitals(name):
    space = solved(name)
    plan = space.plan
    assert sum(block.rows for block in plan.blocks) == space.dimension
    bias = sum(len(plan.invariants(t)) * axes.copies for t, axes in plan.outputs.items())
    assert bias == space.bias_dimension


def test_where_points_are_too_few_some_depend_on_the_others():
    space = solved("maron_2_2_small")
    assert (space.dimension, sum(block.rows for block in space.plan.blocks)) == (14, 15)


def test_letters_name_ties():
    assert [spelled(s, 1) for s in diagrams(axes("u"), axes("u"))] == ["a a", "a b"]
    assert spelled((0, 1, 2, 0), 0) == "abca"
    assert spelled((0, 1), 2) == "ab"
    assert spelled((), 0) == ""
    found = [end.letters() for end in ends(axes("u", "u"))]
    assert found == ["aa", "ii", "ab", "ia", "ai", "ij"]


def of(group, action):
    spec = {"name": "axes", "group": group, "input": action, "output": action}
    return Axes.of(solve(spec).source)


def test_axes_of_actions():
    four = {"symmetric": 4}
    both = {"product": {"u": four, "m": {"symmetric": 3}}}
    assert of(four, "points") == Axes(("",), (4,))
    assert of(four, {"power": ["points", 2]}) == Axes(("", ""), (4, 4))
    assert of(four, {"tensor": ["points", {"trivial": 3}]}) == Axes(("", None), (4, 3))
    assert of(four, {"tensor": [{"trivial": 1}, "points"]}) == Axes((None, ""), (1, 4))
    assert of(both, {"tensor": [{"power": ["u", 2]}, "m"]}) == Axes(("u", "u", "m"), (4, 4, 3))
    mixed = of(both, {"tensor": ["m", {"trivial": 2}, "u"]})
    assert (mixed.moved, mixed.fixed, mixed.copies, mixed.names) == ((0, 2), (1,), 2, ("m", "u"))


@pytest.mark.parametrize(
    ("group", "action"),
    [
        ({"cyclic": 4}, "points"),
        ({"alternating": 5}, "points"),
        ({"symmetric": 4}, "sign"),
        ({"symmetric": 4}, {"exterior_power": ["points", 2]}),
        ({"symmetric": 4}, {"tensor": ["points", "sign"]}),
        ({"symmetric": 4}, {"sum": ["points", "points"]}),
    ],
)
def test_other_actions_have_none(group, action):
    assert of(group, action) is None
