"""A group acting on fibres over points: on both sides at once, and on the block over one pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from intertwine.action.action import Action
from intertwine.action.element import AtomUnion
from intertwine.action.linear import Sparse, identity
from intertwine.action.matrices import exact_matrices
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import REALS, Modulus, Scalars
from intertwine.errors import TooLargeError
from intertwine.group.permutation import Indices, SignedPermutation, concatenated
from intertwine.hom.commute import generator_matrices
from intertwine.hom.local import SmallGroup
from intertwine.hom.spin import Pair
from intertwine.hom.subgroup import Subgroup, order_of
from intertwine.limits import require

_ORTHOGONAL = 1e-9
_KEPT = 64


@dataclass(frozen=True, eq=False)
class Bundle:
    """Input or output: its action, the points below, and the coordinates over each."""

    action: Action

    @cached_property
    def points(self) -> Action:
        """The permutation action over whose points the fibres stand."""
        return self.action.points

    @cached_property
    def fibres(self) -> list[Indices]:
        """The coordinates over each point, in order."""
        size = self.action.dimension
        require(32 * size, f"the {size} coordinates of {self.action}", "take smaller fibres")
        below = self.action.fibre_of
        order = np.argsort(below, kind="stable").astype(np.intp)
        edges = np.searchsorted(below[order], np.arange(self.points.dimension + 1))
        return [order[a:b] for a, b in pairwise(edges.tolist())]


class Fibration:
    """A group acting on both sides at once: on the points below, and by matrices above them."""

    def __init__(self, source: Action, target: Action) -> None:
        self.source, self.target = Bundle(source), Bundle(target)
        self.union = AtomUnion([target, source])
        group = source.group
        parts: list[tuple[SignedPermutation, ...]] = [
            self.target.points.generators,
            self.source.points.generators,
        ]
        self.start = self.target.points.dimension + self.source.points.dimension
        joint = [concatenated(c) for c in zip(*parts, self.union.generators, strict=True)]
        if group.sets or group.factors:
            faithful = group.faithful_images()
            joint = [concatenated(pair) for pair in zip(joint, faithful, strict=True)]
            order = group.order
        else:
            order = order_of(joint) if joint else 1
        self.whole = Subgroup(tuple(joint), order)
        self._moduli: dict[int, Modulus] = {}
        self._carrying: dict[SignedPermutation, tuple[Sparse, Sparse]] = {}

    @cached_property
    def _exact(self) -> list[ExactMatrix]:
        return exact_matrices([self.source.action, self.target.action])

    def modulus(self, number: int) -> Modulus:
        """A prime that suits all matrices of both sides; different ones by number."""
        if number not in self._moduli:
            modulus = Modulus.suiting(self._exact, number)
            sizes = self.source.action.dimension + self.target.action.dimension
            degree = max((matrix.field.degree for matrix in self._exact), default=1)
            if sizes * degree >= modulus.prime - 1:
                raise TooLargeError(
                    f"fibres over {sizes} coordinates, whose group a prime near 2^23 may divide; "
                    "take fewer points"
                )
            self._moduli[number] = modulus
        return self._moduli[number]

    @cached_property
    def rational(self) -> bool:
        """Whether all matrices are rational."""
        return all(matrix.rational for matrix in self._exact)

    @cached_property
    def denominator(self) -> int:
        """What makes integers of all entries of blocks that elements carry, where rational."""
        return self.source.action.denominator * self.target.action.denominator

    @cached_property
    def keeps_scale(self) -> bool:
        """Whether carrying a block changes neither its content, where rational, nor its norm."""
        if self.rational:
            return self.denominator == 1
        pairs = generator_matrices(self.source.action, self.target.action)
        sides = (side for pair in pairs for side in pair)
        return all(abs(m @ m.T - identity(m.shape[0])).max() < _ORTHOGONAL for m in sides)

    def source_images(self, element: SignedPermutation) -> Indices:
        """Where an element takes the points of the source."""
        first = self.target.points.dimension
        return np.asarray(element.images[first : self.start] - first)

    def carrying(self, element: SignedPermutation) -> tuple[Sparse, Sparse]:
        """The matrices L and R with which an element carries T to `L T R`; a few are kept."""
        if element not in self._carrying:
            if len(self._carrying) >= _KEPT:
                self._carrying.clear()
            inverse = self.union.element(element.inverse(), self.start)
            right = self.source.action.matrix(inverse, REALS)
            left = self.target.action.matrix(self.union.element(element, self.start), REALS)
            self._carrying[element] = left, right
        return self._carrying[element]

    def matrices(self, element: SignedPermutation, scalars: Scalars) -> tuple[Sparse, Sparse]:
        """An element's matrices, on the target and on the source."""
        images = self.union.element(element, self.start)
        target = self.target.action.matrix(images, scalars)
        if self.source.action == self.target.action:
            return target, target
        return target, self.source.action.matrix(images, scalars)

    def over(self, pair: Subgroup, rows: Indices, columns: Indices) -> SmallGroup:
        """The stabilizer of a pair of points as it acts on the fibres there."""

        def restricted(element: SignedPermutation, scalars: Scalars) -> Pair:
            target, source = self.matrices(element, scalars)
            return target[rows][:, rows].toarray(), source[columns][:, columns].toarray()

        def generators(scalars: Scalars) -> list[Pair]:
            size = 8 * (len(rows) ** 2 + len(columns) ** 2) * len(pair.generators)
            require(size, f"{len(pair.generators)} matrices on a fibre", "take smaller fibres")
            return [restricted(g, scalars) for g in pair.generators]

        def elements() -> Iterator[Pair]:
            moves = [
                (g, left, np.linalg.inv(right))
                for g, (left, right) in zip(pair.generators, generators(REALS), strict=True)
            ]
            one = SignedPermutation.identity(pair.generators[0].degree)
            known = {one.doubled().tobytes()}
            frontier = [(one, np.eye(len(rows)), np.eye(len(columns)))]
            while frontier:
                element, left, right = frontier.pop()
                yield left, right
                for g, first, last in moves:
                    key = (g * element).doubled().tobytes()
                    if key not in known:
                        known.add(key)
                        frontier.append((g * element, first @ left, right @ last))

        return SmallGroup(pair.order, self.denominator, generators, elements)
