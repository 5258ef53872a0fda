"""The determinant: the one-dimensional action by that of a group's natural matrices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intertwine.action.action import Action, Atom
from intertwine.action.lifted import Lifted
from intertwine.action.sign import Sign
from intertwine.errors import SpecError
from intertwine.group.permutation import SignedPermutation

if TYPE_CHECKING:
    from intertwine.algebra.matrix import ExactMatrix


@dataclass(frozen=True)
class Determinant(Atom):
    """The one-dimensional action by the determinants of the group's natural matrices.

    It is +1 on turns and -1 on reflections, wherever the points go: in the dihedral group of the
    square the `sign` of a quarter turn is -1, that of four points that go round.

    >>> from intertwine.group.named import dihedral
    >>> [g.trace() for g in Determinant(dihedral(4)).generators]
    [1, -1]
    >>> [g.trace() for g in Sign(dihedral(4)).generators]
    [-1, -1]
    """

    def __post_init__(self) -> None:
        if self.group.vectors is None:
            advice = "list it with signed_permutations, such as {a: [-1]}"
            if self.group.natural is not None:
                advice = "write sign, that of the permutation of its points, or " + advice
            raise SpecError(
                f"determinant, of the group {self.group}",
                "a cyclic, dihedral, hyperoctahedral or polyhedral group, or that of a grid",
                advice,
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """One point."""
        return (1,)

    @property
    def signed(self) -> bool:
        """Whether there are reflections."""
        return any(image.signed for image in self.generators)

    def images(self) -> tuple[SignedPermutation, ...]:
        """The determinant of each generator."""
        assert self.group.vectors is not None
        natural = self.group.vectors.images
        return tuple(SignedPermutation.of([0], [determinant(image)]) for image in natural)

    def __str__(self) -> str:
        return "determinant"


def determinant(image: ExactMatrix | SignedPermutation) -> int:
    """The determinant of an orthogonal matrix, 1 or -1."""
    if isinstance(image, SignedPermutation):
        return image.determinant()
    return 1 if image.determinant == 1 else -1


def other_signs(actions: Iterable[Action]) -> str:
    """What to know where `sign` is used of a group whose `determinant` is another; else nothing.

    >>> from intertwine.group.named import dihedral
    >>> print(other_signs([Sign(dihedral(4))]))
    sign is the parity on the points of D_4; its determinant on vectors is `determinant`
    >>> other_signs([Sign(dihedral(3))])
    ''
    """
    for atom in (atom for action in actions for atom in action.atoms()):
        prefix = ""
        while isinstance(atom, Lifted):
            prefix, atom = f"{prefix}{atom.factor}.", atom.inner
        group = atom.group
        if not isinstance(atom, Sign) or group.vectors is None:
            continue
        signs = [image.trace() for image in atom.generators]
        if signs != [image.trace() for image in Determinant(group).generators]:
            return (
                f"{prefix}sign is the parity on the {group.natural} of {group}; its determinant "
                f"on vectors is `{prefix}determinant`"
            )
    return ""
