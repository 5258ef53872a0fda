"""Writing files whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from intertwine.errors import SpecError, shown

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file in one step: a reader, or a crash, sees the old one or the new.

    Text is written in UTF-8, with the line ends that it has.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(temporary, _NEW, 0o666)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content.encode() if isinstance(content, str) else content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except BaseException:
            with suppress(FileNotFoundError):  # it was not made yet, or is in its place already
                os.unlink(temporary)
            raise
    except OSError as error:
        raise SpecError(
            f"the output {shown(str(path), 200)} ({error.strerror})",
            "a folder that can be written",
            "choose another one",
        ) from None
