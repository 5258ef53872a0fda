"""Representations that a spec names, or gives by matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intertwine.action.action import Action, Declared, SetAction, Trivial
from intertwine.action.determinant import Determinant, determinant
from intertwine.action.homogeneous import Regular
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.algebra.matrix import ExactMatrix
from intertwine.errors import SpecError, located
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.numerals import many


@dataclass(frozen=True)
class Named:
    """An action that groups have by name.

    `has` says of which groups; `needs` is what all others are told to be, where making the action
    would not refuse them.
    """

    has: Callable[[Group], bool]
    make: Callable[[Group], Action]
    needs: str = ""


# What was called otherwise before.
RENAMED = {"rotation": "vector"}


def named_actions(group: Group) -> list[str]:
    """The names of the actions that a group has beside its sets."""
    return [name for name, action in NAMED.items() if action.has(group)]


def named_action(group: Group, name: str) -> Action:
    """The action of a group that has that name; refuses one that the group does not have."""
    named = NAMED[name]
    if named.needs and not named.has(group):
        advice = "list its matrices: {matrices: {a: [[0, -1], [1, 0]]}}"
        if not group.generators:
            advice = "write {trivial: d}, for a space of dimension d"
        raise SpecError(f"{name}, of the group {group}", named.needs, advice)
    return named.make(group)


def _permutes(group: Group) -> bool:
    natural = group.sets.get(group.natural or "")
    return natural is not None and not natural.signed and natural.degree > 1


def _turns(group: Group) -> bool:
    return group.vectors is not None


def _of_natural_points(group: Group) -> Action:
    return Standard(group, SetAction(group, group.natural or ""))


def _vector(group: Group) -> Action:
    return _of_vectors(group, "vector")


def _pseudovector(group: Group) -> Action:
    return _of_vectors(group, "pseudovector")


def _of_vectors(group: Group, name: str) -> Action:
    """The group on its vectors, or on its pseudovectors: times the determinant."""
    assert group.vectors is not None
    if not group.generators:
        return Trivial(group, group.vectors.dimension)
    factors = [1 if name == "vector" else determinant(image) for image in group.vectors.images]
    pairs = zip(group.vectors.images, factors, strict=True)
    return _monomial_or_matrices(group, [image.scaled(factor) for image, factor in pairs], name)


def by_matrices(group: Group, listed: dict[str, Any]) -> Action:
    """The action by the matrices that a spec lists, one a generator."""
    from intertwine.spec.matrices import parse_matrices

    matrices = parse_matrices(listed)
    _refuse_singular(dict(zip(listed, matrices, strict=True)))
    action = _monomial_or_matrices(group, matrices, "matrices")
    action.moves  # noqa: B018  (matrices of no finite group are refused here, with their line)
    return action


def induced(group: Group, subgroup: Sequence[SignedPermutation], listed: list[Any]) -> Action:
    """The action induced by the matrices of a subgroup's elements."""
    from intertwine.action.induced import Induced
    from intertwine.spec.matrices import parse_matrices

    with located("matrices"):
        if len(listed) != len(subgroup) or not listed:
            raise SpecError(
                many(len(listed), "matrix"),
                f"at least one, and as many as there are under `subgroup`, {len(subgroup)}",
                "list them in the same order",
            )
        numbered = {str(place): matrix for place, matrix in enumerate(listed)}
        matrices = parse_matrices(numbered)
        _refuse_singular(dict(zip(numbered, matrices, strict=True)))
        action = Induced(group, tuple(subgroup), tuple(matrices))
        action.moves  # noqa: B018  (matrices that do not fit the subgroup are refused here)
    return action


def irrep(group: Group, label: Any) -> Action:
    """The irreducible representation of a label."""
    from intertwine.action.irreps import irrep as found
    from intertwine.action.matrices import Matrices

    action = found(group, label)
    if not isinstance(action, Matrices):
        return action
    return _monomial_or_matrices(group, action.listed, action.label)


def _refuse_singular(matrices: Mapping[str, ExactMatrix]) -> None:
    for name, matrix in matrices.items():
        if not matrix.invertible:
            with located(name):
                raise SpecError(
                    "a matrix of determinant 0", "a matrix with an inverse", "check its entries"
                )


def _monomial_or_matrices(
    group: Group, images: Sequence[ExactMatrix | SignedPermutation], label: str
) -> Action:
    """As permutations, where all matrices are, or as signed ones."""
    from intertwine.action.matrices import Matrices

    if not images:
        raise SpecError(f"{label}, of the group {group}", "a generator", "write {trivial: d}")
    permuting: list[SignedPermutation] = []
    for image in images:
        if isinstance(image, SignedPermutation):
            permuting.append(image)
        elif image.monomial is not None:
            permuting.append(SignedPermutation.of(*image.monomial))
    if len(permuting) == len(images):
        return Declared(group, tuple(permuting), label)
    return Matrices(group, tuple(i for i in images if isinstance(i, ExactMatrix)), label)


_TURNING = "a cyclic, dihedral, hyperoctahedral or polyhedral group, or that of a grid"
_PERMUTING = "a group with at least two natural points that it permutes"
# Every action that groups have by name, in the order in which messages name them.
NAMED = {
    "regular": Named(lambda group: bool(group.sets), Regular),
    "sign": Named(lambda group: (group.natural or "") in group.sets, Sign),
    "standard": Named(_permutes, _of_natural_points, _PERMUTING),
    "vector": Named(_turns, _vector, _TURNING),
    "pseudovector": Named(_turns, _pseudovector, _TURNING),
    "determinant": Named(_turns, Determinant),
}
