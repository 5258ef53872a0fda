"""Levels of chance: what scores and how many families kernels have that hold no symmetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from intertwine.discover.acting import Kernels
from intertwine.discover.chance import alike, shuffled
from intertwine.discover.families import Setting, families
from intertwine.discover.matching import scores, units

_DRAWS_OF_FAMILIES = 5


@dataclass(frozen=True)
class Chance:
    """The median and the largest score of drawn kernels that have no symmetry in particular."""

    median: float
    largest: float


@dataclass(frozen=True)
class Levels:
    """One level of either kind for each element but the identity, and the channels in families.

    `in_families` is the median number of channels in families of two or more, of the first five
    draws of the second kind; None without draws or families.
    """

    shuffled: list[Chance | None]
    alike: list[Chance | None]
    in_families: float | None


def levels_of_chance(setting: Setting, kernels: Kernels, draws: int) -> Levels:
    """Draw kernels of both kinds from those of a layer, and look for symmetry in them."""
    acting, signs = setting.acting, setting.signs
    by_shuffling = [scores(acting, drawn, signs) for drawn in shuffled(acting, kernels, draws)]
    by_drawing: list[list[float]] = []
    counts: list[int] = []
    for drawn in alike(acting, kernels, draws):
        by_drawing.append(scores(acting, drawn, signs))
        if acting.listed and len(counts) < _DRAWS_OF_FAMILIES:
            counts.append(_in_families(replace(setting, kernels=units(drawn))))
    count = len(acting.elements) - 1
    return Levels(
        _columns(by_shuffling, count),
        _columns(by_drawing, count),
        float(np.median(counts)) if counts else None,
    )


def _columns(drawn: Sequence[Sequence[float]], count: int) -> list[Chance | None]:
    if not drawn:
        return [None] * count
    return [Chance(float(np.median(column)), max(column)) for column in zip(*drawn, strict=True)]


def _in_families(setting: Setting) -> int:
    return sum(len(f.channels) for f in families(setting) if len(f.channels) > 1)
