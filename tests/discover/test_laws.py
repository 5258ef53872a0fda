"""What must hold whatever the weight is: numbering does not matter, nor the scale, nor the day."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.discover.discover import discover_symmetry
from intertwine.discover.kernel import kernel_symmetry
from intertwine.errors import SpecError, TooLargeError
from intertwine.limits import limited_to
from intertwine.show.discovered import as_json
from tests.discover.planted import SUBGROUPS, TURNS, Planted

SEEDS = st.integers(0, 10_000)


def layer(seed, signs=False):
    """Some families, some strangers, and some channels missing."""
    random = np.random.default_rng(seed)
    fixed = [SUBGROUPS[k] for k in random.integers(0, len(SUBGROUPS), 4)]
    planted = Planted(random, fixed, (2, 4, 4), missing=3, noise=0.1, signs=signs)
    strangers = random.standard_normal((3, 2, 4, 4)) / np.sqrt(32)
    return random, np.concatenate([planted.weight, strangers])


def partners(found):
    return [{i: (p.channel, p.sign) for i, p in turn.partners.items()} for turn in found.turns]


@settings(max_examples=12)
@given(SEEDS, st.booleans())
def test_renumbering_the_channels_renumbers_the_answer(seed, signs):
    random, weight = layer(seed, signs)
    order = random.permutation(len(weight))
    acting = kernel_symmetry([4, 4])
    first = discover_symmetry(weight, acting, signs, draws=0)
    second = discover_symmetry(weight[order], acting, signs, draws=0)
    assert [
        {int(order[i]): (int(order[j]), sign) for i, (j, sign) in found.items()}
        for found in partners(second)
    ] == partners(first)
    for one, other in zip(first.turns, second.turns, strict=True):
        assert one.score == pytest.approx(other.score)
        assert one.match.residual == pytest.approx(other.match.residual)
    families = {frozenset(int(order[c]) for c in family.channels) for family in second.families}
    assert families == {frozenset(family.channels) for family in first.families}
    assert first.holes == second.holes


@settings(max_examples=12)
@given(SEEDS, st.sampled_from(list(TURNS)), st.sampled_from([1e-200, 0.01, 7.0, 1e200]))
def test_turning_and_scaling_all_kernels_conjugates_the_answer(seed, name, scale):
    """The partner of i under g becomes that under h g h^-1."""
    _, weight = layer(seed)
    acting = kernel_symmetry([4, 4])
    names = [element.name for element in acting.elements]
    h = names.index(name)
    inverse = int(np.flatnonzero(acting.table[h] == 0)[0])
    first = partners(discover_symmetry(weight, acting, draws=0))
    second = partners(discover_symmetry(scale * TURNS[name](weight), acting, draws=0))
    for g in range(1, len(names)):
        conjugate = acting.table[acting.table[h, g], inverse]
        assert second[conjugate - 1] == first[g - 1]


@settings(max_examples=12)
@given(SEEDS, st.booleans())
def test_partners_are_an_action_wherever_there_are_any(seed, signs):
    """pi_gh = pi_g pi_h and pi_g^-1 pi_g = 1, on every channel where both are there."""
    _, weight = layer(seed, signs)
    acting = kernel_symmetry([4, 4])
    found = discover_symmetry(weight, acting, signs, draws=0)
    pi = [{i: (i, 1) for i in range(len(weight))}, *partners(found)]
    for g in range(8):
        for h in range(8):
            for i, (j, s) in pi[h].items():
                if j in pi[g]:
                    k, t = pi[g][j]
                    assert pi[acting.table[g, h]][i] == (k, s * t)


def test_every_run_says_the_same():
    _, weight = layer(0)
    acting = kernel_symmetry([4, 4])
    said = {json.dumps(as_json("w", discover_symmetry(weight, acting, draws=5))) for _ in range(2)}
    assert len(said) == 1


def test_what_is_no_weight_is_refused():
    acting = kernel_symmetry([3, 3])
    good = np.ones((2, 1, 3, 3))
    for weight, said in [
        (np.zeros((2, 1, 3, 3)), "zero"),
        (np.full((2, 1, 3, 3), np.nan), "nan"),
        (np.ones((2, 1, 3, 3), dtype=complex), "complex"),
        (np.ones(9), "shape"),
        (np.ones((0, 9)), "shape"),
        (np.ones((2, 1, 3, 4)), "12 numbers a channel"),
    ]:
        with pytest.raises(SpecError, match=said):
            discover_symmetry(weight, acting)
    for threshold in (-0.5, 0, 1, 1.5, float("nan")):
        with pytest.raises(SpecError, match="threshold"):
            discover_symmetry(good, acting, threshold=threshold)
    with pytest.raises(SpecError, match="draws"):
        discover_symmetry(good, acting, draws=-1)
    with limited_to(10_000), pytest.raises(TooLargeError, match="channels"):
        discover_symmetry(np.ones((100, 1, 3, 3)), acting)


def test_one_channel_and_whole_numbers_are_fine():
    found = discover_symmetry(np.arange(1, 10).reshape(1, 1, 3, 3), kernel_symmetry([3, 3]))
    assert [family.channels for family in found.families] == [(0,)]
