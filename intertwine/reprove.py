"""Proving an emitted page again, from its own tables and without running it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from intertwine.action.action import Declared, Trivial
from intertwine.emit.read import Page, read_pages
from intertwine.emit.read_sizes import PageDiagrams
from intertwine.emit.read_stacked import PageMaps
from intertwine.emit.read_tables import PageField
from intertwine.errors import CertificateError, shown
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.nullspace import commutes
from intertwine.hom.orbital import orbital_codes
from intertwine.hom.partition import GrowthString
from intertwine.numerals import many
from intertwine.plan.diagram import Axes, spelled
from intertwine.plan.strategy.diagrams import blocks_of, program_between
from intertwine.reprove_maps import maps_proved


def verify_page(path: Path) -> str:
    """Prove an emitted file again from its own tables, without running it: what was proved.

    The generators in the file define a group; its orbitals are found afresh, and must be the
    file's index tables, entry by entry.  A file for every size must list each set partition of the
    axes once, and take its weights in the order in which they factor.  Of a network every layer is
    proved, a line each.
    """
    pages, network = read_pages(path)
    where = shown(str(path), 500)
    if not network:
        return _proved(where, next(iter(pages.values())))
    lines = [_proved(f"{where}: {layer}", page) for layer, page in pages.items()]
    lines.append(
        f"{where}: what stands between the layers is not proved; running the file tests it"
    )
    return "\n".join(lines)


def _proved(where: str, page: Page) -> str:
    if isinstance(page, PageDiagrams):
        return _diagrams_proved(where, page)
    if isinstance(page, PageMaps):
        return maps_proved(where, page)
    images = [_declared(field) for field in (*page.inputs.values(), *page.outputs.values())]
    names = tuple(f"g{number}" for number in range(page.generator_count))
    group = Group(where, names, {})
    actions = [Declared(group, image) if image else Trivial(group, size) for image, size in images]
    sources = dict(zip(page.inputs, actions, strict=False))
    targets = dict(zip(page.outputs, actions[len(page.inputs) :], strict=True))
    total = 0
    for (target, source), codes in page.codes.items():
        domain = Trivial(group) if source is None else sources[source]
        given = codes.reshape(targets[target].dimension, domain.dimension)
        if page.restricted:
            right, count = commutes(given, domain, targets[target]), int(given.max(initial=0))
        else:
            found = orbital_codes(domain, targets[target])
            right, count = np.array_equal(found, given), int(found.max(initial=0))
        if not right:
            raise CertificateError(
                f"{where}: the table of {target} from {source or 'bias'} is wrong"
            )
        total += 0 if source is None else count
    if page.restricted:
        return (
            f"{where}: {many(total, 'map')} kept, each commutes with every generator ({len(names)})"
        )
    orbitals = f"the orbitals of its {many(len(names), 'generator')}"
    return f"{where}: dimension {total}, every table equal to {orbitals}"


def _diagrams_proved(where: str, page: PageDiagrams) -> str:
    inputs, outputs = (
        {name: _axes(axes, page.sizes) for name, axes in side.items()}
        for side in (page.inputs, page.outputs)
    )
    program, names = program_between(inputs, outputs, fields=True, mean=True)
    total = 0
    for block in blocks_of(inputs, outputs, program, names, page.sizes, mean=True):
        key, source, target = (
            (block.target, block.source),
            inputs[block.source],
            outputs[block.target],
        )
        expected = tuple(spelled(s, len(target.names)) for s in block.strings)
        if page.diagrams.get(key) != expected:
            raise CertificateError(f"{where}: the diagrams of {key[0]} from {key[1]} are wrong")
        if page.orders and page.orders[key].tolist() != list(block.order):
            raise CertificateError(f"{where}: the order of {key[0]} from {key[1]} is wrong")
        factors = target.names + source.names
        fitting = [s for s in block.strings if _fits(s, factors, page.sizes)]
        total += len(fitting) * target.copies * source.copies
    sizes = ", ".join(f"{shown(name)} = {size}" for name, size in page.sizes.items())
    return f"{where}: dimension {total} at {sizes}, every set partition of its axes listed once"


def _axes(axes: tuple[str | int, ...], sizes: Mapping[str, int]) -> Axes:
    factors = tuple(a if isinstance(a, str) else None for a in axes)
    return Axes(factors, tuple(sizes[a] if isinstance(a, str) else a for a in axes))


def _fits(string: GrowthString, factors: Sequence[str], sizes: Mapping[str, int]) -> bool:
    """Whether a partition has no more blocks of any factor than that has points."""
    blocks = Counter(dict(zip(string, factors, strict=True)).values())
    return all(count <= sizes[factor] for factor, count in blocks.items())


def _declared(field: PageField) -> tuple[tuple[SignedPermutation, ...], int]:
    images = tuple(
        SignedPermutation(
            np.abs(row) - 1, np.sign(row).astype(np.int8) if (row < 0).any() else None
        )
        for row in field.generators
    )
    return images, field.points
