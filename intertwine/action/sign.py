"""The sign: the one-dimensional action by parity."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.action.action import Atom
from intertwine.errors import SpecError
from intertwine.group.permutation import SignedPermutation


@dataclass(frozen=True)
class Sign(Atom):
    """The one-dimensional action by the parity of an element on the group's natural points."""

    def __post_init__(self) -> None:
        if self.group.natural is None:
            raise SpecError(
                f"sign, of the group {self.group}",
                "a group with natural points, whose permutations have a parity",
                "name the factor (such as users.sign) or list the signs with signed_permutations",
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """One point."""
        return (1,)

    @property
    def signed(self) -> bool:
        """Whether some element is odd."""
        return any(image.signed for image in self.generators)

    def images(self) -> tuple[SignedPermutation, ...]:
        """The parity of each generator."""
        natural = self.group.sets[self.group.natural or ""].images
        return tuple(SignedPermutation.of([0], [image.parity()]) for image in natural)

    def __str__(self) -> str:
        return "sign"
