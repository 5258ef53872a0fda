"""Run the examples asked for, or all of them, and print one table."""

from __future__ import annotations

import argparse
import time

from examples import (
    discovered_symmetry,
    graph_classes,
    perceptron_weights,
    point_sets,
    rotated_digits,
)
from examples.table import Row, table

EXAMPLES = {
    "rotated_digits": rotated_digits.main,
    "point_sets": point_sets.main,
    "graph_classes": graph_classes.main,
    "perceptron_weights": perceptron_weights.main,
    "discovered_symmetry": discovered_symmetry.main,
}


def main() -> None:
    """Parse the arguments, run, and print the rows of all."""
    parser = argparse.ArgumentParser(prog="python -m examples", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="EXAMPLE", help=", ".join(EXAMPLES))
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in EXAMPLES]
    if unknown:
        parser.error(f"no example {unknown[0]}; there are {', '.join(EXAMPLES)}")
    rows: list[Row] = []
    spent = []
    for name in given.names or EXAMPLES:
        started = time.perf_counter()
        rows += EXAMPLES[name]()
        spent.append(f"{name} {time.perf_counter() - started:.0f} s")
    print(table(rows))
    print(f"\nIn all: {', '.join(spent)}.")


if __name__ == "__main__":
    main()
