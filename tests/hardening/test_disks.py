"""Strange disks and streams: the old file or the new one, one line, the exit code that is due."""

import os
import resource
import subprocess

import pytest

from tests.hardening.processes import assert_clear, mounted, reference, run, start
from tests.hardening.tally import EFFORT, tried
from tests.solved import ROOT

SPEC = ROOT / "specs" / "cube_faces.yaml"
OLD = "VALUE = 'old'\n"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """What an undisturbed solve writes."""
    return reference(SPEC, tmp_path_factory.mktemp("reference"))


def solve(folder, out, **options):
    return run("solve", SPEC, "--quiet", "--emit", out, cwd=folder, **options)


def test_files_that_may_not_grow(tmp_path, new):
    """Where files may not grow (`ulimit -f`) the old one is kept, and one line is said."""
    (tmp_path / "out").mkdir()
    for size in [0, 1000, len(new) - 1, len(new)][:: 1 if EFFORT > 1 else 2]:
        (tmp_path / "out" / "cube_faces.py").write_text(OLD)
        limits = [(resource.RLIMIT_FSIZE, size)]
        code, _, error = solve(tmp_path, tmp_path / "out", limits=limits)
        assert_clear(code, error, (2,) if size < len(new) else (0,))
        expected = OLD.encode() if size < len(new) else new
        assert (tmp_path / "out" / "cube_faces.py").read_bytes() == expected
        assert os.listdir(tmp_path / "out") == ["cube_faces.py"]
        tried(1, "processes")


def test_a_full_disk(tmp_path, new):
    """On a disk that is full the old file is kept, nothing else is left, and one line is said."""
    with mounted(tmp_path / "disk", "size=64k") as disk:
        (disk / "cube_faces.py").write_text(OLD)
        filler = disk / "filler"
        for size in (65536 - 4096, 65536 - 8192)[:: 1 if EFFORT > 1 else 2]:
            filler.write_bytes(bytes(size))
            code, _, error = solve(tmp_path, disk)
            assert_clear(code, error, (2,))
            assert "No space left" in error
            assert (disk / "cube_faces.py").read_text() == OLD
            assert sorted(os.listdir(disk)) == ["cube_faces.py", "filler"]
            filler.unlink()
            tried(1, "processes")
        code, _, error = solve(tmp_path, disk)
        assert_clear(code, error, (0,))
        assert (disk / "cube_faces.py").read_bytes() == new


def test_a_disk_without_inodes(tmp_path):
    """The same where no more files can be made."""
    with mounted(tmp_path / "disk", "nr_inodes=2") as disk:
        (disk / "cube_faces.py").write_text(OLD)
        code, _, error = solve(tmp_path, disk)
        assert_clear(code, error, (2,))
        assert (disk / "cube_faces.py").read_text() == OLD
        tried(1, "processes")


def test_a_read_only_disk(tmp_path):
    """On a disk that is mounted read-only one line is said; without a file nothing is missed."""
    with mounted(tmp_path / "disk", "size=1m") as disk:
        (disk / "cube_faces.py").write_text(OLD)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        for out in (disk, disk / "below"):
            code, _, error = solve(tmp_path, out)
            assert_clear(code, error, (2,))
            assert "Read-only" in error
            tried(1, "processes")
        code, _, error = run("solve", SPEC, "--quiet", "--no-emit", cwd=disk)
        assert_clear(code, error, (0,))
        assert (disk / "cube_faces.py").read_text() == OLD


def test_a_folder_that_cannot_change(tmp_path):
    """In a folder that is immutable the old file is kept, and one line is said."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "cube_faces.py").write_text(OLD)
    if subprocess.run(["chattr", "+i", folder], capture_output=True, check=False).returncode:
        pytest.skip("folders cannot be made immutable here")
    try:
        code, _, error = solve(tmp_path, folder)
    finally:
        subprocess.run(["chattr", "-i", folder], check=True)
    assert_clear(code, error, (2,))
    assert os.listdir(folder) == ["cube_faces.py"]
    assert (folder / "cube_faces.py").read_text() == OLD
    tried(1, "processes")


def test_where_a_folder_should_be(tmp_path):
    """A file, a loop of links or a device where the folder should be: one line."""
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    odd = ["file", "loop/below", "/dev/null", "file/below", "loop", "/dev/null/below"]
    for out in odd if EFFORT > 1 else odd[:3]:
        code, _, error = solve(tmp_path, tmp_path / out)
        assert_clear(code, error, (2,))
        tried(1, "processes")


STREAMS = {
    "a full standard output": ({"stdout": "/dev/full"}, 1),
    "a full standard error": ({"stderr": "/dev/full"}, 0),
    "both full": ({"stdout": "/dev/full", "stderr": "/dev/full"}, 1),
}


@pytest.mark.parametrize("case", STREAMS)
def test_streams_that_are_full(tmp_path, new, case):
    """What cannot be printed is no reason to lose the file; the exit code says what is missing."""
    streams, expected = STREAMS[case]
    opened = {name: open(path, "w") for name, path in streams.items()}
    child = start("solve", SPEC, "--emit", "out", cwd=tmp_path, **opened)
    _, error = child.communicate(timeout=60)
    for stream in opened.values():
        stream.close()
    assert child.returncode == expected
    assert not error or (error.startswith("intertwine: cannot print") and error.count("\n") == 1)
    assert (tmp_path / "out" / "cube_faces.py").read_bytes() == new
    tried(1, "processes")


@pytest.mark.parametrize(
    "closed", [">&-", "<&- >&- 2>&-", "<&-", "2>&-", ">&- 2>&-"][: 5 if EFFORT > 1 else 2]
)
def test_streams_that_are_closed(tmp_path, new, closed):
    """Closed standard streams are as if they were empty: no other file is written into."""
    for arguments, expected in (
        (["solve", SPEC, "--emit", "out"], 0),
        (["solve", "missing.yaml"], 2),
        (["solve"], 2),
    ):
        child = start(*arguments, cwd=tmp_path, redirected=closed)
        child.communicate(timeout=60)
        assert child.returncode == expected
        tried(1, "processes")
    assert (tmp_path / "out" / "cube_faces.py").read_bytes() == new


def test_readers_that_leave(tmp_path):
    """A reader that leaves early gets what it read, and no word on standard error."""
    for many in (10, 0, 1000)[: 3 if EFFORT > 1 else 1]:
        child = start("solve", SPEC, "--explain", "--no-emit", cwd=tmp_path)
        child.stdout.read(many)
        child.stdout.close()
        assert child.stderr.read() == ""
        child.stderr.close()
        assert child.wait(60) in (0, 1)
        tried(1, "processes")
