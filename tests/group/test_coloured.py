"""Automorphisms of coloured graphs: by brute force, by BLISS alone, and of many vertices."""

import random
from itertools import permutations
from math import factorial

import numpy as np
import pytest

from intertwine.errors import TooLargeError
from intertwine.group import bliss
from intertwine.group.bliss import automorphism_generators
from intertwine.group.coloured import ColouredGraph
from intertwine.group.generation import permutation_order
from intertwine.limits import limited_to
from tests.hardening.clock import within


def graph(colours, ends, directed=False):
    return ColouredGraph(list(colours), np.array(ends, dtype=np.intp).reshape(-1, 2), directed)


def brute_force_order(colours, ends, directed):
    edges = {*ends} | (set() if directed else {(b, a) for a, b in ends})
    return sum(
        all(colours[image] == colour for image, colour in zip(p, colours, strict=True))
        and all((p[a], p[b]) in edges for a, b in edges)
        for p in permutations(range(len(colours)))
    )


def keeps(made, images):
    """Whether a permutation of the vertices keeps colours and edges."""
    ends = images[made.ends]
    edges = made.ends
    if not made.directed:
        ends, edges = np.sort(ends, axis=1), np.sort(edges, axis=1)
    colours = np.array(made.colours)
    return {*map(tuple, ends)} == {*map(tuple, edges)} and (colours[images] == colours).all()


def test_orders_of_small_graphs_by_brute_force():
    dice = random.Random(2)
    for _ in range(400):
        count, directed = dice.randint(1, 6), dice.random() < 0.3
        places = [
            (a, b) for a in range(count) for b in range(count) if a != b and (directed or a < b)
        ]
        ends = dice.sample(places, dice.randint(0, min(len(places), dice.choice([2, 4, 6, 30]))))
        colours = [dice.randrange(dice.choice([1, 1, 2, 3])) for _ in range(count)]
        made = graph(colours, ends, directed)
        symmetry = made.symmetry()
        expected = brute_force_order(colours, ends, directed)
        assert symmetry.order() == permutation_order(symmetry.generators) == expected
        assert all(keeps(made, images) for images in symmetry.generators)


def test_forests_are_what_bliss_says():
    dice = random.Random(3)
    for _ in range(40):
        count = dice.randint(20, 80)
        ends = [
            (i, dice.randrange(max(0, i - dice.choice([3, 30])), i))
            for i in range(1, count)
            if dice.random() < 0.97
        ]
        made = graph([0] * count, ends)
        symmetry, whole = made.symmetry(), automorphism_generators(made.plain)
        order = permutation_order(whole)
        assert symmetry.order() == permutation_order(symmetry.generators) == order
        assert all(keeps(made, images) for images in symmetry.generators)


# The ends of edges, how many vertices, the order, and how many generators at most.
LARGE = {
    "no edges": ([], 20_000, factorial(20_000), 2),
    "a star": ([(0, leaf) for leaf in range(1, 6000)], 6000, factorial(5999), 2),
    "a matching": ([(2 * k, 2 * k + 1) for k in range(3000)], 6000, 2**3000 * factorial(3000), 3),
    "paths": ([(4 * k + j, 4 * k + j + 1) for k in range(900) for j in range(3)], 3600,
              2**900 * factorial(900), 3),
    "a binary tree": ([(k, (k - 1) // 2) for k in range(1, 4095)], 4095, 2**2047, 11),
    "a long path": ([(k, k + 1) for k in range(7999)], 8000, 2, 1),
    "two complete graphs": ([(a, b) for s in (0, 60) for a in range(s, s + 60)
                             for b in range(s, a)], 120, 2 * factorial(60) ** 2, 3),
}  # fmt: skip


@pytest.mark.parametrize("case", LARGE)
def test_large_graphs_have_few_generators(case):
    ends, count, order, most = LARGE[case]
    with within(60):
        symmetry = graph([0] * count, ends).symmetry()
    assert len(symmetry.generators) <= most
    assert symmetry.order() == order


def test_a_search_that_takes_for_ever_is_ended(monkeypatch):
    """Where BLISS is given no time at all, the graph is refused and not the command ended."""
    monkeypatch.setattr(bliss, "seconds_left", lambda: 0.01)
    ring = graph([0] * 2000, [(k, (k + 1) % 2000) for k in range(2000)])
    with pytest.raises(TooLargeError, match=r"2000 vertices without twins .* --time"):
        ring.symmetry()


def test_a_search_in_a_process_of_its_own_answers():
    ring = graph([0] * 2000, [(k, (k + 1) % 2000) for k in range(2000)])
    with limited_to(2**30):
        assert ring.symmetry().order() == 4000
