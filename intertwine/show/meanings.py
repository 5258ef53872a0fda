"""What the orbital of an entry is, in words: a set partition, an offset, or an entry of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.hom.basis import Basis
from intertwine.hom.partition import SetPartitions
from intertwine.hom.pattern import Pattern
from intertwine.hom.products import Kronecker
from intertwine.hom.rules import basis
from intertwine.hom.trivial import AllMatrices
from intertwine.plan.words import point

if TYPE_CHECKING:
    from intertwine.show.drawing import Side

_OFFSETS = 4

Axes = tuple[tuple[str, Action], ...]


class Meanings:
    """Says of an entry of the matrix between two sides what its orbital is.

    Axes of the output are o0, o1, ..., those of the input i0, i1, ...; `=` ties some and `|` says
    that they differ.  An offset leads from output to input.  Where neither names an orbital, an
    entry of it does, output <- input.
    """

    def __init__(self, rows: Side, columns: Side) -> None:
        self.rows, self.columns = rows, columns
        self._orbitals = cache(_orbitals)

    def __call__(self, row: int, column: int) -> str:
        """The meaning of the orbital of an entry."""
        target, source = self.rows.part(row), self.columns.part(column)
        orbitals = self._orbitals(target.action, source.action)
        said = orbitals.said(row - target.start, column - source.start)
        named = " <- ".join(part.name for part in (target, source) if part.name)
        if said is None or not (named or said):
            return self.entry(row, column)
        return ": ".join(words for words in (named, said) if words)

    def entry(self, row: int, column: int) -> str:
        """An entry by its points: output <- input."""
        return f"{self.rows.point(row)} <- {self.columns.point(column)}"


def _orbitals(target: Action, source: Action) -> Orbitals:
    sides = (("o", target), ("i", source))
    outputs, inputs = (
        tuple((f"{letter}{place}", part) for place, part in enumerate(side.factors()))
        for letter, side in sides
    )
    return Orbitals(basis(source, target), outputs, inputs)


@dataclass(frozen=True, eq=False)
class Orbitals:
    """How the orbitals between tensor products are called, by the basis that is known of them.

    The axes of a product's member are not the `whole`; its offsets say between which they are.
    """

    basis: Basis
    outputs: Axes
    inputs: Axes
    whole: bool = True

    def said(self, row: int, column: int) -> str | None:
        """What the orbital of an entry is called, if it has a name."""
        if isinstance(self.basis, SetPartitions):
            return self._partitions[abs(int(self.basis.codes[row, column])) - 1]
        if isinstance(self.basis, AllMatrices):
            return ", ".join([*_fixed(self.outputs, row), *_fixed(self.inputs, column)])
        if isinstance(self.basis, Kronecker):
            return self._by_factors(self.basis, row, column)
        return self._offset(row, column) if self._steps_keep_it else None

    def _by_factors(self, product: Kronecker, row: int, column: int) -> str | None:
        rows = np.unravel_index(row, product.row_axes)
        columns = np.unravel_index(column, product.column_axes)
        words = []
        for orbitals, (mine, yours) in zip(self._members, product.places, strict=True):
            said = orbitals.said(
                _place(orbitals.outputs, [int(rows[a]) for a in mine]),
                _place(orbitals.inputs, [int(columns[a]) for a in yours]),
            )
            if said is None:
                return None
            words.append(said)
        return "; ".join(words)

    @cached_property
    def _members(self) -> list[Orbitals]:
        assert isinstance(self.basis, Kronecker)
        pairs = zip(self.basis.members, self.basis.places, strict=True)
        return [
            Orbitals(
                member,
                tuple(self.outputs[a] for a in mine),
                tuple(self.inputs[a] for a in yours),
                whole=False,
            )
            for member, (mine, yours) in pairs
        ]

    @cached_property
    def _partitions(self) -> list[str]:
        assert isinstance(self.basis, SetPartitions)
        labels = [label for label, _ in chain(self.outputs, self.inputs)]
        return [_blocks(string, labels) for string in self.basis.strings()]

    @cached_property
    def _shape(self) -> tuple[int, ...]:
        return tuple(chain.from_iterable(part.shape for _, part in self.inputs))

    @cached_property
    def _steps_keep_it(self) -> bool:
        """Whether both sides have the same axes, and a step along any of them changes nothing."""
        shape = tuple(chain.from_iterable(part.shape for _, part in self.outputs))
        if shape != self._shape or not isinstance(self.basis, Pattern):
            return False
        codes = self.basis.codes.reshape(shape * 2)
        axes = [axis for axis, length in enumerate(shape) if length > 1]
        return bool(axes) and all(
            np.array_equal(codes, np.roll(codes, 1, axis=(axis, axis + len(shape))))
            for axis in axes
        )

    def _offset(self, row: int, column: int) -> str:
        """The steps from output to input that have the weight of an entry, the shortest first."""
        assert isinstance(self.basis, Pattern)
        codes, shape = np.abs(self.basis.codes[row]), self._shape
        alike = np.flatnonzero(codes == codes[column])
        steps = _steps(alike, shape) - _steps(np.array([row]), shape)
        lengths = np.array(shape)
        steps = (steps + (lengths - 1) // 2) % lengths - (lengths - 1) // 2
        ordered = steps[np.lexsort((*(-steps.T), np.abs(steps).sum(axis=1)))]
        words = [", ".join(f"{s:+d}" if s else "0" for s in step) for step in ordered.tolist()]
        first = [f"({step})" if len(shape) > 1 else step for step in words[:_OFFSETS]]
        more = f" and {len(words) - _OFFSETS} more" if len(words) > _OFFSETS else ""
        ends = [" x ".join(label for label, _ in side) for side in (self.outputs, self.inputs)]
        between = "" if self.whole else f" from {ends[0]} to {ends[1]}"
        return f"offset {' or '.join(first)}{more}{between}"


def _blocks(string: Sequence[int], labels: Sequence[str]) -> str:
    """A set partition of some axes: `o0=i0 | i1`."""
    blocks: dict[int, list[str]] = {}
    for label, block in zip(labels, string, strict=True):
        blocks.setdefault(block, []).append(label)
    return " | ".join("=".join(block) for block in blocks.values())


def _fixed(axes: Axes, number: int) -> list[str]:
    """Where on axes that nothing moves a point is: `o1 at 0`."""
    sizes = [part.dimension for _, part in axes]
    places = np.unravel_index(number, sizes) if sizes else ()
    named = zip(axes, places, strict=True)
    return [f"{label} at {point(int(at), part.shape)}" for (label, part), at in named]


def _place(axes: Axes, points: Sequence[int]) -> int:
    """The number of a tuple of points, row-major."""
    sizes = [part.dimension for _, part in axes]
    return int(np.ravel_multi_index(tuple(points), sizes)) if sizes else 0


def _steps(points: NDArray[np.intp], shape: Sequence[int]) -> NDArray[np.intp]:
    """Points by their axes, a row a point."""
    return np.stack(np.unravel_index(points, tuple(shape)), axis=1)
