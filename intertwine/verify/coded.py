"""Layers between signed permutations, solved again from their generators: the orbitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Declared, Trivial
from intertwine.action.order import joint_order
from intertwine.errors import PageError, TooLargeError
from intertwine.group.group import Group
from intertwine.group.orbit import orbit_labels
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.orbital import orbital_codes
from intertwine.hom.partition import partition_name
from intertwine.hom.pattern import Codes
from intertwine.numerals import many
from intertwine.verify.docstring import (
    Claim,
    bias_claims,
    dimension_claims,
    listed_claims,
    order_claims,
    shape_claims,
    stated_order,
)
from intertwine.verify.ends import Grid
from intertwine.verify.facts import Image, Key, Layer
from intertwine.verify.maps import Array, Maps, Sizes

Table = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class CodedMaps(Maps):
    """Maps whose entries are +-1 on disjoint sets: `codes[key]` is +-(k + 1) where map k is +-1."""

    codes: Mapping[Key, Codes]
    bias_codes: Mapping[str, Codes]

    def dense(self, key: Key, weight: Array, sizes: Sizes) -> Array:
        """The weights by the codes."""
        codes = self.codes[key]
        table = np.concatenate([np.zeros((1, *weight.shape[1:])), weight, -weight[::-1]])
        made = np.empty((weight.shape[1], codes.shape[0], weight.shape[2], codes.shape[1]))
        for o, i in product(range(weight.shape[1]), range(weight.shape[2])):
            made[o, :, i] = table[:, o, i][codes]
        return made

    def constants(self, target: str, bias: Array, sizes: Sizes) -> Array:
        """The biases by the codes."""
        table = np.concatenate([np.zeros((1, bias.shape[1])), bias, -bias[::-1]])
        added: Array = table[self.bias_codes[target][:, 0]].T
        return added


def coded_maps(where: str, layer: Layer, page_codes: Mapping[Key, Array]) -> CodedMaps:
    """The orbitals of the generators; `page_codes` are the entries of the page's own matrices.

    These only say which orbitals a support keeps, and that only where the docstring says that it
    keeps some.
    """
    doc = " ".join(layer.doc.split())
    grid = Grid.of(layer, doc)
    names = list(layer.generators)
    images = [[*a, *b] for a, b in layer.generators.values()]
    if grid is not None:
        images += grid.translations()
        names += [f"shift {k}" for k in range(len(images) - len(names))]
    group = Group(where, tuple(names), {})
    fields = [*layer.inputs.items(), *layer.outputs.items()]
    actions: list[Action] = [
        Declared(group, tuple(_permutation(row[place]) for row in images))
        if images
        else Trivial(group, layer.points(axes))
        for place, (_, axes) in enumerate(fields)
    ]
    sources = dict(zip(layer.inputs, actions, strict=False))
    targets = dict(zip(layer.outputs, actions[len(layer.inputs) :], strict=True))
    whole = {(t, s): orbital_codes(sources[s], targets[t]) for t, s in layer.keys}
    fixed = {t: orbital_codes(Trivial(group), action) for t, action in targets.items()}
    bias_rows = {t: int(codes.max(initial=0)) for t, codes in fixed.items()}
    order, stated = _order(group, actions), stated_order(doc)
    cut: Mapping[Key, Codes] = whole if grid is None else grid.cut(whole)
    # A generator that keeps no end is not among those of the page, which then has fewer maps.
    lost = grid is not None and order < stated and stated % order == 0
    wrapped, restricted = whole, "Support: " in doc
    if restricted or lost:
        tables = {
            key: _kept(
                where, int(whole[key].max(initial=0)), codes, page_codes[key].astype(np.intp), lost
            )
            for key, codes in cut.items()
        }
        wrapped, cut = (
            {key: np.sign(codes) * tables[key][np.abs(codes)] for key, codes in side.items()}
            for side in (whole, cut)
        )
    rows = {key: int(codes.max(initial=0)) for key, codes in wrapped.items()}
    variances = _variances(layer, sources, targets, wrapped)
    dimension = sum(int(codes.max(initial=0)) for codes in whole.values())
    claims = [
        *([] if lost else dimension_claims(dimension, sum(bias_rows.values()))),
        *shape_claims(layer),
        Claim("the maps that are kept", r"Support: (\d+) of these", str(sum(rows.values()))),
    ]
    claims += order_claims(doc, order)
    if grid is None:
        tested = r"tested against (\d+ generators?)"
        claims.append(Claim("its generators", tested, many(len(names), "generator")))
    else:
        claims.append(Claim("its reach", r"than (\d+) from an end", str(grid.furthest(cut))))
        claims.append(Claim("its reach", r", radius (\d+),", str(grid.furthest(cut))))
    for key, codes in cut.items():
        shapes = [layer.shape(side[name], {}) for side, name in
                  ((layer.outputs, key[0]), (layer.inputs, key[1]))]  # fmt: skip
        claims += listed_claims(layer, key, *_meanings(codes, shapes))
    for t, codes in fixed.items():
        shape = layer.shape(layer.outputs[t], {})
        claims += bias_claims(layer, t, *_bias_meanings(codes[:, 0], shape))
    found = f"dimension {dimension}, the orbitals of its {many(len(layer.generators), 'generator')}"
    if grid is not None:
        found += " and of translations, cut at the ends"
    if restricted or lost:
        found += f", of which it keeps {sum(rows.values())}"
    if lost:
        found += " (a part of its group keeps no end: that the maps commute with it is not checked)"
    return CodedMaps(layer, rows, bias_rows, variances, claims, found, cut, fixed)


def _permutation(image: Image) -> SignedPermutation:
    assert isinstance(image, np.ndarray)
    signs = np.sign(image).astype(np.int8) if (image < 0).any() else None
    return SignedPermutation(np.abs(image).astype(np.intp) - 1, signs)


def _order(group: Group, actions: Sequence[Action]) -> int:
    """The order of what acts, or 1 where that is too large to count."""
    try:
        return joint_order(group, actions)
    except TooLargeError:
        return 1


def _kept(where: str, count: int, cut: Codes, page: Table, lost: bool) -> Table:
    """The page's number of each of so many maps, 0 where it keeps none; with its sign if `lost`.

    Its numbers are read at the first entry of each; they must be in order, but where one of the
    page's maps may be the sum of several.
    """
    numbers, places = np.unique(np.abs(cut), return_index=True)
    table = np.zeros(count + 1, dtype=np.intp)
    table[numbers[numbers > 0]] = page.ravel()[places[numbers > 0]]
    taken = np.abs(table[table != 0]) if lost else table[table != 0]
    expected = np.arange(1, len(np.unique(taken)) + 1)
    if not np.array_equal(np.unique(taken) if lost else taken, expected):
        raise PageError(f"{where}: the maps that it keeps are not its weights in order")
    return table


def _variances(
    layer: Layer,
    sources: Mapping[str, Action],
    targets: Mapping[str, Action],
    codes: Mapping[Key, Codes],
) -> dict[str, dict[Key, Array]]:
    """One over the entries of a row times the maps that reach its orbit.

    The entries of equal inputs add up as amplitudes, but where the group changes their signs.
    """
    orbits = {t: orbit_labels([g.images for g in action.points.generators], action.dimension)
              for t, action in targets.items()}  # fmt: skip
    shares = {t: np.zeros(labels.max(initial=-1) + 1) for t, labels in orbits.items()}
    where, lengths = {}, {}
    for key, table in codes.items():
        numbers, places = np.unique(np.abs(table), return_index=True)
        firsts = places[numbers > 0] // table.shape[1]
        where[key] = orbits[key[0]][firsts]
        lengths[key] = np.array(
            [(np.abs(table[row]) == k + 1).sum() for k, row in enumerate(firsts)], dtype=float
        )
        np.add.at(shares[key[0]], where[key], 1)
    made: dict[str, dict[Key, Array]] = {"independent inputs": {}, "equal inputs": {}}
    for key in layer.keys:
        shared = shares[key[0]][where[key]]
        signed = targets[key[0]].signed or sources[key[1]].signed
        made["independent inputs"][key] = 1 / (lengths[key] * shared)
        made["equal inputs"][key] = 1 / (lengths[key] ** (1 if signed else 2) * shared)
    return made


def point(number: int, shape: Sequence[int]) -> str:
    """A point by its index on every axis, or on the only one by its number."""
    if len(shape) == 1:
        return str(number)
    return "(" + ", ".join(str(int(i)) for i in np.unravel_index(number, shape)) + ")"


def _meanings(codes: Codes, shapes: Sequence[Sequence[int]]) -> tuple[list[str], list[str]]:
    """The first entry of each map and how many it has; and which axes are equal at the first."""
    numbers, places, counts = np.unique(np.abs(codes), return_index=True, return_counts=True)
    entries, partitions = [], []
    for number, place, size in zip(numbers, places.tolist(), counts.tolist(), strict=True):
        if not number:
            continue
        ends = divmod(place, codes.shape[1])
        row, column = (point(end, shape) for end, shape in zip(ends, shapes, strict=True))
        entries.append(f"{row} <- {column}, {many(size, 'entry')}")
        index = [
            [int(i) for i, n in zip(np.unravel_index(end, shape), shape, strict=True) if n > 1]
            for end, shape in zip(ends, shapes, strict=True)
        ]
        whole = [*index[0], *index[1]]
        string = tuple(list(dict.fromkeys(whole)).index(i) for i in whole)
        partitions.append(partition_name(string, len(index[0])))
    return entries, partitions


def _bias_meanings(codes: Codes, shape: Sequence[int]) -> tuple[list[str], list[str]]:
    """The orbit of each invariant; and in the words of coordinates, which one point each has."""
    numbers, places, counts = np.unique(np.abs(codes), return_index=True, return_counts=True)
    kept = numbers > 0
    pairs = list(zip(places[kept].tolist(), counts[kept].tolist(), strict=True))
    orbits = [f"the orbit of {point(p, shape)}, {many(n, 'point')}" for p, n in pairs]
    return orbits, [f"{point(p, shape)}, {many(n, 'coordinate')}" for p, n in pairs]
