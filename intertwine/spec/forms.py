"""What all forms of the spec language share: names, permutations, and how a form is told."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StrictInt,
    StrictStr,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from intertwine.names import CAMEL, DOTTED, NAME, SNAKE, has_keyword, is_name

if TYPE_CHECKING:
    from intertwine.action.action import Action
    from intertwine.group.group import Group
    from intertwine.spec.build import ActionBuilder

_EXPECTED = "{expected}"


def refused(expected: str, advice: str) -> PydanticCustomError:
    """A complaint that `spec.refuse` turns into a SpecError."""
    return PydanticCustomError("refused", _EXPECTED, {"expected": expected, "advice": advice})


def _matching(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if not is_name(name, pattern):
            keyword = has_keyword(name)
            raise refused("a name that is no Python keyword" if keyword else what, "rename it")
        return name

    return AfterValidator(check)


ModuleName = Annotated[
    StrictStr, _matching(SNAKE, "snake_case of at most 60 letters, digits and single underscores")
]
Identifier = Annotated[
    StrictStr, _matching(NAME, "a name of at most 60 letters, digits and single underscores")
]
ClassName = Annotated[
    StrictStr,
    _matching(CAMEL, "CamelCase of at most 60 letters and digits"),
]
DottedName = Annotated[StrictStr, _matching(DOTTED, "a name, or names joined by dots")]
LARGEST = 10**18
Size = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
Exponent = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
Subset = Annotated[StrictInt, Field(ge=0, le=LARGEST)]


def _integer(value: Any) -> Any:
    if type(value) is not int:
        raise refused("an integer", "write a whole number, without quotes")
    return value


# Beside a literal of integers, to which 1.0 and true are equal.
WholeNumber = BeforeValidator(_integer)


class StrictMapping(BaseModel):
    """A mapping with known keys; anything else is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    # What may be written under some of its keys, for messages.
    examples: ClassVar[Mapping[str, str]] = {}


class Kind(StrictMapping):
    """A form of a group or an action: its leading key tells it from the others.

    `example` is what may be written where one is expected.
    """

    example: ClassVar[str]

    @classmethod
    def key(cls) -> str:
        """The leading key."""
        return next(iter(cls.model_fields))


class ActionForm(Kind):
    """A form of an action of a group."""

    @abstractmethod
    def build(self, builder: ActionBuilder) -> Action:
        """The action of the builder's group."""


class GroupForm(Kind):
    """A form of a group.  `letters` are those of its usual name, such as S of S_4."""

    letters: ClassVar[str] = ""

    @abstractmethod
    def build(self, folder: FilePath | None) -> Group:
        """The group; files are read from the spec's folder only."""

    @property
    def said_base(self) -> int | None:
        """What permutations count from, where the form says it."""
        return None

    @property
    def lengths(self) -> Sequence[int]:
        """How many points it has along each axis of a grid; none where it is none."""
        return ()

    def resized(self, lengths: list[int]) -> GroupForm:
        """A grid of other lengths."""
        raise AssertionError(f"{type(self).__name__} is no grid")


def one_of(kinds: Iterable[type[Kind]], *others: Any) -> Any:
    """The type of any of some kinds, of which the leading key says which; or of others."""
    tagged = (Annotated[kind, Tag(kind.key())] for kind in kinds)
    return Annotated[Union[(*others, *tagged)], Discriminator(head)]


class ArrayFile(StrictMapping):
    """Image lists from a `.npy` or `.npz` file beside the spec; `array` names one of an archive."""

    file: StrictStr
    array: StrictStr | None = None


def as_list(value: Any) -> Any:
    """The list in an array of any library, such as a tensor of torch; other values as they are.

    >>> from array import array
    >>> as_list(array("i", [1, 2, 0]))
    [1, 2, 0]
    """
    if isinstance(value, type | np.ndarray):
        return value
    for way in ("tolist", "__array__"):
        try:
            return getattr(value, way)()
        except Exception:  # whatever another library raises, this is not the way
            continue
    return value


def plain(value: Any) -> Any:
    """What JSON has no form for: arrays as lists, all else as text that tells values apart.

    >>> from fractions import Fraction
    >>> plain(np.array([1, 2])), plain(Fraction(1, 2))
    ([1, 2], '<Fraction 1/2>')
    """
    value = as_list(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value if isinstance(value, list) else f"<{type(value).__name__} {value}>"


def unboxed(value: Any) -> Any:
    """Mappings as dicts, and NumPy's scalars in mappings and lists as Python's own.

    >>> unboxed({"symmetric": np.int64(4)})
    {'symmetric': 4}
    """
    if isinstance(value, Mapping):
        return {key: unboxed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [unboxed(inner) for inner in value]
    return value.item() if isinstance(value, np.generic) else value


def _images(value: Any) -> Any:
    value = as_list(value)
    if isinstance(value, str | list | tuple | np.ndarray):
        return value
    beside = "; `base` stands beside the generators, not among them" if value in (0, 1) else ""
    raise refused(
        'an image list such as [1, 2, 0] or a cycle string such as "(0 1 2)"',
        f"write one of them{beside}",
    )


def _given_how(value: Any) -> str:
    return "file" if isinstance(value, dict | ArrayFile) else "images"


_INTEGERS = {"type": "array", "items": {"type": "integer"}}
Images = Annotated[
    Any, PlainValidator(_images), WithJsonSchema({"anyOf": [{"type": "string"}, _INTEGERS]})
]
Permutation = Annotated[
    Annotated[ArrayFile, Tag("file")] | Annotated[Images, Tag("images")],
    Discriminator(_given_how),
]


def _matrix(value: Any) -> Any:
    value = as_list(value)
    if isinstance(value, dict | list | tuple | np.ndarray):
        return value
    raise refused(
        "a matrix: a list of rows, or {size: n, entries: [[row, column, value], ...]}",
        'write such as [[0, "-1/2"], [2, 0]]',
    )


_NUMBER = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
_ROWS = {"type": "array", "items": {"type": "array", "items": _NUMBER}}
_ENTRIES = {
    "type": "object",
    "properties": {"size": {"type": "integer"}, "entries": _ROWS},
    "required": ["size", "entries"],
    "additionalProperties": False,
}
# What stands in it is parsed when the action is built.
Matrix = Annotated[Any, PlainValidator(_matrix), WithJsonSchema({"anyOf": [_ROWS, _ENTRIES]})]


def _label(value: Any) -> Any:
    value = as_list(value)
    whole = type(value) is int or isinstance(value, str)
    if whole or (isinstance(value, list | tuple) and all(type(part) is int for part in value)):
        return value
    raise refused("a partition, a number or a word", "write such as [2, 1], 1 or sign")


_PARTITION = {"type": "array", "items": {"type": "integer"}}
# Which irreducible representation; what it means is checked when the action is built.
Label = Annotated[
    Any,
    PlainValidator(_label),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}, _PARTITION]}),
]


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


def how_listed(value: Any) -> str:
    """How generators are given: in a file, listed by name, or by names alone."""
    if isinstance(value, ArrayFile) or (isinstance(value, dict) and "file" in value):
        return "file"
    return {"dict": "listed", "list": "names"}.get(type(value).__name__, "neither")
