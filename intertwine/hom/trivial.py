"""Hom between trivial actions: every matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intertwine.action.action import Action, Trivial
from intertwine.group.permutation import Indices
from intertwine.hom.pattern import Codes, Pattern, smallest_signed_type


@dataclass(frozen=True, eq=False)
class AllMatrices(Pattern):
    """Every matrix: what commutes with the trivial group."""

    @classmethod
    def between(cls, source: Action, target: Action) -> AllMatrices:
        """One basis element an entry."""
        rows, columns = target.dimension, source.dimension
        return cls(rows, columns, rows * columns)

    @property
    def empty_rows(self) -> Indices:
        """None."""
        return np.empty(0, dtype=np.intp)

    def made(self) -> Codes:
        """Numbered row-major."""
        kind = smallest_signed_type(self.dimension)
        return np.arange(1, self.dimension + 1, dtype=kind).reshape(self.rows, self.columns)


def why_not_free(source: Action, target: Action) -> str | None:
    """Why the rule of trivial actions does not apply, or None where it does."""
    if isinstance(source, Trivial) and isinstance(target, Trivial):
        return None
    if not source.group.generators:  # the group is its identity
        return None
    if not source.dimension or not target.dimension:  # the only matrix has no entries
        return None
    return "a side is not trivial"
