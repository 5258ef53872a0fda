"""From the forms of a spec to a group and its actions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from intertwine.action.action import Action, Declared, Lifted, SetAction, Sign, Trivial
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.order import joint_order
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.errors import SpecError, TooLargeError, located, shown
from intertwine.group.automorphism import automorphisms, named_graph
from intertwine.group.grid import grid
from intertwine.group.group import Group, GSet
from intertwine.group.mathieu import mathieu
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.group.notation import parse_permutation, parse_signed
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product, wreath
from intertwine.spec import schema as form
from intertwine.spec.files import read_arrays, read_graph
from intertwine.spec.load import SpecDocument

_MOST_FACTORS = 64
_MOST_DIGITS = 100_000


@dataclass(frozen=True)
class Problem:
    """What is to be solved: all intertwiners from `source` to `target`."""

    group: Group
    source: Action
    target: Action

    def __str__(self) -> str:
        return f"{self.group}: {self.source} -> {self.target}"


def build_actions(document: SpecDocument) -> Problem:
    """Make the group and both actions; refusals know their line.

    >>> from intertwine.spec.load import load_spec
    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> print(build_actions(load_spec(spec)))
    S_4: points -> points
    """
    spec = document.spec
    with document.placing():
        with located("group"):
            group = build_group(spec.group, document.folder)
        builder = ActionBuilder(group, document.folder, getattr(spec.group, "base", 0))
        with located("input"):
            source = builder.outermost(spec.input)
        with located("output"):
            target = builder.outermost(spec.output)
        return Problem(group, source, target)


def build_group(given: Any, folder: FilePath | None) -> Group:
    """The group that a form declares."""
    match given:
        case form.Symmetric(symmetric=n):
            return symmetric(n)
        case form.Alternating(alternating=n):
            return alternating(n)
        case form.Cyclic(cyclic=n):
            return cyclic(n)
        case form.Dihedral(dihedral=n):
            return dihedral(n)
        case form.TrivialGroup(trivial=n):
            return trivial(n)
        case form.Hyperoctahedral(hyperoctahedral=n):
            return hyperoctahedral(n)
        case form.Mathieu(mathieu=n):
            return mathieu(n)
        case form.Grid(grid=parts):
            with located("grid"):
                return grid(tuple(parts.shape), parts.symmetry)
        case form.Polyhedron(polyhedron=parts):
            return polyhedron(parts.name, parts.reflections)
        case form.Product(product=factors):
            return direct_product({k: _at("product", k, g, folder) for k, g in factors.items()})
        case form.Wreath(wreath=parts):
            base, top = (_at("wreath", k, getattr(parts, k), folder) for k in ("base", "top"))
            return wreath(base, top)
        case form.Automorphisms(automorphisms=parts):
            with located("automorphisms"):
                return _graph_group(parts, folder)
        case form.Generators():
            with located("generators"):
                return _generated(given, folder)
    raise AssertionError(f"the schema let {type(given).__name__} pass")


def _at(key: str, name: str, given: Any, folder: FilePath | None) -> Group:
    with located(key, name):
        return build_group(given, folder)


def _graph_group(parts: form.GraphParts, folder: FilePath | None) -> Group:
    if parts.graph is not None:
        graph, name = named_graph(parts.graph), parts.graph
    else:
        graph, name = read_graph(parts, folder), "graph"
    return automorphisms(graph, parts.vertex_label, parts.edge_label, name=f"Aut({name})")


def _generated(given: form.Generators, folder: FilePath | None) -> Group:
    if isinstance(given.generators, list):
        names = tuple(given.generators)
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None or not names:
            raise SpecError(
                f"the generator {repeated} twice" if repeated else "no generators",
                "each generator's name once",
                "name them a, b, ...",
            )
        return Group(f"<{', '.join(names)}>", names, {})
    listed: Mapping[str, Any] = (
        read_arrays(given.generators, folder)
        if isinstance(given.generators, form.ArrayFile)
        else given.generators
    )
    if not listed and given.points is None:
        raise SpecError(
            "no generators and no points", "generators, or `points`", "write {trivial: n}"
        )
    images = _permutations(listed, folder, given.base, given.points)
    degree = images[0].degree if images else given.points or 0
    points = GSet("points", (degree,), lambda: images)
    name = f"<{', '.join(listed)}>"
    return Group(name, tuple(listed), {"points": points}, natural="points")


def _permutations(
    listed: Mapping[str, Any], folder: FilePath | None, base: int, degree: int | None
) -> tuple[SignedPermutation, ...]:
    """Parse them all; cycle strings take the degree of the longest list or cycle beside them."""
    values = {name: _value(value, folder) for name, value in listed.items()}
    found: dict[str, SignedPermutation] = {}
    for name, value in values.items():
        with located(name):
            found[name] = parse_permutation(value, degree, base)
    lists = {k: found[k].degree for k, v in values.items() if not isinstance(v, str)}
    common = degree or max((g.degree for g in found.values()), default=0)
    for name, length in lists.items():
        if length != common:
            with located(name):
                raise SpecError(
                    f"a list of {length} images",
                    f"{common}, the number of points of the other generators",
                    "give all generators the same points",
                )
    for name, value in values.items():
        if isinstance(value, str) and found[name].degree != common:
            with located(name):
                found[name] = parse_permutation(value, common, base)
    return tuple(found.values())


def _value(value: Any, folder: FilePath | None) -> Any:
    if not isinstance(value, form.ArrayFile):
        return value
    arrays = read_arrays(value, folder)
    if len(arrays) != 1:
        raise SpecError(
            f"{shown(value.file)} with {len(arrays)} arrays",
            "one array",
            "name it with `array:`",
        )
    return next(iter(arrays.values()))


@dataclass(frozen=True)
class ActionBuilder:
    """Builds actions of one group; `base` is that of every permutation written in the spec."""

    group: Group
    folder: FilePath | None
    base: int = 0

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
        return Sum(self.group, tuple(members), tuple(given.fields))

    def action(self, given: Any) -> Action:
        """The action that a form declares."""
        match given:
            case str():
                return self.named(given)
            case form.TrivialAction(trivial=size):
                return Trivial(self.group, size)
            case form.Power(power=(base, exponent)):
                with located("power"):
                    _bounded(self._base(base), exponent)
                    return power(self._base(base), exponent)
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
                    return self._cosets(parts)
            case form.Permutations(permutations=listed):
                with located("permutations"):
                    return self._declared(listed)
            case form.SignedPermutations(signed_permutations=listed):
                with located("signed_permutations"):
                    return self._declared(listed, signed=True)
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
            return own if isinstance(own, Trivial) else Lifted(self.group, head, own)
        if name in self.group.sets:
            return SetAction(self.group, name)
        if name == "trivial":
            return Trivial(self.group, 1)
        if name in ("regular", "sign") and not self.group.factors:
            return Regular(self.group) if name == "regular" else Sign(self.group)
        factors = [*self.group.factors, *(f"{f}.sign" for f in self.group.factors)]
        known = [*self.group.sets, "trivial", *(factors or ["regular", "sign"])]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        raise SpecError(
            f"the action {shown(name)}",
            f"one of {', '.join(known)}",
            f"did you mean `{near[0]}`?" if near else "name a set that this group has",
        )

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
            _bounded(base, size)
            action: Action = kind(self.group, base, size)
        owner = action.owner
        return action if owner is None else Lifted(self.group, owner, action.stripped())

    def _cosets(self, parts: form.CosetParts) -> Action:
        if parts.factor is not None:
            head, _, rest = parts.factor.partition(".")
            if head not in self.group.factors:
                raise SpecError(
                    f"factor: {head}",
                    f"one of {', '.join(self.group.factors) or 'no factors'}",
                    "name a factor of the product",
                )
            inner = ActionBuilder(self.group.factors[head], self.folder, self.base)
            return Lifted(
                self.group, head, inner._cosets(parts.model_copy(update={"factor": rest or None}))
            )
        natural = self.group.sets.get(self.group.natural or "")
        degree = natural.degree if natural is not None else None
        listed = {str(place): element for place, element in enumerate(parts.subgroup)}
        with located("subgroup"):
            action = Cosets(self.group, _permutations(listed, self.folder, self.base, degree))
            action.shape  # noqa: B018  (a subgroup that is none is refused here, with its line)
        return action

    def _declared(self, given: Any, signed: bool = False) -> Action:
        listed = read_arrays(given, self.folder) if isinstance(given, form.ArrayFile) else given
        names = self.group.generators
        missing = [name for name in names if name not in listed]
        extra = [name for name in listed if name not in names]
        if missing or extra:
            raise SpecError(
                f"images of {', '.join(listed) or 'no generator'}",
                f"one for each of {', '.join(names) or 'no generators'}",
                f"add {missing[0]}" if missing else f"remove {extra[0]}",
            )
        ordered = {name: listed[name] for name in names}
        if not ordered:
            raise SpecError("no generators", "at least one", "write {trivial: d}")
        if signed:
            images: list[SignedPermutation] = []
            for name, value in ordered.items():
                with located(name):
                    images.append(parse_signed(value, images[0].degree if images else None))
            action = Declared(self.group, tuple(images), "signed_permutations")
        else:
            action = Declared(self.group, _permutations(ordered, self.folder, self.base, None))
        self._refuse_contradiction(action)
        return action

    def _refuse_contradiction(self, action: Declared) -> None:
        """A group that has sets of its own allows only images that respect its relations."""
        if not (self.group.sets or self.group.factors):
            return
        joint = joint_order(self.group, [action])
        if joint != self.group.order:
            raise SpecError(
                f"images that, with {self.group} itself, generate a group of order {joint}",
                f"{self.group.order}: images that respect the group's relations",
                "check each generator's image",
            )


def _bounded(base: Action, size: int) -> None:
    digits = size * len(str(base.dimension))
    if size > _MOST_FACTORS or digits > _MOST_DIGITS:
        raise TooLargeError(
            f"a construction of size {size} over {base.dimension} points has about 10^{digits} "
            f"entries, and tuples are limited to {_MOST_FACTORS}; take a smaller power"
        )


RESERVED_FIELDS = frozenset(
    """
    add_module apply bfloat16 buffers call_super_init children clear compile copy cpu cuda double
    dump_patches eval extra_repr float forward fromkeys get get_buffer get_extra_state
    get_parameter get_submodule half input ipu items keys load_state_dict modules mtia
    named_buffers named_children named_modules named_parameters output parameters pop popitem
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook
    requires_grad_ self set_extra_state set_submodule setdefault share_memory state_dict to
    to_empty torch training type update values xpu zero_grad batch weight bias
    T_destination INPUTS OUTPUTS ValueError len tuple zip
    """.split()
)
