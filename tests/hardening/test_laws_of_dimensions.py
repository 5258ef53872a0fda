"""Laws of dimensions over random groups."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.pipeline import solve as solved
from tests.hardening import random_groups as random
from tests.hardening.random_groups import hom
from tests.hardening.tally import examples, tried

pytestmark = pytest.mark.slow


@examples(60)
@given(st.data())
def test_sums(data):
    """dim Hom(A + B, C) = dim Hom(A, C) + dim Hom(B, C), and so on the other side."""
    group = data.draw(random.groups())
    a, b, c = (data.draw(random.sides(group, most=20)) for _ in range(3))
    both = random.direct_sum(a, b)
    assert hom(group, both, c) == hom(group, a, c) + hom(group, b, c)
    assert hom(group, c, both) == hom(group, c, a) + hom(group, c, b)
    tried()


def lifted(side, factor):
    """The form of an action of one factor of a product."""
    match side:
        case "points":
            return factor
        case str():
            return f"{factor}.{side}"
        case {"trivial": _}:
            return side
        case {"cosets": parts}:
            return {"cosets": {**parts, "factor": factor}}
        case dict():
            return {key: lifted(value, factor) for key, value in side.items()}
        case list():
            return [lifted(value, factor) for value in side]
    return side


@examples(40)
@given(st.data())
def test_products(data):
    """dim Hom of outer products of two groups' actions is the product of the dimensions."""
    pairs = []
    for _ in range(2):
        group = data.draw(random.groups(most=5))
        sides = [data.draw(random.sides(group, most=12)) for _ in range(2)]
        assume(not any("matrices" in str(side.form) for side in sides))
        pairs.append((group, *sides))
    (g, a, b), (h, c, d) = pairs
    product = {"product": {"u": g.form, "v": h.form}}
    source = {"tensor": [lifted(a.form, "u"), lifted(c.form, "v")]}
    target = {"tensor": [lifted(b.form, "u"), lifted(d.form, "v")]}
    assert hom(product, source, target) == hom(g, a, b) * hom(h, c, d)
    tried()


@examples(60)
@given(st.data())
def test_transposition_of_orthogonal_actions(data):
    """dim Hom(A, B) = dim Hom(B, A) for permutations, signs and orthogonal matrices."""
    group = data.draw(random.groups())
    a, b = (data.draw(random.sides(group, orthogonal=True)) for _ in range(2))
    assert hom(group, a, b) == hom(group, b, a)
    tried()


@examples(60)
@given(st.data())
def test_transposition(data):
    """dim Hom(A, B) = dim Hom(B*, A*) for any matrices."""
    group = data.draw(random.groups(most=6))
    a, b = (data.draw(random.sides(group, most=20)) for _ in range(2))
    assert hom(group, a, b) == hom(group, random.dual(b), random.dual(a))
    tried()


@examples(60)
@given(st.data())
def test_smaller_groups(data):
    """The dimension never falls when the group loses a generator or shrinks to a subgroup."""
    group = data.draw(random.groups())
    a, b = (data.draw(random.sides(group, natural=True)) for _ in range(2))
    whole = hom(group, a, b)
    fewer = random.RandomGroup(group.generators[1:], group.degree)
    inside = random.RandomGroup(data.draw(random.elements_of(group)), group.degree)
    found = hom(inside, a, b)
    assert found >= whole
    assert (found == whole) or len(inside.elements) < len(group.elements)
    if fewer.generators:
        assert hom(fewer, a, b) >= whole
    tried()


@examples(80)
@given(st.data())
def test_characters(data):
    """The dimension is the inner product of characters over all elements, listed apart."""
    group = data.draw(random.groups())
    a, b = (data.draw(random.sides(group)) for _ in range(2))
    total = sum(Fraction(a.trace(g)) * b.trace(g) for g in group.elements)
    assert hom(group, a, b) == total / len(group.elements)
    assert solved(random.spec(group, a, b)).order == len(group.elements)
    tried()


@examples(60)
@given(st.data())
def test_burnside(data):
    """dim Hom(trivial, A) for permutations is the number of orbits, by union and find."""
    group = data.draw(random.groups())
    kind = data.draw(st.sampled_from(["points", "pairs", "subsets"]))
    form = {
        "points": "points",
        "pairs": {"power": ["points", 2]},
        "subsets": {"subsets": ["points", 1]},
    }[kind]
    points = range(group.degree)
    things = [(i, j) for i in points for j in points] if kind == "pairs" else [(i,) for i in points]
    leader = {thing: thing for thing in things}

    def found(thing):
        while leader[thing] != thing:
            thing = leader[thing]
        return thing

    for g in group.generators:
        for thing in things:
            leader[found(thing)] = found(tuple(g[i] for i in thing))
    orbits = sum(leader[thing] == thing for thing in things)
    assert hom(group, "trivial", form) == orbits
    tried()


@examples(60)
@given(st.data())
def test_double_cosets(data):
    """dim Hom(G/H, G/K) is the number of double cosets H g K, by listing them."""
    group = data.draw(random.groups(most=6))
    h, k = (data.draw(random.elements_of(group)) for _ in range(2))
    inside = [random.closure(generators, group.degree) for generators in (h, k)]
    left, number = set(group.elements), 0
    while left:
        g = min(left)
        left -= {random.times(random.times(x, g), y) for x in inside[0] for y in inside[1]}
        number += 1
    assert hom(group, random.cosets(group, k), random.cosets(group, h)) == number
    tried()


@examples(50)
@given(st.data())
def test_the_regular_action(data):
    """dim Hom(regular, V) = dim Hom(V, regular) = dim V."""
    group = data.draw(random.groups(most=5))
    v = data.draw(random.sides(group, most=20))
    assert hom(group, "regular", v) == hom(group, v, "regular") == v.dimension
    tried()


def signs(subgroup):
    return [[[random.parity(h)]] for h in subgroup]


def differences(subgroup):
    """On e_i - e_last: integer matrices, which are not orthogonal."""
    found = []
    for h in subgroup:
        dense, last = random.matrix(h), len(h) - 1
        found.append([
            [int(dense[i][j] - dense[i][last]) for j in range(last)] for i in range(last)
        ])  # fmt: skip
    return found


def permuting(subgroup):
    return [random.matrix(h).tolist() for h in subgroup]


@examples(60)
@given(st.data())
def test_frobenius_reciprocity(data):
    """dim Hom_G(Ind W, V) = dim Hom_H(W, V), and dim Hom_G(V, Ind W) = dim Hom_H(V, W)."""
    group = data.draw(random.groups(most=5, least=2))
    h = data.draw(random.elements_of(group))
    v = data.draw(random.sides(group, most=16, natural=True))
    matrices = data.draw(st.sampled_from([signs, differences, permuting]))(h)
    subgroup = random.RandomGroup(h, group.degree)
    restricted = {"matrices": {f"g{i}": rows for i, rows in enumerate(matrices)}}
    induced = {"induced": {"subgroup": [list(g) for g in h], "matrices": matrices}}
    assert hom(group, induced, v) == hom(subgroup, restricted, v)
    assert hom(group, v, induced) == hom(subgroup, v, restricted)
    assert hom(group, random.cosets(group, h), v) == hom(subgroup, "trivial", v)
    tried()


@examples(50)
@given(st.data())
def test_adjunction(data):
    """dim Hom(A x B, C) = dim Hom(A, B* x C)."""
    group = data.draw(random.groups(most=6))
    a, b, c = (data.draw(random.leaves(group)) for _ in range(3))
    assume(a.dimension * b.dimension <= 80 and b.dimension * c.dimension <= 80)
    left = hom(group, random.tensor(a, b), c)
    assert left == hom(group, a, random.tensor(random.dual(b), c))
    tried()
