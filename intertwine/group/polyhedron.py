"""The symmetries of the five regular solids, exactly: no coordinates, only which faces meet.

A solid is its oriented faces, each a cycle of vertices seen anticlockwise from outside.  Its darts
are the directed edges.  A symmetry is determined by the image of one dart and by whether it keeps
the orientation, and the rotations reach every dart, so a walk over the darts finds each symmetry.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from intertwine.errors import SpecError, shown
from intertwine.group.group import Group, GSet, Vectors
from intertwine.group.permutation import SignedPermutation

if TYPE_CHECKING:
    from intertwine.algebra.matrix import ExactMatrix

Face = tuple[int, ...]
Dart = tuple[int, int]

_NAMES = {
    "tetrahedron": "T",
    "cube": "O",
    "octahedron": "O",
    "dodecahedron": "I",
    "icosahedron": "I",
}
_MIRRORED = {"T": "T_d", "O": "O_h", "I": "I_h"}
_DUALS = {"cube": "octahedron", "dodecahedron": "icosahedron"}
_ROTATIONS = {"T": 12, "O": 24, "I": 60}


def polyhedron(name: str, reflections: bool = True) -> Group:
    """The symmetry group of a regular solid on its `vertices`, `edges` and `faces`.

    The generators turn face 0 by one step, turn edge 0 over, and, with reflections, mirror the
    solid through the plane of edge 0 and its centre.  Octahedron: 0 is the top, 1 to 4 the ring, 5
    the bottom; icosahedron: 0 the top, 1 to 5 and 6 to 10 the rings, 11 the bottom; cube and
    dodecahedron are their duals, face for vertex and vertex for face.

    Args:
        name: tetrahedron, cube, octahedron, dodecahedron or icosahedron.
        reflections: the full group where true, the rotations otherwise.

    >>> cube = polyhedron("cube", reflections=True)
    >>> print(cube, cube.order, [gset.degree for gset in cube.sets.values()])
    O_h 48 [8, 12, 6]
    """
    if not isinstance(name, str) or name not in _NAMES:
        raise SpecError(f"polyhedron: {shown(name)}", f"one of {', '.join(_NAMES)}", "choose one")
    faces = _solid(name)
    edges = sorted({(min(dart), max(dart)) for face in faces for dart in _darts(face)})
    symmetries = _symmetries(faces, edges[0], reflections)
    family = _NAMES[name]

    def on(cells: list[Face]) -> tuple[SignedPermutation, ...]:
        place = {frozenset(cell): number for number, cell in enumerate(cells)}
        return tuple(
            SignedPermutation.of([place[frozenset(g[v] for v in cell)] for cell in cells])
            for g in symmetries.values()
        )

    def moving() -> tuple[ExactMatrix, ...]:
        from intertwine.group.rotation import solid_rotation

        triangles = _solid(_DUALS.get(name, name))
        return solid_rotation(triangles, name in _DUALS, list(symmetries.values()))

    vertices: list[Face] = [(v,) for v in range(1 + max(map(max, faces)))]
    cells: dict[str, list[Face]] = {"vertices": vertices, "edges": [*edges], "faces": faces}
    order = _ROTATIONS[family] * (2 if reflections else 1)
    transitivity = 1 if family != "T" else (4 if reflections else 2)
    return Group(
        _MIRRORED[family] if reflections else family,
        tuple(symmetries),
        {key: GSet(key, (len(some),), partial(on, some)) for key, some in cells.items()},
        natural="vertices",
        order_formula=lambda: order,
        closed_transitivity=transitivity,
        faithful_on=("vertices",),
        vectors=Vectors(3, moving),
    )


def _solid(name: str) -> list[Face]:
    if name == "tetrahedron":
        return [*((0, 1 + i, 1 + (i + 1) % 3) for i in range(3)), (3, 2, 1)]
    octahedron: list[Face] = [
        *((0, 1 + i, 1 + (i + 1) % 4) for i in range(4)),
        *((5, 1 + (i + 1) % 4, 1 + i) for i in range(4)),
    ]
    icosahedron: list[Face] = [
        *((0, 1 + i, 1 + (i + 1) % 5) for i in range(5)),
        *((1 + i, 6 + i, 1 + (i + 1) % 5) for i in range(5)),
        *((1 + (i + 1) % 5, 6 + i, 6 + (i + 1) % 5) for i in range(5)),
        *((11, 6 + (i + 1) % 5, 6 + i) for i in range(5)),
    ]
    if name in _DUALS:
        return _dual(_solid(_DUALS[name]))
    return octahedron if name == "octahedron" else icosahedron


def _darts(face: Face) -> list[Dart]:
    return list(zip(face, (*face[1:], face[0]), strict=True))


def _dual(faces: list[Face]) -> list[Face]:
    """Around each vertex the cycle of the faces that meet there."""
    owner = {dart: number for number, face in enumerate(faces) for dart in _darts(face)}
    following = {dart: face for face in faces for dart in _darts(face)}
    around = []
    for vertex in range(1 + max(map(max, faces))):
        first = next(dart for dart in owner if dart[0] == vertex)
        cycle, dart = [owner[first]], first
        while True:
            face = following[dart]
            dart = (vertex, face[face.index(vertex) - 1])
            if dart == first:
                break
            cycle.append(owner[dart])
        around.append(tuple(cycle))
    return around


def _symmetries(faces: list[Face], edge: Dart, reflections: bool) -> dict[str, dict[int, int]]:
    """The generators, each as the image of every vertex."""
    after = {
        dart: turned
        for face in faces
        for dart, turned in zip(_darts(face), (_darts(face)[1:] + _darts(face)[:1]), strict=True)
    }
    mirrored = {turned[::-1]: dart[::-1] for dart, turned in after.items()}
    first = _darts(faces[0])[0]
    found = {
        "face_turn": _extended(first, after[first], after, after),
        "edge_turn": _extended(edge, (edge[1], edge[0]), after, after),
    }
    if reflections:
        found["reflection"] = _extended(edge, edge, after, mirrored)
    return found


def _extended(
    source: Dart, target: Dart, after: dict[Dart, Dart], image_after: dict[Dart, Dart]
) -> dict[int, int]:
    """The symmetry that sends one dart to another and each next dart to the next of its image."""
    image, queue = {source: target}, [source]
    while queue:
        dart = queue.pop()
        for step, shadow in (
            (dart[::-1], image[dart][::-1]),
            (after[dart], image_after[image[dart]]),
        ):
            if step not in image:
                image[step] = shadow
                queue.append(step)
    return {dart[0]: shadow[0] for dart, shadow in image.items()}
