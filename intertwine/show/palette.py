"""Colours of tiles, told apart by everybody: chosen by how they look to the colour-blind as well.

Two colours are as far apart as they look to whoever sees the least difference: the least distance
in OKLab under normal vision and under full protanopia, deuteranopia (Vienot 1999) and tritanopia
(Brettel 1997).  The first few colours are given; every further one is, of a grid of colours, the
farthest from all before it, from the paper, the ink and the ground of zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from coloraide import Color

INK, QUIET, PAPER, ZERO, FAINT = "#1f1f1f", "#6b675f", "#ffffff", "#f3f1ec", "#a8a49a"
MOST_COLOURS = 48

_FIRST = ("#2f6fb0", "#f2a541", "#66c2b5", "#b5396b")
_VISIONS = ("", "protan", "deutan", "tritan")
_LIGHTNESSES = (40, 46, 52, 58, 64, 70, 76, 82, 88)
_CHROMAS = (4, 7, 10, 13)
_HUES = range(0, 360, 10)


def palette(count: int) -> tuple[str, ...]:
    """One colour a tile, as #rrggbb; fewer tiles have the first of the same colours.

    More than MOST_COLOURS begin again with the first: so many cannot be kept apart, and pictures
    tell their tiles by numbers in the cells where there is room.

    >>> palette(3)
    ('#2f6fb0', '#f2a541', '#66c2b5')
    >>> palette(60)[48:] == palette(12)
    True
    """
    colours = _FIRST if count <= len(_FIRST) else _apart()
    return tuple(colours[number % len(colours)] for number in range(count))


@cache
def ink_on(colour: str) -> str:
    """The ink or the paper, whichever is read better on a colour (contrast of WCAG 2.1).

    >>> ink_on("#f2a541") == INK, ink_on("#2f6fb0") == PAPER
    (True, True)
    """
    from coloraide import Color

    ground = Color(colour)
    return max((INK, PAPER), key=lambda ink: ground.contrast(Color(ink)))


def mixed(colour: str, share: float) -> str:
    """So much of a colour, the rest paper.

    >>> mixed("#000000", 0.4)
    '#999999'
    """
    parts = zip(_channels(colour), _channels(PAPER), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)


@cache
def _apart() -> tuple[str, ...]:
    """MOST_COLOURS colours, the farthest next."""
    from coloraide import Color

    candidates = [*_grid()]
    seen = np.array([_seen(candidate) for candidate in candidates])
    chosen = [*_FIRST]
    kept = [Color(colour) for colour in (PAPER, INK, ZERO, FAINT, *_FIRST)]
    least = np.min([_distances(seen, _seen(colour)) for colour in kept], axis=0)
    while len(chosen) < MOST_COLOURS:
        farthest = int(np.argmax(least))
        chosen.append(candidates[farthest].to_string(hex=True))
        least = np.minimum(least, _distances(seen, seen[farthest]))
    return tuple(chosen)


def _grid() -> Iterator[Color]:
    """The colours of a grid in OKLCh that a screen can show, in its own 256 steps."""
    from coloraide import Color

    for lightness in _LIGHTNESSES:
        for chroma in _CHROMAS:
            for hue in _HUES:
                colour = Color("oklch", [lightness / 100, chroma / 100, hue])
                if colour.in_gamut("srgb", tolerance=0):
                    yield Color(colour.convert("srgb").to_string(hex=True))


def _seen(colour: Color) -> NDArray[np.float64]:
    """Shape (4, 3): how a colour looks to each vision, in OKLab."""
    looks = (colour.filter(vision) if vision else colour for vision in _VISIONS)
    return np.array([look.convert("srgb").clip().convert("oklab").coords() for look in looks])


def _distances(many: NDArray[np.float64], one: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each of many colours is from one, to whoever sees the least difference."""
    return np.asarray(np.sqrt(((many - one) ** 2).sum(axis=-1)).min(axis=-1))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
