"""Layers that convolve, factor or expand: one meaning, in all that PyTorch may do to a module."""

import contextlib
import copy
import io
import json
import pickle
from functools import cache

import numpy as np
import pytest
import torch
from torch.func import functional_call, vmap

from intertwine import solve as solved_afresh
from intertwine.plan.strategy.convolution import Convolution
from tests.solved import imported
from tests.verify.direct import verified

torch.set_num_threads(1)  # Two workers of pytest-xdist share two cores.

LAYOUTS = ("channels_first", "channels_last")
STRATEGIES = ("expand", "factor", "convolve")
P4M = {"grid": {"shape": [6, 6], "symmetry": "p4m"}}
PAIRS, TRIPLES = {"subsets": ["points", 2]}, {"subsets": ["points", 3]}
P4 = {"grid": {"shape": [3, 3], "symmetry": "p4"}}
TIMES = {"product": {"time": {"cyclic": 4}, "ring": {"dihedral": 5}}}
RADIUS = {"support": {"radius": 1}}


def grid(*shape, symmetry="p1"):
    return {"grid": {"shape": list(shape), "symmetry": symmetry}}


def spec_of(group, source="pixels", target="pixels", **layer):
    return {"name": "one", "group": group, "input": source, "output": target, "layer": layer}


# The group, input and output of layers that every strategy computes.
ALL = {
    "pixels_to_pixels": (P4M, "pixels", "pixels"),
    "pixels_to_poses": (P4, "pixels", "poses"),
    "poses_to_pixels": (P4, "poses", "pixels"),
    "ring": (grid(7), "pixels", "pixels"),
    "torus": (grid(4, 5), "pixels", "pixels"),
    "volume": (grid(3, 4, 5), "pixels", "pixels"),
    "pairs": ({"dihedral": 7}, PAIRS, "points"),
    "pairs_to_triples": ({"dihedral": 7}, PAIRS, TRIPLES),
    "product": (TIMES, {"tensor": ["time", "ring"]}, {"tensor": ["ring", "time"]}),
}
MORE = {
    **{name: (case, {"strategy": "convolve"}) for name, case in ALL.items()},
    "lifting": ((P4M, "pixels", "poses"), {"strategy": "convolve"}),
    "projection": ((P4M, "poses", "pixels"), {"strategy": "convolve"}),
    "poses_to_poses": ((P4M, "poses", "poses"), {"strategy": "convolve"}),
    "near_pixels": ((P4M, "pixels", "pixels"), RADIUS),
    "near_poses": ((P4M, "poses", "poses"), RADIUS),
    "near_lifting": ((P4M, "pixels", "poses"), {"support": {"radius": 2}}),
    "near_ring": ((grid(7), "pixels", "pixels"), RADIUS),
    "near_volume": ((grid(3, 4, 5), "pixels", "pixels"), RADIUS),
    "near_point": ((P4M, "poses", "pixels"), {"support": {"radius": 0}}),
    "ended_pixels": ((P4M, "pixels", "pixels"), {**RADIUS, "boundary": "zeros"}),
    "ended_poses": ((P4M, "poses", "poses"), {**RADIUS, "boundary": "zeros"}),
    "ended_projection": ((P4M, "poses", "pixels"), {**RADIUS, "boundary": "zeros"}),
    "ended_ring": ((grid(7), "pixels", "pixels"), {**RADIUS, "boundary": "zeros"}),
    "ended_volume": ((grid(3, 4, 5), "pixels", "pixels"), {**RADIUS, "boundary": "zeros"}),
    "chosen_convolved": (
        (P4M, "pixels", "poses"), {"support": {"orbitals": [0, 7, 2]}, "strategy": "convolve"},
    ),
    "chosen_expanded": (
        (P4M, "poses", "pixels"), {"support": {"orbitals": [0, 2]}, "strategy": "expand"},
    ),
    "chosen_none": ((P4M, "pixels", "pixels"), {"support": {"orbitals": []}}),
    "factored_points": (({"symmetric": 5}, PAIRS, PAIRS), {"strategy": "factor"}),
    "factored_sum": (
        ({"cyclic": 6}, {"sum": ["points", "trivial"]}, {"injections": ["points", 2]}),
        {"strategy": "factor"},
    ),
    **{f"factored_{name}": (case, {"strategy": "factor"}) for name, case in ALL.items()},
}  # fmt: skip
# One of each kind of page, for what PyTorch does to modules.
KINDS = {
    name: spec_of(*case, **layer)
    for name, (case, layer) in MORE.items()
    if name in ("pixels_to_poses", "pairs", "near_volume", "ended_poses", "chosen_expanded",
                "factored_pairs", "factored_pixels_to_poses", "near_ring")
}  # fmt: skip
kinds = pytest.mark.parametrize("kind", KINDS)


@cache
def solved(text):
    return solved_afresh(json.loads(text))


def solve(spec):
    """The space of a spec, solved and written once a process."""
    return solved(json.dumps(spec))


def randomized(layer):
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


def made(spec, dtype=torch.float64, **options):
    space = solve(spec)
    return space, randomized(space.layer(2, 3, dtype=dtype, **options))


def input_of(space, batch=(), dtype=torch.float64):
    """Random input, in the layout of the layer."""
    torch.manual_seed(1)
    shape = space.source.shape
    last = space.document.spec.layer.layout == "channels_last"
    return torch.randn(*batch, *((*shape, 2) if last else (2, *shape)), dtype=dtype)


def by_matrix(space, layer, x):
    """The full matrix applied, and the bias read off the plan; channels first."""
    source, target = len(space.source.shape), len(space.target.shape)
    inner = tuple(range(-1 - source, 0)), tuple(range(1 + target, 2 + source + target))
    y = torch.tensordot(x, layer.dense_weight(), dims=inner)
    if layer.bias is None:
        return y
    codes = torch.as_tensor(space.plan.biases[0].codes.astype(np.int64))
    return y + layer.bias[codes - 1].T.reshape(layer.out_channels, *space.target.shape)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", MORE)
def test_forward_applies_the_full_matrix(name, layout):
    case, options = MORE[name]
    space, layer = made(spec_of(*case, layout=layout, **options))
    codes = torch.as_tensor(space.plan.blocks[0].codes.astype(np.int64))
    zero = layer.weight.new_zeros(1, 3, 2)
    entries = torch.cat([zero, layer.weight])[codes]
    expected = entries.permute(2, 0, 3, 1).reshape(layer.dense_weight().shape)
    torch.testing.assert_close(layer.dense_weight(), expected, rtol=1e-12, atol=1e-12)
    for batch in ((), (4,), (2, 3)):
        x = input_of(space, batch)
        y, plain = layer(x), x
        if layout == "channels_last":
            source, target = len(space.source.shape), len(space.target.shape)
            assert y.shape == (*batch, *space.target.shape, 3)
            plain, y = x.movedim(-1, -1 - source), y.movedim(-1, -1 - target)
        torch.testing.assert_close(y, by_matrix(space, layer, plain), rtol=1e-10, atol=1e-10)
        assert y.shape == (*batch, 3, *space.target.shape)


@pytest.mark.parametrize("name", MORE)
def test_the_page_is_proved_again_and_commutes(name, tmp_path):
    case, options = MORE[name]
    space = solve(spec_of(*case, **options))
    path = space.emit(tmp_path)
    said = verified(path)
    if space.plan.restricted or options.get("boundary") == "zeros":
        assert f"of which it keeps {space.plan.dimension}" in said or not space.plan.restricted
    else:
        assert f"dimension {space.dimension}," in said
    with contextlib.redirect_stdout(io.StringIO()):
        assert imported(path).equivariance_residual() < 1e-9


@pytest.mark.parametrize("name", ALL)
def test_strategies_load_each_others_weights(name):
    layers = {}
    for strategy in STRATEGIES:
        space, layers[strategy] = made(spec_of(*ALL[name], strategy=strategy))
        kind = type(space.plan.route).__name__
        assert kind == {"expand": "NoneType", "factor": "SmallSets", "convolve": "Convolution"}[
            strategy
        ]  # fmt: skip
    x = input_of(space, (3,))
    state = layers["expand"].state_dict()
    for layer in layers.values():
        other = copy.deepcopy(layer)
        assert set(layer.state_dict()) == {"weight", "bias"}
        other.load_state_dict({k: 2 * v for k, v in state.items()})
        torch.testing.assert_close(layer(x), layers["expand"](x), rtol=1e-10, atol=1e-10)
        torch.testing.assert_close(other(x), 2 * layer(x), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", ALL)
def test_strategies_have_the_same_gradients(name):
    found = []
    for strategy in STRATEGIES:
        space, layer = made(spec_of(*ALL[name], strategy=strategy))
        x = input_of(space, (3,)).requires_grad_()
        layer(x).square().sum().backward()
        found.append([x.grad, layer.weight.grad, layer.bias.grad])
    for other in found[1:]:
        torch.testing.assert_close(other, found[0], rtol=1e-9, atol=1e-8)


# Convolutions of one channel, against PyTorch's own.


def kernel_of(layer, *taps):
    """The kernel of one channel, of which transforms have channels last."""
    return layer.kernel().reshape(1, 1, *taps)


@pytest.mark.parametrize("radius", [1, 2])
@pytest.mark.parametrize("boundary", ["periodic", "zeros"])
@pytest.mark.parametrize("shape", [(7,), (5, 6), (5, 6, 7)])
def test_a_local_layer_is_the_convolution_of_pytorch(shape, boundary, radius):
    space = solve(spec_of(grid(*shape), support={"radius": radius}, boundary=boundary))
    layer = randomized(space.layer(1, 1, dtype=torch.float64))
    size = 2 * radius + 1
    assert layer.weight.shape == (size ** len(shape), 1, 1)
    kernel = kernel_of(layer, *[size] * len(shape))
    x = torch.randn(4, 1, *shape, dtype=torch.float64)
    convolve = getattr(torch.nn.functional, f"conv{len(shape)}d")
    if boundary == "zeros":
        expected = convolve(x, kernel, layer.bias.flatten(), padding=radius)
    else:
        ends = [radius] * 2 * len(shape)
        wrapped = torch.nn.functional.pad(x, ends, mode="circular")
        expected = convolve(wrapped, kernel, layer.bias.flatten())
    torch.testing.assert_close(layer(x), expected, rtol=1e-10, atol=1e-10)


def test_a_full_layer_is_the_circular_convolution_of_pytorch():
    space = solve(spec_of(grid(5, 7), strategy="convolve"))
    layer = randomized(space.layer(1, 1, dtype=torch.float64))
    assert not list(layer.buffers())
    full = layer.weight[:, 0, 0].view(5, 7)
    kernel = torch.stack([full[torch.arange(-2, 3)][:, k] for k in range(-3, 4)], 1)
    x = torch.randn(4, 1, 5, 7, dtype=torch.float64)
    wrapped = torch.nn.functional.pad(x, (3, 3, 2, 2), mode="circular")
    expected = torch.nn.functional.conv2d(wrapped, kernel[None, None], layer.bias.flatten())
    torch.testing.assert_close(layer(x), expected, rtol=1e-10, atol=1e-10)


def test_zeros_are_exact_under_translations_inside():
    space, layer = made(spec_of(P4M, "pixels", "poses", **RADIUS, boundary="zeros"))
    assert isinstance(space.plan.route, Convolution)
    x = torch.zeros(2, 6, 6, dtype=torch.float64)
    x[:, 2, 2] = 1
    moved = torch.roll(x, (1, 1), (-2, -1))
    torch.testing.assert_close(layer(moved), torch.roll(layer(x), (1, 1), (-2, -1)))


# What PyTorch does to modules.


@kinds
def test_shapes_that_do_not_fit_are_refused(kind):
    space, layer = made(KINDS[kind])
    x = input_of(space, (4,))
    with pytest.raises(ValueError, match="expected"):
        layer(x[..., :-1])
    with pytest.raises(ValueError, match="expected"):
        layer(x[:, :1])


@kinds
def test_a_layer_without_bias(kind):
    space, layer = made(KINDS[kind], bias=False)
    x = input_of(space, (3,))
    assert list(layer.state_dict()) == ["weight"]
    torch.testing.assert_close(layer(x), by_matrix(space, layer, x))


@kinds
def test_autocast(kind):
    space, layer = made(KINDS[kind], dtype=torch.float32)
    x = input_of(space, (4,), torch.float32)
    expected = layer(x)
    for mode in (layer.train(), layer.eval()):
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            cast = mode(x)
        scale = expected.abs().max()
        assert (cast.float() - expected).abs().max() < 0.05 * scale
        with torch.no_grad():
            torch.testing.assert_close(mode(x), expected, rtol=1e-4, atol=1e-4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        layer.train()(x).float().square().sum().backward()
    assert layer.weight.grad.isfinite().all()


@kinds
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_another_type(kind, dtype):
    space, layer = made(KINDS[kind])
    x = input_of(space, (4,))
    expected = layer(x)
    y = layer.to(dtype)(x.to(dtype))
    assert y.dtype == dtype
    error = (y.double() - expected).abs().max() / expected.abs().max()
    assert error < (0.05 if dtype == torch.bfloat16 else 1e-4)
    y.square().sum().backward()
    assert layer.weight.grad.dtype == dtype


@kinds
def test_meta_then_loaded(kind):
    space, layer = made(KINDS[kind])
    x = input_of(space, (2,))
    empty = space.layer(2, 3, dtype=torch.float64, device="meta")
    assert empty(x.to("meta")).shape == layer(x).shape
    emptied = copy.deepcopy(empty).to_empty(device="cpu")
    emptied.load_state_dict(layer.state_dict())
    torch.testing.assert_close(emptied(x), layer(x), rtol=0, atol=0)


@kinds
def test_copies(kind):
    space, layer = made(KINDS[kind])
    x = input_of(space, (2,))
    layer.eval()
    with torch.no_grad():
        expected = layer(x)
        for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
            torch.testing.assert_close(other(x), expected, rtol=0, atol=0)
            other.weight.mul_(2)
            assert not torch.equal(other(x), expected)
            torch.testing.assert_close(layer(x), expected, rtol=0, atol=0)


@kinds
def test_vmap_over_samples(kind):
    space, layer = made(KINDS[kind])
    x = input_of(space, (4,))
    torch.testing.assert_close(vmap(layer)(x), layer(x))
    layer.eval()
    with torch.no_grad():
        torch.testing.assert_close(vmap(layer)(x), layer(x))


@kinds
def test_functional_call_and_vmap_over_weights(kind):
    space, layer = made(KINDS[kind])
    x = input_of(space, (4,))
    expected = layer(x)
    weights = {name: p.detach() for name, p in layer.named_parameters()}
    several = {name: torch.stack([w, 2 * w, -w]) for name, w in weights.items()}
    for mode in (layer.train(), layer.eval()):
        with torch.no_grad():
            mode(x)
            tripled = {name: 3 * w for name, w in weights.items()}
            torch.testing.assert_close(functional_call(mode, tripled, x), 3 * expected)
            found = vmap(lambda w, mode=mode: functional_call(mode, w, x))(several)
            torch.testing.assert_close(found, torch.stack([expected, 2 * expected, -expected]))
            torch.testing.assert_close(mode(x), expected)


@kinds
def test_gradcheck(kind):
    spec = KINDS[kind]
    space = solve(spec)
    layer = randomized(space.layer(1, 1, dtype=torch.float64))
    torch.manual_seed(2)
    x = torch.randn(1, 1, *space.source.shape, dtype=torch.float64, requires_grad=True)
    names = list(dict(layer.named_parameters()))
    parameters = [p.detach().clone().requires_grad_() for p in layer.parameters()]

    def call(x, *values):
        return functional_call(layer, dict(zip(names, values, strict=True)), x)

    assert torch.autograd.gradcheck(call, (x, *parameters), fast_mode=True)


@kinds
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_export_with_any_batch(kind, mode):
    space, layer = made(KINDS[kind])
    getattr(layer, mode)()
    x = input_of(space, (4,))
    batch = torch.export.Dim("batch", min=2, max=64)
    with torch.no_grad():
        layer(x)
    program = torch.export.export(layer, (x,), dynamic_shapes=({0: batch},)).module()
    for size in (4, 7):
        x = input_of(space, (size,))
        torch.testing.assert_close(program(x), layer(x))


# What eval mode must not keep: a layer has no state but its parameters.

EXPANDED = spec_of({"cyclic": 6}, "points", PAIRS, strategy="expand")
CHANGES = {
    "in place": lambda layer: layer.weight.mul_(2),
    "one entry of the data": lambda layer: layer.weight.data.view(-1)[-1:].add_(1),
    "the data": lambda layer: setattr(layer.weight, "data", 2 * layer.weight.data),
    "a new parameter": lambda layer: setattr(
        layer, "weight", torch.nn.Parameter(2 * layer.weight)
    ),
    "a loaded state": lambda layer: layer.load_state_dict(
        {name: 2 * value for name, value in layer.state_dict().items()}
    ),
    "an assigned state": lambda layer: layer.load_state_dict(
        {name: 2 * value for name, value in layer.state_dict().items()}, assign=True
    ),
    "fresh weights": lambda layer: layer.reset_parameters(),
    "through NumPy": lambda layer: np.multiply(
        layer.weight.numpy(), 2, out=layer.weight.numpy()
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_output_follows_a_change(change):
    space, layer = made(EXPANDED)
    x = input_of(space, (3,))
    layer.eval()
    with torch.no_grad():
        before = layer(x)
        CHANGES[change](layer)
        after = layer(x)
        assert not torch.equal(before, after)
        torch.testing.assert_close(after, by_matrix(space, layer, x))
    assert {name for name, _ in layer.named_buffers()} == {"bias_index", "index"}


def test_evaluation_in_inference_mode_spoils_nothing():
    space, layer = made(EXPANDED)
    x = input_of(space, (3,))
    layer.eval()
    with torch.inference_mode():
        expected = layer(x).clone()
    with torch.no_grad():
        torch.testing.assert_close(layer(x), expected)
    leaf = x.clone().requires_grad_()
    layer(leaf).sum().backward()
    assert leaf.grad.isfinite().all() and layer.weight.grad.isfinite().all()


def test_a_frozen_layer_passes_gradients_to_its_input():
    space, layer = made(EXPANDED)
    layer.eval().requires_grad_(False)
    leaf = input_of(space, (3,)).requires_grad_()
    layer(leaf).sum().backward()
    assert leaf.grad.abs().max() > 0
