"""How much was tried: counts that tests add to, and a file that the table is made from.

`HARDENING_EFFORT=20` multiplies what every test tries; `HARDENING_TALLY=FILE` has each process of
pytest add its counts to a file, a JSON object a line.
"""

import json
import os
from collections import Counter

from hypothesis import HealthCheck, settings

EFFORT = float(os.environ.get("HARDENING_EFFORT", "1"))
FILE = os.environ.get("HARDENING_TALLY")

counts = Counter()
failures = Counter()
titles = {}
_running = [""]


def times(count):
    """That many, times the effort asked for; at least one."""
    return max(1, round(count * EFFORT))


def examples(count):
    """Settings of a hypothesis test that takes so many examples at an effort of 1."""
    return settings(
        max_examples=times(count), deadline=None, suppress_health_check=list(HealthCheck)
    )


def begin(family, section, said):
    """The test that now runs: its module and line, its section in the table, and what it holds."""
    _running[0] = family
    titles[family] = (section, said)


def tried(count=1, unit="examples"):
    """Something more was tried, and was as it should be."""
    counts[_running[0], unit] += count


def failed():
    """The test that now runs did not hold."""
    failures[_running[0]] += 1


def write():
    """Add the counts of this process to the file."""
    if not FILE or not titles:
        return
    rows = [
        {
            "place": family,
            "section": section,
            "said": said,
            "tried": {unit: n for (name, unit), n in counts.items() if name == family},
            "failures": failures[family],
        }
        for family, (section, said) in titles.items()
    ]
    with open(FILE, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(rows) + "\n")
