"""All targets by name."""

from __future__ import annotations

from fuzz.files import PAGES, WEIGHTS
from fuzz.specs import SPECS
from fuzz.texts import NUMBERS, PERMUTATIONS

TARGETS = {target.name: target for target in (SPECS, PERMUTATIONS, NUMBERS, PAGES, WEIGHTS)}
