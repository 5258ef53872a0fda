"""Options of the test suite."""

from __future__ import annotations

import os
import sys
from collections import Counter
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from intertwine.cli import main

# Machines are noisy and imports are lazy: no test may fail for the time that an example takes.
# Where one push is judged, random cases are the same each time; elsewhere new ones are tried.
settings.register_profile(
    "noisy",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("noisy")

# Hundreds of processes are started: what they import is compiled once, whatever the shell says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write generated files and README anew")
    parser.addoption("--one-in", type=int, default=1, help="of a test's cases take one in so many")
    parser.addoption("--of", type=int, default=1, help="where there are at least so many")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave cases out by their names, so that the same ones are taken each time."""
    count, least = config.getoption("--one-in"), config.getoption("--of")
    cases = Counter(item.nodeid.partition("[")[0] for item in items)
    left = [
        item for item in items
        if hasattr(item, "callspec")
        and cases[item.nodeid.partition("[")[0]] >= least
        and crc32(item.nodeid.encode()) % count
    ]  # fmt: skip
    config.hook.pytest_deselected(items=left)
    gone = set(left)
    items[:] = [item for item in items if item not in gone]


@pytest.fixture
def cli(monkeypatch, capsys):
    """Run `intertwine` with some arguments: (exit code, standard output, standard error)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["intertwine", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code or 0, *capsys.readouterr()

    return run
