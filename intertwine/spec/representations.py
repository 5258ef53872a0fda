"""Representations that a spec names, or gives by matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intertwine.action.action import Action, Declared, SetAction
from intertwine.action.homogeneous import Regular
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.algebra.matrix import ExactMatrix
from intertwine.errors import SpecError, located
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.numerals import many

# Actions that every group with natural points, or with a rotation representation, has by name.
NAMED = ("regular", "sign", "standard", "rotation")


def named_actions(group: Group) -> list[str]:
    """Those of them that a group has."""
    natural = group.sets.get(group.natural or "")
    permutes = natural is not None and not natural.signed and natural.degree > 1
    has = {
        "regular": bool(group.sets),
        "sign": natural is not None,
        "standard": permutes,
        "rotation": group.rotation is not None,
    }
    return [name for name in NAMED if has[name]]


def named_action(group: Group, name: str) -> Action:
    """One of them; refuses one that the group does not have."""
    if name == "regular":
        return Regular(group)
    if name == "sign":
        return Sign(group)
    if name not in named_actions(group):
        expected = {
            "standard": "a group with at least two natural points that it permutes",
            "rotation": "a cyclic, dihedral or polyhedral group, or that of a grid",
        }[name]
        advice = "list its matrices: {matrices: {a: [[0, -1], [1, 0]]}}"
        raise SpecError(f"{name}, of the group {group}", expected, advice)
    if name == "standard":
        return Standard(group, SetAction(group, group.natural or ""))
    assert group.rotation is not None
    return _monomial_or_matrices(group, group.rotation(), "rotation")


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


def _monomial_or_matrices(group: Group, matrices: Sequence[ExactMatrix], label: str) -> Action:
    """As signed permutations, where all matrices are."""
    from intertwine.action.matrices import Matrices

    if not matrices:
        raise SpecError(f"{label}, of the group {group}", "a generator", "write {trivial: d}")
    images = [matrix.monomial for matrix in matrices]
    signed = tuple(SignedPermutation.of(*image) for image in images if image is not None)
    if len(signed) < len(matrices):
        return Matrices(group, tuple(matrices), label)
    return Declared(group, signed, label)
