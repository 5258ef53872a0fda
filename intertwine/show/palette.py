"""Colours of tiles, told apart by everybody: chosen by how they look to the colour-blind as well.

Two colours are as far apart as they look to whoever sees the least difference: the least distance
in OKLab under normal vision and under full protanopia, deuteranopia (Vienot 1999) and tritanopia
(Brettel 1997).  The first four are given; every further one was, of a grid of colours in OKLCh, the
farthest from all before it, from the paper, the ink and the ground of zeros.
"""

from __future__ import annotations

from functools import cache

INK, QUIET, PAPER, ZERO, FAINT = "#1f1f1f", "#6b675f", "#ffffff", "#f3f1ec", "#a8a49a"

_COLOURS = tuple(
    """
    #2f6fb0 #f2a541 #66c2b5 #b5396b #713408 #be7c1c #493687 #2d95d3
    #7f6612 #fad18a #ceb6fc #97859c #555c42 #c1dcf0 #e47d6d #7dd9ba
    #3d51a0 #ae6256 #76a5c6 #586b80 #804810 #5d395a #e6bd77 #c9ad7e
    #be9a2a #627ba4 #48a260 #44a8e7 #347ec4 #0ec7de #83f2ba #857389
    #773b84 #99732b #8388b6 #a8cbd6 #92be9a #6b6d3b #a7bd58 #145442
    #3f6059 #b27b82 #88aa80 #e2d9a4 #494a30 #d5c0a9 #cd6e4c #b095a6
    """.split()
)
MOST_COLOURS = len(_COLOURS)


def palette(count: int) -> tuple[str, ...]:
    """One colour a tile, as #rrggbb; fewer tiles have the first of the same colours.

    More than MOST_COLOURS begin again with the first: so many cannot be kept apart, and pictures
    tell their tiles by numbers in the cells where there is room.

    >>> palette(3)
    ('#2f6fb0', '#f2a541', '#66c2b5')
    >>> palette(60)[48:] == palette(12)
    True
    """
    return tuple(_COLOURS[number % MOST_COLOURS] for number in range(count))


@cache
def ink_on(colour: str) -> str:
    """The ink or the paper, whichever is read better on a colour (contrast of WCAG 2.1).

    >>> ink_on("#f2a541") == INK, ink_on("#2f6fb0") == PAPER
    (True, True)
    """
    ground = _luminance(colour) + 0.05
    dark, light = _luminance(INK) + 0.05, _luminance(PAPER) + 0.05
    return INK if ground / dark > light / ground else PAPER


def mixed(colour: str, share: float) -> str:
    """So much of a colour, the rest paper.

    >>> mixed("#000000", 0.4)
    '#999999'
    """
    parts = zip(_channels(colour), _channels(PAPER), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)


def _luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1, from 0 to 1."""
    parts = [c / 255 for c in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
