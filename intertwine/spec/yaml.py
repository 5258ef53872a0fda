"""YAML read as data and nothing else: no tags, no duplicate keys, no cycles, no bombs.

Returns plain dicts, lists and scalars, and the line of every value by its path.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from intertwine.errors import Path, SpecError, shown

MOST_BYTES = 16 * 2**20
MOST_VALUES = 2_000_000
MOST_DEPTH = 40

_CORE = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_MOST_DIGITS = 4000


@dataclass(frozen=True)
class Document:
    """The data of a YAML text, and the 1-based line at which each path stands."""

    data: Any
    lines: Mapping[Path, int]


def read_yaml(text: str) -> Document:
    """Parse a text; whatever is not plain data is refused with its line.

    >>> read_yaml("a: [1, no]").data
    {'a': [1, 'no']}
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _at(
            (mark.line + 1) if mark else 1, str(error.problem or "broken text"), "valid YAML"
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        said = shown(str(error).splitlines()[0] if str(error) else "text nested too deeply")
        raise _at(1, said, "valid YAML") from None
    if root is None:
        raise _at(1, "an empty document", "a mapping with name, group, input and output")
    reader = _Reader()
    data = reader.value(root, (), ())
    return Document(data, reader.lines)


def _at(line: int, given: str, expected: str, advice: str = "correct this line") -> SpecError:
    error = SpecError(given, expected, advice)
    error.place = str(line)
    return error


@dataclass
class _Reader:
    lines: dict[Path, int] = field(default_factory=dict)
    count: int = 0

    def value(self, node: Node, path: Path, above: tuple[int, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.count += 1
        if id(node) in above:
            raise _at(line, "an alias that contains itself", "a finite document", "write it out")
        if self.count > MOST_VALUES or len(above) > MOST_DEPTH:
            raise _at(
                line,
                "aliases or nesting that expand without bound",
                f"at most {MOST_VALUES} values, nested at most {MOST_DEPTH} deep",
                "keep long image lists in a .npz file",
            )
        inner = (*above, id(node))
        if isinstance(node, MappingNode) and node.tag == _CORE + "map":
            return self._mapping(node, path, inner)
        if isinstance(node, SequenceNode) and node.tag == _CORE + "seq":
            return [self.value(item, (*path, i), inner) for i, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return _scalar(node, line)
        raise _tagged(node, line)

    def _mapping(self, node: MappingNode, path: Path, above: tuple[int, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise _at(line, "a key that is no text", "a name", "write a plain key")
            key = str(key_node.value)
            if key in result:
                raise _at(line, f"the key {shown(key)} twice", "each key once", "remove one")
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key), above)
        return result


def _scalar(node: ScalarNode, line: int) -> Any:
    text, kind = str(node.value), str(node.tag).removeprefix(_CORE)
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        if not _INTEGER.match(text) or len(text) > _MOST_DIGITS:
            raise _at(line, shown(text), "a decimal integer", "write plain digits")
        return int(text)
    if kind == "float":
        lowered = text.lower().replace("_", "")
        named = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}
        return named[lowered] if lowered in named else float(lowered)
    if kind == "timestamp":
        return text
    raise _tagged(node, line)


def _tagged(node: Node, line: int) -> SpecError:
    return _at(line, f"the tag {shown(str(node.tag))}", "plain data, no tags", "remove the tag")
