"""The spec language, version 1, as a schema: every form that YAML or a dict may take.

A group or an action is a name, or a mapping with one leading key that says which form it is.
Pydantic checks the shapes and prints the JSON Schema; meaning is checked when the group is built.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, StrictStr, TypeAdapter

from intertwine.spec.action_forms import ActionForm
from intertwine.spec.forms import Form, ModuleName
from intertwine.spec.group_forms import GroupForm
from intertwine.spec.layer_forms import Layer
from intertwine.spec.network_forms import Channels, NetworkExpect, Stages


class Expect(Form):
    """Numbers that the solver must find; a mismatch is an error."""

    order: Annotated[StrictInt, Field(ge=1)] | None = None
    dimension: Annotated[StrictInt, Field(ge=0)] | None = None
    bias_dimension: Annotated[StrictInt, Field(ge=0)] | None = None


RuleName = Literal[
    "trivial", "sums", "products", "partitions", "orbitals", "signs", "fibres", "nullspace"
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


class NetworkSpec(Form):
    """A symmetry and a network: the action on its input, and stages one after another."""

    name: ModuleName
    description: StrictStr = ""
    group: GroupForm
    input: ActionForm
    channels: Channels = 1
    network: Stages
    layer: Layer = Layer()
    expect: NetworkExpect = NetworkExpect()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of specs: those of a layer, and those of a network."""
    return TypeAdapter(Spec | NetworkSpec).json_schema()
