"""A layer that is converted is the layer that is made in that type, whatever its tables hold."""

import pytest
import torch

from tests.emit.strategies import NETWORKS, STRATEGIES, inputs, made, outputs, space

CHAINS = {
    "double": ([torch.float64], torch.float64),
    "half": ([torch.float16], torch.float16),
    "bfloat16": ([torch.bfloat16], torch.bfloat16),
    "half, double": ([torch.float16, torch.float64], torch.float64),
    "bfloat16, double": ([torch.bfloat16, torch.float64], torch.float64),
    "bfloat16, float": ([torch.bfloat16, torch.float32], torch.float32),
    "complex64": ([torch.complex64], torch.complex64),
    "complex128": ([torch.complex128], torch.complex128),
    "half, complex128": ([torch.float16, torch.complex128], torch.complex128),
}


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("kind", [*STRATEGIES, *NETWORKS])
def test_converting_gives_what_is_made(kind, chain):
    steps, dtype = CHAINS[chain]
    if kind in NETWORKS and dtype.is_complex:
        pytest.skip("PyTorch has no norms and no GELU of complex numbers")
    converted = made(kind, torch.float32).eval()
    for step in steps:
        converted = converted.to(step)
    fresh = made(kind, dtype).eval()
    fresh.load_state_dict(converted.state_dict())
    state = fresh.state_dict()
    for (name, table), (_, other) in zip(
        converted.named_buffers(), fresh.named_buffers(), strict=True
    ):
        assert table.dtype == other.dtype
        assert name in state or torch.equal(table, other), name
    x = inputs(kind, (2,), dtype)
    with torch.no_grad():
        for y, expected in zip(outputs(converted, x), outputs(fresh, x), strict=True):
            assert y.dtype == dtype and torch.equal(y, expected)


@pytest.mark.parametrize("kind", STRATEGIES)
def test_complex_weights_act_as_their_parts_do(kind):
    """(A + iB)(x + iy), by four layers of real numbers."""
    layer = made(kind, torch.complex128, bias=False)
    real, imaginary = made(kind, bias=False), made(kind, bias=False)
    with torch.no_grad():
        parts = zip(layer.parameters(), real.parameters(), imaginary.parameters(), strict=True)
        for own, a, b in parts:
            own.copy_(torch.complex(torch.randn_like(a), torch.randn_like(a)))
            a.copy_(own.real)
            b.copy_(own.imag)
    x = inputs(kind)
    y = [a.flip(0) for a in x]
    found = outputs(layer, [torch.complex(a, b) for a, b in zip(x, y, strict=True)])
    products = (outputs(real, x), outputs(imaginary, y), outputs(real, y), outputs(imaginary, x))
    for own, ax, by, ay, bx in zip(found, *products, strict=True):
        torch.testing.assert_close(own, torch.complex(ax - by, ay + bx), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", ["quotients", "factored", "factored in stages", "axes"])
def test_a_matrix_made_of_forward_is_exact_in_double(kind):
    """Of a layer made in float32 and converted, against the expansion of the space by NumPy."""
    layer = made(kind, torch.float32).double()
    expected = torch.from_numpy(space(kind).expand(layer.weight.detach().numpy()))
    found = layer.dense_weight()
    expected = expected.permute(2, 0, 3, 1).reshape(found.shape)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", ["transforms", "one transform"])
def test_doubles_given_to_single_weights_are_alike_in_both_modes(kind):
    layer = made(kind, torch.float32)
    x = inputs(kind)
    trained = outputs(layer.train(), x)
    with torch.no_grad():
        for y, expected in zip(outputs(layer.eval(), x), trained, strict=True):
            assert y.dtype == expected.dtype and torch.equal(y, expected)
