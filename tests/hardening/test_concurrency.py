"""Runs side by side: each exits with 0, and whoever reads meanwhile sees whole files."""

import subprocess
from pathlib import Path

import pytest

from tests.hardening.processes import COMMAND, LONG, environment, reference, run, start
from tests.hardening.tally import times, tried
from tests.solved import ROOT, imported

SPECS = [ROOT / "specs" / f"{name}.yaml" for name in ("cube_faces", "maron_2_2_small")]
pytestmark = pytest.mark.slow


def finished(children):
    for child in children:
        out, error = child.communicate(timeout=120)
        assert (child.returncode, out, error) == (0, "", "")
        tried(1, "processes")


def test_eight_writers_of_one_file(tmp_path):
    """Eight runs write one file while it is imported again and again."""
    page = reference(SPECS[0], tmp_path)
    path = tmp_path / "out" / "cube_faces.py"
    path.parent.mkdir()
    path.write_bytes(page)
    for _ in range(times(1)):
        arguments = ["solve", SPECS[0], "--quiet", "--emit", path.parent]
        children = [start(*arguments, cwd=tmp_path) for _ in range(8)]
        while any(child.poll() is None for child in children):
            assert path.read_bytes() == page
            assert imported(path).CubeFaces(1, 1).weight.shape == (3, 1, 1)
            tried(1, "imports")
        finished(children)
        assert [p.name for p in path.parent.iterdir() if "__pycache__" not in str(p)] == [path.name]
    assert path.read_bytes() == page


def test_writers_of_many_files(tmp_path):
    """Runs of several specs share a folder; each file is as of a run by itself."""
    pages = {}
    for spec in SPECS:
        folder = tmp_path / spec.stem
        folder.mkdir()
        pages[f"{spec.stem}.py"] = reference(spec, folder)
    out = tmp_path / "out"
    for _ in range(times(1)):
        finished([
            start("solve", spec, "--quiet", "--emit", out, cwd=tmp_path)
            for spec in SPECS for _ in range(2)
        ])  # fmt: skip
    assert {path.name: path.read_bytes() for path in out.iterdir()} == pages


def test_what_was_killed_disturbs_nobody(tmp_path):
    """Temporary files that killed runs left are neither taken for a layer nor in the way."""
    page = reference(LONG, tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    for number in range(5):
        (out / f".{LONG.stem}.py.{number}").write_bytes(page[: 1000 * number])
    done = run("solve", LONG, "--quiet", "--emit", out, cwd=tmp_path)
    assert done == (0, "", "")
    assert (out / f"{LONG.stem}.py").read_bytes() == page
    tried(1, "processes")


def test_a_spec_that_changes_while_it_is_solved(tmp_path):
    """Of a spec that an editor saves over and over a run takes one whole version."""
    spec = tmp_path / "sets.yaml"
    versions = [
        f"name: sets\ngroup: {{symmetric: {n}}}\ninput: points\noutput: points\n" for n in (3, 5)
    ]
    spec.write_text(versions[0])
    children = [start("solve", spec, "--json", "--no-emit", cwd=tmp_path) for _ in range(times(2))]
    saved = 0
    while any(child.poll() is None for child in children):
        temporary = Path(f"{spec}.new")
        temporary.write_text(versions[saved % 2])
        temporary.replace(spec)
        saved += 1
    for child in children:
        out, error = child.communicate(timeout=60)
        assert (child.returncode, error) == (0, "")
        assert '"order": "6"' in out or '"order": "120"' in out
        tried(1, "processes")


def test_one_pipe_for_many(tmp_path):
    """Runs that share one pipe write whole lines into it."""
    script = 'for i in 1 2 3 4; do "$@" & done; wait'
    command = ["sh", "-c", script, "sh", *COMMAND, "count", SPECS[0], "--json"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(),
        check=False,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("{") and line.endswith("}") for line in lines)
    tried(4, "processes")
