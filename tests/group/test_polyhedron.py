"""Regular solids against the truth file and against coordinates in floating point."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from intertwine.errors import SpecError
from intertwine.group.chain import StabilizerChain
from intertwine.group.orbit import orbit_labels
from intertwine.group.polyhedron import _solid, polyhedron

SOLIDS = {
    "tetrahedron": (4, 6, 4, 12),
    "cube": (8, 12, 6, 24),
    "octahedron": (6, 12, 8, 24),
    "dodecahedron": (20, 30, 12, 60),
    "icosahedron": (12, 30, 20, 60),
}
RECORDS = [
    record
    for line in (Path(__file__).parents[1] / "truth" / "public.jsonl").read_text().splitlines()
    if (record := json.loads(line))["title"].split(",")[0] in SOLIDS
]


def dimension(targets, sources):
    columns = sources[0].degree
    images = [
        (t.images[:, None] * columns + s.images).ravel()
        for t, s in zip(targets, sources, strict=True)
    ]
    return int(orbit_labels(images, len(images[0])).max()) + 1


@pytest.mark.parametrize("record", RECORDS, ids=[r["id"] for r in RECORDS])
def test_known_dimensions(record):
    solid, rest = record["title"].split(", ")
    kind, arrow = rest.split(": ")
    source, target = arrow.split(" -> ")
    group = polyhedron(solid, reflections=kind == "full group")
    assert group.order == int(record["group"]["order"])
    assert dimension(group.sets[target].images, group.sets[source].images) == record["dim"]


@pytest.mark.parametrize("reflections", [False, True])
@pytest.mark.parametrize("name", SOLIDS)
def test_order_and_cells(name, reflections):
    group = polyhedron(name, reflections)
    *counts, rotations = SOLIDS[name]
    assert [gset.degree for gset in group.sets.values()] == counts
    assert list(group.sets) == ["vertices", "edges", "faces"]
    assert group.order == rotations * (2 if reflections else 1)
    for gset in group.sets.values():
        images = [g.images for g in gset.images]
        assert all(sorted(image.tolist()) == list(range(gset.degree)) for image in images)
        assert StabilizerChain.of(images).order == group.order
        assert not orbit_labels(images, gset.degree).any()


@pytest.mark.parametrize("name", ["octahedron", "icosahedron", "tetrahedron"])
def test_the_generators_are_isometries_of_the_solid_and_rotations_where_they_should_be(name):
    place = {
        "octahedron": [(0, 0, 1), (1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0), (0, 0, -1)],
        "tetrahedron": [
            (0, 0, 3 / 8**0.5),
            *((np.cos(a), np.sin(a), -1 / 8**0.5) for a in 2 * np.pi * np.arange(3) / 3),
        ],
        "icosahedron": [
            (0, 0, 5**0.5 / 2),
            *((np.cos(a), np.sin(a), 0.5) for a in 2 * np.pi * np.arange(5) / 5),
            *((np.cos(a), np.sin(a), -0.5) for a in 2 * np.pi * (np.arange(5) + 0.5) / 5),
            (0, 0, -(5**0.5) / 2),
        ],
    }[name]
    points = np.array(place, float).T
    group = polyhedron(name, reflections=True)
    for label, image in zip(group.generators, group.sets["vertices"].images, strict=True):
        matrix = points[:, image.images] @ np.linalg.pinv(points)
        assert np.allclose(matrix @ points, points[:, image.images])
        assert np.allclose(matrix @ matrix.T, np.eye(3))
        assert np.linalg.det(matrix) == pytest.approx(-1 if label == "reflection" else 1)


@pytest.mark.parametrize("name", SOLIDS)
def test_edges_and_faces_follow_the_vertices(name):
    group, faces = polyhedron(name), _solid(name)
    edges = sorted({tuple(sorted(p)) for f in faces for p in zip(f, f[1:] + f[:1], strict=True)})
    for key, cells in (("edges", edges), ("faces", faces)):
        for g, image in zip(group.sets["vertices"].images, group.sets[key].images, strict=True):
            for cell, there in zip(cells, image.images, strict=True):
                assert {int(g.images[v]) for v in cell} == set(cells[there])


def test_names():
    written = [str(polyhedron(n, r)) for n, r in product(("tetrahedron", "cube"), (False, True))]
    assert written == ["T", "T_d", "O", "O_h"]
    for wrong in ("prism", None, 3, ["cube"]):
        with pytest.raises(SpecError, match="one of tetrahedron"):
            polyhedron(wrong)
