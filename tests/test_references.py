"""The benchmarks' hand-written layers are the layers they are compared with."""

import pytest
import torch

from benchmarks.cases import grids, powers, spec, symmetric
from benchmarks.references.circulant import CirculantConv, CirculantFFT
from benchmarks.references.deepsets import DeepSets
from benchmarks.references.dense import Dense
from benchmarks.references.exchangeable import Exchangeable
from benchmarks.references.graph_factored import GraphFactored
from benchmarks.references.graph_full import OPERATIONS, GraphFull
from intertwine import solve

IN, OUT, BATCH = 3, 2, 4


def emitted(case):
    """A layer of ours in double precision, every parameter random."""
    layer = solve(case).layer(IN, OUT).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


def diagrams(layer):
    """The numbers of its diagrams by name: output axes, then input axes."""
    rows = _listed(layer)
    return {name: number for number, name in rows}


def _listed(layer):
    for line in type(layer).__doc__.splitlines():
        number, _, name = line.strip().partition(": ")
        if number.isdecimal():
            yield int(number), name


def batch(*shape):
    return torch.randn(BATCH, IN, *shape, dtype=torch.float64)


def ported(reference, weight, bias):
    """The reference with these values, all of them."""
    reference = reference.double()
    reference.load_state_dict({"weight": weight, "bias": bias})
    return reference


def same(layer, others, x):
    """Outputs and gradients of the input agree to 1e-10, with gradients and without."""
    results = []
    for module in (layer, *others):
        given = x.clone().requires_grad_()
        y = module(given)
        (gradient,) = torch.autograd.grad(y.square().sum(), given)
        with torch.no_grad():
            results.append((y.detach(), module(x), gradient))
    for result in results[1:]:
        for ours, theirs in zip(results[0], result, strict=True):
            torch.testing.assert_close(theirs, ours, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("n", [3, 5, 7])
def test_both_layers_of_15_operations_port_from_ours(n):
    torch.manual_seed(n)
    ours = emitted(symmetric(5, 2))
    numbers = diagrams(ours)
    weight = ours.weight.detach()[[numbers[name] for name in OPERATIONS]]
    bias = ours.bias.detach()
    references = [GraphFull(IN, OUT), GraphFull(IN, OUT, fused=True), GraphFactored(IN, OUT)]
    same(ours, [ported(made, weight, bias) for made in references], batch(n, n))


@pytest.mark.parametrize("n", [3, 5, 7])
def test_deepsets_ports_from_ours(n):
    torch.manual_seed(n)
    ours = emitted(symmetric(5, 1))
    numbers = diagrams(ours)
    weight = ours.weight.detach()[[numbers["a a"], numbers["a b"]]]
    same(ours, [ported(DeepSets(IN, OUT), weight, ours.bias.detach()[0])], batch(n))


@pytest.mark.parametrize("n", [3, 5, 7])
def test_the_exchangeable_layer_ports_from_ours(n):
    torch.manual_seed(n)
    ours = emitted(grids(3, 4))
    numbers = diagrams(ours)
    weight = ours.weight.detach()[[numbers[name] for name in ("ab ab", "ab ac", "ab cb", "ab cd")]]
    bias = ours.bias.detach()[0]
    same(ours, [ported(Exchangeable(IN, OUT), weight, bias)], batch(n, n + 1))


@pytest.mark.parametrize("n", [3, 5, 6, 7])
def test_circulants_port_from_ours(n):
    torch.manual_seed(n)
    ours = emitted(powers({"cyclic": n}, 1))
    kernel = ours.dense_weight().detach()[:, :, :, 0].transpose(0, 1).contiguous()
    assert kernel.shape == (n, OUT, IN)
    bias = ours.bias.detach()[0]
    correlating = kernel.flip(0).permute(1, 2, 0)
    fft = ported(CirculantFFT(IN, OUT, n), kernel, bias)
    conv = ported(CirculantConv(IN, OUT, n), correlating, bias)
    same(ours, [fft, conv], batch(n))


def test_the_dense_layer_takes_any_expanded_weight():
    torch.manual_seed(0)
    ours = emitted(spec({"symmetric": 5}, {"subsets": ["points", 2]}))
    dense = Dense((10,), (10,), IN, OUT).double()
    with torch.no_grad():
        dense.linear.weight.copy_(ours.dense_weight().reshape(OUT * 10, IN * 10))
        dense.linear.bias.copy_(ours(torch.zeros(1, IN, 10, dtype=torch.float64)).flatten())
    same(ours, [dense], batch(10))
