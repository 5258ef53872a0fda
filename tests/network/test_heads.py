"""Several heads, products of features, and what is added from the input."""

import pytest
import torch

from intertwine import solve

BOARD = {"name": "board", "group": {"grid": {"shape": [6, 6], "symmetry": "p4m"}},
         "input": "pixels"}  # fmt: skip
CUBE = {"name": "cube", "group": {"polyhedron": {"name": "cube"}}, "input": "vector"}


@pytest.mark.parametrize("boundary", ["periodic", "zeros"])
def test_each_head_is_a_layer_of_its_own(boundary):
    """A head on the board has a support; one on a point has none."""
    heads = {"fields": {"policy": "pixels", "value": "trivial"}}
    stages = [
        {"name": "trunk", "action": "poses", "channels": 3, "nonlinearity": "gelu"},
        {"name": "heads", "action": heads, "channels": {"policy": 2, "value": 1}},
    ]
    layer = {"support": {"radius": 1}, "boundary": boundary}
    space = solve({**BOARD, "layer": layer, "network": stages})
    assert space.dimensions(space.stages[1]) == [9, 1]
    model = space.model(dtype=torch.float64)
    x = torch.randn(2, 1, 6, 6, dtype=torch.float64)
    policy, value = model(x)
    for axes in ((-1,), (-2, -1)):
        turned, same = model(x.flip(axes))
        torch.testing.assert_close(turned, policy.flip(axes))
        torch.testing.assert_close(same, value)
    assert model.check_equivariance(x) < 1e-10


def test_a_head_called_x_is_made_last():
    heads = {"fields": {"x": "pixels", "value": "trivial"}}
    stages = [{"name": "heads", "action": heads, "channels": 1}]
    model = solve({**BOARD, "network": stages}).model(dtype=torch.float64)
    x = torch.randn(2, 1, 6, 6, dtype=torch.float64)
    torch.testing.assert_close(model(x)[1], model.heads_value(x))
    torch.testing.assert_close(model(x)[0], model.heads_x(x))


def test_products_of_vectors_are_no_zero():
    """The only product of two vectors that is a vector is antisymmetric: channels must mix."""
    stage = {"name": "turn", "action": "vector", "channels": 4, "nonlinearity": "tensor_product"}
    space = solve({**CUBE, "network": [stage]})
    assert space.dimensions(space.stages[0]) == [1, 1]
    model = space.model(dtype=torch.float64)
    x = torch.randn(3, 1, 3, dtype=torch.float64)
    assert (model(2 * x) - 2 * model(x)).abs().max() < 1e-12  # one channel in: all are parallel
    x = torch.randn(3, 2, 3, dtype=torch.float64)
    model = solve({**CUBE, "channels": 2, "network": [stage]}).model(dtype=torch.float64)
    assert (model(2 * x) - 2 * model(x)).abs().max() > 1e-3
    model(x).square().sum().backward()
    assert model.turn_products.weight.grad.abs().max() > 0
    assert model.check_equivariance(x) < 1e-12


def test_the_input_is_added_at_the_end():
    spec = {"name": "net", "group": {"symmetric": 5}, "input": "points", "channels": 2}
    stages = [
        {"name": "first", "action": "points", "channels": 8, "nonlinearity": "relu"},
        {"name": "last", "action": "points", "channels": 2, "residual": "input"},
    ]
    model = solve({**spec, "network": stages}).model(dtype=torch.float64)
    x = torch.randn(3, 2, 5, dtype=torch.float64)
    torch.testing.assert_close(model(x), x + model.last(model.first(x).relu()))
