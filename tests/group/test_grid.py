"""Wallpaper groups: known dimensions, the truth file's images, poses as a regular action."""

import json
from math import prod
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from intertwine.errors import SpecError
from intertwine.group.chain import StabilizerChain
from intertwine.group.grid import grid
from intertwine.group.orbit import orbit_labels

RECORDS = {
    record["id"]: record
    for line in (Path(__file__).parents[1] / "truth" / "public.jsonl").read_text().splitlines()
    if (record := json.loads(line))["category"] in "cj"
}
SHAPES = [(1, 1), (1, 2), (2, 2), (3, 3), (4, 4), (2, 5), (1, 4), (4, 6), (5, 5)]
SYMMETRIES = ["p1", "p2", "pm", "pmm", "p4", "p4m"]
CASES = [
    (shape, symmetry)
    for symmetry in SYMMETRIES
    for shape in SHAPES
    if "4" not in symmetry or shape[0] == shape[1]
]


def dimension(targets, sources):
    """Orbits on pairs, as connected components."""
    rows, columns = len(targets[0].images), len(sources[0].images)
    pairs = np.arange(rows * columns)
    heads = [
        (t.images[:, None] * columns + s.images).ravel()
        for t, s in zip(targets, sources, strict=True)
    ]
    ends = (np.tile(pairs, len(heads)), np.concatenate(heads))
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(len(pairs),) * 2)
    return connected_components(graph, directed=False)[0]


@pytest.mark.parametrize(("shape", "symmetry"), CASES)
def test_poses_are_the_regular_action_and_cover_the_pixels(shape, symmetry):
    group = grid(shape, symmetry)
    pixels, poses = group.sets["pixels"], group.sets["poses"]
    size = prod(shape)
    assert pixels.shape == shape and poses.shape[1:] == shape
    assert group.order == poses.degree == poses.shape[0] * size
    images = [g.images for g in poses.images]
    assert not orbit_labels(images, poses.degree).any()
    assert StabilizerChain.of(images, degree=poses.degree).order == group.order
    for pose, pixel in zip(poses.images, pixels.images, strict=True):
        assert (pose.images % size).tolist() == np.tile(pixel.images, poses.shape[0]).tolist()
    assert (
        StabilizerChain.of(
            [g.images for g in group.faithful_images()], degree=group.faithful_degree
        ).order
        == group.order
    )


@pytest.mark.parametrize(
    "identifier", ["c15", "c16", "c17", "c18", "c19", "c21", "c22", "c23", "c24", "j17"]
)
def test_known_dimensions(identifier):
    record = RECORDS[identifier]
    ((symmetry, n),) = record["structured"]["group"].items()
    group = grid([n, n], symmetry)
    assert group.order == int(record["group"]["order"])
    sets = {"pixels": group.sets["pixels"], "group": group.sets["poses"]}
    source, target = (record["structured"][side] for side in ("in", "out"))
    if target == "trivial":
        gset = sets[source]
        assert orbit_labels([g.images for g in gset.images], gset.degree).max() + 1 == 1
        return
    assert dimension(sets[target].images, sets[source].images) == record["dim"]
    if source == "pixels":
        assert [g.images.tolist() for g in group.sets["pixels"].images] == record["in"]["gens"]


def test_p4m_pixels_count_the_distances_up_to_reflection():
    n = 8
    group = grid([n, n], "p4m")
    folded = {tuple(sorted((min(x, n - x), min(y, n - y)))) for x in range(n) for y in range(n)}
    pixels = group.sets["pixels"].images
    assert dimension(pixels, pixels) == len(folded) == 15


def test_translations_in_any_number_of_dimensions():
    for shape in ([7], [2, 3, 4], [2, 1, 2, 3]):
        group = grid(shape)
        assert group.sets["poses"].shape == (1, *shape)
        assert group.order == prod(shape)
        assert group.generators == tuple(f"shift_{i}" for i in range(len(shape)))
        points = np.arange(prod(shape)).reshape(shape)
        for axis, image in enumerate(group.sets["pixels"].images):
            assert image.images.tolist() == np.roll(points, -1, axis).ravel().tolist()


def test_the_point_group_acts_as_the_conventions_say():
    group = grid([5, 5], "p4m")
    pixel = dict(zip(group.generators, group.sets["pixels"].images, strict=True))
    x, y = 1, 2
    assert pixel["rotation"].images[x * 5 + y] == (-y % 5) * 5 + x
    assert pixel["reflection"].images[x * 5 + y] == x * 5 + (-y % 5)
    assert str(group) == "p4m(5 x 5)"
    pose = group.sets["poses"]
    table = dict(zip(group.generators, pose.images, strict=True))
    identity = 0
    assert table["rotation"].images[identity] // 25 == 1
    assert table["reflection"].images[identity] // 25 == 4


def test_a_large_grid_is_free():
    group = grid([10**6, 10**6], "p4m")
    assert group.order == 8 * 10**12 and group.sets["poses"].shape == (8, 10**6, 10**6)


@pytest.mark.parametrize(
    ("shape", "symmetry", "word"),
    [
        ([4, 6], "p4", "[4, 6]"),
        ([4, 6], "p4m", "square"),
        ([4], "p2", "two axes"),
        ([4, 4, 4], "pm", "two axes"),
        ([4, 4], "p6", "p6"),
        ([], "p1", "positive integers"),
        ([4, 0], "p1", "positive integers"),
        ([4, 2.5], "p1", "positive integers"),
        ([True, 2], "p1", "positive integers"),
        (4, "p1", "positive integers"),
        ([4, 4], None, "one of p1"),
    ],
)
def test_refusals(shape, symmetry, word):
    with pytest.raises(SpecError, match=r"expected") as caught:
        grid(shape, symmetry)
    assert word in str(caught.value)
