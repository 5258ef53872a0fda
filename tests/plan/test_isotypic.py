"""Layers through isotypic components: the same maps, for less work."""

import numpy as np
import pytest
import torch

from intertwine import solve
from intertwine.plan.cost import CHANNELS, costs
from intertwine.plan.strategy.isotypic import Isotypic, isotypic
from tests.solved import solved

RING = {"cyclic": 24}
CASES = {
    "tensors": ({"symmetric": 6}, {"tensor": [{"dual": "standard"}, "standard", "points"]},
                {"power": ["standard", 2]}),
    "complex": (RING, {"tensor": [{"irrep": 5}, "points"]}, {"tensor": [{"irrep": 7}, "points"]}),
    "faces": ({"polyhedron": {"name": "icosahedron"}}, {"tensor": ["faces", "vector"]},
              {"tensor": ["vertices", {"power": ["vector", 2]}]}),
}  # fmt: skip


def space_of(name):
    group, source, target = CASES[name]
    return solve({"name": "one", "group": group, "input": source, "output": target})


@pytest.mark.parametrize("name", CASES)
def test_the_way_through_components_is_every_map(name):
    """`spread' W pool` with W from each weight alone is that basis element."""
    space = space_of(name)
    route = isotypic(space, 64)
    assert isinstance(route, Isotypic)
    cells = np.split(route.change, np.cumsum([c.pools * c.spreads for c in route.copies])[:-1])
    pools = np.split(route.pool, np.cumsum([c.degree * c.pools for c in route.copies])[:-1])
    spreads = np.split(route.spread, np.cumsum([c.degree * c.spreads for c in route.copies])[:-1])
    maps = 0
    for c, w, p, s in zip(route.copies, cells, pools, spreads, strict=True):
        parts = (s.reshape(c.degree, c.spreads, -1), p.reshape(c.degree, c.pools, -1),
                 w.reshape(c.spreads, c.pools, -1))  # fmt: skip
        maps = maps + np.einsum("djt,dis,jik->kts", *parts, optimize=True)
    stack = space.found.stack.toarray().reshape(maps.shape)
    np.testing.assert_allclose(maps, stack, atol=1e-9 * np.abs(stack).max())


@pytest.mark.parametrize("name", CASES)
def test_the_layer_goes_through_them_and_computes_its_dense_weight(name):
    space = space_of(name)
    layer = space.layer(3, 2, dtype=torch.float64)
    x = torch.randn(5, 3, *space.source.shape, dtype=torch.float64)
    dense = layer.dense_weight()
    flat = dense.reshape(2 * space.target.dimension, 3 * space.source.dimension)
    expected = (x.flatten(1) @ flat.T).reshape(5, 2, *space.target.shape)
    torch.testing.assert_close(layer(x), expected, rtol=1e-9, atol=1e-9)


def test_the_icosahedral_layer_takes_it_and_says_what_it_costs():
    plan = solved("icosahedral_tensors").plan
    assert plan.route is not None
    *parts, whole = costs(plan)
    assert sum(p.multiply_adds for p in parts) == plan.route.multiply_adds(CHANNELS)
    assert sum(p.multiply_adds for p in parts) < whole.multiply_adds / 4
    assert sum(c.degree * c.spreads for c in plan.route.copies) == 81


def test_small_layers_do_without():
    assert solved("hexagon_forces").plan.route is None
    assert solved("icosahedral_tensors", strategy="expand").plan.route is None
