"""All subcommands, in the order of the help."""

from intertwine.cli import solve, show, audit, discover, bench, specs, cache  # noqa: F401, I001
from intertwine.cli.app import app

__all__ = ["app"]
