"""The memory limit: nothing large is allocated before `require` has agreed to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from math import log10
from pathlib import Path

from intertwine.errors import SpecError, TooLargeError, shown

_SIZE = re.compile(r"(?P<number>[0-9]{1,15}(\.[0-9]{1,6})?) ?(?P<unit>[KMGT]?)(I?B)?\Z")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_NEGLIGIBLE = 2**20
_limit: ContextVar[int | None] = ContextVar("memory limit in bytes", default=None)


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
def limited_to(limit: int | None) -> Iterator[None]:
    """Set the limit, in bytes, for everything inside; `None` is the default of one half."""
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)


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
