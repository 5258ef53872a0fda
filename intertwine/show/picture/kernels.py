"""The families of a weight as a picture: a row a family, a column an element, holes as ghosts."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.discover.acting import Kernels
from intertwine.discover.discovery import Discovery, Turn
from intertwine.discover.families import Family, Member
from intertwine.numerals import many
from intertwine.show.palette import FAINT, INK
from intertwine.show.picture.sheet import Sheet

MOST_ROWS = 16
MOST_COLUMNS = 8
_MOST_ALONE = 64
_MARGIN, _CELL, _GAP, _LABEL = 18.0, 46.0, 12.0, 108.0
_CAPTION = 14.0
_SMALL = 28.0
_WORDS, _FINE = 8.5, 7.0
_SHARP = 16
_HOLE = "#b5396b"
_LEGEND = (
    "Orange is positive, purple negative, white zero.  Under a kernel: its channel, and the cosine "
    "with its family's average.",
    "Of several input channels: their first principal component.",
    "A dashed frame is a hole: the member that is missing, as it is expected.  Pale kernels stand "
    "before in the same row.",
    "Shuffled: the best score with the places of all kernels shuffled.  Alike: that of random "
    "kernels of the same mean and covariance.",
)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class _Grid:
    """Where cells stand, and of which shape a kernel is drawn."""

    plane: tuple[int, int]
    width: float
    height: float

    def cell(self, column: int, top: float) -> tuple[float, float, float, float]:
        left = _MARGIN + _LABEL + column * (self.width + _GAP)
        return left, top, self.width, self.height


def picture(name: str, found: Discovery, kind: str) -> bytes:
    """The bytes of a `png` or `svg` of what was found.

    A cell is a channel's kernel, or what it is expected to be where the channel is missing; of
    several input channels the combination is drawn that says most of the family (its first
    principal component).  Orange is positive, purple negative, white zero.
    """
    sheet, grid = Sheet(), _grid(found)
    several = [f for f in found.families if isinstance(f, Family) and len(f.members) > 1]
    columns = _columns(found)
    top = _title(sheet, name, found)
    if several:
        top = _heads(sheet, grid, found, columns, top)
    for number, family in enumerate(several[:MOST_ROWS]):
        top = _row(sheet, grid, found, columns, family, top, number + 1)
    if len(several) > MOST_ROWS:
        more = f"and {len(several) - MOST_ROWS} more families, which --json lists"
        sheet.write((_MARGIN, top), more, _WORDS, colour=FAINT)
        top += 2 * _GAP
    rest = [f for f in found.families if f not in several]
    fixed = sorted(f.channels[0] for f in rest if f.complete and len(f.channels) == 1)
    lone = sorted(f.channels[0] for f in rest if not f.complete and len(f.channels) == 1)
    linked = [list(f.channels) for f in rest if len(f.channels) > 1]
    for channels in linked[:MOST_ROWS]:
        top = _crowd(sheet, grid, found, channels, "Linked by the generators", top)
    top = _crowd(sheet, grid, found, fixed, "Fixed by every element", top)
    top = _crowd(sheet, grid, found, lone, "No partner", top)
    for line, words in enumerate(_LEGEND):
        sheet.write((_MARGIN, top + 4 + 11 * line), words, _FINE)
    described = f"{found}. A row a family, a column an element of the group."
    return sheet.file(kind, _MARGIN, f"Symmetry found in {name}", described)


def _grid(found: Discovery) -> _Grid:
    axes = found.acting.action.shape
    plane = (axes[0], prod(axes[1:])) if len(axes) > 1 else (1, prod(axes))
    rows, columns = plane
    if rows == columns:
        return _Grid(plane, _CELL, _CELL)
    longest = max(rows, columns)
    width, height = (max(12.0, 1.4 * _CELL * side / longest) for side in (columns, rows))
    return _Grid(plane, width, height)


def _columns(found: Discovery) -> list[int]:
    """The elements that have a column: all of a small group, else the identity and generators."""
    count = len(found.acting.elements)
    if count <= MOST_COLUMNS:
        return list(range(count))
    return sorted({0, *found.acting.generators.values()})[:MOST_COLUMNS]


def _title(sheet: Sheet, name: str, found: Discovery) -> float:
    several = [family for family in found.families if len(family.channels) > 1]
    whole = sum(family.complete for family in several)
    above = sum(turn.above_chance for turn in found.turns)
    chance = "" if found.by_chance is None else f" (by chance {found.by_chance:g})"
    lines = (
        f"{many(len(found.live), 'channel')} under {found.acting.name}; families of two or more: "
        f"{len(several)}, complete: {whole}, holes: {found.holes}",
        f"{above} of {len(found.turns)} elements score above chance; {found.in_families} channels "
        f"in families{chance}; partners have a cosine of at least {found.threshold:.2f}",
    )
    sheet.write((_MARGIN, _MARGIN + 6), f"Symmetry found in {name}", 14, bold=True)
    for number, line in enumerate(lines):
        sheet.write((_MARGIN, _MARGIN + 26 + 13 * number), line, _WORDS)
    return _MARGIN + 58


def _heads(sheet: Sheet, grid: _Grid, found: Discovery, columns: list[int], top: float) -> float:
    """Over each column its element, its score and what chance scores; gives where rows begin."""
    names = [_wrapped(sheet, found.acting.elements[k].name, grid.width + _GAP) for k in columns]
    below = top + 11 * max(map(len, names))
    rows = ((7.0, "score"), (21.0, "shuffled, at most"), (32.0, "alike, at most"))
    for offset, words in rows:
        sheet.write((_MARGIN, below + offset), words, _FINE)
    for column, (number, lines) in enumerate(zip(columns, names, strict=True)):
        left, _, width, _ = grid.cell(column, top)
        middle = left + width / 2
        for line, words in enumerate(reversed(lines)):
            sheet.write((middle, below - 11 * (line + 1)), words, _WORDS, align="center")
        if number:
            _scores(sheet, found.turns[number - 1], middle, below + 7)
    return below + 51


def _wrapped(sheet: Sheet, words: str, width: float) -> list[str]:
    """The words in lines that are no longer than the width, as far as words allow."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and sheet.length(longer, _WORDS) > width - 4:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _scores(sheet: Sheet, turn: Turn, middle: float, top: float) -> None:
    colour = INK if turn.above_chance else _HOLE
    sheet.write((middle, top), f"{turn.score:.2f}", 11, align="center", bold=True, colour=colour)
    for offset, chance in ((14, turn.shuffled), (25, turn.alike)):
        words = "-" if chance is None else f"{chance.largest:.2f}"
        sheet.write((middle, top + offset), words, _FINE, align="center")


def _row(
    sheet: Sheet,
    grid: _Grid,
    found: Discovery,
    columns: list[int],
    family: Family,
    top: float,
    number: int,
) -> float:
    """One family: its members and ghosts, each under the element that takes the first to it."""
    names = [element.name for element in found.acting.elements]
    fixing = [names[k] for k in family.orbit.stabilizer[1:]]
    words = [f"{len(family.members)} of {family.expected}"]
    words += [f"{len(family.holes)} missing"] if family.holes else ["complete"]
    words += [f"fixed by {', '.join(fixing[:2])}" + " ..." * (len(fixing) > 2)] if fixing else []
    sheet.write((_MARGIN, top + 6), f"Family {number}", _WORDS, bold=True)
    for line, said in enumerate(words):
        sheet.write((_MARGIN, top + 19 + 11 * line), said, _FINE)
    mix = _component(family.orbit.places[0])
    at = {member.place: member for member in family.members}
    drawn = [_kernel(found, member.channel) for member in family.members]
    scale = max(float(np.abs(mix @ kernel).max()) for kernel in (*drawn, family.orbit.places[0]))
    seen: set[int] = set()
    for column, element in enumerate(columns):
        place = int(family.orbit.coset[element])
        box, again = grid.cell(column, top), place in seen
        seen.add(place)
        member = at.get(place)
        if member is None:
            colour, strength = (FAINT, 0.2) if again else (_HOLE, 0.35)
            expected = mix @ family.orbit.places[place] / scale
            sheet.image(box, _pixels(expected, grid.plane, strength), False)
            _dashes(sheet, box, colour)
            _caption(sheet, box, "as before" if again else "missing", colour)
        else:
            own = mix @ _kernel(found, member.channel) / scale
            sheet.image(box, _pixels(own, grid.plane, 0.3 if again else 1.0), False)
            sheet.frame(box, FAINT, 0.5)
            _caption(sheet, box, _said(member, again), FAINT if again else INK)
    return top + max(grid.height + _CAPTION, 19 + 11 * len(words)) + _GAP


def _kernel(found: Discovery, channel: int) -> Kernels:
    return np.asarray(found.kernels[found.live.index(channel)])


def _said(member: Member, again: bool) -> str:
    channel = f"{'-' * (member.sign < 0)}{member.channel}"
    return f"= {channel}" if again else f"{channel}   {member.cosine:.3f}"


def _caption(sheet: Sheet, box: tuple[float, float, float, float], words: str, colour: str) -> None:
    left, top, width, height = box
    sheet.write((left + width / 2, top + height + 8), words, _FINE, align="center", colour=colour)


def _crowd(
    sheet: Sheet, grid: _Grid, found: Discovery, channels: list[int], said: str, top: float
) -> float:
    """Channels side by side, small, under a line of words; gives where the next thing goes."""
    if not channels:
        return top
    many = len(channels) > _MOST_ALONE
    words = f"{said}: {len(channels)}" + f", of which {_MOST_ALONE} are drawn" * many
    sheet.write((_MARGIN, top + 4), words, _WORDS, bold=True)
    top += 18
    factor = _SMALL / max(grid.width, grid.height)
    width, height = grid.width * factor, grid.height * factor
    line = max(1, int((_LABEL + MOST_COLUMNS * (_CELL + _GAP)) // (width + 8)))
    for number, channel in enumerate(channels[:_MOST_ALONE]):
        row, column = divmod(number, line)
        box = (_MARGIN + column * (width + 8), top + row * (height + 18), width, height)
        kernel = _kernel(found, channel)
        own = _component(kernel) @ kernel
        sheet.image(box, _pixels(own / np.abs(own).max(), grid.plane, 1.0), False)
        sheet.frame(box, FAINT, 0.5)
        _caption(sheet, box, str(channel), INK)
    rows = -(-min(len(channels), _MOST_ALONE) // line)
    return top + rows * (height + 18) + 8


def _component(kernel: Kernels) -> NDArray[np.float64]:
    """The combination of a kernel's parts that holds most of it, its largest weight positive."""
    left, _, _ = np.linalg.svd(kernel, full_matrices=False)
    first = left[:, 0]
    return np.asarray(first * np.sign(first[np.abs(first).argmax()]))


def _pixels(values: NDArray[np.float64], plane: tuple[int, int], strength: float) -> Pixels:
    """Values in -1 .. 1 as colours, each a square of many pixels so that viewers keep it sharp."""
    from matplotlib import colormaps

    colours = colormaps["PuOr_r"]((np.clip(values, -1, 1).reshape(plane) + 1) / 2)[..., :3]
    paler = 1 - strength * (1 - colours)
    squares = np.kron(np.rint(255 * paler), np.ones((_SHARP, _SHARP, 1)))
    return squares.astype(np.uint8)


def _dashes(sheet: Sheet, box: tuple[float, float, float, float], colour: str) -> None:
    """A dashed outline."""
    left, top, width, height = box
    thick, dash = 0.9, 3.0
    across = np.arange(0, width - dash / 2, 2 * dash)
    down = np.arange(0, height - dash / 2, 2 * dash)
    edges = [(left + x, y, dash, thick) for x in across for y in (top - thick, top + height)]
    edges += [(x, top + y, thick, dash) for y in down for x in (left - thick, left + width)]
    sheet.boxes(np.array(edges), colour)
