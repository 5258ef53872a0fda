"""The process in which a page is run: it answers what it is asked, in arrays.

Started as `python -m intertwine.verify.child CONTROL` it loads its libraries once.  For each page
that the socket CONTROL names it forks: the new process, in a session of its own, runs the page,
reads requests from one pipe and writes answers to another.  So no page meets what another left.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from intertwine.verify.ran import TAKE_ARRAYS, Answer, Page
from intertwine.verify.wire import Arrays, packed, unpacked


def _limit(memory: int, seconds: int) -> None:
    """Bound what this process may take from here on, its libraries being loaded."""
    try:
        import resource
    except ImportError:  # where there are no such limits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    most = int(used) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm", encoding="ascii") as f:
        mapped = int(f.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, hard))


def _answers(path: Path, requests: Iterator[tuple[Any, Arrays]]) -> Iterator[list[bytes]]:
    """The answers to all requests, the first of which asks for the facts of the page."""
    page: Page | None = None
    for (name, arguments), arrays in requests:
        try:
            page = page or Page(path)
            call: Callable[..., Answer] = getattr(page, name)
            given = [arrays] if name in TAKE_ARRAYS else []
            yield packed(["ok", (answer := call(*arguments, *given))[0]], answer[1])
        except MemoryError:
            yield packed(["memory", ""])
        except BaseException as error:
            if "allocate memory" in str(error):  # as torch says it
                yield packed(["memory", ""])
                continue
            yield packed(["raised", f"{type(error).__name__}: {error}"[:400]])


def _serve(path: Path, memory: int, seconds: int, given: int, taken: int) -> None:
    """Answer for one page until no request comes."""
    _limit(memory, seconds)
    with open(given, "rb") as source, open(taken, "wb") as sink:

        def read(size: int) -> bytes:
            got = source.read(size)
            if len(got) < size:
                raise EOFError
            return got

        def requests() -> Iterator[tuple[Any, Arrays]]:
            with contextlib.suppress(EOFError):
                while True:
                    yield unpacked(read)

        for parts in _answers(path, requests()):
            for part in parts:
                sink.write(part)
            sink.flush()


def _code(process: int) -> int:
    """The exit code of a process, which is given a moment to end."""
    for _ in range(100):
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def main(control: str) -> None:
    """Start a process for each page, and say how each ended, until the command ends."""
    torch.set_num_threads(1)
    sys.dont_write_bytecode = True  # beside a page nothing is left
    with socket.socket(fileno=int(control)) as orders:
        orders.send(b"ready")
        while True:
            message, pipes, *_ = socket.recv_fds(orders, 1 << 16, 2)
            if not message:
                return
            order = json.loads(message)
            if "ended" in order:
                orders.send(str(_code(order["ended"])).encode())
                continue
            process = os.fork()
            if not process:
                orders.close()
                os.setsid()
                with contextlib.suppress(BaseException):
                    _serve(Path(order["path"]), order["memory"], order["seconds"], *pipes)
                    os._exit(0)
                os._exit(1)
            for pipe in pipes:
                os.close(pipe)
            orders.send(str(process).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
