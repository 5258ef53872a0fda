"""Graph automorphisms against brute force and the truth file."""

import json
from collections import Counter
from itertools import permutations
from math import factorial, prod
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import SpecError
from intertwine.group.automorphism import _NAMED, automorphisms, named_graph
from intertwine.group.orbit import orbit_labels

RECORDS = [
    record
    for line in (Path(__file__).parents[1] / "truth" / "public.jsonl").read_text().splitlines()
    if (record := json.loads(line))["category"] == "f"
]


def brute_force(graph, vertex_label=None, edge_label=None):
    """All vertex maps that keep labels and edges, times the swaps of equal parallel edges."""

    def joined(image):
        ends = ((image[u], image[v], data) for u, v, data in graph.edges(data=True))
        keys = ((u, v) if graph.is_directed() else frozenset((u, v)) for u, v, _ in ends)
        labels = (data.get(edge_label) for _, _, data in graph.edges(data=True))
        return Counter(zip(keys, labels, strict=True))

    vertices = list(graph)
    label = {v: graph.nodes[v].get(vertex_label) for v in vertices}
    edges = joined({v: v for v in vertices})
    maps = (dict(zip(vertices, image, strict=True)) for image in permutations(vertices))
    kept = sum(all(label[m[v]] == label[v] for v in m) and joined(m) == edges for m in maps)
    return kept * prod(map(factorial, edges.values()))


def check_images(graph, group):
    """Edges and arcs follow the vertices, for every generator."""
    place = {v: i for i, v in enumerate(graph)}
    ends = [(place[u], place[v]) for u, v in graph.edges()]
    if graph.is_directed():
        arcs = list(ends)
    else:
        arcs = [arc for u, v in ends for arc in ([(u, v)] if u == v else [(u, v), (v, u)])]
    owner = [k for k, (u, v) in enumerate(ends) for _ in range(1 if u == v else 2)]
    owner = list(range(len(ends))) if graph.is_directed() else owner
    assert [gset.degree for gset in group.sets.values()] == [len(graph), len(ends), len(arcs)]
    images = (group.sets[key].images for key in ("vertices", "edges", "arcs"))
    for v, e, a in zip(*images, strict=True):
        assert sorted(e.images) == list(range(len(ends)))
        assert sorted(a.images) == list(range(len(arcs)))
        for k, arc in enumerate(arcs):
            assert arcs[a.images[k]] == (v.images[arc[0]], v.images[arc[1]])
            assert owner[a.images[k]] == e.images[owner[k]]


@st.composite
def graphs(draw):
    directed, multiple = draw(st.booleans()), draw(st.booleans())
    kinds = (networkx.Graph, networkx.DiGraph, networkx.MultiGraph, networkx.MultiDiGraph)
    graph = kinds[2 * multiple + directed]()
    n = draw(st.integers(1, 5))
    for v in draw(st.permutations(range(n))):
        graph.add_node(f"v{v}", colour=draw(st.sampled_from([0, 0, 0, "red"])))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    for u, v in draw(st.lists(ends, max_size=9)):
        graph.add_edge(f"v{u}", f"v{v}", bond=draw(st.sampled_from([1, 1, 2])))
    return graph


@given(graphs(), st.sampled_from([None, "colour"]), st.sampled_from([None, "bond"]))
def test_orders_by_brute_force(graph, vertex_label, edge_label):
    group = automorphisms(graph, vertex_label, edge_label)
    assert group.order == brute_force(graph, vertex_label, edge_label)
    check_images(graph, group)


@pytest.mark.parametrize("record", RECORDS, ids=[r["id"] for r in RECORDS])
def test_known_orders_and_dimensions(record):
    described = record["structured"]["group"]["automorphisms_of_graph"]
    graph = networkx.Graph()
    graph.add_nodes_from(range(described["n"]))
    graph.add_edges_from(described["edges"])
    group = automorphisms(graph)
    assert group.order == int(record["group"]["order"])
    source, target = (record["structured"][side] for side in ("in", "out"))
    if source not in group.sets or target not in group.sets:
        return
    sources, targets = group.sets[source], group.sets[target]
    pairs = [
        (t.images[:, None] * sources.degree + s.images).ravel()
        for t, s in zip(targets.images, sources.images, strict=True)
    ]
    assert orbit_labels(pairs, sources.degree * targets.degree).max() + 1 == record["dim"]


def test_a_graph_without_symmetry_has_no_generators():
    group = automorphisms(named_graph("frucht"), name="frucht")
    assert str(group) == "Aut(frucht)" and group.generators == ()
    assert group.order == group.chain.order == 1
    assert group.sets["arcs"].degree == 36 and group.sets["arcs"].images == ()


def test_the_order_of_large_symmetric_graphs_is_exact():
    assert automorphisms(networkx.complete_graph(30)).order == factorial(30)
    assert automorphisms(networkx.empty_graph(12)).order == factorial(12)
    assert automorphisms(networkx.star_graph(40)).order == factorial(40)
    assert automorphisms(networkx.complete_bipartite_graph(6, 6)).order == 2 * factorial(6) ** 2


def test_parallel_edges_are_swapped_while_every_vertex_is_fixed():
    graph = networkx.MultiGraph([("a", "b"), ("a", "b"), ("b", "c")])
    group = automorphisms(graph)
    assert group.order == 2
    assert all(image.is_identity() for image in group.sets["vertices"].images)


def test_edge_labels_and_directions_break_symmetry():
    graph = networkx.cycle_graph(6)
    networkx.set_edge_attributes(graph, {e: i % 2 for i, e in enumerate(graph.edges)}, "bond")
    assert automorphisms(graph).order == 12
    alternate = networkx.cycle_graph(6)
    for u, v in alternate.edges:
        alternate.edges[u, v]["bond"] = (
            "double" if min(u, v) % 2 == 0 and (u, v) != (0, 5) else "one"
        )
    assert automorphisms(alternate, edge_label="bond").order == 6
    assert automorphisms(networkx.DiGraph([(0, 1), (1, 2), (2, 0)])).order == 3


def test_the_same_graph_gives_the_same_generators():
    images = [
        [g.images.tolist() for g in automorphisms(named_graph("karate_club")).sets["arcs"].images]
        for _ in range(2)
    ]
    assert images[0] == images[1]


def test_every_named_graph_is_there():
    for name in _NAMED:
        graph = named_graph(name)
        assert graph.number_of_nodes() > 1
    assert automorphisms(named_graph("hoffman_singleton")).order == 252000


@pytest.mark.parametrize(
    ("name", "word"),
    [("peterson", "did you mean petersen?"), ("xyzzy", "choose one of"), (7, "choose one of")],
)
def test_unknown_names(name, word):
    with pytest.raises(SpecError) as caught:
        named_graph(name)
    assert word in str(caught.value)


def test_missing_labels_name_the_attribute_and_the_vertex():
    graph = networkx.path_graph(3)
    graph.nodes[0]["element"] = "C"
    with pytest.raises(SpecError, match="vertex 1 without element"):
        automorphisms(graph, vertex_label="element")
    graph.nodes[1]["element"] = graph.nodes[2]["element"] = ["C"]
    with pytest.raises(SpecError, match="a number or a text"):
        automorphisms(graph, vertex_label="element")
    with pytest.raises(SpecError, match="edge 0 - 1 without bond"):
        automorphisms(graph, edge_label="bond")
    with pytest.raises(SpecError, match="no vertices"):
        automorphisms(networkx.Graph())


def test_a_graph_without_edges_has_empty_sets():
    group = automorphisms(networkx.empty_graph(3))
    assert group.order == 6
    assert [len(g.images) for g in group.sets["edges"].images] == [0] * len(group.generators)
    assert np.concatenate([g.images for g in group.sets["arcs"].images]).size == 0
