"""The forms of a network: its stages, and what follows the linear map of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StrictBool, StrictInt, WithJsonSchema, model_validator

from intertwine.spec.action_forms import ActionForm
from intertwine.spec.forms import Form, ModuleName, is_name, refused
from intertwine.spec.layer_forms import Boundary, Init, Strategy, Support

POINTWISE = (
    "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh", "softsign",
)  # fmt: skip
# These commute with a change of sign.
ODD = ("tanh", "softsign")
NONLINEARITIES = (*POINTWISE, "norm", "gated", "tensor_product")
NORMALIZATIONS = ("batch", "layer", "point", "rms")
MOST_CHANNELS = 1 << 16
_MOST_STAGES = 200


def _channels(value: Any) -> Any:
    given = list(value.values()) if isinstance(value, dict) else [value]
    whole = all(type(count) is int and 1 <= count <= MOST_CHANNELS for count in given)
    if not given or not whole or (isinstance(value, dict) and not all(map(_named, value))):
        raise refused(
            f"a number of channels from 1 to {MOST_CHANNELS}, or one for each field",
            "write such as 16 or {nodes: 16, edges: 8}",
        )
    return value


def _named(key: Any) -> bool:
    return isinstance(key, str) and is_name(key)


def _word_of(words: tuple[str, ...]) -> PlainValidator:
    def check(value: Any) -> Any:
        given = list(value.values()) if isinstance(value, dict) else [value]
        known = all(isinstance(word, str) and word in words for word in given)
        if not given or not known or (isinstance(value, dict) and not all(map(_named, value))):
            raise refused(
                f"one of {', '.join(words)}, or one for each field",
                f"write such as {words[0]} or {{nodes: {words[0]}}}",
            )
        return value

    return PlainValidator(check)


def _by_field(one: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [one, {"type": "object", "additionalProperties": one}]})


# For a single tensor, or one for each of its fields.
Channels = Annotated[
    Any,
    PlainValidator(_channels),
    _by_field({"type": "integer", "minimum": 1, "maximum": MOST_CHANNELS}),
]
Nonlinearity = Annotated[Any, _word_of(NONLINEARITIES), _by_field({"enum": list(NONLINEARITIES)})]
Normalization = Annotated[Any, _word_of(NORMALIZATIONS), _by_field({"enum": list(NORMALIZATIONS)})]


def _rate(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
        return float(value)
    raise refused("a share from 0 to less than 1", "write such as 0.1")


Rate = Annotated[
    Any,
    PlainValidator(_rate),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": 1}),
]


def _residual(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and is_name(value)):
        return value
    raise refused("true, input, or the name of an earlier stage", "write `residual: true`")


Residual = Annotated[
    Any,
    PlainValidator(_residual),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string"}]}),
]


class Pooling(Form):
    """A maximum, mean or sum over windows of a grid, or over all points above those of a set."""

    kind: Literal["max", "mean", "sum"] = "max"
    window: Annotated[StrictInt, Field(ge=2, le=4096)] | None = None
    onto: ActionForm | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Pooling:
        if (self.window is None) == (self.onto is None):
            raise refused(
                "either `window`, a length on a grid, or `onto`, a smaller action",
                "write such as {kind: max, window: 2} or {kind: max, onto: trivial}",
            )
        return self


class Stage(Form):
    """A linear map onto `action`, and what follows it, in the order of these keys.

    Without an action nothing is mapped, and the rest is done to what the stage is given.
    """

    name: ModuleName | None = None
    action: ActionForm | None = None
    channels: Channels | None = None
    bias: StrictBool | None = None
    strategy: Strategy | None = None
    support: Support | None = None
    boundary: Boundary | None = None
    init: Init | None = None
    stride: Annotated[StrictInt, Field(ge=2, le=4096)] | None = None
    normalization: Normalization | None = None
    residual: Residual = False
    nonlinearity: Nonlinearity | None = None
    dropout: Rate | None = None
    pooling: Pooling | None = None
    subgroup: StrictBool = False
    dimension: Annotated[StrictInt, Field(ge=0)] | None = None


class NetworkExpect(Form):
    """Numbers that must be found; a mismatch is an error."""

    order: Annotated[StrictInt, Field(ge=1)] | None = None
    parameters: Annotated[StrictInt, Field(ge=0)] | None = None


Stages = Annotated[list[Stage], Field(min_length=1, max_length=_MOST_STAGES)]
