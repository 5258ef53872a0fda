"""Image lists from NumPy's files, and graphs in every format that is read."""

import networkx as nx
import numpy as np
import pytest

from intertwine import count, solve
from intertwine.spec.files import read_arrays
from intertwine.spec.forms import ArrayFile
from intertwine.spec.graphs import GraphParts
from intertwine.spec.load import load_spec
from tests.spec.refusals import spec

TURN, FLIP = [1, 2, 3, 0], [3, 2, 1, 0]
WRITERS = {
    ".graphml": nx.write_graphml, ".gml": nx.write_gml, ".edgelist": nx.write_edgelist,
    ".adjlist": nx.write_adjlist, ".g6": nx.write_graph6, ".s6": nx.write_sparse6,
}  # fmt: skip


def solved(folder, **parts):
    (folder / "bad.yaml").write_text(spec(**parts))
    return solve(folder / "bad.yaml")


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.uint64, ">i4"])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_names_its_generators(kind, save, tmp_path):
    save(tmp_path / "a.npz", turn=np.array(TURN, kind), flip=np.array(FLIP, kind))
    space = solved(tmp_path, group="{generators: {file: a.npz}}")
    assert space.problem.group.generators == ("turn", "flip")
    assert (space.order, space.dimension) == (8, 3)


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_rows_of_an_array_are_generators(order, tmp_path):
    np.save(tmp_path / "a.npy", np.array([TURN, FLIP], order=order))
    space = solved(tmp_path, group="{generators: {file: a.npy}}")
    assert space.problem.group.generators == ("g0", "g1")
    assert (space.order, space.dimension) == (8, 3)


def test_one_row_is_one_generator(tmp_path):
    np.save(tmp_path / "a.npy", np.array(TURN))
    assert solved(tmp_path, group="{generators: {file: a.npy}}").order == 4


def test_an_array_can_be_named(tmp_path):
    np.savez(tmp_path / "a.npz", **{"turn": np.array(TURN), "no name": np.array(FLIP)})
    found = read_arrays(ArrayFile(file="a.npz", array="no name"), tmp_path)
    assert found["no name"].tolist() == FLIP
    group = "{generators: {a: {file: a.npz, array: turn}, b: {file: a.npz, array: no name}}}"
    assert solved(tmp_path, group=group).order == 8
    assert (
        solved(
            tmp_path, group="{generators: {a: {file: a.npz, array: turn}, b: '(0 3)(1 2)'}}"
        ).order
        == 8
    )


def test_files_of_other_actions(tmp_path):
    np.savez(tmp_path / "pairs.npz", a=np.array([1, 0, 2, 3]), b=np.array([0, 1, 3, 2]))
    given = "{permutations: {file: pairs.npz}}"
    assert solved(tmp_path, group="{generators: [a, b]}", input=given, output=given).dimension == 6


def test_one_based_files(tmp_path):
    np.savez(tmp_path / "a.npz", turn=np.array(TURN) + 1, flip=np.array(FLIP) + 1)
    assert solved(tmp_path, group="{generators: {file: a.npz}, base: 1}").order == 8


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_format_gives_the_petersen_graph(suffix, tmp_path):
    WRITERS[suffix](nx.petersen_graph(), tmp_path / f"a{suffix}")
    for points, dimension in (("vertices", 3), ("edges", 4)):
        space = solved(
            tmp_path, group=f"{{automorphisms: {{file: a{suffix}}}}}", input=points, output=points
        )
        assert (space.order, space.dimension) == (120, dimension)


def test_labels_directions_and_parallel_edges(tmp_path):
    graph = nx.cycle_graph(6)
    nx.set_node_attributes(graph, {v: v % 2 for v in graph}, "colour")
    nx.set_edge_attributes(graph, {(v, (v + 1) % 6): v % 2 for v in graph}, "bond")
    nx.write_graphml(graph, tmp_path / "ring.graphml")
    nx.write_graphml(nx.DiGraph([(i, (i + 1) % 6) for i in range(6)]), tmp_path / "arrows.graphml")
    nx.write_graphml(nx.MultiGraph([(0, 1), (1, 2), (1, 2)]), tmp_path / "double.graphml")
    orders = {
        "file: ring.graphml": 12,
        "file: ring.graphml, vertex_label: colour": 6,
        "file: ring.graphml, edge_label: bond": 6,
        "file: arrows.graphml": 6,
        "file: double.graphml": 2,
    }
    for given, order in orders.items():
        ends = {"input": "vertices", "output": "vertices"}
        assert solved(tmp_path, group=f"{{automorphisms: {{{given}}}}}", **ends).order == order


def test_listed_edges():
    ring = [(i, (i + 1) % 5) for i in range(5)]
    assert nx.is_isomorphic(GraphParts(edges=ring).read(None), nx.cycle_graph(5))
    assert len(GraphParts(edges=ring, vertices=7).read(None)) == 7
    assert GraphParts(edges=ring, directed=True).read(None).is_directed()
    assert GraphParts(edges=[*ring, (1, 0)]).read(None).is_multigraph()
    assert not GraphParts(edges=[*ring, (1, 0)], directed=True).read(None).is_multigraph()


def test_a_folder_below_and_a_large_file(tmp_path):
    (tmp_path / "data").mkdir()
    np.save(tmp_path / "data" / "a.npy", np.roll(np.arange(200_000), -1))
    path = tmp_path / "bad.yaml"
    path.write_text(spec("{generators: {file: data/a.npy}}", output="trivial"))
    assert load_spec(path).digest
    assert count(path).dimension == 1
