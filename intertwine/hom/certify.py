"""Why a dimension is right: the basis checked in integers, and a second count that shares nothing.

The basis proves `dimension <= dim Hom`: each element commutes with each generator, and elements
with disjoint supports are independent.  The second count proves equality without the basis: the
inner product of the characters, or the nullity of the constraints modulo a prime, or orbit lengths
and the orders of stabilizers.
"""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.action.action import Action
from intertwine.action.character import (
    burnside_inner_product,
    class_count,
    class_inner_product,
    is_symmetric_power,
)
from intertwine.action.stable import stable_pair
from intertwine.errors import CertificateError
from intertwine.hom.count import order_is_cheap, stabilizer_count
from intertwine.hom.nullspace import commutes, nullity_bound
from intertwine.hom.pattern import Pattern
from intertwine.hom.product import why_not_free, why_not_product, why_not_sums
from intertwine.hom.rules import Counted, choose

MOST_CHECKED_ENTRIES = 50_000_000
_MOST_CLASS_WORK = 3_000_000
_LARGEST_NULLITY = 1300
_LARGEST_DEGREE = 60
_MOST_ORDER_BITS = 150


@dataclass(frozen=True)
class SecondCount:
    """The dimension counted again: `value` is None where that was skipped, `how` says why."""

    value: int | None
    how: str

    def __str__(self) -> str:
        return f"skipped ({self.how})" if self.value is None else f"{self.value} by {self.how}"


@dataclass(frozen=True)
class Certificate:
    """What was proved of a basis of `dimension` elements."""

    dimension: int
    basis: str
    second: SecondCount

    def __str__(self) -> str:
        return f"{self.basis}; second count: {self.second}"


def certify(source: Action, target: Action, pattern: Pattern) -> Certificate:
    """Check the basis in integers and count again; raises where anything disagrees."""
    entries = source.dimension * target.dimension
    if entries <= MOST_CHECKED_ENTRIES:
        if not commutes(pattern.codes, source, target):
            raise CertificateError(f"a basis element of Hom({source}, {target}) does not commute")
        count = len(source.group.generators)
        maps = _many(pattern.dimension, "independent map")
        basis = f"{maps}, tested against {_many(count, 'generator')}"
    else:
        basis = f"basis not listed ({entries} entries)"
    second = second_count(source, target)
    if second.value not in (None, pattern.dimension):
        raise CertificateError(
            f"Hom({source}, {target}) has dimension {pattern.dimension} by its basis and {second}"
        )
    return Certificate(pattern.dimension, basis, second)


def second_count(source: Action, target: Action) -> SecondCount:
    """The dimension by characters or by a nullity, taken apart over sums and products."""
    if why_not_free(source, target) is None:
        return SecondCount(source.dimension * target.dimension, "counting entries")
    if why_not_sums(source, target) is None or why_not_product(source, target) is None:
        parts: list[SecondCount] = []

        def noted(s: Action, t: Action) -> Pattern:
            part = second_count(s, t)
            parts.append(part)
            return Counted(t.dimension, s.dimension, part.value or 0)

        whole = choose(source, target).rule.solve(source, target, noted).dimension
        skipped = next((part for part in parts if part.value is None), None)
        if skipped is not None:
            return skipped
        methods = dict.fromkeys(how for part in parts for how in part.how.split("; "))
        named = [how for how in methods if how != "counting entries"]
        return SecondCount(whole, "; ".join(named) or "counting entries")
    return _leaf_count(source, target)


def _leaf_count(source: Action, target: Action) -> SecondCount:
    """By the first way that is affordable."""
    ways = (_by_classes, _by_elements, _by_stability, _by_nullity, _by_stabilizers)
    counts = (way(source, target) for way in ways)
    skipped = SecondCount(None, "the group and the system are too large")
    return next((count for count in counts if count is not None), skipped)


def _by_classes(source: Action, target: Action) -> SecondCount | None:
    if not is_symmetric_power([source, target]):
        return None
    degree = source.group.sets[source.group.natural or ""].degree
    work = 100 + sum(part.dimension for part in source.factors() + target.factors())
    if degree > _LARGEST_DEGREE or class_count(degree) * work > _MOST_CLASS_WORK:
        return None
    value, classes = class_inner_product(source, target)
    return SecondCount(value, f"characters of the {_many(classes, 'class')} of {source.group}")


def _by_elements(source: Action, target: Action) -> SecondCount | None:
    summed = burnside_inner_product(source, target)
    if summed is None:
        return None
    return SecondCount(summed[0], f"characters of {_many(summed[1], 'group element')}")


def _by_stability(source: Action, target: Action) -> SecondCount | None:
    smaller = stable_pair(source, target)
    if smaller is None:
        return None
    found = _leaf_count(*smaller)
    return SecondCount(found.value, f"{found.how}, where {source.group} is stable")


def _by_nullity(source: Action, target: Action) -> SecondCount | None:
    if source.dimension * target.dimension > _LARGEST_NULLITY:
        return None
    return SecondCount(nullity_bound(source, target), "nullity modulo a prime")


def _by_stabilizers(source: Action, target: Action) -> SecondCount | None:
    if not order_is_cheap(source, target) or source.group.order.bit_length() > _MOST_ORDER_BITS:
        return None
    value = stabilizer_count(target.factors() + source.factors())
    return SecondCount(value, "orbits of stabilizers, each proved by its order")


def _many(count: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("s") else "s")
    return f"{count} {noun if count == 1 else plural}"
