"""Tables of numbers as text in a page: readable where small, packed in hexadecimal where large."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from intertwine.emit.text import enclosed

_MOST_LINES = 24
# Numbers of one digit, which fill so many lines.
_MOST_READABLE = _MOST_LINES * 48
_MOST_INLINE = 12
_WIDEST_INLINE = 40
_WIDTH = 96
_LARGEST_WHOLE = 1 << 53
_MOST_DISTINCT = 1 << 8
_DIGITS = 15


@dataclass
class Tables:
    """The constants of a page, in order."""

    constants: list[str] = field(default_factory=list)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def add(self, name: str, table: NDArray[np.integer]) -> str:
        """Write integers, unless they stand already, and return the expression of their tensor.

        Where the name is taken by another table, a number is added to it.
        """
        if table.size <= _MOST_READABLE and (text := readable(table)).count("\n") < _MOST_LINES:
            return self._written(name, text, "_numbers({})")
        least = min(0, int(table.min()))
        bits = next(b for b in (1, 2, 4, 8, 16, 32, 64) if int(table.max()) - least < 1 << b)
        shift = f" - {-least}" if least else ""
        reader = f"_packed({{}}, {bits}, {table.size}){shift}"
        return self._written(name, packed(table.astype(np.int64) - least, bits), reader)

    def add_reals(self, name: str, table: NDArray[np.float64]) -> str:
        """Write real numbers, to 15 digits; integers among themselves are written as such."""
        if np.array_equal(table, np.rint(table)) and np.abs(table).max(initial=0) < _LARGEST_WHOLE:
            whole = self.add(name, table.astype(np.int64))
            return f"({whole}).double()" if " - " in whole else f"{whole}.double()"
        words = [shortest(x) for x in table.ravel().tolist()]
        if len(words) <= _MOST_READABLE:
            text = "\n".join(textwrap.wrap(" ".join(words), _WIDTH))
            if text.count("\n") < _MOST_LINES:
                return self._written(name, text, "_reals({})")
        rounded = list(map(float, words))
        values, labels = np.unique(rounded, return_inverse=True)
        if len(values) <= min(_MOST_DISTINCT, len(words) // 4):
            kinds = self.add_reals(f"{name}_VALUES", values)
            labelled = enclosed(f"{kinds}[", [self.add(f"{name}_LABELS", labels)], "]")
            return self._stated(name, labelled)
        digits = np.array(rounded).astype("<f8").tobytes().hex()
        return self._written(name, _lines(digits), "_packed_reals({})")

    def _written(self, name: str, text: str, reader: str) -> str:
        """The expression of a text that a function reads, as a constant unless it is short."""
        if "\n" not in text and len(text) <= _WIDEST_INLINE and text.count(" ") < _MOST_INLINE:
            return reader.format(f'"{text}"')
        if (text, reader) not in self._known:
            constant = self._stated(name, f'"""\n{text}\n"""')
            self._known[text, reader] = reader.format(constant)
        return self._known[text, reader]

    def _stated(self, name: str, value: str) -> str:
        """A constant of this value, unless there is one: its name."""
        if (value, "") not in self._known:
            numbered = (name if k == 1 else f"{name}_{k}" for k in count(1))
            free = next(candidate for candidate in numbered if candidate not in self._names)
            self._names.add(free)
            self.constants.append(f"{free} = {value}")
            self._known[value, ""] = free
        return self._known[value, ""]


def shortest(number: float) -> str:
    """A number to 15 digits, without those that say nothing.

    >>> shortest(4.000000000000001), shortest(0.1 + 0.2), shortest(3)
    ('4', '0.3', '3')
    """
    rounded = float(f"{number:.{_DIGITS}g}") + 0.0
    return str(int(rounded)) if rounded == int(rounded) else repr(rounded)


def readable(table: NDArray[np.integer]) -> str:
    """Integers with spaces between them; a small matrix row by row.

    >>> print(readable(np.array([[0, 10], [2, 3]])))
    0 10 2 3
    """
    words = [str(value) for value in table.ravel().tolist()]
    width = max((len(word) for word in words), default=1)
    columns = table.shape[-1]
    wide = columns * (width + 1) > _WIDTH + 1 or 4 * columns * (width + 1) < _WIDTH
    if table.ndim == 1 or wide or table.size <= _MOST_INLINE:
        return "\n".join(textwrap.wrap(" ".join(words), _WIDTH))
    rows = [words[start : start + columns] for start in range(0, len(words), columns)]
    return "\n".join(" ".join(word.rjust(width) for word in row) for row in rows)


def packed(table: NDArray[np.int64], bits: int) -> str:
    """Natural numbers below 2^bits in hexadecimal, several in a byte or over several bytes.

    >>> packed(np.array([1, 0, 0, 1, 1]), 1), packed(np.array([258, 1]), 16)
    ('19', '02010100')
    """
    flat = table.ravel()
    if bits >= 8:
        return _lines(flat.astype(f"<u{bits // 8}").tobytes().hex())
    each = 8 // bits
    whole = np.zeros(-(-flat.size // each) * each, dtype=np.int64)
    whole[: flat.size] = flat
    parts = whole.reshape(-1, each) << np.arange(0, 8, bits)
    return _lines(parts.sum(axis=1).astype(np.uint8).tobytes().hex())


def _lines(digits: str) -> str:
    return "\n".join(digits[i : i + _WIDTH] for i in range(0, len(digits), _WIDTH))
