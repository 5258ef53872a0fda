"""Laying out lines of Python and of docstrings, as ruff would."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from intertwine.emit.names import comment

INDENT = " " * 4
WIDTH = 100
LISTED = 32
# Stands for a space at which no line ends.
GLUE = "\x1f"
# A name that reStructuredText takes for a reference, unless it is quoted already.
_REFERENCE = re.compile(r"(?<![`\"\w.])[A-Za-z][\w.]*_(?=[\s'\")\]}>\-/:.,;!?]|$)")


def dictionary(name: str, lines: Sequence[str], reserve: int = 0) -> str:
    """The assignment of a dictionary, on one line where all its items fit, else a line an item."""
    flat = f"{name} = {{{' '.join(line.strip() for line in lines).removesuffix(',')}}}"
    if len(flat) + reserve <= WIDTH and "\n" not in flat:
        return flat
    return f"{name} = {{\n" + "\n".join(lines) + "\n}"


def bracketed(
    head: str, items: Sequence[str], tail: str, depth: int, call: bool = True, reserve: int = 0
) -> str:
    """The items on one line, else (in a call) on one line inside, else one a line: ruff's style."""
    inner, outer = INDENT * (depth + 1), INDENT * depth
    flat = ", ".join(items)
    if len(outer) + len(head + flat + tail) + reserve <= WIDTH and "\n" not in flat:
        return f"{head}{flat}{tail}"
    if call and len(inner + flat) <= WIDTH and "\n" not in flat:
        return f"{head}\n{inner}{flat}\n{outer}{tail}"
    return head + "\n" + "".join(f"{inner}{item},\n" for item in items) + outer + tail


def listed(meanings: Iterable[str], dimension: int) -> str:
    """A numbered line a meaning."""
    shown = list(meanings)[:LISTED]
    lines = [
        wrapped(f"{k}: {comment(meaning)}", INDENT * 2, INDENT) for k, meaning in enumerate(shown)
    ]
    if dimension > len(shown):
        lines.append(f"{INDENT * 2}... up to {dimension - 1}, by first entries in row-major order")
    return "\n".join(lines)


def sentence(text: str) -> str:
    """One line that ends in a full stop."""
    return cut(comment(text), 90) + "."


def cut(text: str, width: int) -> str:
    """The text, or its beginning and dots."""
    text = _named(text)
    if len(text) <= width:
        return text
    head = text[: width - 4]
    return (head if head.count("`") % 2 == 0 else head[: head.rindex("`")]) + " ..."


def itemized(head: str, items: Sequence[str]) -> str:
    """The head and the items, wrapped between items only, unless one is long."""
    glued = [i if len(i) > 60 else i.replace(" ", GLUE) for i in map(comment, items)]
    return wrapped(f"{head} {'; '.join(glued)}", INDENT * 2, INDENT)


def wrapped(text: str, indent: str, hanging: str = "") -> str:
    """Lines of at most 96 characters."""
    lines = textwrap.fill(
        _named(text), 96, initial_indent=indent, subsequent_indent=indent + hanging
    )
    return lines.replace(GLUE, " ")


def _named(text: str) -> str:
    """The text with names that end in an underscore as names, not as references."""
    return _REFERENCE.sub(r"`\g<0>`", text)
