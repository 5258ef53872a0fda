"""Actions of one factor of a direct product, on which the other factors act trivially."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from intertwine.action.action import Action, Trivial
from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import Scalars
from intertwine.group.permutation import Indices, SignedPermutation

if TYPE_CHECKING:
    from intertwine.action.action import Element
    from intertwine.action.matrices import Framed

Value = TypeVar("Value")


@dataclass(frozen=True)
class Lifted(Action):
    """An action of one factor of a product group, on which the other factors act trivially."""

    factor: str
    inner: Action

    @property
    def shape(self) -> tuple[int, ...]:
        """As inside."""
        return self.inner.shape

    @property
    def signed(self) -> bool:
        """As inside."""
        return self.inner.signed

    @property
    def owner(self) -> str:
        """The factor."""
        return self.factor

    def stripped(self) -> Action:
        """The action of the factor itself."""
        return self.inner

    def atoms(self) -> tuple[Action, ...]:
        """The inner atoms, each lifted."""
        atoms = self.inner.atoms()
        if atoms == (self.inner,):
            return (self,)
        return tuple(Lifted(self.group, self.factor, atom) for atom in atoms)

    def inside(self, lifted: Mapping[Action, Value]) -> dict[Action, Value]:
        """For the inner atoms, what a mapping has for the same atoms lifted."""
        return {a: lifted[Lifted(self.group, self.factor, a)] for a in self.inner.atoms()}

    @property
    def framed(self) -> tuple[Framed, ...]:
        """As inside."""
        return self.inner.framed

    def evaluate(self, element: Element) -> SignedPermutation:
        """Through the inner atoms."""
        return self.inner.evaluate(self.inside(element))

    @property
    def linear(self) -> bool:
        """As inside."""
        return self.inner.linear

    @property
    def denominator(self) -> int:
        """As inside."""
        return self.inner.denominator

    @property
    def points(self) -> Action:
        """Those inside, lifted."""
        inner = self.inner.points
        if isinstance(inner, Trivial):
            return Trivial(self.group, inner.size)
        return self if inner is self.inner else Lifted(self.group, self.factor, inner)

    @property
    def fibre_of(self) -> Indices:
        """As inside."""
        return self.inner.fibre_of

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """Through the inner atoms."""
        return self.inner.matrix(self.inside(element), scalars)

    def character(self, element: Element) -> int:
        """As inside."""
        return self.inner.character(self.inside(element))

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """A lifted action is made from the inner generators, not from parts."""
        raise TypeError(f"{self} is lifted")

    @cached_property
    def generators(self) -> tuple[SignedPermutation, ...]:
        """The factor's generators act as inside, all others as the identity."""
        return self._lifted(self.inner.generators, self.dimension)

    @cached_property
    def moves(self) -> tuple[SignedPermutation, ...]:
        """The same on the frame inside."""
        moves = self.inner.moves
        return self._lifted(moves, moves[0].degree) if moves else self.generators

    def _lifted(
        self, images: Sequence[SignedPermutation], degree: int
    ) -> tuple[SignedPermutation, ...]:
        still = SignedPermutation.identity(degree)
        return tuple(
            image
            for name, factor in self.group.factors.items()
            for image in (images if name == self.factor else (still,) * len(factor.generators))
        )

    def __str__(self) -> str:
        inner = str(self.inner)
        return self.factor if inner == self.inner.group.natural else f"{self.factor}.{inner}"
