"""Why a dimension is right: the basis checked in integers, and a second count made without it.

The basis proves `dimension <= dim Hom`: each element commutes with each generator, and elements
with disjoint supports, or other pivots, are independent.  The second count proves equality without
the basis: the inner product of the characters, or the nullity of the constraints modulo a prime, or
orbit lengths and the orders of stabilizers.

Counts that share a helper are one count.  Matrices that solutions use (`Action.matrix`) are read
off frames; the test of the basis and the nullity use those of the actions' definitions instead, and
characters a frame that was proved against them, both by another prime (`action.definition`).  Of
these, and of a solution, the following is in common.

- The spec as it was parsed: group, actions, listed matrices.
- How a permutation moves the points of an action (`generators`, `induce`), and for an induced
  action the numbers of the cosets; for a subgroup too large to list, its frame over them.
- Residues of listed matrices (`Modulus`), which refuse a prime that is not suited, and FLINT.
- Stabilizer chains, in the rule `fibres` and in characters; not in nullities.
- The split into summands and factors.  Where the group has few elements, what was split is counted
  whole as well, by its characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.action.action import Action
from intertwine.action.character import (
    burnside_inner_product,
    class_count,
    class_inner_product,
    is_symmetric,
    is_symmetric_power,
    modular_class_product,
    modular_inner_product,
)
from intertwine.action.disjoint import split_pair
from intertwine.action.stable import stable_pair
from intertwine.errors import CertificateError
from intertwine.hom.basis import Basis
from intertwine.hom.commute import stack_defect
from intertwine.hom.count import order_is_cheap, stabilizer_count
from intertwine.hom.nullspace import commutes, matrix_nullity, nullity_bound
from intertwine.hom.pattern import Pattern
from intertwine.hom.products import why_not_product
from intertwine.hom.rules import choose
from intertwine.hom.sums import why_not_sums
from intertwine.hom.tables import table_dimension
from intertwine.hom.trivial import why_not_free
from intertwine.limits import spend
from intertwine.numerals import many

MOST_CHECKED_ENTRIES = 50_000_000
_FEW_CLASSES = 100
_MOST_CLASS_WORK = 3_000_000
_LARGEST_NULLITY = 1300
_LARGEST_DEGREE = 60
_MOST_ORDER_BITS = 150
_FEW_ELEMENTS = 5_000
_FEW_TRACES = 1_000_000
_ROUNDING = 1e-9
_SECONDS_AN_ENTRY = 2e-8


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


def certify(source: Action, target: Action, basis: Basis) -> Certificate:
    """Check the basis and count again; raises where anything disagrees.

    Integer elements are checked exactly; the residual of rounded ones is stated, and refused where
    it is more than rounding.
    """
    entries = source.dimension * target.dimension
    said = f"basis not listed ({entries} entries)"
    if entries <= MOST_CHECKED_ENTRIES:
        tests = _SECONDS_AN_ENTRY * entries * len(source.group.generators)
        spend(tests, f"the test of {basis.dimension} maps", "take smaller actions")
        residual = _residual(basis, source, target)
        if residual > (0 if basis.rational else _ROUNDING):
            raise CertificateError(f"a basis element of Hom({source}, {target}) does not commute")
        maps = many(basis.dimension, "independent map")
        tested = many(len(source.group.generators), "generator")
        said = f"{maps}, tested against {tested}"
        if not basis.rational:
            said += f", residual {residual:.0e}"
    second = second_count(source, target)
    for count in (second, _whole_count(source, target)):
        if count is not None and count.value not in (None, basis.dimension):
            raise CertificateError(
                f"Hom({source}, {target}) has dimension {basis.dimension} by its basis and {count}"
            )
    return Certificate(basis.dimension, said, second)


def _residual(basis: Basis, source: Action, target: Action) -> float:
    if not basis.dimension:
        return 0.0
    if isinstance(basis, Pattern) and not (source.linear or target.linear):
        return 0.0 if commutes(basis.codes, source, target) else 1.0
    return stack_defect(basis, source, target)


def second_count(source: Action, target: Action) -> SecondCount:
    """The dimension by characters or by a nullity, taken apart over sums and products."""
    if why_not_free(source, target) is None:
        return SecondCount(source.dimension * target.dimension, "counting entries")
    if _splits(source, target):
        parts: list[SecondCount] = []

        def noted(s: Action, t: Action) -> int:
            part = second_count(s, t)
            parts.append(part)
            return part.value or 0

        whole = choose(source, target).rule.count(source, target, noted)
        skipped = next((part for part in parts if part.value is None), None)
        if skipped is not None:
            return skipped
        methods = dict.fromkeys(how for part in parts for how in part.how.split("; "))
        named = [how for how in methods if how != "counting entries"]
        return SecondCount(whole, "; ".join(named) or "counting entries")
    return _leaf_count(source, target)


def _splits(source: Action, target: Action) -> bool:
    return why_not_sums(source, target) is None or why_not_product(source, target) is None


def _whole_count(source: Action, target: Action) -> SecondCount | None:
    """The characters of what was split, not taken apart; None where that is not quick."""
    group, size = source.group, source.dimension + target.dimension
    if not _splits(source, target) or not (group.sets or group.factors):
        return None
    if group.order > _FEW_ELEMENTS or group.order * size > _FEW_TRACES:
        return None
    return _by_elements(source, target)


def _leaf_count(source: Action, target: Action) -> SecondCount:
    """By the first way that is affordable."""
    ways = (
        *(_by_classes, _by_elements, _by_stability, _by_nullity),
        *(_by_classes_of_generators, _by_stabilizers, _by_tables),
    )
    counts = (way(source, target) for way in ways)
    skipped = SecondCount(None, "the group and the system are too large")
    return next((count for count in counts if count is not None), skipped)


def _by_classes(source: Action, target: Action) -> SecondCount | None:
    if not is_symmetric(source.group):
        return None
    by_points = is_symmetric_power([source, target])
    if not by_points and not (source.linear or target.linear):
        return None
    degree = source.group.sets[source.group.natural or ""].degree
    parts = source.factors() + target.factors() if by_points else source.atoms() + target.atoms()
    work = 100 + sum(part.dimension for part in parts)
    few = degree <= _LARGEST_DEGREE and class_count(degree) <= _FEW_CLASSES
    stable = None if few else _by_stability(source, target)
    if stable is not None:
        return stable
    if degree > _LARGEST_DEGREE or class_count(degree) * work > _MOST_CLASS_WORK:
        return None
    count = class_inner_product if by_points else modular_class_product
    value, classes = count(source, target)
    return SecondCount(value, f"characters of the {many(classes, 'class')} of {source.group}")


def _by_elements(source: Action, target: Action) -> SecondCount | None:
    linear = source.linear or target.linear
    count = modular_inner_product if linear else burnside_inner_product
    summed = count(source, target)
    if summed is None:
        return None
    return SecondCount(summed[0], f"characters of {many(summed[1], 'group element')}")


def _by_stability(source: Action, target: Action) -> SecondCount | None:
    smaller = stable_pair(source, target)
    if smaller is None:
        return None
    found = _leaf_count(*smaller)
    return SecondCount(found.value, f"{found.how}, where {source.group} is stable")


def _by_nullity(source: Action, target: Action) -> SecondCount | None:
    if source.dimension * target.dimension > _LARGEST_NULLITY:
        return None
    linear = source.linear or target.linear
    nullity = matrix_nullity if linear else nullity_bound
    return SecondCount(nullity(source, target), "nullity modulo a prime")


def _by_classes_of_generators(source: Action, target: Action) -> SecondCount | None:
    apart = split_pair(source, target)
    if apart is None:
        return None
    parts = second_count(*apart)
    return SecondCount(parts.value, f"{parts.how}, where generators move disjoint points")


def _by_tables(source: Action, target: Action) -> SecondCount | None:
    value = table_dimension(source, target)
    return None if value is None else SecondCount(value, "contingency tables")


def _by_stabilizers(source: Action, target: Action) -> SecondCount | None:
    if source.linear or target.linear or not order_is_cheap(source, target):
        return None
    if source.group.order.bit_length() > _MOST_ORDER_BITS:
        return None
    value = stabilizer_count(target.factors() + source.factors())
    return SecondCount(value, "orbits of stabilizers, each proved by its order")
