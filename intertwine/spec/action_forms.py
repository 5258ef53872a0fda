"""The forms of actions."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, StrictStr, Tag

from intertwine.spec.forms import (
    ArrayFile,
    DottedName,
    Exponent,
    Form,
    Identifier,
    Label,
    Matrix,
    Permutation,
    Size,
    Subset,
    head,
    is_name,
    listing,
    refused,
)
from intertwine.spec.printed import action_form


def _named(text: str) -> str:
    if is_name(text):
        return text
    form = action_form(text)
    if form is not None:
        raise refused("a mapping, for which output prints this", f"write {form}")
    raise refused(
        "a name, or names joined by dots",
        "name a set of the group, or write a mapping such as {power: [points, 2]}",
    )


ActionName = Annotated[StrictStr, AfterValidator(_named)]


class TrivialAction(Form):
    """d fixed points."""

    trivial: Size


class Power(Form):
    """The k-th tensor power."""

    power: tuple[ActionForm, Exponent]


class TensorOf(Form):
    """A tensor product: one element acts on every factor."""

    tensor: Annotated[list[ActionForm], Field(min_length=1)]


class SumOf(Form):
    """A direct sum."""

    sum: Annotated[list[ActionForm], Field(min_length=1)]


class Fields(Form):
    """A direct sum of named fields, one tensor each."""

    fields: Annotated[dict[Identifier, ActionForm], Field(min_length=1)]


class SubsetsOf(Form):
    """The k-element subsets."""

    subsets: tuple[ActionForm, Subset]


class InjectionsOf(Form):
    """The ordered k-tuples of distinct points."""

    injections: tuple[ActionForm, Subset]


class SymmetricPowerOf(Form):
    """The k-th symmetric power."""

    symmetric_power: tuple[ActionForm, Subset]


class ExteriorPowerOf(Form):
    """The k-th exterior power."""

    exterior_power: tuple[ActionForm, Subset]


class CosetParts(Form):
    """A subgroup, by permutations of the natural points of the group or of one factor."""

    subgroup: list[Permutation]
    factor: DottedName | None = None


class CosetsOf(Form):
    """The left cosets of a subgroup."""

    cosets: CosetParts


class Permutations(Form):
    """An action listed generator by generator."""

    permutations: Annotated[
        Annotated[ArrayFile, Tag("file")] | Annotated[dict[DottedName, Permutation], Tag("listed")],
        Discriminator(listing),
    ]


class SignedPermutations(Form):
    """An action listed generator by generator, one-based with signs: [-2, 1, 3]."""

    signed_permutations: dict[DottedName, Permutation]


class MatricesOf(Form):
    """An action by a matrix a generator, of integers, fractions and real algebraic numbers."""

    matrices: dict[DottedName, Matrix]


class FibreParts(Form):
    """The permutation action below, and the matrix a generator by which fibres are moved."""

    over: ActionForm
    matrices: dict[DottedName, Matrix]


class FibreOf(Form):
    """A vector over every point: one matrix a generator, over a permutation action."""

    fibre: FibreParts


class InducedParts(Form):
    """A subgroup as under `cosets`, and a matrix for each of its permutations."""

    subgroup: list[Permutation]
    matrices: list[Matrix]
    factor: DottedName | None = None


class InducedOf(Form):
    """The representation that one of a subgroup induces."""

    induced: InducedParts


class DualOf(Form):
    """The dual of an action."""

    dual: ActionForm


class StandardOf(Form):
    """The vectors of sum zero over the points of an action."""

    standard: ActionForm


class IrrepOf(Form):
    """An irreducible representation by its label: a partition, a number or a word."""

    irrep: Label
    factor: DottedName | None = None


ActionForm = Annotated[
    Annotated[ActionName, Tag("name")]
    | Annotated[TrivialAction, Tag("trivial")]
    | Annotated[Power, Tag("power")]
    | Annotated[TensorOf, Tag("tensor")]
    | Annotated[SumOf, Tag("sum")]
    | Annotated[Fields, Tag("fields")]
    | Annotated[SubsetsOf, Tag("subsets")]
    | Annotated[InjectionsOf, Tag("injections")]
    | Annotated[SymmetricPowerOf, Tag("symmetric_power")]
    | Annotated[ExteriorPowerOf, Tag("exterior_power")]
    | Annotated[CosetsOf, Tag("cosets")]
    | Annotated[Permutations, Tag("permutations")]
    | Annotated[SignedPermutations, Tag("signed_permutations")]
    | Annotated[MatricesOf, Tag("matrices")]
    | Annotated[FibreOf, Tag("fibre")]
    | Annotated[InducedOf, Tag("induced")]
    | Annotated[DualOf, Tag("dual")]
    | Annotated[StandardOf, Tag("standard")]
    | Annotated[IrrepOf, Tag("irrep")],
    Discriminator(head),
]

for form in (Power, TensorOf, SumOf, Fields, SubsetsOf, FibreParts, DualOf, StandardOf):
    form.model_rebuild()
