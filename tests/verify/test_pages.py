"""What an emitted page computes is proved, and what differs is refused, whatever its strategy."""

import re
from random import Random

import pytest
import torch

from intertwine.errors import IntertwineError, PageError
from tests.solved import ROOT
from tests.verify.direct import verified
from tests.verify.mutation import changed_at, sites
from tests.verify.pages import PAGES, page_of
from tests.verify.sides import behaviour, difference

GENERATED = sorted((ROOT / "generated").glob("*.py"))


@pytest.fixture(autouse=True)
def one_thread():
    """Small products are fastest on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def written(text, folder, name="page.py"):
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_every_strategy_is_proved(name, tmp_path):
    said = verified(written(page_of(name), tmp_path))
    assert "bias and dense_weight are these maps', first weights are for" in said


@pytest.mark.slow
def test_every_generated_page_is_proved():
    """In this process, which loads torch once."""
    for path in GENERATED:
        assert "run: forward, " in verified(path), path.name


@pytest.mark.parametrize(
    "name", ["small sets", "sums over axes", "isotypic", "fft", "taps", "walk"]
)
def test_a_changed_entry_of_any_table_is_refused(name, tmp_path):
    """One entry of each table, where another matrix comes of it or other first weights."""
    text, random, changes = page_of(name), Random(5), 0
    before = behaviour(written(text, tmp_path))
    for number, site in enumerate(s for s in sites(text)[1] if s[0] == "table"):
        mutant = changed_at(text, site, random)
        path = written(mutant.text, tmp_path, f"mutant_{number}.py")
        try:
            differs = difference(before, behaviour(path))
        except (IndexError, RuntimeError, ValueError):
            differs = "raises"
        if differs:
            changes += 1
            with pytest.raises(IntertwineError):
                verified(path)
    assert changes


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("any size", r"Dimension: 15", "Dimension: 16", "says 16 for the dimension, which is 15"),
        ("fft", r"Dimension: 15, bias 1", "Dimension: 15, bias 2", "says 2 for the bias"),
        ("fft", "of order 512", "of order 513", "its order, or a divisor, which is 512"),
        ("expansion", r"variance = 1 / ", "variance = -1 / ", "not finite|do not keep"),
        ("any size", r"variance = _", "variance = -_", "not finite|do not keep"),
        ("expansion", r"uniform_\(-1, 1\)", "uniform_(0, 1)", "first weights do not keep"),
        ("expansion", r"uniform_\(-1, 1\)", "normal_()", "drawn by normal_, not uniformly"),
        ("expansion", r"self.bias.zero_\(\)", "self.bias.fill_(1)", "first bias is not zero"),
    ],
)
def test_what_a_page_says_and_draws_is_held(name, old, new, said, tmp_path):
    text = page_of(name)
    assert re.search(old, text)
    with pytest.raises(IntertwineError, match=said):
        verified(written(re.sub(old, new, text, count=1), tmp_path))


CHANGES = {
    "in eval mode alone": "y = y if self.training or torch.is_grad_enabled() else y + 1",
    "in train mode alone": "y = y + 1 if self.training else y",
    "without batch axes": "y = y + 1 if y.ndim < 3 else y",
    "with two batch axes": "y = y.flip(0) if y.ndim > 3 else y",
    "in one place": "y = y.clone(); y[..., 0, 0] *= 1 + 1e-6",
    "with many samples": "y = 2 * y if len(y) > 4 else y",
    "from the second call on": "n = self.n = vars(self).get('n', 0) + 1; y = y * (n < 2)",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_forward_that_differs_somewhere_is_refused(change, tmp_path):
    text = page_of("expansion")
    match = re.search(r"\n        return (y\.unflatten\(.*\))\n", text)
    text = text.replace(
        match[0], f"\n        y = {match[1]}\n        {CHANGES[change]}\n        return y\n"
    )
    with pytest.raises(PageError, match="forward"):
        verified(written(text, tmp_path))


def test_a_matrix_that_is_remembered_is_found_out(tmp_path):
    """The outputs of the first call in eval mode, given again when the weights have changed."""
    text = page_of("expansion")
    match = re.search(r"\n        return (y\.unflatten\(.*\))\n", text)
    kept = (
        f"\n        y = {match[1]}\n        if self.training:\n            return y\n"
        "        self.kept = vars(self).get('kept', {})\n"
        "        return self.kept.setdefault(float(x.sum()), y)\n"
    )
    with pytest.raises(PageError, match="forward in eval mode"):
        verified(written(text.replace(match[0], kept), tmp_path))


def test_another_basis_of_the_same_space_is_refused(tmp_path):
    """Maps that commute, are independent and all, but not those that the docstring numbers."""
    text = page_of("matrices")
    plain = "entries = self.weight.flatten(1)"
    mixed = "entries = torch.cat([self.weight[:1] + self.weight[1:2], self.weight[1:]]).flatten(1)"
    assert plain in text
    text = text.replace(plain, mixed)
    with pytest.raises(PageError):
        verified(written(text, tmp_path))
