"""Every emitted network computes what its slow twin in NumPy does, which knows only the stages."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings

from intertwine import solve
from tests.network import oracle
from tests.network.acting import inputs, outputs, perturbed
from tests.network.test_random_networks import solved, specs
from tests.solved import NETWORKS, network

BOUND = 1e-10


def assert_as_the_oracle(space, batch=(3,)):
    model, x = perturbed(space), inputs(space, batch)
    with torch.no_grad():
        found = outputs(model, x)
    expected = oracle.forward(space, model, x)
    scale = max(1.0, *(float(np.abs(part).max()) for part in expected))
    for left, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(left.numpy() / scale, right / scale, rtol=0, atol=BOUND)


@pytest.mark.parametrize("name", NETWORKS)
def test_specs(name):
    assert_as_the_oracle(network(name), (2,))


PAIRS = {"power": ["points", 2]}
VECTORS = {"tensor": ["points", "vector"]}
P4 = {"grid": {"shape": [6, 6], "symmetry": "p4"}}
P4M = {"grid": {"shape": [4, 4], "symmetry": "p4m"}}
P1 = {"grid": {"shape": [6], "symmetry": "p1"}}
RATINGS = {"product": {"u": {"symmetric": 3}, "v": {"symmetric": 4}}}
IMAGES = {"product": {"images": {"symmetric": 3}, "frame": P4M}}
ENTRIES = {"tensor": ["u", "v"]}
GRAPH = {"fields": {"a": "points", "b": PAIRS}}
ONTO = {"fields": {"a": "trivial", "b": "points"}}
MIRROR = {"generators": ["mirror"]}
ODD = {"signed_permutations": {"mirror": [-1, 2]}}
CUBIC = {"hyperoctahedral": 3}
# By a word: the group, the input, and the stages; what else is said of the network comes last.
CASES = {
    "sets, every pointwise function": (
        {"symmetric": 4}, "points",
        [
            {"action": "points", "channels": 2, "nonlinearity": word}
            for word in oracle.FUNCTIONS
        ],
        {"channels": 3},
    ),
    "graphs by field": (
        {"symmetric": 4}, GRAPH,
        [
            {
                "name": "first", "action": GRAPH, "channels": {"a": 3, "b": 2}, "dropout": 0.5,
                "normalization": {"a": "batch", "b": "layer"}, "nonlinearity": {"b": "relu"},
            },
            {"action": GRAPH, "channels": {"a": 3, "b": 2}, "residual": "first", "bias": False},
            {"residual": True, "normalization": "rms", "pooling": {"kind": "mean", "onto": ONTO}},
            {"action": PAIRS, "channels": 1},
        ],
        {"channels": {"a": 1, "b": 2}, "layer": {"normalize": "sum"}},
    ),
    "weights of a perceptron": (
        {"symmetric": 3},
        {"fields": {"w": {"tensor": ["points", {"trivial": 2}]}, "b": "points"}},
        [
            {
                "action": {"fields": {"w": {"tensor": [{"trivial": 2}, "points"]}, "c": "trivial"}},
                "channels": 2, "nonlinearity": "gelu",
            },
            {"action": {"tensor": [{"trivial": 3}, "points"]}, "channels": 2},
        ],
        {},
    ),
    "ratings pooled": (
        RATINGS, ENTRIES,
        [
            {"action": ENTRIES, "channels": 3, "residual": True, "nonlinearity": "elu"},
            {"pooling": {"kind": "max", "onto": "v"}},
            {"action": "v", "channels": 2, "pooling": {"kind": "sum", "onto": "trivial"}},
        ],
        {"channels": 3},
    ),
    "vectors on a circle": (
        {"cyclic": 6}, VECTORS,
        [
            {"action": VECTORS, "channels": 2, "normalization": "rms", "nonlinearity": "gated"},
            {"action": VECTORS, "channels": 2, "residual": True, "nonlinearity": "norm"},
            {"action": VECTORS, "channels": 2, "stride": 2, "subgroup": True},
            {"action": VECTORS, "channels": 2, "nonlinearity": "tensor_product"},
        ],
        {},
    ),
    "steps of several kinds on a line": (
        {"cyclic": 8}, "points",
        [
            {
                "name": "a", "action": "points", "channels": 2, "stride": 2, "subgroup": True,
                "normalization": "batch", "nonlinearity": "silu",
                "pooling": {"kind": "mean", "window": 2},
            },
            {"action": "points", "channels": 2, "strategy": "expand", "residual": "a"},
        ],
        {},
    ),
    "strides folded into a convolution": (
        P4, "pixels",
        [
            {
                "action": "poses", "channels": 2, "support": {"radius": 1}, "stride": 2,
                "subgroup": True, "normalization": "layer", "nonlinearity": "relu",
            },
            {"action": "poses", "channels": 2, "support": {"radius": 1}},
            {"pooling": {"kind": "max", "onto": "pixels"}},
        ],
        {},
    ),
    "ends of zeros and windows of three": (
        P4, "pixels",
        [
            {
                "action": "poses", "channels": 2, "nonlinearity": "softplus",
                "pooling": {"kind": "max", "window": 3}, "subgroup": True,
                "support": {"radius": 1}, "boundary": "zeros",
            },
            {"action": {"fields": {"p": "pixels", "q": "poses"}}, "channels": 1},
        ],
        {},
    ),
    "a support for all stages": (
        P4M, "pixels",
        [
            {"action": "poses", "channels": 2, "nonlinearity": "gated"},
            {"action": "pixels", "channels": 2, "normalization": "point"},
            {"action": "trivial", "channels": 2},
        ],
        {"layer": {"support": {"radius": 1}, "boundary": "zeros", "bias": False}},
    ),
    "some orbitals": (
        P1, "pixels",
        [
            {
                "action": "poses", "channels": 2, "support": {"orbitals": [5, 0, 2]},
                "pooling": {"kind": "sum", "window": 3}, "subgroup": True,
            },
            {"action": "pixels", "channels": 2, "nonlinearity": "tensor_product"},
        ],
        {},
    ),
    "images of a set": (
        IMAGES, {"tensor": ["images", "frame.pixels"]},
        [
            {
                "action": {"tensor": ["images", "frame.pixels"]}, "channels": 2,
                "support": {"radius": 1}, "nonlinearity": "relu",
            },
            {"pooling": {"kind": "max", "onto": "frame.pixels"}},
        ],
        {},
    ),
    "signs": (
        MIRROR, ODD,
        [
            {"action": ODD, "channels": 2, "normalization": "rms", "nonlinearity": "tanh"},
            {"action": ODD, "channels": 2, "residual": True, "nonlinearity": "norm"},
            {"action": ODD, "channels": 2, "nonlinearity": "gated"},
            {"action": ODD, "channels": 2, "nonlinearity": "tensor_product"},
            {"action": {"fields": {"e": "trivial", "o": ODD}}, "channels": 1},
        ],
        {},
    ),
    "strains": (
        CUBIC, {"symmetric_power": ["axes", 2]},
        [
            {
                "action": {"symmetric_power": ["axes", 2]}, "channels": 2,
                "nonlinearity": "tensor_product",
            },
            {"action": {"fields": {"s": {"power": ["axes", 2]}, "t": "trivial"}}, "channels": 2,
             "nonlinearity": {"s": "gated", "t": "relu"}},
        ],
        {},
    ),
    "matrices that are not orthogonal": (
        {"symmetric": 4}, "points",
        [
            {"action": {"tensor": ["points", {"standard": "points"}]}, "channels": 2,
             "nonlinearity": "gated"},
            {"action": {"standard": "points"}, "channels": 2, "nonlinearity": "tensor_product"},
            {"action": {"fields": {"d": {"dual": {"standard": "points"}}, "p": "points"}},
             "channels": {"d": 2, "p": 1}},
        ],
        {},
    ),
    "nothing to learn": (
        {"symmetric": 3}, {"power": ["points", 3]},
        [{"pooling": {"kind": "mean", "onto": PAIRS}}, {"nonlinearity": "relu"}],
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cases(case):
    group, given, stages, more = CASES[case]
    assert_as_the_oracle(
        solve({"name": "net", "group": group, "input": given, "network": stages, **more})
    )


def test_the_oracle_can_fail():
    """One weight more, or steps in another order, are seen."""
    space = network("deepsets_classifier")
    model, x = perturbed(space), inputs(space)
    expected = oracle.forward(space, model, x)
    with torch.no_grad():
        next(model.parameters())[0, 0, 0] += 1e-3
        (found,) = outputs(model, x)
    assert np.abs(found.numpy() - expected[0]).max() > 1e-7


def test_a_residual_is_of_the_stage_that_it_names():
    """Fields and stages whose names run together."""
    fields = {"fields": {"a": "points", "b": "points"}}
    stages = [
        {"name": "one", "action": "points", "channels": 2},
        {"name": "two", "action": fields, "channels": 2},
        {"name": "three", "action": fields, "channels": 2, "residual": True},
        {"name": "four", "action": "points", "channels": 2, "residual": "one"},
    ]
    spec = {"name": "net", "group": {"symmetric": 4}, "input": "points", "network": stages}
    assert_as_the_oracle(solve(spec))


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs())
def test_random_networks(spec):
    space = solved(spec)
    if space is not None:
        assert_as_the_oracle(space, (2,))
