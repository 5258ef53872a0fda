"""Laying out lines of Python, which ruff does, and of docstrings."""

from __future__ import annotations

import re
import subprocess
import textwrap
from collections.abc import Iterable, Sequence

from ruff import find_ruff_bin

from intertwine.emit.names import comment

INDENT = " " * 4
WIDTH = 100
LISTED = 32
# Stands for a space at which no line ends.
GLUE = "\x1f"
# A name that reStructuredText takes for a reference, unless it is quoted already.
_REFERENCE = re.compile(r"(?<![`\"\w.])[A-Za-z][\w.]*_(?=[\s'\")\]}>\-/:.,;!?]|$)")


def formatted(page: str) -> str:
    r"""A page as `ruff format` lays it out.

    >>> print(formatted("def f(x):\n  return {'x':x,}"), end="")
    def f(x):
        return {
            "x": x,
        }
    """
    command = [find_ruff_bin(), "format", "--isolated", "--line-length", str(WIDTH), "-"]
    made = subprocess.run(command, input=page.encode(), capture_output=True, check=False)
    if made.returncode:
        raise ValueError(f"ruff cannot read the page: {made.stderr.decode().strip()}")
    return made.stdout.decode()


def dictionary(name: str, items: Sequence[str]) -> str:
    """The assignment of a dictionary."""
    return enclosed(f"{name} = {{", items, "}")


def enclosed(head: str, items: Iterable[str], tail: str) -> str:
    """The items, between brackets."""
    return f"{head}{', '.join(items)}{tail}"


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
