"""The files of the page that `intertwine show -o x.html` writes: templates, styles and scripts."""

from __future__ import annotations

from importlib.resources import files

SCRIPTS = (
    "data",
    "look",
    "geometry",
    "painter",
    "labels",
    "motion",
    "picture",
    "card",
    "lists",
    "generators",
    "elements",
    "view",
)


def text_of(name: str) -> str:
    """The text of one of the files.

    >>> text_of("page.html").startswith("<!DOCTYPE html>")
    True
    """
    return files(__name__).joinpath(name).read_text("utf-8")


def script() -> str:
    """The scripts one after the other, strict."""
    return "\n".join(['"use strict";', *(text_of(f"{name}.js") for name in SCRIPTS)])
