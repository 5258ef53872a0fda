"""Drawings: sides, motions, elements, and what is refused."""

import numpy as np
import pytest

from intertwine.errors import TooLargeError
from intertwine.pipeline import solve
from intertwine.show.drawing import drawing_of
from tests.solved import solved

NAMES = ["ammonia", "chsh", "emlp_readme", "maron_2_2", "methane_dipole", "weight_space"]


@pytest.mark.parametrize("name", NAMES)
def test_parts_tile_their_side(name):
    drawing = drawing_of(solved(name))
    for side, size in (
        (drawing.rows, drawing.basis.rows),
        (drawing.columns, drawing.basis.columns),
    ):
        points = [point for part in side.parts for point in range(part.start, part.stop)]
        assert points == [*range(size)]
        assert all(side.part(point).start <= point < side.part(point).stop for point in points)
        names = [side.point(point) for point in points]
        assert len(set(names)) == size


def test_points_are_named_by_their_part_and_their_index():
    drawing = drawing_of(solved("weight_space"))
    assert [drawing.rows.point(p) for p in (0, 3, 6, 16)] == [
        "weight_1 (0, 0)", "weight_1 (1, 1)", "bias_1 0", "bias_2 1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["chsh", "cross_product", "even_odd", "maron_2_2", "methane_dipole", "weight_space"]
)
def test_generators_move_every_entry_to_one_of_its_tile(name):
    drawing = drawing_of(solved(name))
    assert drawing.permutes
    codes = drawing.weight.codes.astype(int)
    for motion in drawing.motions:
        (p, s), (q, t) = (
            (m.images, np.ones(len(m.images), int) if m.signs is None else m.signs)
            for m in (motion.rows, motion.columns)
        )
        for row, column in np.ndindex(codes.shape):
            sign = int(s[row]) * int(t[column])
            assert codes[p[row], q[column]] == sign * codes[row, column]


def test_a_generator_that_acts_by_a_matrix_moves_nothing_in_the_picture():
    drawing = drawing_of(solved("ammonia"))
    assert not drawing.permutes
    assert len(drawing.motions) == len(solved("ammonia").problem.group.generators)


@pytest.mark.parametrize("name", ["chsh", "maron_2_2", "methane_dipole"])
def test_elements_are_the_signs_of_their_tiles(name):
    drawing = drawing_of(solved(name))
    codes = drawing.weight.codes.astype(int)
    for number in range(drawing.dimension):
        expected = [[np.sign(c) * (abs(c) == number + 1) for c in row] for row in codes.tolist()]
        np.testing.assert_array_equal(drawing.element(number), expected)


def ring(**layer):
    """A layer on a ring of eight points."""
    spec = {"name": "ring", "group": {"cyclic": 8}, "input": "points", "output": "points"}
    return drawing_of(solve(spec | {"layer": layer}))


def test_a_support_is_seen():
    """Of a ring of eight the offsets -1, 0 and 1 are left."""
    drawing = ring(support={"radius": 1})
    codes = drawing.weight.codes
    assert drawing.dimension == drawing.weight.count == 3
    for row, column in np.ndindex(codes.shape):
        assert (codes[row, column] == 0) == ((column - row + 1) % 8 > 2)


def test_the_ends_of_a_line_are_seen():
    """The same on a line: the two corners where a ring closes are empty."""
    codes = ring(support={"radius": 1}, boundary="zeros").weight.codes
    for row, column in np.ndindex(codes.shape):
        assert (codes[row, column] == 0) == (abs(column - row) > 1)


def test_a_picture_of_too_many_entries_is_refused_before_it_is_made():
    spec = {
        "name": "large",
        "group": {"symmetric": 50},
        "input": {"power": ["points", 2]},
        "output": {"power": ["points", 2]},
    }
    with pytest.raises(TooLargeError, match="2500 x 2500"):
        drawing_of(solve(spec))
