"""Actions that are listed: generator by generator, or by what a subgroup does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from intertwine.action.action import Action, Declared
from intertwine.action.homogeneous import Cosets
from intertwine.action.lifted import Lifted
from intertwine.action.order import joint_order
from intertwine.errors import SpecError, located, shown
from intertwine.group.group import Group
from intertwine.group.notation import parse_signed
from intertwine.group.permutation import SignedPermutation
from intertwine.spec.bounds import refuse_chain
from intertwine.spec.files import read_arrays
from intertwine.spec.forms import (
    ActionForm,
    ArrayFile,
    DottedName,
    Label,
    Matrix,
    Permutation,
    StrictMapping,
    how_listed,
)
from intertwine.spec.permutations import parse_all, refuse_unsaid_base
from intertwine.spec.representations import by_matrices, induced, irrep

if TYPE_CHECKING:
    from intertwine.spec.build import ActionBuilder

_COSETS = '{cosets: {subgroup: ["(0 1)"]}}'


class SubgroupParts(StrictMapping):
    """A subgroup, by permutations of the natural points of the group or of one factor."""

    examples: ClassVar = {"subgroup": _COSETS}

    subgroup: list[Permutation]
    factor: DottedName | None = None

    def build(self, builder: ActionBuilder) -> Action:
        """What the subgroup gives, of the group itself or of the factor."""
        if self.factor is not None:
            head, inner, rest = builder.within(self.factor)
            own = self.model_copy(update={"factor": rest}).build(inner)
            return Lifted(builder.group, head, own)
        if builder.group.sets:
            refuse_chain(builder.group)
        natural = builder.group.sets.get(builder.group.natural or "")
        degree = natural.degree if natural is not None else None
        numbered = {str(place): element for place, element in enumerate(self.subgroup)}
        with located("subgroup"):
            elements = parse_all(numbered, builder.folder, builder.base or 0, degree)
            cosets = Cosets(builder.group, elements)
            cosets.shape  # noqa: B018  (a subgroup that is none is refused here, with its line)
        return self._of(cosets, elements)

    def _of(self, cosets: Cosets, elements: tuple[SignedPermutation, ...]) -> Action:
        return cosets


class CosetsOf(ActionForm):
    """The left cosets of a subgroup."""

    example = _COSETS

    cosets: SubgroupParts

    def build(self, builder: ActionBuilder) -> Action:
        """G/H, of which coset 0 is the subgroup."""
        with located("cosets"):
            return self.cosets.build(builder)


class InducedParts(SubgroupParts):
    """A subgroup as under `cosets`, and a matrix for each of its permutations."""

    matrices: list[Matrix]

    def _of(self, cosets: Cosets, elements: tuple[SignedPermutation, ...]) -> Action:
        return induced(cosets.group, elements, self.matrices)


class InducedOf(ActionForm):
    """The representation that one of a subgroup induces."""

    example = '{induced: {subgroup: ["(0 1)"], matrices: [[[-1]]]}}'

    induced: InducedParts

    def build(self, builder: ActionBuilder) -> Action:
        """A copy of the subgroup's space over each of its cosets."""
        with located("induced"):
            return self.induced.build(builder)


class Permutations(ActionForm):
    """An action listed generator by generator."""

    example = '{permutations: {a: [1, 2, 0], b: "(0 1)"}}'

    permutations: Annotated[
        Annotated[ArrayFile, Tag("file")] | Annotated[dict[DottedName, Permutation], Tag("listed")],
        Discriminator(how_listed),
    ]

    def build(self, builder: ActionBuilder) -> Action:
        """The permutations, in the order of the generators."""
        with located("permutations"):
            given = self.permutations
            listed = read_arrays(given, builder.folder) if isinstance(given, ArrayFile) else given
            named = _ordered(listed, builder.group, "images")
            images = parse_all(named, builder.folder, builder.base or 0, None)
            if builder.base is None:
                refuse_unsaid_base(named, "count from 0, or write `(0)` if 0 is a fixed point")
            return respecting(builder.group, Declared(builder.group, tuple(images)))


class SignedPermutations(ActionForm):
    """An action listed generator by generator, one-based with signs: [-2, 1, 3]."""

    example = "{signed_permutations: {a: [-2, 1, 3]}}"

    signed_permutations: dict[DottedName, Permutation]

    def build(self, builder: ActionBuilder) -> Action:
        """The signed permutations, in the order of the generators."""
        images: list[SignedPermutation] = []
        with located("signed_permutations"):
            named = _ordered(self.signed_permutations, builder.group, "images")
            for name, value in named.items():
                with located(name):
                    images.append(parse_signed(value, images[0].degree if images else None))
            action = Declared(builder.group, tuple(images), "signed_permutations")
            return respecting(builder.group, action)


class MatricesOf(ActionForm):
    """An action by a matrix a generator, of integers, fractions and real algebraic numbers."""

    example = "{matrices: {a: [[0, -1], [1, 0]]}}"

    matrices: dict[DottedName, Matrix]

    def build(self, builder: ActionBuilder) -> Action:
        """The matrices, in the order of the generators."""
        with located("matrices"):
            return of_matrices(builder.group, self.matrices)


class IrrepOf(ActionForm):
    """An irreducible representation by its label: a partition, a number or a word."""

    example = "{irrep: [2, 1]}"

    irrep: Label
    factor: DottedName | None = None

    def build(self, builder: ActionBuilder) -> Action:
        """The representation of the label, of the group itself or of the factor."""
        with located("irrep"):
            return self._of(builder, self.factor)

    def _of(self, builder: ActionBuilder, factor: str | None) -> Action:
        if factor is None:
            return irrep(builder.group, self.irrep)
        head, inner, rest = builder.within(factor)
        return builder.lifted(head, self._of(inner, rest))


def of_matrices(group: Group, listed: Mapping[str, Any]) -> Action:
    """The action by the matrices that are listed, one for each generator."""
    return respecting(group, by_matrices(group, _ordered(listed, group, "matrices")))


def respecting(group: Group, action: Action) -> Action:
    """An action of a group; refuses one by which relations of the group's own sets do not hold."""
    if not (group.sets or group.factors):
        return action
    refuse_chain(group)
    joint = joint_order(group, [action])
    if joint != group.order:
        raise SpecError(
            f"images that, with {group} itself, generate a group of order {joint}",
            f"{group.order}: images that respect the group's relations",
            f"check each generator's image{_by_names(group)}",
        )
    return action


def _by_names(group: Group) -> str:
    """What to write where the group is larger than the one that its points define."""
    names = ", ".join(group.generators)
    if group.factors or len(names) > 60:
        return ""
    return (
        f"; if the group is larger than its points show, name its generators alone, "
        f"{{generators: [{names}]}}, and list their `permutations` as one more action"
    )


def _ordered(listed: Mapping[str, Any], group: Group, what: str) -> dict[str, Any]:
    """What is listed for the generators, in their order; exactly they must be there."""
    names = group.generators
    missing = [name for name in names if name not in listed]
    extra = [name for name in listed if name not in names]
    if missing or extra:
        raise SpecError(
            f"{what} of {_listing(listed) or 'no generator'}",
            f"one for each of the generators of {group}: {_listing(names) or 'none'}",
            _renaming(missing, extra),
        )
    if not names:
        raise SpecError("no generators", "at least one", "write {trivial: d}")
    return {name: listed[name] for name in names}


def _renaming(missing: list[str], extra: list[str]) -> str:
    """What to do with the keys of a mapping, so that they are the generators' names."""
    if not missing:
        return f"remove {_listing(extra)}"
    if not extra:
        return f"add {_listing(missing)}"
    joint = " to" if len(missing) == len(extra) else "; missing:"
    return f"rename {_listing(extra)}{joint} {_listing(missing)}"


def _listing(names: Iterable[str]) -> str:
    return shown(", ".join(names), 150)
