"""From the form of an action to the action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from intertwine.action.action import Action, Declared, SetAction, Trivial
from intertwine.action.dual import Dual
from intertwine.action.homogeneous import Cosets
from intertwine.action.lifted import Lifted
from intertwine.action.order import joint_order
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.errors import SpecError, located, shown
from intertwine.group.group import Group
from intertwine.group.notation import parse_signed
from intertwine.group.permutation import SignedPermutation
from intertwine.spec import action_forms as form
from intertwine.spec.bounds import refuse_chain, refuse_endless, refuse_factors
from intertwine.spec.examples import ACTION_EXAMPLES
from intertwine.spec.files import read_arrays
from intertwine.spec.forms import ArrayFile
from intertwine.spec.listing import ordered
from intertwine.spec.nearest import nearest
from intertwine.spec.permutations import parse_all, refuse_unsaid_base
from intertwine.spec.representations import (
    NAMED,
    RENAMED,
    by_matrices,
    induced,
    irrep,
    named_action,
    named_actions,
)
from intertwine.spec.reserved import RESERVED_FIELDS


@dataclass(frozen=True)
class ActionBuilder:
    """Builds actions of one group; `base` is that of every permutation, where the spec says it."""

    group: Group
    folder: FilePath | None
    base: int | None = None

    def outermost(self, given: Any) -> Action:
        """An input or output: any action, or named fields."""
        if not isinstance(given, form.Fields):
            return self.action(given)
        members = []
        for name, part in given.fields.items():
            with located("fields", name):
                if name in RESERVED_FIELDS:
                    raise SpecError(
                        f"the field name {name}",
                        "a name that neither the emitted layer nor torch's ParameterDict uses",
                        f"rename it, for example {name}_",
                    )
                members.append(self.action(part))
        action = Sum(self.group, tuple(members), tuple(given.fields))
        refuse_endless(action)
        return action

    def action(self, given: Any) -> Action:
        """The action that a form declares, unless it is out of all proportion."""
        action = self._made(given)
        refuse_endless(action)
        return action

    def _made(self, given: Any) -> Action:
        match given:
            case str():
                return self.named(given)
            case form.TrivialAction(trivial=size):
                return Trivial(self.group, size)
            case form.Power(power=(base, exponent)):
                with located("power"):
                    action = self._base(base)
                    refuse_factors(action, exponent)
                    return power(action, exponent)
            case form.TensorOf(tensor=parts):
                return Tensor(self.group, self._parts("tensor", parts))
            case form.SumOf(sum=parts):
                return Sum(self.group, self._parts("sum", parts))
            case form.SubsetsOf(subsets=(base, size)):
                return self._tuples("subsets", Subsets, base, size)
            case form.InjectionsOf(injections=(base, size)):
                return self._tuples("injections", Injections, base, size)
            case form.SymmetricPowerOf(symmetric_power=(base, size)):
                return self._tuples("symmetric_power", SymmetricPower, base, size)
            case form.ExteriorPowerOf(exterior_power=(base, size)):
                return self._tuples("exterior_power", ExteriorPower, base, size)
            case form.CosetsOf(cosets=parts):
                with located("cosets"):
                    return self._of_subgroup(parts)
            case form.Permutations(permutations=listed):
                with located("permutations"):
                    return self._declared(listed)
            case form.SignedPermutations(signed_permutations=listed):
                with located("signed_permutations"):
                    return self._declared(listed, signed=True)
            case form.MatricesOf(matrices=listed):
                with located("matrices"):
                    return self._by_matrices(listed)
            case form.FibreOf(fibre=parts):
                with located("fibre"):
                    return self._fibre(parts)
            case form.InducedOf(induced=parts):
                with located("induced"):
                    return self._of_subgroup(parts, parts.matrices)
            case form.DualOf(dual=base):
                with located("dual"):
                    action = self.action(base)
                    return Dual(self.group, action) if action.linear else action
            case form.StandardOf(standard=base):
                with located("standard"):
                    return self._owned(Standard(self.group, self.action(base)))
            case form.IrrepOf(irrep=label, factor=factor):
                with located("irrep"):
                    return self._irrep(label, factor)
            case form.Fields():
                raise SpecError(
                    "fields inside another action",
                    "fields as the whole input or output",
                    "write `sum` here",
                )
        raise AssertionError(f"the schema let {type(given).__name__} pass")

    def named(self, name: str) -> Action:
        """A set of the group, `trivial`, `regular`, `sign`, or any of these of a factor."""
        head, _, rest = name.partition(".")
        if head in self.group.factors:
            inner = ActionBuilder(self.group.factors[head], self.folder, self.base)
            own = inner.named(rest) if rest else inner.natural(head)
            return self._lifted(head, own)
        if name in self.group.sets:
            return SetAction(self.group, name)
        if name == "trivial":
            return Trivial(self.group, 1)
        if name == "regular" and not (self.group.sets or self.group.factors):
            raise SpecError(
                f"regular, of {self.group}, generators by name alone",
                "a group that permutations define",
                "give each generator a permutation under `group`",
            )
        if name in NAMED and not self.group.factors:
            return named_action(self.group, name)
        known, word = self.names(), RENAMED.get(name, name)
        owned = [own for own in known if own.endswith(f".{word}")]
        if name in RENAMED and (word in known or owned):
            now = f"{word}, its new name"
            raise SpecError(f"the action {name}", now, f"write {' or '.join(owned[:3]) or word}")
        near = owned[:3] or [word for word in [nearest(name, known)] if word]
        advice = "name a set that this group has"
        if name in ACTION_EXAMPLES:
            advice = f"write {ACTION_EXAMPLES[name]}"
        elif near:
            advice = f"did you mean {' or '.join(f'`{own}`' for own in near)}?"
        raise SpecError(
            f"the action {shown(name)}",
            f"one of {shown(', '.join(known), 300)}, or a mapping with one of "
            f"{', '.join(ACTION_EXAMPLES)}",
            advice,
        )

    def names(self) -> list[str]:
        """The actions of this group that have a name, those of its factors by dotted names."""
        group = self.group
        if group.factors:
            inner = {name: ActionBuilder(f, self.folder) for name, f in group.factors.items()}
            return [
                "trivial",
                *(name for name, factor in group.factors.items() if factor.natural is not None),
                *(f"{f}.{n}" for f, own in inner.items() for n in own.names() if n != "trivial"),
            ]
        return [*group.sets, "trivial", *named_actions(group)]

    def natural(self, factor: str) -> Action:
        """The natural points of this group, which is the factor of that name."""
        if self.group.natural is None:
            raise SpecError(
                f"the factor {factor}, which has no natural points",
                f"one of its sets, such as {factor}.NAME",
                "name the set, or list the permutations",
            )
        return SetAction(self.group, self.group.natural)

    def _base(self, given: Any) -> Action:
        with located(0):
            return self.action(given)

    def _parts(self, key: str, given: Sequence[Any]) -> tuple[Action, ...]:
        parts = []
        for place, part in enumerate(given):
            with located(key, place):
                parts.append(self.action(part))
        return tuple(parts)

    def _tuples(self, key: str, kind: Any, given: Any, size: int) -> Action:
        with located(key):
            base = self._base(given)
            refuse_factors(base, size)
            action: Action = kind(self.group, base, size)
        return self._owned(action)

    def _owned(self, action: Action) -> Action:
        """An action of one factor, made over the product, as that factor's own, lifted."""
        owner = action.owner
        return action if owner is None else Lifted(self.group, owner, action.stripped())

    def _lifted(self, factor: str, own: Action) -> Action:
        """An action of a factor as one of the product."""
        if isinstance(own, Trivial):
            return Trivial(self.group, own.size)
        return Lifted(self.group, factor, own)

    def _within(self, factor: str) -> tuple[str, ActionBuilder, str | None]:
        """The name of a factor, the builder of its actions, and what stands after a dot."""
        head, _, rest = factor.partition(".")
        if head not in self.group.factors:
            raise SpecError(
                f"factor: {head}",
                f"one of {', '.join(self.group.factors) or 'no factors'}",
                "name a factor of the product",
            )
        inner = ActionBuilder(self.group.factors[head], self.folder, self.base)
        return head, inner, rest or None

    def _irrep(self, label: Any, factor: str | None) -> Action:
        if factor is None:
            return irrep(self.group, label)
        head, inner, rest = self._within(factor)
        return self._lifted(head, inner._irrep(label, rest))

    def _of_subgroup(
        self, parts: form.CosetParts | form.InducedParts, matrices: list[Any] | None = None
    ) -> Action:
        """The cosets of a subgroup, or the action that matrices of its elements induce."""
        if parts.factor is not None:
            head, inner, rest = self._within(parts.factor)
            own = inner._of_subgroup(parts.model_copy(update={"factor": rest}), matrices)
            return Lifted(self.group, head, own)
        if self.group.sets:
            refuse_chain(self.group)
        natural = self.group.sets.get(self.group.natural or "")
        degree = natural.degree if natural is not None else None
        listed = {str(place): element for place, element in enumerate(parts.subgroup)}
        with located("subgroup"):
            elements = parse_all(listed, self.folder, self.base or 0, degree)
            action: Action = Cosets(self.group, elements)
            action.shape  # noqa: B018  (a subgroup that is none is refused here, with its line)
        return action if matrices is None else induced(self.group, elements, matrices)

    def _by_matrices(self, listed: Mapping[str, Any]) -> Action:
        action = by_matrices(self.group, ordered(listed, self.group, "matrices"))
        self._refuse_contradiction(action)
        return action

    def _fibre(self, parts: form.FibreParts) -> Action:
        with located("over"):
            below = self.action(parts.over)
        with located("matrices"):
            return Tensor(self.group, (below, self._by_matrices(parts.matrices)))

    def _declared(self, given: Any, signed: bool = False) -> Action:
        listed = read_arrays(given, self.folder) if isinstance(given, ArrayFile) else given
        named = ordered(listed, self.group, "images")
        images: list[SignedPermutation]
        if signed:
            images = []
            for name, value in named.items():
                with located(name):
                    images.append(parse_signed(value, images[0].degree if images else None))
            action = Declared(self.group, tuple(images), "signed_permutations")
        else:
            images = list(parse_all(named, self.folder, self.base or 0, None))
            if self.base is None:
                refuse_unsaid_base(named, "count from 0, or write `(0)` if 0 is a fixed point")
            action = Declared(self.group, tuple(images))
        self._refuse_contradiction(action)
        return action

    def _refuse_contradiction(self, action: Action) -> None:
        """A group that has sets of its own allows only images that respect its relations."""
        if not (self.group.sets or self.group.factors):
            return
        refuse_chain(self.group)
        joint = joint_order(self.group, [action])
        if joint != self.group.order:
            raise SpecError(
                f"images that, with {self.group} itself, generate a group of order {joint}",
                f"{self.group.order}: images that respect the group's relations",
                f"check each generator's image{self._by_names()}",
            )

    def _by_names(self) -> str:
        """What to write where the group is larger than the one that its points define."""
        names = ", ".join(self.group.generators)
        if self.group.factors or len(names) > 60:
            return ""
        return (
            f"; if the group is larger than its points show, name its generators alone, "
            f"{{generators: [{names}]}}, and list their `permutations` as one more action"
        )
