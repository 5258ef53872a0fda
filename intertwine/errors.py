"""What can go wrong, said so that the reader knows what to do next.

Every refusal carries three things: what was given, what was expected, what to do.  The place
(file, line, path inside the spec) is added once, at the boundary, by `located`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from intertwine.numerals import short

Path = tuple[str | int, ...]

# Numbers longer than anyone reads, but for those that `shown` has cut.
_NUMERAL = re.compile(r"(?<![\w.])\d{25,}(?![\w.]| \.\.\.)")


class IntertwineError(Exception):
    """A refusal whose text is one line for the user; `exit_code` is the command's.

    `path` says where in the spec it arose, step by step; `line`, where it is known from the text
    alone, in which line; and `place` in which file and line.
    """

    exit_code = 2

    def __init__(self, *said: str) -> None:
        super().__init__(*said)
        self.path: Path = ()
        self.line: int | None = None
        self.place = ""

    def reason(self) -> str:
        """What is wrong, without the place."""
        return super().__str__()

    def __str__(self) -> str:
        subject = ".".join(shown(str(step)) for step in self.path)
        where = "".join(f"{part}: " for part in (self.place, subject) if part)
        return _NUMERAL.sub(_rounded, escaped(" ".join(f"{where}{self.reason()}".split())))


class SpecError(IntertwineError):
    """The input is wrong: `given` what, `expected` what, and the `advice` that mends it.

    >>> print(SpecError("[0, 0, 1]", "each of 0 .. 2 once", "check point 0"))
    given [0, 0, 1]; expected each of 0 .. 2 once; check point 0
    """

    def __init__(self, given: str, expected: str, advice: str, path: Path = ()) -> None:
        super().__init__(given, expected, advice)
        self.given, self.expected, self.advice = given, expected, advice
        self.path = path

    def reason(self) -> str:
        """What was given, what was expected, what to do."""
        return f"given {self.given}; expected {self.expected}; {self.advice}"


class TooLargeError(IntertwineError):
    """The work would exceed the memory limit; raised before anything is allocated.

    >>> print(TooLargeError(f"the list of {10**50} points would need too much"))
    the list of 1.000e50 points would need too much
    """

    exit_code = 4


class CertificateError(IntertwineError):
    """A theorem did not hold on our own result: a bug in intertwine, never the user's fault."""

    exit_code = 3

    def reason(self) -> str:
        """What did not hold, and what to do with it."""
        return (
            f"certificate failed: {super().reason()}; this is a bug in intertwine, not in your "
            "spec: please report it with the spec"
        )


class PageError(CertificateError):
    """A page does not compute what its facts solve to, or says something else of itself.

    >>> print(PageError("graphs.py: forward differs"))
    graphs.py: forward differs; solve its spec again, and report it where the new page is refused
    """

    def reason(self) -> str:
        """What differs, and what to do with it."""
        return f"{self.args[0]}; solve its spec again, and report it where the new page is refused"


class SpecAttributeError(SpecError, AttributeError):
    """A spec has no such attribute: `hasattr` says no, and asking for it says why."""


class SizeAttributeError(TooLargeError, AttributeError):
    """An attribute is too large to be made: `hasattr` says no, and asking for it says why."""


class CoincidenceWarning(UserWarning):
    """At the size of a spec some diagrams of its layer depend on the others."""


@contextmanager
def located(*path: str | int) -> Iterator[None]:
    """Prefix the path of any refusal raised inside: context is added on the way out."""
    try:
        yield
    except IntertwineError as error:
        error.path = (*path, *error.path)
        raise


@contextmanager
def attribute() -> Iterator[None]:
    """Turn refusals raised inside, where a property is computed, into errors of an attribute."""
    try:
        yield
    except (SpecError, TooLargeError) as error:
        kind = SpecAttributeError if isinstance(error, SpecError) else SizeAttributeError
        refusal = kind(*error.args)
        vars(refusal).update(vars(error))
        raise refusal from None


@contextmanager
def needing_torch(what: str) -> Iterator[None]:
    """Say how to install torch, where something inside imports it and it is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "torch":
            raise
        raise SpecError(
            f"{what}, and torch is not installed",
            "PyTorch",
            "install it: pip install 'intertwine[torch]'",
        ) from None


def shown(value: object, limit: int = 60) -> str:
    r"""`value` as one short line that cannot break a terminal: control characters are escaped.

    >>> shown([1, 2, 3])
    '[1, 2, 3]'
    >>> len(shown(list(range(1000))))
    60
    >>> print(shown("a" + chr(27) + "[2J"), shown(-(10**5000)))
    a\x1b[2J -1.000e5000
    """
    if isinstance(value, int) and abs(value) >= 10**limit:
        return f"{'-' * (value < 0)}{short(abs(value))}"
    try:
        text = escaped(value if isinstance(value, str) else repr(value))
    except ValueError:
        text = f"a {type(value).__name__} with an endless number"
    return text if len(text) <= limit else text[: limit - 4] + " ..."


def escaped(text: str) -> str:
    """The text with every character that does not print replaced by its escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _rounded(digits: re.Match[str]) -> str:
    return f"{digits[0][0]}.{digits[0][1:4]}e{len(digits[0]) - 1}"
