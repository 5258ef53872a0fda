"""A page that shows layers and can be explored: one HTML file that needs nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from string import Template

from intertwine.errors import escaped
from intertwine.numerals import many
from intertwine.show.drawing import Drawing
from intertwine.show.palette import MOST_COLOURS
from intertwine.show.web import script, text_of
from intertwine.show.web.payload import as_text, payload


def html_page(drawings: Sequence[Drawing]) -> str:
    """The page of some layers, one after the other; the same drawings give the same bytes.

    >>> from intertwine.pipeline import solve
    >>> from intertwine.show.drawing import drawing_of
    >>> spec = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
    >>> page = html_page([drawing_of(solve(spec))])
    >>> page.isascii(), "http" in page.replace("http-equiv", "")
    (True, False)
    """
    style, code = text_of("page.css"), script()
    anchors = [f"layer-{number}" for number in range(len(drawings))]
    placed = list(zip(anchors, drawings, strict=True))
    links = "".join(_filled("link.html", anchor=a, name=_plain(d.name)) for a, d in placed)
    more = f" and {len(drawings) - 1} more" if len(drawings) > 1 else ""
    return _filled(
        "page.html",
        title=_plain(drawings[0].name) + more,
        style=style,
        style_hash=_hash(style),
        script=code,
        script_hash=_hash(code),
        contents=_filled("contents.html", links=links) if len(drawings) > 1 else "",
        sections="".join(_section(anchor, drawing) for anchor, drawing in placed),
    )


def _section(anchor: str, drawing: Drawing) -> str:
    """What is said of a layer, and its data."""
    data = payload(drawing)
    tiles = "Parameters" if data["exact"] else "Entries that are alike"
    return _filled(
        "drawing.html",
        anchor=anchor,
        name=_plain(drawing.name),
        source=_plain(drawing.columns.action),
        target=_plain(drawing.rows.action),
        dimension=drawing.dimension,
        bias=drawing.bias_dimension,
        group=_plain(drawing.group),
        description=_plain(drawing.description),
        sizes=(
            f"{many(drawing.rows.size, 'row')} of output, "
            f"{many(drawing.columns.size, 'column')} of input"
        ),
        legend=_legend(drawing, data["exact"]),
        tiles=tiles,
        data=as_text(data),
    )


def _legend(drawing: Drawing, exact: bool) -> str:
    """What colours and marks mean, of those that there are."""
    shared = "one weight" if exact else "one combination of the weights"
    codes = drawing.weight.codes
    words = [f"Entries of one colour share {shared}."]
    if drawing.weight.count + drawing.bias.count > MOST_COLOURS:
        words = [f"After {MOST_COLOURS} colours they begin again: point at an entry to be sure."]
    if bool((codes < 0).any()):
        words.append("A minus, or a paler shade where entries are small: its negative.")
    if drawing.weight.zeros:
        words.append("A dot, or nothing where entries are small: always zero.")
    return " ".join(words)


def _filled(file: str, /, **holes: object) -> str:
    """A template with its holes filled; the names given must be exactly the holes."""
    template = Template(text_of(file))
    expected = set(template.get_identifiers())
    if expected != set(holes):
        raise KeyError(f"holes {sorted(expected)}, given {sorted(holes)}")
    return template.substitute(holes)


def _plain(text: str) -> str:
    """Text as HTML shows it, whatever is in it, on one line and in ASCII."""
    line = escaped(" ".join(text.split()))
    return escape(line).encode("ascii", "xmlcharrefreplace").decode()


def _hash(text: str) -> str:
    """How a Content-Security-Policy names an inline script or style."""
    return b64encode(sha256(text.encode()).digest()).decode()
