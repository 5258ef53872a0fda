"""Random group elements as they act on several actions at once."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.action.action import Action
from intertwine.group.permutation import SignedPermutation, concatenated
from intertwine.group.random import RandomElements


class JointElements:
    """Random elements of a group, each given by its images on all of `actions`.

    One element is drawn on the disjoint union of the actions' atoms, so that the images belong to
    one and the same element of the group, and is then carried to each action.
    """

    def __init__(self, actions: Sequence[Action], seed: int = 0) -> None:
        self._actions = tuple(actions)
        self._atoms = tuple(dict.fromkeys(a for action in actions for a in action.atoms()))
        columns = zip(*(atom.generators for atom in self._atoms), strict=True)
        generators = [concatenated(column) for column in columns]
        self._source = RandomElements(generators, seed) if generators else None

    def draw(self) -> tuple[SignedPermutation, ...]:
        """The images of the next element, one an action."""
        if self._source is None:
            return tuple(SignedPermutation.identity(a.dimension) for a in self._actions)
        joint = self._source.draw()
        element, start = {}, 0
        for atom in self._atoms:
            stop = start + atom.dimension
            element[atom] = SignedPermutation(
                joint.images[start:stop] - start,
                None if joint.signs is None or not atom.signed else joint.signs[start:stop],
            )
            start = stop
        memo = {action: action.evaluate(element) for action in dict.fromkeys(self._actions)}
        return tuple(memo[action] for action in self._actions)
