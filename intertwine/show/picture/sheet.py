"""A sheet on which boxes, lines, images and words are put by their places, and its file.

Places are in points (1/72 inch) from the upper left corner; a picture of pixels has two a point.
Matplotlib draws it, with none of its global settings: the same marks are the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import escaped
from intertwine.show.palette import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

PIXELS_A_POINT = 2

_FAMILY = "DejaVu Sans"
_MIDDLE = 0.36
_FIXED = {"svg.hashsalt": "intertwine", "svg.fonttype": "none"}

Mark = Callable[["Axes"], None]


class Sheet:
    """Marks, in the order in which they are made; the sheet is as large as they need."""

    def __init__(self) -> None:
        self.width = self.height = 0.0
        self._marks: list[Mark] = []

    def boxes(self, places: NDArray[np.float64], colour: str) -> None:
        """Boxes of one colour; `places`, of shape (n, 4), are left, top, width and height."""
        left, top, width, height = np.asarray(places, dtype=float).reshape(-1, 4).T
        right, bottom = left + width, top + height
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        vertices = np.array(corners).transpose(2, 0, 1).reshape(-1, 2)

        def mark(axes: Axes) -> None:
            from matplotlib.patches import PathPatch
            from matplotlib.path import Path

            moves = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
            path = Path(vertices, np.tile(moves, len(left)).astype(np.uint8))
            patch = PathPatch(path, facecolor=colour, linewidth=0, snap=False, clip_on=False)
            axes.add_artist(patch)

        self._marks.append(mark)
        self._reach(float(right.max(initial=0)), float(bottom.max(initial=0)))

    def frame(self, place: Sequence[float], colour: str = INK, thickness: float = 1.0) -> None:
        """The outline of a box, drawn outside of it."""
        left, top, width, height = place
        t = thickness
        edges = [
            (left - t, top - t, width + 2 * t, t),
            (left - t, top + height, width + 2 * t, t),
            (left - t, top, t, height),
            (left + width, top, t, height),
        ]
        self.boxes(np.array(edges), colour)

    def image(self, place: Sequence[float], pixels: NDArray[np.uint8], smooth: bool) -> None:
        """An array of pixels, shape (rows, columns, 3), in a box; `smooth` where it is shrunk."""
        left, top, width, height = place

        def mark(axes: Axes) -> None:
            from matplotlib.image import AxesImage

            image = AxesImage(
                axes,
                interpolation="antialiased" if smooth else "none",
                origin="upper",
                extent=(left, left + width, top + height, top),
                clip_on=False,
            )
            image.set_data(pixels)
            axes.add_artist(image)

        self._marks.append(mark)
        self._reach(left + width, top + height)

    def write(self, place: tuple[float, float], words: str, size: float, **style: Any) -> None:
        """One line of words, escaped where they do not print; `place` is on its middle line.

        `align` is left, center or right along the line, which goes up where it is `turned`.
        """
        words, (x, y) = escaped(words), place
        align, turned = style.get("align", "left"), style.get("turned", False)
        bold = style.get("bold", False)

        def mark(axes: Axes) -> None:
            axes.text(
                x + _MIDDLE * size if turned else x,
                y if turned else y + _MIDDLE * size,
                words,
                fontproperties=_font(size, bold),
                color=style.get("colour", INK),
                horizontalalignment=align,
                verticalalignment="baseline",
                rotation=90 if turned else 0,
                rotation_mode="anchor",
                parse_math=False,
            )

        self._marks.append(mark)
        length = self.length(words, size, bold)
        end = x + length * {"left": 1.0, "center": 0.5, "right": 0.0}[align]
        self._reach(x + size if turned else end, y + size)

    def length(self, words: str, size: float, bold: bool = False) -> float:
        """How long a line of words is."""
        return _length(escaped(words), size, bold)

    def figure(self, margin: float) -> Figure:
        """The sheet as a figure of Matplotlib, with a margin to the right and below."""
        from matplotlib.figure import Figure

        width, height = np.ceil(self.width + margin), np.ceil(self.height + margin)
        figure = Figure(figsize=(width / 72, height / 72), facecolor=PAPER)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set(xlim=(0, width), ylim=(height, 0))
        for mark in self._marks:
            mark(axes)
        return figure

    def file(self, kind: str, margin: float, title: str, description: str) -> bytes:
        """The bytes of a `png` or `svg`, with words that say what is seen for those who do not."""
        from matplotlib.style import context

        about: dict[str, Any] = {"Title": escaped(title)}
        about |= {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}[kind]
        stream = BytesIO()
        with context(["default", _FIXED]), _every_glyph():
            figure = self.figure(margin)
            figure.savefig(stream, format=kind, dpi=72 * PIXELS_A_POINT, metadata=about)
        content = stream.getvalue()
        return _described(content, escaped(description)) if kind == "svg" else content

    def _reach(self, right: float, bottom: float) -> None:
        """Make the sheet as large as that."""
        self.width, self.height = max(self.width, right), max(self.height, bottom)


def _described(svg: bytes, description: str) -> bytes:
    """With a description after the title, and read out as one image."""
    named = f"</title>\n <desc>{escape(description)}</desc>".encode()
    return svg.replace(b"</title>", named, 1).replace(b"<svg ", b'<svg role="img" ', 1)


@cache
def _font(size: float, bold: bool) -> FontProperties:
    """The font, all of it said."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(
        family=_FAMILY,
        style="normal",
        variant="normal",
        weight="bold" if bold else "normal",
        stretch="normal",
        size=size,
    )


@cache
def _length(words: str, size: float, bold: bool) -> float:
    from matplotlib.textpath import text_to_path

    with _every_glyph():
        font = _font(size, bold)
        return float(text_to_path.get_text_width_height_descent(words, font, ismath=False)[0])


@contextmanager
def _every_glyph() -> Iterator[None]:
    """Letters that the font lacks are drawn as boxes, and nobody is told."""
    with catch_warnings():
        filterwarnings("ignore", message="Glyph .* missing from")
        yield
