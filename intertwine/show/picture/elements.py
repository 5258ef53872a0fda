"""The elements of a basis as small multiples."""

from __future__ import annotations

from math import floor

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.pattern import Pattern
from intertwine.show.drawing import Drawing
from intertwine.show.palette import QUIET, ZERO, palette
from intertwine.show.picture.cells import Cells
from intertwine.show.picture.sheet import PIXELS_A_POINT, Sheet

MOST_ELEMENTS = 64

_WIDTH, _LARGEST, _GUTTER = 600.0, 14.0, 16.0
_SIDE, _LONG, _LONG_SIDE = 104.0, 64, 188.0
_NAME, _MEANING, _LINE = 8.0, 6.5, 10.0
_LOW, _HIGH = "#2f6fb0", "#c2571a"


def draw_elements(sheet: Sheet, drawing: Drawing, left: float, top: float) -> None:
    """Draw the first MOST_ELEMENTS elements from `top` down.

    Those of a pattern have the colours of their tiles; others one scale from below zero to above.
    """
    count = min(drawing.dimension, MOST_ELEMENTS)
    words = f"The first {count} of {drawing.dimension} basis elements"
    words = words if count < drawing.dimension else "Basis elements" if count else "No elements"
    sheet.write((left, top), words, 9.0, bold=True)
    if not count:
        return
    tiled = isinstance(drawing.basis, Pattern)
    if tiled:
        colours, top = palette(count), top + 16
    else:
        largest = max(float(np.abs(drawing.element(k)).max()) for k in range(count))
        _scale(sheet, largest, left, top + 16)
        top += 36
    scale = _scale_of(drawing.rows.size, drawing.columns.size)
    width, height = (max(side.size * scale, 6.0) for side in (drawing.columns, drawing.rows))
    across = max(width, 72.0)
    columns = max(1, int((_WIDTH + _GUTTER) // (across + _GUTTER)))
    down = height + (2 if tiled else 1) * _LINE + _GUTTER
    for number in range(count):
        x = left + number % columns * (across + _GUTTER)
        y = top + number // columns * down
        sheet.write((x, y + _LINE / 2), f"w{number}", _NAME, bold=True)
        y += _LINE
        if tiled:
            meaning = _fitting(sheet, drawing.weight.meanings[number], across)
            sheet.write((x, y + _LINE / 2 - 1), meaning, _MEANING, colour=QUIET)
            y += _LINE
            pixels = _in_tiles(drawing, number, colours[number], scale)
        else:
            pixels = _in_values(drawing.element(number) / largest)
        sheet.image((x, y + 1, width, height), pixels, smooth=scale < 1 / PIXELS_A_POINT)
        _outline(sheet, drawing, (x, y + 1, width, height))


def _outline(sheet: Sheet, drawing: Drawing, place: tuple[float, float, float, float]) -> None:
    """Lines around a multiple and between its parts."""
    left, top, width, height = place
    for part in drawing.columns.parts[1:]:
        at = left + part.start / drawing.columns.size * width
        sheet.boxes(np.array([[at - 0.25, top, 0.5, height]]), QUIET)
    for part in drawing.rows.parts[1:]:
        at = top + part.start / drawing.rows.size * height
        sheet.boxes(np.array([[left, at - 0.25, width, 0.5]]), QUIET)
    sheet.frame(place, QUIET, 0.5)


def _scale_of(rows: int, columns: int) -> float:
    """How many points a cell has: whole pixels, where there is one for each."""
    longest = max(rows, columns)
    scale = min((_SIDE if longest <= _LONG else _LONG_SIDE) / longest, _LARGEST)
    pixels = floor(scale * PIXELS_A_POINT)
    return pixels / PIXELS_A_POINT if pixels else scale


def _in_tiles(drawing: Drawing, number: int, colour: str, scale: float) -> NDArray[np.uint8]:
    """An element of a pattern, in the colour of its tile."""
    codes = np.sign(drawing.weight.codes) * (np.abs(drawing.weight.codes) == number + 1)
    return Cells(codes, (colour,), 0.0, 0.0, (scale, scale)).painted(dotted=False)


def _in_values(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Values from -1 to 1 in colours, the ground of zeros at 0."""
    low, middle, high = (np.array([*bytes.fromhex(c[1:])], float) for c in (_LOW, ZERO, _HIGH))
    share = np.abs(values)[..., None]
    ends = np.where(values[..., None] < 0, low, high)
    return np.asarray(np.round(share * ends + (1 - share) * middle), dtype=np.uint8)


def _scale(sheet: Sheet, largest: float, left: float, top: float) -> None:
    """The colours of values from the most below zero to the most above."""
    ramp = _in_values(np.linspace(-1, 1, 121)[None, :])
    sheet.write((left, top + 4), f"\N{MINUS SIGN}{largest:.3g}", _MEANING, colour=QUIET)
    start = left + 32
    sheet.image((start, top, 121.0, 8.0), ramp, smooth=False)
    sheet.frame((start, top, 121.0, 8.0), QUIET, 0.5)
    sheet.write((start + 127, top + 4), f"{largest:.3g}", _MEANING, colour=QUIET)


def _fitting(sheet: Sheet, words: str, width: float) -> str:
    """Words cut to a width."""
    if sheet.length(words, _MEANING) <= width:
        return words
    while words and sheet.length(words + "\N{HORIZONTAL ELLIPSIS}", _MEANING) > width:
        words = words[:-1]
    return words.rstrip(" ;,|") + "\N{HORIZONTAL ELLIPSIS}"
