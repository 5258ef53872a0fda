"""Linear layers, where a spec says how a group acts on the input."""

import numpy as np
import pytest
from ruamel.yaml import YAML

import intertwine
from intertwine.action.action import SetAction
from intertwine.discover.acting import acting_by
from intertwine.discover.channels import is_homomorphism
from intertwine.discover.discover import discover_symmetry
from intertwine.discover.kernel import kernel_symmetry
from intertwine.group.named import cyclic
from intertwine.group.permutation import SignedPermutation
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from tests.discover.planted import Planted


def acted(group, action):
    spec = {"name": "case", "group": group, "input": action, "output": "trivial"}
    return acting_by(build_actions(load_spec(spec)).source)


def noisy(random, clean, order, noise=0.1):
    clean = np.asarray(clean)[order]
    norms = np.linalg.norm(clean, axis=1, keepdims=True)
    spread = noise * norms / np.sqrt(clean.shape[1])
    return clean + spread * random.standard_normal(clean.shape)


@pytest.mark.parametrize("seed", range(3))
def test_a_circulant_layer(seed):
    random = np.random.default_rng(seed)
    row, order = random.standard_normal(8), random.permutation(8)
    weight = noisy(random, [np.roll(row, k) for k in range(8)], order)
    found = discover_symmetry(weight, acted({"cyclic": 8}, "points"), draws=0)
    assert found.complete and found.action.homomorphism
    place = np.argsort(order)
    shifted = place[(order + 1) % 8]
    assert found.action.images["shift"].images.tolist() == shifted.tolist()


def test_a_product_of_a_swap_and_a_circle():
    """Rows and columns of a 2 x 4 table; one of the eight channels is missing, so is its place."""
    random = np.random.default_rng(0)
    group = {"product": {"users": {"symmetric": 2}, "items": {"cyclic": 4}}}
    table = random.standard_normal((2, 4))
    members = [(swap, shift) for swap in range(2) for shift in range(4)]
    clean = [np.roll(table, (swap, shift), (0, 1)).ravel() for swap, shift in members]
    acting = acted(group, {"tensor": ["users", "items"]})
    assert set(acting.generators) == {"users.swap", "items.shift"}
    weight = noisy(random, clean, np.arange(8))
    whole = discover_symmetry(weight, acting, draws=0)
    assert whole.complete and whole.action.homomorphism
    images = {name: image.images.tolist() for name, image in whole.action.images.items()}
    assert images["users.swap"] == [4, 5, 6, 7, 0, 1, 2, 3]
    assert images["items.shift"] == [1, 2, 3, 0, 5, 6, 7, 4]
    (family,) = discover_symmetry(weight[:7], acting, draws=0).families
    (hole,) = family.holes
    name = acting.elements[family.orbit.representatives[hole]].name
    assert sorted(name.replace("^-1", "^3").split()) == ["items.shift^3", "users.swap"]


def test_channels_beside_the_points():
    """A weight of 3 x 8 numbers a channel, on whose last axis the circle acts."""
    random = np.random.default_rng(0)
    block = random.standard_normal((3, 8))
    clean = [np.roll(block, k, axis=1).ravel() for k in range(8)]
    found = discover_symmetry(
        noisy(random, clean, np.arange(8)), acted({"cyclic": 8}, "points"), draws=0
    )
    assert found.action.images["shift"].images.tolist() == [1, 2, 3, 4, 5, 6, 7, 0]


def test_signs_of_the_input():
    """Vectors of the plane under its eight signed permutations."""
    clean = [(a * s, b * t) for a, b in ((2, 1), (1, 2)) for s in (1, -1) for t in (1, -1)]
    acting = acted({"hyperoctahedral": 2}, "axes")
    found = discover_symmetry(np.array(clean, dtype=float), acting, threshold=0.9, draws=0)
    assert [family.expected for family in found.families] == [8]
    assert found.complete and found.action.homomorphism and found.violations == 0


def test_matrices_of_the_input():
    """Turns by sixths, as real matrices: six members, one of them missing."""
    turn = {"a": [["1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "1/2"]]}
    acting = acted({"generators": ["a"]}, {"matrices": turn})
    angles = np.pi / 3 * np.arange(5) + 0.3
    weight = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    found = discover_symmetry(weight, acting, threshold=0.9, draws=0)
    (family,) = found.families
    assert family.expected == 6 and len(family.holes) == 1
    assert acting.elements[family.orbit.representatives[family.holes[0]]].name == "a^5"
    partners = found.turns[acting.generators["a"] - 1].partners
    assert {i: p.channel for i, p in partners.items()} == {0: 1, 1: 2, 2: 3, 3: 4}


@pytest.mark.parametrize("missing", [0, 1])
def test_a_group_too_large_to_list(missing):
    """DeepSets' map under S_7: its rows are permuted as the points are."""
    random = np.random.default_rng(0)
    clean = 5 * np.eye(7) - 1
    order = random.permutation(7)[: 7 - missing]
    found = discover_symmetry(
        noisy(random, clean, order), acted({"symmetric": 7}, "points"), draws=3
    )
    (family,) = found.families
    assert family.channels == tuple(range(7 - missing))
    if missing:
        assert family.open > 0 and found.action is None
        return
    place = np.argsort(order)
    swap = np.arange(7)
    swap[[0, 1]] = 1, 0
    images = {name: image.images.tolist() for name, image in found.action.images.items()}
    assert images["swap"] == place[swap[order]].tolist()
    assert images["shift"] == place[(order + 1) % 7].tolist()
    assert found.action.homomorphism


def test_what_is_no_homomorphism_is_told():
    acting = acting_by(SetAction(cyclic(4), "points"))
    fourth, third = SignedPermutation.of([1, 2, 3, 0]), SignedPermutation.of([1, 2, 0])
    assert is_homomorphism([fourth], acting)
    assert is_homomorphism([SignedPermutation.of([1, 0])], acting)
    assert is_homomorphism([SignedPermutation.of([0, 1], [-1, 1])], acting)
    assert is_homomorphism([SignedPermutation.of([1, 0], [-1, 1])], acting)
    assert not is_homomorphism([third], acting)
    assert not is_homomorphism([SignedPermutation.of([1, 2, 0], [-1, 1, 1])], acting)


@pytest.mark.parametrize("signs", [False, True])
def test_the_action_found_is_a_spec_that_the_layer_obeys(signs):
    """Solved, its maps are as far from the layer as the noise is, and as many as kernels allow."""
    random = np.random.default_rng(1)
    fixed = [("1",), ("1", "mirror |")]
    planted = Planted(random, fixed, (1, 3, 3), noise=0.05, signs=signs)
    found = discover_symmetry(planted.weight, kernel_symmetry([3, 3]), signs=signs, draws=0)
    assert found.action.signed == signs
    space = intertwine.solve(YAML(typ="safe").load(found.spec))
    weight = planted.weight.reshape(len(planted.weight), 9)
    lost = np.linalg.norm(weight - space.project(weight)) / np.linalg.norm(weight)
    assert lost < 0.06
    # Hom from the kernels to an orbit G/H: kernels that H fixes, 9 and the 6 that mirror | fixes.
    assert space.dimension == 9 + 6


def test_a_channel_whose_family_another_one_spoilt_finds_its_own():
    """A pentagon, and three vectors turned away from it, a fifth of a turn from each other."""
    angles = np.array([0, 1, 2, 3, 4]) * 2 * np.pi / 5
    tilted = angles[:3] + 0.3
    weight = np.stack([np.cos([*angles, *tilted]), np.sin([*angles, *tilted])], axis=1)
    found = discover_symmetry(weight, acted({"dihedral": 5}, "vector"), draws=0)
    families = {frozenset(family.channels): family.expected for family in found.families}
    assert families == {frozenset(range(5)): 5, frozenset({5, 6, 7}): 10}
