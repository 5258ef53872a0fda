"""Stabilizer chains by Schreier-Sims: order, membership and all elements of a permutation group.

A chain is a base `b_1, ..., b_m`, and for each level the orbit of `b_i` under the strong
generators that fix `b_1 .. b_(i-1)`.  The product of the orbit lengths never exceeds the order, so
a chain that reaches a known order is proved by that alone.  Otherwise every Schreier generator of
every level is sifted (Leon 1980), which proves it: random elements only make that last step succeed
at once.
Sims 1970; Seress, Permutation Group Algorithms, chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import log2, prod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import CertificateError
from intertwine.group.giant import recognise_giant
from intertwine.group.level import Batch, Level
from intertwine.group.orbit import orbit_labels, schreier_tree
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.group.random import RandomElements
from intertwine.group.verify import verify
from intertwine.limits import spend

_QUIET_SIFTS = 12
_PATIENT_SIFTS = 200
_BLOCK_ENTRIES = 1 << 21
# Of sifting one element by one level.
_SECONDS = 1.2e-5
_SECONDS_A_POINT = 1.5e-8
_SECONDS_TO_GROW = 6e-8
_SECONDS_TO_BEGIN = 2e-6
_ADVICE = "take fewer points, or an action that has a name, such as {subsets: [points, 2]}"


class StabilizerChain:
    """A base and strong generating set, complete once made by `of`.

    >>> chain = StabilizerChain.of([np.array([1, 2, 3, 4, 0]), np.array([1, 0, 2, 3, 4])])
    >>> chain.order, chain.base
    (120, (0, 1, 2, 3))
    """

    def __init__(self, degree: int) -> None:
        self.degree = degree
        self._strong: list[Indices] = []
        self._depth: list[int] = []
        self.levels: list[Level] = []

    @classmethod
    def of(
        cls,
        generators: Sequence[Indices],
        order: int | None = None,
        seed: int = 0,
        degree: int | None = None,
    ) -> StabilizerChain:
        """The chain of the group that `generators` generate, proved.

        `order`, where the caller has proved it, ends the work as soon as it is reached.  `degree`
        is only needed where there may be no generators.
        """
        chain = cls(len(generators[0]) if len(generators) else degree or 0)
        moving = [g for g in generators if not np.array_equal(g, np.arange(len(g)))]
        for element in moving:
            chain.absorb(element)
        if not moving:
            return chain
        if order is not None:
            spend_on_chain(chain.degree, order)
        source = RandomElements([SignedPermutation(g) for g in moving], seed)
        chain._search(source.draw, order, _QUIET_SIFTS if order is None else _PATIENT_SIFTS)
        if chain.order not in (order, order or _order_bound(moving, chain.degree)):
            verify(chain, moving)
        if order is not None and chain.order != order:
            raise CertificateError(f"a chain of order {chain.order} in a group of order {order}")
        return chain

    @classmethod
    def sketch(cls, generators: Sequence[Indices], degree: int, order: int | None = None) -> Self:
        """A chain that may be incomplete: what it holds is in the group, and its order a bound.

        The search ends where `order` is reached or passed.
        """
        chain = cls(degree)
        for element in generators:
            chain.absorb(element)
        source = RandomElements([SignedPermutation(g) for g in generators])
        chain._search(source.draw, order, _QUIET_SIFTS)
        return chain

    @classmethod
    def reaching(cls, degree: int, draw: Callable[[], SignedPermutation], order: int) -> Self:
        """The chain of a group of known order from random elements of it alone."""
        spend_on_chain(degree, order)
        chain = cls(degree)
        while chain.order < order:
            chain.absorb(draw().images)
        return chain

    @property
    def strong_generators(self) -> tuple[Indices, ...]:
        """Elements that generate the group, and with the base its stabilizers."""
        return tuple(self._strong)

    @property
    def base(self) -> tuple[int, ...]:
        """The base points, each the smallest point moved when it was chosen."""
        return tuple(level.tree.root for level in self.levels)

    @property
    def order(self) -> int:
        """The product of the orbit lengths."""
        return prod(level.tree.size for level in self.levels)

    def sift(self, batch: Batch) -> tuple[Batch, NDArray[np.intp]]:
        """The residues of a batch of elements, one a row, and the depth at which each stopped.

        The depth is the number of levels passed; an element of the group ends as the identity.
        """
        batch = np.array(batch, dtype=np.intp, ndmin=2)
        depth = np.full(len(batch), len(self.levels), dtype=np.intp)
        active = np.arange(len(batch))
        for number, level in enumerate(self.levels):
            inside = level.tree.edge[batch[active, level.tree.root]] != -2
            depth[active[~inside]] = number
            active = active[inside]
            batch[active] = level.strip(batch[active])
        return batch, depth

    def sift_one(self, element: Indices) -> tuple[Indices, int]:
        """`sift` for a single element: its residue and the depth at which it stopped."""
        for number, level in enumerate(self.levels):
            if level.tree.edge[element[level.tree.root]] == -2:
                return element, number
            element = level.strip_one(element)
        return element, len(self.levels)

    def extended(self, batch: Batch) -> NDArray[np.intp]:
        """The images of all points under elements that are given on the first of them, one a row.

        The first points must hold the base, for then they determine an element.
        """
        first = batch.shape[1]
        still = np.broadcast_to(np.arange(first, self.degree), (len(batch), self.degree - first))
        residues, _ = self.sift(np.concatenate([batch, still], axis=1))
        return np.concatenate([batch, first + np.argsort(residues[:, first:] - first)], axis=1)

    def __contains__(self, element: Indices) -> bool:
        return bool(np.array_equal(self.sift_one(element)[0], np.arange(self.degree)))

    def number(self, batch: Batch) -> NDArray[np.intp]:
        """The place of each element, one a row, in the order of `elements`; the identity is 0."""
        batch = np.array(batch, dtype=np.intp, ndmin=2)
        place = np.zeros(len(batch), dtype=np.intp)
        for level in self.levels:
            place = place * len(level.orbit) + level.place[batch[:, level.tree.root]]
            batch = level.strip(batch)
        return place

    def elements(self) -> Iterator[Batch]:
        """Every element once, as blocks of rows, in the order of `number`."""
        tail = np.arange(self.degree, dtype=np.intp)[None]
        heads = list(self.levels)
        while heads and len(tail) * heads[-1].tree.size * self.degree <= _BLOCK_ENTRIES:
            level = heads.pop()
            tail = np.concatenate([u[tail] for u in level.transversal()])
        yield from _products([level.transversal() for level in heads], tail)

    def strong_from(self, number: int) -> list[Indices]:
        """The strong generators that fix the base points before this level."""
        return [g for g, depth in zip(self._strong, self._depth, strict=True) if depth >= number]

    def strong_at(self, number: int) -> list[Indices]:
        """Those of them that move this level's base point."""
        return [g for g, depth in zip(self._strong, self._depth, strict=True) if depth == number]

    def absorb(self, element: Indices) -> int | None:
        """Sift one element and add what is left of it: at which depth, or `None` if nothing is."""
        residue, depth = self.sift_one(element)
        if np.array_equal(residue, np.arange(self.degree)):
            return None
        self._strong.append(residue)
        self._depth.append(depth)
        if depth == len(self.levels):
            root = int(np.flatnonzero(residue != np.arange(self.degree))[0])
            self.levels.append(self._level(root, depth))
        for number in range(depth, -1, -1):
            tree = self.levels[number].tree
            if (tree.edge[residue[tree.points]] == -2).any():
                self.levels[number] = self._level(tree.root, number)
        return depth

    def _level(self, root: int, number: int) -> Level:
        edges = self.strong_from(number)
        tree = schreier_tree(edges, root, self.degree)
        if len(tree.levels) > 2 * tree.size.bit_length() + 4:
            source = RandomElements([SignedPermutation(g) for g in edges], mixing=30)
            edges = [source.draw().images for _ in range(6)] + edges
            tree = schreier_tree(edges, root, self.degree)
        inverses = np.stack([SignedPermutation(g).inverse().images for g in edges])
        return Level(tree, tuple(edges), inverses)

    def _search(
        self, draw: Callable[[], SignedPermutation], order: int | None, patience: int
    ) -> None:
        """Absorb random elements until the order is reached, or several in turn bring nothing."""
        quiet = 0
        while quiet < patience and (order is None or self.order < order):
            nothing = self.absorb(draw().images) is None
            quiet = quiet + 1 if nothing else 0
            if order is None:  # how long it takes is only seen on the way
                growing = 0.0 if nothing else _SECONDS_TO_GROW * self.degree
                seconds = len(self.levels) * (_SECONDS + _SECONDS_A_POINT * self.degree + growing)
                spend(seconds, f"a search of a group on {self.degree} points", _ADVICE)


def search_seconds(degree: int, levels: float) -> float:
    """About how long it takes to find a chain: an element a level, sifted by every level."""
    return levels**2 * (_SECONDS + _SECONDS_A_POINT * degree)


def spend_on_chain(degree: int, order: int) -> None:
    """Agree to the chain of a group of known order, or refuse it; about two bits go to a level."""
    bits = order.bit_length()
    levels = min(degree, 1 + 2 * bits / log2(max(2, degree)))
    spend(
        search_seconds(degree, levels) + _SECONDS_TO_BEGIN * degree,
        f"a search of a group of order about 10^{bits * 30103 // 100000} on {degree} points",
        _ADVICE,
    )


def _order_bound(generators: Sequence[Indices], degree: int) -> int | None:
    """The product of the orders on the orbits, where each orbit is a giant or has two points."""
    labels = orbit_labels(generators, degree)
    bound = 1
    for number in range(int(labels.max()) + 1):
        points = np.flatnonzero(labels == number)
        restricted = [np.searchsorted(points, g[points]) for g in generators]
        giant = recognise_giant(restricted)
        if giant is None and len(points) > 2:
            return None
        bound *= len(points) if giant is None else giant.order
    return bound


def _products(heads: list[Batch], tail: Batch) -> Iterator[Batch]:
    if not heads:
        yield tail
        return
    for u in heads[0]:
        for block in _products(heads[1:], tail):
            yield u[block]
