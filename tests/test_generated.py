"""What stands in `generated/` is what the specs give now; `pytest --update` writes it anew."""

import difflib
import subprocess
import sys

import pytest

from tests.solved import ROOT, SPECS, solved

GENERATED = ROOT / "generated"


@pytest.mark.parametrize("name", SPECS)
def test_the_file_is_what_the_spec_gives(name, request):
    path = GENERATED / f"{name}.py"
    new = solved(name).page
    if request.config.getoption("--update"):
        solved(name).emit(GENERATED)
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    if old != new:
        lines = (text.splitlines(keepends=True) for text in (old, new))
        difference = difflib.unified_diff(*lines, f"generated/{name}.py", f"specs/{name}.yaml")
        shown = "".join(list(difference)[:60])
        pytest.fail(f"{shown}\nRun `pytest --update` where this is meant.", pytrace=False)


def test_no_file_is_left_of_a_spec_that_is_gone(request):
    found = {path.stem: path for path in GENERATED.glob("*.py")}
    stale = sorted(set(found) - set(SPECS))
    if request.config.getoption("--update"):
        for name in stale:
            found[name].unlink()
        stale = []
    assert stale == []


def test_layers_are_imported_from_the_root_of_the_repository():
    code = (
        "from generated.deepsets import DeepSets; print(DeepSets(2, 3)); "
        "from generated.vectors import Vectors; print(Vectors(2, 3))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "DeepSets(2, 3, diagrams=2, bias=True)",
        "Vectors(2, 3, dimension=1, bias=False)",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("weight_space", ["{'n': 3}", "{'n': 4}", "{'n': 5}"]),
        ("weight_space_tanh", list(solved("weight_space_tanh").plan.generators)),
    ],
)
def test_a_layer_checks_itself_as_a_module(name, said):
    done = subprocess.run(
        [sys.executable, "-m", f"generated.{name}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split(": residual ")[0] for line in lines] == said
