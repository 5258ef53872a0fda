"""Characters, exactly: inner products over whole groups and over conjugacy classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, prod

import numpy as np

from intertwine.action.action import Action, SetAction
from intertwine.action.definition import prove_frame
from intertwine.action.element import AtomUnion
from intertwine.action.matrices import exact_matrices
from intertwine.action.traces import Batch, traces
from intertwine.algebra.scalars import REALS, Modulus
from intertwine.group.chain import StabilizerChain
from intertwine.group.group import Group
from intertwine.group.permutation import Indices, SignedPermutation, concatenated
from intertwine.limits import spend

MOST_ELEMENTS = 10_000_000
MOST_ENTRIES = 300_000_000
_MOST_POINTS = 29  # Sym(29) has 4565 classes
_SECONDS_AN_ENTRY = 2e-8
_SECONDS_A_CLASS = 2e-3
_ADVICE = "take a smaller group or smaller actions"


def is_symmetric(group: Group) -> bool:
    """Whether a group is all of Sym(n) on its natural points, which tell its elements apart."""
    natural = group.sets.get(group.natural or "")
    if natural is None or natural.signed or not group.natural_is_faithful:
        return False
    return group.transitivity == natural.degree


def is_symmetric_power(actions: Sequence[Action]) -> bool:
    """Whether the actions are made of nothing but the natural points of a full symmetric group."""
    group = actions[0].group
    points = SetAction(group, group.natural or "")
    atoms = [atom for action in actions for atom in action.atoms()]
    return is_symmetric(group) and all(atom == points for atom in atoms)


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
    _spend_on_classes(natural.degree)
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
    chain = _listable([g.doubled() if signed else g.images for g in generators])
    if chain is None:
        return None
    total = 0
    points = np.arange(degree)
    for block in chain.elements():
        moved = block[:, :degree]
        traces = (moved == points).astype(np.int64) - (moved == points + degree)
        total += int((traces[:, :split].sum(axis=1) * traces[:, split:].sum(axis=1)).sum())
    return _integer(Fraction(total, chain.order)), chain.order


def modular_class_product(source: Action, target: Action) -> tuple[int, int]:
    """The same of actions of Sym(n) by matrices, modulo a prime that does not divide its order."""
    modulus = _proved_modulus(source, target)
    types, batch = _class_batch(source, target)
    product = traces(target, batch, modulus) * traces(source, batch, modulus) % modulus.prime
    pairs = zip(product.tolist(), map(_centralizer_order, types), strict=True)
    total = sum(value * pow(order, -1, modulus.prime) for value, order in pairs)
    return total % modulus.prime, len(types)


def _class_batch(source: Action, target: Action) -> tuple[list[tuple[int, ...]], Batch]:
    """The cycle types of Sym(n), and what an element of each does to the atoms.

    That is found by stripping it through a stabilizer chain of natural points and atoms together.
    """
    group = source.group
    natural = group.sets[group.natural or ""]
    union = AtomUnion([target, source])
    _spend_on_classes(natural.degree)
    types = list(cycle_types(natural.degree))
    images = [
        np.concatenate([points.images, natural.degree + image])
        for points, image in zip(natural.images, union.images, strict=True)
    ]
    chain = StabilizerChain.of(images, group.order, degree=natural.degree + union.degree)
    classes = np.stack([_of_cycle_type(parts).images for parts in types])
    batch = union.batch(chain.extended(classes)[:, natural.degree :] - natural.degree)
    return types, {SetAction(group, natural.name): (classes, None), **batch}


@dataclass(frozen=True)
class CharacterRow:
    """Elements with the same two characters: which, how many, and the traces, rounded."""

    elements: str
    count: int
    source: float
    target: float


def characters(source: Action, target: Action) -> list[CharacterRow] | None:
    """The characters of two actions: by cycle type for Sym(n), else by their values.

    None if there are too many elements to go through them.
    """
    group = source.group
    if is_symmetric(group) and group.sets[group.natural or ""].degree <= _MOST_POINTS:
        types, batch = _class_batch(source, target)
        values = [traces(side, batch, REALS).tolist() for side in (source, target)]
        counts = [group.order // _centralizer_order(parts) for parts in types]
        names = [" + ".join(map(str, parts)) for parts in types]
        rows = zip(names, counts, *values, strict=True)
        return [CharacterRow(name, count, _plain(s), _plain(t)) for name, count, s, t in rows]
    union = AtomUnion([target, source])
    chain = _listable(union.images) if union.generators else StabilizerChain(union.degree)
    if chain is None:
        return None
    found: dict[tuple[float, float], int] = {}
    for block in chain.elements():
        batch = union.batch(block)
        pairs = zip(
            *(traces(side, batch, REALS).tolist() for side in (source, target)), strict=True
        )
        for s, t in pairs:
            key = _plain(s), _plain(t)
            found[key] = found.get(key, 0) + 1
    ordered = sorted(found.items(), reverse=True)
    return [CharacterRow("", count, *values) for values, count in ordered]


def _plain(value: float) -> float:
    """Without what rounding has left."""
    return round(value, 9) + 0.0


def _listable(images: Sequence[Indices]) -> StabilizerChain | None:
    """The chain of the group, or None if it has too many elements to go through them."""
    if StabilizerChain.sketch(images, len(images[0]), MOST_ELEMENTS + 1).order > MOST_ELEMENTS:
        return None
    chain = StabilizerChain.of(images)
    entries = chain.order * chain.degree
    if chain.order > MOST_ELEMENTS or entries > MOST_ENTRIES:
        return None
    spend(_SECONDS_AN_ENTRY * entries, f"the characters of {chain.order} elements", _ADVICE)
    return chain


def modular_inner_product(source: Action, target: Action) -> tuple[int, int] | None:
    """The inner product of characters by matrices, over all elements, and how many there are.

    Traces are taken modulo a prime that does not divide the order: their mean is the residue of the
    dimension, and is the dimension, which is smaller.  None if there are too many elements.
    """
    union = AtomUnion([target, source])
    modulus = _proved_modulus(source, target)
    if source.dimension * target.dimension >= modulus.prime:
        return None
    if not union.generators:
        return source.dimension * target.dimension, 1
    chain = _listable(union.images)
    if chain is None:
        return None
    total = 0
    for block in chain.elements():
        batch = union.batch(block)
        product = traces(target, batch, modulus) * traces(source, batch, modulus)
        total += int((product % modulus.prime).sum())
    return total * pow(chain.order, -1, modulus.prime) % modulus.prime, chain.order


def _proved_modulus(source: Action, target: Action) -> Modulus:
    """Another prime than a solution's, by which all frames move as their definitions say."""
    modulus = Modulus.suiting(exact_matrices([source, target]), skipped=1)
    for framed in dict.fromkeys((*source.framed, *target.framed)):
        prove_frame(framed, modulus)
    return modulus


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


def _spend_on_classes(degree: int) -> None:
    """Agree to a walk through the classes of Sym(degree), or refuse it."""
    count = class_count(degree)
    spend(_SECONDS_A_CLASS * count, f"the {count} classes of S_{degree}", _ADVICE)


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
