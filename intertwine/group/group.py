"""A finite group by generators, and the sets on which it is declared to act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from intertwine.errors import SpecAttributeError
from intertwine.group.chain import StabilizerChain
from intertwine.group.disjoint import disjoint_classes, on_moved_points
from intertwine.group.generation import permutation_order
from intertwine.group.giant import Giant, giant_on_moved_points, recognise_giant
from intertwine.group.permutation import SignedPermutation, concatenated
from intertwine.limits import require

if TYPE_CHECKING:
    from intertwine.algebra.matrix import ExactMatrix


@dataclass(frozen=True, eq=False)
class Vectors:
    """The space on which a group acts by orthogonal matrices, one a generator, made when asked for.

    The plane for C_n and D_n, space for the groups of the regular solids, the axes for B_n and for
    grids.  Matrices with one entry +-1 in every row and column may be given as signed permutations.
    """

    dimension: int
    make: Callable[[], tuple[ExactMatrix | SignedPermutation, ...]] = field(repr=False)

    @cached_property
    def images(self) -> tuple[ExactMatrix | SignedPermutation, ...]:
        """The image of each generator, in the group's order."""
        return self.make()

    @property
    def matrices(self) -> tuple[ExactMatrix, ...]:
        """The images of the generators as matrices."""
        from intertwine.algebra.matrix import ExactMatrix

        return tuple(
            ExactMatrix.integral(image.matrix()) if isinstance(image, SignedPermutation) else image
            for image in self.images
        )


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

    `order_formula` gives the order where a theorem does; `closed_transitivity` is the largest t
    known such that the group is transitive on t-tuples of distinct natural points; `factors` are
    those of a direct product, whose generators come factor by factor; `faithful_on` names sets on
    whose union the group acts faithfully (all of them unless said).  `vectors` are what it acts on
    by its natural orthogonal matrices, where there are some; `family` says which named family it is
    of, and its parameter, such as ("symmetric", 5); `wreathed` are the base and the top of a wreath
    product.
    """

    name: str
    generators: tuple[str, ...]
    sets: Mapping[str, GSet]
    natural: str | None = None
    order_formula: Callable[[], int] | None = field(default=None, repr=False)
    closed_transitivity: int | None = None
    factors: Mapping[str, Group] = field(default_factory=dict)
    faithful_on: tuple[str, ...] | None = None
    vectors: Vectors | None = field(default=None, repr=False)
    family: tuple[str, int] | None = None
    wreathed: tuple[Group, Group] | None = None

    @cached_property
    def chain(self) -> StabilizerChain:
        """A stabilizer chain of the group, on `faithful_images`."""
        images = [g.images for g in self.faithful_images()]
        return StabilizerChain.of(images, order=self.proved_order, degree=self.faithful_degree)

    def faithful_images(self) -> tuple[SignedPermutation, ...]:
        """Plain permutations, one a generator, on which the group acts faithfully.

        The union of the sets `faithful_on`, signed ones doubled; for a direct product the union of
        the factors' points, where a factor moves its own and fixes the others'.
        """
        if self.factors:
            still = [SignedPermutation.identity(f.faithful_degree) for f in self.factors.values()]
            return tuple(
                concatenated([*still[:place], image, *still[place + 1 :]])
                for place, factor in enumerate(self.factors.values())
                for image in factor.faithful_images()
            )
        columns = zip(*(_plain(gset) for gset in self._faithful_sets()), strict=True)
        return tuple(c[0] if len(c) == 1 else concatenated(c) for c in columns)

    @property
    def faithful_degree(self) -> int:
        """How many points `faithful_images` permutes."""
        if self.factors:
            return sum(factor.faithful_degree for factor in self.factors.values())
        return sum(gset.degree * (2 if gset.signed else 1) for gset in self._faithful_sets())

    def _faithful_sets(self) -> list[GSet]:
        if not self.sets:
            raise SpecAttributeError(
                f"the group {self.name}, generators by name alone",
                "permutations that define the group itself",
                "give each generator a permutation under `group`, or take another action",
            )
        return [self.sets[name] for name in self.faithful_on or self.sets]

    @property
    def natural_is_faithful(self) -> bool:
        """Whether the natural points alone are declared to tell all elements apart."""
        return self.natural is not None and tuple(self.faithful_on or self.sets) == (self.natural,)

    @cached_property
    def order(self) -> int:
        """The exact order: a closed form, Jordan's theorem, or a verified stabilizer chain."""
        return self.chain.order if self.proved_order is None else self.proved_order

    @cached_property
    def closed_order(self) -> int | None:
        """The order where a formula gives it."""
        return None if self.order_formula is None else self.order_formula()

    @cached_property
    def proved_order(self) -> int | None:
        """The order where it is known without a chain of this group's own."""
        if self.closed_order is not None:
            return self.closed_order
        if self.factors:
            return prod(factor.order for factor in self.factors.values())
        if not self.sets:
            return None
        if len(self.generators) == 1:
            return self.faithful_images()[0].order()
        images = [g.images for g in self.faithful_images()]
        classes = disjoint_classes(images) if images else []
        if len(classes) > 1:
            return prod(permutation_order(on_moved_points([images[k] for k in c])) for c in classes)
        giant = giant_on_moved_points(images)
        return None if giant is None else giant.order

    @cached_property
    def giant(self) -> Giant | None:
        """What Jordan's theorem says: the group is all of Sym(n) or Alt(n) on its points."""
        if self.natural is None or not self.natural_is_faithful:
            return None
        natural = self.sets[self.natural]
        return None if natural.signed else recognise_giant([g.images for g in natural.images])

    @cached_property
    def transitivity(self) -> int:
        """A t for which the group is transitive on t-tuples of distinct natural points."""
        if self.closed_transitivity is not None:
            return self.closed_transitivity
        return 0 if self.giant is None else self.giant.transitivity

    def __str__(self) -> str:
        return self.name


def _plain(gset: GSet) -> tuple[SignedPermutation, ...]:
    """The images themselves, or their doubles where the set has signs."""
    if not gset.signed:
        return gset.images
    return tuple(SignedPermutation(image.doubled()) for image in gset.images)
