"""What surrounds the command: its streams, its signals, its address space, and how it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn, TextIO

from intertwine.errors import escaped
from intertwine.limits import human

_LEAST_ADDRESS_SPACE = 256 * 2**20


def fail(message: str, code: int) -> NoReturn:
    """Say one line, if it can be said, and exit."""
    try:
        print(f"intertwine: {escaped(message)}", file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)
    sys.exit(code)


def drop(stream: TextIO) -> None:
    """Let a stream lead nowhere, so that what waits in it is no error when Python ends."""
    with suppress(OSError):  # a stream that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def prepare_streams() -> None:
    """Standard streams can take all that is written.

    Those that were closed are empty, and their numbers are given to no other file; characters that
    an encoding lacks are escaped; a terminal that is said to have no columns has the usual ones.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if os.environ.get("COLUMNS") == "0":
        del os.environ["COLUMNS"]


def check_address_space() -> None:
    """Refuse a limit on addresses under which libraries end the process where they are loaded.

    Each thread of linear algebra reserves addresses, so under any limit there is only one.
    """
    try:
        import resource
    except ImportError:  # where there are no such limits
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if limit < _LEAST_ADDRESS_SPACE:
        fail(
            f"given {human(limit)} of address space; expected at least "
            f"{human(_LEAST_ADDRESS_SPACE)}; raise it with `ulimit -v`",
            4,
        )


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM unwind what is being written, as an interrupt does; a second one ends at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        fail("terminated; nothing was half written", 128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
