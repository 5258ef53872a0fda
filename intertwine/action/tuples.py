"""Actions on k-element tuples of an action's points: subsets, injections, and powers of a space.

The points of each are tuples in lexicographic order, so a tuple's number is its lexicographic rank.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, combinations_with_replacement, permutations
from math import comb, perm
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.linear import Sparse, folded, sparse
from intertwine.algebra.scalars import Scalars
from intertwine.errors import SpecError, shown
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require, spend

if TYPE_CHECKING:
    from intertwine.action.action import Element

Tuples = NDArray[np.intp]

_SECONDS_AN_ENTRY = 4e-8
_SECONDS_A_SWAP = 8e-9


@dataclass(frozen=True)
class TupleAction(Action):
    """A group acting on some of the `size`-tuples of points of `base`."""

    base: Action
    size: int

    @property
    def parts(self) -> tuple[Action, ...]:
        """The base."""
        return (self.base,)

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis."""
        return (self.count(),)

    @property
    def signed(self) -> bool:
        """As the base, but for the empty tuple, which is all there is of size 0."""
        return self.size > 0 and super().signed

    @abstractmethod
    def count(self) -> int:
        """How many tuples there are."""

    @abstractmethod
    def listing(self) -> Iterable[tuple[int, ...]]:
        """The tuples, in lexicographic order."""

    @abstractmethod
    def rank(self, tuples: Tuples) -> Indices:
        """The lexicographic rank of each row."""

    def rebuilt(self, parts: Sequence[Action]) -> Action:
        """The same tuples of another action's points."""
        return type(self)(parts[0].group, parts[0], self.size)

    @property
    def seconds(self) -> float:
        """About how long it takes to make the image of one element: its tuples are looked up."""
        return super().seconds + _SECONDS_AN_ENTRY * self.size * self.dimension

    @cached_property
    def tuples(self) -> Tuples:
        """The tuples as rows."""
        entries = self.count() * self.size
        require(8 * entries, f"the list of {self}", "ask for `intertwine count`")
        spend(_SECONDS_AN_ENTRY * entries, f"the list of {self}", "ask for `intertwine count`")
        flat = np.fromiter(chain.from_iterable(self.listing()), np.intp, entries)
        return flat.reshape(self.count(), self.size)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """Map every entry of every tuple, and look up the rank of what comes out."""
        (image,) = images
        return SignedPermutation(self.rank(image.images[self.tuples]))

    def __str__(self) -> str:
        return f"{type(self).__name__.lower()}({self.base}, {self.size})"


@dataclass(frozen=True)
class Subsets(TupleAction):
    """The `size`-element subsets of the points of a permutation action."""

    def __post_init__(self) -> None:
        _refuse_signs(self.base, "subsets")
        _refuse_size(self.base, self.size, "subsets")

    def count(self) -> int:
        """The binomial coefficient."""
        return comb(self.base.dimension, self.size)

    def listing(self) -> Iterable[tuple[int, ...]]:
        """Increasing tuples."""
        return combinations(range(self.base.dimension), self.size)

    def rank(self, tuples: Tuples) -> Indices:
        """Of each row as a set."""
        return _rank_increasing(np.sort(tuples, axis=1), self.base.dimension)


@dataclass(frozen=True)
class Injections(TupleAction):
    """The ordered tuples of `size` distinct points of a permutation action."""

    def __post_init__(self) -> None:
        _refuse_signs(self.base, "injections")
        _refuse_size(self.base, self.size, "injections")

    def count(self) -> int:
        """The falling factorial."""
        return perm(self.base.dimension, self.size)

    def listing(self) -> Iterable[tuple[int, ...]]:
        """Tuples without repetition."""
        return permutations(range(self.base.dimension), self.size)

    def rank(self, tuples: Tuples) -> Indices:
        """In the factorial number system: each entry's place among the points still unused."""
        rank = np.zeros(len(tuples), dtype=np.intp)
        for place in range(self.size):
            entry = tuples[:, place]
            used = (tuples[:, :place] < entry[:, None]).sum(axis=1)
            rank = rank * (self.base.dimension - place) + entry - used
        return rank


@dataclass(frozen=True)
class LinearPower(TupleAction):
    """A power of a space, whose basis are products of basis vectors."""

    @abstractmethod
    def ordered(self, tuples: Tuples) -> tuple[Indices, NDArray[np.int8]]:
        """The basis product that each row of factors is, by rank, and its sign or zero."""

    @property
    def points(self) -> Action:
        """The multisets of the base's points."""
        if not self.base.linear:
            return super().points
        return SymmetricPower(self.group, self.base.points, self.size)

    @property
    def fibre_of(self) -> Indices:
        """The multiset of the points below the factors."""
        if not self.base.linear:
            return super().fibre_of
        below = self.base.fibre_of[self.tuples]
        return SymmetricPower(self.group, self.base.points, self.size).rank(below)

    @property
    def denominator(self) -> int:
        """A power of the base's."""
        return int(self.base.denominator**self.size)

    def matrix(self, element: Element, scalars: Scalars) -> Sparse:
        """What the base's matrix does to the factors, multiplied out."""
        if not self.base.linear:
            return super().matrix(element, scalars)
        return folded(self.base.matrix(element, scalars), self.tuples, self.fold, scalars)

    def character(self, element: Element) -> int:
        """By Newton's identities from the base's characters of the element's powers."""
        if not self.base.linear:
            return super().character(element)
        sign = 1 if isinstance(self, SymmetricPower) else -1
        power, sums = element, []
        for _ in range(self.size):
            sums.append(self.base.character(power))
            power = {atom: element[atom] * image for atom, image in power.items()}
        found = [1]
        for k in range(1, self.size + 1):
            terms = (sign ** (i - 1) * found[k - i] * sums[i - 1] for i in range(1, k + 1))
            found.append(sum(terms) // k)
        return int(found[self.size])

    @cached_property
    def fold(self) -> Sparse:
        """Which basis product every tuple of factors is: shape (products, tuples)."""
        count = self.base.dimension**self.size
        require(60 * count * max(1, self.size), f"the tuples of {self}", "take a smaller power")
        shape = (self.base.dimension,) * self.size
        tuples = np.indices(shape, dtype=np.intp).reshape(self.size, count).T
        rank, signs = self.ordered(tuples.reshape(count, self.size))
        kept = np.flatnonzero(signs)
        return sparse(signs[kept].astype(np.int64), rank[kept], kept, (self.count(), count))


@dataclass(frozen=True)
class SymmetricPower(LinearPower):
    """Sym^k of a space: its basis are the monomials, multisets of basis vectors."""

    def __post_init__(self) -> None:
        _refuse_size(self.base, self.size, "symmetric_power", bounded=False)

    def count(self) -> int:
        """Multisets; of no points there is the empty one alone."""
        return comb(self.base.dimension + self.size - 1, self.size) if self.size else 1

    def listing(self) -> Iterable[tuple[int, ...]]:
        """Non-decreasing tuples."""
        return combinations_with_replacement(range(self.base.dimension), self.size)

    def rank(self, tuples: Tuples) -> Indices:
        """A non-decreasing tuple plus (0, 1, 2, ...) is an increasing one, of the same rank."""
        increasing = np.sort(tuples, axis=1) + np.arange(self.size)
        return _rank_increasing(increasing, self.base.dimension + self.size - 1)

    def ordered(self, tuples: Tuples) -> tuple[Indices, NDArray[np.int8]]:
        """Factors commute."""
        return self.rank(tuples), np.ones(len(tuples), np.int8)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """A monomial goes to a monomial, with the product of the signs."""
        return SignedPermutation(super().induce(images).images, _sign_product(self, images[0]))


@dataclass(frozen=True)
class ExteriorPower(LinearPower):
    """Lambda^k of a space: its basis are the wedges of distinct basis vectors."""

    def __post_init__(self) -> None:
        _refuse_size(self.base, self.size, "exterior_power")

    @property
    def signed(self) -> bool:
        """Sorting a wedge costs a sign, from the second power on."""
        return not self.base.linear and (self.size > 1 or super().signed)

    @property
    def seconds(self) -> float:
        """About how long it takes to make the image of one element: its wedges are sorted."""
        return super().seconds + _SECONDS_A_SWAP * self.size**2 * self.dimension

    def count(self) -> int:
        """The binomial coefficient."""
        return comb(self.base.dimension, self.size)

    def listing(self) -> Iterable[tuple[int, ...]]:
        """Increasing tuples."""
        return combinations(range(self.base.dimension), self.size)

    def rank(self, tuples: Tuples) -> Indices:
        """Of each row as a set."""
        return _rank_increasing(np.sort(tuples, axis=1), self.base.dimension)

    def induce(self, images: Sequence[SignedPermutation]) -> SignedPermutation:
        """The sign is that of the permutation that sorts the image, times the base's signs."""
        (image,) = images
        moved = image.images[self.tuples]
        rank, signs = self.ordered(moved)
        carried = _sign_product(self, image)
        return SignedPermutation(rank, signs if carried is None else signs * carried)

    def ordered(self, tuples: Tuples) -> tuple[Indices, NDArray[np.int8]]:
        """Two factors that change places change the sign; a wedge of equal ones is zero."""
        signs = np.ones(len(tuples), np.int8)
        for i, j in combinations(range(self.size), 2):
            signs *= np.sign(tuples[:, j] - tuples[:, i]).astype(np.int8)
        return self.rank(np.where(signs[:, None] == 0, np.arange(self.size), tuples)), signs


def _rank_increasing(rows: Tuples, degree: int) -> Indices:
    """Lexicographic rank of increasing tuples: C(n,k) - 1 - sum of C(n-1-c_i, k-i)."""
    size = rows.shape[1]
    rank = np.full(len(rows), comb(degree, size) - 1 if size else 0, dtype=np.intp)
    for place in range(size):
        # The entry at a place is at least that place: so no term is larger than the first rank.
        terms = [comb(degree - 1 - c, size - place) for c in range(place, degree)]
        rank -= np.array(terms, np.intp)[rows[:, place] - place]
    return rank


def _sign_product(action: TupleAction, image: SignedPermutation) -> NDArray[np.int8] | None:
    if image.signs is None:
        return None
    return np.asarray(image.signs[action.tuples].prod(axis=1, dtype=np.int8))


def _refuse_signs(base: Action, construction: str) -> None:
    if base.signed or base.linear:
        how = "by matrices" if base.linear else "with signs"
        raise SpecError(
            f"{construction} of {shown(str(base))}, which acts {how}",
            "an action that permutes points",
            "take exterior_power or symmetric_power of it, or tensor a permutation action with it",
        )


def _refuse_size(base: Action, size: int, construction: str, bounded: bool = True) -> None:
    if size < 0 or (bounded and size > base.dimension):
        raise SpecError(
            f"{construction} of size {size} of {base.dimension} points",
            f"a size from 0 to {base.dimension}" if bounded else "a size of at least 0",
            "change the size or the action",
        )
