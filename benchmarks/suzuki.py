"""Suzuki's sporadic group on 1782 points, made from G2(4) on 416.

The vertices of Suzuki's graph are one point, the 416 points and the 1365 root subgroups of G2(4);
every adjacency is an orbital of G2(4), known by its valency (Suzuki 1969; Brouwer and Van Maldeghem
2022, Strongly Regular Graphs).  Its automorphism group is Suz.2, whose commutators generate Suz.
"""

from __future__ import annotations

from collections.abc import Sequence

import igraph
import numpy as np

from intertwine.action.action import Declared
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.group.random import RandomElements
from intertwine.hom.orbital import orbital_codes

Images = np.ndarray
ORDER = 448345497600


def suzuki_generators(g24: Sequence[Images]) -> tuple[Images, ...]:
    """Two commutators that generate Suz, from generators of G2(4) on its 416 points."""
    roots = _on_root_subgroups(g24)
    joined = np.zeros((1782, 1782), dtype=bool)
    joined[0, 1:417] = True
    joined[1:417, 1:417] = _orbital(g24, g24, 100)
    joined[417:, 1:417] = _orbital(roots, g24, 96)
    joined[417:, 417:] = _orbital(roots, roots, 320)
    graph = igraph.Graph(n=1782, edges=np.argwhere(np.triu(joined | joined.T)).tolist())
    source = RandomElements([SignedPermutation.of(image) for image in graph.automorphism_group()])
    return tuple(_commutator(source.draw(), source.draw()).images for _ in range(2))


def _on_root_subgroups(g24: Sequence[Images]) -> list[Images]:
    """G2(4) on the 4095 long root elements, and so on their 1365 groups of three."""
    elements = _conjugates(_root_element(g24), g24)
    place = {row.tobytes(): number for number, row in enumerate(elements)}
    on_elements = [
        np.array([place[row.tobytes()] for row in g[elements[:, np.argsort(g)]]]) for g in g24
    ]
    codes = _codes(on_elements, on_elements)
    alone = np.flatnonzero(np.bincount(codes[0]) == 1)
    first, group = np.unique(np.isin(codes, alone).argmax(axis=1), return_inverse=True)
    return [group[image[first]] for image in on_elements]


def _root_element(g24: Sequence[Images]) -> Images:
    """An involution with 32 fixed points: a power of a random element of even order."""
    source = RandomElements([SignedPermutation(g) for g in g24])
    while True:
        element = source.draw()
        power = element
        for _ in range(element.order() // 2 - 1):
            power = power * element
        if element.order() % 2 == 0 and power.trace() == 32:
            return power.images


def _conjugates(element: Images, g24: Sequence[Images]) -> Images:
    found, new = element[None], element[None]
    while len(new):
        reached = np.concatenate([g[new[:, np.argsort(g)]] for g in g24])
        grown = np.unique(np.concatenate([found, reached]), axis=0)
        known = {row.tobytes() for row in found}
        new = np.array([row for row in grown if row.tobytes() not in known])
        found = grown
    return found


def _commutator(a: SignedPermutation, b: SignedPermutation) -> SignedPermutation:
    return a.inverse() * b.inverse() * a * b


def _orbital(target: Sequence[Images], source: Sequence[Images], valency: int) -> Images:
    codes = _codes(target, source)
    return np.equal(codes, np.flatnonzero(np.bincount(codes[0]) == valency)[0])


def _codes(target: Sequence[Images], source: Sequence[Images]) -> Images:
    group = Group("G2(4)", tuple(f"g{place}" for place in range(len(source))), {})
    rows, columns = (
        Declared(group, tuple(SignedPermutation(np.asarray(g, dtype=np.intp)) for g in side))
        for side in (target, source)
    )
    return orbital_codes(columns, rows)
