"""The nearest equivariant map to a matrix, for layers with tables."""

import numpy as np
import pytest
import torch

from intertwine import from_dense
from tests.solved import FIELDS, MATRICED, TABLED, solved

SMALL = [name for name in TABLED[::3] if name not in FIELDS[:-1]]
named = pytest.mark.parametrize("name", SMALL)
LINEAR = [name for name in MATRICED if name != "icosahedral_tensors"]


def made(name, out_channels, in_channels):
    torch.manual_seed(0)
    layer = solved(name).layer(in_channels, out_channels, dtype=torch.float64)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    return layer


def weights(layer):
    return [w.detach().clone() for n, w in layer.named_parameters() if n.startswith("weight")]


@named
def test_it_inverts_dense_weight(name):
    layer, other = made(name, 2, 3), solved(name).layer(3, 2, dtype=torch.float64)
    assert from_dense(other, layer.dense_weight().detach()) is other
    for mine, its in zip(weights(layer), weights(other), strict=True):
        torch.testing.assert_close(mine, its, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LINEAR)
def test_it_inverts_dense_weight_by_least_squares(name):
    layer, other = made(name, 2, 2), solved(name).layer(2, 2, dtype=torch.float64)
    assert from_dense(other, layer.dense_weight().detach()) is other
    for mine, its in zip(weights(layer), weights(other), strict=True):
        torch.testing.assert_close(mine, its, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in LINEAR if name not in FIELDS])
def test_it_is_the_nearest_map(name):
    """Against least squares by NumPy's own solver."""
    layer, space = made(name, 1, 1), solved(name)
    matrix = torch.randn_like(layer.dense_weight())
    found = from_dense(layer, matrix).dense_weight().detach().flatten().numpy()
    stack = space.found.stack.toarray().astype(float)
    best = np.linalg.lstsq(stack.T, matrix.flatten().numpy(), rcond=None)[0]
    np.testing.assert_allclose(found, best @ stack, rtol=1e-9, atol=1e-9)


@named
def test_it_is_the_mean_over_each_map(name):
    """Against the means of a random matrix over the entries of each code, by NumPy."""
    layer, space = made(name, 1, 1), solved(name)
    matrix = torch.randn_like(layer.dense_weight())
    flat = matrix.reshape(space.target.dimension, space.source.dimension).numpy()
    found = from_dense(layer, matrix).dense_weight().detach().reshape(flat.shape).numpy()
    codes = space.codes
    expected = np.zeros_like(flat)
    for k in range(1, space.dimension + 1):
        signs = (codes == k).astype(int) - (codes == -k).astype(int)
        expected += signs * (signs * flat).sum() / np.abs(signs).sum()
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", ["rubiks_cube", "periodic_convolution", *FIELDS[-1:]])
def test_what_is_frozen_stays_so_and_the_bias_stays(name):
    layer = made(name, 2, 2)
    bias = {n: p.detach().clone() for n, p in layer.named_parameters() if n.startswith("bias")}
    layer.requires_grad_(False)
    from_dense(layer, layer.dense_weight())
    assert not any(p.requires_grad for p in layer.parameters())
    for name, value in bias.items():
        assert torch.equal(dict(layer.named_parameters())[name], value)


@named
def test_a_matrix_of_another_shape_changes_nothing(name):
    layer = made(name, 2, 3)
    before = weights(layer)
    shape = list(layer.dense_weight().shape)
    shape[0] += 1
    with pytest.raises(ValueError, match="given a matrix of shape"):
        from_dense(layer, torch.zeros(shape))
    assert all(torch.equal(a, b) for a, b in zip(before, weights(layer), strict=True))
