"""The command line: arguments, printing and exit codes."""

from intertwine.cli.main import main

__all__ = ["main"]
