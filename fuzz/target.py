"""What a fuzzer's target is, and what is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from intertwine.errors import IntertwineError
from intertwine.limits import limited_to

Mutator = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Target:
    """A function of bytes, which raises on a finding and says whether it took them as input.

    `mutate` changes an input so that it often still has its structure.
    """

    name: str
    said: str
    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes], bool]
    mutate: Mutator
    words: tuple[str, ...] = ()


class Finding(AssertionError):
    """Something that should never happen."""


@contextmanager
def refusals(*codes: int, memory: int = 1 << 26) -> Iterator[list[IntertwineError]]:
    """Catch refusals, which must be one line with one of these exit codes; list them."""
    refused: list[IntertwineError] = []
    try:
        with limited_to(memory):
            yield refused
    except IntertwineError as error:
        if error.exit_code not in codes or not str(error).isprintable():
            raise Finding(f"exit code {error.exit_code}: {error!s}") from error
        refused.append(error)


def require(condition: bool, said: str) -> None:
    """Raise a finding unless something holds."""
    if not condition:
        raise Finding(said)
