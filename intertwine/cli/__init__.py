"""The command line: arguments, printing and exit codes."""

# In the order of the help.
from intertwine.cli import solve, show, audit, discover, bench, specs, cache  # noqa: F401, I001
from intertwine.cli.main import main

__all__ = ["main"]
