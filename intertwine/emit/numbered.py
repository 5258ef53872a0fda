"""Names of constants with a number behind them, so that several layers share a page."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Collection


def numbered(text: str, names: Collection[str], number: int) -> str:
    """Python with a number behind some of its names; strings and comments stay.

    >>> numbered('SIZES = {"SIZES": SIZE}', {"SIZES"}, 2)
    'SIZES_2 = {"SIZES": SIZE}'
    """
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for token in reversed(tokens):
        if token.type == tokenize.NAME and token.string in names:
            row, end = token.end
            lines[row - 1] = f"{lines[row - 1][:end]}_{number}{lines[row - 1][end:]}"
    return "".join(lines)
