"""Layers by matrices, checked again: their maps commute, are independent, all there are, normal.

The maps are read off the page, one unit weight after another; that they are right is proved from
the generators.  Up to rounding they must lie in the space of intertwiners; their number must be its
dimension, by characters or by the nullity of its constraints; and each must have the form of a
basis element: over one orbit of entries, integers without a common factor in echelon form, or
orthonormal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from intertwine.errors import PageError
from intertwine.group.orbit import components
from intertwine.limits import require
from intertwine.numerals import many
from intertwine.verify.coded import point
from intertwine.verify.commuting import (
    ROUNDING,
    characters,
    check_normal,
    nullity,
    rank,
    rational,
    residual,
)
from intertwine.verify.docstring import (
    Claim,
    bias_claims,
    dimension_claims,
    listed_claims,
    order_claims,
    shape_claims,
)
from intertwine.verify.facts import Image, Key, Layer
from intertwine.verify.maps import Array, Biases, Maps, Sizes, Weights

# The matrix of every generator on each field.
Moves = Mapping[str, list[Array]]


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
        return np.moveaxis(flat.reshape(*weight.shape[1:], *stack.shape[1:]), 1, 2)

    def constants(self, target: str, bias: Array, sizes: Sizes) -> Array:
        """The biases times the invariants."""
        return np.asarray(bias.T @ self.bias_stacks[target])


def linear_maps(where: str, layer: Layer, stacks: Weights, bias_stacks: Biases) -> LinearMaps:
    """What the page's maps are, proved to be all there are in normal form.

    `stacks` and `bias_stacks` are what it makes of unit weights.
    """
    doc = " ".join(layer.doc.split())
    ended = "Boundary: " in doc
    restricted = ended or "Support: " in doc
    rights, lefts = _matrices(layer)
    traces = characters({f"in {s}": m for s, m in rights.items()}
                        | {f"out {t}": m for t, m in lefts.items()})  # fmt: skip
    worst, whole, total = 0.0, not restricted, 0
    blocks: list[tuple[str, str | None]] = [*layer.keys, *((t, None) for t in layer.outputs)]
    for t, s in blocks:
        stack = bias_stacks[t][:, :, None] if s is None else stacks[t, s]
        alone = [np.eye(1)] * len(layer.generators)
        pairs = list(zip(lefts[t], alone if s is None else rights[s], strict=True))
        name = f"{where}: the maps of {t} from {s or 'bias'}"
        worst = max(worst, residual(name, stack, pairs))
        if rank(stack.reshape(len(stack), prod(stack.shape[1:]))) < len(stack):
            raise PageError(f"{name} depend on one another")
        if ended or (restricted and s is not None):
            continue
        if traces is None:
            count = nullity(pairs, stack.shape[1:])
        else:
            count = round(float(np.mean(traces[f"out {t}"] * (traces[f"in {s}"] if s else 1))))
        if count not in (None, len(stack)):
            raise PageError(f"{name} are {len(stack)}; those that commute are {count}")
        whole = whole and count is not None
        total += len(stack) if s else 0
        check_normal(name, stack, pairs, rational([m for pair in pairs for m in pair]))
    claims = _claims(layer, doc, stacks, bias_stacks)
    if not restricted:
        claims += dimension_claims(total, sum(map(len, bias_stacks.values())))
    if traces is not None:
        claims += order_claims(doc, len(next(iter(traces.values()))))
    kept = {key: len(stack) for key, stack in stacks.items()}
    told = (
        f"{many(sum(kept.values()), 'independent map')} commuting with its "
        f"{many(len(layer.generators), 'generator')}, residual {worst:.0e}; "
    )
    if restricted:
        told += "which a support keeps was not checked"
    else:
        told += "all there are" if whole else "whether they are all was not checked, for their size"
    bias_rows = {t: len(stack) for t, stack in bias_stacks.items()}
    # Where a grid ends, the lengths of whole rows are not known.
    variances = {} if ended else _variances(layer, lefts, rights, stacks)
    return LinearMaps(layer, kept, bias_rows, variances, claims, told, stacks, bias_stacks)


def _claims(layer: Layer, doc: str, stacks: Weights, bias_stacks: Biases) -> list[Claim]:
    """What the docstring says but for the dimension and the order."""
    kept = str(sum(map(len, stacks.values())))
    claims = [
        *shape_claims(layer),
        Claim("the maps that are kept", r"Support: (\d+) of these", kept),
    ]
    if "Boundary: " not in doc:
        tested = r"tested against (\d+ generators?)"
        claims.append(Claim("its generators", tested, many(len(layer.generators), "generator")))
    for (t, s), stack in stacks.items():
        shapes = layer.shape(layer.outputs[t], {}), layer.shape(layer.inputs[s], {})
        words = []
        for rows, columns in map(_spots, stack):
            first = f"{point(int(rows[0]), shapes[0])} <- {point(int(columns[0]), shapes[1])}"
            words.append(f"{first}, {many(len(rows), 'entry')}")
        claims += listed_claims(layer, (t, s), words)
    for t, stack in bias_stacks.items():
        shape = layer.shape(layer.outputs[t], {})
        spots = [rows for (rows,) in map(_spots, stack)]
        words = [f"{point(int(p[0]), shape)}, {many(len(p), 'coordinate')}" for p in spots]
        claims += bias_claims(layer, t, words)
    return claims


def _spots(one: Array) -> Sequence[np.ndarray]:
    """Where a map has entries that are no rounding errors; it has some."""
    return np.nonzero(np.abs(one) > ROUNDING * np.abs(one).max())


def _matrices(layer: Layer) -> tuple[Moves, Moves]:
    """The matrices of all generators on every input, and on every output."""
    sides = (layer.inputs, layer.outputs)
    entries = sum(layer.points(axes) ** 2 for side in sides for axes in side.values())
    require(8 * len(layer.generators) * entries, "the generators", "raise --memory")
    images = list(layer.generators.values())
    made = [
        {name: [matrix_of(one[number][place]) for one in images] for place, name in enumerate(side)}
        for number, side in enumerate(sides)
    ]
    return made[0], made[1]


def matrix_of(image: Image) -> Array:
    """The matrix of a signed permutation, or of rows and values column by column."""
    if isinstance(image, tuple):
        rows, values = image
    else:
        rows, values = (np.abs(image) - 1)[:, None], np.sign(image).astype(float)[:, None]
    matrix = np.zeros((len(rows), len(rows)))
    np.add.at(matrix, (rows.T, np.arange(len(rows))), values.T)
    return matrix


def _variances(
    layer: Layer, lefts: Moves, rights: Moves, stacks: Weights
) -> dict[str, dict[Key, Array]]:
    """One over the mean square of the rows of an orbit times the maps that reach the orbit.

    Rows of equal inputs add up as amplitudes, but where generators have signs or matrices.
    """
    orbits = {}
    for t, moves in lefts.items():
        mixed = [np.nonzero(np.abs(m) > ROUNDING) for m in moves]
        edges = [(rows, columns) for rows, columns in mixed]
        orbits[t] = components(layer.points(layer.outputs[t]), edges)
    shares = {t: np.zeros(labels.max(initial=-1) + 1) for t, labels in orbits.items()}
    mine = {}
    for (t, s), stack in stacks.items():
        rows = (np.abs(stack) > ROUNDING).any(axis=2).argmax(axis=1)
        mine[t, s] = orbits[t][rows]
        np.add.at(shares[t], mine[t, s], 1)
    made: dict[str, dict[Key, Array]] = {"independent inputs": {}, "equal inputs": {}}
    for (t, s), stack in stacks.items():
        norms = (stack**2).sum(axis=(1, 2))
        permuted = all(
            (np.abs(m) > ROUNDING).sum() == len(m) and (m > -ROUNDING).all()
            for m in (*lefts[t], *rights[s])
        )
        sums = (stack.sum(axis=2) ** 2).sum(axis=1) if permuted else norms
        sizes = np.bincount(orbits[t])[mine[t, s]]
        for name, squares in (("independent inputs", norms), ("equal inputs", sums)):
            made[name][t, s] = sizes / (shares[t][mine[t, s]] * squares)
    return made
