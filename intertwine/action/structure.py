"""Tensor products and direct sums of actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from intertwine.action.action import Action
from intertwine.action.linear import Sparse, direct_sum, kronecker
from intertwine.algebra.scalars import Scalars
from intertwine.group.permutation import Indices, SignedPermutation, concatenated

if TYPE_CHECKING:
    from intertwine.action.action import Element


@dataclass(frozen=True)
class Tensor(Action):
    """One and the same element acts on every factor; points are tuples, row-major."""

    members: tuple[Action, ...]

    @property
    def parts(self) -> tuple[Action, ...]:
        """The factors as they were given."""
        return self.members

    @property
    def shape(self) -> tuple[int, ...]:
        """The factors' axes one after another."""
        return tuple(chain.from_iterable(part.shape for part in self.members))

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """The Kronecker product of the images."""
        result = images[0]
        for image in images[1:]:
            result = _kronecker(result, image)
        return result

    @property
    def points(self) -> Action:
        """Tuples of the factors' points."""
        if not (self.linear or self.signed):
            return self
        return Tensor(self.group, tuple(part.points for part in self.members))

    @property
    def fibre_of(self) -> Indices:
        """The number of the tuple, row-major."""
        result = np.zeros(1, dtype=np.intp)
        for part in self.members:
            result = (result[:, None] * part.points.dimension + part.fibre_of).ravel()
        return result

    @property
    def denominator(self) -> int:
        """The product of the factors'."""
        return prod(part.denominator for part in self.members)

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """The Kronecker product of the factors' matrices."""
        return kronecker([part.matrix(element, scalars) for part in self.members], scalars)

    def character(self, element: Element) -> int:
        """The product of the factors' characters."""
        return prod(part.character(element) for part in self.members)

    def factors(self) -> tuple[Action, ...]:
        """All factors of all factors."""
        return tuple(chain.from_iterable(part.factors() for part in self.members))

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """The tensor product of other factors."""
        return Tensor(parts[0].group, tuple(parts))

    def __str__(self) -> str:
        if len(self.members) > 1 and len(set(self.members)) == 1:
            return f"{_wrapped(self.members[0])}^{len(self.members)}"
        return " x ".join(_wrapped(part) for part in self.members)


def power(base: Action, exponent: int) -> Action:
    """The tensor product of `exponent` copies of `base`, one axis (or more) a copy.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> pairs = power(SetAction(symmetric(5), "points"), 2)
    >>> print(pairs, pairs.shape, pairs.dimension)
    points^2 (5, 5) 25
    """
    return Tensor(base.group, (base,) * exponent)


@dataclass(frozen=True)
class Sum(Action):
    """A direct sum: the members' points one after another; `fields` names them, or is empty."""

    members: tuple[Action, ...]
    fields: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Action, ...]:
        """The summands as they were given."""
        return self.members

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis."""
        return (sum(part.dimension for part in self.members),)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """The images side by side."""
        return concatenated(images)

    @property
    def points(self) -> Action:
        """The members' points side by side."""
        if not (self.linear or self.signed):
            return self
        return Sum(self.group, tuple(part.points for part in self.members))

    @property
    def fibre_of(self) -> Indices:
        """The members' one after another."""
        offsets = np.cumsum([0, *(part.points.dimension for part in self.members)])
        parts = zip(self.members, offsets.tolist(), strict=False)
        return np.concatenate([part.fibre_of + offset for part, offset in parts])

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """The members' matrices, block diagonal."""
        return direct_sum([part.matrix(element, scalars) for part in self.members])

    def character(self, element: Element) -> int:
        """The sum of the members' characters."""
        return sum(part.character(element) for part in self.members)

    def summands(self) -> tuple[Action, ...]:
        """All summands of all summands."""
        return tuple(chain.from_iterable(part.summands() for part in self.members))

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """The sum of other members."""
        return Sum(parts[0].group, tuple(parts), self.fields)

    def __str__(self) -> str:
        if self.fields:
            named = zip(self.fields, self.members, strict=True)
            return "{" + ", ".join(f"{name}: {part}" for name, part in named) + "}"
        return " + ".join(map(str, self.members))


def fields_of(action: Action) -> dict[str, Action]:
    """The members of a direct sum by name, or none where they have no names."""
    if isinstance(action, Sum) and action.fields:
        return dict(zip(action.fields, action.members, strict=True))
    return {}


def members_of(action: Action) -> tuple[Action, ...]:
    """The factors of a tensor product as they were given; else the action alone."""
    return action.members if isinstance(action, Tensor) else (action,)


def _kronecker(left: SignedPermutation, right: SignedPermutation) -> SignedPermutation:
    images = (left.images[:, None] * right.degree + right.images).ravel()
    if left.signs is None and right.signs is None:
        return SignedPermutation(images)
    ones = [np.ones(g.degree, np.int8) if g.signs is None else g.signs for g in (left, right)]
    return SignedPermutation(images, np.multiply.outer(*ones).ravel())


def _wrapped(part: Action) -> str:
    return f"({part})" if isinstance(part, Tensor | Sum) else str(part)
