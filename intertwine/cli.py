"""The command line: arguments, printing and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from intertwine.errors import IntertwineError, SpecError, escaped, shown
from intertwine.version import VERSION

app = typer.Typer(
    name="intertwine",
    help="All linear maps that respect a finite symmetry, proved, and emitted as PyTorch layers.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_INTERRUPTED = 130

SpecPath = Annotated[Path, typer.Argument(metavar="SPEC", help="A spec, in YAML.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Memory = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Memory limit, such as 500M; default: half of what is free."),
]


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version or context.invoked_subcommand is None:
        print(f"intertwine {VERSION}" if version else context.get_help())
        raise typer.Exit


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

    with _session(memory, quiet or json):
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
                print(_dumped(as_json(space, written)))
            elif not quiet:
                print_space(space, written, explain, characters)
        elif json:
            print(_dumped(network_as_json(space, written)))
        elif not quiet:
            print_network(space, written, explain)


@app.command()
def count(spec: SpecPath, json: Json = False, quiet: Quiet = False, memory: Memory = None) -> None:
    """Count the maps exactly, without listing them."""
    from dataclasses import asdict

    from intertwine.pipeline import count_any

    with _session(memory, quiet or json):
        result = count_any(spec)
        if json:
            print(_dumped(asdict(result) | {"seconds": round(result.seconds, 6)}))
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

    with _session(memory, quiet):
        if given.suffix == ".py":
            said = verify_page(given)
        else:
            proofs = solve_any(given, None, emits=False).proofs()
            said = "\n".join(f"{given}: {proof}" for proof in proofs)
        if not quiet:
            print(said)


@app.command()
def bench(
    spec: SpecPath,
    channels: Annotated[int, typer.Option(min=1, help="Channels in and out.")] = 16,
    batch: Annotated[int, typer.Option(min=1, help="Samples at once.")] = 32,
    json: Json = False,
    memory: Memory = None,
) -> None:
    """Time the layer by every strategy against the dense layer."""
    from rich.console import Console

    from intertwine.bench import bench as timed
    from intertwine.show.report import timings_table

    with _session(memory, json):
        timings = timed(spec, channels, batch)
        if json:
            print(_dumped([vars(timing) for timing in timings]))
        else:
            Console().print(timings_table(timings))


@app.command()
def schema() -> None:
    """Print the JSON Schema of specs, for editors to complete and check with."""
    from intertwine.spec.schema import json_schema

    print(_dumped(json_schema(), indent=2))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The new spec's name, in snake_case.")],
    template: Annotated[str, typer.Option("--from", help="What to start from.")] = "sets",
) -> None:
    """Write NAME.yaml in this folder, to start from."""
    from intertwine.emit.names import check_module, class_name
    from intertwine.emit.write import write_atomically
    from intertwine.pipeline import count_any
    from intertwine.spec.templates import TEMPLATES, from_template

    with _session(None, True):
        if template not in TEMPLATES:
            known = ", ".join(TEMPLATES)
            raise SpecError(f"--from={shown(template)}", f"one of {known}", "choose one")
        path = Path(f"{name}.yaml")
        _check_name(name)
        check_module(name, class_name(name))
        if path.exists():
            raise SpecError(f"{path}, which exists", "a new name", "choose another, or remove it")
        write_atomically(path, from_template(name, template))
        print(f"wrote {path}; {count_any(path)}; next: intertwine solve {path}")


def main() -> None:
    """Run the command; every refusal is one line on standard error and an exit code."""
    try:
        code = app(standalone_mode=False, prog_name="intertwine")
        sys.stdout.flush()
    except typer.TyperException as error:
        _fail(_usage(error), 2)
    except IntertwineError as error:
        _fail(str(error), error.exit_code)
    except MemoryError:
        _fail("memory ran out; lower the sizes, or set --memory to be refused in time", 4)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(f"cannot print or read ({error.strerror}); make room, or check the path", 1)
    except Exception as error:
        if os.environ.get("INTERTWINE_DEBUG"):
            raise
        what = shown(f"{type(error).__name__}: {error}", 200)
        _fail(f"{what}; this is a bug in intertwine: set INTERTWINE_DEBUG=1 for its traceback", 3)
    if code == _INTERRUPTED:
        _fail("interrupted; nothing was half written", _INTERRUPTED)
    sys.exit(code)


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the arguments, and whose help says how they go."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "intertwine"
    return f"{error.format_message().rstrip('.')}; see `{command} --help`"


def _fail(message: str, code: int) -> None:
    print(f"intertwine: {escaped(message)}", file=sys.stderr)
    sys.exit(code)


def _check_name(name: str) -> None:
    from intertwine.spec.load import load_spec

    try:
        load_spec({"name": name, "group": {"trivial": 1}, "input": "points", "output": "points"})
    except SpecError as error:
        error.place = ""
        raise


@contextmanager
def _session(memory: str | None, silent: bool) -> Iterator[None]:
    """The memory limit, and progress on a terminal."""
    from intertwine.limits import limited_to, parse_size
    from intertwine.progress import reported_by

    limit = None if memory is None else parse_size(memory)
    shows = not silent and sys.stderr.isatty()
    with limited_to(limit), reported_by(_progress_bar if shows else _no_bar):
        yield


def _no_bar(items: Sequence[object], description: str) -> Iterable[object]:
    return items


def _progress_bar(items: Sequence[object], description: str) -> Iterable[object]:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, description, console=console, transient=True)


def _dumped(value: Any, indent: int | None = None) -> str:
    import json

    return json.dumps(value, indent=indent)
