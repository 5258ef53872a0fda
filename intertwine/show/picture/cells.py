"""The cells of a matrix in colours: as boxes, or painted pixel by pixel where there are many.

A negative entry has the colour of its tile and a minus, an entry that is always zero a dot.  Cells
too small for either have a lighter tint, and the ground of zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intertwine.hom.pattern import Codes
from intertwine.show.palette import FAINT, ZERO, ink_on, mixed
from intertwine.show.picture.sheet import PIXELS_A_POINT, Sheet

MOST_BOXES = 10_000
GAPPED = 4.0

_SMALLEST_MARKED = 2.5
_WIDELY_GAPPED = 12.0
_TINT = 0.45


@dataclass(frozen=True, eq=False)
class Cells:
    """A matrix of codes, +-(k + 1) or 0, in the colours of its tiles, on a box of a sheet."""

    codes: Codes
    colours: Sequence[str]
    left: float
    top: float
    cell: tuple[float, float]

    @property
    def place(self) -> tuple[float, float, float, float]:
        """Left, top, width and height."""
        rows, columns = self.codes.shape
        return self.left, self.top, columns * self.cell[0], rows * self.cell[1]

    @property
    def marked(self) -> bool:
        """Whether there is room in a cell for a minus or a dot."""
        return min(self.cell) >= _SMALLEST_MARKED

    def draw(self, sheet: Sheet, numbered: bool) -> None:
        """Draw all cells; `numbered` writes the number of its tile in each."""
        if self.codes.size > MOST_BOXES:
            sheet.image(self.place, self.painted(dotted=True), smooth=False)
            return
        distinct = [*dict.fromkeys(self.colours)]
        table = np.array([0, *(distinct.index(colour) + 1 for colour in self.colours)])
        shades = np.sign(self.codes) * table[np.abs(self.codes.astype(np.intp))]
        for shade in np.unique(shades).tolist():
            at = np.argwhere(shades == shade)
            self._box(sheet, at, ["", *distinct][abs(shade)], shade < 0 and not numbered)
        if numbered:
            self._number(sheet)

    def _box(self, sheet: Sheet, at: NDArray[np.intp], colour: str, negative: bool) -> None:
        """Some cells of one colour, or of none, and their marks where there is room."""
        size = min(self.cell)
        ground = colour or ZERO
        sheet.boxes(
            self._boxes(at), ground if self.marked or not negative else mixed(colour, _TINT)
        )
        if self.marked and not colour:
            sheet.boxes(self._centred(at, size * 0.16, size * 0.16), FAINT)
        if self.marked and negative:
            sheet.boxes(self._centred(at, size * 0.5, max(size * 0.11, 0.5)), ink_on(colour))

    def _number(self, sheet: Sheet) -> None:
        size = min(7.0, 0.36 * min(self.cell))
        for row, column in np.argwhere(self.codes).tolist():
            code = int(self.codes[row, column])
            words = "\N{MINUS SIGN}" * (code < 0) + str(abs(code) - 1)
            x = self.left + (column + 0.5) * self.cell[0]
            y = self.top + (row + 0.5) * self.cell[1]
            colour = ink_on(self.colours[abs(code) - 1])
            sheet.write((x, y), words, size, align="center", colour=colour)

    def _boxes(self, at: NDArray[np.intp]) -> NDArray[np.float64]:
        """The boxes of some cells, with a gap between them where they are large."""
        width, height = self.cell
        smallest = min(self.cell)
        gap = 0.0 if smallest < GAPPED else 0.5 if smallest < _WIDELY_GAPPED else 1.0
        sizes = np.full(at.shape, [width - gap, height - gap])
        return np.hstack([self._corners(at) + gap / 2, sizes])

    def _centred(self, at: NDArray[np.intp], width: float, height: float) -> NDArray[np.float64]:
        """Small boxes in the middle of some cells, on whole pixels."""
        wide, high = (max(1, round(s * PIXELS_A_POINT)) / PIXELS_A_POINT for s in (width, height))
        inset = (np.array(self.cell) - [wide, high]) / 2
        inset = np.floor(inset * PIXELS_A_POINT) / PIXELS_A_POINT
        return np.hstack([self._corners(at) + inset, np.full(at.shape, [wide, high])])

    def _corners(self, at: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray([self.left, self.top] + at[:, ::-1] * np.array(self.cell))

    def painted(self, dotted: bool) -> NDArray[np.uint8]:
        """Shape (height, width, 3): the cells in pixels, with their marks if there is room."""
        table = colour_table(self.colours, 1.0 if self.marked else _TINT)
        pixels = table[self.codes.astype(np.intp)]
        if not self.marked:
            return pixels
        wide, high = (round(side * PIXELS_A_POINT) for side in self.cell)
        pixels = pixels.repeat(high, axis=0).repeat(wide, axis=1)
        inks = colour_table([ink_on(colour) for colour in self.colours], 1.0)
        inks[0] = _channels(FAINT)
        middle, centre, thick = (high - 1) // 2, (wide - 1) // 2, max(1, high // 8)
        for row in range(middle, middle + thick):
            for column in range(wide // 4, wide - wide // 4):
                central = dotted and centre <= column < centre + thick
                at = (self.codes < 0) | (central & (self.codes == 0))
                pixels[row::high, column::wide][at] = inks[self.codes[at].astype(np.intp)]
        return pixels


def colour_table(colours: Sequence[str], share: float) -> NDArray[np.uint8]:
    """Shape (2 tiles + 1, 3): by code, from below zero too; negative ones mixed with paper."""
    rows = [ZERO, *colours, *(mixed(colour, share) for colour in reversed(colours))]
    return np.array([_channels(colour) for colour in rows], dtype=np.uint8)


def _channels(colour: str) -> list[int]:
    return [*bytes.fromhex(colour[1:])]
