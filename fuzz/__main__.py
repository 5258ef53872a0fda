"""Run every target, or those named, and print what each was given and what was found.

The corpus of each is made of the repository's own specs and pages, in a folder that is thrown away
unless `--keep` names one; inputs that are findings are kept there, and their number is the exit
code's reason: 0 where there are none.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz.figures import Figures, figures_of, table
from fuzz.targets import TARGETS


def fuzzed(name: str, seconds: int, folder: Path) -> Figures:
    """Run one target in a process of its own, and read what it says of itself."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fuzz.worker", name, str(folder), str(seconds)]
    quiet = {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    environment = os.environ | quiet | {"TMPDIR": str(folder)}
    with (folder / "log").open("w", encoding="utf-8") as log:
        done = subprocess.run(
            command,
            stdout=log,
            stderr=log,
            env=environment,
            timeout=10 * seconds + 600,
            check=False,
        )
    return figures_of(name, folder, done.returncode)


def main() -> None:
    """Parse the arguments, fuzz, print; exit with 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", type=Path, help="folder of corpus, findings and logs")
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    given = parser.parse_args()
    unknown = [name for name in given.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no target {unknown[0]}; there are {', '.join(TARGETS)}")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="intertwine-fuzz-"))
    found = [fuzzed(n, given.seconds, folder / n) for n in given.targets or TARGETS]
    print(table(found, given.json))
    if any(figures.findings or figures.broken for figures in found):
        print(f"Findings and logs are in {folder}", file=sys.stderr)
        sys.exit(1)
    if given.keep is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
