"""Files beside a spec: arrays of image lists, and graphs."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from math import prod
from pathlib import Path as FilePath
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError, TooLargeError, located, shown
from intertwine.limits import require
from intertwine.numerals import many
from intertwine.spec.forms import ArrayFile, is_name
from intertwine.spec.group_forms import GraphParts
from intertwine.spec.load import file_beside

if TYPE_CHECKING:
    import networkx as nx

MOST_BYTES_OF_GRAPHS = 8 * 2**20
MOST_VERTICES = 1_000_000

_SAVE = "save integers with numpy.save or numpy.savez"
_READERS = {
    ".graphml": "read_graphml",
    ".gml": "read_gml",
    ".edgelist": "read_edgelist",
    ".adjlist": "read_adjlist",
    ".g6": "read_graph6",
    ".s6": "read_sparse6",
}
# What zipfile and NumPy, and what networkx's readers, raise for files that they cannot read.
_BROKEN_ARRAYS = (
    *(OSError, EOFError, ValueError, KeyError, SyntaxError, RecursionError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, tokenize.TokenError, struct.error),
)
_BROKEN_GRAPHS = (
    *(OSError, EOFError, ValueError, LookupError, SyntaxError, RecursionError, TypeError),
    *(AttributeError, OverflowError, AssertionError),
)


def read_arrays(given: ArrayFile, folder: FilePath | None) -> Mapping[str, NDArray[Any]]:
    """The image lists of a `.npz` (one a name) or `.npy` file (one a row: g0, g1, ...)."""
    with located("file"):
        path = file_beside(folder, given.file)
        named = f"file: {shown(given.file)}"
        reader = {".npz": _archive, ".npy": _rows}.get(path.suffix)
        if reader is None:
            raise SpecError(named, "a .npy or .npz file", _SAVE)
        try:
            arrays = reader(path)
        except _BROKEN_ARRAYS:
            raise SpecError(named, "arrays of integers that NumPy saved", _SAVE) from None
    if given.array is not None:
        if given.array not in arrays:
            known = shown(", ".join(arrays) or "none", 200)
            with located("array"):
                raise SpecError(shown(given.array), f"one of {known}", "name an array of the file")
        return {given.array: arrays[given.array]}
    for name in arrays:
        if not is_name(name):
            with located("file"):
                raise SpecError(
                    f"an array with the name {shown(name)}",
                    "names of letters, digits and single underscores, that are no keywords",
                    "save it under another name, or choose it with `array:`",
                )
    return arrays


def _archive(path: FilePath) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(path) as archive:
        items = archive.infolist()
        require(2 * sum(item.file_size for item in items), "its arrays", "keep fewer in the file")
        arrays: dict[str, NDArray[Any]] = {}
        for item in items:
            name = item.filename.removesuffix(".npy")
            with archive.open(item) as stream:
                array = _array(stream, item.file_size)
            if array.ndim != 1 or name in arrays:
                raise SpecError(
                    f"the array {shown(name)} {'twice' if name in arrays else array.shape}",
                    "one axis of integers in each array",
                    _SAVE,
                )
            arrays[name] = array
        return arrays


def _rows(path: FilePath) -> dict[str, NDArray[Any]]:
    with path.open("rb") as stream:
        array = _array(stream, path.stat().st_size)
    if array.ndim not in (1, 2):
        raise SpecError(f"an array of shape {array.shape}", "one image list a row", _SAVE)
    return {f"g{number}": row for number, row in enumerate(np.atleast_2d(array))}


def _array(stream: IO[bytes], size: int) -> NDArray[Any]:
    """The integers of a `.npy` stream of `size` bytes, whose header must say what follows it."""
    version = np.lib.format.read_magic(stream)
    header = {(1, 0): np.lib.format.read_array_header_1_0,
              (2, 0): np.lib.format.read_array_header_2_0}[version]  # fmt: skip
    shape, by_columns, dtype = header(stream)
    if dtype.kind not in "iu":
        raise SpecError(f"an array of {shown(str(dtype))}", "integers", _SAVE)
    body = size - stream.tell()
    if min(shape, default=1) < 0 or prod(shape) * dtype.itemsize != body:
        raise ValueError("the header does not say how many bytes follow it")
    require(2 * body, "its array", "keep fewer image lists in the file")
    flat = np.frombuffer(stream.read(body), dtype=dtype)
    return flat.reshape(shape, order="F" if by_columns else "C")


def read_graph(parts: GraphParts, folder: FilePath | None) -> nx.Graph:
    """The graph of a file beside the spec or of a list of edges."""
    if parts.file is None:
        with located("edges"):
            return _listed_graph(parts)
    with located("file"):
        return _graph_of_file(file_beside(folder, parts.file), f"file: {shown(parts.file)}")


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
