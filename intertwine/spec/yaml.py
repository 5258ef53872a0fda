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
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from intertwine.errors import Path, SpecError, shown

MOST_BYTES = 2 * 2**20
MOST_VALUES = 200_000
MOST_DEPTH = 40

_MAPPING = "a mapping with name, group, input and output"
_QUOTE = "put a text with signs in quotes"
# What to do, by what the parser says.
_REMEDIES = {
    "'\\t'": "indent with spaces, not with tabs",
    "mapping values": "give each key a line of its own and a space after its colon, "
    "or braces such as {key: value}; put a text with a colon in quotes",
    "could not find expected ':'": "put a space after the colon, such as `input: points`",
    "expected ','": "close the bracket that opens on this line",
    "end of stream": "close the bracket or the quote that opens on this line",
    "block mapping start": "give the keys of one mapping the same indentation",
    "but found '<scalar>'": _QUOTE,
    "but found '": "remove the bracket that closes nothing",
    "that cannot start": _QUOTE,
}
_CORE = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_MOST_DIGITS = 4000


@dataclass(frozen=True)
class YamlData:
    """The data of a YAML text, and the 1-based line at which each path stands."""

    data: Any
    lines: Mapping[Path, int]


def read_yaml(text: str) -> YamlData:
    """Parse a text; whatever is not plain data is refused with its line.

    >>> read_yaml("a: [1, no]").data
    {'a': [1, 'no']}
    """
    loader = YAML(typ="safe", pure=True)
    loader.Composer = _PlainComposer
    try:
        root = loader.compose(text)
    except MarkedYAMLError as error:
        if "another document" in str(error.problem):
            raise _at(_line(error), "a second document", "one", "remove it") from None
        raise _broken(str(error.problem or "it is broken"), _line(error)) from None
    except ReaderError as error:
        line = 1 + text.count("\n", 0, error.position)
        raise _broken(f"the character {shown(chr(error.character))}", line) from None
    except (YAMLError, ValueError) as error:
        raise _broken(str(error).splitlines()[0], 1) from None
    if root is None:
        raise _at(1, "an empty document", _MAPPING, "start from `intertwine new`")
    reader = _Reader()
    data = reader.value(root, (), ())
    return YamlData(data, reader.lines)


def _line(error: MarkedYAMLError) -> int:
    """Where the trouble is; of what is not closed, or lacks a colon, where it begins."""
    problem = str(error.problem)
    unclosed = any(word in problem for word in ("end of stream", "could not find", "expected ','"))
    marks = (error.context_mark, error.problem_mark)
    mark = next((m for m in (marks if unclosed else marks[::-1]) if m is not None), None)
    return 1 if mark is None else int(mark.line) + 1


def _at(line: int, given: str, expected: str, advice: str) -> SpecError:
    error = SpecError(given, expected, advice)
    error.line = line
    return error


def _broken(problem: str, line: int) -> SpecError:
    advice = next(
        (told for part, told in _REMEDIES.items() if part in problem), "correct this line"
    )
    return _at(line, f"broken text ({shown(problem, 100)})", "valid YAML", advice)


def _endless(line: int) -> SpecError:
    return _at(
        line,
        "aliases, values or nesting without end",
        f"at most {MOST_VALUES} values, nested at most {MOST_DEPTH} deep",
        "keep long image lists in a .npz file",
    )


class _PlainComposer(Composer):
    """Makes the tree of nodes; refuses tags, other versions of YAML, and texts without end."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self.values = 0
        self.nesting = 0

    def compose_document(self) -> Any:
        start = self.parser.peek_event()
        if start.version not in (None, (1, 2)):
            version = ".".join(map(str, start.version))
            raise _at(
                start.start_mark.line + 1, f"YAML {version}", "YAML 1.2", "remove the %YAML line"
            )
        return super().compose_document()

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        line = event.start_mark.line + 1
        tag = getattr(event, "tag", None)
        if tag is not None:
            named = shown(str(tag).replace(_CORE, "!!"))
            raise _at(line, f"the tag {named}", "plain data, no tags", "remove the tag")
        self.values += 1
        self.nesting += 1
        if self.values > MOST_VALUES or self.nesting > MOST_DEPTH:
            raise _endless(line)
        node = super().compose_node(parent, index)
        self.nesting -= 1
        return node


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
            raise _endless(line)
        inner = (*above, id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path, inner)
        if isinstance(node, ScalarNode):
            return _scalar(node, line)
        return [self.value(item, (*path, i), inner) for i, item in enumerate(node.value)]

    def _mapping(self, node: MappingNode, path: Path, above: tuple[int, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise _at(line, "a key that is no text", "a name", "write a plain key")
            key = str(key_node.value)
            if key_node.tag == _CORE + "merge":
                raise _at(line, "the merge key <<", "plain keys", "write the merged keys out")
            if key in result:
                raise _at(line, f"the key {shown(key)} twice", "each key once", "remove one")
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key), above)
        return result


def _scalar(node: ScalarNode, line: int) -> Any:
    """A number, a truth value, nothing, or else the text itself."""
    text, kind = str(node.value), str(node.tag).removeprefix(_CORE)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        if len(text) > _MOST_DIGITS:
            raise _at(
                line,
                f"an integer of {len(text)} digits",
                f"at most {_MOST_DIGITS} digits",
                "write a smaller number",
            )
        if not _INTEGER.match(text):
            raise _at(line, shown(text), "a decimal integer", "write plain digits")
        return int(text)
    if kind == "float":
        lowered = text.lower().replace("_", "")
        named = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}
        return named[lowered] if lowered in named else float(lowered)
    return text
