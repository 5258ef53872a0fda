"""README's commands and snippets are run, and what it shows must be what they print.

`pytest --update` writes what they print into README.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NOT_RUN_HERE = {"make test"}
SET_BY_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
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


def blocks(kind: str) -> list[str]:
    return [text for found, text in BLOCK.findall(README.read_text()) if found == kind]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader would have it: the spec of README saved, the specs beside it."""
    folder = tmp_path_factory.mktemp("readme")
    for spec in blocks("yaml"):
        name = re.search(r"^name: (\w+)$", spec, re.M)
        (folder / f"{name[1] if name else 'spec'}.yaml").write_text(spec)
    (folder / "unfit.yaml").write_text(UNFIT)
    (folder / "broken.yaml").write_text(BROKEN)
    (folder / "specs").symlink_to(ROOT / "specs")
    return folder


def printed(command: str, folder: Path) -> str:
    tools = str(Path(sys.executable).parent)
    as_typed = {k: v for k, v in os.environ.items() if k not in SET_BY_MAKE}
    environment = {**as_typed, "PATH": f"{tools}:{os.environ['PATH']}", "COLUMNS": "80"}
    done = subprocess.run(
        command, shell=True, cwd=ROOT if command.startswith("make") else folder,
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def without_times(text: str) -> str:
    text = re.sub(r"(seconds +. )?\d+\.\d{3}( s\)| )", r"\1TIME", text)
    return re.sub(r"differs by \S+|residual \S+", "ROUNDING", text)


@pytest.mark.slow
def test_the_console_blocks_print_what_they_show(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    shown = README.read_text()
    expected = shown
    for block in blocks("console"):
        commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
        if NOT_RUN_HERE & set(commands):
            continue
        said = "".join(f"$ {command}\n{printed(command, folder)}" for command in commands)
        if without_times(said) != without_times(block):
            expected = expected.replace(f"```console\n{block}```", f"```console\n{said}```")
    if request.config.getoption("--update"):
        README.write_text(expected)
    else:
        assert expected == shown


def test_the_python_blocks_run(folder: Path) -> None:
    for name in ("ratings", "digits"):
        printed(f"intertwine solve {name}.yaml", folder)
    script = folder / "snippets.py"
    script.write_text("\n".join(blocks("python")))
    done = subprocess.run([sys.executable, script.name], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Hom_G(R^16 -> R^16): dimension 36, |G| = 8")
