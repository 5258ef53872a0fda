"""The real irreducible representations that have a closed form: of S_n, C_n and D_n.

Those of S_n are the Specht modules (James, The Representation Theory of the Symmetric Groups,
1978), on the polytabloids e_t of the standard tableaux t of a shape.  A permutation g takes e_t to
e_{g t}.  The tabloids of standard tableaux occur in standard polytabloids with a unitriangular
matrix A, so that A and their coefficients B in the images give the integer matrix A^-1 B of g.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, prod
from typing import TypeGuard

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

from intertwine.action.action import Action, Trivial
from intertwine.action.frame import MOST_ENTRIES, MOST_VECTORS
from intertwine.action.matrices import Matrices
from intertwine.algebra.matrix import ExactMatrix
from intertwine.errors import SpecError, TooLargeError, shown
from intertwine.group.group import Group
from intertwine.group.rotation import dihedral_turned, turned

MOST_DIMENSION = 200
MOST_POINTS = 60

Label = int | str | Sequence[int]
Partition = tuple[int, ...]

_WORDS = {"trivial": (1, 1), "sign": (1, -1), "alternating": (-1, 1), "alternating_sign": (-1, -1)}


def irrep(group: Group, label: Label) -> Action:
    """A real irreducible representation of a symmetric, cyclic or dihedral group.

    Args:
        group: S_n, C_n or D_n as `symmetric`, `cyclic` and `dihedral` make them.
        label: of S_n a partition of n, for its Specht module: [n] is the trivial representation,
            [1, ..., 1] the sign and [n-1, 1] that on sums 0.  Of C_n a whole number k modulo n:
            turns by 2 pi k / n, which 0 and n/2 make the numbers 1 and -1.  Of D_n the same k from
            1 to (n-1)//2, or "trivial", "sign" (-1 on reflections), and for an even n "alternating"
            (-1 on `rotation`) or "alternating_sign" (-1 on both).

    Raises:
        SpecError: a group or a label of which no closed form is known.
        TooLargeError: more dimensions, frame vectors or points than are worked with.

    >>> from intertwine.group.named import dihedral, symmetric
    >>> action = irrep(symmetric(4), [2, 1, 1])
    >>> print(action, action.dimension, irrep(dihedral(5), 2).dimension)
    irrep(2, 1, 1) 3 2
    """
    family, n = _family(group)
    if family == "symmetric":
        name, matrices = _of_symmetric(n, label)
    elif family == "cyclic":
        name, matrices = _of_cyclic(n, label)
    else:
        name, matrices = _of_dihedral(n, label)
    if not group.generators:
        return Trivial(group)
    return Matrices(group, matrices, f"irrep({name})")


def irreps(group: Group) -> Iterator[Label]:
    """The label of each real irreducible representation once; for S_n those too large to make, too.

    >>> from intertwine.group.named import cyclic, dihedral, symmetric
    >>> list(irreps(symmetric(4)))
    [(4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1)]
    >>> list(irreps(cyclic(6))), list(irreps(dihedral(6)))
    ([0, 1, 2, 3], ['trivial', 'sign', 'alternating', 'alternating_sign', 1, 2])
    """
    family, n = _family(group)
    if family == "symmetric":
        return _partitions(n, n)
    if family == "cyclic":
        return iter(range(n // 2 + 1))
    return iter((*_words(n), *range(1, (n + 1) // 2)))


def _family(group: Group) -> tuple[str, int]:
    family, n = group.family or ("", 0)
    if family not in ("symmetric", "cyclic", "dihedral"):
        raise SpecError(
            f"irrep, of the group {shown(str(group))}",
            "a symmetric group (label: a partition), a cyclic one (a whole number) or a dihedral "
            f"one (a whole number, or {', '.join(_WORDS)})",
            f"say of which factor, such as `factor: {next(iter(group.factors))}`"
            if group.factors
            else "list the matrix of each generator with `matrices`",
        )
    return family, n


def _of_cyclic(n: int, label: Label) -> tuple[str, tuple[ExactMatrix, ...]]:
    if not _whole(label):
        raise SpecError(
            f"{shown(label)}, of C_{n}", "a whole number k, for the turns by 2 pi k/n", "choose one"
        )
    k = int(label) % n
    if 2 * k % n == 0:
        return str(k), (_number(-1 if k else 1),)
    return str(k), (turned(Fraction(k, n)),)


def _of_dihedral(n: int, label: Label) -> tuple[str, tuple[ExactMatrix, ...]]:
    words = _words(n)
    if isinstance(label, str) and label in words:
        return label, tuple(map(_number, _WORDS[label]))
    planes = (n - 1) // 2
    if not _whole(label) or not 1 <= int(label) <= planes:
        numbers = f"a whole number from 1 to {shown(planes)}, or " if planes else ""
        raise SpecError(f"{shown(label)}, of D_{n}", f"{numbers}{' or '.join(words)}", "choose one")
    k = int(label)
    return str(k), dihedral_turned(Fraction(k, n))


def _words(n: int) -> list[str]:
    return list(_WORDS)[: 2 if n % 2 else 4]


def _whole(label: object) -> TypeGuard[int]:
    return isinstance(label, int | np.integer) and not isinstance(label, bool)


def _number(value: int) -> ExactMatrix:
    return ExactMatrix.integral([[value]])


def _of_symmetric(n: int, label: Label) -> tuple[str, tuple[ExactMatrix, ...]]:
    shape = _partition(n, label)
    dimension, vectors = hook_length(shape), _frame_size(shape)
    large = vectors > MOST_VECTORS or vectors * dimension > MOST_ENTRIES
    if dimension > MOST_DIMENSION or large:
        raise TooLargeError(
            f"the irreducible representation {shown(list(shape))} of S_{n} has dimension "
            f"{shown(dimension)} and {shown(vectors)} polytabloids, and the limits are "
            f"{MOST_DIMENSION}, {MOST_VECTORS} and {MOST_ENTRIES} for both multiplied: "
            "take a smaller one"
        )
    generators = [[1, 0, *range(2, n)], [*range(1, n), 0]][: max(0, min(n - 1, 2))]
    return ", ".join(map(str, shape)), _specht(shape, generators)


def _partition(n: int, label: Label) -> Partition:
    """The partition that a label is, of a size that is worked with."""
    parts = list(label) if isinstance(label, list | tuple) else []
    if (
        not all(_whole(part) and part > 0 for part in parts)
        or sum(parts) != n
        or sorted(parts, reverse=True) != parts
    ):
        raise SpecError(
            f"{shown(label)}, of S_{shown(n)}",
            f"a partition of {shown(n)}: positive integers, decreasing, of sum {shown(n)}",
            f"write one such as {shown([n - 1, 1] if n > 1 else [1])}",
        )
    if n > MOST_POINTS:
        raise TooLargeError(
            f"irreducible representations of S_{shown(n)} are not made for more than {MOST_POINTS} "
            f"points: the one of [{shown(n - 1)}, 1] is the standard one of its points"
        )
    return tuple(int(part) for part in parts)


def hook_length(shape: Partition) -> int:
    """The dimension of a Specht module, by the formula of Frame, Robinson and Thrall.

    >>> hook_length((3, 2)), hook_length((4, 3, 2, 1))
    (5, 768)
    """
    below = [sum(part > j for part in shape) for j in range(shape[0])]
    hooks = (part - j + below[j] - i - 1 for i, part in enumerate(shape) for j in range(part))
    return factorial(sum(shape)) // prod(hooks)


def _frame_size(shape: Partition) -> int:
    """How many vectors +e_t and -e_t there are: e_t is, up to sign, its columns without order."""
    columns = [sum(part > j for part in shape) for j in range(shape[0])]
    same = prod(factorial(m) for m in Counter(columns).values())
    lines = factorial(sum(shape)) // (same * prod(map(factorial, columns)))
    return lines if columns[0] == 1 else 2 * lines


def _specht(shape: Partition, generators: Sequence[Sequence[int]]) -> tuple[ExactMatrix, ...]:
    """The matrices of some permutations, given by their images, on the standard polytabloids."""
    rows = np.array(list(_standard(shape)), dtype=np.int8)
    tableaux = [_columns_of(word) for word in rows.tolist()]
    still = fmpz_mat(_coefficients(rows, tableaux).tolist())
    inverse = still.inv(True)
    found = []
    for image in generators:
        moved = [[[image[x] for x in column] for column in columns] for columns in tableaux]
        product = inverse * fmpz_mat(_coefficients(rows, moved).tolist())
        found.append(ExactMatrix.integral([[int(x) for x in row] for row in product.tolist()]))
    return tuple(found)


def _standard(shape: Partition) -> Iterator[list[int]]:
    """The standard tableaux, each as the row of every entry: a lattice word, in order."""
    heights = [0] * len(shape)
    word: list[int] = []

    def extended() -> Iterator[list[int]]:
        if len(word) == sum(shape):
            yield list(word)
        for row, part in enumerate(shape):
            if heights[row] < part and (row == 0 or heights[row - 1] > heights[row]):
                heights[row] += 1
                word.append(row)
                yield from extended()
                word.pop()
                heights[row] -= 1

    return extended()


def _columns_of(word: Sequence[int]) -> list[list[int]]:
    """The entries of each column from the top, where row r has the entries x with word[x] = r."""
    columns: list[list[int]] = [[] for _ in range(word.count(0))]
    filled = Counter[int]()
    for entry, row in enumerate(word):
        columns[filled[row]].append(entry)
        filled[row] += 1
    return columns


def _coefficients(
    rows: NDArray[np.int8], tableaux: Sequence[Sequence[Sequence[int]]]
) -> NDArray[np.int64]:
    """Entry (s, t) is the coefficient in e_t of the tabloid whose rows are rows[s].

    It is not zero where every column of t meets the rows 0, 1, ... in some order; it is then the
    product of the signs of these orders.
    """
    table = np.zeros((len(rows), len(tableaux)), dtype=np.int64)
    for number, columns in enumerate(tableaux):
        value = np.ones(len(rows), dtype=np.int8)
        for column in columns:
            met = rows[:, column]
            value[met.max(axis=1) >= len(column)] = 0
            for i, j in combinations(range(len(column)), 2):
                value *= np.sign(met[:, j] - met[:, i])
        table[:, number] = value
    return table


def _partitions(n: int, largest: int) -> Iterator[Partition]:
    """All partitions of n into parts of at most `largest`, from the largest first part down."""
    if not n:
        yield ()
    for part in range(min(n, largest), 0, -1):
        for rest in _partitions(n - part, part):
            yield (part, *rest)
