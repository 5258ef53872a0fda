"""From a path, a dict or a Spec to a checked document; every refusal knows its file and line."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from pydantic import ValidationError

from intertwine.errors import Path, SpecError, shown
from intertwine.spec.forms import Form
from intertwine.spec.schema import Spec
from intertwine.spec.yaml import MOST_BYTES, read_yaml


@dataclass(frozen=True)
class SpecDocument:
    """A spec that has the right shape, and where it came from.

    `folder` is the only place from which it may read files; `digest` identifies its content,
    comments and layout apart.
    """

    spec: Spec
    origin: str
    folder: FilePath | None
    digest: str
    lines: Mapping[Path, int] = field(repr=False)

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Give any SpecError raised inside this document's file and line."""
        with _placing(self.origin, self.lines):
            yield

    def __str__(self) -> str:
        return f"{self.spec.name} ({self.origin}, sha256 {self.digest[:12]})"


def load_spec(given: str | FilePath | Mapping[str, Any] | Spec) -> SpecDocument:
    """Read and check a spec: a path to YAML, a dict of the same shape, or a Spec.

    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> print(load_spec(spec).spec.group.symmetric)
    4
    """
    if isinstance(given, Spec):
        return _checked(given.model_dump(exclude_unset=True), "<spec>", None, {})
    if isinstance(given, Mapping):
        return _checked(dict(given), "<dict>", None, {})
    path = FilePath(given)
    with _placing(str(path), {}):
        text = _text(path)
    with _placing(str(path), {}):
        document = read_yaml(text)
    return _checked(document.data, str(path), path.resolve().parent, document.lines)


def _text(path: FilePath) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SpecError(
                f"a file of {path.stat().st_size} bytes",
                f"at most {MOST_BYTES}",
                "keep image lists in a .npz file beside the spec",
            )
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SpecError(
            error.strerror or "no readable file", "a YAML spec", "check the path"
        ) from None
    except UnicodeDecodeError as error:
        raise SpecError(
            f"bytes that are not UTF-8, at byte {error.start}", "UTF-8 text", "save it as UTF-8"
        ) from None
    except ValueError:
        raise SpecError("a path with a null byte", "a path", "check the path") from None


def _checked(
    data: Any, origin: str, folder: FilePath | None, lines: Mapping[Path, int]
) -> SpecDocument:
    with _placing(origin, lines):
        if not isinstance(data, dict):
            raise SpecError(
                shown(data), "a mapping with name, group, input and output", "start from `new`"
            )
        try:
            spec = Spec.model_validate(data)
        except ValidationError as error:
            raise _refusal(error, data) from None
        except RecursionError:
            raise SpecError("forms nested too deeply", "a handful of levels", "flatten") from None
        return SpecDocument(spec, origin, folder, _digest(data, folder), lines)


@contextmanager
def _placing(origin: str, lines: Mapping[Path, int]) -> Iterator[None]:
    try:
        yield
    except SpecError as error:
        path = error.path
        while path and path not in lines:
            path = path[:-1]
        line = error.place or (str(lines[path]) if path in lines else "")
        error.place = f"{shown(origin, 200)}:{line}" if line else shown(origin, 200)
        raise


def _digest(data: Any, folder: FilePath | None) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, np.ndarray | np.generic):
            return value.tolist()
        return f"<{type(value).__name__}>"

    text = json.dumps(data, sort_keys=True, default=plain, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for name in _files(data):
        digest.update(file_beside(folder, name).read_bytes())
    return digest.hexdigest()


def _files(data: Any) -> Iterator[str]:
    """The files that a spec names, in order: every text under a key `file`."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "file" and isinstance(value, str):
                yield value
            else:
                yield from _files(value)
    elif isinstance(data, list) and data and not isinstance(data[0], int):
        for value in data:
            yield from _files(value)


def file_beside(folder: FilePath | None, name: str) -> FilePath:
    """The file of that name in the spec's folder or below; anything else is refused."""
    if folder is None:
        raise SpecError(f"file: {shown(name)}", "no files in a dict", "pass arrays instead")
    advice = "give the file a relative name beside the spec"
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder) and not FilePath(name).is_absolute()
        if not inside or not path.is_file():
            what = "a file in the spec's folder" if inside else "no path out of the spec's folder"
            raise SpecError(f"file: {shown(name)}", what, advice)
        if path.stat().st_size > 4 * MOST_BYTES:
            raise SpecError(f"file: {shown(name)}", f"at most {4 * MOST_BYTES} bytes", advice)
    except (OSError, ValueError):
        raise SpecError(f"file: {shown(name)}", "a readable file", advice) from None
    return path


_LISTINGS = "a mapping from generators to permutations, a file, or (for a group) a list of names"
_EXPECTED = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "tuple_type": "a list of two: an action and a number",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def _refusal(error: ValidationError, data: Any) -> SpecError:
    """The first complaint of the schema, in our words."""
    first = error.errors(include_url=False)[0]
    path, holder = _located(first["loc"], data)
    kind, context, given = first["type"], first.get("ctx", {}), shown(first["input"])
    name = str(path[-1]) if path else ""
    if kind == "refused":
        return SpecError(given, context["expected"], context["advice"], path)
    if kind == "missing":
        missing = str(first["loc"][-1])
        if missing.isdigit():
            return SpecError(shown(holder), "a list of two: an action and a number", "add it", path)
        return SpecError(f"no `{missing}`", f"a `{missing}`", f"add `{missing}:`", path)
    if kind == "extra_forbidden":
        known = _keys_beside(holder)
        return SpecError(
            f"the key {shown(name)}", "one of " + ", ".join(known), _nearest(name, known), path
        )
    if kind == "union_tag_invalid":
        known = [tag.strip("' ") for tag in context["expected_tags"].split(",")]
        if "listed" in known:
            return SpecError(given, _LISTINGS, "write {a: [1, 2, 0]}, for example", path)
        head = next(iter(first["input"]), "") if isinstance(first["input"], dict) else given
        forms = ", ".join(tag for tag in known if tag != "name")
        named = "the name of a set, or " if "name" in known else ""
        expected = f"{named}a mapping with one of {forms}"
        return SpecError(given, expected, _nearest(str(head), known), path)
    if kind == "literal_error":
        return SpecError(given, str(context["expected"]), "write one of these", path)
    if kind == "greater_than_equal":
        return SpecError(
            given, f"an integer, at least {context['ge']}", "write a larger number", path
        )
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        what = "at least" if kind == "too_short" else "at most"
        return SpecError(given, f"{what} {bound} items", "change how many there are", path)
    return SpecError(given, _EXPECTED.get(kind, shown(first["msg"], 200)), "correct it", path)


def _located(loc: tuple[int | str, ...], data: Any) -> tuple[Path, Any]:
    """The path in the data of a schema location, its tags of forms left out; and the last value."""
    path: list[int | str] = []
    value, holder = data, data
    for step, following in zip(loc, (*loc[1:], None), strict=True):
        if isinstance(value, dict) and step in value and following not in value:
            holder, value = value, value[step]
        elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
            holder, value = value, value[step]
        else:
            continue
        path.append(step)
    return tuple(path), holder if path and loc[-1] == path[-1] else value


def _keys_beside(holder: Any) -> list[str]:
    """The keys of the form that shares most with the mapping given."""
    keys = set(holder) if isinstance(holder, dict) else set()
    forms: list[type[Form]] = [Spec, *(form for form in Form.__subclasses__() if form is not Spec)]
    return list(max(forms, key=lambda form: len(keys & set(form.model_fields))).model_fields)


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else "see `intertwine schema`"
