"""Which channel holds the moved kernel of which: pairs that pass the threshold, or families say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from intertwine.discover.acting import Acting, Kernels, Moving
from intertwine.discover.families import Family
from intertwine.discover.matching import assigned, cosines, units


@dataclass(frozen=True)
class Partner:
    """The channel that holds a moved kernel, up to `sign`, and their cosine."""

    channel: int
    sign: int
    cosine: float


Partners = Mapping[int, Partner]


def partners_by_cosine(
    element: Moving, kernels: Kernels, signs: bool, threshold: float
) -> Partners:
    """The pairs at or above the threshold that in all gain most over it."""
    similar = cosines(element(kernels), kernels)
    size = np.abs(similar) if signs else similar
    images, _ = assigned(np.where(size >= threshold, size - threshold + 1e-9, 0.0), False)
    return {
        i: Partner(j, -1 if signs and similar[i, j] < 0 else 1, float(size[i, j]))
        for i, j in enumerate(images.tolist())
        if size[i, j] >= threshold
    }


def partners_in_families(
    families: Sequence[Family], number: int, acting: Acting, kernels: Kernels
) -> Partners:
    """For an element g and a channel at place p of its family, the channel at place g p.

    For a channel that is `s` times place p and one that is `t` times place q, where g takes place p
    to `c` times place q, the sign is `s c t`.
    """
    assert acting.table is not None, "families are of groups that are listed"
    moved = units(acting.elements[number](kernels))
    found: dict[int, Partner] = {}
    for family in families:
        orbit, at = family.orbit, {member.place: member for member in family.members}
        products = acting.table[number, orbit.representatives]
        for member in family.members:
            product = products[member.place]
            other = at.get(int(orbit.coset[product]))
            if other is not None:
                sign = member.sign * int(orbit.signs[product]) * other.sign
                cosine = sign * float(np.vdot(moved[member.channel], kernels[other.channel]))
                found[member.channel] = Partner(other.channel, sign, cosine)
    return dict(sorted(found.items()))
