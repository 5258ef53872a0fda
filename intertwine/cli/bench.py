"""`intertwine bench`: how fast a layer is."""

from __future__ import annotations

from typing import Annotated

import typer

from intertwine.cli.app import Json, Memory, SpecPath, Time, app, dumped, session


@app.command()
def bench(
    spec: SpecPath,
    channels: Annotated[int, typer.Option(min=1, help="Channels in and out.")] = 16,
    batch: Annotated[int, typer.Option(min=1, help="Samples at once.")] = 32,
    json: Json = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Time the layer by every strategy against the dense layer."""
    from rich.console import Console

    from intertwine.bench import bench as timed
    from intertwine.show.report import timings_table

    with session(memory, time, json):
        timings = timed(spec, channels, batch)
        if json:
            print(dumped([vars(timing) for timing in timings]))
        else:
            Console().print(timings_table(timings))
