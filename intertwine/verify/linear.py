"""Layers by matrices, checked again: their maps commute, are independent, all there are, normal.

The maps are read off the page, one unit weight after another; that they are right is proved from
the generators.  Up to rounding they must lie in the space of intertwiners; their number must be its
dimension, by characters or by the nullity of its constraints; and each must have the form of a
basis element: over one orbit of entries, integers without a common factor in echelon form, or
orthonormal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd, prod

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import PageError
from intertwine.group.orbit import components
from intertwine.limits import require
from intertwine.numerals import many
from intertwine.verify.coded import point
from intertwine.verify.docstring import (
    Claim,
    bias_claims,
    dimension_claims,
    listed_claims,
    shape_claims,
)
from intertwine.verify.facts import Image, Key, Layer
from intertwine.verify.maps import Array, Biases, Maps, Sizes, Weights

ROUNDING = 1e-9
_LARGEST_SYSTEM = 1500
_MOST_ELEMENTS = 20_000
_MOST_NUMBERS = 30_000_000
_LARGEST_ENTRY = 1e9
_MOST_MIXED = 2_000_000
_LARGEST_DENOMINATOR = 10_000

Pair = tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class LinearMaps(Maps):
    """Maps by their entries: `stacks[key]` has shape (maps, output points, input points)."""

    stacks: Weights
    bias_stacks: Biases

    def dense(self, key: Key, weight: Array, sizes: Sizes) -> Array:
        """The weights times the maps."""
        stack = self.stacks[key]
        across = weight.reshape(len(stack), prod(weight.shape[1:])).T
        flat = across @ stack.reshape(len(stack), prod(stack.shape[1:]))
        made = flat.reshape(*weight.shape[1:], *stack.shape[1:])
        return np.moveaxis(made, 1, 2)

    def constants(self, target: str, bias: Array, sizes: Sizes) -> Array:
        """The biases times the invariants."""
        return np.asarray(bias.T @ self.bias_stacks[target])


def linear_maps(where: str, layer: Layer, stacks: Weights, bias_stacks: Biases) -> LinearMaps:
    """What the page's maps are, proved to be all there are in normal form.

    `stacks` and `bias_stacks` are what it makes of unit weights.
    """
    doc = " ".join(layer.doc.split())
    restricted = "Support: " in doc or "Boundary: " in doc
    matrices = _matrices(layer)
    lefts = {t: [move[1][t] for move in matrices] for t in layer.outputs}
    rights = {s: [move[0][s] for move in matrices] for s in layer.inputs}
    exact = {(t, "output"): all(map(_rational, moves)) for t, moves in lefts.items()}
    exact |= {(s, "input"): all(map(_rational, moves)) for s, moves in rights.items()}
    elements = _elements(lefts, rights)
    order = None if elements is None else len(next(iter(elements.values())))
    total, worst, whole = 0, 0.0, not restricted
    for t, s in [*layer.keys, *((t, None) for t in layer.outputs)]:
        stack = bias_stacks[t][:, :, None] if s is None else stacks[t, s]
        pairs = list(zip(lefts[t], [np.eye(1)] * len(matrices) if s is None else rights[s],
                         strict=True))  # fmt: skip
        name = f"{where}: the maps of {t} from {s or 'bias'}"
        worst = max(worst, _residual(name, stack, pairs))
        count = None
        if elements is not None:
            others = 1.0 if s is None else elements[s, "input"]
            count = round(float(np.mean(elements[t, "output"] * others)))
        elif prod(stack.shape[1:]) <= _LARGEST_SYSTEM:
            count = prod(stack.shape[1:]) - _rank(_constraints(pairs, stack.shape[1:]))
        if s is not None and not restricted:
            total += len(stack) if count is None else count
        whole = whole and count is not None
        if _rank(stack.reshape(len(stack), prod(stack.shape[1:]))) < len(stack):
            raise PageError(f"{name} depend on one another")
        if count is not None and (len(stack) > count or (len(stack) < count and not restricted)):
            raise PageError(f"{name} are {len(stack)}; those that commute are {count}")
        if not restricted or s is None:
            _check_normal(name, stack, pairs, exact[t, "output"] and (s is None or exact[s, "input"]))
    kept = {key: len(stack) for key, stack in stacks.items()}
    claims = _claims(layer, doc, restricted, total, kept, stacks, bias_stacks)
    stated = re.search(r"of order (\d+)[.,](?!\d)", doc)
    if order is not None and stated is not None and int(stated[1]) % order:
        claims.append(Claim("its order, or a divisor", r"of order (\d+)[.,](?!\d)", str(order)))
    told = (
        f"{many(sum(kept.values()), 'independent map')} commuting with its "
        f"{many(len(matrices), 'generator')}, residual {worst:.0e}"
    )
    if restricted:
        told += "; which a support keeps was not checked"
    else:
        told += "; all there are" if whole else "; whether they are all was not checked (too many)"
    bias_rows = {t: len(stack) for t, stack in bias_stacks.items()}
    variances = _variances(layer, lefts, rights, stacks)
    return LinearMaps(layer, kept, bias_rows, variances, claims, told, stacks, bias_stacks)


def _claims(
    layer: Layer,
    doc: str,
    restricted: bool,
    total: int,
    kept: Mapping[Key, int],
    stacks: Weights,
    bias_stacks: Biases,
) -> list[Claim]:
    bias = sum(map(len, bias_stacks.values()))
    claims = [
        *([] if restricted else dimension_claims(total, bias)),
        *shape_claims(layer),
        Claim("the maps that are kept", r"Support: (\d+) of these", str(sum(kept.values()))),
    ]
    if "Boundary: " not in doc:
        tested = r"tested against (\d+ generators?)"
        claims.append(Claim("its generators", tested, many(len(layer.generators), "generator")))
    for (t, s), stack in stacks.items():
        shapes = layer.shape(layer.outputs[t], {}), layer.shape(layer.inputs[s], {})
        words = []
        for one in stack:
            rows, columns = np.nonzero(np.abs(one) > ROUNDING * np.abs(one).max())
            first = f"{point(int(rows[0]), shapes[0])} <- {point(int(columns[0]), shapes[1])}"
            words.append(f"{first}, {many(len(rows), 'entry')}")
        claims += listed_claims(layer, (t, s), words)
    for t, rows_ in bias_stacks.items():
        shape = layer.shape(layer.outputs[t], {})
        spots = [np.flatnonzero(np.abs(row) > ROUNDING * np.abs(row).max()) for row in rows_]
        words = [f"{point(int(p[0]), shape)}, {many(len(p), 'coordinate')}" for p in spots]
        claims += bias_claims(layer, t, words)
    return claims


def _matrices(layer: Layer) -> list[tuple[dict[str, Array], dict[str, Array]]]:
    """The matrix of every generator on every input, and on every output."""
    sides = (layer.inputs, layer.outputs)
    sizes = [layer.points(axes) for side in sides for axes in side.values()]
    require(
        8 * len(layer.generators) * sum(n * n for n in sizes), "the generators", "raise --memory"
    )
    return [
        (
            dict(zip(layer.inputs, map(_matrix, images[0]), strict=True)),
            dict(zip(layer.outputs, map(_matrix, images[1]), strict=True)),
        )
        for images in layer.generators.values()
    ]


def _matrix(image: Image) -> Array:
    """The matrix of a signed permutation, or of rows and values column by column."""
    if isinstance(image, tuple):
        rows, values = image
    else:
        rows, values = (np.abs(image) - 1)[:, None], np.sign(image).astype(float)[:, None]
    matrix = np.zeros((len(rows), len(rows)))
    np.add.at(matrix, (rows.T, np.arange(len(rows))), values.T)
    return matrix


def _rational(matrix: Array) -> bool:
    """Whether all entries are small fractions."""
    values = np.unique(matrix[matrix != 0]).tolist()
    near = (Fraction(v).limit_denominator(_LARGEST_DENOMINATOR) for v in values)
    return all(abs(float(n) - v) < 1e-13 for n, v in zip(near, values, strict=True))


def _elements(
    lefts: Mapping[str, list[Array]], rights: Mapping[str, list[Array]]
) -> dict[tuple[str, str], Array] | None:
    """The characters of all fields over the group that the generators generate, if it is small.

    Elements are told apart by what they make of a random vector.
    """
    blocks = {(t, "output"): ms for t, ms in lefts.items()}
    blocks |= {(s, "input"): ms for s, ms in rights.items()}
    size = sum(len(ms[0]) ** 2 for ms in blocks.values() if ms)
    most = min(_MOST_ELEMENTS, _MOST_NUMBERS // max(1, size))
    if not all(np.abs(m).max(initial=0) < _LARGEST_ENTRY for ms in blocks.values() for m in ms):
        return None
    starts = {key: np.eye(len(ms[0])) for key, ms in blocks.items() if ms}
    if not starts:
        return None
    dice = np.random.default_rng(0)
    vectors = {key: dice.standard_normal(len(one)) for key, one in starts.items()}

    def name(element: Mapping[tuple[str, str], Array]) -> bytes:
        spread = np.concatenate([element[key] @ vectors[key] for key in starts])
        spread = np.clip(spread, -_LARGEST_ENTRY, _LARGEST_ENTRY)
        return np.round(spread * 1e6 + 0.37).astype(np.int64).tobytes()

    known, queue = {name(starts)}, [starts]
    characters: dict[tuple[str, str], list[float]] = {key: [] for key in starts}
    while queue:
        element = queue.pop()
        for key, matrix in element.items():
            characters[key].append(float(np.trace(matrix)))
        for number in range(len(next(iter(blocks.values())))):
            moved = {key: blocks[key][number] @ matrix for key, matrix in element.items()}
            if (label := name(moved)) not in known:
                if len(known) >= most:
                    return None
                known.add(label)
                queue.append(moved)
    return {key: np.array(values) for key, values in characters.items()}


def _residual(name: str, stack: Array, pairs: Sequence[Pair]) -> float:
    """How far the maps are from commuting, entry by entry; refused beyond rounding."""
    from scipy.sparse import csr_array

    scale = max(1.0, float(np.abs(stack).max(initial=0)))
    count, rows, columns = stack.shape
    by_row = np.ascontiguousarray(stack.transpose(1, 0, 2)).reshape(rows, count * columns)
    by_column = stack.transpose(2, 0, 1).reshape(columns, count * rows)
    worst = 0.0
    for left, right in pairs:
        moved = (csr_array(left) @ by_row).reshape(rows, count, columns).transpose(1, 0, 2)
        other = (csr_array(right.T) @ by_column).reshape(columns, count, rows).transpose(1, 2, 0)
        worst = max(worst, float(np.abs(moved - other).max(initial=0)))
    if not worst <= ROUNDING * scale:
        raise PageError(f"{name} do not commute: they are {worst:.0e} apart")
    return worst


def _constraints(pairs: Sequence[Pair], shape: Sequence[int]) -> Array:
    rows = [
        np.kron(left, np.eye(len(right))) - np.kron(np.eye(len(left)), right.T)
        for left, right in pairs
    ]
    return np.concatenate(rows) if rows else np.zeros((0, prod(shape)))


def _rank(rows: Array) -> int:
    """The number of singular values that are no rounding errors, of rows scaled to length 1."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled = rows[lengths[:, 0] > ROUNDING] / lengths[lengths[:, 0] > ROUNDING]
    if not scaled.size:
        return 0
    gram = scaled @ scaled.T if len(scaled) < scaled.shape[1] else scaled.T @ scaled
    return int((np.linalg.eigvalsh(gram) > ROUNDING).sum())


def _check_normal(name: str, stack: Array, pairs: Sequence[Pair], exact: bool) -> None:
    """Refuse a basis in another form than that which the solver gives.

    Each map lies over one component of the entries that generators mix.  Of rational matrices it
    has integers without a common factor, positive at its first entry, and an entry of its own; else
    the maps are orthonormal.
    """
    flat = stack.reshape(len(stack), prod(stack.shape[1:]))
    large = np.abs(flat) > ROUNDING * np.abs(flat).max(initial=1)
    labels = _components(pairs, stack.shape[1:])
    over = [np.unique(labels[row]) for row in large]
    if any(len(several) != 1 for several in over):
        raise PageError(f"{name} are no basis over single orbits of entries")
    if not exact:
        gram = flat @ flat.T
        if np.abs(gram - np.eye(len(flat))).max(initial=0) > 1e-7:
            raise PageError(f"{name} are not orthonormal")
        return
    rounded = np.rint(flat)
    if np.abs(flat - rounded).max(initial=0) > 1e-7:
        raise PageError(f"{name} are no integers")
    for row, mine in zip(rounded.astype(np.int64), large, strict=True):
        if gcd(*np.abs(row[mine]).tolist()) != 1:
            raise PageError(f"{name} have a common factor")
    for label in {int(one[0]) for one in over}:
        members = np.array([one[0] == label for one in over])
        alone = large[members].sum(axis=0) == 1
        if not all((large[k] & alone).any() for k in np.flatnonzero(members)):
            raise PageError(f"{name} are in no echelon form")


def _components(pairs: Sequence[Pair], shape: Sequence[int]) -> NDArray[np.intp]:
    """Labels of the entries, alike where the generators mix them, in several steps too.

    Where there are too many pairs of entries to list, alike where they mix the rows and the
    columns: entries that are alike are among these.
    """
    # T = L T R^-1 mixes entry (j', i') into (j, i) where L[j, j'] and R^-1[i', i] are not 0.
    mixed = [
        (np.argwhere(np.abs(left) > ROUNDING), np.argwhere(np.abs(np.linalg.inv(right)).T > ROUNDING))
        for left, right in pairs
    ]
    if sum(len(rows) * len(columns) for rows, columns in mixed) > _MOST_MIXED:
        row, column = (
            components(size, [(edges[side][:, 0], edges[side][:, 1]) for edges in mixed])
            for side, size in enumerate(shape)
        )
        alike: NDArray[np.intp] = (row[:, None] * (column.max() + 1) + column).ravel()
        return alike
    edges = []
    for rows, columns in mixed:
        starts, ends = (
            (rows[:, None, end] * shape[1] + columns[None, :, end]).ravel() for end in (0, 1)
        )
        edges.append((starts, ends))
    return components(prod(shape), edges)


def _variances(
    layer: Layer,
    lefts: Mapping[str, list[Array]],
    rights: Mapping[str, list[Array]],
    stacks: Weights,
) -> dict[str, dict[Key, Array]]:
    """One over the mean square of the rows of an orbit times the maps that reach the orbit.

    Rows of equal inputs add up as amplitudes, but where generators have signs or matrices.
    """
    orbits = {}
    for t, moves in lefts.items():
        size = layer.points(layer.outputs[t])
        pairs = [np.argwhere(np.abs(m) > ROUNDING).T for m in moves]
        orbits[t] = components(size, [(p[0], p[1]) for p in pairs])
    made: dict[str, dict[Key, Array]] = {"independent inputs": {}, "equal inputs": {}}
    places = {key: np.array([np.argmax(np.abs(one).sum(axis=1) > ROUNDING) for one in stack],
                            dtype=np.intp) for key, stack in stacks.items()}  # fmt: skip
    shares = {t: np.zeros(labels.max(initial=-1) + 1) for t, labels in orbits.items()}
    for (t, _), rows in places.items():
        np.add.at(shares[t], orbits[t][rows], 1)
    for (t, s), stack in stacks.items():
        mine = orbits[t][places[t, s]]
        norms = (stack**2).sum(axis=(1, 2))
        permuted = all(
            (np.abs(m) > ROUNDING).sum() == len(m) and (m > -ROUNDING).all()
            for m in (*lefts[t], *rights[s])
        )
        sums = (stack.sum(axis=2) ** 2).sum(axis=1) if permuted else norms
        for name, squares in (("independent inputs", norms), ("equal inputs", sums)):
            made[name][t, s] = np.bincount(orbits[t])[mine] / (shares[t][mine] * squares)
    return made
