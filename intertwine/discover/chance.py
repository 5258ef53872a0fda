"""Kernels that hold no symmetry on purpose, of two kinds, drawn from seeds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from intertwine.discover.acting import Acting, Kernels
from intertwine.discover.matching import norms_of, units
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.progress import track

_SEED = 0
_RETRIES = 20


def shuffled(acting: Acting, kernels: Kernels, draws: int) -> Iterator[Kernels]:
    """The same kernels with their places shuffled, all alike.

    Their score is that of the kernels themselves under a random conjugate of the element, of the
    same cycle type.  Shuffles that map the group to itself would find the symmetry again, and are
    drawn anew; where there seem to be no others, as for very short kernels, nothing is given.
    """
    for random in _streams(draws, "chance, shuffled"):
        for _ in range(_RETRIES):
            places = random.permutation(acting.degree)
            if not _normalizes(places, acting):
                yield kernels[..., places]
                break


def alike(acting: Acting, kernels: Kernels, draws: int) -> Iterator[Kernels]:
    """Random kernels of the same mean and covariance, averaged over the group.

    Each is a Gaussian combination of all moved kernels: as smooth, and as often turned to any side,
    as the layer's own, but with no copy of another on purpose.
    """
    norms = norms_of(kernels).reshape(-1, *(1,) * (kernels.ndim - 1))
    moved = [units(element(kernels)) for element in acting.elements]
    mean = sum(part.mean(axis=0) for part in moved) / len(moved)
    for random in _streams(draws, "chance, alike"):
        noise = np.zeros_like(kernels)
        for part in moved:
            weights = random.standard_normal((len(kernels), len(kernels)))
            noise += np.tensordot(weights, part - mean, axes=1)
        noise /= np.sqrt(len(kernels) * len(moved))
        yield units(mean + noise) * norms


def _streams(draws: int, what: str) -> Iterator[np.random.Generator]:
    return (np.random.default_rng([_SEED, number]) for number in track(range(draws), what))


def _normalizes(places: Indices, acting: Acting) -> bool:
    """Whether every generator, with the places shuffled, is an element of the group again."""
    if acting.action.linear:
        return _normalizes_matrices(places, acting)
    shuffle = SignedPermutation(np.argsort(places).astype(np.intp))
    back = shuffle.inverse()
    return all(
        (back * acting.elements[number].moves * shuffle).doubled() in acting.chain
        for number in acting.generators.values()
    )


def _normalizes_matrices(places: Indices, acting: Acting) -> bool:
    """The same of matrices, by what they do to one vector that no two elements move alike."""
    probe = np.sqrt(np.arange(2.0, acting.degree + 2))
    group = np.stack([element(probe) for element in acting.elements])
    back = np.argsort(places)
    for number in acting.generators.values():
        conjugate = acting.elements[number](probe[places])[back]
        if np.abs(group - conjugate).max(axis=1).min() > 1e-9:
            return False
    return True
