"""The rule of fibres (Mackey): one small nullspace a pair orbital.

Let source and target be sums of fibres over points that the group permutes.  An intertwiner is a
matrix of blocks, one a pair of points, and the block at g(o, i) is that at (o, i) carried by g.
The block at a representative may be any matrix that commutes with the stabilizer of the pair, and
those are all conditions: Hom is the direct sum, over the orbitals of pairs of points, of
Hom_H(fibre at i, fibre at o), H the stabilizer of both (Mackey 1951).  Permutations, signs, plain
matrices and steerable kernels are this rule with fibres of dimension 1, +-1, n over one point, and
small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.linear import Sparse, sparse
from intertwine.algebra.scalars import Array
from intertwine.errors import CertificateError
from intertwine.group.orbit import SchreierTree, orbit_labels, orbit_transversal, schreier_tree
from intertwine.group.permutation import Indices
from intertwine.hom.basis import Basis, triangular
from intertwine.hom.carry import Row, carried_down, moved_block
from intertwine.hom.fibration import Fibration
from intertwine.hom.local import LocalSpace, SmallGroup, integer_basis, local_space, real_basis
from intertwine.hom.pattern import Listed, Pattern, canonical, smallest_signed_type
from intertwine.hom.subgroup import Subgroup
from intertwine.limits import require, spend
from intertwine.progress import track

_ROUNDING = 1e-3
_NOISE = 1e-12
_SECONDS_AN_ORBITAL = 3e-4
_ADVICE = "ask for the dimension alone with `intertwine count`, or take smaller actions"


@dataclass(frozen=True, eq=False)
class Orbital:
    """An orbital of pairs of points, by its representative, and the intertwiners over it.

    `row` is the stabilizer of the target's point, `group` that of the pair as it acts on the block;
    the orbital has `pairs` pairs.
    """

    target: int
    source: int
    row: Subgroup
    group: SmallGroup
    space: LocalSpace
    pairs: int


def orbitals(fibration: Fibration) -> list[Orbital]:
    """All orbitals with their local spaces, by target orbit and then by the source's point."""
    rows, columns = fibration.target, fibration.source
    count, degree = rows.points.dimension, columns.points.dimension
    labels = orbit_labels([g.images for g in rows.points.generators], count)
    roots = zip(orbit_transversal(labels).tolist(), np.bincount(labels).tolist(), strict=True)
    found = []
    for root, length in track(list(roots), "stabilizers"):
        row = fibration.whole.stabilizer(root, length)
        moved = [fibration.source_images(g) for g in row.generators]
        row_labels = orbit_labels(moved, degree)
        sizes = np.bincount(row_labels).tolist()
        spend(_SECONDS_AN_ORBITAL * len(sizes), "the orbitals of pairs of points", _ADVICE)
        for place, size in zip(orbit_transversal(row_labels).tolist(), sizes, strict=True):
            pair = row.stabilizer(count + place, size)
            fibres = rows.fibres[root], columns.fibres[place]
            group = fibration.over(pair, *fibres)
            space = local_space(group, (len(fibres[0]), len(fibres[1])), fibration.modulus(0))
            found.append(Orbital(root, place, row, group, space, length * size))
    return found


@dataclass(frozen=True, eq=False)
class Fibred(Basis):
    """The intertwiners between fibred actions, by orbital and then by their first entries there.

    Where all matrices are rational, elements are exact: integers without a common factor, echelon
    over the representative of their orbital.  Else they are rounded and orthonormal; element k of
    an orbital is positive at its own pivot and zero at those before.
    """

    fibration: Fibration
    orbitals: tuple[Orbital, ...]

    @classmethod
    def between(cls, source: Action, target: Action) -> Fibred:
        """Solve every orbital."""
        fibration = Fibration(source, target)
        found = tuple(orbitals(fibration))
        dimension = sum(orbital.space.dimension for orbital in found)
        return cls(target.dimension, source.dimension, dimension, fibration, found)

    @property
    def rational(self) -> bool:
        """Whether all matrices are."""
        return self.fibration.rational

    @cached_property
    def starts(self) -> list[int]:
        """The number of the first element over each orbital, and their number in all."""
        return [*accumulate((o.space.dimension for o in self.orbitals), initial=0)]

    @property
    def widest(self) -> int:
        """The largest number of elements over one orbital."""
        return max((orbital.space.dimension for orbital in self.orbitals), default=0)

    def first_elements(self, root: int) -> Indices:
        """Over a representative of a target orbit the first element at each source coordinate."""
        found = np.zeros(self.columns, dtype=np.intp)
        for start, orbital in zip(self.starts, self.orbitals, strict=False):
            if orbital.target == root:
                for point in self._tree(orbital).points.tolist():
                    found[self.fibration.source.fibres[point]] = start
        return found

    def _tree(self, orbital: Orbital) -> SchreierTree:
        """Over the points of the source in the row of an orbital's representative."""
        moves = [self.fibration.source_images(g) for g in orbital.row.generators]
        return schreier_tree(moves, orbital.source, self.fibration.source.points.dimension)

    def pattern(self) -> Pattern:
        """The same as a pattern, where neither side acts by matrices."""
        listed = self.stack.tocoo()
        codes = np.zeros(self.rows * self.columns, dtype=smallest_signed_type(self.dimension))
        codes[listed.coords[1]] = (listed.coords[0] + 1) * listed.data
        return Listed.of(canonical(codes.reshape(self.rows, self.columns), self.dimension))

    def make_stack(self) -> Sparse:
        """Every orbital carried over all its pairs."""
        if not self.dimension:
            nothing = np.empty(0, dtype=np.intp)
            return self._stack(nothing, nothing, np.empty(0, np.int64 if self.rational else float))
        elements, entries, values = self._carried()
        if not self.rational:
            made = self._orthonormal(self._stack(elements, entries, values))
            # Orthonormal elements have no entries as small as what rounding leaves.
            made.data[np.abs(made.data) < _NOISE] = 0
            made.eliminate_zeros()
            return made
        scaled = values * self.fibration.denominator
        integers = np.rint(scaled)
        if np.abs(scaled - integers).max(initial=0) > _ROUNDING:
            raise CertificateError("carried blocks are not the fractions that they must be")
        exact = integers.astype(np.int64)
        if self.fibration.denominator > 1:
            content = np.ones(self.dimension, dtype=np.int64)
            order = np.argsort(elements, kind="stable")
            firsts = np.unique(elements[order], return_index=True)
            content[firsts[0]] = np.gcd.reduceat(exact[order], firsts[1])
            exact //= content[elements]
        return self._stack(elements, entries, exact)

    def _orthonormal(self, raw: Sparse) -> Sparse:
        """Orbital by orbital, triangular at the pivots."""
        from scipy.sparse import block_diag, csr_array

        if self.fibration.keeps_scale and not self.rational:
            blocks = self._blocks
            grams = [o.pairs * (b @ b.T) for o, b in zip(self.orbitals, blocks, strict=True)]
        else:
            bounds = zip(self.starts[:-1], self.starts[1:], strict=True)
            gram = raw @ raw.T
            grams = [gram[a:b, a:b].toarray() for a, b in bounds]
        changes = [triangular(gram) for gram in grams if len(gram)]
        return (csr_array(block_diag(changes)) @ raw) if changes else raw

    @cached_property
    def _blocks(self) -> list[Array]:
        """Over each representative the echelon basis, a matrix a row; integers where exact."""
        if not self.rational:
            return [real_basis(o.group, o.space) for o in self.orbitals]
        return [integer_basis(o.group, o.space, self.fibration.modulus) for o in self.orbitals]

    def orthonormal(self) -> Sparse:
        """Made so orbital by orbital, triangular at the pivots."""
        return self._orthonormal(self.stack.astype(np.float64)) if self.rational else self.stack

    def _stack(self, elements: Indices, entries: Indices, values: NDArray[np.generic]) -> Sparse:
        return sparse(values, elements, entries, (self.dimension, self.rows * self.columns))

    def _carried(self) -> tuple[Indices, Indices, Array]:
        """The entries of the echelon elements: element, place, value."""
        fibration = self.fibration
        rows = fibration.target
        size = self.rows * self.columns * max(1, self.widest)
        require(24 * size, f"{self.dimension} maps", _ADVICE)
        moves = [g.images[: rows.points.dimension] for g in fibration.whole.generators]
        found = []
        for root in dict.fromkeys(orbital.target for orbital in self.orbitals):
            tree = schreier_tree(moves, root, rows.points.dimension)
            for point, carried in carried_down(tree, self._row(root), fibration):
                found.append(self._entries(point, *carried))
        parts = zip(*found, strict=True) if found else ([np.empty(0, np.intp)],) * 3
        elements, entries, values = (np.concatenate(part) for part in parts)
        return elements, entries, values

    def _row(self, root: int) -> Row:
        """The elements in the rows over a representative of a target orbit."""
        fibration, columns = self.fibration, self.fibration.source
        rows = fibration.target.fibres[root]
        values = np.zeros((self.widest, len(rows), self.columns))
        labels = np.full(columns.points.dimension, -1, dtype=np.intp)
        for number, orbital in enumerate(self.orbitals):
            if orbital.target != root:
                continue
            places = columns.fibres[orbital.source]
            block = self._blocks[number].reshape(orbital.space.dimension, len(rows), len(places))
            values[: len(block), :, places] = block
            tree, generators = self._tree(orbital), orbital.row.generators
            labels[tree.points] = number
            for level in tree.levels[1:]:
                for edge in np.unique(tree.edge[level]).tolist():
                    children = level[tree.edge[level] == edge]
                    left, right = fibration.carrying(generators[edge])
                    places = np.concatenate([columns.fibres[child] for child in children])
                    values[:, :, places] = moved_block(
                        values, left[rows][:, rows], right[:, places]
                    )
        return values, labels

    def _entries(
        self, point: int, values: Array, labels: Indices
    ) -> tuple[Indices, Indices, Array]:
        """The nonzero entries in the rows over a point."""
        rows = self.fibration.target.fibres[point]
        depth, row, column = np.nonzero(values)
        orbital = labels[self.fibration.source.action.fibre_of[column]]
        elements = np.array(self.starts, dtype=np.intp)[orbital] + depth
        return elements, rows[row] * self.columns + column, values[depth, row, column]
