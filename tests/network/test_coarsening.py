"""Strides and windows: the subgroup that they leave, proved another way."""

import numpy as np
import pytest
import torch

from intertwine.action.action import Declared, SetAction
from intertwine.group.coarsening import coarsening
from intertwine.group.grid import grid
from intertwine.group.group import Group
from intertwine.group.named import cyclic
from intertwine.hom.rules import dimension
from intertwine.network.symmetry import centred_words
from intertwine.pipeline import solve
from intertwine.plan.moved import Moves

SYMMETRIES = ["p1", "p2", "pm", "pmm", "p4", "p4m"]


def element(action, word):
    """What a word does to the points of an action, by multiplying its letters one by one."""
    image = np.arange(action.dimension)
    images = dict(zip(action.group.generators, action.generators, strict=True))
    for name, times in reversed(word):
        for _ in range(times):
            image = images[name].images[image]
    return image


def coarse_place(shape, step, point):
    return tuple(place // step % (n // step) for place, n in zip(point, shape, strict=True))


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("step", [2, 3])
@pytest.mark.parametrize("symmetry", SYMMETRIES)
def test_what_is_kept_goes_as_on_the_coarse_grid(symmetry, step, windows):
    shape = (6, 6) if symmetry in ("p4", "p4m") else (6, 12)
    small = tuple(n // step for n in shape)
    fine, coarse = grid(shape, symmetry), grid(small, symmetry)
    left = coarsening(fine, coarse, step, windows)
    assert tuple(left.words) == coarse.generators
    for name in ("pixels", "poses"):
        above, below = SetAction(fine, name), SetAction(coarse, name)
        for generator, moved in zip(coarse.generators, below.generators, strict=True):
            images = element(above, left.words[generator])
            np.testing.assert_array_equal(
                images, Moves(above).permutation(left.words[generator]).images
            )
            for point, image in enumerate(images.tolist()):
                *pose, x, y = np.unravel_index(point, above.shape)
                *turned, u, v = np.unravel_index(image, above.shape)
                if not windows and (x % step or y % step):
                    continue
                start = np.ravel_multi_index((*pose, x // step, y // step), below.shape)
                goal = np.ravel_multi_index((*turned, u // step, v // step), below.shape)
                assert moved.images[start] == goal
                assert windows or not (u % step or v % step)


@pytest.mark.parametrize("symmetry", ["p1", "p4", "p4m"])
def test_a_stride_misses_no_map(symmetry):
    """All maps to the kept points that commute with what is left, counted without the fine grid's.

    By Frobenius they are as many as all maps to the fine grid: the stabilizer of a kept point is
    the same in both groups.
    """
    fine, coarse = grid([6, 6], symmetry), grid([3, 3], symmetry)
    left = coarsening(fine, coarse, 2, windows=False)
    pixels, kept = SetAction(fine, "pixels"), SetAction(coarse, "pixels")
    subgroup = Group("left", coarse.generators, {})
    moves = Moves(pixels)
    above = Declared(subgroup, tuple(moves.permutation(w) for w in left.words.values()))
    below = Declared(subgroup, tuple(kept.generators))
    assert dimension(above, below) == dimension(pixels, pixels)


def test_a_circle():
    left = coarsening(cyclic(12), cyclic(4), 3, windows=True)
    assert dict(left.words) == {"shift": (("shift", 3),)}
    assert str(left) == "C_4, of order 4 and index 3: translations by 3"
    assert coarsening(cyclic(3), cyclic(1), 3, windows=True).words == {}


def test_the_middle_of_an_image():
    words = centred_words(grid([4, 6], "pmm"))
    pixels = SetAction(grid([4, 6], "pmm"), "pixels")
    image = np.arange(24).reshape(4, 6)
    turned, mirrored = (element(pixels, word) for word in words.values())
    np.testing.assert_array_equal(image[::-1, ::-1].ravel(), turned)
    np.testing.assert_array_equal(image[:, ::-1].ravel(), mirrored)


CONVOLUTION = {"support": {"radius": 1}, "nonlinearity": "gelu", "subgroup": True}


@pytest.mark.parametrize("boundary", ["periodic", "zeros"])
@pytest.mark.parametrize(
    "change",
    [
        {"pooling": {"kind": "max", "window": 2}},
        {"pooling": {"kind": "mean", "window": 4}},
        {"pooling": {"kind": "sum", "window": 2}},
        {"stride": 2},
        {"stride": 4},
    ],
)
def test_networks_on_images(change, boundary):
    """Turns, mirrors and shifts by the step, as torch makes them, not as the network does."""
    if boundary == "zeros" and "stride" in change:
        pytest.skip("refused")
    step = change.get("stride") or change["pooling"]["window"]
    spec = {
        "name": "images",
        "group": {"grid": {"shape": [8, 8], "symmetry": "p4m"}},
        "input": "pixels",
        "layer": {"boundary": boundary},
        "network": [
            {"action": "poses", "channels": 3, **CONVOLUTION, **change},
            {"action": "pixels", "channels": 2, "support": {"radius": 0}},
        ],
    }
    torch.manual_seed(0)
    model = solve(spec).model(dtype=torch.float64)
    x = torch.randn(2, 1, 8, 8, dtype=torch.float64)
    y = model(x)
    assert y.shape == (2, 2, 8 // step, 8 // step)
    assert model.check_equivariance(x) < 1e-10
    if "stride" in change:
        x, y = x.roll((4, 4), (2, 3)), y.roll((4 // step, 4 // step), (2, 3))
        torch.testing.assert_close(model(x), y)
        turned = x.flip(-1).roll(1, -1)
        expected = y.flip(-1).roll(1, -1)
        torch.testing.assert_close(model(turned), expected)
        return
    for axes in ((-1,), (-2, -1)):
        torch.testing.assert_close(model(x.flip(axes)), y.flip(axes))
    torch.testing.assert_close(model(x.rot90(1, (-2, -1))), y.rot90(1, (-2, -1)))
    if boundary == "periodic":
        torch.testing.assert_close(model(x.roll(step, -1)), y.roll(1, -1))
        assert (model(x.roll(1, -1)) - y).abs().max() > 1e-3


def test_two_strides_after_one_another():
    halved = {"action": "poses", "channels": 2, "subgroup": True, "nonlinearity": "gelu"}
    spec = {
        "name": "images",
        "group": {"grid": {"shape": [8, 8], "symmetry": "p4m"}},
        "input": "pixels",
        "network": [
            {**halved, "stride": 2, "pooling": {"kind": "mean", "window": 2}},
            {**halved, "name": "last", "subgroup": False},
        ],
    }
    space = solve(spec)
    assert space.left == "p4m(2 x 2), of order 32"
    model = space.model(dtype=torch.float64)
    x = torch.randn(2, 1, 8, 8, dtype=torch.float64)
    assert model.check_equivariance(x) < 1e-10
    torch.testing.assert_close(model(x.roll(4, -1)), model(x).roll(1, -1))
