"""Elements move kernels as NumPy turns and flips arrays, and as functions of the input move."""

import numpy as np
import pytest

from intertwine.action.action import SetAction
from intertwine.discover.acting import acting_by
from intertwine.discover.kernel import kernel_symmetry
from intertwine.errors import SpecError
from intertwine.group.named import cyclic, dihedral, symmetric
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from tests.discover.planted import REVERSAL, TURNS

HALF = ("1", "turn 180°", "mirror |", "mirror -")


@pytest.mark.parametrize(
    ("shape", "moves"),
    [
        ((2, 2), TURNS),
        ((3, 3), TURNS),
        ((4, 4), TURNS),
        ((5, 5), TURNS),
        ((3, 5), {name: TURNS[name] for name in HALF}),
        ((4, 2), {name: TURNS[name] for name in HALF}),
        ((2,), REVERSAL),
        ((5,), REVERSAL),
    ],
)
def test_a_kernel_is_turned_and_mirrored(shape, moves):
    kernel = np.random.default_rng(0).standard_normal((2, 3, *shape))
    acting = kernel_symmetry(shape)
    assert [element.name for element in acting.elements] == list(moves)
    for element in acting.elements:
        moved = element(kernel.reshape(2, 3, -1)).reshape(kernel.shape)
        assert np.array_equal(moved, moves[element.name](kernel))


def test_a_row_of_pixels_has_one_reversal():
    acting = kernel_symmetry([1, 4])
    assert [element.name for element in acting.elements] == ["1", "turn 180°"]
    assert acting.elements[1](np.arange(4.0)).tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize("shape", [(), (1, 1), (1,), (2, 2, 2)])
def test_other_kernels_are_refused(shape):
    with pytest.raises(SpecError, match="--spec"):
        kernel_symmetry(shape)


def test_turns_of_a_kernel_that_is_not_square_are_refused():
    for shape in ([3, 5], [5]):
        with pytest.raises(SpecError, match="a square kernel"):
            kernel_symmetry(shape, mirrors=False)
    assert len(kernel_symmetry([3, 5], turns=False).elements) == 4


def acted(group, action):
    spec = {"name": "case", "group": group, "input": action, "output": "trivial"}
    return acting_by(build_actions(load_spec(spec)).source)


QUARTER = [[0, -1], [1, 0]]
# An element of order 3 that is no orthogonal matrix.
SLANTED = [[0, -1], [1, -1]]
CASES = {
    "permutations": (
        ({"dihedral": 5}, "points"),
        {"rotation": np.roll(np.eye(5), 1, axis=0), "reflection": None},
    ),
    "signs": (({"hyperoctahedral": 2}, "axes"), {}),
    "matrices": (
        ({"generators": ["a"]}, {"matrices": {"a": QUARTER}}),
        {"a": np.array(QUARTER)},
    ),
    "slanted": (
        ({"generators": ["a"]}, {"matrices": {"a": SLANTED}}),
        {"a": np.array(SLANTED)},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_kernels_move_as_functions_of_the_input(case):
    """(g w)(g x) = w(x), for the matrices that the test itself knows, and products multiply."""
    given, matrices = CASES[case]
    acting = acted(*given)
    random = np.random.default_rng(0)
    kernel, x = random.standard_normal((2, acting.degree))
    for name, matrix in matrices.items():
        if matrix is not None:
            moved = acting.elements[acting.generators[name]](kernel)
            assert moved @ (matrix @ x) == pytest.approx(kernel @ x)
    for a, first in enumerate(acting.elements):
        for b, second in enumerate(acting.elements):
            product = acting.elements[acting.table[a, b]](kernel)
            assert np.allclose(first(second(kernel)), product)


def test_how_many_elements():
    orders = {"permutations": 10, "signs": 8, "matrices": 4, "slanted": 3}
    for case, order in orders.items():
        assert len(acted(*CASES[case][0]).elements) == order


def test_elements_that_act_alike_are_one():
    """C_6 on three points, as a quotient."""
    action = {"permutations": {"shift": [1, 2, 0]}}
    assert len(acted({"cyclic": 6}, action).elements) == 3


def test_a_large_group_has_its_generators_only():
    acting = acting_by(SetAction(symmetric(6), "points"))
    assert not acting.listed and len(acting.elements) == 3
    kernel = np.arange(6.0)
    swap, shift = (acting.elements[k] for k in acting.generators.values())
    assert swap(kernel).tolist() == [1, 0, 2, 3, 4, 5]
    assert shift(kernel).tolist() == [5, 0, 1, 2, 3, 4]
    assert str(acting) == "S_6 on R^6, by its generators"


def test_words_are_shortest_and_name_the_product():
    acting = acting_by(SetAction(dihedral(4), "points"))
    kernel = np.random.default_rng(0).standard_normal(4)
    for element in acting.elements[1:]:
        moved = kernel
        for factor in reversed(element.name.split()):
            name, _, power = factor.partition("^")
            for _ in range(int(power or 1)):
                moved = acting.elements[acting.generators[name]](moved)
        assert np.array_equal(moved, element(kernel))
    lengths = [len(e.name.split()) for e in acting_by(SetAction(cyclic(5), "points")).elements]
    assert lengths == [1] * 5
