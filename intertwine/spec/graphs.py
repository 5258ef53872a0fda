"""Graphs as a spec gives them: by a known name, from a file beside it, or by edges."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, StrictBool, StrictInt, StrictStr, model_validator

from intertwine.errors import SpecError, TooLargeError, located, shown
from intertwine.group.automorphism import automorphisms, named_graph
from intertwine.group.group import Group
from intertwine.numerals import many
from intertwine.spec.files import file_beside
from intertwine.spec.forms import Size, StrictMapping, refused

if TYPE_CHECKING:
    import networkx as nx

MOST_BYTES_OF_GRAPHS = 8 * 2**20
MOST_VERTICES = 1_000_000

_READERS = {
    ".graphml": "read_graphml",
    ".gml": "read_gml",
    ".edgelist": "read_edgelist",
    ".adjlist": "read_adjlist",
    ".g6": "read_graph6",
    ".s6": "read_sparse6",
}
# What networkx's readers raise for files that they cannot read.
_BROKEN_GRAPHS = (
    *(OSError, EOFError, ValueError, LookupError, SyntaxError, RecursionError, TypeError),
    *(AttributeError, OverflowError, AssertionError),
)


def _graph_name(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    advice = "write such as {graph: petersen}, or list the `edges`"
    directed = getattr(value, "is_directed", bool)() is True
    more = ", directed: True" if directed else ""
    match type(value).__module__.partition(".")[0]:
        case "networkx":
            edges = f"edges: list(G.edges()), vertices: len(G){more}"
            advice = f"write {edges} for G = networkx.convert_node_labels_to_integers(graph)"
        case "igraph":
            advice = f"write edges: graph.get_edgelist(), vertices: graph.vcount(){more}"
    raise refused("the name of a small graph", advice)


class GraphParts(StrictMapping):
    """A graph: a known name, a file beside the spec, or a list of edges."""

    examples: ClassVar = {"edges": "{automorphisms: {edges: [[0, 1], [1, 2]]}}"}

    graph: Annotated[StrictStr | None, BeforeValidator(_graph_name)] = None
    file: StrictStr | None = None
    edges: list[tuple[StrictInt, StrictInt]] | None = None
    vertices: Size | None = None
    directed: StrictBool = False
    vertex_label: StrictStr | None = None
    edge_label: StrictStr | None = None

    @model_validator(mode="after")
    def _one_source(self) -> GraphParts:
        if sum(source is not None for source in (self.graph, self.file, self.edges)) != 1:
            raise refused("exactly one of graph, file, edges", "keep one of them")
        return self

    def read(self, folder: FilePath | None) -> nx.Graph:
        """The graph itself."""
        if self.graph is not None:
            return named_graph(self.graph)
        if self.file is None:
            with located("edges"):
                return _listed_graph(self)
        with located("file"):
            return _graph_of_file(file_beside(folder, self.file), f"file: {shown(self.file)}")

    def symmetries(self, folder: FilePath | None) -> Group:
        """The group of all its automorphisms that keep its labels."""
        graph = self.read(folder)
        edges = list(graph.edges)
        if self.edges is not None and graph.is_multigraph():
            # networkx puts parallel edges together; their keys say where each was listed.
            edges.sort(key=lambda edge: (edge[0], edge[2]))
        name = self.graph or "graph"
        return automorphisms(graph, self.vertex_label, self.edge_label, name, edges)


def _graph_of_file(path: FilePath, named: str) -> nx.Graph:
    import networkx as nx

    reader = _READERS.get(path.suffix)
    if reader is None:
        raise SpecError(named, "a graph in one of " + ", ".join(_READERS), "convert it by networkx")
    content = path.read_bytes()
    if len(content) > MOST_BYTES_OF_GRAPHS:
        raise SpecError(named, f"at most {MOST_BYTES_OF_GRAPHS} bytes", "take a smaller graph")
    if b"<!ENTITY" in content:
        raise SpecError(f"{named}, which defines entities", "plain GraphML", "remove its DOCTYPE")
    if path.suffix == ".s6":
        _require_vertices(max(map(_sparse6_vertices, content.splitlines()), default=0))
    try:
        graph = getattr(nx, reader)(path)
    except (*_BROKEN_GRAPHS, nx.NetworkXException) as error:
        what, said = f"a graph that networkx.{reader} reads", f"it says: {shown(str(error), 120)}"
        raise SpecError(named, what, said) from None
    if isinstance(graph, list):
        given = f"{named} with {many(len(graph), 'graph')}"
        raise SpecError(given, "one graph", "keep one of them")
    _require_vertices(len(graph))
    return graph


def _sparse6_vertices(line: bytes) -> int:
    """How many vertices a line of sparse6 claims: six bits a byte, in 1, 3 or 6 bytes."""
    digits = [byte - 63 for byte in line.removeprefix(b">>sparse6<<").removeprefix(b":")[:8]]
    marks = 2 if digits[:2] == [63, 63] else 1 if digits[:1] == [63] else 0
    count = 0
    for digit in digits[marks : (1, 4, 8)[marks]]:
        count = 64 * count + digit
    return count


def _require_vertices(count: int) -> None:
    if count > MOST_VERTICES:
        raise TooLargeError(
            f"a graph of {many(count, 'vertex')} passes {MOST_VERTICES}, the most whose "
            "automorphisms are sought; take a smaller graph"
        )


def _listed_graph(parts: GraphParts) -> nx.Graph:
    import networkx as nx

    edges = parts.edges or []
    needed = 1 + max((max(edge) for edge in edges), default=-1)
    count = needed if parts.vertices is None else parts.vertices
    _require_vertices(count)
    wrong = next((edge for edge in edges if min(edge) < 0 or max(edge) >= count), None)
    if wrong is not None or count < 1:
        raise SpecError(
            f"the edge {list(wrong)}" if wrong else "a graph without vertices",
            f"vertices from 0 to {count - 1}" if wrong else "at least one",
            "correct the edges, or say how many `vertices` there are",
        )
    if parts.vertices is None and min(map(min, edges)) > 0:
        raise SpecError(
            f"edges between vertices from {min(map(min, edges))} on: vertex 0 has no edge",
            "vertices that count from 0",
            f"count from 0, or write `vertices: {count}` if vertex 0 is to stand alone",
        )
    simple = len({frozenset(edge) if not parts.directed else edge for edge in edges}) == len(edges)
    kinds = {(False, True): nx.Graph, (True, True): nx.DiGraph,
             (False, False): nx.MultiGraph, (True, False): nx.MultiDiGraph}  # fmt: skip
    graph = kinds[parts.directed, simple]()
    graph.add_nodes_from(range(count))
    # Of parallel edges the place in the list is the key.
    graph.add_edges_from(edges if simple else ((*edge, n) for n, edge in enumerate(edges)))
    return graph
