"""The command line: arguments, printing and exit codes."""

from intertwine.cli import solve, show, bench, specs  # noqa: F401, I001  (the order of the help)
from intertwine.cli.main import main

__all__ = ["main"]
