"""Options of the test suite."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, settings

from intertwine.cli import main

# Machines are noisy and imports are lazy: no test may fail for the time that an example takes.
settings.register_profile("noisy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("noisy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write generated files and README anew")


@pytest.fixture
def cli(monkeypatch, capsys):
    """Run `intertwine` with some arguments: (exit code, standard output, standard error)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["intertwine", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code or 0, *capsys.readouterr()

    return run
