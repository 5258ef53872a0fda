"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from intertwine.errors import SpecError, shown


def write_atomically(path: Path, content: str | bytes, private: bool = False) -> None:
    """Replace a file in one step: a reader, or a crash, sees the old one or the new.

    Text is written in UTF-8, with the line ends that it has.  What is `private` only the user may
    read and write.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content.encode() if isinstance(content, str) else content)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, 0o600 if private else 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise SpecError(
            f"the output {shown(str(path), 200)} ({error.strerror})",
            "a folder that can be written",
            "choose another one",
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
