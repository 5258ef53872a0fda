"""Small layers in eval mode: one product with a matrix that is kept, and what makes it anew."""

import copy
import pickle

import pytest
import torch

from intertwine import solve

PAIRS = {"power": ["points", 2]}
SETS = {"name": "sets", "group": {"symmetric": 4}}
SPECS = {
    "matrices": {**SETS, "input": PAIRS, "output": PAIRS},
    "channels last": {
        **SETS, "input": PAIRS, "output": PAIRS, "layer": {"layout": "channels_last"},
    },
    "fields": {
        **SETS,
        "input": {"fields": {"a": PAIRS, "b": "points"}},
        "output": {"fields": {"c": "points", "d": "trivial"}},
    },
    "one output field": {**SETS, "input": PAIRS, "output": {"fields": {"c": PAIRS}}},
    "a table": {
        "name": "table",
        "group": {"product": {"rows": {"symmetric": 3}, "columns": {"symmetric": 5}}},
        "input": {"tensor": ["rows", "rows", "columns"]},
        "output": {"tensor": ["rows", "columns"]},
    },
    "a circle": {"name": "ring", "group": {"cyclic": 24}, "input": "points", "output": "points"},
    "a grid": {
        "name": "grid",
        "group": {"grid": {"shape": [6, 6], "symmetry": "p4m"}},
        "input": "pixels",
        "output": "pixels",
    },
}  # fmt: skip
named = pytest.mark.parametrize("name", SPECS)


def made(name, **options):
    """A layer of 2 channels in and 3 out with random weights, in eval mode, and its inputs."""
    space = solve(SPECS[name])
    layer = space.layer(2, 3, dtype=torch.float64, **options)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    last = "last" in name
    shapes = [part.shape for part in space.form.sources.values()]
    x = [torch.randn(5, *((*s, 2) if last else (2, *s)), dtype=torch.float64) for s in shapes]
    return layer.eval(), x


def flat(y):
    parts = (y,) if isinstance(y, torch.Tensor) else y
    return torch.cat([part.flatten() for part in parts])


def close(y, expected):
    torch.testing.assert_close(flat(y), flat(expected), rtol=1e-10, atol=1e-10)


@named
@pytest.mark.parametrize("bias", [True, False])
def test_it_gives_what_the_layer_gives(name, bias):
    layer, x = made(name, bias=bias)
    expected = layer(*x)
    assert "_made" not in vars(layer)
    with torch.no_grad():
        y = layer(*x)
        close(y, expected)
        assert isinstance(y, tuple) == isinstance(expected, tuple)
        assert "_made" in vars(layer)
        single = layer(*(a[0] for a in x))
        close(layer(*(a[:1] for a in x)), single)
        many = layer(*(a[None, :, None] for a in x))
        close(many, expected)
    assert set(layer.state_dict()) == {n for n, _ in layer.named_parameters()}


@named
def test_it_is_made_once(name):
    layer, x = made(name)
    with torch.no_grad():
        layer(*x)
        first = layer._made[2]
        layer(*x)
        assert layer._made[2] is first
        next(layer.parameters()).data.view(-1)[-1:].add_(1)
        changed = layer(*x)
        assert layer._made[2] is not first
    close(changed, layer.train()(*x))


@named
def test_other_inputs_are_not_taken_for_those_before(name):
    layer, x = made(name)
    with torch.no_grad():
        layer(*x)
        halves = [a.float() for a in x]
        layer.float()
        y = layer(*halves)
    assert flat(y).dtype == torch.float32
    torch.testing.assert_close(flat(y), flat(layer.train()(*halves)), rtol=1e-4, atol=1e-4)


def test_another_size_has_a_matrix_of_its_own():
    layer, x = made("matrices")
    other = torch.randn(5, 2, 3, 3, dtype=torch.float64)
    with torch.no_grad():
        for given in (x[0], other, x[0]):
            close(layer(given), layer.train()(given))
            layer.eval()


def test_a_mask_takes_the_program():
    layer, (x,) = made("matrices")
    mask = torch.tensor([True, True, True, False])
    with torch.no_grad():
        masked = layer(x, mask=mask)
        assert "_made" not in vars(layer)
    close(masked, layer.train()(x, mask=mask))


@named
def test_a_large_batch_takes_the_program(name):
    layer, x = made(name)
    large = [a.repeat(40_000, *[1] * (a.ndim - 1)) for a in x]
    with torch.no_grad():
        y = layer(*large)
        assert "_made" not in vars(layer)
        close([part[:5] for part in y] if isinstance(y, tuple) else y[:5], layer(*x))


@named
def test_what_is_kept_travels_and_goes(name):
    layer, x = made(name)
    with torch.no_grad():
        expected = layer(*x)
        for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
            close(twin(*x), expected)
        other = {n: 2 * p for n, p in layer.named_parameters()}
        close(torch.func.functional_call(layer, other, tuple(x)), [2 * e for e in expected])


@named
def test_nothing_is_kept_under_autocast(name):
    layer, x = made(name)
    layer.float()
    x = [a.float() for a in x]
    with torch.no_grad():
        with torch.autocast("cpu", torch.bfloat16):
            layer(*x)
        assert "_made" not in vars(layer)
        y = layer(*x)
    torch.testing.assert_close(flat(y), flat(layer.train()(*x)), rtol=1e-4, atol=1e-4)
