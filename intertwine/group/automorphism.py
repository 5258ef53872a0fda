"""The automorphism group of a graph on its vertices, its edges and its arcs.

Colours are of vertices only.  Where edges carry more than their ends, labels or multiplicity, each
edge becomes a vertex of its own between its ends, coloured by its label: the automorphisms of the
subdivided graph that keep the colours are those of the graph.  Loops colour their vertex.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from intertwine.errors import SpecError, shown
from intertwine.group.coloured import ColouredGraph, numbered
from intertwine.group.group import Group, GSet
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require
from intertwine.numerals import many

if TYPE_CHECKING:
    import networkx

_NAMED = (
    *("bull", "chvatal", "cubical", "desargues", "diamond", "dodecahedral", "frucht", "heawood"),
    *("hoffman_singleton", "house", "house_x", "icosahedral", "krackhardt_kite", "moebius_kantor"),
    *("octahedral", "pappus", "petersen", "sedgewick_maze", "tetrahedral", "truncated_cube"),
    *("truncated_tetrahedron", "tutte", "davis_southern_women", "florentine_families"),
    *("karate_club", "les_miserables"),
)


@dataclass(frozen=True, eq=False)
class _Coloured:
    """A graph in numbers: ends of edges in order, a colour class a vertex and an edge."""

    vertices: int
    tails: Indices
    heads: Indices
    vertex_classes: list[int]
    edge_classes: list[int]
    directed: bool

    @property
    def keys(self) -> Indices:
        """One number an edge that says which ends it joins."""
        return self.key(self.tails, self.heads)

    def key(self, tails: Indices, heads: Indices) -> Indices:
        if not self.directed:
            tails, heads = np.minimum(tails, heads), np.maximum(tails, heads)
        return tails * self.vertices + heads

    @property
    def simple(self) -> bool:
        """Whether no two edges join the same ends."""
        return len(np.unique(self.keys)) == len(self.tails)


def automorphisms(
    graph: networkx.Graph,
    vertex_label: str | None = None,
    edge_label: str | None = None,
    name: str = "graph",
    edges: Sequence[tuple[Hashable, ...]] | None = None,
) -> Group:
    """The automorphism group of a networkx graph, directed or not, also with multiple edges.

    Its sets are `vertices` and `edges` in networkx's order, and `arcs`: for each edge its direction
    u -> v as listed, then v -> u; a loop and a directed edge have one arc.

    Args:
        graph: any networkx graph.
        vertex_label: the vertex attribute that automorphisms must keep.
        edge_label: the edge attribute that automorphisms must keep.
        name: what to call the graph.
        edges: all of `graph.edges`, in the order that the set `edges` is to have.

    Raises:
        SpecError: the graph has no vertices, or a vertex or an edge lacks the label.

    >>> group = automorphisms(named_graph("petersen"), name="petersen")
    >>> print(group, group.order, [gset.degree for gset in group.sets.values()])
    Aut(petersen) 120 [10, 15, 30]
    """
    coloured = _coloured(graph, list(edges or graph.edges), vertex_label, edge_label)
    n, m = coloured.vertices, len(coloured.tails)
    symmetry = _by_vertices(coloured).symmetry()
    require(
        8 * (n + 4 * m) * len(symmetry.generators),
        f"the {len(symmetry.generators)} generators of a graph of {n} vertices and {m} edges",
        "take a smaller graph",
    )
    pairs = [_edge_images(coloured, images) for images in symmetry.generators]
    loops = coloured.tails == coloured.heads
    one_way = np.ones(m, dtype=bool) if coloured.directed else loops
    first = np.concatenate([[0], np.cumsum(np.where(one_way, 1, 2))]).astype(np.intp)

    def on_vertices() -> tuple[SignedPermutation, ...]:
        return tuple(SignedPermutation(vertices) for vertices, _ in pairs)

    def on_edges() -> tuple[SignedPermutation, ...]:
        return tuple(SignedPermutation(edges) for _, edges in pairs)

    def on_arcs() -> tuple[SignedPermutation, ...]:
        return tuple(SignedPermutation(_arc_images(*pair)) for pair in pairs)

    def _arc_images(vertices: Indices, edges: Indices) -> Indices:
        turned = (coloured.tails[edges] != vertices[coloured.tails]).astype(np.intp)
        image = np.empty(first[-1], dtype=np.intp)
        image[first[:-1]] = first[edges] + turned
        both = np.flatnonzero(~one_way)
        image[first[both] + 1] = first[edges[both]] + 1 - turned[both]
        return image

    return Group(
        f"Aut({name})",
        tuple(f"g{number}" for number in range(len(pairs))),
        {
            "vertices": GSet("vertices", (n,), on_vertices),
            "edges": GSet("edges", (m,), on_edges),
            "arcs": GSet("arcs", (int(first[-1]),), on_arcs),
        },
        natural="vertices",
        order_formula=symmetry.order,
        faithful_on=("vertices",) if coloured.simple else ("vertices", "edges"),
    )


def named_graph(name: str) -> networkx.Graph:
    """One of networkx's small named graphs, such as `petersen`.

    >>> named_graph("heawood").number_of_edges()
    21
    """
    import networkx

    if name not in _NAMED:
        near = get_close_matches(name, _NAMED, 1, 0.4) if isinstance(name, str) else []
        raise SpecError(
            f"graph: {shown(name)}",
            "the name of a small graph in networkx",
            f"did you mean {near[0]}?" if near else f"choose one of {', '.join(_NAMED)}",
        )
    return getattr(networkx, f"{name}_graph")()


def _coloured(
    graph: networkx.Graph,
    edges: list[tuple[Hashable, ...]],
    vertex_label: str | None,
    edge_label: str | None,
) -> _Coloured:
    n, m = graph.number_of_nodes(), len(edges)
    if n == 0:
        raise SpecError("a graph with no vertices", "at least one vertex", "check the graph's file")
    what = f"a graph of {many(n, 'vertex')} and {many(m, 'edge')}"
    require(1000 * (n + m), what, "take a smaller graph")
    place = {vertex: number for number, vertex in enumerate(graph)}
    vertex_labels = (
        _label(data, vertex_label, f"vertex {v}") for v, data in graph.nodes(data=True)
    )
    edge_labels = (
        _label(graph.edges[edge], edge_label, f"edge {edge[0]} - {edge[1]}") for edge in edges
    )
    return _Coloured(
        n,
        np.array([place[edge[0]] for edge in edges], dtype=np.intp),
        np.array([place[edge[1]] for edge in edges], dtype=np.intp),
        numbered(vertex_labels),
        numbered(edge_labels),
        graph.is_directed(),
    )


def _label(data: dict[str, Hashable], label: str | None, owner: str) -> Hashable:
    if label is None:
        return None
    if label not in data:
        raise SpecError(
            f"{shown(owner)} without {shown(label)}",
            f"the attribute {shown(label)} on every one",
            f"its attributes are {shown(', '.join(map(str, data)) or 'none')}",
        )
    try:
        hash(data[label])
    except TypeError:
        raise SpecError(
            f"{shown(label)} = {shown(data[label])} on {shown(owner)}",
            "a number or a text as label",
            "write labels that can be compared",
        ) from None
    if data[label] != data[label]:
        raise SpecError(
            f"{shown(label)} = nan on {shown(owner)}",
            "labels that equal themselves",
            "write a number or a text",
        )
    return data[label]


def _by_vertices(graph: _Coloured) -> ColouredGraph:
    """The graph by colours of vertices, followed by the edges where these have to become some."""
    n, m = graph.vertices, len(graph.tails)
    loops = graph.tails == graph.heads
    if graph.simple and len(set(graph.edge_classes)) <= 1:
        looped = np.zeros(n, dtype=bool)
        looped[graph.tails[loops]] = True
        colours = numbered(zip(graph.vertex_classes, looped.tolist(), strict=True))
        ends = np.stack([graph.tails, graph.heads], axis=1)[~loops]
    else:
        colours = numbered(
            [
                *((False, c, False) for c in graph.vertex_classes),
                *((True, *pair) for pair in zip(graph.edge_classes, loops.tolist(), strict=True)),
            ]
        )
        middle = n + np.arange(m, dtype=np.intp)
        first, second = np.stack([graph.tails, middle]), np.stack([middle, graph.heads])
        ends = np.concatenate([first, second[:, ~loops]], axis=1).T
    return ColouredGraph(colours, ends, graph.directed)


def _edge_images(graph: _Coloured, images: Indices) -> tuple[Indices, Indices]:
    """The image of each vertex and of each edge."""
    n = graph.vertices
    if len(images) > n:
        return images[:n], images[n:] - n
    order = np.argsort(graph.keys).astype(np.intp)
    moved = graph.key(images[graph.tails], images[graph.heads])
    found = np.searchsorted(graph.keys[order], moved)
    return images, order[found]
