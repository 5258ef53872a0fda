"""Matrices in characters: two or more a cell, or half a one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil
from string import ascii_letters

from rich.console import Console
from rich.style import Style
from rich.text import Text

from intertwine.errors import shown
from intertwine.show.drawing import Drawing, Side
from intertwine.show.palette import FAINT, ZERO, ink_on, mixed, palette

_TOLD_BY_COLOUR = 24
_TINT = 0.45
_LONGEST = 14
_BESIDE = 3

Piece = tuple[str, Style]

_APART: Piece = ("  ", Style())


@dataclass(frozen=True)
class Look:
    """How the tiles of the weight and of the bias are told: by colours, by letters, or by both."""

    colours: Mapping[str, Sequence[str]]
    lettered: bool
    width: int

    @classmethod
    def of(cls, drawing: Drawing, console: Console) -> Look:
        """What a console can show."""
        count, more = drawing.weight.count, drawing.bias.count
        coloured = console.color_system in {"256", "truecolor"} and not console.no_color
        lettered = console.color_system != "truecolor" or console.no_color
        colours = palette(count + more) if coloured else ()
        largest = max(count, more)
        return cls(
            {"weight": colours[:count], "bias": colours[count:]} if coloured else {},
            lettered or largest > _TOLD_BY_COLOUR,
            2 if largest <= len(ascii_letters) else len(str(largest - 1)) + 1,
        )

    @property
    def coloured(self) -> bool:
        """Whether there are colours."""
        return bool(self.colours)

    def cell(self, what: str, code: int) -> Piece:
        """An entry of the `weight` or the `bias`, by its code."""
        words = self._letter(abs(code)) if code and self.lettered else " "
        words = ("-" if code < 0 else "") + words if code else "\N{MIDDLE DOT}"
        words = words.rjust(self.width) if self.lettered else words.ljust(self.width)
        if not self.coloured:
            return words, Style()
        if not code:
            return words, Style(color=FAINT, bgcolor=ZERO)
        colour = self.colours[what][abs(code) - 1]
        return words, Style(color=ink_on(colour), bgcolor=colour)

    def shade(self, what: str, code: int) -> str:
        """The colour of an entry that has no room for a sign: lighter for the opposite one."""
        colour = self.colours[what][abs(code) - 1] if code else ZERO
        return mixed(colour, _TINT) if code < 0 else colour

    def _letter(self, number: int) -> str:
        return ascii_letters[number - 1] if self.width == 2 else str(number - 1)


@dataclass(frozen=True, eq=False)
class TerminalDrawing:
    """A drawing as lines of a terminal, made where there is room for them."""

    drawing: Drawing
    look: Look

    @property
    def size(self) -> tuple[int, int]:
        """The width and height in characters, of cells that are two or more wide."""
        sides = self.drawing.rows, self.drawing.columns
        (height, rows), (width, columns) = ((side.size, len(side.parts) - 1) for side in sides)
        beside = _BESIDE + self.look.width
        return self._named + self.look.width * width + 2 * columns + beside, height + rows + 1

    @property
    def half_size(self) -> tuple[int, int]:
        """The same in half blocks."""
        rows, columns = _places(self.drawing.rows), _places(self.drawing.columns)
        return len(columns) + _BESIDE + 1, ceil(len(rows) / 2)

    def in_cells(self) -> list[Text]:
        """The lines of a matrix, its parts apart and named, with its bias beside it."""
        lines = _heading(self.drawing.columns, self.look.width, self._named)
        names = {part.start: shown(part.name, _LONGEST) for part in self.drawing.rows.parts}
        for row in _places(self.drawing.rows):
            lines.append(Text() if row is None else self._line(row, names.get(row, "")))
        return lines

    def in_half_blocks(self) -> list[Text]:
        """The same with a character for two entries, one above the other."""
        rows = [_shades(self.drawing, self.look, row) for row in _places(self.drawing.rows)]
        return [_stacked(upper, lower) for upper, lower in zip_longest(rows[::2], rows[1::2])]

    def _line(self, row: int, name: str) -> Text:
        line = Text(name.ljust(self._named))
        codes = self.drawing.weight.codes[row].tolist()
        for column in _places(self.drawing.columns):
            line.append(*(_APART if column is None else self.look.cell("weight", codes[column])))
        line.append(" " * _BESIDE)
        line.append(*self.look.cell("bias", int(self.drawing.bias.codes[row, 0])))
        return line

    @property
    def _named(self) -> int:
        """How many characters the names of the rows' parts take."""
        names = [shown(part.name, _LONGEST) for part in self.drawing.rows.parts]
        return max(map(len, names)) + 1 if any(names) else 0


def _shades(drawing: Drawing, look: Look, row: int | None) -> list[str]:
    """The colours along a row, empty between the parts."""
    places = _places(drawing.columns)
    if row is None:
        return [""] * (len(places) + _BESIDE + 1)
    codes = drawing.weight.codes[row].tolist()
    weight = ["" if place is None else look.shade("weight", codes[place]) for place in places]
    return [*weight, *[""] * _BESIDE, look.shade("bias", int(drawing.bias.codes[row, 0]))]


def _stacked(upper: list[str], lower: list[str] | None) -> Text:
    """Two rows of colours in a line."""
    line = Text()
    for above, below in zip(upper, lower or [""] * len(upper), strict=True):
        if above:
            line.append("\N{UPPER HALF BLOCK}", Style(color=above, bgcolor=below or None))
        else:
            line.append("\N{LOWER HALF BLOCK}" if below else " ", Style(color=below or None))
    return line


def _places(side: Side) -> list[int | None]:
    """The points of a side, and None between its parts."""
    places: list[int | None] = []
    for part in side.parts:
        places += [None] * bool(places) + [*range(part.start, part.stop)]
    return places


def _heading(columns: Side, width: int, start: int) -> list[Text]:
    """The names of the columns' parts, cut to their widths."""
    if not any(part.name for part in columns.parts):
        return []
    words = " " * start
    for part in columns.parts:
        room = (part.stop - part.start) * width
        words += shown(part.name, 200)[: room - 1 if room > 1 else room].ljust(room) + "  "
    return [Text(words.rstrip())]
