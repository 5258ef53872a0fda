"""Progress of long work: silent unless a front end installs a reporter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
Reporter = Callable[[Sequence[object], str], Iterable[object]]

_reporter: ContextVar[Reporter | None] = ContextVar("progress reporter", default=None)


@contextmanager
def reported_by(reporter: Reporter) -> Iterator[None]:
    """Show every `track` inside through `reporter(items, description)`."""
    token = _reporter.set(reporter)
    try:
        yield
    finally:
        _reporter.reset(token)


def track(items: Sequence[T], description: str) -> Iterable[T]:
    """Iterate over `items`, telling the installed reporter, if any, how far it is.

    One item alone is no progress, and is not reported.

    >>> list(track([1, 2], "counting"))
    [1, 2]
    """
    reporter = _reporter.get()
    return items if reporter is None or len(items) < 2 else reporter(items, description)  # type: ignore[return-value]
