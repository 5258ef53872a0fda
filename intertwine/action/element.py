"""Random group elements as they act on several actions at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.group.permutation import Indices, SignedPermutation, concatenated
from intertwine.group.random import RandomElements


class JointElements:
    """Random elements of a group, each given by its images on all of `actions`.

    One element is drawn on the disjoint union of what the actions' atoms permute, so that images
    belong to one and the same element of the group, and is then carried to each action.
    """

    def __init__(self, actions: Sequence[Action], seed: int = 0) -> None:
        self._actions = tuple(actions)
        self._union = AtomUnion(actions)
        generators = self._union.generators
        self._source = RandomElements(generators, seed) if generators else None

    def draw(self) -> tuple[SignedPermutation, ...]:
        """The images of the next element, one an action."""
        if self._source is None:
            return tuple(SignedPermutation.identity(a.dimension) for a in self._actions)
        element = self._union.element(self._source.draw())
        memo = {action: action.evaluate(element) for action in dict.fromkeys(self._actions)}
        return tuple(memo[action] for action in self._actions)


class AtomUnion:
    """The disjoint union of what the atoms of some actions permute: their points, or frames."""

    def __init__(self, actions: Sequence[Action]) -> None:
        self.atoms = tuple(dict.fromkeys(a for action in actions for a in action.atoms()))
        columns = [atom.moves for atom in self.atoms]
        count = len(actions[0].group.generators)
        self.generators = [concatenated([c[k] for c in columns]) for k in range(count)]
        self._degrees = [atom.followed for atom in self.atoms]

    @property
    def degree(self) -> int:
        """How many points it has."""
        return sum(self._degrees)

    @property
    def images(self) -> list[Indices]:
        """The generators as plain permutations, of doubled points where there are signs."""
        signed = any(atom.signed for atom in self.atoms)
        return [g.doubled() if signed else g.images for g in self.generators]

    def element(self, joint: SignedPermutation, start: int = 0) -> dict[Action, SignedPermutation]:
        """The images on every atom, of an element that moves the union from point `start` on."""
        images = {}
        for atom, degree in zip(self.atoms, self._degrees, strict=True):
            stop = start + degree
            images[atom] = SignedPermutation(
                joint.images[start:stop] - start,
                None if joint.signs is None or not atom.signed else joint.signs[start:stop],
            )
            start = stop
        return images

    def batch(
        self, rows: NDArray[np.intp]
    ) -> dict[Action, tuple[NDArray[np.intp], NDArray[np.int8] | None]]:
        """The same for many elements, one a row; of doubled points where there are signs."""
        found: dict[Action, tuple[NDArray[np.intp], NDArray[np.int8] | None]] = {}
        start = 0
        for atom, degree in zip(self.atoms, self._degrees, strict=True):
            stop = start + degree
            images = rows[:, start:stop]
            signs = np.where(images < self.degree, 1, -1).astype(np.int8) if atom.signed else None
            found[atom] = images % self.degree - start, signs
            start = stop
        return found
