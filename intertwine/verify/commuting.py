"""Whether maps commute with matrices, how many do, and whether they are a basis as we write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, prod

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import PageError
from intertwine.group.orbit import components

Array = NDArray[np.float64]
# A generator on the target and on the source.
Pair = tuple[Array, Array]

ROUNDING = 1e-9
_LARGEST_SYSTEM = 1500
_MOST_ELEMENTS = 20_000
_MOST_NUMBERS = 30_000_000
_MOST_MIXED = 2_000_000
_LARGEST_ENTRY = 1e9
_LARGEST_DENOMINATOR = 10_000


def residual(name: str, stack: Array, pairs: Sequence[Pair]) -> float:
    """How far the maps are from commuting, entry by entry; refused beyond rounding."""
    from scipy.sparse import csr_array

    count, rows, columns = stack.shape
    by_row = stack.transpose(1, 0, 2).reshape(rows, count * columns)
    by_column = stack.transpose(2, 0, 1).reshape(columns, count * rows)
    worst = 0.0
    for left, right in pairs:
        moved = (csr_array(left) @ by_row).reshape(rows, count, columns).transpose(1, 0, 2)
        other = (csr_array(right.T) @ by_column).reshape(columns, count, rows).transpose(1, 2, 0)
        worst = max(worst, float(np.abs(moved - other).max(initial=0)))
    if not worst <= ROUNDING * max(1.0, float(np.abs(stack).max(initial=0))):
        raise PageError(f"{name} do not commute: they are {worst:.0e} apart")
    return worst


def rank(rows: Array) -> int:
    """The number of singular values that are no rounding errors, of rows scaled to length 1."""
    lengths = np.linalg.norm(rows, axis=1)
    scaled = rows[lengths > ROUNDING] / lengths[lengths > ROUNDING, None]
    gram = scaled @ scaled.T if len(scaled) < scaled.shape[1] else scaled.T @ scaled
    return int((np.linalg.eigvalsh(gram) > ROUNDING).sum()) if gram.size else 0


def nullity(pairs: Sequence[Pair], shape: Sequence[int]) -> int | None:
    """The dimension of what commutes, by its constraints; None where they are too many."""
    if prod(shape) > _LARGEST_SYSTEM:
        return None
    blocks = [
        np.kron(left, np.eye(shape[1])) - np.kron(np.eye(shape[0]), right.T)
        for left, right in pairs
    ]
    return prod(shape) - rank(np.concatenate([np.zeros((0, prod(shape))), *blocks]))


def characters(moves: Mapping[str, list[Array]]) -> dict[str, Array] | None:
    """The traces of all elements of a group on several spaces, by generators; None where it is big.

    Elements are told apart by what they make of a random vector.
    """
    size = sum(len(one[0]) ** 2 for one in moves.values() if one)
    count = len(next(iter(moves.values())))
    wild = any(np.abs(m).max(initial=0) > _LARGEST_ENTRY for one in moves.values() for m in one)
    if not count or wild:
        return None
    dice = np.random.default_rng(0)
    start = {name: np.eye(len(one[0])) for name, one in moves.items()}
    vectors = {name: dice.standard_normal(len(one)) for name, one in start.items()}

    def label(element: Mapping[str, Array]) -> bytes:
        spread = np.concatenate([element[name] @ vectors[name] for name in start])
        whole: bytes = np.rint(spread.clip(-_LARGEST_ENTRY, _LARGEST_ENTRY) * 1e6).tobytes()
        return whole

    known, queue = {label(start)}, [start]
    traces: dict[str, list[float]] = {name: [] for name in start}
    while queue:
        element = queue.pop()
        for name, matrix in element.items():
            traces[name].append(float(np.trace(matrix)))
        for number in range(count):
            moved = {name: moves[name][number] @ matrix for name, matrix in element.items()}
            if (named := label(moved)) not in known:
                if len(known) >= min(_MOST_ELEMENTS, _MOST_NUMBERS // max(1, size)):
                    return None
                known.add(named)
                queue.append(moved)
    return {name: np.array(values) for name, values in traces.items()}


def rational(matrices: Sequence[Array]) -> bool:
    """Whether all entries are small fractions."""
    values = {v for m in matrices for v in np.unique(m).tolist()}
    near = (float(Fraction(v).limit_denominator(_LARGEST_DENOMINATOR)) for v in values)
    return all(abs(n - v) < 1e-13 for n, v in zip(near, values, strict=True))


def check_normal(name: str, stack: Array, pairs: Sequence[Pair], exact: bool) -> None:
    """Refuse a basis in another form than that which the solver gives.

    Each map lies over one component of the entries that generators mix.  Of rational matrices it
    has integers without a common factor and an entry of its own; else the maps are orthonormal.
    """
    flat = stack.reshape(len(stack), prod(stack.shape[1:]))
    large = np.abs(flat) > ROUNDING * np.abs(flat).max(initial=1)
    labels = _components(pairs, stack.shape[1:])
    over = [np.unique(labels[row]) for row in large]
    if any(len(several) != 1 for several in over):
        raise PageError(f"{name} are no basis over single orbits of entries")
    if not exact:
        if np.abs(flat @ flat.T - np.eye(len(flat))).max(initial=0) > 1e-7:
            raise PageError(f"{name} are not orthonormal")
        return
    integers = np.rint(flat).astype(np.int64)
    factors = [gcd(*row.tolist()) for row in integers]
    if np.abs(flat - integers).max(initial=0) > 1e-7 or any(factor != 1 for factor in factors):
        raise PageError(f"{name} are no integers without a common factor")
    where = np.array([one[0] for one in over])
    for number, row in enumerate(large):
        if not (row & (large[where == where[number]].sum(axis=0) == 1)).any():
            raise PageError(f"{name} are in no echelon form")


def _components(pairs: Sequence[Pair], shape: Sequence[int]) -> NDArray[np.intp]:
    """Labels of the entries, alike where the generators mix them, in several steps too.

    Where there are too many pairs of entries to list, alike where they mix the rows and the
    columns: entries that are alike are among these.
    """
    # T = L T R^-1 mixes entry (j', i') into (j, i) where L[j, j'] and R^-1[i', i] are not 0.
    sides = [
        (
            np.argwhere(np.abs(left) > ROUNDING),
            np.argwhere(np.abs(np.linalg.inv(right)).T > ROUNDING),
        )
        for left, right in pairs
    ]
    if sum(len(rows) * len(columns) for rows, columns in sides) > _MOST_MIXED:
        row, column = (
            components(size, [(edges[side][:, 0], edges[side][:, 1]) for edges in sides])
            for side, size in enumerate(shape)
        )
        alike: NDArray[np.intp] = (row[:, None] * (column.max() + 1) + column).ravel()
        return alike
    edges = [
        tuple((rows[:, None, end] * shape[1] + columns[None, :, end]).ravel() for end in (0, 1))
        for rows, columns in sides
    ]
    return components(prod(shape), [(start, end) for start, end in edges])
