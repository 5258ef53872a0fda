"""Modules are found by name, and called whatever the shapes of their tensors."""

import sys

import numpy as np
import pytest
import torch

from intertwine import SpecError
from intertwine.audit.module import audit_module
from intertwine.probe.load import load_module
from intertwine.probe.port import Port
from intertwine.probe.probe import probe
from tests.audit import modules
from tests.audit.modules import Function, Rectified, Sets, linear
from tests.solved import solved

HERE = "tests.audit.modules"


@pytest.fixture(autouse=True)
def _same_path(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])


@pytest.mark.parametrize("name", ["Sets", "linear", "INSTANCE"])
def test_a_class_a_function_or_an_instance_gives_a_module(name):
    assert isinstance(load_module(f"{HERE}:{name}"), torch.nn.Module)
    assert load_module(f"{HERE}:INSTANCE") is modules.INSTANCE


def test_a_module_of_the_current_folder_is_found(tmp_path, monkeypatch):
    (tmp_path / "layers_of_mine.py").write_text(
        "import torch\\nclass Outer:\\n    Net = torch.nn.Identity\\n".replace("\\n", "\n")
    )
    monkeypatch.chdir(tmp_path)
    assert isinstance(load_module("layers_of_mine:Outer.Net"), torch.nn.Identity)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("modules", "expected PACKAGE.MODULE:NAME"),
        (":Sets", "expected PACKAGE.MODULE:NAME"),
        ("tests.audit.modules:", "expected PACKAGE.MODULE:NAME"),
        ("no_such_package:Net", "ModuleNotFoundError"),
        ("..modules:Net", "raises"),
        ("tests.audit.modules:Set", "did you mean Sets?"),
        ("tests.audit.modules:needs_width", "missing 1 required positional argument"),
        ("tests.audit.modules:broken", "RuntimeError: no such width"),
        ("tests.audit.modules:gives_number", "which gives int"),
        ("tests.audit.modules:NUMBER", "3 is not a callable object"),
    ],
)
def test_what_gives_no_module_is_refused_in_one_line(name, said):
    with pytest.raises(SpecError) as caught:
        load_module(name)
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["raise SystemExit(3)", "1 +", "import torch\nraise OSError('x')"])
def test_a_file_that_fails_is_refused(tmp_path, monkeypatch, text):
    name = f"failing_{len(text)}"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match="that raises"):
        load_module(f"{name}:Net")


def test_what_a_module_prints_goes_to_the_side(capsys):
    load_module(f"{HERE}:talkative")
    out, err = capsys.readouterr()
    assert (out, err) == ("", "I am made\n")


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("shape", "channels"), [((2, 3), 1), ((6,), 1), ((24,), 4), ("channels", 4), ("flat", 4)]
)
def test_a_tensor_is_packed_and_unpacked(shape, channels, last):
    given = {"channels": ((4, 2, 3), (2, 3, 4)), "flat": ((4, 6), (6, 4))}
    shape = given[shape][last] if isinstance(shape, str) else shape
    port = Port.matching(shape, (2, 3), last)
    assert (port.points, port.channels) == (6, channels)
    values = np.random.default_rng(0).standard_normal((5, 6, channels))
    packed = port.packed(values)
    assert packed.shape == (5, *shape) and np.array_equal(port.unpacked(packed), values)
    first = packed.reshape(5, 6, channels) if last else packed.reshape(5, channels, 6)
    assert np.array_equal(first, values if last else values.transpose(0, 2, 1))


@pytest.mark.parametrize("shape", [(5,), (3, 2), (2, 3, 4, 1), (4, 3, 2), ()])
def test_a_shape_of_other_points_is_none(shape):
    assert Port.matching(shape, (2, 3), channels_last=False) is None


def test_the_usual_shapes_are_tried_in_turn():
    plain = Function(lambda x: torch.einsum("bi,bj->bi", x, x))
    flat = torch.nn.Linear(25, 25)
    assert probe(linear(), [(10,)], [(10,)]).inputs[0].shape == (1, 10)
    assert probe(plain, [(10,)], [(10,)]).inputs[0].shape == (10,)
    assert probe(flat, [(5, 5)], [(5, 5)]).inputs[0].shape == (25,)
    convolution = torch.nn.Conv2d(3, 2, 3, padding=1)
    assert probe(convolution, [(5, 5)], [(5, 5)]).channels == (2, 3)
    given = probe(torch.nn.Linear(3, 2), [(5,)], [(5,)], channels_last=True, shapes=[(5, 3)])
    assert given.channels == (2, 3)


def test_the_module_itself_is_left_as_it_was():
    module = torch.nn.Sequential(linear(), torch.nn.Dropout(0.5)).train()
    before = [p.clone() for p in module.parameters()]
    found = audit_module(solved("deepsets"), module)
    assert found.affine and module.training and all(p.requires_grad for p in module.parameters())
    after = list(module.parameters())
    assert all(torch.equal(p, q) and p.dtype == q.dtype for p, q in zip(before, after, strict=True))


def noisy(x):
    return x + torch.rand_like(x)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (noisy, "draws numbers"),
        (lambda x: x - x.mean(0), "mixes samples"),
        (lambda x: x.float(), "torch.float32"),
        (lambda x: "text", "output is str"),
        (lambda x: x.sum(), r"an output of shape \(\) for a batch of 5"),
        (lambda x: (x, x), "2 output tensors"),
        (lambda x: x[..., :7], r"output samples of shape \(1, 7\)"),
        (lambda x: x / 0, "not finite"),
        (lambda x: x @ torch.zeros(3, 3), r"takes no input of shape \(5, 1, 10\): a forward"),
    ],
)
def test_a_module_that_cannot_be_audited_is_refused(function, said):
    with pytest.raises(SpecError, match=said):
        audit_module(solved("deepsets"), Function(function))


def test_input_shapes_must_be_the_specs():
    for shapes in ([(3, 7)], [(10,), (10,)], [(0, 10)]):
        with pytest.raises(SpecError, match="input"):
            audit_module(solved("deepsets"), Sets(), shapes=shapes)
    with pytest.raises(SpecError, match="the same number in each field"):
        shapes = [(2, 3, 2), (1, 3), (1, 2, 3), (1, 2)]
        audit_module(solved("weight_space"), Function(lambda *fields: fields), shapes=shapes)


def test_a_module_that_is_not_affine_is_held_against_the_group():
    space = solved("deepsets")
    good = audit_module(space, Rectified())
    assert not good.affine and good.residual.vanishes and good.linear is None
    ranked = audit_module(space, Function(lambda x: torch.arange(10.0).double() * x.sign()))
    assert not ranked.affine and ranked.linear is None
    squares = {"swap": 2 * 1, "shift": 9 * 1 + 81}  # of what neighbours and ends differ by
    for name, moved in squares.items():
        assert ranked.residual.generators[name] == pytest.approx((moved / 285) ** 0.5)


def test_a_saturating_module_is_not_taken_for_affine():
    found = audit_module(solved("deepsets"), torch.nn.Hardtanh(-50, 50))
    assert not found.affine


def test_the_bias_is_audited_by_itself():
    layer = Sets(spare=False)
    found = audit_module(
        solved("deepsets"), Function(lambda x: layer.double()(x) + torch.arange(10))
    )
    assert found.linear.residual.vanishes and not found.bias.residual.vanishes
    assert found.bias.nearest.ravel().tolist() == pytest.approx([4.5] * 10)


def test_channels_last_is_the_specs():
    space = solved("deepsets")
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 2)
    found = audit_module(space, layer, channels_last=True, shapes=[(10, 3)])
    assert found.residual.vanishes and found.linear.layout.channels == (2, 3)
    diagonal = found.linear.coefficients[0] - 0 * found.linear.coefficients[1]
    np.testing.assert_allclose(diagonal, layer.weight.detach().double().numpy(), atol=1e-12)
