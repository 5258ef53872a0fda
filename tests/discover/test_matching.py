"""Assignments are the best of all permutations, and chance is what it says."""

from itertools import permutations, product

import numpy as np
import pytest

from intertwine.discover.discover import default_threshold, discover_symmetry
from intertwine.discover.kernel import kernel_symmetry
from tests.discover.planted import TURNS, Planted


@pytest.mark.parametrize("signs", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_no_permutation_is_better(seed, signs):
    """Of four channels, up to sign, or five; cosines are taken one by one."""
    n = 4 if signs else 5
    weight = np.random.default_rng(seed).standard_normal((n, 2, 3, 3))
    found = discover_symmetry(weight, kernel_symmetry([3, 3]), signs=signs, draws=0)
    norms = [np.linalg.norm(kernel) for kernel in weight]
    for turn in found.turns:
        moved = TURNS[turn.name](weight)
        best = max(
            sum(flips[i] * cosine(moved[i], weight[images[i]]) for i in range(n))
            for images in permutations(range(n))
            for flips in (product([1, -1], repeat=n) if signs else [(1,) * n])
        )
        images = turn.match.permutation.images
        flips = turn.match.permutation.signs if signs else np.ones(n)
        assert sorted(images) == list(range(n))
        near = [flips[i] * cosine(moved[i], weight[images[i]]) for i in range(n)]
        assert sum(near) == pytest.approx(best)
        assert np.allclose(turn.match.cosines, near)
        both = [norms[i] + norms[images[i]] for i in range(n)]
        assert turn.score == pytest.approx(np.average(near, weights=both))
        gap = [flips[i] * weight[images[i]] - moved[i] for i in range(n)]
        assert turn.match.residual == pytest.approx(np.linalg.norm(gap) / np.linalg.norm(weight))


def cosine(first, second):
    return np.vdot(first, second) / np.linalg.norm(first) / np.linalg.norm(second)


@pytest.mark.parametrize("seed", range(5))
def test_a_random_layer_is_at_chance(seed):
    weight = np.random.default_rng(seed).standard_normal((24, 3, 5, 5))
    found = discover_symmetry(weight, kernel_symmetry([5, 5]))
    for turn in found.turns:
        assert abs(turn.score - turn.shuffled.median) < 0.05
        assert turn.score < turn.alike.largest + 0.02
    assert all(len(family.channels) == 1 and not family.complete for family in found.families)
    assert found.action is None and found.spec is None
    assert found.in_families == 0 and found.by_chance < 3


def test_a_symmetric_layer_is_above_chance():
    random = np.random.default_rng(0)
    planted = Planted(random, [("1",)] * 3, (1, 5, 5), missing=4, noise=0.1)
    found = discover_symmetry(planted.weight, kernel_symmetry([5, 5]))
    assert all(turn.above_chance for turn in found.turns)
    assert found.in_families == len(planted.weight) and found.by_chance < 5


def test_smooth_kernels_are_alike_and_not_copies():
    """Kernels of two smooth shapes only are near each other's turns by smoothness alone."""
    random = np.random.default_rng(0)
    slope = np.broadcast_to(np.arange(-2.0, 3.0), (5, 5)) / np.sqrt(50)
    angles = random.uniform(0, 2 * np.pi, 40)
    weight = np.cos(angles)[:, None, None] * slope + np.sin(angles)[:, None, None] * slope.T
    weight = weight[:, None] + 0.02 * random.standard_normal((40, 1, 5, 5))
    found = discover_symmetry(weight, kernel_symmetry([5, 5]), threshold=0.99)
    turn = found.turns[0]
    assert turn.score > turn.shuffled.largest + 0.3
    assert turn.score < turn.alike.largest + 0.02
    assert found.by_chance > 12


def test_shuffles_that_are_symmetries_again_are_not_drawn():
    """Of three places in a line the ends change places; shuffles that keep the middle do too."""
    random = np.random.default_rng(0)
    half = random.standard_normal((4, 1, 3))
    found = discover_symmetry(np.concatenate([half, half[..., ::-1]]), kernel_symmetry([3]))
    assert found.turns[0].score == pytest.approx(1)
    assert found.turns[0].shuffled.largest < 0.99
    pair = discover_symmetry(random.standard_normal((4, 1, 2)), kernel_symmetry([2]))
    assert pair.turns[0].shuffled is None


def test_half_a_pair_is_expected_above_the_default_threshold():
    """By drawing pairs of random kernels."""
    threshold = default_threshold(channels=10, places=6, elements=2)
    assert 0.8 < threshold < 0.95
    first, second = np.random.default_rng(0).standard_normal((2, 400_000, 6))
    norms = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    cosines = (first * second).sum(axis=1) / norms
    pairs = 2 * 10 * 9 / 2
    assert pairs * (cosines > threshold).mean() == pytest.approx(0.5, rel=0.1)
    signed = default_threshold(channels=10, places=6, elements=2, signs=True)
    assert pairs * (np.abs(cosines) > signed).mean() == pytest.approx(0.5, rel=0.1)


def test_the_default_threshold_has_bounds():
    assert default_threshold(2, 100, 8) == 0.8
    assert default_threshold(1000, 3, 2) == 0.95
    assert default_threshold(1, 9, 8) == 0.8
