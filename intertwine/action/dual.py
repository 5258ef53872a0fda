"""The dual of an action by matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intertwine.action.action import Action
from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import Scalars
from intertwine.group.permutation import Indices, SignedPermutation

if TYPE_CHECKING:
    from intertwine.action.action import Element


@dataclass(frozen=True)
class Dual(Action):
    """The action on linear forms: g acts by the transpose of the inverse of its matrix.

    Of an action by orthogonal matrices, such as signed permutations, it is the action itself.
    """

    base: Action

    @property
    def parts(self) -> tuple[Action, ...]:
        """The action on vectors."""
        return (self.base,)

    @property
    def shape(self) -> tuple[int, ...]:
        """As that of the vectors."""
        return self.base.shape

    @property
    def points(self) -> Action:
        """Forms stand over the same points."""
        return self.base.points

    @property
    def fibre_of(self) -> Indices:
        """As for vectors."""
        return self.base.fibre_of

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """The transpose of the inverse's."""
        inverse = {atom: image.inverse() for atom, image in element.items()}
        return self.base.matrix(inverse, scalars).T.tocsr()

    def character(self, element: Element) -> int:
        """The base's: real, so that an element and its inverse have one trace."""
        return self.base.character(element)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """Signed permutations are their own duals."""
        return images[0]

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """The dual of another action."""
        return Dual(parts[0].group, parts[0])

    def __str__(self) -> str:
        return f"dual({self.base})"
