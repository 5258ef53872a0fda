"""`intertwine bench`: a row for each strategy that applies, and last the dense layer."""

import json
import subprocess
import sys
from concurrent.futures import Future

import pytest

import intertwine.bench
from intertwine.bench import DENSE, STRATEGIES, made
from intertwine.cli import main
from intertwine.spec.load import load_spec

RING = "name: ring\ngroup: {cyclic: 6}\ninput: points\noutput: points\n"
SIGNS = {
    "name": "signs",
    "group": {"symmetric": 4},
    "input": "points",
    "output": {"exterior_power": ["points", 2]},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "ring.yaml").write_text(RING)
    (tmp_path / "signs.yaml").write_text(json.dumps(SIGNS))
    (tmp_path / "bad.yaml").write_text(RING + "layer: {boundary: zeros}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.all
def test_it_times_every_strategy_that_applies(folder):
    done = subprocess.run(
        [sys.executable, "-m", "intertwine", "bench", "signs.yaml", "--json",
         "--channels", "2", "--batch", "2"],
        cwd=folder, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["strategy"] for row in rows] == ["auto", "expand", DENSE]
    assert all(set(row) == {"strategy", "forward", "step", "memory"} for row in rows)
    assert all(row["forward"] > 0 and row["step"] > 0 and row["memory"] >= 0 for row in rows)


@pytest.fixture
def command(folder, monkeypatch, capsys):
    """Run the command in this process, with the memory measured in it as well."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(intertwine.bench, "ProcessPoolExecutor", lambda *_, **__: _Here())

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["intertwine", "bench", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code or 0, *capsys.readouterr()

    return run


class _Here:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def submit(self, call, *arguments):
        done = Future()
        done.set_result(call(*arguments))
        return done


def test_it_prints_a_table(command):
    code, printed, _ = command("ring.yaml", "--channels", "2", "--batch", "2")
    assert code == 0
    rows = [line for line in printed.splitlines() if any(c.isdigit() for c in line)]
    for word in (*STRATEGIES, DENSE):
        assert any(word in line for line in rows), printed
    assert len(rows) >= len(STRATEGIES) + 1


def test_it_prints_json(command):
    code, printed, _ = command("ring.yaml", "--json", "--channels", "2", "--batch", "2")
    assert code == 0
    assert [row["strategy"] for row in json.loads(printed)] == [*STRATEGIES, DENSE]


def test_a_bad_spec_is_refused(command):
    code, printed, said = command("bad.yaml")
    assert (code, printed) == (2, "")
    assert said.startswith("intertwine: ") and "Traceback" not in said


def test_strategies_that_do_not_apply_are_left_out():
    assert list(made(load_spec(SIGNS), 2)) == ["auto", "expand", DENSE]
    assert list(made(load_spec(SIGNS), 2, only="expand")) == ["expand"]
    assert list(made(load_spec(SIGNS), 2, only=DENSE)) == [DENSE]


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
def test_layers_take_the_shapes_they_are_timed_on(layout):
    import torch

    fields = {"fields": {"a": "points", "b": {"power": ["points", 2]}}}
    for source in ("points", fields):
        spec = {"name": "one", "group": {"dihedral": 5}, "input": source, "output": "points",
                "layer": {"layout": layout}}  # fmt: skip
        for layer, shapes in made(load_spec(spec), 3).values():
            layer(*(torch.zeros(2, *shape) for shape in shapes))
