"""Runs that are stopped: the file is exactly the old one or exactly the new one."""

import signal
import subprocess
import sys
import time
from random import Random

import pytest

from tests.hardening.processes import LONG, environment, heard, reference, run, start
from tests.hardening.tally import EFFORT, times, tried
from tests.solved import ROOT

OLD = b"VALUE = 'old'\n"
NAME = "pocket_cube.py"
SHORT = ROOT / "specs" / "cube_faces.yaml"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """What an undisturbed solve writes, and how long it takes."""
    folder = tmp_path_factory.mktemp("reference")
    started = time.monotonic()
    return reference(LONG, folder), time.monotonic() - started


def leftovers(folder, name=NAME):
    """What stands in a folder besides the file; nothing of it can be imported."""
    others = [path.name for path in folder.iterdir() if path.name != name]
    assert all(other.startswith(f".{name}.") for other in others), others
    assert not any(other.endswith(".py") for other in others), others
    return others


def assert_said(child, number):
    """Ended before the signal came, or by it, with one line of ours.

    Where it comes before the command has begun, or after its end, Python itself ends.
    """
    error = child.communicate(timeout=60)[1]
    if child.returncode == 128 + number:
        said = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}[number]
        assert error == f"intertwine: {said}; nothing was half written\n"
    elif child.returncode == 0 and "Exception ignored" not in error:
        assert error == ""
    else:
        assert child.returncode in (-number, 0, 1)
        assert "in main" not in error
        assert "intertwine: " not in error, error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_at_random_moments(tmp_path, new, number):
    """Signals at random moments of a solve leave the old file or the new, and nobody in the way."""
    page, duration = new
    out, random = tmp_path / "out", Random(number)
    out.mkdir()
    (out / NAME).write_bytes(OLD)
    arguments = ["solve", LONG, "--quiet", "--emit", out]
    for _ in range(times(2)):
        child = start(*arguments, cwd=tmp_path)
        time.sleep(random.uniform(0, 1.15) * duration)
        child.send_signal(number)
        assert_said(child, number)
        assert (out / NAME).read_bytes() in (OLD, page)
        assert number == signal.SIGKILL or not leftovers(out)
        tried(1, signal.Signals(number).name)
    leftovers(out)
    assert run(*arguments, cwd=tmp_path) == (0, "", "")
    assert (out / NAME).read_bytes() == page


# A command that gets a signal where it calls a function of the operating system to write a file.
STRUCK = """\
import os, signal, sys
name, number, late = sys.argv[1:4]
sys.argv = ["intertwine", *sys.argv[4:]]
plain = getattr(os, name)
def struck(*given, **named):
    if not late:
        os.kill(os.getpid(), int(number))
    made = plain(*given, **named)
    if late:
        os.kill(os.getpid(), int(number))
    return made
setattr(os, name, struck)
from intertwine.cli import main
main()
"""
MOMENTS = [(name, late) for name in ("open", "fdopen", "fsync", "replace") for late in ("", "late")]


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """What an undisturbed solve of the short spec writes."""
    return reference(SHORT, tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_while_the_file_is_written(tmp_path, short, number):
    """Signals before and after each call that writes leave the old file or the new, whole."""
    for name, late in MOMENTS[:: 1 if EFFORT > 1 else 4] + MOMENTS[-1:]:
        out = tmp_path / f"{name}{late}"
        out.mkdir(exist_ok=True)
        (out / "cube_faces.py").write_bytes(OLD)
        command = [sys.executable, "-c", STRUCK, name, str(int(number)), late,
                   "solve", SHORT, "--quiet", "--emit", out]  # fmt: skip
        child = subprocess.Popen(
            command, env=environment(), preexec_fn=heard, stderr=subprocess.PIPE, text=True
        )
        assert_said(child, number)
        expected = short if (name, late) == ("replace", "late") else OLD
        assert (out / "cube_faces.py").read_bytes() == expected, (name, late)
        left = leftovers(out, "cube_faces.py")
        assert number == signal.SIGKILL or not left, (name, late)
        tried(1, signal.Signals(number).name)
