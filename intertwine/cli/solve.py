"""`intertwine solve`, `count` and `verify`: find all maps, count them, prove them again."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from intertwine.cli.app import Json, Memory, Quiet, SpecPath, Time, app, dumped, session
from intertwine.errors import SpecError, shown

if TYPE_CHECKING:
    from intertwine.solution import Solution
    from intertwine.verify.process import Nursery


@app.command()
def solve(
    spec: SpecPath,
    json: Json = False,
    emit: Annotated[
        Path, typer.Option("--emit", metavar="DIR", help="Where the layer is written.")
    ] = Path("generated"),
    no_emit: Annotated[bool, typer.Option("--no-emit", help="Write no layer.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which rules and strategies were taken, and why.")
    ] = False,
    characters: Annotated[
        bool, typer.Option("--characters", help="Print the characters of input and output.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the weight sharing.")] = False,
    rule: Annotated[str | None, typer.Option(help="Solve by this rule of the table.")] = None,
    quiet: Quiet = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Find and prove all equivariant maps, and write their layer."""
    from intertwine.pipeline import solve as solved
    from intertwine.show.facts import print_summary
    from intertwine.spec.load import NetworkDocument, load_document

    with session(memory, time, quiet or json):
        if rule is not None:
            _check_rule(rule)
        started, emits = perf_counter(), not no_emit
        document = load_document(spec)
        if isinstance(document, NetworkDocument) and (rule or characters):
            flag = "--rule" if rule else "--characters"
            raise SpecError(f"{flag} for a network", "the spec of one layer", "leave it out")
        space = solved(document, rule, emits)
        summary = space.summary(emits)
        seconds, written = perf_counter() - started, space.emit(emit) if emits else None
        if json:
            emitted = None if written is None else str(written)
            print(dumped({**summary.report, "seconds": round(seconds, 6), "emitted": emitted}))
        elif not quiet:
            print_summary(summary, written, seconds)
        if (explain or characters or show) and not (quiet or json):
            _print_more(space, emits, explain, characters, show)


def _print_more(space: Solution, emits: bool, explain: bool, characters: bool, show: bool) -> None:
    from intertwine.show.reasons import print_characters, print_reasons

    if characters:
        print_characters(*space.layer_spaces)
    if explain:
        print_reasons(space, emits)
    if show:
        from intertwine.show.drawing import drawing_of
        from intertwine.show.preview import print_previews

        print_previews([drawing_of(layer) for layer in space.layer_spaces])


def _check_rule(rule: str) -> None:
    from intertwine.hom.rules import RULES

    if rule not in {r.name for r in RULES}:
        known = ", ".join(r.name for r in RULES)
        raise SpecError(f"--rule={shown(rule)}", f"one of {known}", "name a rule")


@app.command()
def count(
    spec: SpecPath,
    json: Json = False,
    quiet: Quiet = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Count the maps exactly, without listing them."""
    from dataclasses import asdict

    from intertwine.pipeline import count as counted

    with session(memory, time, quiet or json):
        result = counted(spec)
        if json:
            print(dumped(asdict(result) | {"seconds": round(result.seconds, 6)}))
        elif not quiet:
            print(f"{result} ({result.seconds:.3f} s)")


@app.command()
def verify(
    given: Annotated[
        list[Path], typer.Argument(metavar="FILES_OR_SPECS", help="Emitted layers, or specs.")
    ],
    quiet: Quiet = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Prove what emitted files compute, or the dimensions of specs, again.

    An emitted file is run, as any Python file that you choose to run: in a process of its own,
    within the limits on time and memory.
    """
    from intertwine.verify.process import Nursery

    with Nursery() as nursery:
        for one in given:
            with session(memory, time, quiet):
                said = _proved(one, nursery)
            if not quiet:
                print(said, flush=True)


def _proved(given: Path, nursery: Nursery) -> str:
    """What is proved of a page or of a spec."""
    from intertwine.pipeline import solve as solved
    from intertwine.verify.verify import verify_page

    if given.suffix == ".py":
        return verify_page(given, nursery)
    proofs = solved(given).proofs()
    return "\n".join(f"{shown(str(given), 500)}: {proof}" for proof in proofs)
