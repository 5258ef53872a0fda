"""What all forms of the spec language share: names, permutations, and how a form is told."""

from __future__ import annotations

import keyword
import re
from typing import Annotated, Any

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}\Z")
_SNAKE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_DOTTED = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}(\.[A-Za-z][A-Za-z0-9_]{0,59}){0,7}\Z")
_EXPECTED = "{expected}"


def refused(expected: str, advice: str) -> PydanticCustomError:
    """A complaint that `spec.load` turns into a SpecError."""
    return PydanticCustomError("refused", _EXPECTED, {"expected": expected, "advice": advice})


def _matching(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if not pattern.match(name) or "__" in name:
            raise refused(what, "rename it")
        if any(keyword.iskeyword(part) for part in name.split(".")):
            raise refused("a name that is no Python keyword", "rename it")
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
    raise refused(
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


def head(value: Any) -> str:
    """Which form a mapping is: its first key; text is the form `name`."""
    if isinstance(value, str):
        return "name"
    if isinstance(value, BaseModel):
        return next(iter(type(value).model_fields))
    if isinstance(value, dict) and value:
        return next((str(key) for key in value if str(key) in _LEADING), str(next(iter(value))))
    return type(value).__name__


# Keys of forms that may stand after others, such as `{points: 3, generators: ...}`.
_LEADING = frozenset({"generators"})


def listing(value: Any) -> str:
    """How generators are given: in a file, listed by name, or by names alone."""
    if isinstance(value, ArrayFile) or (isinstance(value, dict) and "file" in value):
        return "file"
    return {"dict": "listed", "list": "names"}.get(type(value).__name__, "neither")
