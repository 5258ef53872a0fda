"""Actions of one factor of a direct product, on which the other factors act trivially."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from intertwine.action.action import Action, Atom
from intertwine.group.permutation import SignedPermutation

if TYPE_CHECKING:
    from intertwine.action.action import Element


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
        if isinstance(self.inner, Atom):
            return (self,)
        return tuple(Lifted(self.group, self.factor, atom) for atom in self.inner.atoms())

    def evaluate(self, element: Element) -> SignedPermutation:
        """Through the inner atoms."""
        if isinstance(self.inner, Atom):
            return element[self]
        lifted = {a: element[Lifted(self.group, self.factor, a)] for a in self.inner.atoms()}
        return self.inner.evaluate(lifted)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """A lifted action is made from the inner generators, not from parts."""
        raise TypeError(f"{self} is lifted")

    @cached_property
    def generators(self) -> tuple[SignedPermutation, ...]:
        """The factor's generators act as inside, all others as the identity."""
        identity = SignedPermutation.identity(self.dimension)
        return tuple(
            image
            for name, factor in self.group.factors.items()
            for image in (
                self.inner.generators
                if name == self.factor
                else (identity,) * len(factor.generators)
            )
        )

    def __str__(self) -> str:
        inner = str(self.inner)
        return self.factor if inner == self.inner.group.natural else f"{self.factor}.{inner}"
