"""From a path, a dict or a Spec to a checked document; every refusal knows its file and line."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from intertwine.errors import IntertwineError, Path, SpecError, located, shown
from intertwine.spec.files import file_beside
from intertwine.spec.forms import plain, unboxed
from intertwine.spec.refuse import in_words, refusal_of
from intertwine.spec.schema import NetworkSpec, Spec
from intertwine.spec.yaml import MOST_BYTES, read_yaml


@dataclass(frozen=True)
class Document:
    """A spec that has the right shape, and where it came from.

    `folder` is the only place from which it may read files; `digest` identifies its content,
    comments and layout apart.
    """

    spec: Spec | NetworkSpec
    origin: str
    folder: FilePath | None
    digest: str
    lines: Mapping[Path, int] = field(repr=False)

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Give any refusal raised inside this document's file and line."""
        with _placing(self.origin, self.lines):
            yield

    def __str__(self) -> str:
        return f"{self.spec.name} ({self.origin}, sha256 {self.digest[:12]})"


@dataclass(frozen=True)
class SpecDocument(Document):
    """The spec of one layer."""

    spec: Spec


@dataclass(frozen=True)
class NetworkDocument(Document):
    """The spec of a network."""

    spec: NetworkSpec


SpecLike = str | FilePath | Mapping[str, Any] | Spec | NetworkSpec | SpecDocument | NetworkDocument


def load_spec(given: SpecLike) -> SpecDocument:
    """Read and check the spec of a layer: a path to YAML, a dict of the same shape, or a Spec.

    What it returns stands for the spec wherever one is asked for.

    >>> spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> print(load_spec(spec).spec.group.symmetric)
    4
    """
    document = load_document(given)
    if isinstance(document, NetworkDocument):
        with document.placing(), located("network"):
            raise SpecError(
                "a network",
                "the spec of one layer, with `output`",
                "write the spec of a layer, with `input` and `output`; `solve` takes networks too",
            )
    return document


def load_document(given: SpecLike) -> SpecDocument | NetworkDocument:
    """Read and check a spec of either kind: one with the key `network` is that of a network."""
    if isinstance(given, SpecDocument | NetworkDocument):
        return given
    if isinstance(given, Spec | NetworkSpec):
        return _checked(given.model_dump(exclude_unset=True), "<spec>", None, {})
    if isinstance(given, Mapping):
        return _checked(_unboxed(given), "<dict>", None, {})
    path = _path(given)
    with _placing(str(path), {}):
        text = _text(path)
    with _placing(str(path), {}):
        document = read_yaml(text)
    return _checked(document.data, str(path), path.resolve().parent, document.lines)


def _unboxed(given: Mapping[str, Any]) -> Any:
    with _placing("<dict>", {}):
        try:
            return unboxed(given)
        except RecursionError:
            raise _too_deep() from None


def _path(given: Any) -> FilePath:
    expected = "a path to a spec in YAML, a dict, a Spec, or what `load_spec` gave"
    if isinstance(given, str) and "\n" in given:
        raise SpecError(
            f"YAML text, {in_words(given)}", expected, "save the text, and pass the file's path"
        )
    if not isinstance(given, str | os.PathLike):
        raise SpecError(f"{in_words(given)}, of type {type(given).__name__}", expected, "pass one")
    return FilePath(given)


def _text(path: FilePath) -> str:
    try:
        if not path.is_dir() and path.exists() and not path.is_file():
            raise SpecError(
                "a pipe or a device", "a YAML spec in a file", "save it, and pass the file"
            )
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        where = shown(os.path.dirname(os.path.abspath(path)), 200)
        raise SpecError(
            "a file that does not exist", f"a YAML spec in the folder {where}", "check the path"
        ) from None
    except OSError as error:
        raise SpecError(
            f"no readable file ({error.strerror})", "a YAML spec", "check the path"
        ) from None
    except ValueError:
        raise SpecError("a path with a null byte", "a path", "check the path") from None
    if len(content) > MOST_BYTES:
        raise SpecError(
            f"more than {MOST_BYTES} bytes",
            f"a spec of at most {MOST_BYTES} bytes",
            "keep long image lists in a .npz file beside the spec",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        refusal = SpecError(
            f"bytes that are not UTF-8, at byte {error.start}", "UTF-8 text", "save it as UTF-8"
        )
        refusal.line = 1 + content.count(b"\n", 0, error.start)
        raise refusal from None


def _checked(
    data: Any, origin: str, folder: FilePath | None, lines: Mapping[Path, int]
) -> SpecDocument | NetworkDocument:
    with _placing(origin, lines):
        if not isinstance(data, dict):
            raise SpecError(
                in_words(data),
                "a mapping with name, group, input and output",
                "start from `intertwine new`",
            )
        if "network" in data and "output" in data:
            raise SpecError(
                "both `output` and `network`", "one of them", "the last stage gives the output"
            )
        try:
            spec = (NetworkSpec if "network" in data else Spec).model_validate(data)
        except ValidationError as error:
            raise refusal_of(error, data) from None
        except RecursionError:
            raise _too_deep() from None
        digest = _digest(data, folder)
        if isinstance(spec, NetworkSpec):
            return NetworkDocument(spec, origin, folder, digest, lines)
        return SpecDocument(spec, origin, folder, digest, lines)


def _too_deep() -> SpecError:
    return SpecError("forms nested too deeply", "a handful of levels", "flatten")


@contextmanager
def _placing(origin: str, lines: Mapping[Path, int]) -> Iterator[None]:
    """Every refusal raised inside learns its file, and the line of the nearest step of its path."""
    try:
        yield
    except IntertwineError as error:
        path = error.path
        while path and path not in lines:
            path = path[:-1]
        if error.line is None and (path or isinstance(error, SpecError)):
            error.line = lines.get(path)
        line = "" if error.line is None else f":{error.line}"
        error.place = error.place or f"{shown(origin, 200)}{line}"
        raise


def _digest(data: Any, folder: FilePath | None) -> str:
    try:
        text = json.dumps(data, sort_keys=True, default=plain, separators=(",", ":"))
    except ValueError:
        raise SpecError(
            "an integer of thousands of digits", "integers of at most 4300 digits", "leave it out"
        ) from None
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for path, name in _files(data, ()):
        with located(*path):
            digest.update(file_beside(folder, name).read_bytes())
    return digest.hexdigest()


def _files(data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The files that a spec names, in order, and where: every text under a key `file`."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "file" and isinstance(value, str):
                yield (*path, key), value
            else:
                yield from _files(value, (*path, key))
    elif isinstance(data, list) and data and not isinstance(data[0], int):
        for place, value in enumerate(data):
            yield from _files(value, (*path, place))
