"""Running the command: every refusal is one line on standard error and an exit code.

Modules are imported where they are used, so that signals are looked after first of all, and
nothing is imported after one, which may have left a library half loaded.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from intertwine.cli.stop import Stop

if TYPE_CHECKING:
    import typer

_INTERRUPTED = 130


def main() -> None:
    """Run the command; every refusal is one line on standard error and an exit code."""
    stop, said, code = Stop(), "", 0
    try:
        with stop:
            said, code = _run()
        _say(stop.said or said)
    finally:
        stop.restore()
    sys.exit(stop.code or code)


def _say(line: str) -> None:
    """Say one line, if there is one and it can be said."""
    try:
        if line:
            print(f"intertwine: {line}", file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Let a stream lead nowhere, so that what waits in it is no error when Python ends."""
    with suppress(OSError):  # a stream that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run() -> tuple[str, int]:
    """What to say of how the command ended, in characters that print, and its exit code."""
    from intertwine.cli.process import check_address_space, prepare_streams
    from intertwine.errors import IntertwineError, shown

    try:
        prepare_streams()
        check_address_space()
        code = _command()
        sys.stdout.flush()
    except IntertwineError as error:
        return str(error), error.exit_code
    except MemoryError:
        return "memory ran out; lower the sizes, or set --memory to be refused in time", 4
    except BrokenPipeError:
        _drop(sys.stdout)
        return "", 1
    except OSError as error:
        _drop(sys.stdout)
        return f"cannot print or read ({error.strerror}); make room, or check the path", 1
    except Exception as error:
        if isinstance(error, ImportError) and _has_no_room(error):
            return "memory ran out where libraries are loaded; free some, or raise `ulimit -v`", 4
        if os.environ.get("INTERTWINE_DEBUG"):
            raise
        what = shown(f"{type(error).__name__}: {error}", 200)
        return f"{what}; this is a bug in intertwine: set INTERTWINE_DEBUG=1 for its traceback", 3
    return "", code


def commands() -> typer.Typer:
    """The command with all its subcommands, in the order of the help."""
    from intertwine.cli import solve, show, audit, discover, bench, specs  # noqa: F401, I001
    from intertwine.cli.app import app

    return app


def _command() -> int:
    """Run the subcommand that the arguments name: its exit code."""
    import typer

    from intertwine.errors import IntertwineError

    try:
        code = commands()(standalone_mode=False, prog_name="intertwine")
    except typer.TyperException as error:
        raise IntertwineError(_usage(error)) from None
    if code == _INTERRUPTED:  # as typer calls it
        raise KeyboardInterrupt
    return code or 0


def _has_no_room(error: BaseException | None) -> bool:
    """Whether a library could not be loaded for want of memory, which its loader says in words."""
    said = str(error).lower()
    return error is not None and (
        "failed to map segment" in said
        or "cannot allocate memory" in said
        or _has_no_room(error.__cause__ or error.__context__)
    )


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the arguments, and whose help says how they go."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "intertwine"
    return f"{error.format_message().rstrip('.')}; see `{command} --help`"
