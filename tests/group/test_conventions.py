"""What docs/spec.md says of points, their order, generators and `sign`, held against the groups."""

from itertools import combinations, permutations, product
from math import prod
from random import Random

import networkx as nx
import numpy as np
import pytest

from intertwine.action.action import SetAction
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.sign import Sign
from intertwine.action.tuples import ExteriorPower
from intertwine.group.automorphism import automorphisms
from intertwine.group.grid import grid
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product, wreath
from intertwine.spec.graphs import GraphParts
from intertwine.spec.groups import Automorphisms


def image(group, gset, name):
    return group.sets[gset].images[group.generators.index(name)].images.tolist()


def cycle(n, *points):
    images = list(range(n))
    for i, p in enumerate(points):
        images[p] = points[(i + 1) % len(points)]
    return images


@pytest.mark.parametrize("n", range(1, 8))
def test_the_named_groups(n):
    shift = [(i + 1) % n for i in range(n)]
    swap = {"swap": cycle(n, 0, 1)} if n > 1 else {}
    found = {
        symmetric: {**swap, "shift": shift} if n > 2 else swap,
        alternating: {
            **({"triple": cycle(n, 0, 1, 2)} if n > 2 else {}),
            **({"cycle": shift if n % 2 else cycle(n, *range(1, n))} if n > 3 else {}),
        },
        cyclic: {"shift": shift} if n > 1 else {},
        dihedral: {"rotation": shift, "reflection": [-i % n for i in range(n)]},
        trivial: {},
    }
    for make, generators in found.items():
        if make is dihedral and n < 3:
            continue
        group = make(n)
        assert group.generators == tuple(generators)
        assert {name: image(group, "points", name) for name in generators} == generators


def test_the_orthoplex():
    group = hyperoctahedral(3)
    assert group.generators == ("swap", "shift", "flip")
    assert image(group, "points", "flip") == cycle(6, 0, 3)
    assert image(group, "points", "shift") == [1, 2, 0, 4, 5, 3]
    assert [s.signs is None for s in group.sets["axes"].images] == [True, True, False]
    assert group.sets["axes"].images[2].signs.tolist() == [-1, 1, 1]


def test_wreath_products():
    group = wreath(cyclic(3), symmetric(2))
    assert group.generators == ("base.shift", "top.swap")
    assert image(group, "points", "base.shift") == [1, 2, 0, 3, 4, 5]
    assert image(group, "points", "top.swap") == [3, 4, 5, 0, 1, 2]
    places = np.arange(9).reshape(3, 3)
    assert image(group, "tuples", "base.shift") == np.roll(places, -1, axis=0).ravel().tolist()
    assert image(group, "tuples", "top.swap") == places.T.ravel().tolist()
    several = wreath(cyclic(3), trivial(2))
    assert several.generators == ("base_0.shift", "base_1.shift")
    assert wreath(cyclic(2), symmetric(33)).sets["tuples"].shape == (2**33,)


def test_products():
    group = direct_product({"users": symmetric(3), "movies": cyclic(4)})
    assert group.generators == ("users.swap", "users.shift", "movies.shift")


QUARTER, MIRROR = ((0, -1), (1, 0)), ((1, 0), (0, -1))
TURNS = {"p1": 1, "pm": 1, "p2": 2, "pmm": 2, "p4": 4, "p4m": 4}


@pytest.mark.parametrize("symmetry", TURNS)
def test_grids(symmetry):
    shape = (3, 3) if "4" in symmetry else (4, 6)
    group, turns = grid(shape, symmetry), TURNS[symmetry]
    turn = np.linalg.matrix_power(QUARTER, 4 // turns)
    rotations = [np.linalg.matrix_power(turn, k) for k in range(turns)]
    mirrors = [r @ MIRROR for r in rotations] if "m" in symmetry else []
    point_group = [*rotations, *mirrors]
    identity = np.eye(2, dtype=int)
    motions = {"shift_0": ((1, 0), identity), "shift_1": ((0, 1), identity)}
    motions |= {"rotation": ((0, 0), turn)} if turns > 1 else {}
    motions |= {"reflection": ((0, 0), np.array(MIRROR))} if mirrors else {}
    assert group.generators == tuple(motions)
    assert group.sets["poses"].shape == (len(point_group), *shape)
    for name, (shift, matrix) in motions.items():
        pixels = [
            np.ravel_multi_index(matrix @ place + shift, shape, mode="wrap")
            for place in product(*map(range, shape))
        ]
        assert image(group, "pixels", name) == pixels
        poses = [
            next(k for k, a in enumerate(point_group) if (a == matrix @ point).all()) * prod(shape)
            + pixel
            for point in point_group
            for pixel in pixels
        ]
        assert image(group, "poses", name) == poses


def test_edges_and_arcs_of_a_list():
    """Not as listed: by the end that comes first, and edges alike in that as listed."""
    listed = [(3, 1), (2, 2), (0, 2), (1, 0), (2, 3)]
    for directed in (False, True):
        ends = [tuple(e) if directed else tuple(sorted(e)) for e in listed]
        ordered = sorted(ends, key=lambda end: end[0])
        graph = GraphParts(edges=listed, directed=directed).read(None)
        assert list(graph) == [0, 1, 2, 3] and list(graph.edges) == ordered
    group = automorphisms(nx.path_graph(3))
    assert group.generators == ("g0",) and image(group, "vertices", "g0") == [2, 1, 0]
    assert image(group, "edges", "g0") == [1, 0]
    assert image(group, "arcs", "g0") == [3, 2, 1, 0], "0->1 goes to 2->1, which is arc 2 + 1"
    looped = nx.Graph([(0, 0), (0, 1), (1, 1)])
    assert image(automorphisms(looped), "arcs", "g0") == [3, 2, 1, 0]
    assert automorphisms(nx.DiGraph([(0, 1), (1, 0)])).sets["arcs"].degree == 2


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_parallel_edges_stand_as_listed(seed, directed):
    """An image of an edge joins the images of its ends, where edges stand as the list has them."""
    draw = Random(seed)
    listed = [(draw.randrange(3), draw.randrange(4)) for _ in range(8)] + [(0, 1), (0, 2), (0, 1)]
    group = Automorphisms(automorphisms=GraphParts(edges=listed, directed=directed)).build(None)
    ends = [edge if directed else tuple(sorted(edge)) for edge in listed]
    ends.sort(key=lambda edge: edge[0])
    arcs = [a for u, v in ends for a in ([(u, v)] if directed or u == v else [(u, v), (v, u)])]
    assert group.generators, "two edges at least are alike"
    for name in group.generators:
        vertices = image(group, "vertices", name)
        for kind, joined in (("edges", ends), ("arcs", arcs)):
            for (u, v), place in zip(joined, image(group, kind, name), strict=True):
                moved = (vertices[u], vertices[v])
                alike = directed or kind == "arcs"
                assert joined[place] == moved if alike else set(joined[place]) == set(moved)


def test_the_first_and_the_last_of_three_edges_are_parallel():
    parts = GraphParts(edges=[(0, 1), (0, 2), (0, 1)])
    group = Automorphisms(automorphisms=parts).build(None)
    assert [image(group, "edges", name) for name in group.generators] == [[2, 1, 0]]


FACES = {
    "tetrahedron": {0: {0, 1, 2}, 1: {0, 2, 3}, 2: {0, 1, 3}, 3: {1, 2, 3}},
    "cube": {0: {0, 1, 2, 3}, 1: {0, 3, 7, 4}, 2: {0, 1, 4, 5}, 3: {1, 2, 5, 6}, 4: {2, 3, 6, 7},
             5: {4, 5, 6, 7}},
    "octahedron": {0: {0, 1, 2}, 1: {0, 2, 3}, 2: {0, 3, 4}, 3: {0, 1, 4}, 4: {1, 2, 5},
                   5: {2, 3, 5}, 6: {3, 4, 5}, 7: {1, 4, 5}},
    "icosahedron": {0: {0, 1, 2}, 4: {0, 5, 1}, 15: {11, 6, 7}, 19: {11, 10, 6}},
    "dodecahedron": {0: {0, 1, 2, 3, 4}, 11: {15, 16, 17, 18, 19}},
}  # fmt: skip


@pytest.mark.parametrize("name", FACES)
def test_solids(name):
    """Each generator moves the faces and the edges as it moves their vertices."""
    group, faces = polyhedron(name, reflections=True), FACES[name]
    assert group.generators == ("face_turn", "edge_turn", "reflection")
    assert polyhedron(name, reflections=False).generators == ("face_turn", "edge_turn")
    for generator in group.generators:
        vertices = image(group, "vertices", generator)
        for face, among in faces.items():
            moved = image(group, "faces", generator)[face]
            if moved in faces:
                assert {vertices[v] for v in among} == faces[moved], (generator, face)
    assert image(group, "faces", "face_turn")[0] == 0
    assert image(group, "vertices", "face_turn")[0] == 1
    assert image(group, "vertices", "edge_turn")[:2] == [1, 0]
    assert image(group, "edges", "edge_turn")[0] == 0
    assert image(group, "vertices", "reflection")[:2] == [0, 1]
    if len(faces) == group.sets["faces"].degree:
        sides = [set(p) for p in combinations(range(group.sets["vertices"].degree), 2)]
        edges = [s for s in sides if sum(s <= face for face in faces.values()) == 2]
        assert len(edges) == group.sets["edges"].degree
        for generator in group.generators:
            vertices, moved = (image(group, s, generator) for s in ("vertices", "edges"))
            assert [edges.index({vertices[v] for v in edge}) for edge in edges] == moved


@pytest.mark.parametrize(("group", "natural"), [
    (symmetric(4), "points"), (hyperoctahedral(3), "points"), (grid((4, 4), "p4m"), "pixels"),
    (automorphisms(nx.petersen_graph()), "vertices"), (polyhedron("octahedron"), "vertices"),
    (wreath(symmetric(3), symmetric(2)), "points"),
])  # fmt: skip
def test_the_sign_is_the_parity_on_the_natural_points(group, natural):
    found = [g.trace() for g in Sign(group).generators]
    parities = [
        round(np.linalg.det(np.eye(group.sets[natural].degree)[g.images]))
        for g in group.sets[natural].images
    ]
    assert group.natural == natural and found == parities


def test_the_sign_is_not_the_determinant():
    group = hyperoctahedral(3)
    axes = SetAction(group, "axes")
    determinant = [g.trace() for g in ExteriorPower(group, axes, 3).generators]
    minus = [-1 if g.signs is not None and g.signs.prod() < 0 else 1 for g in axes.generators]
    matrices = [np.eye(3)[g.images] * (1 if g.signs is None else g.signs) for g in axes.generators]
    assert determinant == [round(np.linalg.det(m)) for m in matrices] == [-1, 1, -1]
    assert [g.trace() for g in Sign(group).generators] == minus == [1, 1, -1]
    assert {g.trace() for g in Sign(polyhedron("cube", reflections=True)).generators} == {1}


def test_regular_and_cosets_begin_with_the_identity():
    group = symmetric(4)
    regular, chain = Regular(group), group.chain
    elements = np.concatenate(list(chain.elements()))
    assert elements[0].tolist() == [0, 1, 2, 3]
    assert sorted(map(tuple, elements.tolist())) == sorted(permutations(range(4)))
    for g, moved in zip(group.sets["points"].images, regular.generators, strict=True):
        assert np.array_equal(elements[moved.images], g.images[elements]), "g h stands at g[h]"
    stabilizer = [SignedPermutation.of([0, *p]) for p in ((2, 1, 3), (2, 3, 1))]
    swap, shift = (g.images.tolist() for g in Cosets(group, tuple(stabilizer)).generators)
    assert swap[0] == 1 and shift[0] == 1, "breadth-first: both carry coset 0 to coset 1"
