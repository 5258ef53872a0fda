"""Actions as output prints them, in the forms in which a spec says them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

_TOKEN = re.compile(r"\s*(?:([A-Za-z][A-Za-z0-9_.]*)|([0-9]{1,9})|\*\*|(.))")
_UNARY = ("standard", "dual")
_SIZED = {
    "subsets": "subsets",
    "injections": "injections",
    "symmetricpower": "symmetric_power",
    "symmetric_power": "symmetric_power",
    "exteriorpower": "exterior_power",
    "exterior_power": "exterior_power",
}
_LONGEST = 200


def action_form(text: str) -> str | None:
    """The form of an action that is written as output prints it; None for any other text.

    >>> action_form("points^2 + trivial(3)")
    '{sum: [{power: [points, 2]}, {trivial: 3}]}'
    >>> action_form("users.standard(points) x movies.subsets(points, 2)")
    '{tensor: [{standard: users.points}, {subsets: [movies.points, 2]}]}'
    >>> action_form("points"), action_form("points^")
    (None, None)
    """
    if len(text) > _LONGEST:
        return None
    words = [match[0].strip() for match in _TOKEN.finditer(text.strip())]
    try:
        form, rest = _sum(words)
    except (IndexError, ValueError, RecursionError):
        return None
    return form if not rest and form.startswith("{") else None


_Parser = Callable[[list[str]], tuple[str, list[str]]]


def _joined(key: str, sign: str, member: _Parser) -> _Parser:
    """The parser of members that a sign joins, as the form `{key: [...]}` where there are more."""

    def parse(words: list[str]) -> tuple[str, list[str]]:
        first, words = member(words)
        members = [first]
        while words and words[0] == sign:
            following, words = member(words[1:])
            members.append(following)
        return (f"{{{key}: [{', '.join(members)}]}}" if len(members) > 1 else first), words

    return parse


def _power(words: list[str]) -> tuple[str, list[str]]:
    base, words = _single(words)
    if words and words[0] in ("^", "**"):
        return f"{{power: [{base}, {int(words[1])}]}}", words[2:]
    return base, words


def _single(words: list[str]) -> tuple[str, list[str]]:
    name, words = words[0], words[1:]
    if name == "(":
        inner, words = _sum(words)
        return inner, _after(words, ")")
    if not name[0].isalpha():
        raise ValueError(name)
    if not words or words[0] != "(":
        return name, words
    factor, _, kind = name.rpartition(".")
    if kind == "trivial":
        return f"{{trivial: {int(words[1])}}}", _after(words[2:], ")")
    if kind not in (*_UNARY, *_SIZED):
        raise ValueError(name)
    inner, words = _sum(_of_factor(factor, words[1:]) if factor else words[1:])
    if kind in _UNARY:
        return f"{{{kind}: {inner}}}", _after(words, ")")
    size = int(_after(words, ",")[0])
    return f"{{{_SIZED[kind]}: [{inner}, {size}]}}", _after(words[2:], ")")


def _of_factor(factor: str, words: list[str]) -> list[str]:
    """The words with the names before the closing bracket as those of a factor."""
    depth = list(accumulate((word == "(") - (word == ")") for word in words))
    closing = depth.index(-1)
    named = [word[0].isalpha() and word != "x" for word in words[:closing]]
    owned = [f"{factor}.{w}" if name else w for w, name in zip(words, named, strict=False)]
    return owned + words[closing:]


def _after(words: list[str], expected: str) -> list[str]:
    if words[0] != expected:
        raise ValueError(words[0])
    return words[1:]


_sum = _joined("sum", "+", _joined("tensor", "x", _power))
