"""Irreducible representations against the literature, and as representations exactly."""

from functools import reduce
from itertools import pairwise
from math import factorial

import numpy as np
import pytest

from intertwine.action.action import Trivial
from intertwine.action.irreps import MOST_DIMENSION, MOST_POINTS, hook_length, irrep, irreps
from intertwine.action.order import joint_order
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS
from intertwine.errors import SpecError, TooLargeError
from intertwine.group.named import alternating, cyclic, dihedral, hyperoctahedral, symmetric
from intertwine.group.polyhedron import polyhedron

# Dimensions by partition: James and Kerber, The Representation Theory of the Symmetric Group, I.A.
DIMENSIONS = {
    5: {(5,): 1, (4, 1): 4, (3, 2): 5, (3, 1, 1): 6, (2, 2, 1): 5, (2, 1, 1, 1): 4, (1,) * 5: 1},
    6: {
        (6,): 1,
        (5, 1): 5,
        (4, 2): 9,
        (4, 1, 1): 10,
        (3, 3): 5,
        (3, 2, 1): 16,
        (3, 1, 1, 1): 10,
        (2, 2, 2): 5,
        (2, 2, 1, 1): 9,
        (2, 1, 1, 1, 1): 5,
        (1,) * 6: 1,
    },
}
# Characters on the classes of cycle types: the same book.
CLASSES = {
    4: [(), ((0, 1),), ((0, 1), (2, 3)), ((0, 1, 2),), ((0, 1, 2, 3),)],
    5: [
        (),
        ((0, 1),),
        ((0, 1), (2, 3)),
        ((0, 1, 2),),
        ((0, 1, 2), (3, 4)),
        ((0, 1, 2, 3),),
        ((0, 1, 2, 3, 4),),
    ],
}
CHARACTERS = {
    4: {
        (4,): [1, 1, 1, 1, 1],
        (3, 1): [3, 1, -1, 0, -1],
        (2, 2): [2, 0, 2, -1, 0],
        (2, 1, 1): [3, -1, -1, 0, 1],
        (1, 1, 1, 1): [1, -1, 1, 1, -1],
    },
    5: {
        (5,): [1, 1, 1, 1, 1, 1, 1],
        (4, 1): [4, 2, 0, 1, -1, 0, -1],
        (3, 2): [5, 1, 1, -1, 1, -1, 0],
        (3, 1, 1): [6, 0, -2, 0, 0, 0, 1],
        (2, 2, 1): [5, -1, 1, -1, -1, 1, 0],
        (2, 1, 1, 1): [4, -2, 0, 1, 1, 0, -1],
        (1, 1, 1, 1, 1): [1, -1, 1, 1, -1, -1, 1],
    },
}


def identity(size):
    return ExactMatrix.integral(np.eye(size, dtype=int))


def product(size, matrices):
    return reduce(ExactMatrix.__mul__, matrices) if matrices else identity(size)


def trace(matrix):
    values = [matrix.rows[k][k] for k in range(matrix.dimension)]
    return sum(values[1:], values[0])


def elements(group):
    """Every element of a small group, as a word in the generators that makes it."""
    images = [g.images.tolist() for g in group.sets["points"].images]
    start = tuple(range(len(images[0])))
    words, queue = {start: ()}, [start]
    for point in queue:
        for number, image in enumerate(images):
            moved = tuple(image[x] for x in point)
            if moved not in words:
                words[moved] = (number, *words[point])
                queue.append(moved)
    return words


def permutation(n, cycles):
    image = list(range(n))
    for cycle in cycles:
        for here, there in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            image[here] = there
    return tuple(image)


@pytest.mark.parametrize("n", DIMENSIONS)
def test_dimensions_of_symmetric_groups(n):
    group = symmetric(n)
    found = {label: irrep(group, label).dimension for label in irreps(group)}
    assert found == DIMENSIONS[n]
    assert list(found) == list(DIMENSIONS[n])


@pytest.mark.parametrize("n", range(1, 12))
def test_sum_of_squares_of_hook_lengths(n):
    labels = list(irreps(symmetric(n)))
    assert len(labels) == len(set(labels)) == [1, 2, 3, 5, 7, 11, 15, 22, 30, 42, 56][n - 1]
    assert sum(hook_length(label) ** 2 for label in labels) == factorial(n)


@pytest.mark.parametrize("n", CHARACTERS)
def test_characters_of_symmetric_groups(n):
    group = symmetric(n)
    words = elements(group)
    assert set(irreps(group)) == set(CHARACTERS[n])
    for label, expected in CHARACTERS[n].items():
        action = irrep(group, label)
        found = []
        for cycles in CLASSES[n]:
            word = words[permutation(n, cycles)]
            matrix = product(action.dimension, [action.listed[g] for g in word])
            found.append(int(trace(matrix)(0)))
        assert found == expected


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_coxeter_relations_of_symmetric_groups(n):
    group = symmetric(n)
    for label in irreps(group):
        action = irrep(group, label)
        assert all(matrix.rational for matrix in action.listed)
        size, (swap, *rest) = action.dimension, action.listed
        shift = rest[0] if rest else swap
        backwards = product(size, [shift] * (n - 1))
        steps = [swap]
        for _ in range(n - 2):
            steps.append(shift * steps[-1] * backwards)
        one = identity(size)
        assert product(size, steps) == shift
        assert all(step * step == one for step in steps)
        assert all(product(size, [a, b] * 3) == one for a, b in pairwise(steps))
        for i, a in enumerate(steps):
            assert all(a * b == b * a for b in steps[i + 2 :])


@pytest.mark.parametrize("label", [(3, 2), (2, 2, 1), (1, 1, 1, 1, 1)])
def test_integers_and_order(label):
    action = irrep(symmetric(5), label)
    assert action.denominator == 1
    assert joint_order(action.group, [action]) == 120


def test_frames_are_the_polytabloids():
    sizes = {(4, 1): 20, (3, 2): 30, (2, 2, 1): 20, (5,): 1, (1,) * 5: 2, (3, 1, 1): 20}
    found = {label: irrep(symmetric(5), label).frame.size for label in sizes}
    assert found == sizes


def test_few_generators():
    assert isinstance(irrep(symmetric(1), [1]), Trivial)
    assert isinstance(irrep(cyclic(1), 0), Trivial)
    assert irrep(symmetric(2), [2]).listed == (ExactMatrix.integral([[1]]),)
    assert irrep(symmetric(2), [1, 1]).listed == (ExactMatrix.integral([[-1]]),)
    assert irrep(cyclic(2), 1).listed == (ExactMatrix.integral([[-1]]),)


@pytest.mark.parametrize("n", range(1, 13))
def test_cyclic_groups(n):
    group = cyclic(n)
    actions = [irrep(group, k) for k in irreps(group)]
    assert len(actions) == n // 2 + 1
    assert sum(action.dimension for action in actions) == n
    for k, action in enumerate(actions):
        if n > 1:
            (turn,) = action.listed
            assert product(turn.dimension, [turn] * n) == identity(turn.dimension)
            angle = 2 * np.pi * k / n
            expected = np.cos(angle) * turn.dimension
            assert np.isclose(turn.field.real(trace(turn)), expected)
            assert irrep(group, k - n).listed == irrep(group, k + 5 * n).listed == (turn,)


@pytest.mark.parametrize("n", range(3, 13))
def test_dihedral_groups(n):
    group = dihedral(n)
    actions = [irrep(group, label) for label in irreps(group)]
    assert len(actions) == ((n + 3) // 2 if n % 2 else (n + 6) // 2)
    assert sum(action.dimension**2 for action in actions) == 2 * n
    seen = set()
    for action in actions:
        rotation, reflection = action.listed
        one = identity(action.dimension)
        assert product(action.dimension, [rotation] * n) == one
        assert product(action.dimension, [reflection] * 2) == one
        assert product(action.dimension, [reflection, rotation] * 2) == one
        seen.add((str(trace(rotation)), str(trace(reflection))))
        assert joint_order(group, [action]) == 2 * n
    assert len(seen) == len(actions)


def test_words_of_dihedral_groups():
    values = {
        word: tuple(int(m.real()[0, 0]) for m in irrep(dihedral(4), word).listed)
        for word in irreps(dihedral(4))
        if isinstance(word, str)
    }
    assert values == {
        "trivial": (1, 1),
        "sign": (1, -1),
        "alternating": (-1, 1),
        "alternating_sign": (-1, -1),
    }


def test_every_element_of_s4_is_a_homomorphism():
    group = symmetric(4)
    words = elements(group)
    for label in irreps(group):
        action = irrep(group, label)
        matrices = {
            p: product(action.dimension, [action.listed[g] for g in word])
            for p, word in words.items()
        }
        for p, first in matrices.items():
            for q in list(matrices)[::5]:
                both = tuple(p[x] for x in q)
                assert first * matrices[q] == matrices[both]


def test_frame_moves_are_the_matrices():
    action = irrep(symmetric(6), [3, 2, 1])
    table = action.frame.vectors(REALS)
    for matrix, move in zip(action.listed, action.frame.moves, strict=True):
        assert np.array_equal(table @ matrix.real().T, table[move.images])


BAD = [
    (symmetric(4), [3, 2], "a partition of 4"),
    (symmetric(4), [1, 3], "a partition of 4"),
    (symmetric(4), [4, 0], "a partition of 4"),
    (symmetric(4), [5, -1], "a partition of 4"),
    (symmetric(4), [], "a partition of 4"),
    (symmetric(4), 4, "a partition of 4"),
    (symmetric(4), "31", "a partition of 4"),
    (symmetric(4), [3.0, 1], "a partition of 4"),
    (symmetric(4), [3, True], "a partition of 4"),
    (symmetric(4), [[3], 1], "a partition of 4"),
    (symmetric(4), None, "a partition of 4"),
    (symmetric(1), [], "a partition of 1"),
    (cyclic(5), "one", "a whole number"),
    (cyclic(5), [1], "a whole number"),
    (cyclic(5), True, "a whole number"),
    (cyclic(1), 0.5, "a whole number"),
    (dihedral(5), 3, "from 1 to 2, or trivial or sign;"),
    (dihedral(5), 0, "from 1 to 2"),
    (dihedral(5), "alternating", "from 1 to 2"),
    (dihedral(6), 3, "trivial or sign or alternating or alternating_sign"),
    (dihedral(6), None, "from 1 to 2"),
    (alternating(5), [3, 2], "a symmetric group (label: a partition)"),
    (hyperoctahedral(3), [[2], [1]], "`matrices`"),
    (polyhedron("cube"), 1, "`matrices`"),
]


@pytest.mark.parametrize(("group", "label", "message"), BAD, ids=[f"{g} {b!r}" for g, b, _ in BAD])
def test_bad_labels(group, label, message):
    with pytest.raises(SpecError) as caught:
        irrep(group, label)
    assert message in str(caught.value)


def test_no_labels_of_other_groups():
    with pytest.raises(SpecError):
        irreps(alternating(4))


@pytest.mark.parametrize(
    ("group", "label"),
    [
        (symmetric(10), [4, 3, 2, 1]),
        (symmetric(20), [18, 2]),
        (symmetric(60), [2] * 30),
        (symmetric(10**9), [10**9 - 1, 1]),
        (cyclic(1009), 1),
        (dihedral(10**20), 1),
    ],
)
def test_too_large(group, label):
    with pytest.raises(TooLargeError):
        irrep(group, label)


def test_small_ones_of_large_groups():
    assert hook_length((MOST_POINTS - 1, 1)) == MOST_POINTS - 1 <= MOST_DIMENSION
    assert irrep(symmetric(20), [1] * 20).dimension == 1
    assert irrep(symmetric(12), [11, 1]).dimension == irrep(symmetric(12), [2, *[1] * 10]).dimension
    assert irrep(cyclic(10**12), 10**12 // 4).dimension == 2
