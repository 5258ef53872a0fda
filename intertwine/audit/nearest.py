"""The nearest equivariant maps, and where the rest of a weight was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intertwine.audit.words import entry
from intertwine.hom.pattern import Pattern
from intertwine.hom.space import IntertwinerSpace
from intertwine.limits import require

Array = NDArray[np.float64]

_MOST_LISTED = 200


@dataclass(frozen=True)
class Orbital:
    """Entries that equivariance ties together, or all those that it makes zero.

    `energy` is their share of the weight's squared norm, and `lost` what the nearest equivariant
    map leaves out of it.
    """

    output: str
    input: str
    entries: int
    vanishes: bool
    energy: float
    lost: float

    def __str__(self) -> str:
        zero = ", where every map vanishes" if self.vanishes else ""
        return f"{self.output} <- {self.input}{zero}: {self.lost:.2g} of {self.energy:.2g} lost"


def coefficients(space: IntertwinerSpace, maps: Array) -> Array:
    """Those of the nearest intertwiners of maps of shape (rows, columns, ...).

    Least squares through the inner products of the basis elements: signed means over orbitals
    where their supports are disjoint.
    """
    from scipy.sparse.linalg import splu

    if not space.dimension:
        return np.zeros((0, *maps.shape[2:]))
    rows, columns = maps.shape[:2]
    require(24 * maps.size + 24 * rows * columns, "the projection of the weight", "audit a part")
    stack = space.found.stack.astype(np.float64)
    products = stack @ maps.reshape(rows * columns, -1)
    found = splu((stack @ stack.T).tocsc()).solve(np.asarray(products))
    return np.asarray(found).reshape(space.dimension, *maps.shape[2:])


def orbitals(space: IntertwinerSpace, maps: Array, nearest: Array) -> tuple[Orbital, ...]:
    """Where the nearest intertwiners lose most of the energy of maps: at most 200 orbitals.

    Where basis elements overlap, all that are linked by shared entries are taken together.
    """
    labels = _labels(space)
    count = int(labels.max()) + 1
    flat = (len(labels), -1)
    total = float((maps**2).sum())
    energies, losses = (
        np.bincount(labels, (part**2).reshape(flat).sum(axis=1), minlength=count)
        for part in (maps, maps - nearest)
    )
    sizes = np.bincount(labels, minlength=count)
    firsts = np.full(count, len(labels))
    np.minimum.at(firsts, labels, np.arange(len(labels)))
    shares = (energies / total, losses / total) if total else (0 * energies, 0 * losses)
    present = np.flatnonzero(sizes)
    worst = present[np.argsort(-np.round(shares[1][present], 12), kind="stable")][:_MOST_LISTED]
    return tuple(
        Orbital(
            entry(space.target, int(firsts[k]) // maps.shape[1]),
            entry(space.source, int(firsts[k]) % maps.shape[1]),
            int(sizes[k]),
            bool(k == 0),
            float(shares[0][k]),
            float(shares[1][k]),
        )
        for k in worst
    )


def _labels(space: IntertwinerSpace) -> NDArray[np.intp]:
    """The number of each entry's orbital, row-major, from 1 on; 0 where every map vanishes."""
    if isinstance(space.found, Pattern):
        return np.abs(space.codes).ravel().astype(np.intp)
    from scipy.sparse import block_array
    from scipy.sparse.csgraph import connected_components

    stack = abs(space.found.stack)
    _, parts = connected_components(block_array([[None, stack], [stack.T, None]]), directed=False)
    touched = np.bincount(stack.tocoo().coords[1], minlength=stack.shape[1]) > 0
    _, numbers = np.unique(parts[space.dimension :][touched], return_inverse=True)
    labels = np.zeros(stack.shape[1], dtype=np.intp)
    labels[touched] = 1 + numbers
    return labels
