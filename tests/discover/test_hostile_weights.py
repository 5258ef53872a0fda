"""Files and numbers that would keep `intertwine discover` busy for ever."""

import numpy as np
import pytest
import torch

from intertwine.discover.acting import acting_by
from intertwine.discover.discover import discover_symmetry
from intertwine.discover.kernel import kernel_symmetry
from intertwine.errors import SpecError
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from intertwine.weights import load_weight
from tests.solved import thinned


@pytest.mark.parametrize(
    "leaf", thinned([torch.eye(3), [], {}], 3), ids=["tensors", "lists", "dicts"]
)
def test_a_small_file_that_unfolds_without_end_is_refused(tmp_path, leaf):
    folded = [leaf]
    for _ in range(9):
        folded = [folded] * 60
    torch.save(folded, tmp_path / "folded.pt")
    assert (tmp_path / "folded.pt").stat().st_size < 20_000
    with pytest.raises(SpecError, match="a checkpoint of more than 1,048,576 values"):
        load_weight(tmp_path / "folded.pt")


def test_cosines_are_cosines_where_the_group_stretches_kernels():
    shear = np.array([[2, 3], [-1, -2]])
    matrices = {"a": shear.tolist()}
    spec = {"name": "s", "group": {"generators": ["a"]}, "input": {"matrices": matrices},
            "output": "trivial"}  # fmt: skip
    acting = acting_by(build_actions(load_spec(spec)).source)
    kernel = np.array([1.0, 0.2])
    moved = kernel @ np.linalg.inv(shear)
    (turn,) = discover_symmetry(np.stack([kernel, moved]), acting, draws=0).turns
    assert np.linalg.norm(moved) > 1.5 * np.linalg.norm(kernel)
    assert [partner.cosine for partner in turn.partners.values()] == pytest.approx([1, 1])


@pytest.mark.parametrize("draws", [-1, 10_001, 10**30])
def test_draws_have_a_limit(draws):
    with pytest.raises(SpecError, match="expected 0 to 10000"):
        discover_symmetry(np.ones((2, 1, 3, 3)), kernel_symmetry([3, 3]), draws=draws)
