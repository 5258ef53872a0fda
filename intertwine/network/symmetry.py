"""The symmetry that a network keeps: elements of its group."""

from __future__ import annotations

from fractions import Fraction

from intertwine.action.action import SetAction
from intertwine.group.coarsening import Coarsening, Word, about, expanded, is_shift
from intertwine.group.group import Group
from intertwine.hom.subgroup import order_of
from intertwine.plan.moved import Moves, Words
from intertwine.plan.support import motions_within
from intertwine.plan.torus import Torus


def own_words(group: Group) -> dict[str, Word]:
    """Each generator as itself."""
    return {name: ((name, 1),) for name in group.generators}


def centred_words(group: Group) -> dict[str, Word]:
    """The point group of a grid or a circle about its centre: the motions that keep its ends.

    >>> from intertwine.group.grid import grid
    >>> centred_words(grid([4, 4], "p4"))
    {'rotation': (('shift_0', 3), ('rotation', 1))}
    """
    natural = _natural(group)
    if group.natural == "pixels":  # on two places an axis there are others, not about the centre
        centre = [Fraction(length - 1, 2) for length in natural.shape]
        turns = [name for name in group.generators if not is_shift(name)]
        return {name: about(group, name, centre) for name in turns}
    torus = Torus.of(natural, natural)
    return {} if torus is None else dict(motions_within(torus, natural, natural))


def order_left(group: Group, words: Words) -> int:
    """The order of the subgroup that some words generate, as it moves the natural points."""
    moves = Moves(_natural(group))
    return order_of([*map(moves.permutation, words.values())]) if words else 1


def _natural(group: Group) -> SetAction:
    return SetAction(group, group.natural or "")


def traced(words: Words, leaves: tuple[Coarsening, ...]) -> dict[str, Word]:
    """Words in the generators behind some coarsenings, as words in those before the first."""
    for left in reversed(leaves):
        words = {name: expanded(word, left.words) for name, word in words.items()}
    return dict(words)
