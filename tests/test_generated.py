"""What stands in `generated/` is what the specs give now; `pytest --update` writes it anew."""

import difflib
import re
import subprocess
import sys

import pytest
import torch

from tests.solved import MATRICED, NETWORKS, ROOT, SPECS, imported, network, solved

GENERATED = ROOT / "generated"


@pytest.mark.slow
def test_every_file_is_what_its_spec_gives(request):
    for name in SPECS:
        if request.config.getoption("--update"):
            solved(name).emit(GENERATED)
        assert_current(name)


def assert_current(name):
    """The page of a layer stands in its file."""
    path, new = GENERATED / f"{name}.py", solved(name).page
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    if name in MATRICED and not solved(name).found.rational:
        # Rounded numbers may differ in their last digits from machine to machine.
        assert_alike(name, imported(path))
        old, new = without_numbers(old), without_numbers(new)
    if old != new:
        lines = (text.splitlines(keepends=True) for text in (old, new))
        difference = difflib.unified_diff(*lines, f"generated/{name}.py", f"specs/{name}.yaml")
        shown = "".join(list(difference)[:60])
        pytest.fail(f"{shown}\nRun `pytest --update` where this is meant.", pytrace=False)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_file_of_a_network_is_what_its_spec_gives(name, request):
    path, new = GENERATED / f"{name}.py", network(name).page
    if request.config.getoption("--update"):
        network(name).emit(GENERATED)
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    if old != new:
        pytest.fail(f"generated/{name}.py is stale: run `pytest --update`", pytrace=False)


def without_numbers(page):
    """The page with all tables emptied, their lengths, and the residual of its proof."""
    emptied = re.sub(r'= """\n[^"]*"""', '= ""', page)
    emptied = re.sub(r'_(reals|numbers)\("[^"]*"\)', r'_\1("")', emptied)
    emptied = re.sub(r"\d+ entries", "entries", emptied)
    return re.sub(r"residual\s+[-+.e0-9]+", "residual", " ".join(emptied.split()))


def assert_alike(name, module):
    """The layer of the file is that of the spec, whatever numbers its tables hold."""
    layer = getattr(module, solved(name).plan.labels.class_name)(2, 2, dtype=torch.float64)
    other = solved(name).layer(2, 2, dtype=torch.float64)
    other.load_state_dict(layer.state_dict())
    torch.testing.assert_close(layer.dense_weight(), other.dense_weight(), rtol=1e-9, atol=1e-9)


def test_no_file_is_left_of_a_spec_that_is_gone(request):
    found = {path.stem: path for path in GENERATED.glob("*.py")}
    stale = sorted(set(found) - set(SPECS) - set(NETWORKS))
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
