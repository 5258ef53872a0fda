"""Two hundred pages, each changed in one number or one operator: what they change is refused."""

from collections import Counter
from random import Random

import pytest
import torch

from intertwine.errors import IntertwineError
from tests.verify.direct import Slow, verified, within
from tests.verify.mutation import OUT_OF_SCOPE, mutated
from tests.verify.pages import PAGES, page_of
from tests.verify.sides import behaviour, difference

COUNT = 200
KINDS = ("number", "operator", "table", "docstring")


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """The pages with what they do; small products are fastest on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for number, name in enumerate(PAGES):
        text = page_of(name)
        path = folder / f"page_{number}.py"
        path.write_text(text)
        verified(path)
        made[name] = text, behaviour(path)
    yield made
    torch.set_num_threads(threads)


def judged(mutant, original, path):
    """Whether a mutant does something else, and whether it is refused."""
    path.write_text(mutant.text)
    try:
        with within(5):
            changed = difference(original, behaviour(path))
    except (Exception, SystemExit, Slow) as error:
        changed = f"{type(error).__name__}"
    try:
        with within(10):
            verified(path)
        refused = ""
    except (IntertwineError, Slow) as error:
        refused = str(error) or "too slow"
    return changed, refused


@pytest.mark.slow
def test_every_mutant_that_does_something_else_is_refused(originals, tmp_path, capsys):
    random = Random(14)
    counts, missed = Counter(), []
    names = list(originals)
    for number in range(COUNT):
        name = names[number % len(names)]
        text, original = originals[name]
        mutant = None
        while mutant is None:
            mutant = mutated(text, random, random.choice(KINDS))
        changed, refused = judged(mutant, original, tmp_path / f"mutant_{number}.py")
        fate = ("refused" if refused else "unseen") if changed else (
            "refused all the same" if refused else "harmless"
        )  # fmt: skip
        kind = "between a network's layers" if mutant.between else mutant.kind
        counts[kind, fate] += 1
        if changed and not refused and not mutant.between:
            missed.append(f"{name}: {mutant.where}: changes {changed}")
    with capsys.disabled():
        print(f"\n{COUNT} mutants of {len(names)} pages, but in {', '.join(OUT_OF_SCOPE)}:")
        for (kind, fate), count in sorted(counts.items()):
            print(f"  {kind}: {count} {fate}")
    assert not missed, "\n".join(missed)
