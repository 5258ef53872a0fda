"""The regular action and the actions on cosets: a group acting on itself and its quotients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Atom
from intertwine.errors import SpecError
from intertwine.group.chain import StabilizerChain
from intertwine.group.group import Group
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require, spend

_SECONDS_AN_ELEMENT = 1e-6
_SECONDS_A_COSET = 5e-6


@dataclass(frozen=True)
class Regular(Atom):
    """The group acting on its own elements from the left; the identity is point 0."""

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis, a point an element."""
        return (self.group.order,)

    def images(self) -> tuple[SignedPermutation, ...]:
        """Each generator times every element, looked up in the stabilizer chain."""
        order = self.group.order
        count = max(1, len(self.group.generators))
        what = f"the {order} elements of {self.group}"
        require(32 * order * count, what, "take a smaller set")
        spend(_SECONDS_AN_ELEMENT * order * count, what, "take a smaller set")
        generators = self.group.faithful_images()
        columns: list[list[NDArray[np.intp]]] = [[] for _ in generators]
        for block in self.group.chain.elements():
            for column, generator in zip(columns, generators, strict=True):
                column.append(self.group.chain.number(generator.images[block]))
        return tuple(SignedPermutation(np.concatenate(column)) for column in columns)

    def __str__(self) -> str:
        return "regular"


@dataclass(frozen=True)
class Cosets(Atom):
    """The group acting on the left cosets of the subgroup that some of its elements generate.

    `subgroup` are permutations of the group's natural points; coset 0 is the subgroup itself, the
    others are numbered breadth-first.
    """

    subgroup: tuple[SignedPermutation, ...]

    @cached_property
    def _ambient(self) -> tuple[StabilizerChain, list[Indices]]:
        natural = _natural_images(self.group)
        chain = _natural_chain(self.group, natural)
        if chain.order != self.group.order:
            raise SpecError(
                f"cosets in {self.group}, which does not act faithfully on its natural points",
                "a group that its natural points determine",
                "list the action with `permutations`",
            )
        for number, element in enumerate(self.subgroup):
            if element.degree != chain.degree or element.images not in chain:
                raise SpecError(
                    f"subgroup element {number}: {element}",
                    f"an element of {self.group}",
                    "check the permutation, and whether it is zero-based",
                )
        return chain, natural

    @cached_property
    def _inner(self) -> StabilizerChain:
        chain, _ = self._ambient
        images = [element.images for element in self.subgroup]
        return StabilizerChain.of(images) if images else StabilizerChain(chain.degree)

    @property
    def shape(self) -> tuple[int, ...]:
        """One axis, a point a coset."""
        return (self._ambient[0].order // self._inner.order,)

    @property
    def subgroup_order(self) -> int:
        """The order of the subgroup."""
        return self._inner.order

    @property
    def natural_images(self) -> list[Indices]:
        """How each generator permutes the natural points."""
        return self._ambient[1]

    @property
    def natural_degree(self) -> int:
        """How many natural points there are."""
        return self._ambient[0].degree

    @property
    def representatives(self) -> NDArray[np.intp]:
        """An element of each coset, as it permutes the natural points, one a row."""
        return self._walked[0]

    def images(self) -> tuple[SignedPermutation, ...]:
        """The coset to which each generator takes every coset."""
        return tuple(SignedPermutation(column) for column in self._walked[1])

    @cached_property
    def _walked(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Breadth-first over the cosets, each known by its least representative."""
        chain, natural = self._ambient
        (index,) = self.shape
        require(index * (16 * chain.degree + 200), f"{index} cosets", "take a larger subgroup")
        seconds = _SECONDS_A_COSET * index * len(natural)
        spend(seconds, f"a walk over {index} cosets", "take a larger subgroup")
        frontier = _least_representatives(np.arange(chain.degree)[None], self._inner)
        known = {frontier[0].tobytes(): 0}
        columns = np.full((len(natural), index), -1, dtype=np.intp)
        done, chosen = 0, [frontier]
        while len(frontier):
            found = []
            for number, generator in enumerate(natural):
                reached = _least_representatives(generator[frontier], self._inner)
                for offset, row in enumerate(reached):
                    key = row.tobytes()
                    if key not in known:
                        known[key] = len(known)
                        found.append(row)
                    columns[number, done + offset] = known[key]
            done += len(frontier)
            frontier = np.array(found, dtype=np.intp).reshape(len(found), chain.degree)
            chosen.append(frontier)
        return np.concatenate(chosen), columns

    def __str__(self) -> str:
        generated = ", ".join(map(str, self.subgroup))
        return f"cosets(<{generated}>)"


def _natural_images(group: Group) -> list[Indices]:
    if group.natural is None:
        raise SpecError(
            f"cosets in {group}, which has no natural points",
            "a group with natural points, in which the subgroup's permutations are written",
            "take the cosets in one factor, or list the action with `permutations`",
        )
    return [image.images for image in group.sets[group.natural].images]


def _natural_chain(group: Group, natural: list[Indices]) -> StabilizerChain:
    """The chain of the permutations of the natural points.

    It is the group's own where the group acts faithfully on them by definition.  Otherwise a chain
    that reaches the order of the group is complete, and shows that it does act faithfully; and one
    that does not is searched to its end.
    """
    gset = group.sets[group.natural or ""]
    if tuple(group.faithful_on or group.sets) == (gset.name,) and not gset.signed:
        return group.chain
    if natural:
        chain = StabilizerChain.sketch(natural, gset.degree, group.order)
        if chain.order == group.order:
            return chain
    return StabilizerChain.of(natural, degree=gset.degree)


def _least_representatives(batch: NDArray[np.intp], inner: StabilizerChain) -> NDArray[np.intp]:
    """Row by row, the element of g H whose images of H's base points are least in turn."""
    rows: Sequence[int] | NDArray[np.intp] = np.arange(len(batch))
    for level in inner.levels:
        best = batch[:, level.orbit].argmin(axis=1)
        batch = batch[np.asarray(rows)[:, None], level.transversal()[best]]
    return batch
