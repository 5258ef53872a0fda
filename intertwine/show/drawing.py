"""What a picture of a layer shows: its weight-sharing matrix, as data that every format draws.

Two entries of the matrix share a tile where they are the same combination of the parameters, up to
sign.  For actions that permute coordinates the tiles are the orbitals, a parameter each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.structure import Sum, fields_of
from intertwine.errors import TooLargeError
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.basis import Basis
from intertwine.numerals import many
from intertwine.plan.moved import Moves
from intertwine.plan.words import point
from intertwine.show.meanings import Meanings
from intertwine.show.tiles import Tiling, tiling

if TYPE_CHECKING:
    from intertwine.solution import SpecSpace

MOST_ENTRIES = 4_000_000


@dataclass(frozen=True)
class Summand:
    """A summand of a side: its name, empty where there is one only, and where its points are."""

    name: str
    action: Action
    start: int

    @property
    def stop(self) -> int:
        """One past its last point."""
        return self.start + self.action.dimension

    def point(self, number: int) -> str:
        """A point of the side by its name in this part, such as `users (0, 3)`."""
        named = point(number - self.start, self.action.shape)
        return f"{self.name} {named}" if self.name else named


@dataclass(frozen=True)
class Side:
    """The rows or the columns of the matrix, part after part."""

    action: str
    parts: tuple[Summand, ...]

    @classmethod
    def of(cls, action: Action) -> Side:
        """The parts of a direct sum, by their fields' names or their own, equal ones numbered."""
        named = fields_of(action)
        members = action.summands() if isinstance(action, Sum) and not named else ()
        names = _told_apart([str(member) for member in members])
        pairs = [*named.items()] or [*zip(names, members, strict=True)] or [("", action)]
        stops = np.cumsum([member.dimension for _, member in pairs]).tolist()
        starts = [0, *stops[:-1]]
        return cls(
            str(action), tuple(Summand(n, a, s) for (n, a), s in zip(pairs, starts, strict=True))
        )

    @property
    def size(self) -> int:
        """How many points there are."""
        return self.parts[-1].stop

    def part(self, number: int) -> Summand:
        """The part in which a point lies."""
        return next(part for part in self.parts if number < part.stop)

    def point(self, number: int) -> str:
        """A point by its name."""
        return self.part(number).point(number)


@dataclass(frozen=True, eq=False)
class Motion:
    """What a generator does to rows and columns; None where it acts by a matrix."""

    name: str
    rows: SignedPermutation | None
    columns: SignedPermutation | None


@dataclass(frozen=True, eq=False)
class Drawing:
    """A layer as a picture: the matrix and the bias in tiles, and how the group moves its sides.

    >>> from intertwine.pipeline import solve
    >>> spec = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
    >>> drawing = drawing_of(solve(spec))
    >>> print(drawing)
    sets: 3 x 3, 2 parameters, 2 tiles; bias 1
    >>> drawing.weight.meanings
    ('o0=i0; 3 entries', 'o0 | i0; 6 entries')
    """

    name: str
    description: str
    group: str
    dimension: int
    bias_dimension: int
    rows: Side
    columns: Side
    weight: Tiling
    bias: Tiling
    motions: tuple[Motion, ...]
    basis: Basis

    def element(self, number: int) -> NDArray[Any]:
        """Basis element `number`, shape (rows, columns)."""
        shape = (self.rows.size, self.columns.size)
        return np.asarray(self.basis.stack[[number]].toarray()).reshape(shape)

    @cached_property
    def permutes(self) -> bool:
        """Whether every generator permutes both sides, up to signs."""
        return all(m.rows is not None and m.columns is not None for m in self.motions)

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.rows.size} x {self.columns.size}, "
            f"{many(self.dimension, 'parameter')}, {many(self.weight.count, 'tile')}; "
            f"bias {self.bias_dimension}"
        )


def drawing_of(space: SpecSpace) -> Drawing:
    """The drawing of a solved spec; a support or the ends of a grid are seen in it.

    Raises:
        TooLargeError: more entries than MOST_ENTRIES.
    """
    height, width = space.target.dimension, space.source.dimension
    if height * width > MOST_ENTRIES:
        raise TooLargeError(
            f"a picture of {height} x {width} entries, where {MOST_ENTRIES} are the most; draw a "
            "smaller case of the same symmetry"
        )
    rows, columns = Side.of(space.target), Side.of(space.source)
    found, motions = maps_and_motions(space)
    return Drawing(
        name=space.document.spec.name,
        description=space.document.spec.description,
        group=str(space.problem.group),
        dimension=found.dimension,
        bias_dimension=space.bias_dimension,
        rows=rows,
        columns=columns,
        weight=tiling(found, Meanings(rows, columns)),
        bias=tiling(space.bias.found, lambda row, _: f"the orbit of {rows.point(row)}", "b"),
        motions=motions,
        basis=found,
    )


def _told_apart(names: list[str]) -> list[str]:
    """Names with those that occur more than once numbered from 0, such as `points_0`."""
    told: list[str] = []
    for name in names:
        stem = name if name.isidentifier() else f"({name})"
        fresh = (f"{stem}_{number}" for number in count())
        several = names.count(name) > 1
        told.append(next(n for n in fresh if n not in (*names, *told)) if several else name)
    return told


def maps_and_motions(space: SpecSpace) -> tuple[Basis, tuple[Motion, ...]]:
    """The maps that a layer has, and what moves them: where a grid ends, what keeps its ends."""
    words = space.motions
    names = space.problem.group.generators if words is None else words
    sides: list[Sequence[SignedPermutation | None]] = []
    for side in (space.target, space.source):
        if side.linear:
            sides.append([None] * len(names))
        elif words is None:
            sides.append(side.generators)
        else:
            sides.append([*map(Moves(side).permutation, words.values())])
    return space.maps, tuple(map(Motion, names, *sides))
