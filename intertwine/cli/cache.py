"""`intertwine cache`: what is kept of earlier solves."""

from __future__ import annotations

from typing import Annotated

import typer

from intertwine.cli.app import app, session


@app.command()
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove all entries.")] = False,
) -> None:
    """Say where earlier solves are kept, or remove them."""
    from intertwine.cache import Cache
    from intertwine.errors import shown
    from intertwine.limits import human
    from intertwine.plan.words import many

    with session(None, None, silent=True):
        kept = Cache.of_user()
        where = shown(str(kept.folder), 500)
        if clear:
            print(f"{where}: {many(kept.clear(), 'entry')} removed")
        else:
            entries = kept.entries()
            size = human(sum(about.st_size for _, about in entries))
            print(f"{where}: {many(len(entries), 'entry')}, {size}")
