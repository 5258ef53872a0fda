"""Integer tables as text in a page: readable where small, packed hexadecimal where large."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from intertwine.emit.helpers import NUMBERS, PACKED

_MOST_READABLE = 2500
_MOST_INLINE = 12
_WIDTH = 96


@dataclass
class Tables:
    """The constants of a page, in order, and which helpers their expressions call."""

    constants: list[str] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    _known: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, table: NDArray[np.integer]) -> str:
        """Write a constant, unless it stands already, and return the expression of its tensor."""
        text, kind = table_text(table)
        if text not in self._known:
            helper, call = (NUMBERS, f"_numbers({name})") if kind is None else (
                PACKED, f"_packed({name}, torch.{kind})"
            )  # fmt: skip
            self.helpers.add(helper)
            if table.size <= _MOST_INLINE:
                call = f'_numbers("{text}")'
            else:
                self.constants.append(f'{name} = """\n{text}\n"""')
            self._known[text] = call
        return self._known[text]


def table_text(table: NDArray[np.integer]) -> tuple[str, str | None]:
    """The text of a table, and the type it is packed as, or None where it is readable.

    >>> table_text(np.array([[0, 10], [2, 3]]))
    ('0 10 2 3', None)
    """
    if table.size > _MOST_READABLE:
        kinds = (np.int8, np.int16, np.int32, np.int64)
        largest = int(np.abs(table).max())
        kind = next(np.dtype(k) for k in kinds if largest <= np.iinfo(k).max)
        digits = table.astype(kind.newbyteorder("<")).tobytes().hex()
        return "\n".join(textwrap.wrap(digits, _WIDTH)), kind.name
    words = [str(value) for value in table.ravel().tolist()]
    width = max((len(word) for word in words), default=1)
    columns = table.shape[-1]
    if table.ndim == 1 or columns * (width + 1) > _WIDTH + 1 or table.size <= _MOST_INLINE:
        return "\n".join(textwrap.wrap(" ".join(words), _WIDTH)), None
    rows = [words[start : start + columns] for start in range(0, len(words), columns)]
    return "\n".join(" ".join(word.rjust(width) for word in row) for row in rows), None
