"""One layer on a sheet: its matrix with the bias beside it, what stands around them, a legend."""

from __future__ import annotations

from math import floor
from textwrap import wrap

from intertwine.errors import TooLargeError, shown
from intertwine.numerals import many
from intertwine.show.drawing import Drawing
from intertwine.show.palette import QUIET, palette
from intertwine.show.picture.cells import Cells
from intertwine.show.picture.frames import Names, draw_lines
from intertwine.show.picture.legend import Legend
from intertwine.show.picture.sheet import PIXELS_A_POINT, Sheet

MARGIN = 20.0
MOST_POINTS = 8192

_LARGEST, _SPAN, _THINNEST = 26.0, 432.0, 24.0
_NUMBERED_FROM, _NUMBERED = 24, 11.0
_WIDEST_BESIDE, _NARROWEST, _SHORT = 570.0, 460.0, 300.0
_TITLE, _FACTS, _LINE = 13.0, 8.5, 12.5
_AXIS = 12.0
_GAP = 20.0


def draw_panel(sheet: Sheet, drawing: Drawing, top: float) -> None:
    """Draw a layer from `top` down.

    Raises:
        TooLargeError: a side of more than MOST_POINTS points, for a point is a pixel at least.
    """
    rows, columns = drawing.rows, drawing.columns
    cell = cell_of(rows.size, columns.size)
    names = Names.of(sheet, rows, columns, cell)
    left = MARGIN + _AXIS + names.left
    top = _head(sheet, drawing, top, max(_NARROWEST, columns.size * cell[0])) + _AXIS + names.top
    colours = palette(drawing.weight.count + drawing.bias.count)
    weight = Cells(drawing.weight.codes, colours[: drawing.weight.count], left, top, cell)
    _, _, width, height = weight.place
    size = min(max(cell[0], 6.0), _LARGEST), cell[1]
    bias = Cells(
        drawing.bias.codes, colours[drawing.weight.count :], left + width + _GAP, top, size
    )
    numbered = drawing.weight.count > _NUMBERED_FROM and min(cell) >= _NUMBERED
    for cells in (weight, bias):
        cells.draw(sheet, numbered)
    draw_lines(sheet, weight, rows, columns)
    draw_lines(sheet, bias, rows, None)
    names.draw(sheet, weight, rows, columns)
    _name_sides(sheet, weight, bias, names)
    legend = Legend.of(drawing, weight.colours, bias.colours)
    right = left + width + _GAP + bias.place[2]
    if right <= _WIDEST_BESIDE and (legend.height <= 1.7 * height or width <= _SHORT):
        legend.draw(sheet, right + _GAP, top - 4, 0.0)
    else:
        legend.draw(sheet, MARGIN, top + height + 12, max(right, _WIDEST_BESIDE) - MARGIN)


def cell_of(rows: int, columns: int) -> tuple[float, float]:
    """The width and height of a cell: squares on whole pixels, but for very thin matrices.

    >>> cell_of(5, 5), cell_of(900, 900), cell_of(1, 100)
    ((26.0, 26.0), (0.5, 0.5), (4.0, 24.0))
    """
    longest, shortest = max(rows, columns, 1), max(min(rows, columns), 1)
    if longest > MOST_POINTS:
        raise TooLargeError(
            f"a picture with {longest} points on a side, where {MOST_POINTS} are the most; draw "
            "a smaller case of the same symmetry"
        )
    side = max(floor(min(_LARGEST, _SPAN / longest) * PIXELS_A_POINT) / PIXELS_A_POINT, 0.5)
    thick = max(side, float(_THINNEST // shortest))
    return (side, thick) if columns >= rows else (thick, side)


def _head(sheet: Sheet, drawing: Drawing, top: float, width: float) -> float:
    """The title and the facts under it; where they end."""
    sheet.write((MARGIN, top + _TITLE / 2), drawing.name, _TITLE, bold=True)
    top += _TITLE + 8
    facts = [
        f"group {drawing.group}: {many(drawing.dimension, 'parameter')}, "
        f"bias {drawing.bias_dimension}",
        f"input {drawing.columns.action}, R^{drawing.columns.size}",
        f"output {drawing.rows.action}, R^{drawing.rows.size}",
    ]
    letters = int(width / sheet.length("n", _FACTS))
    for fact in facts:
        for line in wrap(shown(fact, 300), letters):
            sheet.write((MARGIN, top + _LINE / 2), line, _FACTS, colour=QUIET)
            top += _LINE
    return top + 4


def _name_sides(sheet: Sheet, weight: Cells, bias: Cells, names: Names) -> None:
    """Say which side is which, and where the bias is."""
    left, top, _, height = weight.place
    above = top - names.top - 7
    sheet.write((left, above), "input \N{RIGHTWARDS ARROW}", 7.5, colour=QUIET)
    down = (left - names.left - 10, top + height)
    sheet.write(down, "output", 7.5, colour=QUIET, turned=True)
    middle = bias.left + bias.place[2] / 2
    sheet.write((middle, top - 7), "bias", 7.5, colour=QUIET, align="center")
