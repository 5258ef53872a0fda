"""Whole modules in another process: what is pickled carries the page that it was made from."""

import copy
import io
import pickle
import subprocess
import sys

import pytest
import torch
import torch.multiprocessing

from intertwine import solve
from tests.emit.strategies import inputs, made, outputs
from tests.solved import ROOT, thinned

KINDS = ["gathered", "taps", "any size, fields", "isotypic", "methane_forces", "p4m_digits"]
kinds = pytest.mark.parametrize("kind", KINDS)
READING = """
import sys, torch
module, fused, x, expected = torch.load(sys.argv[1], weights_only=False)
for called in (module, fused):
    y = called(*x)
    for a, b in zip(y if isinstance(y, tuple) else (y,), expected, strict=True):
        torch.testing.assert_close(a, b)
print(type(module).__name__)
"""


@pytest.mark.parametrize("kind", thinned(["p4m_digits", "taps", "any size, fields"], 3))
def test_loaded_in_another_process(kind, tmp_path):
    module, x = made(kind).eval(), inputs(kind)
    with torch.no_grad():
        torch.save((module, module.fused(), x, outputs(module, x)), tmp_path / "saved.pt")
    done = subprocess.run(
        [sys.executable, "-c", READING, tmp_path / "saved.pt"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, type(module).__name__), done.stderr


def called(rank, module, x, expected):
    torch.testing.assert_close(module(*x), expected)


def test_given_to_a_spawned_process():
    module, x = made("gathered"), inputs("gathered")
    torch.multiprocessing.spawn(called, (module, x, module(*x).detach()), nprocs=1)


def test_made_of_a_class(tmp_path):
    layer = solve(ROOT / "specs" / "circulant.yaml").module_class(2, 3)
    torch.save(layer, tmp_path / "layer.pt")
    code = "import sys, torch; print(torch.load(sys.argv[1], weights_only=False))"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "layer.pt"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, str(layer)), done.stderr


@kinds
def test_a_page_is_in_a_pickle_once(kind):
    module = made(kind)
    page = sys.modules[type(module).__module__].__loader__
    several = [copy.deepcopy(module) for _ in range(3)]
    written = pickle.dumps(several)
    assert page is None and written.count(b"class ") == pickle.dumps(module).count(b"class ")
    assert all(type(other) is type(module) for other in pickle.loads(written))


class Own(type(made("gathered"))):
    """A user's class over one of a page, which pickles find by its own name."""

    def forward(self, x):
        return 2 * super().forward(x)


def test_a_class_of_ones_own_stays_so():
    layer, x = Own(2, 3), inputs("gathered", dtype=torch.float32)
    for other in (copy.deepcopy(layer), pickle.load(io.BytesIO(pickle.dumps(layer)))):
        assert type(other) is Own
        torch.testing.assert_close(other(*x), layer(*x))
