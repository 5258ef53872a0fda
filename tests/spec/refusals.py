"""Running the command in this process, under a clock and a memory limit.

Whatever is wrong, the command says so in one line on standard error that begins `intertwine: `,
prints nothing else, and leaves no file that was not there before.
"""

import re
import resource
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from intertwine.cli import main

SECONDS = 60
BYTES = 1 << 30
FOUND = re.compile(r"given .+; expected .+; .+")


def spec(group="{symmetric: 4}", input="points", output="points", more="", name="bad"):
    """A spec whose keys stand in lines 1 (name), 2 (group), 3 (input), 4 (output) and 5 (more)."""
    return f"name: {name}\ngroup: {group}\ninput: {input}\noutput: {output}\n{more}"


def refused(capsys, monkeypatch, folder, arguments, code, *said):
    """Run in `folder`; the one line that is said must hold every word of `said`."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["intertwine", *arguments])
    before = listing(folder)
    with within_limits():
        found = exit_code()
    printed = capsys.readouterr()
    line = printed.err
    assert found == code, line
    assert printed.out == ""
    assert line.startswith("intertwine: ") and line.endswith("\n") and line.count("\n") == 1, line
    assert line[:-1].isprintable() and len(line) < 1000, line
    assert "Traceback" not in line and "memory ran out" not in line
    assert code != 2 or FOUND.search(line) or "--help" in line, line
    assert [word for word in said if word not in line] == [], line
    assert listing(folder) == before
    return line


def exit_code():
    try:
        main()
    except SystemExit as stop:
        return stop.code
    return 0


def listing(folder):
    """Every path below the folder, with its content where it is a file."""
    return {
        path: path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in sorted(Path(folder).rglob("*"))
    }


@contextmanager
def within_limits():
    """At most so many seconds, and so much more address space than is in use now."""

    def stop(*_):
        raise TimeoutError(f"more than {SECONDS} seconds")

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
