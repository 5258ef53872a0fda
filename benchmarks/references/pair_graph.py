"""The obvious way to find orbitals: connected components of the graph on all pairs of points."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from intertwine.action.action import Action


def pair_graph_dimension(source: Action, target: Action) -> int:
    """How many orbitals there are: components of all pairs, of their doubles where there are signs.

    A component that holds a vector and its negative is none.
    """
    signed = source.signed or target.signed
    count = source.dimension * target.dimension
    images = []
    for t, s in zip(target.generators, source.generators, strict=True):
        image = (t.images[:, None] * source.dimension + s.images).ravel().astype(np.int32)
        if signed:
            ones = [np.ones(g.degree, np.int8) if g.signs is None else g.signs for g in (t, s)]
            image = image + np.where(np.multiply.outer(*ones).ravel() < 0, count, 0).astype(
                np.int32
            )
            image = np.concatenate([image, (image + count) % (2 * count)])
        images.append(image)
    nodes, ends = len(images[0]), np.stack(images, axis=1).ravel()
    starts = np.arange(0, len(ends) + 1, len(images), dtype=np.int32)
    graph = csr_array((np.ones(len(ends), np.int8), ends, starts), shape=(nodes, nodes))
    components, labels = connected_components(graph, connection="weak")
    if not signed:
        return int(components)
    plus, minus = labels[:count], labels[count:]
    return len(np.unique([plus[plus != minus], minus[plus != minus]])) // 2
