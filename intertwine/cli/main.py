"""Running the command: every refusal is one line on standard error and an exit code."""

from __future__ import annotations

import os
import sys

import typer

from intertwine.cli.app import app
from intertwine.errors import IntertwineError, escaped, shown

_INTERRUPTED = 130


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
