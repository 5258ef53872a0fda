"""The symmetry that a network keeps: elements of its group."""

from __future__ import annotations

from fractions import Fraction

from intertwine.group.coarsening import Coarsening, Word, about, expanded, is_shift
from intertwine.group.group import Group
from intertwine.plan.moved import Words


def own_words(group: Group) -> dict[str, Word]:
    """Each generator as itself."""
    return {name: ((name, 1),) for name in group.generators}


def centred_words(group: Group) -> dict[str, Word]:
    """The point group of a grid about its centre: the motions that keep its ends.

    >>> from intertwine.group.grid import grid
    >>> centred_words(grid([4, 4], "p4"))
    {'rotation': (('shift_0', 3), ('rotation', 1))}
    """
    shape = group.sets[group.natural or ""].shape
    centre = [Fraction(length - 1, 2) for length in shape]
    turns = [name for name in group.generators if not is_shift(name)]
    return {name: about(group, name, centre) for name in turns}


def traced(words: Words, leaves: tuple[Coarsening, ...]) -> dict[str, Word]:
    """Words in the generators behind some coarsenings, as words in those before the first."""
    for left in reversed(leaves):
        words = {name: expanded(word, left.words) for name, word in words.items()}
    return dict(words)
