"""Finding the symmetry of a weight: scores, families, and the action on channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from intertwine.discover.acting import Acting, Kernels
from intertwine.discover.channels import channel_action, violations
from intertwine.discover.discovery import Discovery, Turn
from intertwine.discover.families import Family, Setting, families
from intertwine.discover.levels import levels_of_chance
from intertwine.discover.linked import Linked, linked
from intertwine.discover.matching import match, units
from intertwine.discover.partners import Partners, partners_by_cosine, partners_in_families
from intertwine.errors import SpecError, shown
from intertwine.limits import require

DRAWS = 20
MOST_DRAWS = 10_000
_DEAD = 1e-3
_LEAST_THRESHOLD, _MOST_THRESHOLD = 0.8, 0.95


def discover_symmetry(
    weight: ArrayLike,
    acting: Acting,
    signs: bool = False,
    threshold: float | None = None,
    draws: int = DRAWS,
) -> Discovery:
    """The symmetry that a trained weight already has (Olah et al. 2020).

    For every element g of the group, `pi_g` is the permutation of output channels for which the
    kernels `g w_i` and `w_pi(i)` have the largest sum of cosines.  Its score is the mean of these
    cosines, weighted by the norms of both kernels: 1 where the layer is equivariant.  Two levels of
    chance stand beside it, each from `draws` draws: the same score with the places of all kernels
    shuffled alike, and the score of random kernels with the mean and covariance of the layer's own.

    Families are orbits: the distinct kernels `g w` for one w, as many as the group's order over
    that of the stabilizer of w, each of them a channel's or a hole.  How many channels families
    have by chance is told as well, of the random kernels of the second kind.

    Args:
        weight: (out, in, ...), or (out, in) for a linear layer.
        acting: how a group acts on the input: `kernel_symmetry(shape)`, or `acting_by(action)` for
            an action on the flattened input, or on its last axes, alike for each of the others.
        signs: whether a channel may be minus another's copy.
        threshold: the least cosine of partners; by default 0.8, or more (0.95 at most) where among
            as many random kernels one pair would be expected to pass it half of the time.
        draws: how many draws the levels of chance are taken from; 0 for none.

    Raises:
        SpecError: the action does not fit, the weight is zero or not finite, a wrong threshold.
        TooLargeError: the cosines would pass the memory limit.

    >>> from intertwine.discover.kernel import kernel_symmetry
    >>> edge = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
    >>> weight = np.stack([np.rot90(edge, turns) for turns in range(4)])[:, None]
    >>> found = discover_symmetry(weight, kernel_symmetry([3, 3]), draws=0)
    >>> print(found)
    4 channels under D_4 on R^9, 8 elements: scores 1.00 to 1.00; families of two or more: 1, \
complete: 1, holes: 0
    >>> print(found.action)
    output: {permutations: {rotation: [1, 2, 3, 0], reflection: [2, 1, 0, 3]}}
    """
    values = _checked(weight, acting, threshold, draws)
    norms = np.linalg.norm(values, axis=(1, 2))
    live = np.flatnonzero(norms > _DEAD * norms.max())
    kernels = values[live]
    if threshold is None:
        threshold = default_threshold(len(live), kernels[0].size, len(acting.elements), signs)
    setting = Setting(acting, units(kernels), signs, threshold)
    chance = levels_of_chance(setting, kernels, draws)
    own = [
        partners_by_cosine(element, setting.kernels, signs, threshold)
        for element in acting.elements
    ]
    sought, partners = _families(setting, own)
    channels = tuple(live.tolist())
    return Discovery(
        acting=acting,
        shape=np.shape(weight),
        signs=signs,
        threshold=threshold,
        live=channels,
        dead=tuple(np.setdiff1d(np.arange(len(values)), live).tolist()),
        kernels=setting.kernels,
        turns=tuple(
            Turn(element.name, match(element, kernels, signs), _numbered(known, channels), *levels)
            for element, known, *levels in zip(
                acting.elements[1:], partners[1:], chance.shuffled, chance.alike, strict=True
            )
        ),
        families=tuple(family.numbered(channels) for family in sought),
        by_chance=chance.in_families,
        violations=violations(own, acting),
        action=channel_action(sought, partners, acting, channels),
    )


def default_threshold(channels: int, places: int, elements: int, signs: bool = False) -> float:
    """What one pair of random kernels is expected to pass half of the time, in 0.8 .. 0.95.

    Of two random unit vectors in R^d, x^2 for their cosine x is Beta(1/2, (d - 1) / 2) distributed,
    and there are `elements` cosines for each of `channels (channels - 1) / 2` pairs.

    >>> default_threshold(channels=32, places=25, elements=8)
    0.8
    """
    from scipy.special import betaincinv

    pairs = elements * channels * (channels - 1) / 2
    if not pairs or places < 2:
        return _LEAST_THRESHOLD
    tail = min(1.0, (1 if signs else 2) * 0.5 / pairs)
    passed = sqrt(1 - float(betaincinv((places - 1) / 2, 0.5, tail)))
    return min(max(passed, _LEAST_THRESHOLD), _MOST_THRESHOLD)


def _checked(weight: ArrayLike, acting: Acting, threshold: float | None, draws: int) -> Kernels:
    """The weight as kernels of shape (channels, parts, places), its largest entry 1."""
    given: NDArray[np.generic] = np.asarray(weight)
    if given.dtype.kind not in "fiu" or given.ndim < 2 or not given.size:
        raise SpecError(
            f"a weight of {given.dtype} of shape {given.shape}",
            "real numbers of shape (out, in, ...), none of them 0",
            "give a linear layer's or a convolution's weight",
        )
    width = prod(given.shape[1:])
    if width % acting.degree:
        raise SpecError(
            f"a weight of shape {given.shape}, {width} numbers a channel",
            f"a multiple of {acting.degree}, on which {shown(acting.name)} acts",
            "take the input's action from the spec of this layer",
        )
    if len(acting.elements) < 2:
        raise SpecError(
            f"{shown(acting.name)}, which moves nothing",
            "a group that moves the input",
            "name a larger group",
        )
    if threshold is not None and not 0 < threshold < 1:
        raise SpecError(f"threshold {threshold}", "a cosine between 0 and 1", "take 0.8 or so")
    if not 0 <= draws <= MOST_DRAWS:
        raise SpecError(f"{shown(draws)} draws", f"0 to {MOST_DRAWS}", "leave it out for 20")
    channels, elements = len(given), len(acting.elements)
    require(
        8 * (6 * channels * channels + (elements + 4) * channels * width),
        f"the cosines of {channels} channels of {width} numbers, moved by {elements} elements",
        "take fewer channels, or a smaller group",
    )
    values = given.astype(np.float64).reshape(channels, -1, acting.degree)
    if not np.isfinite(values).all() or not values.any():
        raise SpecError(
            "a weight that is zero" if not values.any() else "a weight with nan or inf",
            "finite numbers that are not all zero",
            "check the checkpoint",
        )
    return np.asarray(values / np.abs(values).max())


def _families(
    setting: Setting, own: Sequence[Partners]
) -> tuple[Sequence[Family] | Sequence[Linked], Sequence[Partners]]:
    """All live channels in families, and every element's partners; `own` are those it has alone."""
    acting = setting.acting
    if not acting.listed:
        return linked(own[1:], len(setting.kernels)), own
    found = families(setting)
    numbers = range(len(acting.elements))
    return found, [partners_in_families(found, k, acting, setting.kernels) for k in numbers]


def _numbered(partners: Partners, live: Sequence[int]) -> Partners:
    return {
        live[channel]: replace(partner, channel=live[partner.channel])
        for channel, partner in partners.items()
    }
