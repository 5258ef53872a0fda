"""The legend of a picture: what the first tiles are, and what a minus and a dot say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from intertwine.errors import shown
from intertwine.show.drawing import Drawing
from intertwine.show.palette import MOST_COLOURS, QUIET, ink_on
from intertwine.show.picture.cells import Cells
from intertwine.show.picture.sheet import Sheet
from intertwine.show.tiles import Tiling

_SIZE, _PITCH, _GUTTER, _SPACE = 7.5, 14.0, 14.0, 8.0
_SWATCH = (17.0, 10.0)
_LONGEST = 60
_MOST = {"weight": 16, "bias": 8}


@dataclass(frozen=True)
class Entry:
    """A line: a swatch with a number, or with the mark of a code, and words."""

    words: str
    colour: str = ""
    number: str = ""
    code: int | None = None


@dataclass(frozen=True)
class Section:
    """Some entries under a heading."""

    heading: str
    entries: tuple[Entry, ...]
    note: str = ""

    @property
    def height(self) -> float:
        """In one column."""
        return _PITCH * (len(self.entries) + bool(self.heading) + bool(self.note)) + _SPACE


@dataclass(frozen=True)
class Legend:
    """What the colours of a drawing mean."""

    sections: tuple[Section, ...]

    @classmethod
    def of(cls, drawing: Drawing, weight: Sequence[str], bias: Sequence[str]) -> Legend:
        """The legend of a drawing whose tiles have these colours."""
        sections = [_tiles("weight", drawing.weight, weight)]
        if drawing.bias.codes.size:
            sections.append(_tiles("bias", drawing.bias, bias))
        marks = tuple(_marks(drawing, [*weight, *bias]))
        return cls((*sections, Section("", marks)) if marks else tuple(sections))

    @property
    def height(self) -> float:
        """In one column."""
        return sum(section.height for section in self.sections)

    def draw(self, sheet: Sheet, left: float, top: float, width: float) -> None:
        """Draw it, in as many columns as there is room for."""
        words = [entry.words for section in self.sections for entry in section.entries]
        longest = max((sheet.length(word, _SIZE) for word in words), default=0.0)
        column = _SWATCH[0] + 6 + longest + _GUTTER
        columns = max(1, int((width + _GUTTER) // column))
        for section in self.sections:
            top = _draw(sheet, section, (left, top), column, columns) + _SPACE


def _draw(
    sheet: Sheet, section: Section, place: tuple[float, float], column: float, columns: int
) -> float:
    """Draw a section, column after column; where it ends."""
    left, top = place
    if section.heading:
        sheet.write((left, top + _PITCH / 2), section.heading, 8, bold=True)
        top += _PITCH
    lines = ceil(len(section.entries) / columns)
    for number, entry in enumerate(section.entries):
        x, y = left + number // lines * column, top + number % lines * _PITCH
        _swatch(sheet, entry, x, y + (_PITCH - _SWATCH[1]) / 2)
        sheet.write((x + _SWATCH[0] + 6, y + _PITCH / 2), entry.words, _SIZE)
    top += lines * _PITCH
    if section.note:
        sheet.write((left, top + _PITCH / 2), section.note, _SIZE, colour=QUIET)
        top += _PITCH
    return top


def _swatch(sheet: Sheet, entry: Entry, left: float, top: float) -> None:
    code = 1 if entry.code is None else entry.code
    codes = np.array([[code]])
    Cells(codes, [entry.colour], left, top, _SWATCH).draw(sheet, numbered=False)
    middle = (left + _SWATCH[0] / 2, top + _SWATCH[1] / 2)
    colour = ink_on(entry.colour)
    sheet.write(middle, entry.number, 6.0, align="center", colour=colour)


def _tiles(what: str, tiling: Tiling, colours: Sequence[str]) -> Section:
    named = list(zip(tiling.meanings[: _MOST[what]], colours, strict=False))
    entries = tuple(
        Entry(shown(meaning, _LONGEST), colour, str(number))
        for number, (meaning, colour) in enumerate(named)
    )
    left = tiling.count - len(entries)
    note = f"and {left:,} more" if left else "" if tiling.count else "always zero"
    return Section(what, entries, note)


def _marks(drawing: Drawing, colours: Sequence[str]) -> Iterator[Entry]:
    if (drawing.weight.codes < 0).any() or (drawing.bias.codes < 0).any():
        yield Entry("with the opposite sign", colours[0], code=-1)
    if len(colours) > MOST_COLOURS:
        yield Entry(f"after {MOST_COLOURS} colours they begin again", colours[0])
    if drawing.weight.zeros or drawing.bias.zeros:
        yield Entry("always zero", colours[0] if colours else QUIET, code=0)
