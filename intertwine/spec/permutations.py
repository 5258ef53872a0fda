"""The permutations that a spec lists, parsed and brought to one number of points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from intertwine.errors import SpecError, located, shown
from intertwine.group.notation import parse_permutation
from intertwine.group.permutation import SignedPermutation
from intertwine.numerals import many
from intertwine.spec.files import read_arrays
from intertwine.spec.forms import ArrayFile

_POINT = re.compile(r"\d")
_ZERO = re.compile(r"(?<!\d)0+(?!\d)")


def parse_all(
    listed: Mapping[str, Any], folder: FilePath | None, base: int, degree: int | None
) -> tuple[SignedPermutation, ...]:
    """Parse them all: cycle strings take the degree of the longest list or cycle beside them."""
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
                    f"a list of {many(length, 'image')}",
                    f"{common}, the number of points of the other generators",
                    "give all generators the same points",
                )
    for name, value in values.items():
        if isinstance(value, str) and found[name].degree != common:
            with located(name):
                found[name] = parse_permutation(value, common, base)
    return tuple(found.values())


def refuse_unsaid_base(listed: Mapping[str, Any], advice: str) -> None:
    """Refuse cycles that never mention the point 0: most likely they count from 1.

    An image list beside them says itself from where they count; so does a cycle `(0)`.
    """
    texts = [value for value in listed.values() if isinstance(value, str)]
    if len(texts) < len(listed) or not any(map(_POINT.search, texts)):
        return
    if not any(map(_ZERO.search, texts)):
        raise SpecError(
            f"cycles that never mention the point 0, such as {shown(max(texts, key=len))}",
            "points that count from 0",
            advice,
        )


def _value(value: Any, folder: FilePath | None) -> Any:
    if not isinstance(value, ArrayFile):
        return value
    arrays = read_arrays(value, folder)
    if len(arrays) != 1:
        raise SpecError(
            f"{shown(value.file)} with {many(len(arrays), 'array')}",
            "one array",
            "name it with `array:`",
        )
    return next(iter(arrays.values()))
