"""Proving an emitted page again, from its own tables and without running it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from intertwine.action.action import Declared, Trivial
from intertwine.emit.read import PageField, read_page
from intertwine.errors import CertificateError
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.orbital import orbital_codes


def verify_page(path: Path) -> str:
    """Prove an emitted file again from its own tables, without running it: what was proved.

    The generators in the file define a group; its orbitals are found afresh, and must be the
    file's index tables, entry by entry.
    """
    page = read_page(path)
    images = [_declared(field) for field in (*page.inputs.values(), *page.outputs.values())]
    names = tuple(f"g{number}" for number in range(page.generator_count))
    group = Group(str(path), names, {})
    actions = [Declared(group, image) if image else Trivial(group, size) for image, size in images]
    sources = dict(zip(page.inputs, actions, strict=False))
    targets = dict(zip(page.outputs, actions[len(page.inputs) :], strict=True))
    total = 0
    for (target, source), codes in page.codes.items():
        domain = Trivial(group) if source is None else sources[source]
        found = orbital_codes(domain, targets[target])
        if not np.array_equal(found, codes.reshape(found.shape)):
            raise CertificateError(
                f"{path}: the table of {target} from {source or 'bias'} is wrong"
            )
        total += 0 if source is None else int(found.max(initial=0))
    orbitals = f"the orbitals of its {len(names)} generators"
    return f"{path}: dimension {total}, every table equal to {orbitals}"


def _declared(field: PageField) -> tuple[tuple[SignedPermutation, ...], int]:
    images = tuple(
        SignedPermutation(
            np.abs(row) - 1, np.sign(row).astype(np.int8) if (row < 0).any() else None
        )
        for row in field.generators
    )
    return images, field.points
