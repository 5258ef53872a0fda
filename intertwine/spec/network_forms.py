"""The forms of a network: its stages, and what follows the linear map of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, StrictBool, StrictInt, WithJsonSchema, model_validator

from intertwine.names import is_name
from intertwine.spec.actions import AnyAction
from intertwine.spec.forms import ModuleName, StrictMapping, refused
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


def _for_each_field(fits: Callable[[Any], bool], expected: str, advice: str) -> PlainValidator:
    """One value that fits, or one for each field by name."""

    def check(value: Any) -> Any:
        fields = value if isinstance(value, dict) else {"x": value}
        named = all(isinstance(key, str) and is_name(key) for key in fields)
        if not fields or not named or not all(map(fits, fields.values())):
            raise refused(f"{expected}, or one for each field", f"write such as {advice}")
        return value

    return PlainValidator(check)


def _is_count(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MOST_CHANNELS


def _word_of(words: tuple[str, ...]) -> PlainValidator:
    advice = f"{words[0]} or {{nodes: {words[0]}}}"
    return _for_each_field(
        lambda word: isinstance(word, str) and word in words, f"one of {', '.join(words)}", advice
    )


def _by_field(one: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [one, {"type": "object", "additionalProperties": one}]})


# For a single tensor, or one for each of its fields.
Channels = Annotated[
    Any,
    _for_each_field(
        _is_count, f"a number of channels from 1 to {MOST_CHANNELS}", "16 or {nodes: 16, edges: 8}"
    ),
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


class Pooling(StrictMapping):
    """A maximum, mean or sum over windows of a grid, or over all points above those of a set."""

    kind: Literal["max", "mean", "sum"] = "max"
    window: Annotated[StrictInt, Field(ge=2, le=4096)] | None = None
    onto: AnyAction | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Pooling:
        if (self.window is None) == (self.onto is None):
            raise refused(
                "either `window`, a length on a grid, or `onto`, a smaller action",
                "write such as {kind: max, window: 2} or {kind: max, onto: trivial}",
            )
        return self


class Stage(StrictMapping):
    """A linear map onto `action`, and what follows it, in the order of these keys.

    Without an action nothing is mapped, and the rest is done to what the stage is given.
    """

    examples: ClassVar = {"pooling": "{kind: max, onto: trivial}"}

    name: ModuleName | None = None
    action: AnyAction | None = None
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


class NetworkExpect(StrictMapping):
    """Numbers that must be found; a mismatch is an error."""

    order: Annotated[StrictInt, Field(ge=1)] | None = None
    parameters: Annotated[StrictInt, Field(ge=0)] | None = None


Stages = Annotated[list[Stage], Field(min_length=1, max_length=_MOST_STAGES)]
