"""Tiles are the entries that always agree up to sign: by other ways to find which do."""

import re

import numpy as np
import pytest

from intertwine.show.drawing import drawing_of
from tests import oracle
from tests.solved import solved

PERMUTED = [
    "alternating_matrices", "antisymmetric_matrices", "attributed_network", "caffeine", "cartpole",
    "chsh", "circulant", "cross_product", "cube_gradient", "deepsets", "deck_of_cards",
    "discrete_gradient", "emlp_readme", "even_odd", "exchangeable_matrix", "fully_connected",
    "graph_network", "maron_1_2", "maron_2_2", "maron_2_2_small", "methane_dipole", "negacyclic",
    "no_pseudovector", "odd_functions", "p4m_pixels", "parity_readout", "quadruped", "quaternions",
    "set_pooling", "signnet", "steerable_p4m", "twisted_exterior_square", "vectors",
    "weight_space", "weight_space_tanh",
]  # fmt: skip
LINEAR = [
    "ammonia", "hexagon_forces", "heisenberg_group", "hurwitz_units", "induced_standard",
    "quartz_piezoelectricity", "quasicrystal_elasticity", "rotated_vectors", "specht_module",
    "standard_square",
]  # fmt: skip


def check_counts(tiling):
    """Sizes and firsts, entry by entry."""
    flat = tiling.codes.ravel().tolist()
    assert tiling.sizes.tolist() == [
        sum(abs(code) == k + 1 for code in flat) for k in range(tiling.count)
    ]
    columns = tiling.codes.shape[1]
    assert tiling.firsts.tolist() == [
        list(divmod(flat.index(k + 1), columns)) for k in range(tiling.count)
    ]
    assert tiling.zeros == flat.count(0)


@pytest.mark.parametrize("name", PERMUTED)
def test_tiles_of_signed_permutations_are_the_components_of_the_pair_graph(name):
    space = solved(name)
    drawing = drawing_of(space)
    target, source = oracle.signed(space.target), oracle.signed(space.source)
    rows, columns = drawing.rows.size, drawing.columns.size
    found = oracle.orbital_codes(target, source, rows, columns)
    np.testing.assert_array_equal(drawing.weight.codes, found)
    fixed = [([0], [1])] * len(target)
    np.testing.assert_array_equal(drawing.bias.codes, oracle.orbital_codes(target, fixed, rows, 1))
    assert drawing.weight.count == drawing.dimension
    assert drawing.bias.count == drawing.bias_dimension
    check_counts(drawing.weight)


@pytest.mark.parametrize("name", LINEAR)
def test_tiles_of_matrices_are_equal_columns_of_coefficients(name):
    """Any two entries share a tile where their coefficients agree up to sign, by comparing all."""
    drawing = drawing_of(solved(name))
    columns = np.array([drawing.element(k).ravel() for k in range(drawing.dimension)], float).T
    codes = drawing.weight.codes.ravel().astype(int)
    np.testing.assert_array_equal(codes == 0, np.abs(columns).max(axis=1) < 1e-8)
    assert drawing.weight.count > drawing.dimension or np.abs(codes).max() == drawing.dimension
    for sign in (1, -1):
        apart = np.abs(columns[:, None] - sign * columns).max(axis=2) > 1e-8
        tied = (codes[:, None] == sign * codes) & (codes != 0)
        np.testing.assert_array_equal(~apart & (codes != 0), tied)
    check_counts(drawing.weight)


@pytest.mark.parametrize("name", LINEAR)
def test_a_tile_is_said_to_be_the_combination_that_it_is(name):
    drawing = drawing_of(solved(name))
    for (row, column), meaning in zip(
        drawing.weight.firsts.tolist(), drawing.weight.meanings, strict=True
    ):
        said = np.zeros(drawing.dimension)
        for sign, size, number in re.findall(
            r"(-?) ?((?:[0-9][0-9.e-]*)?) ?\bw(\d+)", meaning.split("; ")[0]
        ):
            said[int(number)] = float(size or 1) * (-1 if sign else 1)
        more = re.search(r" \+ (\d+) more", meaning.split("; ")[0])
        left = int(more[1]) if more else 0
        is_so = np.array([drawing.element(k)[row, column] for k in range(drawing.dimension)])
        assert np.count_nonzero(np.abs(is_so) > 1e-8) == np.count_nonzero(said) + left
        named = said != 0
        np.testing.assert_allclose(is_so[named], said[named], rtol=6e-3)
