"""Files are written whole or not at all."""

import os
import stat
import threading
from pathlib import Path

import pytest

from intertwine import SpecError, solve
from intertwine.files import write_atomically

SETS = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}


def test_bytes_are_those_given_and_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "page.py"
    write_atomically(path, "x = 1\ny = 'é'\n")
    assert path.read_bytes() == b"x = 1\ny = '\xc3\xa9'\n"
    write_atomically(path, "z\r\n")
    assert path.read_bytes() == b"z\r\n"
    assert list(path.parent.iterdir()) == [path]


def test_others_may_read_it_as_far_as_the_umask_allows(tmp_path):
    for mask, mode in ((0o022, 0o644), (0o077, 0o600)):
        before = os.umask(mask)
        try:
            write_atomically(tmp_path / "page.py", "")
            assert os.umask(mask) == mask
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "page.py").stat().st_mode) == mode


@pytest.mark.parametrize("broken", ["open", "fsync", "replace"])
@pytest.mark.parametrize(
    ("error", "raised"),
    [(OSError(28, "No space left on device"), SpecError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_a_failure_in_the_middle_leaves_the_old_file_alone(
    tmp_path, monkeypatch, broken, error, raised
):
    path = tmp_path / "page.py"
    path.write_text("old")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(raised, match="No space left" if raised is SpecError else None):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_that_is_no_text_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "page.py"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]


def unwritable(tmp_path):
    """Folders in which nobody, or only root, can write."""
    (tmp_path / "file").write_text("")
    (tmp_path / "sealed").mkdir(mode=0o500)
    (tmp_path / "taken" / "sets.py").mkdir(parents=True)
    paths = [tmp_path / "file", tmp_path / "file" / "below", tmp_path / "taken"]
    paths += [Path("/proc/intertwine")] if Path("/proc/self").exists() else []
    return paths if os.geteuid() == 0 else [*paths, tmp_path / "sealed"]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    space = solve(SETS)
    for folder in unwritable(tmp_path):
        with pytest.raises(SpecError, match=r"the output .*sets\.py.*a folder that can be written"):
            space.emit(folder)
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*"))
    assert left == ["file", "sealed", "taken", "taken/sets.py"]


def test_readers_of_concurrent_writers_never_see_a_torn_file(tmp_path):
    path = tmp_path / "page.py"
    texts = [letter * 200_000 for letter in "abcd"]
    write_atomically(path, texts[0])
    done = threading.Event()

    def write(text):
        while not done.is_set():
            write_atomically(path, text)

    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    for writer in writers:
        writer.start()
    try:
        seen = {path.read_text() for _ in range(300)}
    finally:
        done.set()
        for writer in writers:
            writer.join()
    assert seen <= set(texts)
    assert list(tmp_path.iterdir()) == [path]
