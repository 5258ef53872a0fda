"""Isotypic decomposition: which irreducible representations an action is made of, and how often.

A symmetric random intertwiner of an action with itself has, almost surely, one eigenspace for each
irreducible summand of some decomposition; another one tells which of them are isomorphic.  That is
done in floating point, and believed only where the exact dimension of the endomorphisms is the sum
of squared multiplicities, each times the dimension 1, 2 or 4 of the division algebra: of the reals,
of the complex numbers or of the quaternions (Serre, Linear Representations of Finite Groups,
section 13.2; Dixon 1970 for the random element).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.metric import invariant_form
from intertwine.errors import CertificateError
from intertwine.hom.basis import Basis

Array = NDArray[np.float64]

MOST_COORDINATES = 400
MOST_ENTRIES = 20_000_000
_APART = 1e-6
_DRAWS = 8
_ROUNDING = 1e-12
_TYPES = {1: "real", 2: "complex", 4: "quaternionic"}


@dataclass(frozen=True, eq=False)
class IsotypicComponent:
    """The copies of one irreducible representation in an action.

    `copies[i]`, of shape (dimension, degree), has the i-th copy's basis vectors for columns,
    aligned: taking one copy's basis to another's is an intertwiner.  `forms[i]` are dual to them.
    `algebra` are the matrices, in such a basis, that commute with the group.
    """

    copies: Array
    forms: Array
    algebra: Array

    @property
    def degree(self) -> int:
        """The dimension of the irreducible representation."""
        return int(self.copies.shape[2])

    @property
    def multiplicity(self) -> int:
        """How many copies there are."""
        return len(self.copies)

    @property
    def type(self) -> str:
        """Whether its endomorphisms are the reals, the complex numbers or the quaternions."""
        return _TYPES[len(self.algebra)]

    def __str__(self) -> str:
        return f"{self.multiplicity} of degree {self.degree}, {self.type}"


Components = tuple[IsotypicComponent, ...]


def isotypic_components(action: Action, endomorphisms: Basis) -> Components:
    """The components of an action, by degree and then by their first coordinates.

    Raises:
        CertificateError: what was found does not add up to the exact dimension.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.structure import power
    >>> from intertwine.hom.rules import basis
    >>> pairs = power(SetAction(symmetric(5), "points"), 2)
    >>> print(*isotypic_components(pairs, basis(pairs, pairs)), sep="; ")
    2 of degree 1, real; 3 of degree 4, real; 1 of degree 5, real; 1 of degree 6, real
    """
    if not action.dimension:
        return ()
    root = _root(invariant_form(action))
    inverse = np.asarray(np.linalg.inv(root), np.float64)
    maps = endomorphisms.stack.toarray().reshape(-1, action.dimension, action.dimension)
    orthogonal = inverse @ maps.astype(np.float64) @ root
    spaces, other = _eigenspaces(orthogonal)
    found = [
        _component(members, other, orthogonal, root, inverse) for members in _alike(spaces, other)
    ]
    found.sort(key=lambda c: (c.degree, len(c.algebra), -c.multiplicity, _place(c)))
    degrees = sum(c.multiplicity * c.degree for c in found)
    dimension = sum(c.multiplicity**2 * len(c.algebra) for c in found)
    if (degrees, dimension) != (action.dimension, endomorphisms.dimension):
        raise CertificateError(
            f"{action} decomposes into {'; '.join(map(str, found))}, which does not add up to "
            f"dimension {action.dimension} with {endomorphisms.dimension} endomorphisms"
        )
    if not all(map(_divides, found)):
        raise CertificateError(f"{action} has a component that is not irreducible")
    return tuple(found)


@dataclass(frozen=True)
class IsotypicRow:
    """An irreducible representation, how often each side has it, and how many maps that gives."""

    degree: int
    type: str
    source: int
    target: int
    maps: int


def isotypic_table(source: Components, target: Components, maps: Basis) -> list[IsotypicRow]:
    """A row an irreducible representation of either side, those of the source first."""
    partner = {i: j for i, j, _ in paired(source, target, maps)}
    rows = []
    for number, c in enumerate(source):
        copies = target[partner[number]].multiplicity if number in partner else 0
        count = c.multiplicity * copies * len(c.algebra)
        rows.append(IsotypicRow(c.degree, c.type, c.multiplicity, copies, count))
    alone = [c for j, c in enumerate(target) if j not in partner.values()]
    return rows + [IsotypicRow(c.degree, c.type, 0, c.multiplicity, 0) for c in alone]


def paired(
    source: Components, target: Components, maps: Basis
) -> list[tuple[int, int, IsotypicComponent]]:
    """The numbers of components of source and target that are isomorphic, and the second aligned.

    Raises:
        CertificateError: what was found does not add up to the exact dimension.
    """
    if not maps.dimension:
        return []
    dice = np.random.default_rng(1)
    whole = (maps.stack.T @ dice.standard_normal(maps.dimension)).reshape(maps.rows, maps.columns)
    found = []
    for i, before in enumerate(source):
        for j, after in enumerate(target):
            between = after.forms[0].T @ whole @ before.copies[0]
            if before.degree != after.degree or np.abs(between).max() < _APART:
                continue
            turn = _isometry(between)
            found.append((i, j, replace(
                after, copies=after.copies @ turn, forms=after.forms @ turn,
                algebra=turn.T @ after.algebra @ turn,
            )))  # fmt: skip
    total = sum(source[i].multiplicity * t.multiplicity * len(t.algebra) for i, _, t in found)
    if total != maps.dimension:
        raise CertificateError(
            f"isotypic components give {total} maps, where there are {maps.dimension}"
        )
    return found


def _root(form: Array) -> Array:
    """A triangular R with `R R'` proportional to the form: the identity for orthogonal actions."""
    scaled = form * (len(form) / np.trace(form))
    one = np.eye(len(form))
    near = np.abs(scaled - one).max(initial=0) < _ROUNDING
    return one if near else np.asarray(np.linalg.cholesky(scaled), np.float64)


def _eigenspaces(orthogonal: Array) -> tuple[list[Array], Array]:
    """Those of the symmetric element, of some random ones, whose eigenvalues are best apart.

    And one more random element, which tells which of them are isomorphic.
    """
    dice = np.random.default_rng(0)
    best, spaces = 0.0, list[Array]()
    for _ in range(_DRAWS):
        element = np.tensordot(dice.standard_normal(len(orthogonal)), orthogonal, 1)
        values, vectors = np.linalg.eigh(element + element.T)
        steps = np.diff(values) / np.abs(values).max()
        jumps = np.flatnonzero(steps > _APART)
        least = float(steps[jumps].min(initial=1.0))
        if len(jumps) + 1 > len(spaces) or (len(jumps) + 1 == len(spaces) and least > best):
            best, spaces = least, np.split(vectors, jumps + 1, axis=1)
    return spaces, np.tensordot(dice.standard_normal(len(orthogonal)), orthogonal, 1)


def _alike(spaces: list[Array], other: Array) -> list[list[Array]]:
    """The irreducible spaces by isomorphism: a random intertwiner is zero between others."""
    classes: list[list[Array]] = []
    for space in spaces:
        for members in classes:
            same = members[0].shape == space.shape
            if same and np.abs(members[0].T @ other @ space).max() > _APART:
                members.append(space)
                break
        else:
            classes.append([space])
    return classes


def _component(
    members: list[Array], other: Array, orthogonal: Array, root: Array, inverse: Array
) -> IsotypicComponent:
    first = members[0]
    aligned = [first] + [m @ _isometry(m.T @ other @ first) for m in members[1:]]
    restricted = first.T @ orthogonal @ first
    algebra = _orthonormal(restricted)
    copies = np.stack([root @ space for space in aligned])
    forms = np.stack([inverse.T @ space for space in aligned])
    return IsotypicComponent(copies, forms, algebra)


def _isometry(between: Array) -> Array:
    """The orthogonal matrix that an intertwiner of irreducible spaces is a multiple of."""
    left, _, right = np.linalg.svd(between)
    return np.asarray(left @ right)


def _orthonormal(matrices: Array) -> Array:
    """A basis of their span, the identity first, each of squared norm the degree."""
    count, degree, _ = matrices.shape
    flat = matrices.reshape(count, degree * degree)
    unit = np.eye(degree).ravel() / np.sqrt(degree)
    rest = flat - np.outer(flat @ unit, unit)
    values, rows = np.linalg.svd(rest, full_matrices=False)[1:]
    kept = rows[: int((values > _APART * max(1.0, float(values[0]))).sum())]
    basis = np.concatenate([unit[None], kept]) * np.sqrt(degree)
    return np.asarray(basis.reshape(-1, degree, degree))


def _divides(component: IsotypicComponent) -> bool:
    """Whether all elements of the algebra but the identity square to minus the identity.

    Those of a division algebra do, by Schur's lemma and Frobenius' theorem, as they are orthonormal
    beside the identity; a projection onto one of two irreducible parts does not.
    """
    one = np.eye(component.degree)
    return all(np.abs(j @ j + one).max() < _APART for j in component.algebra[1:])


def _place(component: IsotypicComponent) -> int:
    """The first coordinate on which it is not zero."""
    return int((np.abs(component.copies).max(axis=(0, 2)) > _APART).argmax())
