"""The description of a spec on a page: read by people, and by tools as nothing but prose.

Doctest, Sphinx, linters, editors and Markdown all look for signs in the text of a file, some at the
beginning of a line, which wrapping moves.
"""

from __future__ import annotations

import re

from intertwine.emit.names import comment
from intertwine.emit.text import GLUE

_OPERATOR = r"[!$%&*+\-/:<=>?@^_|~]"
_SIGNS = str.maketrans({"`": "'", "#": " No. "})
# Alone between spaces these mark nothing up.
_ALONE = re.compile(
    r"[$&*:@|~]|<(?=[A-Za-z/!?])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=\])(?=\()"
    rf"|(?<!\S)>(?:{_OPERATOR})*"
)
_RUNS = (
    (re.compile(rf"({_OPERATOR})\1\1+"), r"\1\1"),
    (re.compile(rf"({_OPERATOR}{{3}}){_OPERATOR}+"), r"\1"),
    (re.compile(r"\.{4,}"), "..."),
    (re.compile(r"(([()\[\]{},;'])\2\2)(?=\2)"), r"\1 "),
)
_LONG = re.compile(rf"(\S{{60}}(?:{_OPERATOR}|\.)*)(?=\S)")
# A prompt, an ellipsis, an underline, the sign of a list or of a quotation: no line begins so.
_INSIDE = re.compile(rf"(?:{_OPERATOR}|\.)+|\d{{1,9}}[.)]")
_IN_A_ROW = 3


def prose(head: str, text: str) -> str:
    """The text after a head, to be `wrapped`: no line can begin with a sign, and none marks up.

    >>> prose("See", "eq. 12, where a -> b; *not* `c`:").replace(GLUE, "_")
    "See eq. 12, where a_-> b;_* not_* 'c'_:"
    >>> prose("See", "12 >>> open('x', 'w')  # noqa").replace(GLUE, "_")
    "See 12_>> open('x', 'w') No. noqa"
    """
    plain = _ALONE.sub(r" \g<0> ", comment(text).translate(_SIGNS))
    for run, short in _RUNS:
        plain = run.sub(short, plain)
    pieces, row = [head], 0
    for word in _LONG.sub(r"\1 ", plain).split():
        row = row + 1 if _INSIDE.fullmatch(word) else 0
        if not row:
            pieces.append(word)
        elif row <= _IN_A_ROW:
            pieces[-1] += GLUE + word
    return " ".join(pieces)
