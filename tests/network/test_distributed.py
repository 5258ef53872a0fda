"""Two processes give the gradients of one, by torch's own engine."""

import subprocess
import sys

import pytest

from tests.solved import ROOT

NAMES = [
    "deepsets_classifier", "invariant_graph_network", "methane_forces", "p4m_digits",
    "perceptron_accuracy",
]  # fmt: skip


@pytest.mark.all
def test_two_processes_have_the_gradients_of_one():
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    done = subprocess.run(
        [*launch, "tests/network/distributed.py", *NAMES],
        cwd=ROOT, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines() == [f"{name}: same" for name in NAMES]
