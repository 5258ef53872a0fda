"""Running the command as a process that may be limited, interrupted or have a strange disk."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.solved import ROOT

# About a second of work, in Python and in C, and a page of 20 kB.
LONG = ROOT / "specs" / "pocket_cube.yaml"
COMMAND = [sys.executable, "-m", "intertwine"]


def environment(**more):
    """The environment of a process that computes on one thread."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    fonts = {"MPLCONFIGDIR": str(Path(tempfile.gettempdir()) / "matplotlib-of-tests")}
    ours = ("COLUMNS", "PYTHONUNBUFFERED")
    inherited = {k: v for k, v in os.environ.items() if k not in ours}
    return inherited | threads | fonts | {"PYTHONPATH": str(ROOT)} | more


def heard():
    """Let a process hear SIGINT, which what a shell runs in the background ignores."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*arguments, cwd, limits=(), redirected="", **options):
    """A process; `limits` are pairs of a resource and its limit, `redirected` is for the shell."""

    def limit():
        heard()
        for number, value in limits:
            resource.setrlimit(number, (value, value))

    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    command = [*COMMAND, *map(str, arguments)]
    if redirected:
        command = ["sh", "-c", f'exec "$@" {redirected}', "sh", *command]
    return subprocess.Popen(
        command,
        cwd=cwd, env=environment(), preexec_fn=limit, **pipes,
    )  # fmt: skip


def run(*arguments, **options):
    """The exit code, and what was printed."""
    child = start(*arguments, **options)
    out, error = child.communicate(timeout=120)
    return child.returncode, out, error


def assert_clear(code, error, codes):
    """One of these exit codes; one line of ours unless it is 0, and nothing then."""
    assert code in codes, (code, error)
    if code == 0:
        assert error == ""
    else:
        assert error.startswith("intertwine: ")
        assert error.count("\n") == 1, error
        assert "bug" not in error


def reference(spec, folder):
    """The text that an undisturbed solve writes."""
    code, _, error = run("solve", spec, "--quiet", "--emit", folder, cwd=folder)
    assert (code, error) == (0, "")
    (page,) = Path(folder).glob("*.py")
    return page.read_bytes()


@contextmanager
def mounted(folder, options):
    """A file system in memory; the test is skipped where one may not be mounted."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
