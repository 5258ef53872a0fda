"""A layer of every strategy, and of every kind of page, with random weights and inputs for it."""

from functools import cache

import torch

from intertwine import solve
from tests.solved import ROOT, solved

PAIRS = {"power": ["points", 2]}
SUBSETS = {"subsets": ["points", 2]}
CUBES = {"power": ["standard", 3]}
WREATH = {"wreath": {"base": {"symmetric": 3}, "top": {"symmetric": 4}}}
GRID = {"grid": {"shape": [6, 6], "symmetry": "p4m"}}
NEAR = {"support": {"radius": 1}}
OWN = {
    "quotients": {"group": WREATH, "input": PAIRS, "output": PAIRS},
    "taps": {"group": GRID, "input": "pixels", "output": "poses", "layer": NEAR},
    "taps, last": {
        "group": GRID, "input": "poses", "output": "poses",
        "layer": {**NEAR, "layout": "channels_last"},
    },
    "ends": {
        "group": GRID, "input": "pixels", "output": "pixels",
        "layer": {**NEAR, "boundary": "zeros"},
    },
    "signed taps": {
        "group": GRID, "input": "pixels", "output": {"tensor": ["pixels", "sign"]}, "layer": NEAR,
    },
    "fields by transforms": {
        "group": {"dihedral": 30}, "input": {"fields": {"a": "points", "b": SUBSETS}},
        "output": {"fields": {"a": "points", "c": "trivial"}},
    },
    "fields by taps, last": {
        "group": GRID, "input": {"fields": {"a": "pixels", "b": "poses"}}, "output": "poses",
        "layer": {**NEAR, "layout": "channels_last"},
    },
    "fields in stages": {
        "group": WREATH, "input": {"fields": {"y": "points", "matrix": PAIRS}},
        "output": {"fields": {"y": "points", "b": PAIRS}},
    },
    "fields through components": {
        "group": {"symmetric": 5}, "input": {"fields": {"a": CUBES, "b": "trivial"}},
        "output": {"fields": {"a": CUBES}},
    },
    "any size, last": {
        "group": {"symmetric": 4}, "input": PAIRS, "output": PAIRS,
        "layer": {"layout": "channels_last"},
    },
    "any size, one field": {
        "group": {"symmetric": 4}, "input": PAIRS, "output": {"fields": {"c": PAIRS}},
    },
}  # fmt: skip
# Those of `specs/`, each with the strategy that is its own.
KINDS = {
    "gathered": "rubiks_cube", "walked": "chess_board", "written out": "circulant",
    "fields": "signnet", "matrices": "cube_gradient", "many matrices": "quadruped",
    "fields of matrices": "ammonia", "isotypic": "icosahedral_tensors",
    "transforms": "p4m_pixels", "one transform": "periodic_convolution",
    "three transforms": "periodic_volume", "factored": "hoffman_singleton",
    "factored in stages": "twenty_seven_lines", "axes": "hamming_scheme", "any size": "maron_2_2",
    "few steps": "deepsets", "any size, fields": "graph_network", "sizes": "exchangeable_matrix",
    "sizes, fields": "weight_space",
}  # fmt: skip
STRATEGIES = [*KINDS, *OWN]
NETWORKS = ["p4m_digits", "methane_forces", "deepsets_classifier", "perceptron_accuracy"]


@cache
def space(kind):
    """The space of a kind, or of a network."""
    if kind in NETWORKS:
        return solve(ROOT / "specs" / "networks" / f"{kind}.yaml")
    if kind in KINDS:
        return solved(KINDS[kind])
    return solve({"name": "_".join(kind.replace(",", "").split()), **OWN[kind]})


def made(kind, dtype=torch.float64, **options):
    """A layer of 2 channels in and 3 out, or a network, of random numbers."""
    torch.manual_seed(0)
    if kind in NETWORKS:
        return space(kind).model(dtype=dtype, **options)
    layer = space(kind).layer(2, 3, dtype=dtype, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn(parameter.shape))
    return layer


def inputs(kind, batch=(3,), dtype=torch.float64):
    """Random inputs."""
    torch.manual_seed(1)
    if kind in NETWORKS:
        shapes = [(value.channels, *value.shape) for value in space(kind).plan.inputs]
    else:
        last = space(kind).document.spec.layer.layout == "channels_last"
        points = [part.shape for part in space(kind).form.sources.values()]
        shapes = [(*shape, 2) if last else (2, *shape) for shape in points]
    return [torch.randn(*batch, *shape, dtype=torch.float64).to(dtype) for shape in shapes]


def outputs(module, x):
    """All that a module gives, as a tuple."""
    y = module(*x)
    return y if isinstance(y, tuple) else (y,)


def assert_close(found, expected, tolerance=1e-9):
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)
