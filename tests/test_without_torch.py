"""Where torch is not installed: what needs none works, and what needs it says how to get it."""

import json
import subprocess
import sys

import pytest

# A process in which torch cannot be found, running several commands and what is after them.
SCRIPT = """
import contextlib, io, json, sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")

sys.meta_path.insert(0, Without())
import numpy as np
import intertwine
from intertwine.cli import main

np.savez("weight.npz", weight=np.eye(4))
np.save("kernels.npy", np.random.default_rng(0).standard_normal((4, 1, 3, 3)))
text = "name: sets\\ngroup: {symmetric: 4}\\ninput: points\\n"
open("sets.yaml", "w").write(text + "output: points\\n")
open("net.yaml", "w").write(text + "network: [{action: points, channels: 2}]\\n")
open("own.py", "w").write("def make(): return 3\\n")
open("weight.pt", "wb").write(b"")
told = {}
for command in json.loads(sys.argv[1]):
    sys.argv = ["intertwine", *command.split()]
    said, printed = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(printed):
            main()
        code = 0
    except SystemExit as stop:
        code = stop.code
    told[command] = [code or 0, said.getvalue()]
calls = {
    "layer": lambda: intertwine.solve("sets.yaml").layer(1, 1),
    "module_class": lambda: intertwine.solve("sets.yaml").module_class,
    "model": lambda: intertwine.solve("net.yaml").model(),
}
for name, call in calls.items():
    try:
        call()
        told[name] = [0, ""]
    except intertwine.SpecError as error:
        told[name] = [error.exit_code, f"{error}"]
print(json.dumps(told))
"""
WORKS = (
    "solve sets.yaml", "solve net.yaml", "count sets.yaml", "show sets.yaml", "verify sets.yaml",
    "audit sets.yaml weight.npz", "discover kernels.npy --draws 1", "schema", "new other",
)  # fmt: skip
NEEDS = ("audit sets.yaml --module own:make", "bench sets.yaml", "layer", "module_class", "model")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The exit code of each command, and what it says on standard error."""
    commands = [*WORKS, *(c for c in NEEDS if " " in c), "audit sets.yaml weight.pt"]
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)],
        cwd=tmp_path_factory.mktemp("torchless"), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(process.stdout.splitlines()[-1])


@pytest.mark.parametrize("command", WORKS)
def test_what_needs_no_torch_works(command, told):
    assert told[command][0] == 0, told[command]


@pytest.mark.parametrize("command", NEEDS)
def test_what_needs_torch_says_how_to_install_it(command, told):
    code, said = told[command]
    assert code == 2 and "this is a bug" not in said
    assert "torch is not installed; expected PyTorch" in said
    assert "pip install 'intertwine[torch]'" in said and said.strip().count("\n") == 0


def test_a_file_of_torch_says_what_reads_it(told):
    code, said = told["audit sets.yaml weight.pt"]
    assert code == 2 and "torch is not installed" in said and "pip install torch" in said
