"""Laws of the maps themselves over random groups."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.hardening import random_groups as random
from tests.hardening.random_groups import solve
from tests.hardening.tally import examples, tried

pytestmark = pytest.mark.slow

seeds = st.integers(0, 2**32 - 1)


def sampled(space, seed):
    """A random intertwiner."""
    return space.expand(np.random.default_rng(seed).integers(-9, 10, space.dimension))


def drawn(data, number, most=16, **kept):
    group = data.draw(random.groups(most=6))
    return group, *(data.draw(random.sides(group, most=most, **kept)) for _ in range(number))


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * (1 + np.abs(b).max(initial=0)))


@examples(40)
@given(st.data(), seeds)
def test_composition(data, seed):
    """Intertwiners A -> B and B -> C compose to one A -> C, which the third basis spans."""
    group, a, b, c = drawn(data, 3)
    first, second = sampled(solve(group, a, b), seed), sampled(solve(group, b, c), seed + 1)
    space, both = solve(group, a, c), second @ first
    assert space.residual(both) <= 1e-9 * (1 + np.abs(both).max(initial=0))
    close(space.expand(space.coefficients(both)), both)
    tried()


@examples(40)
@given(st.data(), seeds)
def test_projection(data, seed):
    """The projection is idempotent and self-adjoint, and what it leaves is orthogonal to all."""
    space = solve(*drawn(data, 2))
    random_numbers = np.random.default_rng(seed)
    shape = (space.target.dimension, space.source.dimension)
    x, y = random_numbers.standard_normal((2, *shape))
    p, q = space.project(x), space.project(y)
    close(space.project(p), p)
    assert abs((p * y).sum() - (x * q).sum()) < 1e-8 * (1 + abs((p * y).sum()))
    assert abs(((x - p) * sampled(space, seed)).sum()) < 1e-8 * x.size * 10
    tried()


def on_vectors(side, g):
    """The matrix of an element on points, in a power, or with a sign: from the definitions."""
    match side:
        case "points":
            return random.matrix(g).astype(float)
        case "sign":
            return np.array([[float(random.parity(g))]])
        case {"tensor": [a, b]}:
            return np.kron(on_vectors(a, g), on_vectors(b, g))
    raise AssertionError(side)


PLAIN = st.sampled_from([
    "points", "sign", {"tensor": ["points", "points"]}, {"tensor": ["sign", "points"]},
])  # fmt: skip


@examples(30)
@given(st.data(), seeds)
def test_the_mean_over_the_group(data, seed):
    """The projection is the mean of rho(g) X rho(g)^-1 over all elements, listed apart."""
    group = data.draw(random.groups(most=5))
    a, b = data.draw(PLAIN), data.draw(PLAIN)
    space = solve(group, a, b)
    x = np.random.default_rng(seed).standard_normal(
        (space.target.dimension, space.source.dimension)
    )
    mean = sum(on_vectors(b, g) @ x @ on_vectors(a, g).T for g in group.elements)
    close(space.project(x), mean / len(group.elements))
    tried()


@examples(40)
@given(st.data(), seeds)
def test_coefficients(data, seed):
    """`coefficients` of `expand` gives back what was expanded."""
    space = solve(*drawn(data, 2, most=30))
    given_ = np.random.default_rng(seed).standard_normal(space.dimension)
    close(space.coefficients(space.expand(given_)), given_)
    tried()


@examples(40)
@given(st.data())
def test_redundant_generators(data):
    """Products of generators, added to them, change no dimension and no entry of the basis."""
    group = data.draw(random.groups())
    a, b = (data.draw(random.sides(group, natural=True, most=30)) for _ in range(2))
    more = group.generators + data.draw(random.elements_of(group))
    first, second = solve(group, a, b), solve(random.RandomGroup(more, group.degree), a, b)
    assert (first.dimension, first.order) == (second.dimension, second.order)
    if first.source.linear or first.target.linear:
        for element in first.basis():
            assert second.residual(element.toarray()) < 1e-9
    else:
        assert np.array_equal(first.codes, second.codes)
    tried()


@examples(40)
@given(st.data())
def test_relabelling(data):
    """Points renamed: the same dimension, and the same orbitals of pairs under new names."""
    group = data.draw(random.groups())
    name = data.draw(st.permutations(range(group.degree)))
    back = random.inverse(tuple(name))
    moved = tuple(random.times(random.times(name, g), back) for g in group.generators)
    renamed = random.RandomGroup(moved, group.degree)
    a, b = (data.draw(random.sides(group, natural=True)) for _ in range(2))
    assert random.hom(group, a, b) == random.hom(renamed, a, b)
    before, after = solve(group, "points", "points"), solve(renamed, "points", "points")
    seen = after.labels[np.ix_(name, name)]
    pairs = set(zip(before.labels.ravel().tolist(), seen.ravel().tolist(), strict=True))
    assert len(pairs) == before.dimension == after.dimension
    tried()


@examples(40)
@given(st.data())
def test_orbitals_and_signs_by_hand(data):
    """Every entry's label and sign is what carrying it by all elements, listed apart, gives."""
    group = data.draw(random.groups(most=6))
    signed = data.draw(st.sampled_from([False, True]))
    space = solve(group, {"tensor": ["points", "sign"]} if signed else "points", "points")
    assume(space.dimension or signed)
    number = 0
    codes = np.zeros((group.degree, group.degree), dtype=int)
    for entry in np.ndindex(codes.shape):
        if codes[entry]:
            continue
        orbit = {}
        for g in group.elements:
            image = g[entry[0]], g[entry[1]]
            orbit.setdefault(image, set()).add(random.parity(g) if signed else 1)
        if any(len(found) == 2 for found in orbit.values()):
            continue
        number += 1
        for image, found in orbit.items():
            codes[image] = number * found.pop()
    assert np.array_equal(space.codes, codes)
    tried()
