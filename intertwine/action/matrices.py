"""Actions by matrices: given generator by generator, and those that a subgroup's induce."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Atom, Trivial
from intertwine.action.frame import Frame, frame_of
from intertwine.action.linear import Sparse, dense
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import Array, Scalars
from intertwine.group.permutation import Indices, SignedPermutation

if TYPE_CHECKING:
    from intertwine.action.action import Element


@dataclass(frozen=True)
class Framed(Atom):
    """An action by matrices, whose elements are known by how they permute a frame."""

    @property
    @abstractmethod
    def frame(self) -> Frame:
        """The orbit of the basis of one fibre."""

    @property
    def framed(self) -> tuple[Framed, ...]:
        """Itself."""
        return (self,)

    @property
    def linear(self) -> bool:
        """It acts by matrices."""
        return True

    @property
    def signed(self) -> bool:
        """It is no signed permutation of the basis."""
        return False

    @property
    def denominator(self) -> int:
        """That of the frame's vectors, for they are the columns of all matrices."""
        return self.frame.denominator

    @abstractmethod
    def traces(self, images: NDArray[np.intp], scalars: Scalars) -> Array:
        """The traces of many elements, by how they permute the frame, one a row."""

    def character(self, element: Element) -> int:
        """Traces of exact matrices are numbers of a field: see `traces`."""
        raise TypeError(f"{self} has characters that need not be integers")

    @abstractmethod
    def exact_matrices(self) -> tuple[ExactMatrix, ...]:
        """All matrices that the action is made of."""

    def images(self) -> tuple[SignedPermutation, ...]:
        """There are no permutations of the basis."""
        raise TypeError(f"{self} acts by matrices")


@dataclass(frozen=True)
class Matrices(Framed):
    """An action given by a matrix a generator, proved to be that of a finite group."""

    listed: tuple[ExactMatrix, ...]
    label: str = "matrices"

    @cached_property
    def frame(self) -> Frame:
        """The orbit of the standard basis."""
        return frame_of(self.listed, self.group.generators)

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis."""
        return (self.listed[0].dimension,)

    @property
    def moves(self) -> tuple[SignedPermutation, ...]:
        """How the generators permute the frame."""
        return self.frame.moves

    @property
    def points(self) -> Action:
        """One point, over which the whole space stands."""
        return Trivial(self.group)

    @property
    def fibre_of(self) -> Indices:
        """All coordinates stand over it."""
        return np.zeros(self.dimension, dtype=np.intp)

    def exact_matrices(self) -> tuple[ExactMatrix, ...]:
        """As listed."""
        return self.listed

    def traces(self, images: NDArray[np.intp], scalars: Scalars) -> Array:
        """The k-th entry of the image of the k-th basis vector, summed over k."""
        places = np.arange(self.dimension)
        entries = self.frame.vectors(scalars)[images[:, places], places]
        return scalars.reduced(entries.sum(axis=1))

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """The images of the basis vectors, side by side."""
        return dense(self.frame.matrix(element[self].images, scalars))

    def __str__(self) -> str:
        return self.label if self.label != "matrices" else f"matrices({self.dimension})"


def exact_matrices(actions: Sequence[Action]) -> list[ExactMatrix]:
    """All matrices that some actions are made of."""
    framed = dict.fromkeys(one for action in actions for one in action.framed)
    return [matrix for one in framed for matrix in one.exact_matrices()]
