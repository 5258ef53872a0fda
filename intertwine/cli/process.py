"""What surrounds the command: its streams, and its address space."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from intertwine.errors import TooLargeError
from intertwine.limits import human

_LEAST_ADDRESS_SPACE = 256 * 2**20


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

    Raises:
        TooLargeError: the limit is too low.
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
        raise TooLargeError(
            f"given {human(limit)} of address space; expected at least "
            f"{human(_LEAST_ADDRESS_SPACE)}; raise it with `ulimit -v`"
        )
