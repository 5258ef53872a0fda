"""Actions as values: what a group does to a space with a basis.

An action keeps its structure (a power knows its base), so that its dimension, and often everything
else, is known without a list of its points.  Image lists are made by `generators`, on demand.

Most actions permute the basis, up to signs.  A `linear` one acts by matrices on fibres over
`points` that it permutes: the coordinates over a point go to those over its image.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm, prod
from typing import TYPE_CHECKING

import numpy as np

from intertwine.algebra.scalars import Scalars
from intertwine.group.group import Group
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require, spend

if TYPE_CHECKING:
    from intertwine.action.linear import Sparse
    from intertwine.action.matrices import Framed

    Element = Mapping["Action", SignedPermutation]

_SECONDS_A_POINT = 2e-8


@dataclass(frozen=True)
class Action(ABC):
    """A group acting on R^dimension by signed permutations of the basis, or by matrices.

    Subclasses say their `shape` (row-major axes), their `parts` (the actions they are built of)
    and how a group element's images on the parts `induce` its image here.
    """

    group: Group

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """The axes of the basis; their product is the dimension."""

    @property
    def parts(self) -> tuple[Action, ...]:
        """The actions this one is built of; none for an atom."""
        return ()

    @property
    def dimension(self) -> int:
        """The dimension of the space, exact however large."""
        return prod(self.shape)

    @property
    def signed(self) -> bool:
        """Whether some element may act with a sign."""
        return any(part.signed for part in self.parts)

    @property
    def linear(self) -> bool:
        """Whether it acts by matrices that need not permute the basis."""
        return any(part.linear for part in self.parts)

    @abstractmethod
    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """The image of an element, from its images on the parts."""

    @property
    def points(self) -> Action:
        """The permutation action over whose points the fibres stand."""
        return Unsigned(self.group, self) if self.signed else self

    @property
    def fibre_of(self) -> Indices:
        """The point over which each coordinate stands."""
        return np.arange(self.dimension, dtype=np.intp)

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """The matrix of an element that is given by its images on the atoms, sparse."""
        from intertwine.action.linear import permuted

        return permuted(self.evaluate(element), scalars)

    @property
    def denominator(self) -> int:
        """What makes integers of all entries of all its matrices, where these are rational."""
        return lcm(1, *(part.denominator for part in self.parts))

    def atoms(self) -> tuple[Action, ...]:
        """The distinct actions at the leaves; their images determine those of this action."""
        return tuple(dict.fromkeys(atom for part in self.parts for atom in part.atoms()))

    @property
    def framed(self) -> tuple[Framed, ...]:
        """The distinct actions by listed matrices among all that this one is built of."""
        return tuple(dict.fromkeys(one for part in self.parts for one in part.framed))

    def evaluate(self, element: Element) -> SignedPermutation:
        """The image of a group element that is given by its images on the atoms."""
        return self.induce([part.evaluate(element) for part in self.parts])

    def character(self, element: Element) -> int:
        """The trace of an element that is given by its images on the atoms."""
        return self.evaluate(element).trace()

    def factors(self) -> tuple[Action, ...]:
        """The tensor factors, in the order of the axes, without the one-point trivial action."""
        return (self,)

    def summands(self) -> tuple[Action, ...]:
        """The direct summands, in order; the action itself if it is no sum."""
        return (self,)

    @property
    def owner(self) -> str | None:
        """The factor of a product group that alone acts here; None if there is no such factor."""
        owners = {part.owner for part in self.parts}
        return owners.pop() if len(owners) == 1 else None

    def stripped(self) -> Action:
        """This action as one of its owner's group, for an action that has an owner."""
        return self.rebuilt([part.stripped() for part in self.parts])

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """The same construction over other parts."""
        raise TypeError(f"{type(self).__name__} has no parts")

    @property
    def seconds(self) -> float:
        """About how long it takes to make the image of one element."""
        return _SECONDS_A_POINT * self.dimension + sum(part.seconds for part in self.parts)

    @cached_property
    def generators(self) -> tuple[SignedPermutation, ...]:
        """The image of each generator of the group, in the group's order."""
        count = len(self.group.generators)
        what = f"the image lists of {count} generators on {self.dimension} points"
        advice = "ask for `intertwine count`, which needs no lists, or take a smaller action"
        require(16 * self.dimension * max(1, count), what, advice)
        spend(count * self.seconds, what, advice)
        columns = [part.generators for part in self.parts]
        return tuple(self.induce([c[k] for c in columns]) for k in range(count))

    @property
    def moves(self) -> tuple[SignedPermutation, ...]:
        """The permutations by which elements are followed: of the basis, or of a frame."""
        return self.generators

    @abstractmethod
    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Atom(Action):
    """An action that is given generator by generator."""

    @abstractmethod
    def images(self) -> tuple[SignedPermutation, ...]:
        """The image of each generator."""

    @cached_property
    def generators(self) -> tuple[SignedPermutation, ...]:
        """The image of each generator of the group, in the group's order."""
        return self.images()

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """An atom has no parts to induce from."""
        raise TypeError(f"{self} is an atom")

    def atoms(self) -> tuple[Action, ...]:
        """Itself."""
        return (self,)

    def evaluate(self, element: Element) -> SignedPermutation:
        """Look the image up."""
        return element[self]

    @property
    def owner(self) -> str | None:
        """Only a lifted action has an owner."""
        return None


@dataclass(frozen=True)
class SetAction(Atom):
    """The group acting on one of its own sets."""

    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        """The set's axes."""
        return self.group.sets[self.name].shape

    @property
    def signed(self) -> bool:
        """Whether the set has signed axes for points."""
        return self.group.sets[self.name].signed

    def images(self) -> tuple[SignedPermutation, ...]:
        """As the group declares them."""
        return self.group.sets[self.name].images

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Declared(Atom):
    """An action that a spec lists generator by generator; `listed` are its images."""

    listed: tuple[SignedPermutation, ...]
    label: str = "permutations"

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis."""
        return (self.listed[0].degree,)

    @property
    def signed(self) -> bool:
        """Whether any generator is listed with signs."""
        return any(image.signed for image in self.listed)

    def images(self) -> tuple[SignedPermutation, ...]:
        """As listed."""
        return self.listed

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Trivial(Action):
    """Every element fixes every one of `size` points."""

    size: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis of that length."""
        return (self.size,)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """The identity."""
        return SignedPermutation.identity(self.size)

    def factors(self) -> tuple[Action, ...]:
        """None for the one-point action: it is the unit of tensor products."""
        return () if self.size == 1 else (self,)

    def stripped(self) -> Action:
        """It acts trivially for every group."""
        return self

    def __str__(self) -> str:
        return "trivial" if self.size == 1 else f"trivial({self.size})"


@dataclass(frozen=True)
class Unsigned(Action):
    """What an action does to the lines through its basis vectors: the permutation without signs."""

    inner: Action

    @property
    def parts(self) -> tuple[Action, ...]:
        """The action with its signs."""
        return (self.inner,)

    @property
    def shape(self) -> tuple[int, ...]:
        """As inside."""
        return self.inner.shape

    @property
    def signed(self) -> bool:
        """Never."""
        return False

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """The same images without their signs."""
        return SignedPermutation(images[0].images)

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """The lines of another action."""
        return Unsigned(parts[0].group, parts[0])

    def __str__(self) -> str:
        return f"lines({self.inner})"
