"""The commands on the spec of a network."""

import json
from pathlib import Path

import pytest

NETWORK = """\
name: net
group: {grid: {shape: [4, 4], symmetry: p4}}
input: pixels
network:
  - {name: lift, action: poses, channels: 4, nonlinearity: gated, dropout: 0.1}
  - name: square
    action: poses
    channels: 4
    normalization: batch
    residual: true
    nonlinearity: tensor_product
    pooling: {kind: max, window: 2}
    subgroup: true
  - {name: pool, pooling: {kind: mean, onto: trivial}}
  - {name: label, action: trivial, channels: 3}
"""
LAYER = "name: layer\ngroup: {symmetric: 4}\ninput: points\noutput: points\n"


@pytest.fixture
def run(tmp_path, monkeypatch, cli):
    (tmp_path / "net.yaml").write_text(NETWORK)
    (tmp_path / "layer.yaml").write_text(LAYER)
    (tmp_path / "wrong.yaml").write_text(NETWORK.replace("gated", "gatde"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    return cli


def rows(out):
    """The cells of each line of tables, without the empty ones."""
    return [
        [cell.strip() for cell in line.replace("┃", "│").strip("│ ").split("│")]
        for line in out.splitlines()
        if "│" in line
    ]


def test_solve_prints_the_stages_and_writes_one_file(run):
    code, out, err = run("solve", "net.yaml")
    assert (code, err) == (0, "")
    cells = rows(out)
    assert ["group", "p4(4 x 4), of order 64"] in cells
    assert ["left of it", "p4(2 x 2), of order 16"] in cells
    assert ["network", "generated/net.py: Net"] in cells
    stages = {row[0]: row for row in cells if len(row) == 6}
    assert stages["lift"] == [
        "lift", "poses", "16 + 16", "(4, 4, 4, 4)", "gated, dropout 0.1", "136",
    ]  # fmt: skip
    assert stages["square"][2:4] == ["64 + 64", "(4, 4, 2, 2)"]
    assert stages["square"][-1] == "2,080"
    assert stages["pool"][3:] == ["(4, 1)", "mean pool", "0"]
    assert [p.as_posix() for p in Path().rglob("*.py")] == ["generated/net.py"]


def test_explain_says_how_each_layer_is_proved_and_computed(run):
    code, out, err = run("solve", "net.yaml", "--explain", "--no-emit")
    assert (code, err) == (0, "")
    assert "LiftLayer" in out
    assert "second count: 16" in " ".join(out.split())
    assert not Path("generated").exists()


def test_json(run):
    code, out, err = run("solve", "net.yaml", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["name"] == "net"
    assert found["group"]["order"] == "64"
    assert [stage["dimensions"] for stage in found["stages"]] == [[16, 16], [64, 64], [], [1]]
    assert found["stages"][1]["shapes"] == {"x": [4, 4, 2, 2]}
    assert found["parameters"] == sum(stage["parameters"] for stage in found["stages"])
    assert found["emitted"] == "generated/net.py"


def test_count_and_verify(run):
    code, out, err = run("count", "net.yaml")
    assert (code, err) == (0, "")
    assert "dimensions lift 16 + 16, square 64 + 64, label 1; 2231 parameters" in out
    code, out, err = run("count", "net.yaml", "--json")
    assert json.loads(out)["stages"]["square"] == [64, 64]
    code, out, err = run("verify", "net.yaml")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 3
    assert run("solve", "net.yaml", "--quiet")[0] == 0
    code, out, err = run("verify", "generated/net.py")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 4
    assert "generated/net.py: SquareLayer: dimension 64" in out


def test_a_changed_table_is_found(run):
    assert run("solve", "net.yaml", "--quiet")[0] == 0
    page = Path("generated/net.py")
    text = page.read_text()
    assert "\n0102030405" in text
    page.write_text(text.replace("\n0102030405", "\n0101030405"))
    code, out, err = run("verify", "generated/net.py")
    assert (code, out) == (3, ""), err
    assert "is wrong" in err


def test_refusals_leave_nothing(run):
    code, out, err = run("solve", "wrong.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("intertwine: wrong.yaml:5: network.0.nonlinearity: given gatde; expected")
    assert not Path("generated").exists()
    for command in ("bench",):
        code, out, err = run(command, "net.yaml")
        assert code == 2
        assert "given a network; expected the spec of one layer" in err
    for flag in (["--rule", "orbitals"], ["--characters"]):
        code, out, err = run("solve", "net.yaml", *flag)
        assert code == 2
        assert "expected the spec of one layer" in err
