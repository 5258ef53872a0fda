"""Supports and ends of stages by matrices: the maps kept, the numbers, and the symmetry left."""

import numpy as np
import pytest
import torch

from intertwine import SpecError, solve
from tests.network import oracle
from tests.network.acting import assert_equal, perturbed

VECTORS = {"tensor": ["points", "vector"]}
NEAR = {"support": {"radius": 1}}
ENDS = {**NEAR, "boundary": "zeros"}
WORLDS = {
    "circle": ({"cyclic": 8}, VECTORS, "nothing but the identity"),
    "mirrors": ({"dihedral": 7}, VECTORS, "the point group of D_7 about the middle, of order 2"),
    "mirrored points": (
        {"dihedral": 7}, "points", "the point group of D_7 about the middle, of order 2",
    ),
    "grid": (
        {"grid": {"shape": [5, 5], "symmetry": "p4"}}, {"tensor": ["pixels", "vector"]},
        "the point group of p4(5 x 5) about the middle, of order 4",
    ),
}  # fmt: skip


def network(world, *stages, **parts):
    group, action, _ = WORLDS[world]
    made = [{"action": action, "channels": 2, **stage} for stage in stages]
    return solve({"name": "net", "group": group, "input": action, "network": made, **parts})


@pytest.mark.parametrize("said", [NEAR, ENDS], ids=["wraps", "ends"])
@pytest.mark.parametrize("world", WORLDS)
def test_a_stage_keeps_what_its_support_keeps(world, said):
    space = network(world, {**said, "nonlinearity": "gated"}, {})
    model = perturbed(space)
    x = torch.randn(3, 1, *space.problem.source.action.shape, dtype=torch.float64)
    (y,) = oracle.forward(space, model, [x])
    assert_equal(model(x).detach(), torch.as_tensor(y))
    assert model.check_equivariance(x) < 1e-9
    assert space.left == (WORLDS[world][2] if said is ENDS else "")


def test_a_stage_of_vectors_counts_what_it_keeps():
    space = network("circle", NEAR, {})
    assert [space.dimensions(stage) for stage in space.stages] == [[12], [32]]
    # 12 maps of 1 x 2 channels and 32 of 2 x 2; of 8 vectors, 2 are kept by all shifts.
    assert space.parameters == 12 * 2 + 32 * 4 + 2 * 2 * 2


def test_what_is_left_is_no_more_than_what_commutes():
    """Ends of a circle of vectors leave nothing: a shift takes the layer to another."""
    space = network("circle", ENDS)
    model = perturbed(space)
    turn = np.pi / 4
    rotation = torch.tensor([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    x = torch.randn(3, 1, 8, 2, dtype=torch.float64)
    moved = lambda a: a.roll(1, dims=-2) @ rotation.T.double()  # noqa: E731
    assert (model(moved(x)) - moved(model(x))).abs().max() > 1e-3
    whole = perturbed(network("circle", NEAR))
    assert (whole(moved(x)) - moved(whole(x))).abs().max() < 1e-9


@pytest.mark.parametrize(
    ("key", "layer"),
    [
        ("support", NEAR),
        ("boundary", {"boundary": "zeros"}),
        ("normalize", {"normalize": "sum"}),
    ],
)
def test_what_no_stage_takes_is_refused(key, layer):
    stages = [{"action": "trivial", "channels": 2}]
    spec = {"name": "net", "group": {"cyclic": 8}, "input": VECTORS, "network": stages}
    with pytest.raises(SpecError, match=rf"layer\.{key}: given `{key}` for all stages"):
        solve({**spec, "layer": layer})


@pytest.mark.parametrize("said", [{"strategy": "convolve"}, {"init": "correlated"}])
def test_a_stage_refuses_what_its_layer_would_not_obey(said):
    ((key, value),) = said.items()
    with pytest.raises(SpecError, match=f"network.0: given {key}: {value}, where"):
        network("circle", said)


def test_sums_are_for_the_stages_of_any_size():
    stages = [{"action": "points", "channels": 2}, {"action": "trivial"}, {"action": "trivial"}]
    spec = {"name": "net", "group": {"symmetric": 4}, "input": "points", "network": stages}
    layers = solve({**spec, "layer": {"normalize": "sum"}}).layer_spaces
    assert [s.document.spec.layer.normalize for s in layers] == ["sum", "sum", "mean"]
