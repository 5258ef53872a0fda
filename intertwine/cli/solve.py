"""`intertwine solve`, `count` and `verify`: find all maps, count them, prove them again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intertwine.cli.app import Json, Memory, Quiet, SpecPath, app, dumped, session
from intertwine.errors import SpecError, shown


@app.command()
def solve(
    spec: SpecPath,
    json: Json = False,
    emit: Annotated[
        Path, typer.Option("--emit", metavar="DIR", help="Where the layer is written.")
    ] = Path("generated"),
    no_emit: Annotated[bool, typer.Option("--no-emit", help="Write no layer.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say which rules were taken.")] = False,
    characters: Annotated[
        bool, typer.Option("--characters", help="Print the characters of input and output.")
    ] = False,
    rule: Annotated[str | None, typer.Option(help="Solve by this rule of the table.")] = None,
    quiet: Quiet = False,
    memory: Memory = None,
) -> None:
    """Find and prove all equivariant maps, and write their layer."""
    from intertwine.hom.rules import RULES
    from intertwine.pipeline import solve_any
    from intertwine.show.network import network_as_json, print_network
    from intertwine.show.solved import as_json, print_space
    from intertwine.solution import SpecSpace

    with session(memory, quiet or json):
        if rule is not None and rule not in {r.name for r in RULES}:
            known = ", ".join(r.name for r in RULES)
            raise SpecError(f"--rule={shown(rule)}", f"one of {known}", "name a rule")
        space = solve_any(spec, rule, emits=not no_emit)
        if not isinstance(space, SpecSpace) and (rule or characters):
            flag = "--rule" if rule else "--characters"
            raise SpecError(f"{flag} for a network", "the spec of one layer", "leave it out")
        written = None if no_emit else space.emit(emit)
        if isinstance(space, SpecSpace):
            if json:
                print(dumped(as_json(space, written)))
            elif not quiet:
                print_space(space, written, explain, characters)
        elif json:
            print(dumped(network_as_json(space, written)))
        elif not quiet:
            print_network(space, written, explain)


@app.command()
def count(spec: SpecPath, json: Json = False, quiet: Quiet = False, memory: Memory = None) -> None:
    """Count the maps exactly, without listing them."""
    from dataclasses import asdict

    from intertwine.pipeline import count_any

    with session(memory, quiet or json):
        result = count_any(spec)
        if json:
            print(dumped(asdict(result) | {"seconds": round(result.seconds, 6)}))
        elif not quiet:
            print(f"{result} ({result.seconds:.3f} s)")


@app.command()
def verify(
    given: Annotated[
        Path, typer.Argument(metavar="FILE_OR_SPEC", help="An emitted layer, or a spec.")
    ],
    quiet: Quiet = False,
    memory: Memory = None,
) -> None:
    """Prove an emitted layer, or a spec's dimension, again."""
    from intertwine.pipeline import solve_any
    from intertwine.reprove import verify_page

    with session(memory, quiet):
        if given.suffix == ".py":
            said = verify_page(given)
        else:
            proofs = solve_any(given, None, emits=False).proofs()
            said = "\n".join(f"{given}: {proof}" for proof in proofs)
        if not quiet:
            print(said)
