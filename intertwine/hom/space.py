"""The space of intertwiners as a value: its dimension, its basis, and what to do with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from intertwine.action.action import Action
from intertwine.action.order import group_order
from intertwine.errors import SpecAttributeError, SpecError
from intertwine.hom.basis import Basis
from intertwine.hom.certify import Certificate, certify
from intertwine.hom.commute import defect
from intertwine.hom.isotypic import (
    MOST_COORDINATES,
    MOST_ENTRIES,
    Components,
    IsotypicRow,
    isotypic_components,
    isotypic_table,
)
from intertwine.hom.pattern import Codes, Pattern
from intertwine.hom.rules import Choice, basis, choose, dimension
from intertwine.numerals import short

if TYPE_CHECKING:
    from scipy.sparse import coo_array


class IntertwinerSpace:
    """Hom_G(source, target): all matrices T with `rho_target(g) T = T rho_source(g)`.

    Where both sides permute coordinates, up to signs, its canonical basis has disjoint supports and
    entries +-1; `labels` and `signs` show all of it in two arrays of shape (target, source).  Other
    spaces have a basis of integer matrices, where all matrices are rational, or an orthonormal one.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(symmetric(4), "points")
    >>> space = IntertwinerSpace(points, points)
    >>> print(space)
    Hom_G(R^4 -> R^4): dimension 2, |G| = 24, by partitions
    >>> space.expand([5, 1])[0].tolist()
    [5, 1, 1, 1]
    """

    def __init__(
        self,
        source: Action,
        target: Action,
        rule: str | None = None,
        found: Basis | None = None,
    ) -> None:
        self.source, self.target = source, target
        self.choice: Choice = choose(source, target, rule)
        self.found: Basis = found or self.choice.rule.solve(source, target, basis)

    @property
    def rule(self) -> str:
        """The name of the rule that solved it."""
        return self.choice.rule.name

    @property
    def dimension(self) -> int:
        """The exact dimension."""
        return self.found.dimension

    @property
    def pattern(self) -> Pattern:
        """The basis as a pattern of signs; refuses a space that has none."""
        if not isinstance(self.found, Pattern):
            raise SpecAttributeError(
                f"labels of {self.source} -> {self.target}, where an action has matrices",
                "actions that permute coordinates, up to signs",
                "ask for `basis()` or `expand`, which every space has",
            )
        return self.found

    @cached_property
    def order(self) -> int:
        """The order of the group, exact."""
        return group_order(self.source.group, [self.source, self.target])

    @property
    def codes(self) -> Codes:
        """+-(k + 1) where basis element k is +-1, 0 where every intertwiner vanishes."""
        return self.pattern.codes

    @cached_property
    def labels(self) -> NDArray[np.signedinteger]:
        """The basis element that each entry belongs to, or -1 where every intertwiner vanishes."""
        return np.abs(self.codes) - self.codes.dtype.type(1)

    @cached_property
    def signs(self) -> NDArray[np.int8]:
        """The entry of that basis element: +1, -1, or 0 where every intertwiner vanishes."""
        return np.sign(self.codes).astype(np.int8, copy=False)

    def basis(self) -> Iterator[coo_array]:
        """The basis elements in order, as sparse matrices of shape (target, source).

        Entries are integers, or real numbers where a matrix of an action is not rational.
        """
        from scipy.sparse import coo_array

        stack, shape = self.found.stack, (self.target.dimension, self.source.dimension)
        for start, stop in pairwise(stack.indptr.tolist()):
            places = stack.indices[start:stop]
            order = np.argsort(places)
            rows, columns = np.divmod(places[order], shape[1])
            yield coo_array((stack.data[start:stop][order], (rows, columns)), shape=shape)

    def expand(self, coefficients: ArrayLike) -> NDArray[Any]:
        """The intertwiner `sum_k coefficients[k] T_k`; further axes of coefficients come last."""
        given: NDArray[Any] = np.asarray(coefficients)
        if given.shape[:1] != (self.dimension,):
            raise SpecError(
                f"coefficients of shape {given.shape}",
                f"first axis of length {self.dimension}, one coefficient a basis element",
                "pass `dimension` coefficients",
            )
        if not isinstance(self.found, Pattern):
            flat = self.found.stack.T @ given.reshape(self.dimension, prod(given.shape[1:]))
            shape = (self.target.dimension, self.source.dimension, *given.shape[1:])
            return np.asarray(flat).reshape(shape)
        table = np.concatenate([np.zeros((1, *given.shape[1:]), dtype=given.dtype), given])
        signs = self.signs.reshape(self.codes.shape + (1,) * (given.ndim - 1))
        return np.asarray(table[np.abs(self.codes)] * signs)

    def coefficients(self, matrix: ArrayLike) -> NDArray[np.float64]:
        """Those of the nearest intertwiner, in the Frobenius norm.

        For disjoint supports they are the signed means of the matrix over each orbital.
        """
        given = self._checked(matrix)
        if not isinstance(self.found, Pattern):
            return self._fitted(given)
        place = np.abs(self.codes).ravel()
        sums = np.bincount(place, (given * self.signs).ravel(), minlength=self.dimension + 1)
        sizes = np.bincount(place, minlength=self.dimension + 1)
        return np.asarray(sums[1:] / sizes[1:])

    def _fitted(self, matrix: NDArray[Any]) -> NDArray[np.float64]:
        """Least squares, through the inner products of the basis elements."""
        from scipy.sparse.linalg import splu

        if not self.dimension:
            return np.zeros(0)
        stack = self.found.stack.astype(np.float64)
        return np.asarray(splu((stack @ stack.T).tocsc()).solve(stack @ matrix.ravel()))

    def project(self, matrix: ArrayLike) -> NDArray[np.float64]:
        """The nearest intertwiner to a matrix, in the Frobenius norm."""
        return self.expand(self.coefficients(matrix)).astype(np.float64)

    def residual(self, matrix: ArrayLike) -> float:
        """The largest entry of `rho_target(g) T - T rho_source(g)` over all generators g."""
        given = self._checked(matrix)
        return defect(given, self.source, self.target)

    @cached_property
    def decompositions(self) -> tuple[Components, Components] | str:
        """The isotypic components of source and target, or why they are not told."""
        sides = dict.fromkeys((self.source, self.target))
        if max(side.dimension for side in sides) > MOST_COORDINATES:
            return f"not sought beyond {MOST_COORDINATES} coordinates"
        if max(dimension(side, side) * side.dimension**2 for side in sides) > MOST_ENTRIES:
            return f"not sought where endomorphisms have more than {MOST_ENTRIES} entries in all"
        found = {side: isotypic_components(side, basis(side, side)) for side in sides}
        return found[self.source], found[self.target]

    @property
    def components(self) -> list[IsotypicRow] | str:
        """The irreducible representations of both sides, or why they are not told."""
        both = self.decompositions
        return both if isinstance(both, str) else isotypic_table(*both, self.found)

    def verify(self) -> Certificate:
        """Prove the basis and the dimension again, independently of how they were found."""
        return certify(self.source, self.target, self.found)

    def _checked(self, matrix: ArrayLike) -> NDArray[Any]:
        given: NDArray[Any] = np.asarray(matrix)
        expected = (self.target.dimension, self.source.dimension)
        if given.shape != expected:
            raise SpecError(
                f"a matrix of shape {given.shape}", f"shape {expected}", "transpose or reshape it"
            )
        return given

    def __str__(self) -> str:
        return (
            f"Hom_G(R^{self.source.dimension} -> R^{self.target.dimension}): "
            f"dimension {self.dimension}, |G| = {short(self.order)}, by {self.rule}"
        )
