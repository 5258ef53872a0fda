"""The matrices that a spec lists: dense by rows, or sparse by entries, of exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from intertwine.algebra.expression import Expression, parse_number
from intertwine.algebra.field import MOST_DEGREE, RealField, is_small, joined
from intertwine.algebra.literal import exact_text
from intertwine.algebra.matrix import ExactMatrix, over_one_field
from intertwine.errors import SpecError, TooLargeError, located, shown
from intertwine.numerals import many
from intertwine.spec.forms import as_list

MOST_DIMENSION = 400
_MOST_ENTRIES = 1_000_000
_WANTED = "a square matrix: a list of rows, or {size: n, entries: [[row, column, value], ...]}"
_ADVICE = 'write such as [[0, "-1/2"], [2, 0]]'

Rows = list[list[Expression]]


def parse_matrices(listed: Mapping[str, Any]) -> list[ExactMatrix]:
    """Parse them all, of one size and over one field."""
    parsed: dict[str, Rows] = {}
    for name, value in listed.items():
        with located(name):
            parsed[name] = _rows(value)
            first, size = next(iter(parsed)), len(parsed[name])
            if size != len(parsed[first]):
                raise SpecError(
                    f"a matrix of {many(size, 'row')}",
                    f"{len(parsed[first])}, as {shown(first)} has",
                    "give all matrices one size",
                )
            if size**2 * len(listed) > _MOST_ENTRIES:
                raise TooLargeError(
                    f"matrices of {size**2 * len(listed)} entries; take smaller ones"
                )
    degree = RealField(_conductor(parsed)).degree
    entries = sum(len(rows) ** 2 for rows in parsed.values())
    if degree > 1 and degree**2 * entries > _MOST_ENTRIES:
        raise TooLargeError(
            f"matrices of {entries} entries over a field of degree {degree}; take smaller ones"
        )
    return over_one_field(list(parsed.values()))


def _rows(value: Any) -> Rows:
    value = _unpacked(value)
    if isinstance(value, dict):
        return _sparse(value)
    if not isinstance(value, list | tuple) or not value:
        raise SpecError(shown(value), _WANTED, _ADVICE)
    if len(value) > MOST_DIMENSION:
        raise TooLargeError(f"a matrix of {len(value)} rows; take at most {MOST_DIMENSION}")
    rows: Rows = []
    known: dict[str, Expression] = {}
    for number, row in enumerate(map(_unpacked, value)):
        with located(number):
            if not isinstance(row, list | tuple) or len(row) != len(value):
                long = f"a row of {len(row)}" if isinstance(row, list | tuple) else shown(row)
                raise SpecError(
                    long, f"{many(len(value), 'entry')}, as many as there are rows", _ADVICE
                )
            rows.append([_number(entry, known, place) for place, entry in enumerate(row)])
    return rows


def _unpacked(value: Any) -> Any:
    """The list in an array; other values as they are."""
    value = as_list(value)
    return value.tolist() if isinstance(value, np.ndarray) else value


def _sparse(value: Mapping[Any, Any]) -> Rows:
    size, entries = value.get("size"), value.get("entries")
    if set(value) != {"size", "entries"} or type(size) is not int or not isinstance(entries, list):
        raise SpecError(shown(value), _WANTED, _ADVICE)
    if size < 1:
        raise SpecError(f"size: {shown(size)}", f"from 1 to {MOST_DIMENSION}", "take another size")
    if size > MOST_DIMENSION:
        raise TooLargeError(f"a matrix of {shown(size)} rows; take at most {MOST_DIMENSION}")
    known: dict[str, Expression] = {}
    rows = [[_number(0, known, 0)] * size for _ in range(size)]
    filled: set[tuple[int, ...]] = set()
    for number, entry in enumerate(entries):
        with located("entries", number):
            places = entry[:2] if isinstance(entry, list | tuple) and len(entry) == 3 else []
            if not places or any(type(p) is not int or not 0 <= p < size for p in places):
                expected = f"[row, column, value], rows and columns from 0 to {size - 1}"
                raise SpecError(shown(entry), expected, _ADVICE)
            if tuple(places) in filled:
                raise SpecError(shown(entry), "each entry once", "leave one of them out")
            filled.add(tuple(places))
            rows[places[0]][places[1]] = _number(entry[2], known, 2)
    return rows


def _number(entry: Any, known: dict[str, Expression], place: int) -> Expression:
    """The number of an entry; equal ones are parsed once."""
    with located(place):
        text = exact_text(entry)
        if text not in known:
            known[text] = parse_number(text)
    return known[text]


def _conductor(parsed: Mapping[str, Rows]) -> int:
    """That of all numbers together; refuses those whose field is too large to compute in."""
    conductor = 1
    for name, rows in parsed.items():
        for number in {number.text: number for row in rows for number in row}.values():
            conductor = joined(conductor, number.conductor)
            if not is_small(conductor):
                with located(name):
                    raise SpecError(
                        f"{shown(number.text)} beside the other numbers",
                        f"numbers of one field of degree at most {MOST_DEGREE}",
                        "use roots and angles that belong together",
                    )
    return conductor
