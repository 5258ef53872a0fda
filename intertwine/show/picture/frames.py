"""What stands around a matrix: outlines of its parts, hints of its axes, and their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import floor

import numpy as np

from intertwine.errors import shown
from intertwine.show.drawing import Side
from intertwine.show.palette import INK
from intertwine.show.picture.cells import GAPPED, Cells
from intertwine.show.picture.sheet import PIXELS_A_POINT, Sheet

_SIZE, _CLOSEST, _AWAY = 7.5, 9.0, 7.0
_LONGEST = 28
_NARROWEST, _FINER = 5.0, 24.0
_BORDER, _PARTS, _BLOCKS = 1.0, 1.5, 0.5
_TICK = 3.0


@dataclass(frozen=True)
class Names:
    """The names of the parts of both sides, and the room that they take to the left and above."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    left: float
    top: float
    turned: bool

    @classmethod
    def of(cls, sheet: Sheet, rows: Side, columns: Side, cell: tuple[float, float]) -> Names:
        """Names beside the rows, and above the columns, turned where one is too long."""
        down, across = _names(rows), _names(columns)
        lengths = [sheet.length(name, _SIZE) for name in across]
        rooms = [(part.stop - part.start) * cell[0] for part in columns.parts]
        turned = any(length + 4 > room for length, room in zip(lengths, rooms, strict=False))
        left = max((sheet.length(name, _SIZE) + _AWAY for name in down), default=0.0)
        top = (max(lengths) if turned else _SIZE) + _AWAY if across else 0.0
        return cls(down, across, left, top, turned)

    def draw(self, sheet: Sheet, matrix: Cells, rows: Side, columns: Side) -> None:
        """Write them around a matrix."""
        left, top, _, _ = matrix.place
        width, height = matrix.cell
        for name, y in zip(self.rows, _middles(rows, top, height, _CLOSEST), strict=False):
            sheet.write((left - _AWAY, y), name, _SIZE, align="right")
        closest = _CLOSEST if self.turned else 0.0
        for name, x in zip(self.columns, _middles(columns, left, width, closest), strict=False):
            if self.turned:
                sheet.write((x, top - _AWAY), name, _SIZE, turned=True)
            else:
                sheet.write((x, top - _AWAY - _SIZE / 3), name, _SIZE, align="center")


def draw_lines(sheet: Sheet, cells: Cells, rows: Side, columns: Side | None) -> None:
    """The outline, lines between parts, and thin ones between the blocks of tensor products.

    Between cells that are too small for gaps, lines of blocks are ticks beside the matrix.
    """
    left, top, width, height = cells.place
    for at, thickness in _lines(columns, cells.cell[0]) if columns else ():
        start, length = _span(thickness, cells.cell[0], top, height)
        sheet.boxes(np.array([[_whole(left + at - thickness / 2), start, thickness, length]]), INK)
    for at, thickness in _lines(rows, cells.cell[1]):
        start, length = _span(thickness, cells.cell[1], left, width)
        sheet.boxes(np.array([[start, _whole(top + at - thickness / 2), length, thickness]]), INK)
    sheet.frame(cells.place, INK, _BORDER)


def _names(side: Side) -> tuple[str, ...]:
    """What the parts are called, where they have names."""
    names = tuple(shown(part.name, _LONGEST) for part in side.parts)
    return names if any(names) else ()


def _middles(side: Side, start: float, cell: float, closest: float) -> list[float]:
    """The middles of the parts, moved on where they are closer than that."""
    middles = (start + (part.start + part.stop) / 2 * cell for part in side.parts)
    return [*accumulate(middles, lambda before, middle: max(middle, before + closest))]


def _lines(side: Side, cell: float) -> Iterator[tuple[float, float]]:
    """Where lines are and how thick: those between blocks first, then those between parts."""
    for part in side.parts:
        finer = np.cumprod(part.action.shape[:0:-1]).tolist()
        coarsest = max(finer, default=1)
        wide = [b for b in finer if 1 < b and b * cell >= (_NARROWEST if b == coarsest else _FINER)]
        places = {place for block in wide for place in range(part.start, part.stop, block)}
        yield from ((place * cell, _BLOCKS) for place in sorted(places - {part.start}))
    yield from ((part.start * cell, _PARTS) for part in side.parts[1:])


def _span(thickness: float, cell: float, start: float, length: float) -> tuple[float, float]:
    """From where and how long a line is: all across, or a tick before the start."""
    across = thickness == _PARTS or cell >= GAPPED
    return (start, length) if across else (start - _BORDER - _TICK, _TICK)


def _whole(place: float) -> float:
    """On whole pixels."""
    return floor(place * PIXELS_A_POINT) / PIXELS_A_POINT
