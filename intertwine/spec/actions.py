"""The actions of the language: each form with its fields, its example, and what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field, StrictStr, Tag

from intertwine.action.action import Action, Trivial
from intertwine.action.dual import Dual
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.errors import SpecError, located
from intertwine.names import FIELDS, is_name
from intertwine.spec.bounds import refuse_factors
from intertwine.spec.forms import (
    ActionForm,
    DottedName,
    Exponent,
    Identifier,
    Matrix,
    Size,
    StrictMapping,
    Subset,
    one_of,
    refused,
)
from intertwine.spec.listed import (
    CosetsOf,
    InducedOf,
    IrrepOf,
    MatricesOf,
    Permutations,
    SignedPermutations,
    of_matrices,
)
from intertwine.spec.printed import action_form

if TYPE_CHECKING:
    from intertwine.spec.build import ActionBuilder


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


class TrivialAction(ActionForm):
    """d fixed points."""

    example = "{trivial: 2}"

    trivial: Size

    def build(self, builder: ActionBuilder) -> Action:
        """R^d, on which nothing moves."""
        return Trivial(builder.group, self.trivial)


class Power(ActionForm):
    """The k-th tensor power."""

    example = "{power: [points, 2]}"

    power: tuple[AnyAction, Exponent]

    def build(self, builder: ActionBuilder) -> Action:
        """As many axes as k times those of the base."""
        base, exponent = self.power
        with located("power"):
            with located(0):
                action = builder.action(base)
            refuse_factors(action, exponent)
            return power(action, exponent)


class TensorOf(ActionForm):
    """A tensor product: one element acts on every factor."""

    example = "{tensor: [points, points]}"

    tensor: Annotated[list[AnyAction], Field(min_length=1)]

    def build(self, builder: ActionBuilder) -> Action:
        """One axis a factor, in order."""
        with located("tensor"):
            return Tensor(builder.group, builder.actions(enumerate(self.tensor)))


class SumOf(ActionForm):
    """A direct sum."""

    example = "{sum: [points, trivial]}"

    sum: Annotated[list[AnyAction], Field(min_length=1)]

    def build(self, builder: ActionBuilder) -> Action:
        """The points of each part, one part after the other."""
        with located("sum"):
            return Sum(builder.group, builder.actions(enumerate(self.sum)))


class Fields(ActionForm):
    """A direct sum of named fields, one tensor each."""

    example = "{fields: {a: points, b: trivial}}"

    fields: Annotated[dict[Identifier, AnyAction], Field(min_length=1)]

    def build(self, builder: ActionBuilder) -> Action:
        """Nothing: fields inside another action are refused."""
        raise SpecError(
            "fields inside another action",
            "fields as the whole input or output",
            "write `sum` here",
        )

    def outermost(self, builder: ActionBuilder) -> Action:
        """The sum of the fields, which keep their names."""
        with located("fields"):
            for name in self.fields:
                if name in FIELDS:
                    with located(name):
                        raise SpecError(
                            f"the field name {name}",
                            "a name that neither the emitted layer nor torch's ParameterDict uses",
                            f"rename it, for example {name}_",
                        )
            members = builder.actions(self.fields.items())
        return Sum(builder.group, members, tuple(self.fields))


class _TuplesOf(ActionForm):
    """Tuples of points of a base action."""

    kind: ClassVar[type[Subsets | Injections | SymmetricPower | ExteriorPower]]

    def build(self, builder: ActionBuilder) -> Action:
        """The tuples in lexicographic order; those of a factor's points are that factor's own."""
        base, size = getattr(self, self.key())
        with located(self.key()):
            with located(0):
                action = builder.action(base)
            refuse_factors(action, size)
            made = self.kind(builder.group, action, size)
        return builder.owned(made)


class SubsetsOf(_TuplesOf):
    """The k-element subsets."""

    example = "{subsets: [points, 2]}"
    kind = Subsets

    subsets: tuple[AnyAction, Subset]


class InjectionsOf(_TuplesOf):
    """The ordered k-tuples of distinct points."""

    example = "{injections: [points, 2]}"
    kind = Injections

    injections: tuple[AnyAction, Subset]


class SymmetricPowerOf(_TuplesOf):
    """The k-th symmetric power."""

    example = "{symmetric_power: [points, 2]}"
    kind = SymmetricPower

    symmetric_power: tuple[AnyAction, Subset]


class ExteriorPowerOf(_TuplesOf):
    """The k-th exterior power."""

    example = "{exterior_power: [points, 2]}"
    kind = ExteriorPower

    exterior_power: tuple[AnyAction, Subset]


class FibreParts(StrictMapping):
    """The permutation action below, and the matrix a generator by which fibres are moved."""

    over: AnyAction
    matrices: dict[DottedName, Matrix]


class FibreOf(ActionForm):
    """A vector over every point: one matrix a generator, over a permutation action."""

    example = "{fibre: {over: {trivial: 3}, matrices: {a: [[0, -1], [1, 0]]}}}"

    fibre: FibreParts

    def build(self, builder: ActionBuilder) -> Action:
        """The tensor product of the points below and the vectors."""
        with located("fibre"):
            with located("over"):
                below = builder.action(self.fibre.over)
            with located("matrices"):
                vectors = of_matrices(builder.group, self.fibre.matrices)
                return Tensor(builder.group, (below, vectors))


class DualOf(ActionForm):
    """The dual of an action."""

    example = "{dual: standard}"

    dual: AnyAction

    def build(self, builder: ActionBuilder) -> Action:
        """The transposes of the inverses; a signed permutation is its own."""
        with located("dual"):
            action = builder.action(self.dual)
            return Dual(builder.group, action) if action.linear else action


class StandardOf(ActionForm):
    """The vectors of sum zero over the points of an action."""

    example = "{standard: points}"

    standard: AnyAction

    def build(self, builder: ActionBuilder) -> Action:
        """One dimension less than the points have."""
        with located("standard"):
            return builder.owned(Standard(builder.group, builder.action(self.standard)))


# Every action of the language but names, in the order in which messages name them.
ACTIONS: tuple[type[ActionForm], ...] = (
    TrivialAction, Power, TensorOf, SumOf, Fields, SubsetsOf, InjectionsOf, SymmetricPowerOf,
    ExteriorPowerOf, CosetsOf, Permutations, SignedPermutations, MatricesOf, FibreOf, InducedOf,
    DualOf, StandardOf, IrrepOf,
)  # fmt: skip

if TYPE_CHECKING:
    AnyAction = ActionForm | str
else:
    AnyAction = one_of(ACTIONS, Annotated[ActionName, Tag("name")])
    for recursive in (FibreParts, *ACTIONS):
        recursive.model_rebuild()
