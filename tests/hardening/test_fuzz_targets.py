"""The fuzzer's targets on their seeds, and on seeds changed at random, without its guidance."""

import warnings
from random import Random

import pytest

from fuzz.target import Finding, refusals
from fuzz.targets import TARGETS
from intertwine.errors import CertificateError, SpecError
from tests.hardening.clock import within
from tests.hardening.tally import times, tried
from tests.solved import ROOT


@pytest.mark.parametrize("name", TARGETS)
def test_seeds(name):
    """Every seed is no finding, and most are taken."""
    target = TARGETS[name]
    seeds = target.seeds()
    taken = 0
    for seed in seeds[:: 1 if len(seeds) < 40 else 8]:
        taken += target.run(seed)
        tried(1, "inputs")
    assert taken >= {"specs": 10, "permutations": 8, "numbers": 10, "pages": 5, "weights": 5}[name]


@pytest.mark.parametrize("name", TARGETS)
def test_changed_seeds(name):
    """Seeds with one to three changes are no finding, and none takes a minute."""
    target, random = TARGETS[name], Random(0)
    seeds = target.seeds()

    for _ in range(times(40)):
        data = random.choice(seeds)
        for _ in range(random.randint(1, 3)):
            data = target.mutate(data, random)
        with within(60):
            target.run(data[:20_000])
        tried(1, "inputs")


def test_a_page_with_odd_numbers(tmp_path, cli):
    """A page that Python's parser warns of is read without a word of it."""
    page = (ROOT / "generated" / "petersen.py").read_text()
    (tmp_path / "page.py").write_text(page.replace("(self.in_channels, 10)", "(0x1for x in y)"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        code, out, error = cli("verify", str(tmp_path / "page.py"))
    assert (code, out.count("\n"), error) == (0, 1, "")
    tried(1, "pages")


def test_what_a_finding_is():
    """Refusals of the wrong kind are findings, and so is whatever is no refusal."""
    with refusals(2, 4) as refused:
        raise SpecError("a", "b", "c")
    assert len(refused) == 1
    with pytest.raises(Finding), refusals(2, 4):
        raise CertificateError("wrong")
    with pytest.raises(ZeroDivisionError), refusals(2, 4):
        _ = 1 / 0
    tried(3, "inputs")
