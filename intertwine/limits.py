"""What work may cost: nothing large is allocated, or begun, before `require` or `spend` agreed.

Memory is held against what the machine has free.  Time is an estimate made from sizes alone, in
seconds of one core of the 2020s: whatever the machine is doing, a spec is solved or refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from pathlib import Path

from intertwine.errors import SpecError, TooLargeError, shown

_SIZE = re.compile(r"(?P<number>[0-9]{1,15}(\.[0-9]{1,6})?) ?(?P<unit>[KMGT]?)(I?B)?\Z")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_DURATION = re.compile(r"(?P<number>[0-9]{1,9}(\.[0-9]{1,6})?) ?(?P<unit>[SMHD]?)\Z")
_SECONDS = {"": 1, "S": 1, "M": 60, "H": 3600, "D": 86400}
_SPANS = ((86400 * 365.25, "year"), (86400, "day"), (3600, "h"), (60, "min"), (1, "s"))
_NEGLIGIBLE = 2**20
MOST_SECONDS = 60.0
_limit: ContextVar[int | None] = ContextVar("memory limit in bytes", default=None)


@dataclass
class Account:
    """The seconds that the work of one command may take, and those agreed to so far."""

    most: float = MOST_SECONDS
    agreed: float = 0.0


_account: ContextVar[Account | None] = ContextVar("the account of time", default=None)


def available_memory() -> int:
    """Bytes that this process could still be given: of the machine, its container and `ulimit`."""
    return max(0, min([_of_machine(), *_of_container(), *_of_process()]))


def _of_machine() -> int:
    try:
        with open("/proc/meminfo", encoding="ascii") as table:
            lines = dict(line.split(":", 1) for line in table)
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _of_container(folder: str = "/sys/fs/cgroup") -> list[int]:
    """What is left of a container's memory, files that it may drop included, if it has a limit."""
    try:
        most, used, table = (
            Path(folder, f"memory.{name}").read_text("ascii") for name in ("max", "current", "stat")
        )
        dropped = dict(line.split() for line in table.splitlines())["inactive_file"]
        return [int(most) - int(used) + int(dropped)]
    except (OSError, KeyError, ValueError):  # "max" is no number
        return []


def _of_process() -> list[int]:
    """What is left under a limit on the process's addresses, if there is one."""
    try:
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return []
        with open("/proc/self/statm", encoding="ascii") as table:
            used = int(table.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        return [limit - used]
    except (ImportError, OSError, ValueError):
        return []


def memory_limit() -> int:
    """The limit in force, in bytes: half of what the machine has free unless one was set."""
    limit = _limit.get()
    return available_memory() // 2 if limit is None else limit


@contextmanager
def limited_to(limit: int | None = None, seconds: float | None = None) -> Iterator[None]:
    """Set the limits for everything inside, in bytes and in seconds of work in all.

    Without them half of the free memory is allowed, and a minute.
    """
    memory = _limit.set(limit)
    time = _account.set(Account(MOST_SECONDS if seconds is None else seconds))
    try:
        yield
    finally:
        _account.reset(time)
        _limit.reset(memory)


@contextmanager
def accounted() -> Iterator[None]:
    """Add up the time of everything inside, on the account in force or on one of its own."""
    if _account.get() is not None:
        yield
        return
    token = _account.set(Account())
    try:
        yield
    finally:
        _account.reset(token)


def parse_size(text: str) -> int:
    """Bytes of a size such as `500M` or `2G` (binary units).

    >>> parse_size("2K"), parse_size("1.5 GiB")
    (2048, 1610612736)
    """
    found = _SIZE.match(text.strip().upper())
    size = int(Fraction(found["number"]) * _UNITS[found["unit"]]) if found else 0
    if size < 1:
        raise SpecError(
            f"--memory {shown(text)}", "a size such as 500M or 2G", "write a positive size"
        )
    return size


def parse_duration(text: str) -> float:
    """Seconds of a time such as `90`, `90s`, `10m` or `2h`.

    >>> parse_duration("10m"), parse_duration("1.5 h")
    (600.0, 5400.0)
    """
    read = _DURATION.match(text.strip().upper())
    seconds = float(Fraction(read["number"]) * _SECONDS[read["unit"]]) if read else 0.0
    if not seconds:
        raise SpecError(
            f"--time {shown(text)}", "a time such as 90s, 10m or 2h", "write a positive time"
        )
    return seconds


def human_time(seconds: float) -> str:
    """A time as people say it, whatever its magnitude.

    >>> human_time(0.2), human_time(90), human_time(10**6), human_time(10.0**40)
    ('1 s', '2 min', '12 days', '10^33 years')
    """
    span, unit = next((pair for pair in _SPANS if seconds >= pair[0]), _SPANS[-1])
    count = max(1, round(seconds / span))
    if count >= 10**4:
        return f"10^{round(log10(count))} {unit}s"
    plural = "s" if unit in ("day", "year") and count > 1 else ""
    return f"{count} {unit}{plural}"


def human(size: int) -> str:
    """A size in bytes as people say it, whatever its magnitude.

    >>> human(100_000_000)
    '95.4 MiB'
    >>> human(10**40)
    'about 10^40 bytes'
    """
    if size >= 2**60:
        return f"about 10^{round(log10(size))} bytes"
    for power, unit in ((40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")):
        if size >= 2**power:
            return f"{size / 2**power:.1f} {unit}"
    return f"{size} bytes"


def require(size: int, what: str, advice: str) -> None:
    """Agree to an allocation of `size` bytes, or refuse it before it is made."""
    if size < _NEGLIGIBLE and _limit.get() is None:
        return
    limit = memory_limit()
    if size > limit:
        raise TooLargeError(
            f"{what} would need {human(size)} of memory, and the limit is {human(limit)}; {advice}"
        )


def seconds_left() -> float:
    """The seconds of work that may still be agreed to."""
    account = _account.get() or Account()
    return max(1.0, account.most - account.agreed)


def spend(seconds: float, what: str, advice: str) -> None:
    """Agree to work of about so many seconds, or refuse it before it starts.

    What was agreed to before, in the same command, counts.
    """
    account = _account.get() or Account()
    account.agreed += seconds
    if account.agreed > account.most:
        raise TooLargeError(
            f"{what} would take about {human_time(account.agreed)}, and the limit is "
            f"{human_time(account.most)}; {advice}, or allow more with --time"
        )
