"""The spec language, version 1, as a schema: every form that YAML or a dict may take.

A group or an action is a name, or a mapping with one leading key that says which form it is.
Pydantic checks the shapes and prints the JSON Schema; meaning is checked when the group is built.
"""

from __future__ import annotations

import keyword
import re
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}\Z")
_SNAKE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_DOTTED = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}(\.[A-Za-z][A-Za-z0-9_]{0,59}){0,7}\Z")
_EXPECTED = "{expected}"


def _refused(expected: str, advice: str) -> PydanticCustomError:
    return PydanticCustomError("refused", _EXPECTED, {"expected": expected, "advice": advice})


def _matching(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if not pattern.match(name) or "__" in name:
            raise _refused(what, "rename it")
        if any(keyword.iskeyword(part) for part in name.split(".")):
            raise _refused("a name that is no Python keyword", "rename it")
        return name

    return AfterValidator(check)


ModuleName = Annotated[
    StrictStr, _matching(_SNAKE, "snake_case of at most 60 letters, digits and single underscores")
]
Identifier = Annotated[
    StrictStr, _matching(_NAME, "a name of at most 60 letters, digits and single underscores")
]
ClassName = Annotated[
    StrictStr,
    _matching(
        re.compile(r"[A-Z][A-Za-z0-9]{0,59}\Z"), "CamelCase of at most 60 letters and digits"
    ),
]
DottedName = Annotated[StrictStr, _matching(_DOTTED, "a name, or names joined by dots")]
Size = Annotated[StrictInt, Field(ge=1)]
Exponent = Annotated[StrictInt, Field(ge=1)]
Subset = Annotated[StrictInt, Field(ge=0)]


def _permutation(value: Any) -> Any:
    if isinstance(value, dict):
        return ArrayFile.model_validate(value)
    if isinstance(value, str | list | tuple | np.ndarray):
        return value
    raise _refused(
        'an image list such as [1, 2, 0] or a cycle string such as "(0 1 2)"', "write one of them"
    )


_INTEGERS = {"type": "array", "items": {"type": "integer"}}
_ARRAY_FILE = {
    "type": "object",
    "properties": {"file": {"type": "string"}, "array": {"type": "string"}},
    "required": ["file"],
    "additionalProperties": False,
}
Permutation = Annotated[
    Any,
    PlainValidator(_permutation),
    WithJsonSchema({"anyOf": [{"type": "string"}, _INTEGERS, _ARRAY_FILE]}),
]


class Form(BaseModel):
    """A mapping with known keys; anything else is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class ArrayFile(Form):
    """Image lists from a `.npy` or `.npz` file beside the spec; `array` names one of an archive."""

    file: StrictStr
    array: StrictStr | None = None


def _head(value: Any) -> str:
    """Which form a mapping is: its first key that heads one; text is the form `name`."""
    if isinstance(value, str):
        return "name"
    if isinstance(value, BaseModel):
        return next(iter(type(value).model_fields))
    if isinstance(value, dict) and value:
        return next((str(key) for key in value if str(key) in HEADS), str(next(iter(value))))
    return type(value).__name__


def _listing(value: Any) -> str:
    """How generators are given: in a file, listed by name, or by names alone."""
    if isinstance(value, ArrayFile) or (isinstance(value, dict) and "file" in value):
        return "file"
    return {"dict": "listed", "list": "names"}.get(type(value).__name__, "neither")


class Symmetric(Form):
    """All permutations of n points."""

    symmetric: Size


class Alternating(Form):
    """All even permutations of n points."""

    alternating: Size


class Cyclic(Form):
    """The rotations of n points on a circle."""

    cyclic: Size


class Dihedral(Form):
    """The 2n symmetries of a regular n-gon."""

    dihedral: Annotated[StrictInt, Field(ge=3)]


class TrivialGroup(Form):
    """One element, on n fixed points."""

    trivial: Size


class Hyperoctahedral(Form):
    """The signed permutations of n axes."""

    hyperoctahedral: Size


class Mathieu(Form):
    """A Mathieu group on its natural points."""

    mathieu: Literal[11, 12, 22, 23, 24]


class Generators(Form):
    """Permutations by name, or names alone, or the arrays of a file."""

    generators: Annotated[
        Annotated[ArrayFile, Tag("file")]
        | Annotated[dict[DottedName, Permutation], Tag("listed")]
        | Annotated[list[Identifier], Tag("names")],
        Discriminator(_listing),
    ]
    points: Size | None = None
    base: Literal[0, 1] = 0


class Product(Form):
    """A direct product of named factors."""

    product: Annotated[dict[Identifier, GroupForm], Field(min_length=1)]


class WreathParts(Form):
    """The base group, and the top group that permutes its copies."""

    base: GroupForm
    top: GroupForm


class Wreath(Form):
    """A wreath product."""

    wreath: WreathParts


class GraphParts(Form):
    """A graph: a known name, a file beside the spec, or a list of edges."""

    graph: StrictStr | None = None
    file: StrictStr | None = None
    edges: list[tuple[StrictInt, StrictInt]] | None = None
    vertices: Size | None = None
    directed: StrictBool = False
    vertex_label: StrictStr | None = None
    edge_label: StrictStr | None = None

    @model_validator(mode="after")
    def _one_source(self) -> GraphParts:
        if sum(source is not None for source in (self.graph, self.file, self.edges)) != 1:
            raise _refused("exactly one of graph, file, edges", "keep one of them")
        return self


class Automorphisms(Form):
    """The automorphism group of a graph."""

    automorphisms: GraphParts


class GridParts(Form):
    """A periodic grid and its wallpaper symmetry."""

    shape: Annotated[list[Size], Field(min_length=1, max_length=8)]
    symmetry: Literal["p1", "p2", "pm", "pmm", "p4", "p4m"] = "p1"


class Grid(Form):
    """The symmetries of a periodic grid."""

    grid: GridParts


class PolyhedronParts(Form):
    """One of the five regular solids."""

    name: Literal["tetrahedron", "cube", "octahedron", "dodecahedron", "icosahedron"]
    reflections: StrictBool = False


class Polyhedron(Form):
    """The symmetries of a regular solid."""

    polyhedron: PolyhedronParts


GroupForm = Annotated[
    Annotated[Symmetric, Tag("symmetric")]
    | Annotated[Alternating, Tag("alternating")]
    | Annotated[Cyclic, Tag("cyclic")]
    | Annotated[Dihedral, Tag("dihedral")]
    | Annotated[TrivialGroup, Tag("trivial")]
    | Annotated[Hyperoctahedral, Tag("hyperoctahedral")]
    | Annotated[Mathieu, Tag("mathieu")]
    | Annotated[Generators, Tag("generators")]
    | Annotated[Product, Tag("product")]
    | Annotated[Wreath, Tag("wreath")]
    | Annotated[Automorphisms, Tag("automorphisms")]
    | Annotated[Grid, Tag("grid")]
    | Annotated[Polyhedron, Tag("polyhedron")],
    Discriminator(_head),
]


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
        Discriminator(_listing),
    ]


class SignedPermutations(Form):
    """An action listed generator by generator, one-based with signs: [-2, 1, 3]."""

    signed_permutations: dict[DottedName, Permutation]


ActionForm = Annotated[
    Annotated[DottedName, Tag("name")]
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
    | Annotated[SignedPermutations, Tag("signed_permutations")],
    Discriminator(_head),
]

GROUP_HEADS = (
    "symmetric", "alternating", "cyclic", "dihedral", "trivial", "hyperoctahedral", "mathieu",
    "generators", "product", "wreath", "automorphisms", "grid", "polyhedron",
)  # fmt: skip
ACTION_HEADS = (
    "trivial", "power", "tensor", "sum", "fields", "subsets", "injections", "symmetric_power",
    "exterior_power", "cosets", "permutations", "signed_permutations",
)  # fmt: skip
HEADS = frozenset(GROUP_HEADS + ACTION_HEADS)


class Layer(Form):
    """What the emitted layer looks like."""

    class_name: ClassName | None = None
    bias: StrictBool = True
    strategy: Literal["auto", "expand"] = "auto"
    layout: Literal["channels_first", "channels_last"] = "channels_first"


class Expect(Form):
    """Numbers that the solver must find; a mismatch is an error."""

    order: Annotated[StrictInt, Field(ge=1)] | None = None
    dimension: Annotated[StrictInt, Field(ge=0)] | None = None
    bias_dimension: Annotated[StrictInt, Field(ge=0)] | None = None


RuleName = Literal[
    "trivial", "sums", "products", "partitions", "orbitals", "signs", "nullspace"
]  # fmt: skip


class Spec(Form):
    """A symmetry and the layer wanted: a group, its actions on input and output."""

    name: ModuleName
    description: StrictStr = ""
    group: GroupForm
    input: ActionForm
    output: ActionForm
    layer: Layer = Layer()
    rule: RuleName | None = None
    expect: Expect = Expect()


for form in (Product, WreathParts, Power, TensorOf, SumOf, Fields, SubsetsOf, Spec):
    form.model_rebuild()
