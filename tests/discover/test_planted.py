"""What was planted is found: exactly the permutations, exactly the families, exactly the holes."""

import numpy as np
import pytest

from intertwine.discover.discover import discover_symmetry
from intertwine.discover.kernel import kernel_symmetry
from tests.discover.planted import REVERSAL, SUBGROUPS, TURNS, Planted, same
from tests.solved import thinned


def check(planted, found, signs=False):
    """Partners, families and holes against the kernels before the noise."""
    names = list(planted.moves)
    assert [turn.name for turn in found.turns] == names[1:]
    for turn in found.turns:
        for channel in range(len(planted.clean)):
            partner = turn.partners.get(channel)
            told = partner and (partner.channel, partner.sign)
            assert told == planted.partner(turn.name, channel, signs), (turn.name, channel)
    families = {frozenset(np.flatnonzero(planted.family == k)) for k in set(planted.family)}
    assert {frozenset(family.channels) for family in found.families} == families
    holes = []
    for family in found.families:
        first = family.members[0]
        assert first.place == 0 and first.channel == min(family.channels)
        assert family.expected == planted.sizes[planted.family[first.channel]]
        fixing = {names[k] for k in family.orbit.stabilizer}
        root = planted.clean[first.channel]
        assert fixing == {n for n in names if same(planted.moves[n](root), root, signs)}
        for place in family.holes:
            holes.append(planted.moves[names[family.orbit.representatives[place]]](root))
    # Families of which no member is left can have no holes.
    left = [k for k in planted.missing if any(same(k, h, signs) for h in holes)]
    whole = sum(size for k, size in enumerate(planted.sizes) if k not in planted.family)
    assert len(holes) == len(left) == len(planted.missing) - whole
    assert found.violations == 0


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("seed", thinned(range(3), 3))
def test_families_of_a_convolution(seed, channels, noise):
    random = np.random.default_rng(seed)
    fixed = [SUBGROUPS[k] for k in (0, 0, 1, 2, 3, 4, 5, 6)]
    planted = Planted(random, fixed, (channels, 5, 5), missing=5 * (seed > 0), noise=noise)
    found = discover_symmetry(planted.weight, kernel_symmetry([5, 5]), draws=0)
    check(planted, found)
    assert found.complete == (not planted.missing)


@pytest.mark.parametrize("seed", range(3))
def test_whole_orbits_give_an_action_of_the_group(seed):
    random = np.random.default_rng(seed)
    planted = Planted(random, [SUBGROUPS[k] for k in (0, 2, 6)], (2, 3, 3), noise=0.05)
    found = discover_symmetry(planted.weight, kernel_symmetry([3, 3]), draws=0)
    check(planted, found)
    assert found.action.homomorphism
    assert found.action.channels == tuple(range(len(planted.clean)))
    for generator, name in {"rotation": "turn 90°", "reflection": "mirror |"}.items():
        partners = [planted.partner(name, i)[0] for i in range(len(planted.clean))]
        assert found.action.images[generator].images.tolist() == partners
    for turn in found.turns:
        images = [planted.partner(turn.name, i)[0] for i in range(len(planted.clean))]
        assert turn.match.permutation.images.tolist() == images
        assert turn.score > 0.99
        # Two independent noises of norm 0.05 on kernels of norm 1.
        assert turn.match.residual == pytest.approx(0.05 * np.sqrt(2), rel=0.35)


@pytest.mark.parametrize("seed", range(4))
def test_polarities(seed):
    random = np.random.default_rng(seed)
    fixed = [SUBGROUPS[k] for k in (0, 1, 2, 6)]
    planted = Planted(random, fixed, (1, 5, 5), missing=2, noise=0.1, signs=True)
    check(
        planted,
        discover_symmetry(planted.weight, kernel_symmetry([5, 5]), signs=True, draws=0),
        True,
    )


def test_an_edge_that_a_half_turn_inverts():
    """Its orbit has four members, and two up to sign; mirrors fix or invert each."""
    edge = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
    weight = np.stack([edge, edge.T])[:, None]
    acting = kernel_symmetry([3, 3])
    plain = discover_symmetry(weight, acting, draws=0)
    assert [family.expected for family in plain.families] == [4]
    assert plain.holes == 2 and plain.action is None
    signed = discover_symmetry(weight, acting, signs=True, draws=0)
    assert signed.complete and signed.action.homomorphism
    rotation = signed.action.images["rotation"]
    # np.rot90(edge) = -edge.T, and np.rot90(edge.T) = edge.
    assert np.array_equal(np.rot90(edge), -edge.T)
    assert (rotation.images.tolist(), rotation.signs.tolist()) == ([1, 0], [-1, 1])
    assert "signed_permutations: {rotation: [-2, 1]" in signed.spec


@pytest.mark.parametrize("seed", range(4))
def test_reversal_of_a_line(seed):
    random = np.random.default_rng(seed)
    fixed = [("1",)] * 5 + [("1", "reversal")] * 3
    planted = Planted(random, fixed, (4, 7), missing=3, noise=0.1, moves=REVERSAL)
    check(planted, discover_symmetry(planted.weight, kernel_symmetry([7]), draws=0))


@pytest.mark.parametrize(("turns", "mirrors"), [(True, False), (False, True)])
def test_a_part_of_the_group(turns, mirrors):
    names = ("1", "turn 90°", "turn 180°", "turn 270°")
    names = names if turns else ("1", "turn 180°", "mirror |", "mirror -")
    random = np.random.default_rng(0)
    moves = {name: TURNS[name] for name in names}
    fixed = [("1",), ("1",), ("1", "turn 180°"), names]
    planted = Planted(random, fixed, (1, 5, 5), missing=2, noise=0.1, moves=moves)
    check(
        planted, discover_symmetry(planted.weight, kernel_symmetry([5, 5], turns, mirrors), draws=0)
    )


def test_a_kernel_that_is_not_square():
    names = ("1", "turn 180°", "mirror |", "mirror -")
    moves = {name: TURNS[name] for name in names}
    random = np.random.default_rng(0)
    fixed = [("1",), ("1",), ("1", "mirror -")]
    planted = Planted(random, fixed, (2, 3, 5), missing=2, noise=0.1, moves=moves)
    check(planted, discover_symmetry(planted.weight, kernel_symmetry([3, 5]), draws=0))


def test_copies_of_one_kernel_are_families_apart():
    """Eight channels with one symmetric kernel are no orbit of eight."""
    random = np.random.default_rng(0)
    kernel = Planted(random, [tuple(TURNS)], (1, 5, 5)).clean[0]
    weight = kernel + 0.01 * random.standard_normal((8, 1, 5, 5))
    found = discover_symmetry(weight, kernel_symmetry([5, 5]), draws=0)
    assert [(family.expected, len(family.members)) for family in found.families] == [(1, 1)] * 8
    assert found.complete


def test_a_family_twice_with_one_member_missing():
    random = np.random.default_rng(1)
    clean = Planted(random, [("1",)], (1, 5, 5)).clean
    weight = np.concatenate([clean, clean[1:]]) + 0.01 * random.standard_normal((15, 1, 5, 5))
    found = discover_symmetry(weight, kernel_symmetry([5, 5]), draws=0)
    assert [(f.expected, len(f.members), len(f.holes)) for f in found.families] == [
        (8, 8, 0),
        (8, 7, 1),
    ]


def test_similar_families_keep_their_members():
    """A member that is missing is not filled from a family that is nearly the same."""
    random = np.random.default_rng(0)
    first = Planted(random, [("1",)], (1, 5, 5))
    base = first.clean[0]
    other = base + 0.5 * random.standard_normal(base.shape) / 5
    near = np.stack([move(other / np.linalg.norm(other)) for move in TURNS.values()])
    far = np.stack([move(base) for move in TURNS.values()])
    assert 0.8 < np.vdot(near[0], far[0]) < 0.95
    weight = np.concatenate([far[:6], near[1:]]) + 0.002 * random.standard_normal((13, 1, 5, 5))
    found = discover_symmetry(weight, kernel_symmetry([5, 5]), draws=0)
    assert {family.channels for family in found.families} == {
        tuple(range(6)),
        found.families[0].channels,
    }
    assert set(found.families[0].channels) == set(range(6, 13))
    assert [len(family.holes) for family in found.families] == [1, 2]


def test_dead_channels_are_left_out():
    random = np.random.default_rng(0)
    planted = Planted(random, [("1",)], (1, 3, 3))
    weight = np.insert(planted.weight, 3, 1e-6 * random.standard_normal((1, 3, 3)), axis=0)
    found = discover_symmetry(weight, kernel_symmetry([3, 3]), draws=0)
    assert found.dead == (3,)
    assert found.families[0].channels and 3 not in found.families[0].channels
    assert set(found.families[0].channels) == {0, 1, 2, 4, 5, 6, 7, 8}
    assert set(found.turns[0].partners) == {0, 1, 2, 4, 5, 6, 7, 8}


@pytest.mark.parametrize("copies", [2, 3, 5])
def test_exact_copies_are_families_of_their_own(copies):
    kernel = np.random.default_rng(0).standard_normal((2, 5, 5))
    weight = np.stack([move(kernel) for move in TURNS.values()] * copies)
    found = discover_symmetry(weight, kernel_symmetry([5, 5]), draws=0)
    assert [family.expected for family in found.families] == [8] * copies
    assert found.complete and found.action.homomorphism


def halves(random, symmetric, part, noise):
    """The layer [w, rot90(w)] and its noise; w = s + a with s = rot180(s), a = -rot180(a)."""
    kernel = random.standard_normal((3, 3))
    even, odd = kernel + np.rot90(kernel, 2), kernel - np.rot90(kernel, 2)
    kernel = even / np.linalg.norm(even)
    kernel = kernel if symmetric else kernel + part * odd / np.linalg.norm(odd)
    clean = np.stack([kernel, np.rot90(kernel)])[:, None]
    return clean + noise / 3 * random.standard_normal(clean.shape)


@pytest.mark.parametrize("noise", [1e-6, 1e-3, 0.03])
def test_short_kernels_that_a_half_turn_fixes_have_no_holes(noise):
    """Of four elements the half turn fixes both kernels: an orbit of two, and both are there."""
    acting = kernel_symmetry([3, 3], mirrors=False)
    for seed in range(100):
        weight = halves(np.random.default_rng(seed), True, 0, noise)
        found = discover_symmetry(weight, acting, draws=0)
        assert found.complete and not found.holes, seed
        assert [family.expected for family in found.families] == [2], seed


def test_short_kernels_that_a_half_turn_changes_have_holes():
    """A cosine of (1 - 0.04^2) / (1 + 0.04^2) = 0.997 is far from 1 for a noise of 0.001."""
    acting = kernel_symmetry([3, 3], mirrors=False)
    for seed in range(100):
        weight = halves(np.random.default_rng(seed), False, 0.04, 1e-3)
        found = discover_symmetry(weight, acting, draws=0)
        assert [family.expected for family in found.families] == [4], seed
        assert found.holes == 2, seed


@pytest.mark.parametrize("fixed", SUBGROUPS[1:], ids=" ".join)
def test_short_kernels_under_all_turns_and_mirrors(fixed):
    for seed in range(20):
        planted = Planted(np.random.default_rng(seed), [fixed], (1, 3, 3), noise=1e-3)
        found = discover_symmetry(planted.weight, kernel_symmetry([3, 3]), draws=0)
        assert found.complete and not found.holes, seed
