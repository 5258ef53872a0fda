"""A cache of what solves gave, by content: an entry is found by what was asked and of which code.

Entries are files of JSON under the user's cache folder (XDG: `$XDG_CACHE_HOME/intertwine`, else
`~/.cache/intertwine`).  The first line of an entry is the SHA-256 of the rest, and the rest names
its key; an entry that does not hold both, or that is not the user's own, is as good as none.
Entries are written whole or not at all, and a cache that cannot be read or written changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from intertwine.emit.write import write_atomically
from intertwine.errors import SpecError
from intertwine.version import VERSION

MOST_BYTES_OF_ENTRY = 64 * 2**20
MOST_BYTES = 2**30
_FORMAT = 1


@dataclass(frozen=True)
class Cache:
    """A folder of entries.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     cache = Cache(Path(folder))
    ...     cache.keep("1234", {"dimension": 15})
    ...     print(cache.recall("1234"), cache.recall("5678"))
    {'dimension': 15} None
    """

    folder: Path

    @classmethod
    def of_user(cls) -> Cache:
        """The user's own."""
        from platformdirs import user_cache_path

        return cls(user_cache_path("intertwine"))

    def recall(self, key: str) -> Mapping[str, Any] | None:
        """What was kept under a key, or None."""
        try:
            content = self._read(self._path(key))
            return None if content is None else _checked(content, key)
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep a value that JSON can hold; one that is too large, or cannot be written, is not."""
        body = json.dumps({"key": key, "value": value}).encode()
        if len(body) > MOST_BYTES_OF_ENTRY:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(len(body))
            write_atomically(self._path(key), _digest(body) + b"\n" + body, private=True)
        except (OSError, SpecError):
            return

    def entries(self) -> list[tuple[Path, os.stat_result]]:
        """The files in the folder with their sizes and times, the longest unused first."""
        try:
            found = [(path, path.stat()) for path in self.folder.glob("*.json")]
        except OSError:
            return []
        return sorted(found, key=lambda entry: (entry[1].st_mtime, entry[0].name))

    def clear(self) -> int:
        """Remove all entries; how many there were."""
        entries = self.entries()
        for path, _ in entries:
            path.unlink(missing_ok=True)
        return len(entries)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _read(self, path: Path) -> bytes | None:
        """An entry's bytes, now used last; None where somebody else may have made it."""
        with open(path, "rb", opener=_at_once) as stream:
            about = os.fstat(stream.fileno())
            others = stat.S_IWGRP | stat.S_IWOTH
            own = about.st_uid == os.geteuid() and not about.st_mode & others
            if not (own and stat.S_ISREG(about.st_mode)):
                return None
            content = stream.read(MOST_BYTES_OF_ENTRY + 100)
        os.utime(path)
        return content

    def _make_room(self, size: int) -> None:
        """Remove the entries that were unused for longest, until there is room."""
        entries = self.entries()
        total = size + sum(about.st_size for _, about in entries)
        for path, about in entries:
            if total <= MOST_BYTES:
                return
            path.unlink(missing_ok=True)
            total -= about.st_size


def _at_once(name: str, flags: int) -> int:
    """Open a file; a pipe, too, without waiting for somebody to write into it."""
    return os.open(name, flags | os.O_NONBLOCK)


def key_of(**asked: str | bool | None) -> str:
    """The key of what is asked, of this code, under these versions of what it computes with.

    >>> key_of(spec="a") == key_of(spec="a"), key_of(spec="a") == key_of(spec="b")
    (True, False)
    """
    text = json.dumps({"asked": asked, "by": _solver()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _solver() -> dict[str, str]:
    """What decides an answer besides the spec: the package's own files, and its libraries."""
    from importlib.metadata import version

    sources = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        sources.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    libraries = {name: version(name) for name in ("numpy", "scipy", "igraph", "python-flint")}
    return {
        "format": str(_FORMAT),
        "intertwine": VERSION,
        "python": sys.version,
        "sources": sources.hexdigest(),
        **libraries,
    }


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _checked(content: bytes, key: str) -> Mapping[str, Any] | None:
    """The value of an entry, where its digest and its key are right."""
    digest, _, body = content.partition(b"\n")
    if digest != _digest(body):
        return None
    held = json.loads(body)
    if not isinstance(held, dict) or held.get("key") != key:
        return None
    value = held.get("value")
    return value if isinstance(value, dict) else None
