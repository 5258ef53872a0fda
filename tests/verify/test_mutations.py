"""Two hundred pages, each changed in one number or one operator: what they change is refused."""

from collections import Counter
from random import Random

import pytest
import torch

from intertwine import solve, solve_network
from intertwine.errors import IntertwineError
from tests.verify.direct import Slow, verified, within
from tests.verify.mutation import OUT_OF_SCOPE, mutated
from tests.verify.sides import behaviour, difference

COUNT = 200
KINDS = ("number", "operator", "table", "docstring")
POINTS = {"name": "page", "input": "points", "output": "points"}
PAIRS = {"power": ["points", 2]}
GRID = {"grid": {"shape": [4, 4], "symmetry": "p4"}}
STAGES = [
    {"name": "first", "action": "points", "channels": 3, "nonlinearity": "relu"},
    {"name": "last", "action": "trivial", "channels": 2},
]
PAGES = {
    "expansion": {**POINTS, "group": {"dihedral": 4}, "input": PAIRS},
    "signs": {**POINTS, "group": {"hyperoctahedral": 3}, "input": "axes",
              "output": {"tensor": ["axes", "axes"]}},
    "walk": {**POINTS, "group": {"alternating": 9}, "input": PAIRS, "output": PAIRS,
             "layer": {"strategy": "expand"}},
    "fft": {**POINTS, "group": {"grid": {"shape": [8, 8], "symmetry": "p4m"}}, "input": "pixels",
            "output": "pixels"},
    "taps": {**POINTS, "group": GRID, "input": "pixels", "output": "poses",
             "layer": {"support": {"radius": 1}, "strategy": "convolve"}},
    "ends": {**POINTS, "group": {"grid": {"shape": [6, 6], "symmetry": "p1"}}, "input": "pixels",
             "output": "pixels", "layer": {"support": {"radius": 1}, "boundary": "zeros"}},
    "small sets": {**POINTS, "group": {"alternating": 7}, "input": {"subsets": ["points", 2]},
                   "output": {"subsets": ["points", 2]}, "layer": {"strategy": "factor"}},
    "sums over axes": {**POINTS, "group": {"wreath": {"base": {"symmetric": 3},
                                                      "top": {"symmetric": 3}}},
                       "input": "tuples", "output": "tuples", "layer": {"strategy": "factor"}},
    "isotypic": {**POINTS, "group": {"cyclic": 24}, "input": {"tensor": [{"irrep": 5}, "points"]},
                 "output": {"tensor": [{"irrep": 7}, "points"]}},
    "matrices": {**POINTS, "group": {"dihedral": 5}, "input": {"tensor": ["vector", "vector"]},
                 "output": {"tensor": ["vector", "vector"]}},
    "matrices over points": {**POINTS, "group": {"dihedral": 3},
                             "input": {"tensor": ["points", "vector"]},
                             "output": {"tensor": ["points", "vector"]}},
    "any size": {**POINTS, "group": {"symmetric": 5}, "input": PAIRS, "output": PAIRS},
    "two sizes": {**POINTS, "group": {"product": {"a": {"symmetric": 4}, "b": {"symmetric": 3}}},
                  "input": {"tensor": ["a", "b"]},
                  "output": {"tensor": [{"trivial": 2}, "a", "b"]}},
    "fields": {**POINTS, "group": {"dihedral": 5},
               "input": {"fields": {"a": "points", "b": "trivial"}},
               "output": {"fields": {"c": "points", "d": PAIRS}}},
    "fields of any size": {**POINTS, "group": {"symmetric": 4},
                           "input": {"fields": {"a": "points", "b": PAIRS}},
                           "output": {"fields": {"c": "points", "d": "trivial"}}},
    "network": {"name": "page", "group": {"dihedral": 5}, "input": "points", "network": STAGES},
    "network of any size": {"name": "page", "group": {"symmetric": 5}, "input": "points",
                            "network": STAGES},
}  # fmt: skip


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """The pages with what they do; small products are fastest on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for number, (name, spec) in enumerate(PAGES.items()):
        text = (solve_network(spec) if "network" in spec else solve(spec)).page
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
