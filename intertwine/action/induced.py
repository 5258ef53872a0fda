"""Induced representations: small vectors over the cosets of a subgroup."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.frame import Frame, frame_of
from intertwine.action.homogeneous import Cosets
from intertwine.action.linear import Sparse, sparse
from intertwine.action.matrices import Framed
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import Array, Scalars
from intertwine.errors import SpecError
from intertwine.group.chain import StabilizerChain
from intertwine.group.permutation import Indices, SignedPermutation, concatenated
from intertwine.limits import require

if TYPE_CHECKING:
    from intertwine.action.action import Element


@dataclass(frozen=True)
class Induced(Framed):
    """The action induced by one of a subgroup, which some elements generate and matrices define.

    Over each coset x stands a copy of the subgroup's space; with t_x the representative of x,
    g takes v over x to `sigma(h) v` over g x, where `g t_x = t_gx h` and h is in the subgroup.
    Coordinates are numbered coset by coset, cosets as `Cosets` numbers them.
    """

    subgroup: tuple[SignedPermutation, ...]
    listed: tuple[ExactMatrix, ...]

    @cached_property
    def cosets(self) -> Cosets:
        """The group acting on the cosets."""
        return Cosets(self.group, self.subgroup)

    @cached_property
    def frame(self) -> Frame:
        """The frame of the subgroup's space."""
        return frame_of(self.listed, [f"matrix {k}" for k in range(len(self.listed))])

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis."""
        return (self.cosets.dimension * self.frame.dimension,)

    @property
    def points(self) -> Action:
        """The cosets."""
        return self.cosets

    @property
    def fibre_of(self) -> Indices:
        """The coset of each coordinate."""
        return np.arange(self.dimension, dtype=np.intp) // self.frame.dimension

    def exact_matrices(self) -> tuple[ExactMatrix, ...]:
        """Those of the subgroup."""
        return self.listed

    @cached_property
    def _chain(self) -> StabilizerChain:
        """The subgroup on natural points and frame; proves that the matrices are its own."""
        pairs = zip(self.subgroup, self.frame.moves, strict=True)
        images = [concatenated(pair).images for pair in pairs]
        chain = StabilizerChain.of(images)
        order = self.cosets.subgroup_order
        if chain.order != order:
            raise SpecError(
                f"matrices that, with the subgroup of order {order}, generate one of {chain.order}",
                "matrices that respect the subgroup's relations",
                "check each matrix against its permutation, in the same order",
            )
        return chain

    @cached_property
    def moves(self) -> tuple[SignedPermutation, ...]:
        """How each generator permutes the frames over all cosets."""
        index, width = self.cosets.dimension, self.frame.size
        generators = self.cosets.natural_images
        require(24 * index * width * max(1, len(generators)), f"the frames of {self}", "take fewer")
        chosen, degree = self.cosets.representatives, self.cosets.natural_degree
        inverses = np.argsort(chosen, axis=1)
        found = []
        for generator, image in zip(generators, self.cosets.generators, strict=True):
            inner = np.take_along_axis(inverses[image.images], generator[chosen], axis=1)
            turned = self._chain.extended(inner)[:, degree:] - degree
            found.append(SignedPermutation((image.images[:, None] * width + turned).ravel()))
        return tuple(found)

    @property
    def followed(self) -> int:
        """The vectors of the frames over all cosets."""
        return self.cosets.dimension * self.frame.size

    def _columns(self, images: NDArray[np.intp]) -> tuple[Indices, Indices]:
        """The coset and the frame vector to which each coordinate's basis vector goes."""
        size = self.frame.dimension
        places = np.arange(self.dimension, dtype=np.intp)
        starts = places // size * self.frame.size + places % size
        cosets, vectors = np.divmod(images[..., starts], self.frame.size)
        return cosets, vectors

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """A block for every coset, in the rows of its image."""
        size = self.frame.dimension
        cosets, vectors = self._columns(element[self].images)
        values = self.frame.vectors(scalars)[vectors]
        rows = cosets[:, None] * size + np.arange(size)
        columns = np.repeat(np.arange(self.dimension), size)
        kept = np.flatnonzero(values)
        shape = (self.dimension, self.dimension)
        return sparse(values.ravel()[kept], rows.ravel()[kept], columns[kept], shape)

    def traces(self, images: NDArray[np.intp], scalars: Scalars) -> Array:
        """The diagonal entries over the cosets that stay."""
        places = np.arange(self.dimension)
        cosets, vectors = self._columns(images)
        entries = self.frame.vectors(scalars)[vectors, places % self.frame.dimension]
        stays = cosets == places // self.frame.dimension
        return scalars.reduced((entries * stays).sum(axis=1))

    def __str__(self) -> str:
        generated = ", ".join(map(str, self.subgroup))
        return f"induced(<{generated}>, {self.frame.dimension})"
