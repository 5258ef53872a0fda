"""The known word that somebody means who writes another one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

# What a key or a set is called in other languages than this one.
_SYNONYMS = {
    "activation": "nonlinearity",
    "norm": "normalization",
    "pool": "pooling",
    "skip": "residual",
    "stages": "network",
    "source": "input",
    "target": "output",
    "nodes": "vertices",
}
_LEAST = 0.6
_WORD = re.compile(r"[a-z]\w*", re.ASCII)


def nearest(text: object, known: Sequence[str]) -> str:
    """The known word nearest to that with which a text begins, or an empty one.

    >>> nearest("Symetric(4)", ["symmetric", "cyclic"]), nearest("activation", ["nonlinearity"])
    ('symmetric', 'nonlinearity')
    >>> nearest("monster", ["symmetric", "cyclic"])
    ''
    """
    if not isinstance(text, str):
        return ""
    begins = _WORD.match(text.lower())
    word = begins[0] if begins else text
    near = difflib.get_close_matches(_SYNONYMS.get(word, word), known, 1, _LEAST)
    return near[0] if near else ""
