"""What is deployed, and that nothing else remembers: a layer computes with the weights of today."""

import copy

import pytest
import torch
from torch.nn.utils import parametrize, prune

from intertwine import solve
from tests.emit.strategies import (
    NETWORKS,
    PAIRS,
    STRATEGIES,
    assert_close,
    inputs,
    made,
    outputs,
    space,
)
from tests.solved import thinned

# What is faster as it is than by a full matrix: a copy is fused.
COPIED = {
    "isotypic", "transforms", "one transform", "factored", "quotients", "axes", "few steps",
    "fields by transforms", "fields by taps, last", "fields in stages",
    "fields through components",
}  # fmt: skip
# Networks whose layers are all a matrix or a kernel.
PLAIN = ["p4m_digits", "methane_forces"]

EXPORTED = ["gathered", "fields", "many matrices", "isotypic", "taps", "ends", "transforms",
            "factored", "axes", "any size", "sizes, fields"]  # fmt: skip

kinds = pytest.mark.parametrize("kind", STRATEGIES)
everything = pytest.mark.parametrize("kind", [*STRATEGIES, *NETWORKS])


@everything
def test_it_computes_what_the_layer_does(kind):
    layer = made(kind).eval()
    fused = layer.fused()
    assert not fused.training and not any(p.requires_grad for p in fused.parameters())
    for batch in ((3,), (), (2, 3), (0,)):
        x = inputs(kind, batch)
        assert_close(outputs(fused, x), outputs(layer, x))
    assert isinstance(fused(*x), tuple) == isinstance(layer(*x), tuple)


@kinds
def test_it_is_a_matrix_or_a_kernel_where_that_pays(kind):
    fused = made(kind).fused()
    names = {name.split(".")[-1] for name in fused.state_dict()}
    linear = isinstance(fused, torch.nn.Sequential) and names == {"weight", "bias"}
    plain = linear or {"matrix", "bias"} <= names or {"kernel", "bias"} <= names
    assert plain == (kind not in COPIED)
    assert not any(parameter.requires_grad for parameter in fused.parameters())


@kinds
def test_without_bias(kind):
    layer = made(kind, bias=False)
    fused, x = layer.fused(), inputs(kind)
    assert type(fused) is type(made(kind).fused())
    assert_close(outputs(fused, x), outputs(layer, x))


def test_at_another_size():
    layer = made("any size")
    x = torch.randn(3, 2, 7, 7, dtype=torch.float64)
    assert_close([layer.fused(7)(x)], [layer(x)])
    with pytest.raises(ValueError, match="expected"):
        layer.fused(6)(x)


def test_a_large_size_is_copied():
    """A product of 1000^4 entries would not fit in memory."""
    layer = made("any size")
    fused = layer.fused(1000)
    mask = torch.tensor([True, True, True, False])
    (x,) = inputs("any size", (2,))[:1]
    x, mask = x[..., :4, :4], mask
    assert_close([fused(x, mask)], [layer(x, mask)])


def test_a_matrix_has_no_padding():
    x = inputs("any size")
    with pytest.raises(ValueError, match="mask"):
        made("any size").fused()(*x, mask=torch.ones(5, dtype=torch.bool))


@kinds
def test_scripted(kind):
    layer = made(kind)
    fused = layer.fused()
    if kind in COPIED:
        return
    scripted, x = torch.jit.script(fused), inputs(kind)
    assert_close(outputs(scripted, x), outputs(layer, x))
    with pytest.raises((torch.jit.Error, RuntimeError)):
        scripted(*(a[..., :-1] for a in x))


@pytest.mark.parametrize("kind", PLAIN)
def test_a_network_of_matrices_and_kernels_is_scripted(kind):
    model = made(kind).eval()
    x = inputs(kind)
    assert_close(outputs(torch.jit.script(model.fused()), x), outputs(model, x))


@pytest.mark.slow
@pytest.mark.parametrize("kind", thinned([*EXPORTED, *NETWORKS], 2))
def test_exported_for_any_batch(kind):
    batch = torch.export.Dim("batch")
    for module in (made(kind).eval(), made(kind).eval().fused()):
        x = tuple(inputs(kind))
        shapes = tuple({0: batch} for _ in x)
        program = torch.export.export(module, x, dynamic_shapes=shapes).module()
        for size in (2, 5):
            x = inputs(kind, (size,))
            assert_close(outputs(program, x), outputs(module, x))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["gathered", "taps", "any size, fields"])
def test_compiled(kind):
    fused, x = made(kind).fused(), inputs(kind)
    assert_close(outputs(torch.compile(fused, fullgraph=True), x), outputs(fused, x))


@everything
def test_empty_batches(kind):
    for module in (made(kind).eval(), made(kind).eval().fused()):
        for batch in ((0,), (2, 0), (0, 2)):
            some = outputs(module, inputs(kind, (1,) * len(batch)))
            for y, one in zip(outputs(module, inputs(kind, batch)), some, strict=True):
                assert y.shape == (*batch, *one.shape[len(batch) :])


# Nothing is kept from one call to the next.


class Scaled(torch.nn.Module):
    """A parametrization whose factor is a buffer."""

    def __init__(self):
        super().__init__()
        self.register_buffer("factor", torch.tensor(1.0))

    def forward(self, weight):
        return self.factor * weight


def plain_layers(module):
    """The layers that hold one weight: a layer itself, or those of a network."""
    return [m for m in module.modules() if isinstance(getattr(m, "weight", None), torch.Tensor)
            and hasattr(m, "dense_weight")]  # fmt: skip


@everything
def test_pruned_in_eval_mode(kind):
    module, x = made(kind).eval(), inputs(kind)
    twin = copy.deepcopy(module)
    layers = plain_layers(module)
    with torch.no_grad():
        before = outputs(module, x)
        for layer, other in zip(layers, plain_layers(twin), strict=True):
            prune.random_unstructured(layer, "weight", 0.5)
            other.weight.mul_(layer.weight_mask)
        after = outputs(module, x)
        assert_close(after, outputs(twin, x))
        assert_close(outputs(module.fused(), x), after)
        if layers:
            assert not all(map(torch.equal, before, after))
        for layer, other in zip(layers, plain_layers(twin), strict=True):
            layer.weight_orig.mul_(2)
            other.weight.mul_(2)
        assert_close(outputs(module.fused(), x), outputs(twin, x))
        assert_close(outputs(module, x), outputs(twin, x))


@everything
def test_parametrized_with_a_buffer(kind):
    module, x = made(kind).eval(), inputs(kind)
    twin = copy.deepcopy(module)
    for layer in plain_layers(module):
        parametrize.register_parametrization(layer, "weight", Scaled())
    with torch.no_grad():
        assert_close(outputs(module, x), outputs(twin, x))
        for layer, other in zip(plain_layers(module), plain_layers(twin), strict=True):
            layer.parametrizations.weight[0].factor.fill_(-3)
            other.weight.mul_(-3)
        expected = outputs(twin, x)
        assert_close(outputs(module, x), expected)
        assert_close(outputs(module.fused(), x), expected)


@everything
def test_weights_changed_behind_the_back(kind):
    module, x = made(kind).eval(), inputs(kind)
    with torch.no_grad():
        outputs(module, x)
        for parameter in module.parameters():
            parameter.data = parameter.data.flip(0) / 2
        fresh = made(kind).eval()
        fresh.load_state_dict(module.state_dict())
        assert_close(outputs(module, x), outputs(fresh, x))
    fields = {name for name in vars(module) if name[0] != "_"}
    assert fields == {"in_channels", "out_channels", "training"} or kind in NETWORKS


def test_what_is_fused_stays_as_it_was():
    layer, x = made("gathered"), inputs("gathered")
    fused, expected = layer.fused(), layer(*x)
    with torch.no_grad():
        layer.weight.zero_()
    assert_close([fused(*x)], [expected])
    assert_close([copy.deepcopy(fused).float()(x[0].float())], [expected.float()], 1e-4)


def test_a_network_of_any_size_is_fused_at_one():
    model = made("deepsets_classifier").eval()
    (axes,) = (value.shape for value in space("deepsets_classifier").plan.inputs)
    x = torch.randn(3, *(model_channels(), *(n + 3 for n in axes)), dtype=torch.float64)
    assert_close([model.fused(axes[0] + 3)(x)], [model(x)])


def model_channels():
    return space("deepsets_classifier").plan.inputs[0].channels


def test_the_choice_is_by_the_multiply_adds_of_a_batch():
    """From the same n on, whatever the channels are: products of channels count."""
    layer = solve({"name": "s", "group": {"symmetric": 4}, "input": PAIRS, "output": PAIRS})
    few, many = layer.layer(1, 1), layer.layer(16, 16)
    assert type(few.fused(12)) is not type(few)
    assert type(many.fused(12)) is type(many)
