"""The command `intertwine`, and what its subcommands share: options, a session, JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from intertwine import __version__

app = typer.Typer(
    name="intertwine",
    help="All linear maps that respect a finite symmetry, proved, and emitted as PyTorch layers.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SpecPath = Annotated[Path, typer.Argument(metavar="SPEC", help="A spec, in YAML.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Memory = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Memory limit, such as 500M; default: half of what is free."),
]

Time = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="Limit on the time that work is expected to take; default: 1m."
    ),
]


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version or context.invoked_subcommand is None:
        print(f"intertwine {__version__}" if version else context.get_help())
        raise typer.Exit


@contextmanager
def session(memory: str | None, time: str | None, silent: bool) -> Iterator[None]:
    """The limits on memory and time, and progress on a terminal."""
    from intertwine.limits import limited_to, parse_duration, parse_size
    from intertwine.progress import reported_by

    limit = None if memory is None else parse_size(memory)
    seconds = None if time is None else parse_duration(time)
    shows = not silent and sys.stderr.isatty()
    with limited_to(limit, seconds), reported_by(_progress_bar if shows else _no_bar):
        yield


def dumped(value: Any, indent: int | None = None) -> str:
    """A value as JSON."""
    import json

    return json.dumps(value, indent=indent)


def _no_bar(items: Sequence[object], description: str) -> Iterable[object]:
    return items


def _progress_bar(items: Sequence[object], description: str) -> Iterable[object]:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, description, console=console, transient=True)
