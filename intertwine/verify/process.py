"""The process of a page as the command sees it: bounded in time, memory and words."""

from __future__ import annotations

import math
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from numpy.typing import NDArray

from intertwine.errors import SpecError, TooLargeError, shown
from intertwine.limits import human, human_time, memory_limit, require, seconds_left
from intertwine.verify.wire import Arrays, packed, unpacked

_EXPECTED = "a file that `intertwine solve` wrote"
_ADVICE = "solve its spec again"
_START = 60.0
_PATIENCE = 3


class Running:
    """A page that runs in a process of its own.

    It may compute for as many seconds as the command may take, sleep no longer than a few times
    that, and take as much memory as the command.  It ends with the `with` block, and so does
    whatever it started and left in its session.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = shown(str(path), 200)
        self._seconds = seconds_left()
        self._memory = memory_limit()
        self._deadline = time.monotonic() + _START

    def __enter__(self) -> Running:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        settings = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        numbers = (theirs_in, theirs_out, self._memory, math.ceil(self._seconds))
        command = [sys.executable, "-m", "intertwine.verify.child", str(self.path.resolve())]
        root = str(Path(__file__).parents[2])
        above = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        try:
            self._process = subprocess.Popen(
                [*command, *map(str, numbers)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs_in, theirs_out),
                start_new_session=True,
                env=os.environ | settings | {"PYTHONPATH": above},
            )
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        os.set_blocking(ours_in, False)
        os.set_blocking(ours_out, False)
        try:
            unpacked(self._read, self._agree)  # when its libraries are loaded
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self._deadline = time.monotonic() + _PATIENCE * self._seconds
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._out)
        os.close(self._in)
        # The session is its own, so that the group holds nothing but what the page started.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

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
        except (ValueError, TypeError, BrokenPipeError, RecursionError):
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
        code = self._process.wait(5)
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return self._too_long()
        if code == 1 and not self._has_torch():
            return SpecError(
                f"{self.where}, and torch is not installed",
                "PyTorch",
                "install it: pip install 'intertwine[torch]'",
            )
        return self._refused(f"that ends the process (with {code})")

    @staticmethod
    def _has_torch() -> bool:
        from importlib.util import find_spec

        return find_spec("torch") is not None

    def _refused(self, what: str) -> SpecError:
        return SpecError(f"{self.where} {what}", _EXPECTED, _ADVICE)
