"""The signals that stop the command, SIGINT and SIGTERM: whatever catches them, it ends."""

from __future__ import annotations

import atexit
import signal
import sys
from types import FrameType, TracebackType

_WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
_PATIENCE = 1.0


class Stopped(KeyboardInterrupt):
    """A signal came.

    Where KeyboardInterrupt itself leaves an `exec`, Python ends by SIGINT later, caught or not.
    """


class Stop:
    """The first signal that comes while a `with` block runs, whose exception ends the block.

    A signal raises Stopped, so that what is being written is unwound.  A library may turn
    that into an exception of its own, catch it, or lose it in a callback: what counts is that the
    signal came.  While the block goes on regardless it is raised again, once a second, and however
    the block ends, no exception leaves it.  A second signal ends the process at once, and so does
    any that comes after the block and before `restore`.

    >>> with (stop := Stop()):
    ...     signal.raise_signal(signal.SIGTERM)
    >>> stop.restore()
    >>> stop.said, stop.code
    ('terminated; nothing was half written', 143)
    """

    def __init__(self) -> None:
        self._number: signal.Signals | None = None
        handlers = {number: signal.getsignal(number) for number in _WORDS}
        # What the shell lets a process in the background ignore stays ignored.
        self._before = {n: handler for n, handler in handlers.items() if handler != signal.SIG_IGN}
        self._unraisable = sys.unraisablehook

    @property
    def said(self) -> str:
        """What to tell of the signal; nothing where none came."""
        return f"{_WORDS[self._number]}; nothing was half written" if self._number else ""

    @property
    def code(self) -> int:
        """The exit code that says which signal it was; 0 where none came."""
        return 128 + self._number if self._number else 0

    def __enter__(self) -> Stop:
        sys.unraisablehook = self._on_unraisable
        for number in self._before:
            signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        for number in self._before:
            signal.signal(number, signal.SIG_DFL)
        if isinstance(error, KeyboardInterrupt):
            self._number = self._number or signal.SIGINT
        if self._number:
            self._repeat(0)
        return self._number is not None

    def restore(self) -> None:
        """Put the handlers back that were there; where Python ends, an interrupt just ends it."""
        sys.unraisablehook = self._unraisable
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if signal.SIGINT in self._before:
            atexit.register(signal.signal, signal.SIGINT, signal.SIG_DFL)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._number = self._number or signal.Signals(number)
        signal.signal(number, signal.SIG_DFL)
        self._repeat(_PATIENCE)
        raise Stopped

    def _on_alarm(self, number: int, frame: FrameType | None) -> None:
        raise Stopped

    def _on_unraisable(self, lost: sys.UnraisableHookArgs) -> None:
        """Say what was lost in a callback, unless the command is being stopped."""
        if self._number is None:
            self._unraisable(lost)

    def _repeat(self, seconds: float) -> None:
        """Raise the exception again, every so many seconds; 0 ends that."""
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._on_alarm if seconds else signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
