"""Integer tables as text in a page: readable where small, packed hexadecimal where large."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

_MOST_READABLE = 2500
_MOST_INLINE = 12
_WIDEST_INLINE = 40
_WIDTH = 96
_LARGEST_WHOLE = 1 << 53


@dataclass
class Tables:
    """The constants of a page, in order."""

    constants: list[str] = field(default_factory=list)
    _known: dict[tuple[str, str | None], str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def add(self, name: str, table: NDArray[np.integer]) -> str:
        """Write a constant, unless it stands already, and return the expression of its tensor.

        Where the name is taken by another table, a number is added to it.
        """
        text, kind = table_text(table)
        if (text, kind) not in self._known:
            self._known[text, kind] = self._written(name, text, kind, table.size)
        return self._known[text, kind]

    def add_reals(self, name: str, table: NDArray[np.float64]) -> str:
        """The same for real numbers; integers among themselves are written as such."""
        if np.array_equal(table, np.rint(table)) and np.abs(table).max(initial=0) < _LARGEST_WHOLE:
            return f"{self.add(name, table.astype(np.int64))}.double()"
        if table.size > _MOST_READABLE:
            digits = table.astype("<f8").tobytes().hex()
            lines = (digits[i : i + _WIDTH] for i in range(0, len(digits), _WIDTH))
            return self._real(name, "\n".join(lines), "_packed_reals")
        words = " ".join(str(int(x)) if x == int(x) else repr(x) for x in table.ravel().tolist())
        return self._real(name, "\n".join(textwrap.wrap(words, _WIDTH)), "_reals")

    def _real(self, name: str, text: str, reader: str) -> str:
        if (text, reader) not in self._known:
            written = self._written(name, text, None, text.count(" ") + 1)
            self._known[text, reader] = written.replace("_numbers(", f"{reader}(")
        return self._known[text, reader]

    def _written(self, name: str, text: str, kind: str | None, size: int) -> str:
        if size <= _MOST_INLINE and len(text) <= _WIDEST_INLINE:
            return f'_numbers("{text}")'
        numbered = (name if k == 1 else f"{name}_{k}" for k in count(1))
        free = next(candidate for candidate in numbered if candidate not in self._names)
        self._names.add(free)
        self.constants.append(f'{free} = """\n{text}\n"""')
        return f"_numbers({free})" if kind is None else f"_packed({free}, torch.{kind})"


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
        lines = (digits[i : i + _WIDTH] for i in range(0, len(digits), _WIDTH))
        return "\n".join(lines), kind.name
    words = [str(value) for value in table.ravel().tolist()]
    width = max((len(word) for word in words), default=1)
    columns = table.shape[-1]
    if (
        table.ndim == 1
        or columns == 1
        or columns * (width + 1) > _WIDTH + 1
        or table.size <= _MOST_INLINE
    ):
        return "\n".join(textwrap.wrap(" ".join(words), _WIDTH)), None
    rows = [words[start : start + columns] for start in range(0, len(words), columns)]
    return "\n".join(" ".join(word.rjust(width) for word in row) for row in rows), None
