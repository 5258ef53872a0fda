"""`python -m intertwine` is the command `intertwine`."""

from intertwine.cli import main

main()
