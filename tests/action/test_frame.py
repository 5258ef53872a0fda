"""Frames: orbits of the basis, which generators permute as their matrices move the vectors."""

import numpy as np
import pytest

from intertwine.action.frame import frame_of
from intertwine.action.irreps import irrep
from intertwine.action.matrices import Framed
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS, Modulus
from intertwine.errors import SpecError
from intertwine.group.named import hyperoctahedral, symmetric
from tests.action.test_matrices import ACTIONS, HALVES, Q8, SKEW, elements

FRAMES = {name: action.frame for name, action in ACTIONS.items() if isinstance(action, Framed)}


@pytest.mark.parametrize("name", FRAMES)
def test_the_generators_move_the_vectors_as_they_say(name):
    frame = FRAMES[name]
    for scalars in (REALS, Modulus.suiting(frame.matrices)):
        vectors = frame.vectors(scalars)
        assert np.array_equal(vectors[: frame.dimension], np.eye(frame.dimension))
        for matrix, move in zip(frame.matrices, frame.moves, strict=True):
            moved = scalars.product(vectors, scalars.of(matrix).T)
            assert np.allclose(moved, vectors[move.images], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", FRAMES)
def test_the_vectors_are_the_columns_of_all_elements(name):
    """The orbit by multiplying matrices in floats, without residues."""
    frame = FRAMES[name]
    group = elements([matrix.real() for matrix in frame.matrices])
    columns = {tuple((np.round(c, 6) + 0.0).tolist()) for element in group for c in element.T}
    vectors = [tuple((np.round(v, 6) + 0.0).tolist()) for v in frame.vectors(REALS)]
    assert len(set(vectors)) == frame.size
    assert set(vectors) == columns


@pytest.mark.parametrize("name", FRAMES)
def test_every_vector_has_its_parent_and_level(name):
    frame = FRAMES[name]
    for v in range(frame.dimension, frame.size):
        assert frame.moves[frame.edge[v]].images[frame.parent[v]] == v
        assert frame.parent[v] < v
    assert sorted(np.concatenate(frame.levels).tolist()) == list(range(frame.size))


@pytest.mark.parametrize(
    ("matrices", "size"),
    [
        ([[[-1]]], 2),  # +-1
        ([[[0, -1], [1, 0]]], 4),  # the square's corners
        ([[["cos(2*pi/7)", "-sin(2*pi/7)"], ["sin(2*pi/7)", "cos(2*pi/7)"]]], 14),  # 2 x 7
        ([[["1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "1/2"]]], 12),  # two hexagons
        ([[[0, 1, 0], [0, 0, 1], [1, 0, 0]], [[-1, 0, 0], [0, 1, 0], [0, 0, 1]]], 6),  # B_3
    ],
)
def test_frames_are_the_orbits_of_geometry(matrices, size):
    exact = [ExactMatrix.parsed(matrix) for matrix in matrices]
    assert frame_of(exact, "ab"[: len(exact)]).size == size


def test_polytabloids_and_signed_axes():
    """The standard module of S_n, on polytabloids, has all n (n - 1) roots e_i - e_j of A_(n-1)."""
    assert [irrep(symmetric(n), [n - 1, 1]).frame.size for n in (3, 4, 5)] == [6, 12, 20]
    axes = hyperoctahedral(4).sets["axes"].images
    matrices = []
    for image in axes:
        table = np.zeros((4, 4), dtype=np.int64)
        table[image.images, range(4)] = 1 if image.signs is None else image.signs
        matrices.append(ExactMatrix.integral(table))
    assert frame_of(matrices, "abc").size == 8


def test_denominators_clear_the_vectors_and_no_less_does():
    for frame, denominator in ((Q8.frame, 1), (HALVES.frame, 3), (SKEW.frame, 1)):
        assert frame.denominator == denominator
    vectors = HALVES.frame.vectors(REALS) * 3
    assert np.array_equal(np.rint(vectors), vectors.round(9))


def test_a_prime_at_which_the_group_looks_finite_proves_nothing():
    """1 + p, p the prime taken, is 1 modulo p; only exact vectors tell."""
    prime = Modulus.suiting([ExactMatrix.integral([[1]])]).prime
    for rows in ([[1, prime], [0, 1]], [[1 + prime]]):
        with pytest.raises(SpecError, match="no finite order"):
            frame_of([ExactMatrix.integral(rows)], ["a"])
