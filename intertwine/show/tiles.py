"""Tiles: the classes of matrix entries that are the same combination of parameters, up to sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.basis import Basis
from intertwine.hom.pattern import Codes, Pattern, canonical, first_entries, smallest_signed_type
from intertwine.numerals import many

MOST_MEANINGS = 5000
_TERMS = 4
_DIGITS = 9

Describe = Callable[[int, int], str]


@dataclass(frozen=True, eq=False)
class Tiling:
    """A matrix in tiles: `codes` are +-(k + 1) in tile k, with its sign, and 0 where all vanish.

    `firsts`, of shape (tiles, 2), are the first entries, where the sign is +; `sizes` how many
    entries each has; `meanings` say in words what the first MOST_MEANINGS are.
    """

    codes: Codes
    firsts: NDArray[np.intp]
    sizes: NDArray[np.intp]
    meanings: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return len(self.sizes)

    @property
    def zeros(self) -> int:
        """How many entries vanish for all parameters."""
        return int(self.codes.size - self.sizes.sum())


def tiling(basis: Basis, describe: Describe, letter: str = "w") -> Tiling:
    """The tiles of a basis; `describe` says in words in which orbital an entry is.

    In combinations parameter 3 is called `w3`, or by another letter.

    >>> from intertwine.hom.pattern import Listed
    >>> codes = np.array([[1, 2], [-2, 1]], dtype=np.int8)
    >>> tiling(Listed.of(codes), lambda row, column: f"like {row}, {column}").meanings
    ('like 0, 0; 2 entries', 'like 0, 1; 2 entries')
    """
    codes, combinations = _tiled(basis, letter)
    count = int(np.abs(codes).max(initial=0))
    firsts = np.stack(np.divmod(first_entries(codes, count), basis.columns), axis=1)
    sizes = np.bincount(np.abs(codes).ravel(), minlength=count + 1)[1:]
    named = zip(firsts[:MOST_MEANINGS].tolist(), sizes.tolist(), strict=False)
    meanings = []
    for number, ((row, column), size) in enumerate(named):
        said = [describe(row, column), many(size, "entry")]
        meanings.append("; ".join([*combinations[number : number + 1], *said]))
    return Tiling(codes, firsts, sizes, tuple(meanings))


def _tiled(basis: Basis, letter: str) -> tuple[Codes, list[str]]:
    """The codes, and for a basis whose elements overlap what each tile's entries are."""
    if isinstance(basis, Pattern):
        return basis.codes, []
    entries = basis.stack.T.tocsr()
    entries.sort_indices()
    known: dict[tuple[bytes, bytes], int] = {}
    examples: list[tuple[NDArray[np.intp], NDArray[np.float64]]] = []
    flat = np.zeros(entries.shape[0], dtype=np.int64)
    for place in np.flatnonzero(np.diff(entries.indptr)).tolist():
        span = slice(entries.indptr[place], entries.indptr[place + 1])
        values = np.round(entries.data[span].astype(np.float64), _DIGITS)
        numbers, values = entries.indices[span][values != 0], values[values != 0]
        if not len(values):
            continue
        sign = 1 if values[0] > 0 else -1
        key = (numbers.tobytes(), (values * sign).tobytes())
        code = known.setdefault(key, len(known) + 1)
        if code > len(examples):
            examples.append((numbers, values * sign))
        flat[place] = sign * code
    raw = flat.reshape(basis.rows, basis.columns).astype(smallest_signed_type(len(known)))
    codes = canonical(raw, len(known))
    firsts = raw.ravel()[first_entries(codes, len(known))].tolist()
    return codes, [_sum(examples[abs(code) - 1], code, letter) for code in firsts]


def _sum(example: tuple[NDArray[np.intp], NDArray[np.float64]], code: int, letter: str) -> str:
    """A combination of parameters, such as `w0 - 0.5 w3`."""
    numbers, values = example
    terms: list[str] = []
    for number, value in zip(numbers[:_TERMS].tolist(), values.tolist(), strict=False):
        value = value if code > 0 else -value
        size = "" if abs(value) == 1 else f"{abs(value):.3g} "
        joint = ("-" if value < 0 else "") if not terms else (" - " if value < 0 else " + ")
        terms.append(f"{joint}{size}{letter}{number}")
    more = len(numbers) - _TERMS
    return "".join(terms) + (f" + {more} more" if more > 0 else "")
