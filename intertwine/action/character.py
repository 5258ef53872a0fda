"""Characters, exactly: inner products over whole groups and over conjugacy classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import factorial, prod

import numpy as np

from intertwine.action.action import Action, SetAction
from intertwine.group.chain import StabilizerChain
from intertwine.group.permutation import SignedPermutation, concatenated

MOST_ELEMENTS = 10_000_000
MOST_ENTRIES = 300_000_000


def is_symmetric_power(actions: Sequence[Action]) -> bool:
    """Whether the actions are made of nothing but the natural points of a full symmetric group."""
    group = actions[0].group
    natural = group.sets.get(group.natural or "")
    if natural is None or natural.signed or group.transitivity != natural.degree:
        return False
    points = SetAction(group, natural.name)
    return all(atom == points for action in actions for atom in action.atoms())


def class_inner_product(source: Action, target: Action) -> tuple[int, int]:
    """The inner product of two characters of Sym(n), one term a cycle type; and how many terms.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.structure import power
    >>> pairs = power(SetAction(symmetric(6), "points"), 2)
    >>> class_inner_product(pairs, pairs)
    (15, 11)
    """
    natural = source.group.sets[source.group.natural or ""]
    points = SetAction(source.group, natural.name)
    total, classes = Fraction(0), 0
    for parts in cycle_types(natural.degree):
        element: dict[Action, SignedPermutation] = {points: _of_cycle_type(parts)}
        product = source.character(element) * target.character(element)
        total += Fraction(product, _centralizer_order(parts))
        classes += 1
    return _integer(total), classes


def burnside_inner_product(source: Action, target: Action) -> tuple[int, int] | None:
    """The inner product over all elements, one by one, and how many; None if there are too many."""
    group = source.group
    if (group.sets or group.factors) and group.order > MOST_ELEMENTS:
        return None
    columns = zip(target.generators, source.generators, strict=True)
    generators = [concatenated(pair) for pair in columns]
    if not generators:
        return source.dimension * target.dimension, 1
    signed = any(g.signed for g in generators)
    degree, split = generators[0].degree, target.dimension
    if degree * 4 > MOST_ENTRIES:
        return None
    images = [g.doubled() if signed else g.images for g in generators]
    if StabilizerChain.sketch(images, len(images[0]), MOST_ELEMENTS + 1).order > MOST_ELEMENTS:
        return None
    chain = StabilizerChain.of(images)
    if chain.order > MOST_ELEMENTS or chain.order * chain.degree > MOST_ENTRIES:
        return None
    total = 0
    points = np.arange(degree)
    for block in chain.elements():
        moved = block[:, :degree]
        traces = (moved == points).astype(np.int64) - (moved == points + degree)
        total += int((traces[:, :split].sum(axis=1) * traces[:, split:].sum(axis=1)).sum())
    return _integer(Fraction(total, chain.order)), chain.order


def cycle_types(degree: int) -> Iterator[tuple[int, ...]]:
    """The partitions of `degree`, parts decreasing, in decreasing lexicographic order.

    >>> list(cycle_types(4))
    [(4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1)]
    """

    def grown(rest: int, largest: int) -> Iterator[tuple[int, ...]]:
        if rest == 0:
            yield ()
        for part in range(min(rest, largest), 0, -1):
            for tail in grown(rest - part, part):
                yield (part, *tail)

    return grown(degree, degree)


def class_count(degree: int) -> int:
    """How many cycle types there are: the partition number, by Euler's dynamic programme.

    >>> class_count(5), class_count(100)
    (7, 190569292)
    """
    ways = [1] + [0] * degree
    for part in range(1, degree + 1):
        for total in range(part, degree + 1):
            ways[total] += ways[total - part]
    return ways[degree]


def _of_cycle_type(parts: Sequence[int]) -> SignedPermutation:
    images, start = [], 0
    for part in parts:
        images += [*range(start + 1, start + part), start]
        start += part
    return SignedPermutation.of(images)


def _centralizer_order(parts: Sequence[int]) -> int:
    multiplicities = (parts.count(part) for part in set(parts))
    return prod(parts) * prod(factorial(m) for m in multiplicities)


def _integer(value: Fraction) -> int:
    if value.denominator != 1:
        raise ArithmeticError(f"a character inner product came out as {value}")
    return value.numerator
