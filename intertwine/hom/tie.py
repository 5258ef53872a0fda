"""What ties two entries of an intertwiner to one weight: a word in the generators.

An intertwiner is constant, up to signs, along the orbits of the group on pairs (output point, input
point), because `T[g j, g i] = s T[j, i]`, with the product s of the signs of g at i and at j.  The
shortest word is found by a search through the pairs, generators and their inverses for steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.errors import CertificateError
from intertwine.group.permutation import SignedPermutation
from intertwine.limits import require

Entry = tuple[int, int]

_BYTES = 40


@dataclass(frozen=True)
class Letter:
    """A generator by number, or its inverse."""

    name: str
    generator: int
    inverse: bool

    def __str__(self) -> str:
        return f"{self.name}^-1" if self.inverse else self.name


@dataclass(frozen=True)
class Word:
    """A product of generators and inverses; as everywhere the last letter acts first.

    >>> shift, swap = Letter("shift", 0, False), Letter("swap", 1, True)
    >>> print(Word((swap, shift, shift)))
    swap^-1 shift^2
    """

    letters: tuple[Letter, ...]

    def image(self, generators: Sequence[SignedPermutation], degree: int) -> SignedPermutation:
        """The element as it acts on some points, from what the generators do there."""
        element = SignedPermutation.identity(degree)
        for letter in reversed(self.letters):
            step = generators[letter.generator]
            element = (step.inverse() if letter.inverse else step) * element
        return element

    def __str__(self) -> str:
        powers = []
        for letter, run in groupby(self.letters):
            count = len(list(run))
            exponent = -count if letter.inverse else count
            powers.append(letter.name if exponent == 1 else f"{letter.name}^{exponent}")
        return " ".join(powers) or "1"


@dataclass(frozen=True)
class Tie:
    """A word that takes the first entry to the second, the sign on the way, and all steps.

    `steps` are the entries after each letter, the last letter first, with the sign so far.
    """

    word: Word
    sign: int
    steps: tuple[tuple[Letter, Entry, int], ...]


class PairSearch:
    """The pairs (output point, input point) and how generators and their inverses move them.

    A pair has a number, row-major; where there are signs, minus the pair has one of its own.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(symmetric(3), "points")
    >>> search = PairSearch(points, points)
    >>> print(search.tie((0, 0), (2, 2)).word, search.tie((0, 0), (0, 1)))
    shift^-1 None
    """

    def __init__(self, source: Action, target: Action) -> None:
        self.rows, self.columns = target.dimension, source.dimension
        self.signed = target.signed or source.signed
        self._pairs = self.rows * self.columns
        self._generators = target.generators, source.generators
        self.letters = [
            Letter(name, number, inverse)
            for number, name in enumerate(source.group.generators)
            for inverse in (False, True)
        ]
        self._moves = [
            tuple(
                side[letter.generator].inverse() if letter.inverse else side[letter.generator]
                for side in self._generators
            )
            for letter in self.letters
        ]

    def tie(self, first: Entry, second: Entry) -> Tie | None:
        """The shortest word from one entry to another, or None where no word ties them."""
        signs = (1, -1) if self.signed else (1,)
        return self._found(first, [self._number(second, sign) for sign in signs])

    def contradiction(self, entry: Entry) -> Tie | None:
        """The shortest word that takes an entry to minus itself, so that it is zero; or None."""
        return self._found(entry, [self._number(entry, -1)]) if self.signed else None

    def _found(self, first: Entry, goals: Sequence[int]) -> Tie | None:
        states = self._pairs * (2 if self.signed else 1)
        require(
            _BYTES * states, f"the search through {states} pairs", "ask the same of a smaller case"
        )
        unseen, root = len(self.letters) + 1, len(self.letters)
        edge = np.full(states, unseen, dtype=np.min_scalar_type(unseen))
        start = self._number(first, 1)
        edge[start] = root
        frontier = np.array([start], dtype=np.intp)
        while len(frontier) and all(edge[goal] == unseen for goal in goals):
            found = []
            for number in range(len(self.letters)):
                images = self._moved(frontier, number)
                fresh = np.unique(images[edge[images] == unseen])
                edge[fresh] = number
                found.append(fresh)
            frontier = np.concatenate(found) if found else frontier[:0]
        reached = [goal for goal in goals if edge[goal] != unseen]
        return self._told(edge, start, reached[0]) if reached else None

    def _told(self, edge: NDArray[np.unsignedinteger], start: int, goal: int) -> Tie:
        """The way back from the goal, checked by multiplying the word out."""
        steps, state = [], goal
        while state != start:
            number = int(edge[state])
            steps.append((self.letters[number], *self._entry(state)))
            state = int(self._moved(np.array([state]), number ^ 1)[0])
        word = Word(tuple(letter for letter, _, _ in steps))
        row, column = (
            word.image(side, degree)
            for side, degree in zip(self._generators, (self.rows, self.columns), strict=True)
        )
        (j, i), _ = self._entry(start)
        image = self._number((int(row.images[j]), int(column.images[i])), _sign(row, column, j, i))
        if image != goal:
            raise CertificateError(f"the word {word} does not tie the entries that it should")
        return Tie(word, self._entry(goal)[1], tuple(steps[::-1]))

    def _moved(self, states: NDArray[np.intp], number: int) -> NDArray[np.intp]:
        """Where a letter takes some pairs."""
        row, column = self._moves[number]
        rows, columns = np.divmod(states % self._pairs, self.columns)
        images = row.images[rows] * self.columns + column.images[columns]
        if not self.signed:
            return images
        signs = _sign(row, column, rows, columns) * np.where(states < self._pairs, 1, -1)
        return np.where(signs > 0, images, images + self._pairs)

    def _number(self, entry: Entry, sign: int) -> int:
        return entry[0] * self.columns + entry[1] + (0 if sign > 0 else self._pairs)

    def _entry(self, state: int) -> tuple[Entry, int]:
        row, column = divmod(state % self._pairs, self.columns)
        return (row, column), 1 if state < self._pairs else -1


def _sign(row: SignedPermutation, column: SignedPermutation, j: Any, i: Any) -> Any:
    """The product of the signs at an output point and an input point, or at many."""
    one = np.int8(1)
    return (one if row.signs is None else row.signs[j]) * (
        one if column.signs is None else column.signs[i]
    )
