"""S_n on tensor powers, for every n at once: orbitals are set partitions of the axes.

The orbit of a tuple (j_1 .. j_k, i_1 .. i_l) under Sym(n) is known by which entries are equal: a
set partition of the k + l axes into at most n blocks (Maron et al. 2019).  The same holds for any
group that is transitive on tuples of as many distinct points as the partitions have blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from intertwine.action.action import Action, SetAction
from intertwine.group.permutation import Indices
from intertwine.hom.pattern import Codes, Pattern, row_blocks, smallest_signed_type

GrowthString = tuple[int, ...]


def partition_count(axes: int, degree: int) -> int:
    """How many set partitions of `axes` things have at most `degree` blocks (a sum of Stirling's).

    >>> [partition_count(4, n) for n in (2, 3, 4, 1000)], partition_count(6, 1000)
    ([8, 14, 15, 15], 203)
    """
    stirling = [1]
    for _ in range(axes):
        carried = [block * count for block, count in enumerate(stirling)] + [0]
        stirling = [kept + new for kept, new in zip(carried, [0, *stirling], strict=True)]
    return sum(stirling[: degree + 1])


def growth_strings(axes: int, degree: int) -> Iterator[GrowthString]:
    """Set partitions as restricted growth strings, in lexicographic order.

    A string names the block of each axis, blocks numbered as they appear.  It is also the first
    tuple, in row-major order, of the orbital: canonical order is lexicographic order.

    >>> list(growth_strings(3, 2))
    [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)]
    """

    def grown(prefix: GrowthString, blocks: int) -> Iterator[GrowthString]:
        if len(prefix) == axes:
            yield prefix
            return
        for block in range(min(blocks + 1, degree)):
            yield from grown((*prefix, block), max(blocks, block + 1))

    return grown((), 0)


def partition_name(string: GrowthString, outputs: int) -> str:
    """The partition with axes named o0, o1, ... (output) and i0, i1, ... (input).

    >>> partition_name((0, 1, 1), 2)
    'o0 | o1=i0'
    """
    names = [f"o{a}" if a < outputs else f"i{a - outputs}" for a in range(len(string))]
    blocks: dict[int, list[str]] = {}
    for name, block in zip(names, string, strict=True):
        blocks.setdefault(block, []).append(name)
    return " | ".join("=".join(block) for block in blocks.values())


def why_not_partitions(source: Action, target: Action) -> str | None:
    """Why the rule does not apply, or None where it does."""
    factors = source.factors() + target.factors()
    if not factors:
        return "both sides are trivial"
    group = source.group
    natural = group.sets.get(group.natural or "")
    if natural is None or natural.signed or len(natural.shape) != 1:
        return "the group has no natural points"
    if any(factor != SetAction(group, group.natural or "") for factor in factors):
        return "a factor is not the natural points"
    if min(len(factors), natural.degree) > group.transitivity:
        return f"{group} is not known to be {len(factors)}-transitive"
    return None


@dataclass(frozen=True, eq=False)
class SetPartitions(Pattern):
    """Orbitals of tuples of `degree` points, `outputs` of them for a row, `inputs` for a column."""

    degree: int
    outputs: int
    inputs: int

    @classmethod
    def between(cls, source: Action, target: Action) -> SetPartitions:
        """The pattern of Hom(points^l, points^k)."""
        degree = (source.factors() + target.factors())[0].dimension
        inputs, outputs = len(source.factors()), len(target.factors())
        dimension = partition_count(inputs + outputs, degree)
        return cls(target.dimension, source.dimension, dimension, degree, outputs, inputs)

    @property
    def empty_rows(self) -> Indices:
        """None."""
        return np.empty(0, dtype=np.intp)

    def strings(self) -> Iterator[GrowthString]:
        """The partition of each basis element, in canonical order."""
        return growth_strings(self.outputs + self.inputs, self.degree)

    def made(self) -> Codes:
        """One row a partition of the row's axes; the others are it with their points renamed."""
        codes = np.empty((self.rows, self.columns), dtype=smallest_signed_type(self.dimension))
        partitions = self._key(np.array(list(self.strings()), dtype=np.int8).T)
        rows = _indices(self.rows, self.degree, self.outputs)
        columns = _indices(self.columns, self.degree, self.inputs)
        kinds = np.broadcast_to(self._key(_strings_of(rows)), self.rows)
        order = np.argsort(kinds, kind="stable")
        alike = np.split(order, np.unique(kinds[order], return_index=True)[1][1:])
        for string, mine in zip(growth_strings(self.outputs, self.degree), alike, strict=True):
            strings = _strings_of([*(np.array([point]) for point in string), *columns])
            first = np.searchsorted(partitions, self._key(strings)).astype(codes.dtype) + 1
            blocks = [string.index(block) for block in range(max(string, default=-1) + 1)]
            for numbers in row_blocks(mine, self.columns):
                values = np.array([rows[axis][numbers] for axis in blocks], dtype=np.intp)
                values = values.reshape(len(blocks), len(numbers))
                codes[numbers] = first.take(self._renamed_columns(values))
        return codes

    def _renamed_columns(self, values: NDArray[np.intp]) -> NDArray[np.intp]:
        """Of each row, the columns once values[t] is named t and other points keep their order."""
        points = np.arange(self.degree)
        names = points + (values[:, :, None] > points).sum(axis=0)
        np.put_along_axis(names, values.T, np.arange(len(values)), axis=1)
        places = np.zeros((values.shape[1], 1), dtype=np.intp)
        for _ in range(self.inputs):
            places = (places[:, :, None] * self.degree + names[:, None]).reshape(len(places), -1)
        return places

    def _key(self, digits: Iterable[ArrayLike]) -> NDArray[np.int64]:
        """A growth string as a number: their lexicographic order is the order of the numbers."""
        base, key = min(self.outputs + self.inputs, self.degree), np.zeros((), dtype=np.int64)
        for digit in digits:
            key = key * base + np.asarray(digit)
        return key


def _indices(count: int, degree: int, axes: int) -> list[NDArray[np.intp]]:
    """The points of all `axes`-tuples, an array an axis, in row-major order."""
    return list(np.unravel_index(np.arange(count), (degree,) * axes)) if axes else []


def _strings_of(indices: list[NDArray[np.intp]]) -> list[Codes]:
    """The growth string of the broadcast index tuples, one array an axis."""
    digits: list[Codes] = []
    shape = np.broadcast_shapes((1,), *(index.shape for index in indices))
    blocks: Codes = np.zeros(shape, dtype=np.int8)
    for axis, index in enumerate(indices):
        digit = blocks
        for earlier in range(axis - 1, -1, -1):
            digit = np.where(indices[earlier] == index, digits[earlier], digit)
        blocks = np.maximum(blocks, digit + 1).astype(np.int8)
        digits.append(digit)
    return digits
