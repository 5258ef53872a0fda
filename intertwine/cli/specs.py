"""`intertwine schema` and `new`: writing specs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intertwine.cli.app import app, dumped, session
from intertwine.errors import SpecError, shown


@app.command()
def schema() -> None:
    """Print the JSON Schema of specs, for editors to complete and check with."""
    from intertwine.spec.schema import json_schema

    print(dumped(json_schema(), indent=2))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The new spec's name, in snake_case.")],
    template: Annotated[str, typer.Option("--from", help="What to start from.")] = "sets",
) -> None:
    """Write NAME.yaml in this folder, to start from."""
    from intertwine.files import write_atomically
    from intertwine.names import check_module, class_name
    from intertwine.pipeline import count
    from intertwine.spec.templates import TEMPLATES, from_template

    with session(None, None, True):
        if template not in TEMPLATES:
            known = ", ".join(TEMPLATES)
            raise SpecError(f"--from={shown(template)}", f"one of {known}", "choose one")
        path = Path(f"{name}.yaml")
        _check_name(name)
        check_module(name, class_name(name))
        if path.exists():
            raise SpecError(f"{path}, which exists", "a new name", "choose another, or remove it")
        write_atomically(path, from_template(name, template))
        print(f"wrote {path}; {count(path)}; next: intertwine solve {path}")


def _check_name(name: str) -> None:
    from intertwine.spec.load import load_spec

    try:
        load_spec({"name": name, "group": {"trivial": 1}, "input": "points", "output": "points"})
    except SpecError as error:
        error.place = ""
        raise
