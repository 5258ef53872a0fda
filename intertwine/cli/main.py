"""Running the command: every refusal is one line on standard error and an exit code."""

from __future__ import annotations

import os
import sys

import typer

from intertwine.cli.app import app
from intertwine.cli.process import (
    check_address_space,
    drop,
    fail,
    prepare_streams,
    terminable,
)
from intertwine.errors import IntertwineError, shown

_INTERRUPTED = 130


def main() -> None:
    """Run the command; every refusal is one line on standard error and an exit code."""
    prepare_streams()
    check_address_space()
    with terminable():
        _run()


def _run() -> None:
    try:
        code = app(standalone_mode=False, prog_name="intertwine")
        sys.stdout.flush()
    except typer.TyperException as error:
        fail(_usage(error), 2)
    except IntertwineError as error:
        fail(str(error), error.exit_code)
    except MemoryError:
        fail("memory ran out; lower the sizes, or set --memory to be refused in time", 4)
    except BrokenPipeError:
        drop(sys.stdout)
        sys.exit(1)
    except OSError as error:
        drop(sys.stdout)
        fail(f"cannot print or read ({error.strerror}); make room, or check the path", 1)
    except Exception as error:
        if isinstance(error, ImportError) and _has_no_room(error):
            fail("memory ran out where libraries are loaded; free some, or raise `ulimit -v`", 4)
        if os.environ.get("INTERTWINE_DEBUG"):
            raise
        what = shown(f"{type(error).__name__}: {error}", 200)
        fail(f"{what}; this is a bug in intertwine: set INTERTWINE_DEBUG=1 for its traceback", 3)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        fail("interrupted; nothing was half written", _INTERRUPTED)
    sys.exit(code)


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
