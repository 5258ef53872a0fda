"""The user's own code, run so that what it raises is a refusal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from intertwine.errors import IntertwineError, SpecError, shown


@contextlib.contextmanager
def refusing(given: str, expected: str, advice: str) -> Iterator[None]:
    """What the user's own code raises becomes a refusal, and what it prints goes to the side."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except (IntertwineError, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        said = shown(f"{type(error).__name__}: {error}", 160)
        raise SpecError(f"{given} that raises {said}", expected, advice) from None
