"""Stopping what waits or computes for ever."""

import signal
from contextlib import contextmanager


@contextmanager
def within(seconds):
    """Raise a `TimeoutError` inside after some seconds: far more than it needs on any machine."""

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
