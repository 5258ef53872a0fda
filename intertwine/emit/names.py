"""Text that is safe inside the comments and literals of an emitted page."""

from __future__ import annotations

import json
import unicodedata

# Dashes and quotation marks, then all that is invisible, by Unicode category.
_PLAIN = {"Pd": "-", "Pi": "'", "Pf": "'"} | {
    kind: " " for kind in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")
}


def comment(text: str) -> str:
    """One line of printable ASCII that can end neither a docstring nor a comment.

    >>> comment("a" + chr(10) + "b" + chr(34) * 3)
    "a b'''"
    """
    flat = unicodedata.normalize("NFKD", text).replace("\u00d7", "x")
    plain = "".join(c for c in flat if not unicodedata.combining(c))
    kept = "".join(_PLAIN.get(unicodedata.category(c), c) for c in plain)
    ascii_only = kept.encode("ascii", "replace").decode("ascii")
    return " ".join(ascii_only.replace('"', "'").replace("\\", "/").split())


def quoted(text: str) -> str:
    """A literal of the text in double quotes, in ASCII, whatever it holds.

    >>> quoted("a") == chr(34) + "a" + chr(34)
    True
    """
    return json.dumps(text)
