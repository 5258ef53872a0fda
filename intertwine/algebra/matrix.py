"""Square matrices over a real abelian field: exact, and as they are modulo a prime or rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly
from numpy.typing import NDArray

from intertwine.algebra.expression import Expression, parse_number
from intertwine.algebra.field import Element, RealField, joined


@dataclass(frozen=True, eq=False)
class ExactMatrix:
    """A matrix over a field; `rows` hold its elements.

    >>> turn = ExactMatrix.parsed([["cos(2*pi/3)", "-sqrt(3)/2"], ["sqrt(3)/2", "-1/2"]])
    >>> (turn * turn * turn).real().round(12).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    field: RealField
    rows: tuple[tuple[Element, ...], ...]

    @classmethod
    def parsed(cls, listed: Sequence[Sequence[object]]) -> ExactMatrix:
        """From the numbers of a spec, over the least field that has them."""
        return over_one_field([[[parse_number(entry) for entry in row] for row in listed]])[0]

    @classmethod
    def integral(cls, rows: Sequence[Sequence[int]] | NDArray[np.integer]) -> ExactMatrix:
        """From integers."""
        listed = np.asarray(rows).tolist()
        return cls(RealField(), tuple(tuple(fmpq_poly([int(x)]) for x in row) for row in listed))

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @property
    def dimension(self) -> int:
        """How many rows."""
        return len(self.rows)

    def __mul__(self, other: ExactMatrix) -> ExactMatrix:
        """The product; both over the same field."""
        if self.field != other.field:
            raise ValueError(f"a product over {self.field} and {other.field}")
        columns = list(zip(*other.rows, strict=True))
        zero = fmpq_poly([0])
        return ExactMatrix(
            self.field,
            tuple(
                tuple(
                    self.field.reduced(
                        sum((a * b for a, b in zip(row, column, strict=True) if a and b), zero)
                    )
                    for column in columns
                )
                for row in self.rows
            ),
        )

    @cached_property
    def restricted(self) -> Any:
        """The same map over the rationals: every entry by the matrix of multiplying with it."""
        n, degree = len(self.rows), self.field.degree
        if degree == 1:
            return fmpq_mat(n, self.shape[1], [_constant(x) for row in self.rows for x in row])
        width = self.shape[1] * degree
        table = [[fmpq(0)] * width for _ in range(n * degree)]
        powers = [self.field.reduced(fmpq_poly([0] * k + [1])) for k in range(degree)]
        for i, row in enumerate(self.rows):
            for j, entry in enumerate(row):
                for k, base in enumerate(powers):
                    if not entry:
                        break
                    image = self.field.reduced(entry * base).coeffs()
                    for place, value in enumerate(image):
                        table[i * degree + place][j * degree + k] = value
        return fmpq_mat(n * degree, width, [x for row in table for x in row])

    @cached_property
    def monomial(self) -> tuple[list[int], list[int]] | None:
        """The row of the entry in every column and its sign, if entries are 0, 1 and -1, one each.

        >>> ExactMatrix.parsed([[0, -1], [1, 0]]).monomial
        ([1, 0], [1, -1])
        """
        found: dict[int, tuple[int, int]] = {}
        for number, row in enumerate(self.rows):
            filled = [(column, x) for column, x in enumerate(row) if x]
            if len(filled) != 1 or filled[0][1] not in (1, -1) or filled[0][0] in found:
                return None
            column, entry = filled[0]
            found[column] = number, 1 if entry == 1 else -1
        return [found[c][0] for c in sorted(found)], [found[c][1] for c in sorted(found)]

    @cached_property
    def invertible(self) -> bool:
        """Whether the determinant is not zero."""
        return bool(self.restricted.rank() == self.restricted.nrows())

    @cached_property
    def determinant(self) -> Element:
        """The determinant, an element of the field, by elimination.

        >>> mirror = ExactMatrix.parsed([["1/2", "sqrt(3)/2"], ["sqrt(3)/2", "-1/2"]])
        >>> int(mirror.determinant(0))
        -1
        """
        field, rows, value = self.field, [list(row) for row in self.rows], fmpq_poly([1])
        for place in range(len(rows)):
            pivot = next((k for k in range(place, len(rows)) if rows[k][place]), None)
            if pivot is None:
                return fmpq_poly([0])
            if pivot > place:
                rows[place], rows[pivot], value = rows[pivot], rows[place], -value
            first = rows[place]
            value = field.reduced(value * first[place])
            scale = field.inverse(first[place])
            for row in rows[place + 1 :]:
                factor = field.reduced(row[place] * scale)
                row[place:] = [
                    field.reduced(x - factor * y)
                    for x, y in zip(row[place:], first[place:], strict=True)
                ]
        return value

    def scaled(self, factor: int) -> ExactMatrix:
        """The matrix times an integer."""
        return ExactMatrix(self.field, tuple(tuple(factor * x for x in row) for row in self.rows))

    @property
    def rational(self) -> bool:
        """Whether the field is that of the rationals."""
        return self.field.degree == 1

    @cached_property
    def conductor(self) -> int:
        """The conductor of the field, unless all entries are rational: then 1."""
        rational = all(x.degree() < 1 for row in self.rows for x in row)
        return 1 if rational else self.field.conductor

    def real(self) -> NDArray[np.float64]:
        """The entries, each rounded once."""
        distinct = {str(x): x for row in self.rows for x in row}
        rounded = {text: self.field.real(x) for text, x in distinct.items()}
        values = [[rounded[str(x)] for x in row] for row in self.rows]
        return np.array(values, dtype=np.float64).reshape(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExactMatrix) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _key(self) -> tuple[int, tuple[tuple[str, ...], ...]]:
        """The entries as texts, and the conductor."""
        return self.conductor, tuple(tuple(map(str, row)) for row in self.rows)

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)


def over_one_field(matrices: Sequence[Sequence[Sequence[Expression]]]) -> list[ExactMatrix]:
    """Matrices of parsed numbers, over the least field that has them all."""
    conductors = (number.conductor for matrix in matrices for row in matrix for number in row)
    field = RealField(joined(*conductors))
    return [
        ExactMatrix(field, tuple(tuple(number.value(field) for number in row) for row in matrix))
        for matrix in matrices
    ]


def _constant(element: Element) -> Any:
    coefficients = element.coeffs()
    return coefficients[0] if coefficients else fmpq(0)
