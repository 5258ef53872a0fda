"""Subgroups by generators that are proved to generate them: stabilizers, of known orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intertwine.group.chain import StabilizerChain
from intertwine.group.orbit import schreier_tree
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.group.random import RandomElements


@dataclass(frozen=True, eq=False)
class Subgroup:
    """A subgroup by generators that are proved to generate it, and its order."""

    generators: tuple[SignedPermutation, ...]
    order: int

    def stabilizer(self, point: int, length: int) -> Subgroup:
        """The stabilizer, up to sign, of a point whose orbit has `length` points."""
        if length == 1:
            return self
        order, degree = self.order // length, self.generators[0].degree
        if order == 1:
            return Subgroup((), 1)
        images = [g.images for g in self.generators]
        source = RandomElements(self.generators)
        shortcuts = [source.draw() for _ in range(4)]
        edges = [*self.generators, *shortcuts]
        tree = schreier_tree([*images, *(g.images for g in shortcuts)], point, degree)
        inverses = [edge.inverse() for edge in edges]

        def draw() -> SignedPermutation:
            element = source.draw()
            while element.images[point] != point:
                element = inverses[tree.edge[element.images[point]]] * element
            return SignedPermutation(element.doubled()) if element.signed else element

        signed = any(edge.signed for edge in self.generators)
        chain = StabilizerChain.reaching(degree * (1 + signed), draw, order)
        return Subgroup(tuple(_halved(g, degree) for g in chain.strong_generators), order)


def order_of(generators: Sequence[SignedPermutation]) -> int:
    """The order of the group that signed permutations generate."""
    return StabilizerChain.of([g.doubled() for g in generators]).order


def _halved(images: Indices, degree: int) -> SignedPermutation:
    if len(images) == degree:
        return SignedPermutation(images)
    half = images[:degree]
    return SignedPermutation(half % degree, np.where(half < degree, 1, -1).astype(np.int8))
