"""The command `intertwine audit`: tables, JSON, files and refusals."""

import json
import sys
import zipfile

import numpy as np
import pytest
import safetensors.torch
import torch

from benchmarks.references.neural_functional import NeuralFunctional
from intertwine import solve
from tests.solved import ROOT

MODULES = """
import torch
from benchmarks.references.neural_functional import NeuralFunctional

def functional():
    torch.manual_seed(0)
    return NeuralFunctional((2, 3, 2))

def rectified():
    return torch.nn.Sequential(torch.nn.Identity(), torch.nn.ReLU())

def convolution():
    torch.manual_seed(0)
    return torch.nn.Conv2d(3, 2, 3, padding=1, padding_mode="circular")
"""
SPEC = {name: str(ROOT / "specs" / f"{name}.yaml") for name in ("deepsets", "weight_space")}
GRID = """
name: grid
description: a small torus
group: {grid: {shape: [4, 4], symmetry: p1}}
input: pixels
output: pixels
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """A folder with modules of its own, from which nothing of other tests is imported."""
    (tmp_path / "audited_modules.py").write_text(MODULES)
    (tmp_path / "grid.yaml").write_text(GRID)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "audited_modules", raising=False)
    monkeypatch.setenv("COLUMNS", "80")


def sets(noise=0.0):
    weight = np.full((10, 10), 0.5) + np.eye(10)
    weight[1, 0] += noise
    return weight


def done(cli, *arguments):
    code, out, err = cli("audit", *map(str, arguments))
    assert (code, err) == (0, "")
    return out


def refused(cli, *arguments, code=2):
    found, out, err = cli("audit", *map(str, arguments))
    assert (found, out) == (code, "") and err.startswith("intertwine: ") and err.count("\n") == 1
    return err


def test_a_weight_is_told_in_words_and_numbers(cli):
    np.savez("w.npz", w=sets(0.9))
    out = done(cli, SPEC["deepsets"], "w.npz")
    assert max(map(len, out.splitlines())) <= 80
    assert "this weight is not equivariant" in " ".join(out.split())
    assert "Where it is lost" in out
    found = json.loads(done(cli, SPEC["deepsets"], "w.npz", "--json"))
    lost = 0.9 * np.sqrt(1 - 1 / 90) / np.linalg.norm(sets(0.9))
    assert found["lost"] == pytest.approx(lost)
    assert found["residual"]["maximum"] == max(found["residual"]["generators"].values())
    assert set(found["residual"]["generators"]) == {"swap", "shift"}
    assert found["residual"]["generators"]["swap"] == pytest.approx(
        np.sqrt(2) * 0.9 / np.linalg.norm(sets(0.9))
    )
    assert (found["name"], found["weight"], found["shape"]) == ("deepsets", "w", [10, 10])
    assert found["orbitals"][0]["entries"] == 90


def test_an_equivariant_weight_says_so(cli):
    layer = solve(SPEC["deepsets"]).layer(3, 2)
    safetensors.torch.save_file(
        {"layer": layer.dense_weight().detach().contiguous()}, "w.safetensors"
    )
    out = done(cli, SPEC["deepsets"], "w.safetensors")
    assert "this weight is equivariant, up to rounding" in " ".join(out.split())
    assert "3 channels to 2" in out and "Where it is lost" not in out


def test_the_nearest_map_is_written_with_the_same_bytes(cli):
    np.savez("w.npz", w=sets(0.9).reshape(1, 10, 1, 10))
    done(cli, SPEC["deepsets"], "w.npz", "-o", "near.npz")
    first = open("near.npz", "rb").read()
    with np.load("near.npz") as found:
        assert found["nearest"].shape == (1, 10, 1, 10)
        expected = np.full((10, 10), 0.51) + 0.99 * np.eye(10)
        np.testing.assert_allclose(found["nearest"].reshape(10, 10), expected)
        np.testing.assert_allclose(found["coefficients"].ravel(), [1.5, 0.51])
    with zipfile.ZipFile("near.npz") as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    out = json.loads(done(cli, SPEC["deepsets"], "w.npz", "-o", "near.npz", "--json"))
    assert out["written"] == "near.npz" and open("near.npz", "rb").read() == first
    again = json.loads(done(cli, SPEC["deepsets"], "near.npz", "--entry", "nearest", "--json"))
    assert again["lost"] < 1e-15


def test_a_checkpoints_entry_is_audited(cli):
    torch.save({"model": {"a": torch.eye(10), "b": torch.ones(3, 3)}}, "c.pt")
    found = json.loads(done(cli, SPEC["deepsets"], "c.pt", "--entry", "model.a", "--json"))
    assert found["weight"] == "model.a"
    assert "name one with --entry" in refused(cli, SPEC["deepsets"], "c.pt")


def test_the_published_layer_is_audited_by_name(cli):
    module = "audited_modules:functional"
    out = done(cli, SPEC["weight_space"], "--module", module)
    words = " ".join(out.replace("│", " ").split())
    assert max(map(len, out.splitlines())) <= 80
    assert (
        "this layer is equivariant, up to rounding; 2 of the 74 maps are out of its reach; 26 of "
        "the 98 parameters of its maps are redundant" in words
    )
    found = json.loads(done(cli, SPEC["weight_space"], "--module", module, "--json"))
    counted = {"parameters": 98, "rank": 72, "dimension": 74, "reached": 72, "missing": 2}
    counted |= {"redundant": 26, "outside": 0, "shifted": False, "channel_pairs": 1}
    assert counted.items() <= found["reach"].items()
    assert found["reach"]["missing_maps"][0]["output"] == "weight_2[0, 0]"
    assert len(found["reach"]["redundant_parameters"]) == 26
    assert found["bias_reach"]["rank"] == 7 and found["bias"]["residual"]["maximum"] < 1e-12
    assert found["parameters"] == {
        "total": sum(p.numel() for p in NeuralFunctional((2, 3, 2)).parameters()),
        "idle": 0,
    }
    assert found["affine"] and found["note"] is None


def test_a_modules_nearest_map_and_bias_are_written(cli):
    done(cli, "grid.yaml", "--module", "audited_modules:convolution", "-o", "near.npz")
    torch.manual_seed(0)
    bias = torch.nn.Conv2d(3, 2, 3).bias.detach().double().numpy()
    with np.load("near.npz") as found:
        assert found["nearest"].shape == (2, 4, 4, 3, 4, 4)
        assert found["coefficients"].shape == (16, 2, 3)
        np.testing.assert_allclose(found["nearest_bias"], np.tile(bias[:, None, None], (1, 4, 4)))
        np.testing.assert_allclose(found["bias_coefficients"], bias[None])


def test_a_module_that_is_not_affine_is_audited_on_random_input(cli):
    arguments = (SPEC["deepsets"], "--module", "audited_modules:rectified")
    out = " ".join(done(cli, *arguments).replace("│", " ").split())
    assert "this module is not affine, and is equivariant on random input" in out
    found = json.loads(done(cli, *arguments, "--json"))
    assert not found["affine"] and found["reach"] is None and found["residual"]["maximum"] == 0
    assert found["note"] == "ranks are told of affine modules only"
    assert "not affine" in refused(cli, *arguments, "-o", "near.npz")


def test_an_emitted_class_is_given_one_channel(cli):
    name = "generated.deepsets:DeepSets"
    found = json.loads(done(cli, SPEC["deepsets"], "--module", name, "--json"))
    assert found["reach"]["rank"] == found["reach"]["dimension"] == 2


def test_input_shapes_are_taken(cli):
    arguments = ("grid.yaml", "--module", "audited_modules:convolution", "--json")
    for shape in ("3,4,4", "(3, 4, 4)"):
        found = json.loads(done(cli, *arguments, "--input-shape", shape))
        assert found["channels"] == {"input": 3, "output": 2}
        assert found["reach"]["rank"] == 9 * 6 and found["reach"]["dimension"] == 16 * 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "neither WEIGHTS nor --module"),
        (("w.npz", "--module", "a:b"), "both WEIGHTS and --module"),
        (("w.npz", "--input-shape", "3"), "--input-shape with WEIGHTS"),
        (("--module", "a:b", "--entry", "w"), "--entry with --module"),
        (("w.npz", "-o", "near.txt"), "end its name in .npz"),
        (("w.npz", "-o", "w.npz/near.npz"), "a folder that can be written"),
        (("--module", "a:b", "--input-shape", "3,x"), "axes such as 3,5,5"),
        (("--module", "a:b", "--input-shape", ""), "axes such as 3,5,5"),
        (("--module", "no_such_module:b"), "ModuleNotFoundError"),
        (("missing.npz",), "does not exist"),
        (("w.npz", "--entry", "u"), "the entry u, which is not there"),
        (("w.npz", "--memory", "none"), "a size such as"),
    ],
)
def test_every_refusal_is_one_line(cli, arguments, said):
    np.savez("w.npz", w=sets())
    assert said in refused(cli, SPEC["deepsets"], *arguments)


def test_a_misfitting_weight_and_a_network_are_refused(cli):
    np.savez("w.npz", w=np.eye(7))
    assert "(out_channels, 10, in_channels, 10)" in refused(cli, SPEC["deepsets"], "w.npz")
    network = ROOT / "specs" / "networks" / "deepsets_classifier.yaml"
    assert "write the spec of a layer" in refused(cli, network, "w.npz")


def test_the_memory_limit_holds(cli):
    np.savez("w.npz", w=sets())
    assert "memory" in refused(cli, SPEC["deepsets"], "w.npz", "--memory", "600", code=4)


def test_missing_maps_are_told_once_with_their_pairs_of_channels(cli):
    code, out, err = cli("audit", "grid.yaml", "--module", "audited_modules:convolution")
    assert (code, err) == (0, "")
    words = " ".join(out.replace("│", " ").split())
    assert "54 of 96 dimensions by 54 parameters of rank 54; 42 missing" in words
    assert "16 dimensions for each of 6 pairs of channels" in words
    assert "1 dimension for each of 2 output channels" in words
    assert "first 6 of 7" in words and out.count("6 of 6") == 6


@pytest.mark.parametrize(
    ("noise", "said"),
    [(0.0, "equivariant, up to rounding"), (1e-8, "which single precision may round to"),
     (1e-4, "e-05 of its norm"), (0.5, "% of its norm")],
)  # fmt: skip
def test_small_losses_are_not_told_as_none(cli, noise, said):
    np.save("w.npy", sets(noise))
    words = " ".join(cli("audit", SPEC["deepsets"], "w.npy")[1].replace("│", " ").split())
    assert said in words
