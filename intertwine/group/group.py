"""A finite group by generators, and the sets on which it is declared to act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from intertwine.errors import SpecError
from intertwine.group.chain import StabilizerChain
from intertwine.group.giant import Giant, recognise_giant
from intertwine.group.permutation import SignedPermutation, concatenated
from intertwine.limits import require


@dataclass(frozen=True, eq=False)
class GSet:
    """A finite set, or signed axes, with one signed permutation a generator, made when asked for.

    `shape` are its axes, row-major: pixels of a 4 x 6 grid have shape (4, 6) and degree 24.
    """

    name: str
    shape: tuple[int, ...]
    make: Callable[[], tuple[SignedPermutation, ...]] = field(repr=False)
    signed: bool = False

    @property
    def degree(self) -> int:
        """How many points it has."""
        return prod(self.shape)

    @cached_property
    def images(self) -> tuple[SignedPermutation, ...]:
        """The image of each generator, in the group's order."""
        require(24 * self.degree, f"the image lists on {self.degree} points", "take a smaller set")
        return self.make()


@dataclass(frozen=True, eq=False)
class Group:
    """A finite group: names of its generators and the sets they act on, the natural one first.

    `closed_order` is the order where a theorem gives it; `closed_transitivity` is the largest t
    known such that the group is transitive on t-tuples of distinct natural points; `factors` are
    those of a direct product, whose generators come factor by factor.
    """

    name: str
    generators: tuple[str, ...]
    sets: Mapping[str, GSet]
    natural: str | None = None
    closed_order: int | None = None
    closed_transitivity: int | None = None
    factors: Mapping[str, Group] = field(default_factory=dict)

    @cached_property
    def chain(self) -> StabilizerChain:
        """A stabilizer chain of the group, faithful: on the union of all its sets (doubled)."""
        images = self.faithful_images()
        return StabilizerChain.of([g.images for g in images], order=self.closed_order)

    def faithful_images(self) -> tuple[SignedPermutation, ...]:
        """Plain permutations, one a generator, on which the group acts faithfully."""
        if not self.sets:
            raise SpecError(
                f"the group {self.name}, generators by name alone",
                "permutations that define the group itself",
                "give each generator a permutation under `group`, or take another action",
            )
        if self.natural is not None and len(self.sets) == 1:
            return tuple(unsigned(image) for image in self.sets[self.natural].images)
        columns = zip(*(gset.images for gset in self.sets.values()), strict=True)
        return tuple(concatenated([unsigned(image) for image in column]) for column in columns)

    @cached_property
    def order(self) -> int:
        """The exact order: a closed form, Jordan's theorem, or a verified stabilizer chain."""
        if self.closed_order is not None:
            return self.closed_order
        if self.factors:
            return prod(factor.order for factor in self.factors.values())
        if self.giant is not None:
            return self.giant.order
        return self.chain.order

    @cached_property
    def giant(self) -> Giant | None:
        """What Jordan's theorem says: the group is all of Sym(n) or Alt(n) on its points."""
        if self.natural is None or len(self.sets) > 1 or self.sets[self.natural].signed:
            return None
        return recognise_giant([g.images for g in self.sets[self.natural].images])

    @cached_property
    def transitivity(self) -> int:
        """A t for which the group is transitive on t-tuples of distinct natural points."""
        if self.closed_transitivity is not None:
            return self.closed_transitivity
        return 0 if self.giant is None else self.giant.transitivity

    def __str__(self) -> str:
        return self.name


def unsigned(image: SignedPermutation) -> SignedPermutation:
    """A plain permutation that says the same: itself, or its double where it has signs."""
    return SignedPermutation(image.doubled()) if image.signed else image
