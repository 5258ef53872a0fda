"""Permutations read off functions, held against the functions themselves on other arrays."""

from math import prod

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import intertwine
from intertwine.action.derive import permutation_from
from intertwine.errors import SpecError, TooLargeError
from intertwine.limits import limited_to


def over(function, **options):
    return lambda x: function(x, **options)


def knight(x):
    """Row r goes to row r + 1 and column c to column c + 2, in a Python loop."""
    moved = np.empty_like(x)
    for (r, c), value in np.ndenumerate(x):
        moved[(r + 1) % x.shape[0], (c + 2) % x.shape[1]] = value
    return moved


NUMPY = {
    "flip": (np.flip, (5,)),
    "flip of all axes": (np.flip, (2, 3, 4)),
    "flip of one axis": (over(np.flip, axis=1), (2, 3, 4)),
    "rot90": (np.rot90, (4, 4)),
    "rot90 twice of an oblong": (over(np.rot90, k=2), (2, 3)),
    "rot90 three times": (over(np.rot90, k=3), (5, 5)),
    "roll": (over(np.roll, shift=2), (7,)),
    "roll on a torus": (over(np.roll, shift=(1, 2), axis=(0, 1)), (3, 4)),
    "transpose": (np.transpose, (5, 5)),
    "fftshift": (np.fft.fftshift, (5, 4)),
    "method": (lambda x: x.T.reshape(2, 3), (2, 3)),
    "loop": (knight, (3, 5)),
    "nested lists": (lambda x: x[::-1].tolist(), (3, 2)),
    "matrix of a permutation": (lambda x: np.eye(3, dtype=int)[[2, 0, 1]] @ x, (3,)),
    "identity": (lambda x: x, (2, 2)),
    "nothing": (np.flip, (0,)),
    "a number": (lambda x: x, ()),
    "whole floats": (lambda x: x[::-1] * 1.0, (4,)),
    "no floats": (lambda x: [], (0,)),
    "objects": (lambda x: np.roll(x, 1).astype(object), (2, 3)),
    "objects of several types": (lambda x: [float(x[1]), int(x[0]), x[2]], (3,)),
    "unsigned and narrow": (lambda x: x[::-1].astype(np.uint8), (4,)),
    "one axis by its length": (np.flip, 3),
    "one axis by NumPy's length": (np.flip, np.int64(4)),
    "a shape in an array": (np.flip, np.array([2, 3])),
}
TORCH = {
    "rot90": (torch.rot90, (3, 3)),
    "rot90 twice of an oblong": (lambda x: torch.rot90(x, 2), (2, 3)),
    "rot90 in other axes": (lambda x: torch.rot90(x, 1, (1, 2)), (2, 3, 3)),
    "flip": (lambda x: torch.flip(x, (0,)), (4, 2)),
    "roll": (lambda x: torch.roll(x, 3), (8,)),
    "transpose": (torch.t, (4, 4)),
    "method of tensors alone": (lambda x: x.permute(2, 0, 1), (3, 3, 3)),
    "whole floats": (lambda x: x.roll(1, 0).double(), (5,)),
    "shuffle": (lambda x: torch.nn.functional.pixel_shuffle(x, 2).view(4, 2, 3), (4, 2, 3)),
}


def check(images, before, after):
    """The value at point i is found where i goes: `(g x)[p[i]] = x[i]`."""
    assert images.dtype == np.intp and sorted(images.tolist()) == list(range(before.size))
    for point, image in enumerate(images.tolist()):
        assert after.ravel()[image] == before.ravel()[point]


@pytest.mark.parametrize("name", NUMPY)
def test_a_function_of_numpy_acts_as_its_permutation(name):
    function, shape = NUMPY[name]
    given = np.random.default_rng(0).permutation(100)[: np.prod(shape, dtype=int)].reshape(shape)
    check(permutation_from(function, shape), given, np.asarray(function(given)))


@pytest.mark.parametrize("name", TORCH)
def test_a_function_of_torch_acts_as_its_permutation(name):
    function, shape = TORCH[name]
    given = np.random.default_rng(1).integers(0, 10**9, size=shape)
    check(permutation_from(function, shape), given, function(torch.from_numpy(given)).numpy())


@given(st.permutations(range(6)))
def test_fancy_indexing_pulls_so_its_permutation_is_the_inverse(order):
    images = permutation_from(lambda x: x[list(order)], (6,))
    assert [order[image] for image in images] == list(range(6))


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_functions_compose_as_their_permutations(first, second):
    def g(x):
        return x.ravel()[list(first)].reshape(x.shape)

    def h(x):
        return x.ravel()[list(second)].reshape(x.shape)

    p, q, both = (permutation_from(f, (2, 3)) for f in (g, h, lambda x: g(h(x))))
    assert both.tolist() == p[q].tolist()


def test_known_rotations_come_out_by_hand():
    """A quarter turn carries the right column to the top row: 0 1 / 2 3 becomes 1 3 / 0 2."""
    for turn in (np.rot90, torch.rot90):
        assert permutation_from(turn, (2, 2)).tolist() == [2, 0, 3, 1]
    assert permutation_from(np.transpose, (2, 2)).tolist() == [0, 2, 1, 3]
    assert permutation_from(over(np.roll, shift=1), [4]).tolist() == [1, 2, 3, 0]
    assert intertwine.permutation_from is permutation_from


def test_the_images_make_the_group_they_come_from():
    """A quarter turn and a mirror of the square's pixels: D_4, and 3 orbits on the 3 x 3 pixels."""
    generators = {
        "turn": permutation_from(np.rot90, (3, 3)),
        "mirror": permutation_from(np.fliplr, (3, 3)),
    }
    spec = {"name": "photo", "group": {"generators": generators}, "input": "points"}
    space = intertwine.solve({**spec, "output": "trivial"})
    assert space.source.group.order == 8 and space.dimension == 3


def changing(x):
    """Exchanges two entries in place before NumPy's array is found to have no method `roll`."""
    x[[0, 1]] = x[[1, 0]]
    return x.roll(1, 0)


def test_each_attempt_has_an_array_of_its_own():
    assert permutation_from(changing, (4,)).tolist() == [2, 1, 3, 0]


def test_a_function_may_work_in_place():
    def reverse(x):
        x[:] = x[::-1].copy()
        return x

    assert permutation_from(reverse, (3,)).tolist() == [2, 1, 0]


def test_a_turn_of_an_oblong_follows_the_advice():
    """A quarter turn whose entries are read into the shape before it."""
    with pytest.raises(SpecError, match="reshape what it returns to the shape before"):
        permutation_from(np.rot90, (2, 3))
    images = permutation_from(lambda x: np.rot90(x).reshape(2, 3), (2, 3))
    check(images, np.arange(6).reshape(2, 3), np.rot90(np.arange(6).reshape(2, 3)).reshape(2, 3))
    group = {"generators": {"turn": permutation_from(np.rot90, (6, 6))}}
    space = intertwine.solve({"name": "a", "group": group, "input": "points", "output": "trivial"})
    assert space.source.group.order == 4 and space.dimension == 9, "36 pixels in orbits of four"


def twice(x, y):
    return x + y


def looking_up(x):
    return x[{}["a place"]]


def failing(x):
    raise ValueError("no such \x1b[2J thing")


@pytest.mark.parametrize(
    ("function", "shape", "said"),
    [
        (lambda x: x[:-1], (3,), r"turns 3 indices into \[0, 1\]"),
        (lambda x: np.tile(x, 2), (2,), r"turns 2 indices into \[0, 1, 0, 1\]"),
        (lambda x: x * 0, (3,), r"into \[0, 0, 0\].*only moves entries"),
        (np.negative, (3,), r"negative, which turns .*array of shape \(3,\)"),
        (lambda x: x + 1, (2, 2), r"into \[1, 2, 3, 4\]"),
        (np.sum, (4,), r"sum, which turns 4 indices into \[6\]"),
        (lambda x: x / 2, (3,), r"only moves entries"),
        (lambda x: None, (2,), r"\[None\]"),
        (lambda x: x.astype(str), (2,), "only moves entries"),
        (lambda x: x * 0.5, (3,), r"into \[0\.0, 0\.5, 1\.0\]"),
        (lambda x: x * np.nan, (2,), r"into \[nan, nan\]"),
        (lambda x: x - np.inf, (2,), "only moves entries"),
        (lambda x: x * 1j, (2,), "only moves entries"),
        (lambda x: x.astype(bool), (2,), r"into \[False, True\]"),
        (lambda x: x > 0, (2,), r"into \[False, True\]"),
        (lambda x: [True, False], (2,), r"into \[True, False\]"),
        (lambda x: np.array([True, 0], dtype=object), (2,), r"into \[True, 0\]"),
        (lambda x: np.array([None, 0], dtype=object), (2,), r"into \[None, 0\]"),
        (lambda x: np.array([10**30, 0], dtype=object), (2,), "turns 2 indices into"),
        (lambda x: x - 1, (2,), r"into \[-1, 0\]"),
        (lambda x: [[0, 1], [2]], (3,), "returns a list that is no array.*NumPy says"),
        (looking_up, (3,), "looking_up, which fails.*KeyError: 'a place'"),
        (lambda x: 1 // 0, (3,), "ZeroDivisionError"),
        (3, (3,), "TypeError: 'int' object is not callable"),
        (np.flip, -1, "the shape -1; expected the lengths of the axes"),
        (np.flip, (-2, -3), r"the shape \(-2, -3\)"),
        (np.flip, (2, 1.5), r"the shape \(2, 1\.5\)"),
        (np.flip, "34", "the shape 34"),
        (np.flip, None, "the shape None"),
        (np.flip, (0, 2**70), "lengths of the axes"),
        (np.flip, (1,) * 70, "which fails on an index array"),
        (twice, (3,), "twice, which fails on an index array.*function of one array.*missing"),
        (failing, (3,), r"failing, which fails.*no such \\x1b\[2J thing"),
        (np.rot90, (3,), "rot90, which fails"),
        (torch.rot90, (3,), "rot90, which fails"),
        (lambda x: x.no_such_method(), (3,), "no_such_method"),
        (over(np.flip, axis=4), (3,), "which fails"),
        (
            np.rot90,
            (6, 7),
            r"rot90, which turns an array of shape \(6, 7\) into one of shape \(7, 6\)",
        ),
        (
            torch.rot90,
            (6, 7),
            r"into one of shape \(7, 6\); expected a function that keeps the shape",
        ),
        (np.transpose, (2, 3), r"into one of shape \(3, 2\)"),
        (np.ravel, (2, 3), r"into one of shape \(6,\).* or reshape what it returns"),
        (lambda x: x[None], 3, r"into one of shape \(1, 3\)"),
    ],
)
def test_what_does_not_only_move_entries_is_refused(function, shape, said):
    with pytest.raises(SpecError, match=said):
        permutation_from(function, shape)


def test_a_nameless_function_is_shown_by_its_value():
    class Half:
        def __call__(self, x):
            return x[: len(x) // 2]

        def __repr__(self):
            return "Half()"

    with pytest.raises(SpecError, match=r"Half\(\), which turns 4 indices into \[0, 1\]"):
        permutation_from(Half(), (4,))


def test_a_refusal_inside_the_function_is_passed_on():
    def refusing(x):
        raise SpecError("this", "that", "do so")

    with pytest.raises(SpecError, match="given this; expected that; do so"):
        permutation_from(refusing, (3,))


def test_too_large_a_shape_is_refused_before_it_is_made():
    shape = (10**6, 10**6)
    with limited_to(2**30), pytest.raises(TooLargeError, match="smaller shape"):
        permutation_from(np.flip, shape)
    assert prod(shape) == 10**12
