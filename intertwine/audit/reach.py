"""Which maps the parameters of a module reach: exact ranks against the space of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.action.structure import fields_of
from intertwine.audit.rank import Integers, independent_rows, integer_rows
from intertwine.audit.words import entry, field_at
from intertwine.hom.space import IntertwinerSpace
from intertwine.numerals import many

Array = NDArray[np.float64]

_MOST_ENTRIES = 1 << 21
_MOST_PARAMETERS = 1 << 13


@dataclass(frozen=True)
class MissingMap:
    """An element of the canonical basis that no parameters make, even beside those before it.

    Its entries are +-1 on an orbital, or the integers of the basis; `output` and `input` are its
    first, and `channels` the output's and the input's.
    """

    element: int
    output: str
    input: str
    entries: int
    channels: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return f"T_{self.element}: {self.output} <- {self.input}, of {self.entries} entries"


@dataclass(frozen=True)
class FieldPair:
    """The maps from one field to another: how many there are, and how many are missing."""

    output: str
    input: str
    dimension: int
    missing: int

    @property
    def reached(self) -> int:
        """How many are there."""
        return self.dimension - self.missing


@dataclass(frozen=True)
class Reach:
    """What a module's parameters reach of a space of intertwiners.

    All numbers are exact, for maps of single parameters that are fractions: told so to 12 digits.

    `touching` are the numbers of the parameters that the maps depend on, `rank` is the dimension
    of what those span, `dimension` that of all intertwiners, over all `channel_pairs`, and
    `outside` how many dimensions are reached that are no intertwiners.  `redundant` are the
    parameters whose maps are combinations of those before them, and the `missing` maps complete
    what is reached to all intertwiners; a parameter or a map is counted after those before it.
    `shifted` says that a fixed map is added that the parameters cannot undo.
    """

    touching: tuple[int, ...] = field(repr=False)
    rank: int
    dimension: int
    channel_pairs: int
    outside: int
    redundant: tuple[str, ...] = field(repr=False)
    redundant_by_tensor: Mapping[str, int]
    missing: tuple[MissingMap, ...] = field(repr=False)
    pairs: tuple[FieldPair, ...] = field(repr=False)
    shifted: bool

    @property
    def parameters(self) -> int:
        """How many parameters the maps depend on."""
        return len(self.touching)

    @property
    def reached(self) -> int:
        """The dimension of the intertwiners that are reached."""
        return self.dimension - len(self.missing)

    def __str__(self) -> str:
        return (
            f"{many(self.parameters, 'parameter')} of rank {self.rank} reach {self.reached} of "
            f"{many(self.dimension, 'dimension')}: {len(self.redundant)} redundant, "
            f"{len(self.missing)} missing, {self.outside} outside"
        )


def reach(
    space: IntertwinerSpace,
    made: Array,
    fixed: Array,
    names: Sequence[tuple[str, str]],
) -> Reach | str:
    """What the maps `made` span, one a parameter and each (rows, columns, out, in channels).

    `fixed` is the map without parameters.  A text says why ranks are not told.
    """
    pairs = prod(fixed.shape[2:])
    count, entries = len(made), fixed.size
    if not space.found.rational:
        return "ranks are not told where an action has irrational matrices"
    flat = np.concatenate([made.reshape(count, entries), fixed.reshape(1, entries)])
    rows = integer_rows(flat, max(1.0, float(np.abs(flat).max(initial=0))))
    if rows is None:
        return "ranks are not told: the maps of single parameters are no fractions of small size"
    rows, offset = rows[:-1], rows[-1:]
    touching = np.flatnonzero(rows.any(axis=1))
    rows = rows[touching]
    found = independent_rows(np.concatenate([rows, _basis(space, fixed.shape[2:])]))
    own = found[found < len(rows)]
    missing = tuple(_missing(space, k - len(rows), fixed.shape[2:]) for k in found[len(own) :])
    redundant = [names[touching[k]] for k in np.setdiff1d(np.arange(len(rows)), own)]
    shifted = len(independent_rows(np.concatenate([rows[own], offset]))) > len(own)
    return Reach(
        touching=tuple(touching.tolist()),
        rank=len(own),
        dimension=space.dimension * pairs,
        channel_pairs=pairs,
        outside=len(found) - space.dimension * pairs,
        redundant=tuple(name for _, name in redundant),
        redundant_by_tensor=dict(Counter(tensor for tensor, _ in redundant)),
        missing=missing,
        pairs=_field_pairs(space, missing, pairs),
        shifted=shifted,
    )


def too_many(space: IntertwinerSpace, parameters: int, pairs: int) -> str:
    """Why the ranks of so many parameters and pairs of channels are not sought, or nothing."""
    rows = parameters + space.dimension * pairs
    entries = rows * pairs * space.source.dimension * space.target.dimension
    if rows <= _MOST_PARAMETERS and entries <= _MOST_ENTRIES:
        return ""
    return (
        f"ranks are not sought beyond {_MOST_PARAMETERS} parameters and maps, or {_MOST_ENTRIES} "
        "entries of all their matrices; take fewer channels or points"
    )


def _basis(space: IntertwinerSpace, channels: tuple[int, ...]) -> Integers:
    """The canonical basis, each element for every pair of channels in turn, one a row."""
    dense = np.rint(space.found.stack.toarray()).astype(np.int64)
    return np.kron(dense, np.eye(prod(channels), dtype=np.int64))


def _missing(space: IntertwinerSpace, number: int, channels: tuple[int, ...]) -> MissingMap:
    element, pair = divmod(int(number), prod(channels))
    stack = space.found.stack
    places = stack.indices[stack.indptr[element] : stack.indptr[element + 1]]
    row, column = divmod(int(places.min()), space.source.dimension)
    outs, ins = (int(c) for c in np.unravel_index(pair, channels))
    words = entry(space.target, row), entry(space.source, column)
    return MissingMap(element, *words, len(places), (outs, ins))


def _field_pairs(
    space: IntertwinerSpace, missing: Sequence[MissingMap], pairs: int
) -> tuple[FieldPair, ...]:
    """For every pair of fields the elements that have their first entry there."""
    stack = space.found.stack
    between = []
    for start, stop in pairwise(stack.indptr.tolist()):
        row, column = divmod(int(stack.indices[start:stop].min()), space.source.dimension)
        between.append((field_at(space.target, row)[0], field_at(space.source, column)[0]))
    every = Counter(between)
    lacking = Counter(between[one.element] for one in missing)
    targets, sources = ([*fields_of(side)] or [""] for side in (space.target, space.source))
    return tuple(
        FieldPair(t, s, pairs * every[t, s], lacking[t, s]) for t in targets for s in sources
    )
