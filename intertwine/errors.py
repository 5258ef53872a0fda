"""What can go wrong, said so that the reader knows what to do next.

Every refusal carries three things: what was given, what was expected, what to do.  The place
(file, line, path inside the spec) is added once, at the boundary, by `located`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

Path = tuple[str | int, ...]


class IntertwineError(Exception):
    """A refusal whose text is one line for the user; `exit_code` is the command's."""

    exit_code = 2


class SpecError(IntertwineError):
    """The input is wrong: `given` what, `expected` what, and the `advice` that mends it.

    >>> print(SpecError("[0, 0, 1]", "each of 0 .. 2 once", "check point 0"))
    given [0, 0, 1]; expected each of 0 .. 2 once; check point 0
    """

    def __init__(self, given: str, expected: str, advice: str, path: Path = ()) -> None:
        super().__init__(given, expected, advice)
        self.given, self.expected, self.advice = given, expected, advice
        self.path = path
        self.place = ""

    def __str__(self) -> str:
        subject = ".".join(map(str, self.path))
        where = "".join(f"{part}: " for part in (self.place, subject) if part)
        text = f"{where}given {self.given}; expected {self.expected}; {self.advice}"
        return " ".join(text.split())


class TooLargeError(IntertwineError):
    """The work would exceed the memory limit; raised before anything is allocated."""

    exit_code = 4


class CertificateError(IntertwineError):
    """A theorem did not hold on our own result: a bug in intertwine, never the user's fault."""

    exit_code = 3

    def __str__(self) -> str:
        return (
            f"certificate failed: {super().__str__()}; this is a bug in intertwine, not in your "
            "spec: please report it with the spec"
        )


@contextmanager
def located(*path: str | int) -> Iterator[None]:
    """Prefix the path of any SpecError raised inside: context is added on the way out."""
    try:
        yield
    except SpecError as error:
        error.path = (*path, *error.path)
        raise


def shown(value: object, limit: int = 60) -> str:
    """`value` as one short line that cannot break a terminal: control characters are escaped.

    >>> shown([1, 2, 3])
    '[1, 2, 3]'
    >>> len(shown(list(range(1000))))
    60
    """
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return text if len(text) <= limit else text[: limit - 4] + " ..."
