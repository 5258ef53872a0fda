"""`intertwine show` and `why`: the weight sharing as a picture, and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intertwine.cli.app import Memory, SpecPath, Time, app, session
from intertwine.errors import SpecError, located, shown

_FORMATS = (".png", ".svg", ".html")


@app.command()
def show(
    spec: SpecPath,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg or .html; or none."),
    ] = None,
    elements: Annotated[
        bool, typer.Option("--elements", help="Draw every basis element beside them.")
    ] = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Draw which entries of the matrix share a weight, in a file or in the terminal."""
    from intertwine.files import write_atomically
    from intertwine.pipeline import solve
    from intertwine.show.drawing import drawing_of
    from intertwine.show.picture.layers import picture
    from intertwine.show.preview import print_previews
    from intertwine.show.web.page import html_page

    with session(memory, time, silent=False):
        suffix = "" if output is None else output.suffix.lower()
        if output is not None and suffix not in _FORMATS:
            with located("--output"):
                raise SpecError(
                    f"{shown(str(output), 200)}", f"one of {', '.join(_FORMATS)}", "choose one"
                )
        if elements and suffix in ("", ".html"):
            raise SpecError(
                "--elements", "-o with a .png or .svg", "leave it out: an .html has them anyway"
            )
        space = solve(spec)
        drawings = [drawing_of(layer) for layer in space.layer_spaces]
        if not drawings:
            raise SpecError("a network without linear maps", "at least one to draw", "add a stage")
        if output is None:
            print_previews(drawings)
            return
        if suffix == ".html":
            content: str | bytes = html_page(drawings)
        else:
            content = picture(drawings, suffix, elements)
        write_atomically(output, content)
        print(f"wrote {shown(str(output), 500)}")


@app.command()
def why(
    spec: SpecPath,
    first: Annotated[str, typer.Argument(metavar="I,J", help="An entry: output, input.")],
    second: Annotated[str, typer.Argument(metavar="K,L", help="Another entry.")],
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Say which word in the generators ties two entries to one weight."""
    from intertwine.pipeline import solve
    from intertwine.show.why import why as reasons
    from intertwine.spec.load import load_spec

    with session(memory, time, silent=False):
        for line in reasons(solve(load_spec(spec)), first, second):
            print(line)
