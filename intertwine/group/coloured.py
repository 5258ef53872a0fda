"""Generators of the automorphism group of a coloured graph: twins, components, and then BLISS.

Vertices of one colour with the same neighbours, each other left out or counted in, are twins: any
permutation of a class of twins is an automorphism, and what is left is an automorphism of the graph
of classes, coloured by their kinds and sizes.  A vertex with one neighbour and no twin goes where
its neighbour goes, and becomes a colour of it.  Isomorphic components are permuted in every way.
So a graph of many alike parts has few generators, and BLISS sees each part once; of a tree, none.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import factorial, prod

import numpy as np

from intertwine.group.bliss import Plain, automorphism_generators, canonical_place
from intertwine.group.generation import fewer_generators, permutation_order
from intertwine.group.orbit import components, orbit_labels, orbit_transversal
from intertwine.group.permutation import Indices

# To do without fewer vertices than one in so many is not worth a graph of its own.
_PARTS = 20

# Lists of vertices, and the lists that they go to, in order.
Move = tuple[Sequence[Indices], Sequence[Indices]]


@dataclass(frozen=True, eq=False)
class Symmetry:
    """A permutation group by generators, and its order, computed when it is asked for."""

    generators: list[Indices]
    order: Callable[[], int]


@dataclass(frozen=True, eq=False)
class ColouredGraph:
    """A graph without loops or repeated edges: a colour a vertex, and the two ends of each edge."""

    colours: list[int]
    ends: Indices
    directed: bool

    @property
    def count(self) -> int:
        """How many vertices it has."""
        return len(self.colours)

    @property
    def plain(self) -> Plain:
        """The graph in lists."""
        return self.colours, self.ends.tolist(), self.directed

    def symmetry(self) -> Symmetry:
        """The automorphism group: a few generators, on the vertices, and the order.

        Raises:
            TooLargeError: they are not found in the time or the memory that is left.

        >>> spokes = np.array([[0, leaf] for leaf in range(1, 1000)])
        >>> star = ColouredGraph([0] * 1000, spokes, directed=False).symmetry()
        >>> [np.flatnonzero(g != np.arange(1000)).tolist()[:3] for g in star.generators]
        [[1, 2], [1, 2, 3]]
        >>> star.order() == factorial(999)
        True
        """
        apart, joined = self._twins(joined=False), self._twins(joined=True)
        if self._many(sum(len(several) - 1 for several in (*apart, *joined))):
            return self._by_twins(apart, joined)
        pendants = {} if apart or joined else self._pendants()
        if self._many(sum(map(len, pendants.values()))):
            return self._without(pendants)
        labels = components(self.count, [(self.ends[:, 0], self.ends[:, 1])])
        if labels.any():
            return self._by_components(_classes(labels.tolist()))
        few = fewer_generators(automorphism_generators(self.plain), self.count)
        return Symmetry(few, partial(permutation_order, few))

    def _many(self, vertices: int) -> bool:
        """Whether it is worth a smaller graph to do without these vertices."""
        return vertices > 0 and _PARTS * vertices >= self.count

    def part(self, vertices: Indices) -> ColouredGraph:
        """The graph on some of the vertices, renumbered in their order."""
        number = np.full(self.count, -1, dtype=np.intp)
        number[vertices] = np.arange(len(vertices))
        ends = number[self.ends]
        colours = [self.colours[vertex] for vertex in vertices.tolist()]
        return ColouredGraph(colours, ends[(ends >= 0).all(axis=1)], self.directed)

    def _twins(self, joined: bool) -> list[Indices]:
        """The classes of at least two twins, which are each other's neighbours where `joined`."""
        near = [self._neighbours(self.ends, joined)]
        if self.directed:
            near.append(self._neighbours(self.ends[:, ::-1], joined))
        return [c for c in _classes(zip(self.colours, *near, strict=True)) if len(c) > 1]

    def _neighbours(self, ends: Indices, joined: bool) -> list[bytes]:
        """Of each vertex its neighbours in order, itself among them where `joined`."""
        own = np.repeat(np.arange(self.count, dtype=np.intp)[:, None], 2, axis=1)
        both = [ends] if self.directed else [ends, ends[:, ::-1]]
        edges = np.concatenate([*both, own] if joined else both)
        edges = edges[np.lexsort((edges[:, 1], edges[:, 0]))]
        starts = np.searchsorted(edges[:, 0], np.arange(self.count + 1)).tolist()
        return [edges[start:stop, 1].tobytes() for start, stop in pairwise(starts)]

    def _by_twins(self, apart: list[Indices], joined: list[Indices]) -> Symmetry:
        """The symmetry of the graph of classes, carried to members, and all of each class."""
        kinds = {int(several[0]): (1, len(several)) for several in apart}
        kinds |= {int(several[0]): (2, len(several)) for several in joined}
        members = {int(several[0]): several for several in (*apart, *joined)}
        others = {vertex for several in members.values() for vertex in several[1:].tolist()}
        kept = np.array([v for v in range(self.count) if v not in others], dtype=np.intp)
        blocks = [members.get(v, np.array([v], dtype=np.intp)) for v in kept.tolist()]
        classes = self.part(kept)
        kinded = zip(classes.colours, (kinds.get(v) for v in kept.tolist()), strict=True)
        between = ColouredGraph(numbered(kinded), classes.ends, self.directed).symmetry()
        moves: list[Move] = [(blocks, [blocks[k] for k in g.tolist()]) for g in between.generators]
        for k in orbit_transversal(orbit_labels(between.generators, len(blocks))).tolist():
            moves += _all_permutations([blocks[k][t : t + 1] for t in range(len(blocks[k]))])
        sizes = [len(block) for block in blocks]
        return self._moving(moves, lambda: between.order() * prod(map(factorial, sizes)))

    def _moving(self, moves: Iterable[Move], order: Callable[[], int]) -> Symmetry:
        return Symmetry([_moved(self.count, move) for move in moves], order)

    def _pendants(self) -> dict[int, list[int]]:
        """Vertices with one neighbour, by colour, of each neighbour that has others."""
        if self.directed:
            return {}
        degrees = np.bincount(self.ends.ravel(), minlength=self.count)
        pendants: dict[int, list[int]] = {}
        for inner, outer in np.concatenate([self.ends, self.ends[:, ::-1]]).tolist():
            if degrees[outer] == 1 < degrees[inner]:
                pendants.setdefault(inner, []).append(outer)
        return {v: sorted(some, key=self.colours.__getitem__) for v, some in pendants.items()}

    def _without(self, pendants: Mapping[int, list[int]]) -> Symmetry:
        """The symmetry of the graph without these vertices, which go where their neighbours go."""
        left_out = {vertex for some in pendants.values() for vertex in some}
        kept = np.array([v for v in range(self.count) if v not in left_out], dtype=np.intp)
        blocks = [np.array([v, *pendants.get(v, ())], dtype=np.intp) for v in kept.tolist()]
        colours = [tuple(self.colours[v] for v in block.tolist()) for block in blocks]
        smaller = ColouredGraph(numbered(colours), self.part(kept).ends, directed=False).symmetry()
        moves = ((blocks, [blocks[k] for k in g.tolist()]) for g in smaller.generators)
        return self._moving(moves, smaller.order)

    def _by_components(self, parts: Sequence[Indices]) -> Symmetry:
        """The symmetry of the first component of each kind, and all permutations of the kind."""
        kinds: dict[Hashable, list[Indices]] = {}
        for vertices in parts:
            kinds.setdefault(self.part(vertices).invariant, []).append(vertices)
        alike: dict[Hashable, list[Indices]] = {}
        for kind, several in kinds.items():
            for vertices in several:
                ordered, form = self._canonical(vertices) if len(several) > 1 else (vertices, None)
                alike.setdefault((kind, form), []).append(ordered)
        moves: list[Move] = []
        owns = [(self.part(several[0]).symmetry(), several) for several in alike.values()]
        for own, several in owns:
            moves += [([several[0]], [several[0][g]]) for g in own.generators]
            moves += _all_permutations(several)
        return self._moving(
            moves, lambda: prod(own.order() ** len(s) * factorial(len(s)) for own, s in owns)
        )

    @property
    def invariant(self) -> Hashable:
        """What isomorphic graphs share, and is quickly told."""
        return len(self.ends), tuple(sorted(self.colours))

    def _canonical(self, vertices: Indices) -> tuple[Indices, Hashable]:
        """The vertices of a component in a canonical order, and the component in that order."""
        ordered = vertices[np.argsort(canonical_place(self.part(vertices).plain))]
        part = self.part(ordered)
        ends = part.ends if self.directed else np.sort(part.ends, axis=1)
        return ordered, (tuple(part.colours), tuple(sorted(map(tuple, ends.tolist()))))


def numbered(labels: Iterable[Hashable]) -> list[int]:
    """Equal labels as equal numbers, in order of first occurrence.

    >>> numbered("abca")
    [0, 1, 2, 0]
    """
    number: dict[Hashable, int] = {}
    return [number.setdefault(label, len(number)) for label in labels]


def _classes(labels: Iterable[Hashable]) -> list[Indices]:
    """The places of equal labels, by first occurrence."""
    places: dict[Hashable, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    return [np.array(several, dtype=np.intp) for several in places.values()]


def _all_permutations(several: Sequence[Indices]) -> list[Move]:
    """Moves that generate all permutations of lists of one length: a swap, and a cycle."""
    if len(several) < 2:
        return []
    swap: Move = (several[:2], several[1::-1])
    return [swap, (several, [*several[1:], several[0]])][: len(several) - 1]


def _moved(count: int, move: Move) -> Indices:
    images = np.arange(count, dtype=np.intp)
    images[np.concatenate(move[0])] = np.concatenate(move[1])
    return images
