"""Residuals, nearest maps and what they lose, against whole groups and planted defects."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine import SpecError, solve
from intertwine.action.action import Declared
from intertwine.audit.weight import audit_weight
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.space import IntertwinerSpace
from tests.oracle import closure, matrix, signed
from tests.solved import solved


def spec(group, source, target=None):
    target = source if target is None else target
    return {"name": "audited", "group": group, "input": source, "output": target}


def averaged(space, weight):
    """The mean of `rho_target(g) W rho_source(g)^-1` over all elements, channels apart."""
    elements = closure(signed(space.target), signed(space.source))
    moved = [np.einsum("rs,sc...,dc->rd...", matrix(t), weight, matrix(s)) for t, s in elements]
    return sum(moved) / len(moved)


def dense_residuals(space, weight):
    """By dense matrices of the generators, each made from its list of images."""
    pairs = zip(signed(space.target), signed(space.source), strict=True)
    return [
        np.linalg.norm(matrix(t) @ weight - weight @ matrix(s)) / np.linalg.norm(weight)
        for t, s in pairs
    ]


@st.composite
def cases(draw):
    """A space of a random group of signed permutations, and a weight."""
    generators = draw(st.integers(1, 2))
    group = Group("G", tuple("ab"[:generators]), {})
    sides = []
    for _ in range(2):
        degree = draw(st.integers(1, 4))
        images = [draw(st.permutations(range(degree))) for _ in range(generators)]
        signs = st.lists(st.sampled_from([1, 1, -1]), min_size=degree, max_size=degree)
        listed = tuple(SignedPermutation.of(image, draw(signs)) for image in images)
        sides.append(Declared(group, listed))
    space = IntertwinerSpace(*sides)
    seed = draw(st.integers(0, 2**32 - 1))
    return space, np.random.default_rng(seed).standard_normal(
        (sides[1].dimension, sides[0].dimension)
    )


@settings(max_examples=60)
@given(cases())
def test_the_nearest_map_is_the_mean_over_the_group(case):
    space, weight = case
    found = audit_weight(space, weight)
    expected = averaged(space, weight)
    np.testing.assert_allclose(found.nearest, expected, atol=1e-12)
    assert found.lost == pytest.approx(
        np.linalg.norm(weight - expected) / np.linalg.norm(weight), abs=1e-12
    )
    residuals = list(found.residual.generators.values())
    np.testing.assert_allclose(residuals, dense_residuals(space, weight), atol=1e-12)
    assert found.residual.maximum == max(residuals)


@settings(max_examples=60)
@given(cases())
def test_projecting_twice_is_projecting_once_and_nothing_more_is_lost(case):
    space, weight = case
    once = audit_weight(space, weight)
    twice = audit_weight(space, once.nearest)
    np.testing.assert_allclose(twice.nearest, once.nearest, atol=1e-12)
    assert twice.lost < 1e-12 and twice.residual.vanishes
    assert (once.residual.maximum < 1e-9) == (once.lost < 1e-9)


@settings(max_examples=60)
@given(cases())
def test_the_energies_of_all_orbitals_are_the_whole(case):
    space, weight = case
    found = audit_weight(space, weight)
    assert sum(one.entries for one in found.orbitals) == weight.size
    assert sum(one.energy for one in found.orbitals) == pytest.approx(1)
    assert sum(one.lost for one in found.orbitals) == pytest.approx(found.lost**2)
    assert [one.lost for one in found.orbitals] == sorted(
        (one.lost for one in found.orbitals), reverse=True
    )


def test_noise_in_one_orbital_is_lost_and_named():
    """Two entries of the 20 off the diagonal move apart by a tenth: that is what is lost."""
    space = solve(spec({"symmetric": 5}, "points"))
    weight = np.full((5, 5), 2.0) + 3 * np.eye(5)
    weight[1, 0] += 0.1
    weight[3, 2] -= 0.1
    found = audit_weight(space, weight)
    norm = np.sqrt(5 * 25 + 18 * 4 + 2.1**2 + 1.9**2)
    assert found.norm == pytest.approx(norm)
    assert found.lost == pytest.approx(np.sqrt(0.02) / norm)
    worst, best = found.orbitals
    assert (worst.output, worst.input, worst.entries, worst.vanishes) == ("[0]", "[1]", 20, False)
    assert worst.lost == pytest.approx(0.02 / norm**2)
    assert best.lost == pytest.approx(0, abs=1e-20)
    assert np.allclose(found.nearest, np.full((5, 5), 2.0) + 3 * np.eye(5))
    assert found.coefficients.ravel().tolist() == pytest.approx([5, 2])


def test_what_must_vanish_is_lost_whole():
    """No number but 0 is its own negative, so that no map goes from a point to a sign."""
    space = solve(spec({"symmetric": 2}, "trivial", "sign"))
    assert space.dimension == 0
    found = audit_weight(space, [[4.0]])
    assert (found.lost, found.residual.maximum) == (1.0, 2.0)
    assert found.nearest.tolist() == [[0.0]] and found.coefficients.shape == (0, 1, 1)
    assert found.orbitals[0].vanishes and found.orbitals[0].lost == 1.0


def test_a_zero_weight_is_equivariant():
    found = audit_weight(solved("deepsets"), np.zeros((10, 10)))
    assert (found.norm, found.lost, found.residual.maximum) == (0.0, 0.0, 0.0)
    assert all(one.energy == 0 for one in found.orbitals)


SHAPES = {
    "alone": ((1, 1), lambda w: w[0, :, :, 0].reshape(6, 6)),
    "axes": ((1, 1), lambda w: w[0, :, :, 0].reshape(2, 3, 2, 3)),
    "layer": ((4, 5), lambda w: w.reshape(4, 2, 3, 5, 2, 3)),
    "one axis a side": ((4, 5), lambda w: w.reshape(4, 6, 5, 6)),
    "flat": ((4, 5), lambda w: w.reshape(24, 30)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_of_a_weight_is_the_same_weight(name):
    (outs, ins), shaped = SHAPES[name]
    space = solve(
        spec({"product": {"a": {"symmetric": 2}, "b": {"cyclic": 3}}}, {"tensor": ["a", "b"]})
    )
    layer = np.random.default_rng(3).standard_normal((outs, 6, ins, 6))
    weight = shaped(layer if outs > 1 else layer.transpose(0, 1, 3, 2))
    plain = layer.transpose(1, 3, 0, 2)
    found = audit_weight(space, weight)
    assert found.layout.channels == (outs, ins) and found.nearest.shape == weight.shape
    expected = averaged(space, plain)
    again = shaped(expected.transpose(2, 0, 3, 1) if outs > 1 else expected.transpose(2, 0, 1, 3))
    np.testing.assert_allclose(found.nearest, again, atol=1e-12)
    np.testing.assert_allclose(space.expand(found.coefficients), expected, atol=1e-12)


def test_a_flat_weight_of_channels_last_has_points_outside():
    space = solve(spec({"cyclic": 3}, "points"))
    maps = np.random.default_rng(4).standard_normal((3, 2, 3, 4))
    found = audit_weight(space, maps.reshape(6, 12), channels_last=True)
    expected = averaged(space, maps.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)
    np.testing.assert_allclose(found.nearest, expected.reshape(6, 12), atol=1e-12)


@pytest.mark.parametrize(
    "shape", [(), (3,), (3, 4), (2, 3, 3), (2, 3, 2, 4), (3, 3, 3, 3, 3), (0, 3)]
)
def test_a_misfitting_weight_is_refused_with_the_shapes_that_fit(shape):
    with pytest.raises(SpecError, match=r"\(out_channels, 3, in_channels, 3\)"):
        audit_weight(solve(spec({"cyclic": 3}, "points")), np.zeros(shape))


@pytest.mark.parametrize("odd", [np.nan, np.inf, 1j])
def test_other_than_finite_real_numbers_are_refused(odd):
    with pytest.raises(SpecError, match="finite real numbers"):
        audit_weight(solve(spec({"cyclic": 3}, "points")), np.full((3, 3), odd))


@pytest.mark.parametrize("name", ["hexagon_forces", "standard_square", "negacyclic", "ammonia"])
def test_actions_by_matrices_and_signs_have_nearest_maps(name):
    """Orthogonal: what is left over has no inner product with any basis element."""
    space = solved(name)
    rows, columns = space.target.dimension, space.source.dimension
    random = np.random.default_rng(5)
    weight = random.standard_normal((rows, columns))
    found = audit_weight(space, weight)
    rest = (weight - found.nearest).ravel()
    products = [abs(float(rest @ element.toarray().ravel())) for element in space.basis()]
    assert max(products) < 1e-9 and 0 < found.lost < 1
    inside = space.expand(random.standard_normal(space.dimension))
    assert audit_weight(space, inside).lost < 1e-12
    assert audit_weight(space, inside).residual.maximum < 1e-12
    assert found.residual.maximum > 0.1
    assert sum(one.entries for one in found.orbitals) == rows * columns
    reached = sum(abs(element.toarray()) for element in space.basis()) > 0
    assert sum(one.entries for one in found.orbitals if one.vanishes) == (~reached).sum()
    assert all(one.lost == pytest.approx(one.energy) for one in found.orbitals if one.vanishes)


def test_fields_are_named_where_they_lose():
    space = solved("weight_space")
    weight = space.expand(np.arange(1.0, space.dimension + 1))
    weight[6, 0] += 50
    worst = audit_weight(space, weight).orbitals[0]
    assert (worst.output, worst.input) == ("bias_1[0]", "weight_1[0, 0]")
    assert str(worst).startswith("bias_1[0] <- weight_1[0, 0]: ")
