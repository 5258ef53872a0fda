"""Cosets use the chain that the group has, or one that its known order proves."""

import networkx as nx
import pytest

from intertwine.action.homogeneous import Cosets
from intertwine.errors import SpecError
from intertwine.group.automorphism import automorphisms
from intertwine.group.chain import StabilizerChain
from intertwine.group.grid import grid
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, dihedral, hyperoctahedral, symmetric, trivial
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import wreath

FAITHFUL = [
    symmetric(5), alternating(6), dihedral(7), hyperoctahedral(3), mathieu(11), grid((4, 4), "p4m"),
    polyhedron("cube"), wreath(symmetric(3), symmetric(2)),
    automorphisms(nx.petersen_graph()),
]  # fmt: skip


def labelled():
    """Two parallel edges that labels tell apart: faithful on the vertices, but not known to be."""
    graph = nx.MultiGraph([(0, 1), (1, 2), (2, 0)])
    graph.add_edge(0, 1)
    nx.set_edge_attributes(graph, {edge: edge[2] for edge in graph.edges(keys=True)}, "bond")
    return automorphisms(graph, edge_label="bond")


def doubled():
    """Two parallel edges that nothing tells apart: a swap of them moves no vertex."""
    return automorphisms(nx.MultiGraph([(0, 1), (0, 1), (1, 2)]))


@pytest.mark.parametrize("group", FAITHFUL, ids=str)
def test_the_chain_of_the_group_is_taken_as_it_is(group, monkeypatch):
    order, chain = group.order, group.chain
    sizes = []
    made = StabilizerChain.of.__func__
    monkeypatch.setattr(
        StabilizerChain, "of",
        classmethod(lambda cls, *a, **k: sizes.append(a) or made(cls, *a, **k)),
    )  # fmt: skip
    cosets = Cosets(group, (group.sets[group.natural].images[0],))
    assert cosets.dimension * group.sets[group.natural].images[0].order() == order
    assert cosets._ambient[0] is chain
    assert len(sizes) == 1, "only the subgroup's"


@pytest.mark.parametrize("group", [*FAITHFUL, labelled()], ids=str)
def test_the_index_and_the_relations_are_right(group):
    first = group.sets[group.natural].images[0]
    images = Cosets(group, (first,)).images()
    assert StabilizerChain.of([g.images for g in images]).order <= group.order
    assert images[0].images[0] == 0, "the subgroup's generator fixes the coset 0"


def test_an_order_that_is_reached_shows_that_the_vertices_are_enough():
    group = labelled()
    assert group.faithful_on == ("vertices", "edges")
    assert group.order == 2 and Cosets(group, ()).dimension == 2
    assert Cosets(group, (SignedPermutation.of([1, 0, 2]),)).dimension == 1


@pytest.mark.parametrize("group", [doubled(), grid((2, 2), "p4")], ids=str)
def test_what_the_points_do_not_determine_is_refused(group):
    with pytest.raises(SpecError, match="does not act faithfully on its natural points"):
        Cosets(group, ()).shape  # noqa: B018


def test_a_group_without_generators_has_one_coset():
    identity = SignedPermutation.identity(3)
    for group in (trivial(3), automorphisms(nx.path_graph(1))):
        assert Cosets(group, ()).dimension == 1
    assert Cosets(trivial(3), (identity,)).dimension == 1
    with pytest.raises(SpecError, match="an element of 1"):
        Cosets(trivial(3), (SignedPermutation.of([1, 0, 2]),)).shape  # noqa: B018
