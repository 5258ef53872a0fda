"""The cache of solves: whatever stands in it, the answer is that of a solve without it."""

import hashlib
import os
import shutil
import stat
from random import Random

import pytest

from tests.hardening.clock import within
from tests.hardening.processes import assert_clear, mounted, run, start
from tests.hardening.tally import times, tried
from tests.solved import ROOT

pytestmark = pytest.mark.slow

SPEC, OTHER = (ROOT / "specs" / f"{name}.yaml" for name in ("cube_faces", "cosets"))
NETWORK = ROOT / "specs" / "networks" / "p4_digits.yaml"


class Place:
    """A user with a cache of their own, who solves a spec again and again."""

    def __init__(self, folder, cli, monkeypatch):
        self.folder, self.cache = folder, folder / "xdg" / "intertwine"
        self.cli, self.monkeypatch = cli, monkeypatch
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "xdg"))
        self.right = {spec: self.solve(spec, "--no-cache") for spec in (SPEC, OTHER, NETWORK)}

    def solve(self, spec=SPEC, *options):
        """What is printed, seconds left out, and what is written."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        code, printed, error = self.cli("solve", str(spec), "--emit", str(out), *options)
        assert (code, error) == (0, "")
        table = [line for line in printed.splitlines() if "seconds" not in line]
        (page,) = out.glob("*.py")
        return table, page.read_bytes()

    def assert_right(self, spec=SPEC):
        assert self.solve(spec) == self.right[spec]

    def entry(self, spec=SPEC):
        """The file that a solve of a spec adds."""
        before = set(self.entries())
        self.solve(spec)
        (added,) = set(self.entries()) - before
        return added

    def entries(self):
        return sorted(self.cache.glob("*")) if self.cache.exists() else []


@pytest.fixture
def place(tmp_path, cli, monkeypatch):
    return Place(tmp_path, cli, monkeypatch)


def test_a_second_solve(place):
    """A later solve prints the same table and writes the same bytes, of layers and networks."""
    for spec in (SPEC, OTHER, NETWORK):
        entry = place.entry(spec)
        content = entry.read_bytes()
        for _ in range(2):
            place.assert_right(spec)
            assert entry.read_bytes() == content
            tried(1, "solves")
    assert len(place.entries()) == 3
    code, printed, _ = place.cli("solve", str(SPEC), "--emit", str(place.folder / "out"))
    assert (code, "recalled" in printed) == (0, True)


def test_no_cache_is_no_cache(place):
    """With `--no-cache` nothing is read and nothing is kept."""
    assert not place.entries()
    entry = place.entry()
    entry.write_bytes(b"changed")
    assert place.solve(SPEC, "--no-cache") == place.right[SPEC]
    assert entry.read_bytes() == b"changed"
    tried(2, "solves")


def test_what_changes_the_question(place):
    """A comment keeps an entry; a word, a rule, a file beside the spec or no file make another."""
    text = SPEC.read_text()
    spec = place.folder / "cube_faces.yaml"
    spec.write_text(text)
    first = place.entry(spec)
    spec.write_text(f"# a comment\n{text}")
    place.solve(spec)
    assert place.entries() == [first]
    spec.write_text(text.replace("description: ", "description: other "))
    assert place.entry(spec) != first
    count = len(place.entries())
    place.solve(SPEC, "--rule", "orbitals")
    assert len(place.entries()) == count + 1
    tried(4, "solves")


def damages(content, random):
    """Ways in which a file may be damaged."""
    size = len(content)
    for _ in range(times(12)):
        place, bit = random.randrange(size), 1 << random.randrange(8)
        yield content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
    for _ in range(times(4)):
        yield content[: random.randrange(size)]
        yield content[random.randrange(1, size) :]
    for _ in range(times(4)):
        start, length = random.randrange(size), random.randrange(1, 64)
        yield content[:start] + random.randbytes(length) + content[start + length :]
        yield content[:start] + content[start + length :]
    yield from (
        b"",
        b"\n",
        b"{}",
        b"null\n",
        bytes(size),
        content + b"\n",
        content * 2,
        b"\xff" * 99,
    )
    yield content.replace(b'"dimension": 3', b'"dimension": 4')
    yield content.partition(b"\n")[0] + b"\n"
    yield content.partition(b"\n")[2]
    yield b"[" * 10**6


def test_damaged_bytes(place):
    """Entries cut short, with flipped bits, with lost or random bytes: solved anew, and mended."""
    entry = place.entry()
    content = entry.read_bytes()
    for damaged in damages(content, Random(0)):
        entry.write_bytes(damaged)
        place.assert_right()
        assert place.entries() == [entry]
        tried(1, "damaged entries")
    place.assert_right()


def forged(content, key):
    """An entry with a right digest that says something else."""
    _, _, body = content.partition(b"\n")
    changed = body.replace(key.encode(), b"0" * len(key))
    return hashlib.sha256(changed).hexdigest().encode() + b"\n" + changed


def test_entries_in_the_wrong_place(place):
    """An entry of another spec, renamed, is refused, and so is one that names another key."""
    entry, other = place.entry(), place.entry(OTHER)
    mine, its = entry.read_bytes(), other.read_bytes()
    for content in (its, forged(mine, entry.stem), forged(its, other.stem)):
        entry.write_bytes(content)
        place.assert_right()
        tried(1, "entries")
    entry.unlink()
    entry.hardlink_to(other)
    place.assert_right()
    assert other.read_bytes() == its
    place.assert_right(OTHER)
    tried(2, "entries")


def odd_things(entry):
    """What may stand where an entry should: each is made by a call."""
    yield lambda: entry.mkdir()
    yield lambda: (entry.mkdir(), (entry / "file").write_text(""))
    yield lambda: entry.symlink_to(entry)
    yield lambda: entry.symlink_to(entry.parent)
    yield lambda: entry.symlink_to("/nowhere/at/all")
    yield lambda: entry.symlink_to("/dev/zero")
    yield lambda: entry.symlink_to("/dev/null")
    yield lambda: entry.symlink_to("/dev/full")
    yield lambda: entry.symlink_to("/proc/self/mem")
    yield lambda: os.mkfifo(entry)


def test_no_files(place):
    """Folders, loops of links, devices, pipes in the place of an entry: solved anew, at once."""
    entry = place.entry()
    for make in odd_things(entry):
        entry.unlink()
        make()
        with within(30):
            place.assert_right()
        tried(1, "odd entries")
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
            entry.touch()
        entry.touch() if not os.path.lexists(entry) else None


def test_entries_of_others(place):
    """An entry that others may write, or that is another's, is not believed."""
    entry = place.entry()
    content = entry.read_bytes()
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.cache.stat().st_mode) == 0o700
    for mode in (0o602, 0o620, 0o666, 0o777):
        entry.chmod(mode)
        place.assert_right()
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600
        tried(1, "entries")
    if os.geteuid() == 0:
        os.chown(entry, 12345, 12345)
        place.assert_right()
        assert entry.stat().st_uid == 0
        tried(1, "entries")
    assert entry.read_bytes().partition(b"seconds")[0] != b"" and content


def odd_homes(folder):
    """What `XDG_CACHE_HOME` may be."""
    (folder / "file").write_text("")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "taken").mkdir()
    (folder / "taken" / "intertwine").write_text("")
    names = ["file", "file/below", "loop", "taken", "a/b/c"]
    others = ["", "/dev/null", "/dev/full", "/proc", "/nowhere\x01", "x" * 300, "/" + "y/" * 3000]
    return [*(str(folder / name) for name in names), *others]


def test_odd_cache_folders(place):
    """A cache folder that is a file, a loop, a device, too long or in /proc changes nothing."""
    for home in odd_homes(place.folder):
        place.monkeypatch.setenv("XDG_CACHE_HOME", home)
        place.monkeypatch.setenv("HOME", str(place.folder / "home"))
        for _ in range(2):
            place.assert_right()
            tried(1, "solves")


def test_no_home(place):
    """Nor does a user without a home."""
    place.monkeypatch.delenv("XDG_CACHE_HOME")
    for home in ("", "/dev/null", "/nonexistent", "relative"):
        place.monkeypatch.chdir(place.folder)
        place.monkeypatch.setenv("HOME", home)
        place.assert_right()
        tried(1, "solves")
    place.monkeypatch.delenv("HOME")
    place.monkeypatch.setenv("XDG_CACHE_HOME", str(place.folder / "last"))
    place.assert_right()
    tried(1, "solves")


@pytest.mark.slow
def test_disks_that_cannot_be_written(place):
    """A cache on a disk that is full or read-only changes nothing, and what is in it is of use."""
    with mounted(place.folder / "xdg", "size=64k") as disk:
        (disk / "filler").write_bytes(bytes(65536 - 4096))
        place.assert_right()
        assert not [path for path in disk.rglob("*") if path.suffix == ".json"]
        (disk / "filler").unlink()
        entry = place.entry()
        os.system(f"mount -o remount,ro {disk}")
        for spec in (SPEC, OTHER):
            place.assert_right(spec)
            tried(2, "solves")
        assert place.entries() == [entry]


@pytest.mark.slow
def test_many_share_a_cache(tmp_path):
    """Runs of one spec and of another at once: the same table for each, and whole entries."""
    cache = tmp_path / "xdg"
    for _ in range(times(1)):
        shutil.rmtree(cache, ignore_errors=True)
        children = [
            start("solve", spec, "--json", "--no-emit", cwd=tmp_path, cache=cache)
            for spec in (SPEC, OTHER) for _ in range(3)
        ]  # fmt: skip
        said = [child.communicate(timeout=120) for child in children]
        assert [child.returncode for child in children] == [0] * 6
        assert not any(error for _, error in said)
        tables = [out.partition('"seconds"')[0] for out, _ in said]
        assert len(set(tables[:3])) == len(set(tables[3:])) == 1
        assert len(list(cache.rglob("*"))) == 3
        tried(6, "processes")
    code, out, error = run("solve", SPEC, "--json", "--no-emit", cwd=tmp_path, cache=cache)
    assert_clear(code, error, (0,))
    assert out.partition('"seconds"')[0] == tables[0]
