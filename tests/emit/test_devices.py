"""Every page of `generated/` by way of the meta device, and under another default device."""

import contextlib
import copy
import inspect
import io

import pytest
import torch
from torch.func import functional_call

from intertwine import from_dense
from tests.solved import ROOT, imported

PAGES = sorted(path.stem for path in (ROOT / "generated").glob("*.py"))
# One for each way in which tables are kept, and a network.
KINDS = ["ammonia", "cube_gradient", "graph_network", "hamming_scheme", "maron_2_2", "p4_digits",
         "p4_convolution", "ratings_autoencoder", "rubiks_cube", "specht_module"]  # fmt: skip

pages = pytest.mark.parametrize("name", PAGES)
kinds = pytest.mark.parametrize("name", KINDS)


class Page:
    """An emitted file: its module of random weights in double precision, and random inputs."""

    def __init__(self, name):
        path = ROOT / "generated" / f"{name}.py"
        self.module = imported(path)
        own = [c for _, c in inspect.getmembers(self.module, inspect.isclass)
               if c.__module__ == self.module.__name__ and hasattr(c, "fused")]  # fmt: skip
        networks = [c for c in own if hasattr(c, "check_equivariance")]
        self.is_network = bool(networks)
        (self.made,) = networks or own
        self.last = "channels come last" in path.read_text()

    def __call__(self, dtype=torch.float64):
        torch.manual_seed(0)
        return self.made(*(() if self.is_network else (2, 3)), dtype=dtype).eval()

    def inputs(self, batch=(2,), dtype=torch.float64):
        sizes = getattr(self.module, "SIZES", {})
        x = []
        for name, axes in self.module.INPUTS.items():
            shape = [sizes.get(axis, axis) for axis in axes]
            channels = [self.module.CHANNELS[name] if self.is_network else 2]
            whole = [*shape, *channels] if self.last else [*channels, *shape]
            x.append(torch.randn(*batch, *whole, dtype=dtype))
        return x


def outputs(model, x):
    y = model(*x)
    return y if isinstance(y, tuple) else (y,)


def assert_same(found, expected):
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)


@pages
def test_loaded_from_the_meta_device(name):
    page = Page(name)
    original, x = page(), page.inputs()
    expected, state = outputs(original, x), original.state_dict()
    with torch.device("meta"):
        assigned, emptied, still = page(), page(), page()
    assert all(tensor.is_meta for tensor in (*assigned.parameters(), *assigned.buffers()))
    assigned.load_state_dict(copy.deepcopy(state), assign=True)
    assert_same(outputs(assigned, x), expected)
    emptied.to_empty(device="cpu").load_state_dict(state)
    assert_same(outputs(emptied, x), expected)
    with pytest.raises(RuntimeError, match="meta"):
        outputs(still, x)


@kinds
def test_tables_are_whole_after_to_empty(name):
    """Parameters may then be written one by one, as sharding does."""
    page = Page(name)
    original, x = page(), page.inputs()
    layer = page().to_empty(device="cpu")
    with torch.no_grad():
        for own, given in zip(layer.parameters(), original.parameters(), strict=True):
            own.copy_(given)
        for own, given in zip(layer.buffers(), original.buffers(), strict=True):
            if own.is_floating_point() and page.is_network:
                own.copy_(given)
    assert_same(outputs(layer, x), outputs(original, x))


@kinds
def test_an_assigned_type_is_that_of_the_tables(name):
    page = Page(name)
    state = page(dtype=torch.float32).state_dict()
    layer = page()
    layer.load_state_dict(state, assign=True)
    x = page.inputs(dtype=torch.float32)
    for found, expected in zip(
        outputs(layer, x), outputs(page(dtype=torch.float32), x), strict=True
    ):
        assert found.dtype == torch.float32
        torch.testing.assert_close(found, expected)


@kinds
def test_weights_beside_tables_on_meta_are_refused(name):
    page = Page(name)
    layer, x = page(), page.inputs()
    weights = dict(layer.named_parameters())
    tables = dict(layer.named_buffers())
    empty = copy.deepcopy(layer).to("meta")
    if tables:
        with pytest.raises(RuntimeError, match="meta"):
            functional_call(empty, weights, tuple(x))
    y = functional_call(empty, weights | tables, tuple(x))
    assert_same(y if isinstance(y, tuple) else (y,), outputs(layer, x))


@pages
def test_made_and_called_where_meta_is_the_default(name):
    page = Page(name)
    original, x = page(), page.inputs()
    expected = outputs(original, x)
    torch.set_default_device("meta")
    try:
        made = page()
        assert all(y.is_meta for y in outputs(made, [a.to("meta") for a in x]))
        assert_same(outputs(original, x), expected)
        fused = original.fused()
    finally:
        torch.set_default_device(None)
    for y, other in zip(outputs(fused, x), expected, strict=True):
        torch.testing.assert_close(y, other, rtol=1e-9, atol=1e-9)


@kinds
def test_under_another_default_device(name):
    page = Page(name)
    original, x = page(), page.inputs()
    expected = outputs(original, x)
    with torch.device("meta"), contextlib.redirect_stdout(io.StringIO()):
        assert page.module.equivariance_residual() < 1e-9
        assert_same(outputs(original, x), expected)
        with torch.no_grad():
            assert_same(outputs(original, x), expected)
            if not page.is_network:
                dense = original.dense_weight()
                from_dense(original, dense)
                torch.testing.assert_close(original.dense_weight(), dense)
