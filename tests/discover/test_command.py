"""The command: tables, JSON, pictures, refusals."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from intertwine.discover.discover import discover_symmetry
from intertwine.discover.kernel import kernel_symmetry
from intertwine.show.picture.kernels import picture
from tests.discover.planted import Planted

CIRCLE = "name: circle\ngroup: {cyclic: 8}\ninput: points\noutput: trivial\n"


@pytest.fixture
def weights(tmp_path):
    """Two entries: a convolution with a whole and a broken family, and a circulant matrix."""
    random = np.random.default_rng(0)
    fixed = [("1",), ("1", "mirror |"), ("1", "turn 180°")]
    planted = Planted(random, fixed, (1, 5, 5), noise=0.05)
    weight = np.delete(planted.weight, np.flatnonzero(planted.family == 0)[:1], axis=0)
    row = random.standard_normal(8)
    path = tmp_path / "trained.npz"
    linear = np.stack([np.roll(row, k) for k in range(8)])
    np.savez(path, conv=weight, linear=linear, line=linear[:, None])
    return str(path)


def test_tables_fit_a_terminal(cli, weights):
    code, out, err = cli("discover", weights, "--entry", "conv")
    assert (code, err) == (0, "")
    assert all(len(line) <= 80 for line in out.splitlines() if line[:1] in "┃┡│└┏┌")
    for said in ("7 of 8", "4 of 4", "turn 90°", "shuffled", "fixed by", "mirror |"):
        assert said in out
    assert "output: {permutations: {rotation: [" in out


def test_json_has_all_of_it(cli, weights):
    code, out, err = cli("discover", weights, "--entry", "conv", "--json", "--draws", "4")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["group"] == {
        "name": "D_4",
        "elements": 8,
        "generators": ["rotation", "reflection"],
    }
    assert [len(family["holes"]) for family in found["families"]] == [1, 0, 0]
    assert [family["expected"] for family in found["families"]] == [8, 4, 4]
    assert len(found["elements"]) == 7
    for element in found["elements"]:
        assert len(element["nearest"]) == 15
        assert element["score"] > element["alike"]["largest"] > element["alike"]["median"] > 0
    assert found["action"]["homomorphism"] and len(found["action"]["channels"]) == 8
    assert not found["complete"]


def test_the_spec_that_it_prints_is_solved(cli, weights, tmp_path):
    _, out, _ = cli("discover", weights, "--entry", "conv", "--json")
    (tmp_path / "discovered.yaml").write_text(json.loads(out)["action"]["spec"])
    code, out, _ = cli("solve", str(tmp_path / "discovered.yaml"), "--no-emit", "--json")
    assert code == 0
    # What mirror | fixes of 25 places, 15, and what the half turn fixes, 13.
    assert json.loads(out)["dimension"] == 15 + 13


def test_a_linear_layer_by_a_spec(cli, weights, tmp_path):
    (tmp_path / "circle.yaml").write_text(CIRCLE)
    spec = str(tmp_path / "circle.yaml")
    code, out, _ = cli("discover", weights, "--entry", "linear", "--spec", spec)
    assert code == 0
    assert "output: {permutations: {shift: [1, 2, 3, 4, 5, 6, 7, 0]}}" in out


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_is_written_and_is_the_same_again(cli, weights, tmp_path, kind):
    path = tmp_path / f"found.{kind}"
    written = []
    for _ in range(2):
        assert cli("discover", weights, "--entry", "conv", "-o", str(path))[0] == 0
        written.append(path.read_bytes())
    assert written[0] == written[1] and len(written[0]) > 10_000
    if kind == "png":
        pixels = np.asarray(Image.open(path).convert("RGB"))
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50
    else:
        text = "".join(ElementTree.parse(path).getroot().itertext())
        assert "missing" in text and "turn 90°" in text and str(tmp_path) not in text


def test_a_picture_of_many_families_is_limited():
    random = np.random.default_rng(0)
    planted = Planted(random, [("1", "mirror |")] * 20, (1, 5, 5), missing=3, noise=0.05)
    drawn = picture("w", discover_symmetry(planted.weight, kernel_symmetry([5, 5]), draws=0), "svg")
    assert "and 4 more families" in "".join(ElementTree.fromstring(drawn).itertext())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--entry", "nothing"], "nothing"),
        (["--entry", "linear"], "--spec"),
        (["--entry", "conv", "--threshold", "1.5"], "threshold"),
        (["--entry", "conv", "--threshold", "-1"], "threshold"),
        (["--entry", "conv", "-o", "x.gif"], ".png or .svg"),
        (["--entry", "conv", "--spec", "circle.yaml"], "25 numbers a channel"),
        (["--entry", "linear", "--spec", "circle.yaml", "--turns"], "--turns"),
        (["--entry", "linear", "--spec", "nowhere.yaml"], "nowhere.yaml"),
        (["--entry", "conv", "--draws", "-3"], "draws"),
        (["--entry", "line", "--turns"], "a square kernel"),
    ],
)
def test_refusals_are_one_line(cli, weights, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "circle.yaml").write_text(CIRCLE)
    code, out, err = cli("discover", weights, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("intertwine: ") and err.count("\n") == 1 and said in err
    assert not list(tmp_path.glob("x.*"))


def test_the_memory_limit_holds(cli, tmp_path):
    np.save(tmp_path / "w.npy", np.ones((3000, 1, 3, 3)))
    code, _, err = cli("discover", str(tmp_path / "w.npy"), "--memory", "50M")
    assert code == 4 and err.count("\n") == 1
