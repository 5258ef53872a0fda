"""Audits of awkward modules and weights: extremes of size, work in place, what cannot be copied."""

import json
import shutil

import numpy as np
import pytest
import torch

from intertwine import solve
from intertwine.audit.module import audit_module
from intertwine.audit.weight import audit_weight
from intertwine.cli.main import commands
from intertwine.errors import SpecError
from intertwine.show.audit_json import weight_as_json
from tests.solved import ROOT

RING = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
SPEC = ROOT / "specs" / "circulant.yaml"


@pytest.fixture(scope="module")
def ring():
    return solve(RING)


class Tripled(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(2.0))

    def forward(self, x):
        x *= 3
        return x * self.weight


class Function(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def complex_parameters():
    module = Function(lambda x: x)
    module.weight = torch.nn.Parameter(torch.ones(3, dtype=torch.complex64))
    return module


def kept_tensor():
    module = torch.nn.Linear(3, 3)
    module.kept = 2 * module.weight
    return module


def generator():
    module = torch.nn.Linear(3, 3)
    module.numbers = (number for number in range(3))
    return module


def test_a_module_may_work_in_place(ring):
    found = audit_module(ring, Tripled())
    np.testing.assert_allclose(found.linear.nearest.reshape(3, 3), 6 * np.eye(3))
    assert found.reaches.linear.rank == 1


@pytest.mark.parametrize("size", [1e-310, 1e-200, 1e-30, 1.0, 1e30, 1e200, 1e307])
def test_the_audit_of_a_weight_does_not_depend_on_its_size(ring, size):
    given = np.array([[4.0, -1, 2], [0, 1, 3], [5, -2, 1]])
    projected = (
        sum(np.roll(np.roll(given, k, axis=0), k, axis=1) for k in range(3)) / 3
    )  # the mean over the group
    lost = np.linalg.norm(given - projected) / np.linalg.norm(given)
    shift = np.roll(given, 1, axis=0) - np.roll(given, -1, axis=1)
    apart = np.linalg.norm(shift) / np.linalg.norm(given)
    found = audit_weight(ring, given * size)
    assert found.lost == pytest.approx(lost)
    assert found.residual.maximum == pytest.approx(apart)
    assert found.norm == pytest.approx(np.linalg.norm(given) * size)
    np.testing.assert_allclose(found.nearest / size, projected, atol=1e-9)
    assert sum(orbital.energy for orbital in found.orbitals) == pytest.approx(1)
    json.dumps(weight_as_json(ring, found), allow_nan=False)


def test_a_weight_whose_norm_is_infinite_is_refused(ring):
    with pytest.raises(SpecError, match="a norm below"):
        audit_weight(ring, np.full((3, 3), 1.7e308))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (complex_parameters, "complex parameters"),
        (kept_tensor, "cannot be copied"),
        (generator, "cannot be copied"),
        (lambda: torch.nn.LazyLinear(3), "cannot be copied"),
        (lambda: torch.nn.Linear(3, 3, device="meta"), "cannot be copied"),
        (lambda: Function(lambda x: (2 * x).to_sparse()), "torch.sparse_coo"),
    ],
    ids=["complex", "not a leaf", "generator", "lazy", "meta", "sparse output"],
)
def test_what_cannot_be_probed_is_refused(ring, made, said):
    with pytest.raises(SpecError, match=said):
        audit_module(ring, made())


def test_an_output_may_be_a_negated_view(ring):
    found = audit_module(ring, Function(lambda x: torch.conj(x * 1j).imag))
    np.testing.assert_allclose(found.linear.nearest.reshape(3, 3), -np.eye(3))


@pytest.mark.parametrize("name", ["weights.npz", "link.npz"])
def test_weights_are_not_overwritten_by_what_is_nearest_to_them(tmp_path, name):
    size = solve(SPEC).source.dimension
    path = tmp_path / "weights.npz"
    np.savez(path, weight=np.arange(size**2).reshape(size, size))
    (tmp_path / "link.npz").symlink_to(path)
    shutil.copy(path, tmp_path / "before.npz")
    with pytest.raises(SpecError, match="the file of weights"):
        commands()(
            ["audit", str(SPEC), str(path), "-o", str(tmp_path / name)], standalone_mode=False
        )
    assert path.read_bytes() == (tmp_path / "before.npz").read_bytes()
