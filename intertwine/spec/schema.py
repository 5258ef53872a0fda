"""The spec language, version 1, as a schema: every form that YAML or a dict may take.

A group or an action is a name, or a mapping with one leading key that says which form it is.
Pydantic checks the shapes and prints the JSON Schema; meaning is checked when the group is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictInt, StrictStr, TypeAdapter

from intertwine.spec.actions import ACTIONS, AnyAction
from intertwine.spec.forms import ModuleName, StrictMapping
from intertwine.spec.groups import GROUPS, AnyGroup
from intertwine.spec.layer_forms import Layer
from intertwine.spec.network_forms import Channels, NetworkExpect, Stages


class Expect(StrictMapping):
    """Numbers that the solver must find; a mismatch is an error."""

    order: Annotated[StrictInt, Field(ge=1)] | None = None
    dimension: Annotated[StrictInt, Field(ge=0)] | None = None
    bias_dimension: Annotated[StrictInt, Field(ge=0)] | None = None


RuleName = Literal[
    "trivial", "sums", "products", "partitions", "orbitals", "signs", "fibres", "nullspace"
]  # fmt: skip


class Spec(StrictMapping):
    """A symmetry and the layer wanted: a group, its actions on input and output."""

    examples: ClassVar = {"layer": "layer: {bias: true}", "expect": "expect: {dimension: 4}"}

    name: ModuleName
    description: StrictStr = ""
    group: AnyGroup
    input: AnyAction
    output: AnyAction
    layer: Layer = Layer()
    rule: RuleName | None = None
    expect: Expect = Expect()


class NetworkSpec(StrictMapping):
    """A symmetry and a network: the action on its input, and stages one after another."""

    examples: ClassVar = {
        "network": "[{action: points, channels: 8}, {action: trivial, channels: 2}]"
    }

    name: ModuleName
    description: StrictStr = ""
    group: AnyGroup
    input: AnyAction
    channels: Channels = 1
    network: Stages
    layer: Layer = Layer()
    expect: NetworkExpect = NetworkExpect()


def _examples() -> Iterator[tuple[str, str]]:
    for kind in (*GROUPS, *ACTIONS):
        yield kind.key(), kind.example
    forms: list[type[StrictMapping]] = [StrictMapping]
    while forms:
        form = forms.pop()
        yield from form.examples.items()
        forms += form.__subclasses__()


# What may be written under a key of the language, for messages; GROUP stands for any group.
EXAMPLES = dict(_examples())


def json_schema() -> dict[str, Any]:
    """The JSON Schema of specs: those of a layer, and those of a network."""
    return TypeAdapter(Spec | NetworkSpec).json_schema()
