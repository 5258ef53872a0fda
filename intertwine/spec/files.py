"""Files beside a spec: arrays of image lists, and graphs."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError, located, shown
from intertwine.limits import require
from intertwine.spec.forms import ArrayFile
from intertwine.spec.group_forms import GraphParts
from intertwine.spec.load import file_beside

if TYPE_CHECKING:
    import networkx as nx

_READERS = {
    ".graphml": "read_graphml",
    ".gml": "read_gml",
    ".edgelist": "read_edgelist",
    ".adjlist": "read_adjlist",
    ".g6": "read_graph6",
    ".s6": "read_sparse6",
}


def read_arrays(given: ArrayFile, folder: FilePath | None) -> Mapping[str, NDArray[Any]]:
    """The image lists of a `.npz` (one a name) or `.npy` file (one a row: g0, g1, ...)."""
    path = file_beside(folder, given.file)
    advice = "save integers with numpy.save or numpy.savez"
    try:
        if path.suffix == ".npz":
            with zipfile.ZipFile(path) as archive:
                size = sum(item.file_size for item in archive.infolist())
            require(2 * size, f"{shown(given.file)}", "keep fewer image lists in it")
            with np.load(path, allow_pickle=False) as loaded:
                arrays = {name: loaded[name] for name in loaded.files}
        elif path.suffix == ".npy":
            loaded = np.load(path, allow_pickle=False, mmap_mode="r")
            require(2 * loaded.nbytes, f"{shown(given.file)}", "keep fewer image lists in it")
            arrays = {f"g{k}": row for k, row in enumerate(np.atleast_2d(np.asarray(loaded)))}
        else:
            raise SpecError(f"file: {shown(given.file)}", "a .npy or .npz file", advice)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError):
        raise SpecError(
            f"file: {shown(given.file)}", "arrays that NumPy reads without pickle", advice
        ) from None
    if given.array is not None:
        if given.array not in arrays:
            raise SpecError(
                f"array: {shown(given.array)}",
                f"one of {shown(', '.join(arrays), 200)}",
                "name an array of the file",
            )
        arrays = {given.array: arrays[given.array]}
    for name, array in arrays.items():
        if array.ndim != 1 or array.dtype.kind not in "iu":
            raise SpecError(
                f"the array {shown(name)} of {array.dtype}, shape {array.shape}",
                "one axis of integers",
                advice,
            )
    return arrays


def read_graph(parts: GraphParts, folder: FilePath | None) -> nx.Graph:
    """The graph of a file beside the spec or of a list of edges."""
    import networkx as nx

    if parts.file is None:
        return _listed_graph(parts)
    with located("file"):
        path = file_beside(folder, parts.file)
        reader = _READERS.get(path.suffix)
        if reader is None:
            raise SpecError(
                f"file: {shown(parts.file)}",
                "a graph in one of " + ", ".join(_READERS),
                "convert it with networkx",
            )
        try:
            graph = getattr(nx, reader)(path)
        except Exception as error:
            raise SpecError(
                f"file: {shown(parts.file)}",
                f"a graph that networkx.{reader} reads",
                f"it says: {shown(str(error), 120)}",
            ) from None
        if isinstance(graph, list):
            raise SpecError(f"file: {shown(parts.file)} with several graphs", "one", "split it")
        return graph


def _listed_graph(parts: GraphParts) -> nx.Graph:
    import networkx as nx

    edges = parts.edges or []
    needed = 1 + max((max(edge) for edge in edges), default=-1)
    count = needed if parts.vertices is None else parts.vertices
    require(1000 * count, f"a graph of {count} vertices", "take a smaller graph")
    wrong = next((edge for edge in edges if min(edge) < 0 or max(edge) >= count), None)
    if wrong is not None or count < 1:
        raise SpecError(
            f"the edge {list(wrong)}" if wrong else "a graph without vertices",
            f"vertices from 0 to {count - 1}" if wrong else "at least one",
            "correct the edges, or say how many `vertices` there are",
        )
    simple = len({frozenset(edge) if not parts.directed else edge for edge in edges}) == len(edges)
    kinds = {(False, True): nx.Graph, (True, True): nx.DiGraph,
             (False, False): nx.MultiGraph, (True, False): nx.MultiDiGraph}  # fmt: skip
    graph = kinds[parts.directed, simple]()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    return graph
