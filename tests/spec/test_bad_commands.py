"""Wrong arguments, places that cannot be read or written, and files that only look like layers."""

# ruff: noqa: E501  (a table reads best with one case a line)

import os
import subprocess
import sys
from contextlib import nullcontext

import pytest

from intertwine import solve
from intertwine.verify.process import Nursery
from tests.spec.refusals import listing, refused, spec

ARGUMENTS = {
    "no spec": (["solve"], "Missing argument 'SPEC'", "`intertwine solve --help`"),
    "two specs": (["count", "good.yaml", "good.yaml"], "extra argument"),
    "an unknown command": (["slove", "good.yaml"], "'slove'", "'solve'"),
    "an unknown option": (["solve", "good.yaml", "--emti", "x"], "--emti"),
    "an option that clears the screen": (["solve", "good.yaml", "--\x1b[2J\n"], "\\x1b[2J"),
    "an option without its value": (["solve", "good.yaml", "--emit"], "--emit"),
    "a null byte": (["solve", "a\0b"], "null byte"),
    "no memory": (["solve", "good.yaml", "--memory="], "--memory", "500M or 2G"),
    "memory of 0": (["solve", "good.yaml", "--memory=0"], "--memory 0"),
    "negative memory": (["solve", "good.yaml", "--memory=-1"], "--memory -1"),
    "much memory": (["count", "good.yaml", "--memory=lots"], "--memory lots"),
    "memory that is NaN": (["verify", "good.yaml", "--memory=nan"], "--memory nan"),
    "memory that is infinite": (["solve", "good.yaml", "--memory=inf"], "--memory inf"),
    "memory with an exponent": (["solve", "good.yaml", "--memory=1e999999999"], "--memory 1e999999999"),
    "memory of a half": (["solve", "good.yaml", "--memory=\u00bd"], "--memory"),
    "memory over 0": (["solve", "good.yaml", "--memory=1/0"], "--memory 1/0"),
    "memory in an unknown unit": (["solve", "good.yaml", "--memory=1X"], "--memory 1X"),
    "memory of many digits": (["solve", "good.yaml", "--memory=" + "9" * 5000], "--memory 999"),
    "memory that clears the screen": (["solve", "good.yaml", "--memory=\x1b[2J"], "\\x1b[2J"),
    "no rule": (["solve", "good.yaml", "--rule="], "--rule=", "orbitals"),
    "an unknown rule": (["solve", "good.yaml", "--rule=magic"], "--rule=magic", "orbitals"),
    "a rule in capitals": (["solve", "good.yaml", "--rule=ORBITALS"], "--rule=ORBITALS"),
    "a rule of two lines": (["solve", "good.yaml", "--rule=a\nb"], "--rule=a\\nb"),
    "a rule that does not apply": (["solve", "good.yaml", "--rule=signs"], "good.yaml:1: rule: ", "no action has signs"),
    "a file for a folder": (["solve", "good.yaml", "--emit", "good.yaml"], "good.yaml/bad.py (File exists)"),
    "a folder in a file": (["solve", "good.yaml", "--emit", "good.yaml/x"], "(Not a directory)"),
    "a folder of the kernel's": (["solve", "good.yaml", "--emit", "/proc/no"], "/proc/no/bad.py"),
    "a folder with a long name": (["solve", "good.yaml", "--emit", "x" * 5000], "(File name too long)"),
    "a device for a folder": (["solve", "good.yaml", "--emit", "/dev/full"], "/dev/full/bad.py"),
    "a link to nothing for a folder": (["solve", "good.yaml", "--emit", "dangling"], "dangling/bad.py"),
    "a folder where the layer goes": (["solve", "good.yaml", "--emit", "taken"], "taken/bad.py (Is a directory)"),
    "a folder where nothing may go": (["solve", "good.yaml", "--emit", "locked"], "locked/bad.py (Permission denied)"),
    "a new spec that exists": (["new", "good"], "good.yaml, which exists"),
    "a new spec of no template": (["new", "fresh", "--from", "nothing"], "--from=nothing", "graphs"),
    "a new spec elsewhere": (["new", "../fresh"], "intertwine: name: given '../fresh'"),
    "a new spec without a name": (["new", ""], "intertwine: name: given ''"),
    "a new spec named for a module": (["new", "torch"], "the name torch"),
    "a new spec named for a keyword": (["new", "class"], "Python keyword"),
    "a new spec that clears the screen": (["new", "\x1b[2J"], "\\x1b[2J"),
}  # fmt: skip

# What `solve`, `count` and `verify` may be given in place of a spec.
PLACES = {
    "missing": ("missing.yaml", "missing.yaml: given a file that does not exist; expected a YAML spec in the folder /"),
    "a folder": ("folder", "folder: given no readable file (Is a directory)"),
    "a pipe that nobody writes to": ("pipe", "pipe: given a pipe or a device"),
    "zeros without end": ("/dev/zero", "/dev/zero: given a pipe or a device"),
    "the memory of this process": ("/proc/self/mem", "/proc/self/mem: given no readable file"),
    "a link to itself": ("loop", "loop: given no readable file"),
    "no name": ("", "given no readable file (Is a directory)"),
    "a name too long": ("x" * 5000, "(File name too long)"),
    "a name of two lines": ("a\n\x1b[2J", "a\\n\\x1b[2J: given a file that does not exist"),
    "a name of bytes": ("\udcff", "\\udcff: given a file that does not exist"),
    "noise": ("noise.yaml", "noise.yaml:1: given bytes that are not UTF-8, at byte 0"),
    "three megabytes": ("long.yaml", "more than 2097152 bytes", ".npz"),
}  # fmt: skip

PAGE = solve(
    {"name": "bad", "group": {"alternating": 4}, "input": "points", "output": "points"}
).page
PAGES = {
    "empty": "",
    "noise": b"\xff\xfe\x00",
    "a null byte": "a = 1\0",
    "no Python": "hello world",
    "brackets without end": "(" * 5000,
    "a sum without end": "x = " + "+".join(["1"] * 100_000),
    "signs without end": "x = " + "-" * 100_000 + "1",
    "half a page": PAGE[: len(PAGE) // 2],
    "a page without tables": PAGE[: PAGE.index("CODES =")],
    "a page of huge numbers": PAGE.replace('"2 3 1 4"', f'"{"9" * 30} 3 1 4"'),
    "a page of endless numbers": PAGE.replace('"2 3 1 4"', f'"{"9" * 5000} 3 1 4"'),
    "a page of letters": PAGE.replace('"2 3 1 4"', '"a b c d"'),
    "a page of too few numbers": PAGE.replace('"2 3 1 4"', '"2 3"'),
    "a page of a trillion points": PAGE.replace("(4,)", "(1000000000000,)"),
    "a page of -4 points": PAGE.replace("(4,)", "(-4,)"),
    "a page of other points": PAGE.replace("(4,)", "(5,)"),
    "a page without inputs": PAGE.replace('"input": (4,)', ""),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A folder with a good spec, and much that is neither a spec nor a place to write to."""
    (tmp_path / "good.yaml").write_text(spec())
    (tmp_path / "noise.yaml").write_bytes(b"\xff\x00\x01")
    (tmp_path / "long.yaml").write_bytes(b"#" * (3 << 20))
    (tmp_path / "folder").mkdir()
    (tmp_path / "taken" / "bad.py").mkdir(parents=True)
    (tmp_path / "locked").mkdir(mode=0o500)
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.py")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"), [(a, w) for a, *w in ARGUMENTS.values()], ids=list(ARGUMENTS)
)
def test_wrong_arguments(arguments, said, folder, capsys, monkeypatch):
    if "locked" in arguments and os.access(folder / "locked", os.W_OK):
        pytest.skip("this user may write anywhere")
    refused(capsys, monkeypatch, folder, arguments, 2, *said)


@pytest.mark.parametrize(("place", "said"), [(p, w) for p, *w in PLACES.values()], ids=list(PLACES))
@pytest.mark.parametrize("command", ["solve", "count", "verify"])
def test_what_is_no_spec(command, place, said, folder, capsys, monkeypatch):
    refused(capsys, monkeypatch, folder, [command, place], 2, *said)


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as shared:
        yield shared


@pytest.mark.parametrize("name", PAGES)
def test_what_is_no_layer_is_refused(name, nursery, folder, capsys, monkeypatch):
    monkeypatch.setattr("intertwine.verify.process.Nursery", lambda: nullcontext(nursery))
    content = PAGES[name]
    (folder / "page.py").write_bytes(content if isinstance(content, bytes) else content.encode())
    # Python reports the depth of an expression as memory.
    code = 4 if name == "signs without end" else 2
    refused(capsys, monkeypatch, folder, ["verify", "page.py"], code, "page.py")


@pytest.mark.parametrize("name", ["missing.py", "pipe.py", "taken/bad.py"])
def test_what_is_no_file_is_no_layer(name, folder, capsys, monkeypatch):
    refused(capsys, monkeypatch, folder, ["verify", name], 2, name, "an emitted file")


def test_a_layer_that_was_changed_is_not_proved(folder, capsys, monkeypatch):
    (folder / "page.py").write_text(PAGE.replace("\n1 2 2 2 ", "\n1 1 2 2 "))
    refused(capsys, monkeypatch, folder, ["verify", "page.py"], 3, "page.py", "forward")


def test_a_tiny_limit_is_obeyed(folder, capsys, monkeypatch):
    arguments = ["solve", "good.yaml", "--rule=orbitals", "--memory=10"]
    refused(capsys, monkeypatch, folder, arguments, 4, "the limit is 10 bytes")


def test_a_failed_write_leaves_the_old_layer(folder, capsys, monkeypatch):
    old = folder / "out" / "bad.py"
    old.parent.mkdir()
    old.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    arguments = ["solve", "good.yaml", "--emit", "out"]
    refused(capsys, monkeypatch, folder, arguments, 2, "out/bad.py (No space left on device)")
    assert old.read_text() == "old"


def run(folder, *arguments, **options):
    command = [sys.executable, "-m", "intertwine", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, **options
    )


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("name: [", 2, "bad.yaml:1: "),
        (spec("{symmetric: 0}"), 2, "bad.yaml:2: group.symmetric: given 0;"),
        (spec("!!python/object/apply:os.system ['touch pwned']"), 2, "no tags"),
        (spec("&a {symmetric: 4}", "&a points", "*a", "x: 1\n"), 2, "bad.yaml:5: "),
        (spec("{alternating: 10000000000000}"), 4, "bytes of memory"),
        (b"\xff\xfe", 2, "not UTF-8"),
    ],
)  # fmt: skip
def test_a_process_says_the_same(content, code, said, folder):
    path = folder / "bad.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = listing(folder)
    done = run(folder, "solve", "bad.yaml", env={**os.environ, "PYTHONWARNINGS": "always"})
    assert done.returncode == code, done.stderr
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert done.stderr.startswith("intertwine: ") and said in done.stderr
    assert listing(folder) == before


def test_a_full_disk_for_standard_output_is_one_line(folder):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "intertwine", "count", "good.yaml", "--json"]
        done = subprocess.run(
            command, cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert done.returncode == 1
    assert (
        done.stderr
        == "intertwine: cannot print or read (No space left on device); make room, or check the path\n"
    )


def test_a_terminal_of_ascii_is_enough(folder):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = run(folder, "solve", "good.yaml", "--emit", os.fsdecode(b"\xff"), env=environment)
    assert done.returncode == 0, done.stderr
    assert "\\udcff/bad.py: Bad" in done.stdout
