"""What elements of a group, given as words in its generators, do to an action."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.element import AtomUnion
from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import REALS
from intertwine.group.coarsening import Word
from intertwine.group.permutation import SignedPermutation
from intertwine.limits import require
from intertwine.plan.nodes import Field
from intertwine.plan.stack import LinearField, Move

Words = Mapping[str, Word]


class Moves:
    """What elements of a group, given as words, do to an action."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self._union = AtomUnion([action])
        names = action.group.generators
        self._generators = dict(zip(names, self._union.generators, strict=True))

    def joint(self, word: Word) -> SignedPermutation:
        """The element on the union of what the action's atoms permute."""
        result = SignedPermutation.identity(self._union.degree)
        for name, times in word:
            for _ in range(times):
                result = result * self._generators[name]
        return result

    def permutation(self, word: Word) -> SignedPermutation:
        """The signed permutation of an element, for an action by such."""
        return self._action.evaluate(self._union.element(self.joint(word)))

    def matrix(self, word: Word) -> Sparse:
        """The matrix of an element, rounded where it is not of integers."""
        return self._action.matrix(self._union.element(self.joint(word)), REALS)


def moved_field(name: str, action: Action, words: Words, linear: bool) -> Field | LinearField:
    """A field with elements in place of generators: as signed images, or as matrices."""
    require(
        24 * action.dimension * max(1, len(words)),
        f"the image lists of {len(words)} elements on {action.dimension} points",
        "take a smaller action",
    )
    moves = Moves(action)
    if linear:
        matrices = tuple(Move.of(moves.matrix(word)) for word in words.values())
        whole = np.arange(action.dimension, dtype=np.intp)[None]
        return LinearField(name, str(action), action.shape, matrices, whole, None)
    rows = [one_based(moves.permutation(word)) for word in words.values()]
    table = np.array(rows, dtype=np.intp).reshape(len(rows), action.dimension)
    return Field(name, str(action), action.shape, table)


def one_based(image: SignedPermutation) -> NDArray[np.intp]:
    """The images counted from one, with their signs."""
    return (image.images + 1) * (1 if image.signs is None else image.signs.astype(np.intp))
