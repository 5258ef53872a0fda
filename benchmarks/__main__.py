"""Print the tables asked for, or all of them, one after another."""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings

import numpy as np
import scipy

from benchmarks import (
    catalogue,
    gap,
    ladder,
    layers,
    matrices,
    networks,
    orbitals,
    orders,
    pairs,
    start,
)
from benchmarks.report import show
from intertwine import CoincidenceWarning

TABLES = {
    "orbitals": orbitals.tables,
    "pairs": pairs.tables,
    "ladder": ladder.tables,
    "gap": gap.tables,
    "matrices": matrices.tables,
    "start": start.tables,
    "orders": orders.tables,
    "layers": layers.tables,
    "networks": networks.tables,
    "catalogue": catalogue.tables,
}


def main() -> None:
    """Parse the arguments, say what the machine is, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--quick", action="store_true", help="small cases, a minute less")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in TABLES]
    if unknown:
        parser.error(f"no table {unknown[0]}; there are {', '.join(TABLES)}")
    warnings.simplefilter("ignore", CoincidenceWarning)
    started = time.perf_counter()
    print(f"Machine: {_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
          f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}. "
          "Medians of interleaved runs.\n")  # fmt: skip
    for name in given.names or TABLES:
        for table in TABLES[name](given.quick):
            show(table)
    print(f"{time.perf_counter() - started:.0f} s in all")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return (
                next(line for line in lines if line.startswith("model name")).split(": ")[1].strip()
            )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
