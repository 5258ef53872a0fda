"""Pictures of layers: the weight-sharing matrix, one colour a tile, as PNG or SVG."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.show.drawing import Drawing
from intertwine.show.picture.elements import draw_elements
from intertwine.show.picture.panel import MARGIN, draw_panel
from intertwine.show.picture.sheet import Sheet

_APART = 30.0


def picture(drawings: Sequence[Drawing], suffix: str, elements: bool) -> bytes:
    """The bytes of a picture of some layers, one under the other, as `.png` or `.svg`.

    With `elements`, the basis elements of each are drawn under it.  The same layers give the same
    bytes.

    Raises:
        TooLargeError: more points on a side than a picture has pixels.
    """
    sheet = Sheet()
    for drawing in drawings:
        draw_panel(sheet, drawing, sheet.height + _APART if sheet.height else MARGIN)
        if elements:
            draw_elements(sheet, drawing, MARGIN, sheet.height + _APART)
    title = ", ".join(drawing.name for drawing in drawings)
    described = ". ".join(map(_described, drawings))
    return sheet.file(suffix.removeprefix("."), MARGIN, title, described)


def _described(drawing: Drawing) -> str:
    """What is seen, for those who do not see it."""
    said = f"The weight-sharing matrix of {drawing}; group {drawing.group}"
    return f"{said}. {drawing.description}" if drawing.description else said
