"""The process of a page as the command sees it: bounded in time, memory and words."""

from __future__ import annotations

import json
import math
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from intertwine.errors import SpecError, TooLargeError, needing_torch, shown
from intertwine.limits import human, human_time, memory_limit, require, seconds_left
from intertwine.verify.wire import Arrays, packed, unpacked

_EXPECTED = "a file that `intertwine solve` wrote"
_ADVICE = "solve its spec again"
_START = 60.0
_PATIENCE = 3


class Nursery:
    """The process that starts those of pages: torch is loaded once, when the first is asked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._orders, self._theirs = socket.socketpair()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *error: object) -> None:
        self._orders.close()
        self._theirs.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _load(self) -> None:
        settings = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        above = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))
        settings["PYTHONPATH"] = os.pathsep.join(filter(None, above))
        number = self._theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "intertwine.verify.child", str(number)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(number,),
            start_new_session=True,
            env=os.environ | settings,
        )
        self._theirs.close()
        self._orders.settimeout(_START)
        if self._orders.recv(16) == b"ready":
            return
        with needing_torch("a page to be run"):
            if find_spec("torch") is None:
                raise ModuleNotFoundError(name="torch")
        raise TooLargeError("no process starts in which a page runs; free some memory")

    def start(self, order: Mapping[str, Any], pipes: Sequence[int]) -> int:
        """Start the process of a page, with the pipes that it reads and writes: its number."""
        if self._process is None:
            self._load()
        socket.send_fds(self._orders, [json.dumps(order).encode()], pipes)
        return int(self._orders.recv(32))

    def code(self, process: int) -> int:
        """The code with which the process of a page ended."""
        self._orders.send(json.dumps({"ended": process}).encode())
        return int(self._orders.recv(32))


class Running:
    """A page that runs in a process of its own.

    It may compute for as many seconds as the command may take, sleep no longer than a few times
    that, and take as much memory as the command.  It ends with the `with` block, and so does
    whatever it started and left in its session.
    """

    def __init__(self, path: Path, nursery: Nursery) -> None:
        self.where = shown(str(path), 200)
        self._nursery = nursery
        self._seconds, self._memory = seconds_left(), memory_limit()
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        limits = {"memory": self._memory, "seconds": math.ceil(self._seconds)}
        try:
            order = {"path": str(path.resolve()), **limits}
            self._process = nursery.start(order, (theirs_in, theirs_out))
        except (OSError, ValueError):
            raise self._refused("for which no process starts") from None
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._deadline = time.monotonic() + _PATIENCE * self._seconds

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._out)
        os.close(self._in)
        # The session is its own, so that the group holds nothing but what the page started.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process, signal.SIGKILL)

    def ask(
        self, name: str, arguments: Sequence[Any] = (), arrays: Sequence[NDArray[Any]] = ()
    ) -> tuple[Any, Arrays]:
        """What the process answers.

        Raises:
            SpecError: the page raises, ends or answers nonsense.
            TooLargeError: it takes more time or memory than it may.
        """
        try:
            for part in packed([name, list(arguments)], arrays):
                self._write(part)
            (state, message), answered = unpacked(self._read, self._agree)
        except BrokenPipeError:
            raise self._ended() from None
        except (ValueError, TypeError, RecursionError):
            raise self._refused("that answers nonsense") from None
        if state == "memory":
            raise TooLargeError(
                f"{self.where} takes more memory than the limit of {human(self._memory)}; "
                "allow more with --memory"
            )
        if state != "ok":
            raise self._refused(f"that raises {shown(message, 200)}")
        return message, answered

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._out, writing=True)
            with suppress(BlockingIOError):
                view = view[os.write(self._out, view[: 1 << 20]) :]

    def _read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait(self._in, writing=False)
            part = os.read(self._in, min(size - len(data), 1 << 20))
            if not part:
                raise self._ended()
            data += part
        return bytes(data)

    def _wait(self, number: int, writing: bool) -> None:
        left = self._deadline - time.monotonic()
        sides: tuple[list[int], list[int]] = ([], [number]) if writing else ([number], [])
        if left <= 0 or not any(select.select(*sides, [], left)):
            raise self._too_long()

    def _agree(self, size: int) -> None:
        require(size, f"an answer of {self.where}", "allow more with --memory")

    def _too_long(self) -> TooLargeError:
        return TooLargeError(
            f"{self.where} runs longer than the limit of {human_time(self._seconds)}; "
            "allow more with --time"
        )

    def _ended(self) -> SpecError | TooLargeError:
        """Why there is no answer."""
        try:
            code = self._nursery.code(self._process)
        except (OSError, ValueError):
            code = 1
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return self._too_long()
        return self._refused(f"that ends the process (with {code})")

    def _refused(self, what: str) -> SpecError:
        return SpecError(f"{self.where} {what}", _EXPECTED, _ADVICE)
