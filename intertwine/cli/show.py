"""`intertwine show` and `why`: the weight sharing as a picture, and in words."""

from __future__ import annotations

from typing import Annotated

import typer

from intertwine.cli.app import Memory, SpecPath, app, session


@app.command()
def why(
    spec: SpecPath,
    first: Annotated[str, typer.Argument(metavar="I,J", help="An entry: output, input.")],
    second: Annotated[str, typer.Argument(metavar="K,L", help="Another entry.")],
    memory: Memory = None,
) -> None:
    """Say which word in the generators ties two entries to one weight."""
    from intertwine.pipeline import solve
    from intertwine.show.why import why as reasons

    with session(memory, silent=False):
        for line in reasons(solve(spec), first, second):
            print(line)
