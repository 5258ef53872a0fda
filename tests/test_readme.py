"""README's commands and snippets are run, and what it shows must be what they print.

`pytest --update` writes what they print into README.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shown import ROOT, blocks, commands, named, printed, without_times

README = ROOT / "README.md"
NOT_RUN_HERE = {"make test"}
UNFIT = """\
name: unfit
group: {symmetric: 5}
input: {power: [points, 2]}
network:
  - {name: edges, action: {exterior_power: [points, 2]}, channels: 8, nonlinearity: relu}
"""
BROKEN = """\
name: broken
group: {generators: {a: [1, 2, 2]}}
input: points
output: points
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader would have it: the spec of README saved, the specs beside it."""
    folder = tmp_path_factory.mktemp("readme")
    for spec in blocks(README.read_text(), "yaml"):
        (folder / f"{named(spec)}.yaml").write_text(spec)
    (folder / "unfit.yaml").write_text(UNFIT)
    (folder / "broken.yaml").write_text(BROKEN)
    for beside in ("specs", "benchmarks", "examples"):
        (folder / beside).symlink_to(ROOT / beside)
    return folder


@pytest.mark.slow
def test_the_console_blocks_print_what_they_show(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    shown = README.read_text()
    expected = shown
    for block in blocks(shown, "console"):
        typed = commands(block)
        if NOT_RUN_HERE & set(typed):
            continue
        said = "".join(f"$ {command}\n{printed(command, folder)}" for command in typed)
        if without_times(said) != without_times(block):
            expected = expected.replace(f"```console\n{block}```", f"```console\n{said}```")
    if request.config.getoption("--update"):
        README.write_text(expected)
    else:
        assert expected == shown


@pytest.mark.slow
def test_the_python_blocks_run(folder: Path) -> None:
    for name in ("graphs", "ratings", "digits"):
        printed(f"intertwine solve {name}.yaml", folder)
    script = folder / "snippets.py"
    script.write_text("\n".join(blocks(README.read_text(), "python")))
    done = subprocess.run([sys.executable, script.name], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Hom_G(R^16 -> R^16): dimension 36, |G| = 8")
