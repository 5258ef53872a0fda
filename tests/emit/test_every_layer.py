"""All that PyTorch may do to a layer: for a dozen specs in `make test`, else in `make test-all`."""

import copy
import io
import logging
import pickle

import pytest
import torch
from torch.func import functional_call, vmap

from tests.solved import SPECS, solved

torch.set_num_threads(1)  # Two workers of pytest-xdist share two cores.

SOME = {
    "chess_board", "hoffman_singleton", "maron_2_2", "periodic_convolution", "rubiks_cube",
    "signnet", "weight_space",
}  # fmt: skip
COMPILED = {"hoffman_singleton", "p4m_pixels"}

ON_DIAGONALS_OF_SPACE = {"attributed_network", "maron_3_3"}


def specs(chosen):
    """Every spec; those that are not chosen wait for `make test-all`."""
    every = [pytest.param(n, marks=() if n in chosen else pytest.mark.all) for n in SPECS]
    return pytest.mark.parametrize("name", every)


def made(name, channels=(2, 3), dtype=torch.float64, batch=(3,)):
    """A layer with random weights and bias, and inputs for it."""
    torch.manual_seed(0)
    space = solved(name)
    layer = space.layer(*channels, dtype=dtype)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    return layer, inputs(space, channels[0], dtype, batch)


def inputs(space, channels, dtype, batch):
    last = space.document.spec.layer.layout == "channels_last"
    shapes = [part.shape for part in space.form.sources.values()]
    whole = [(*shape, channels) if last else (channels, *shape) for shape in shapes]
    return tuple(torch.randn(*batch, *shape, dtype=dtype) for shape in whole)


def joined(y):
    parts = y if isinstance(y, tuple) else (y,)
    return torch.cat([part.flatten() for part in parts])


def close(y, expected, tolerance=1e-9):
    torch.testing.assert_close(joined(y), joined(expected), rtol=tolerance, atol=tolerance)


@pytest.mark.slow
@specs(COMPILED)
def test_compiled_as_one_graph(name):
    layer, x = made(name, dtype=torch.float32)
    compiled = torch.compile(layer, fullgraph=True)
    y = compiled(*x)
    close(y, layer(*x), 1e-3)
    joined(y).sum().backward()
    assert all(parameter.grad is not None for parameter in layer.parameters())


@specs(SOME)
def test_exported_for_any_batch(name):
    layer, x = made(name)
    batch = torch.export.Dim("batch", min=2)
    program = torch.export.export(layer, x, dynamic_shapes=tuple({0: batch} for _ in x)).module()
    for size in (3, 5):
        given = inputs(solved(name), 2, torch.float64, (size,))
        close(program(*given), layer(*given))


@specs(SOME)
def test_functional_call_and_vmap_over_weights_and_inputs(name):
    layer, x = made(name)
    weights = {n: p.detach() for n, p in layer.named_parameters()}
    several = {n: torch.stack([w, 2 * w]) for n, w in weights.items()}
    expected = layer(*x)
    found = vmap(lambda w: functional_call(layer, w, x))(several)
    found = found if isinstance(found, tuple) else (found,)
    close(tuple(y[0] for y in found), expected)
    close(tuple(y[1] for y in found), 2 * joined(expected))
    close(vmap(layer)(*x), expected)


@specs(SOME)
def test_gradients_are_those_of_differences(name):
    layer, x = made(name, channels=(1, 1), batch=(1,))
    names = [n for n, _ in layer.named_parameters()]
    weights = [p.detach().clone().requires_grad_() for p in layer.parameters()]
    x = [a.requires_grad_() for a in x]

    def call(*values):
        given = dict(zip(names, values[len(x) :], strict=True))
        return joined(functional_call(layer, given, tuple(values[: len(x)])))

    assert torch.autograd.gradcheck(call, (*x, *weights), fast_mode=True)


@specs(SOME)
def test_under_autocast(name):
    layer, x = made(name, dtype=torch.float32)
    expected = joined(layer(*x)).detach()
    with torch.autocast("cpu", torch.bfloat16):
        y = layer(*x)
    joined(y).float().sum().backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in layer.parameters())
    scale = max(float(expected.abs().max()), 1.0)
    assert float((joined(y).detach().float() - expected).abs().max()) < 0.1 * scale


@specs(SOME)
def test_made_on_the_meta_device(name):
    layer, x = made(name)
    expected = layer(*x)
    empty = solved(name).layer(2, 3, device="meta", dtype=torch.float64)
    assert joined(empty(*(a.to("meta") for a in x))).is_meta
    filled = empty.to_empty(device="cpu")
    filled.load_state_dict(layer.state_dict())
    close(filled(*x), expected)


@specs(SOME)
def test_copied_and_pickled(name):
    layer, x = made(name)
    expected = layer(*x)
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        close(twin(*x), expected)
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    fresh = solved(name).layer(2, 3, dtype=torch.float64)
    fresh.load_state_dict(torch.load(file, weights_only=True))
    close(fresh(*x), expected)


@pytest.mark.slow
@specs(sorted(SOME)[::3])
def test_exported_to_onnx(name):
    """Run by the reference implementation of ONNX."""
    from onnx.reference import ReferenceEvaluator

    if name in ON_DIAGONALS_OF_SPACE:
        pytest.xfail("torch cannot export what is added in place on a diagonal of three axes")
    layer, x = made(name, dtype=torch.float32)
    logging.disable(logging.WARNING)
    try:
        program = torch.onnx.export(layer.eval(), x, dynamo=True, verbose=False)
    finally:
        logging.disable(logging.NOTSET)
    model = program.model_proto
    given = {i.name: a.numpy() for i, a in zip(model.graph.input, x, strict=True)}
    found = ReferenceEvaluator(model).run(None, given)
    close(tuple(torch.from_numpy(y) for y in found), layer(*x), 1e-3)
