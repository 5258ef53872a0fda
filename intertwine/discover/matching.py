"""Which channel's kernel is nearest to a moved one, by assignment, and the score of that.

The score of an element g is the mean cosine of `g w_i` and `w_pi(i)`, weighted by the sum of the
two kernels' norms, for a permutation pi with the largest sum of cosines: 1 for an exact symmetry.
Where g is its own inverse, the inverse of pi does as well, and has the same score.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from intertwine.discover.acting import Acting, Kernels, Moving
from intertwine.group.permutation import Indices, SignedPermutation


@dataclass(frozen=True, eq=False)
class Match:
    """One element's permutation of all live channels by assignment: each pair's cosine, the score.

    `residual` is `||P W - g W|| / ||W||` over the live channels, and 0 for an exact symmetry; for
    an orthogonal g and kernels that have nothing in common it is the square root of 2.
    """

    element: str
    permutation: SignedPermutation
    cosines: NDArray[np.float64] = field(repr=False)
    score: float
    residual: float


def norms_of(kernels: Kernels) -> NDArray[np.float64]:
    """The norm of each kernel."""
    return np.asarray(np.linalg.norm(kernels.reshape(len(kernels), -1), axis=1))


def units(kernels: Kernels) -> Kernels:
    """Each kernel divided by its norm."""
    norms = norms_of(kernels)
    scaled = np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)
    return np.asarray(kernels * scaled.reshape(-1, *(1,) * (kernels.ndim - 1)))


def cosines(moved: Kernels, kernels: Kernels) -> NDArray[np.float64]:
    """Of every kernel of the first with every one of the second."""
    left, right = units(moved), units(kernels)
    return np.asarray(left.reshape(len(left), -1) @ right.reshape(len(right), -1).T)


def match(element: Moving, kernels: Kernels, signs: bool) -> Match:
    """The permutation of channels that goes best with an element."""
    moved = element(kernels)
    images, similar = assigned(cosines(moved, kernels), signs)
    flips = np.where(similar < 0, -1, 1).astype(np.int8) if signs else None
    permutation = SignedPermutation(images, flips)
    axes = (-1, *(1,) * (kernels.ndim - 1))
    aimed = kernels[images] * (1 if flips is None else flips.reshape(axes))
    residual = float(np.linalg.norm(aimed - moved) / np.linalg.norm(kernels))
    found = np.abs(similar) if signs else similar
    return Match(element.name, permutation, found, _score(found, images, kernels), residual)


def scores(acting: Acting, kernels: Kernels, signs: bool) -> list[float]:
    """The score of every element but the identity."""
    found = []
    for element in acting.elements[1:]:
        images, similar = assigned(cosines(element(kernels), kernels), signs)
        found.append(_score(np.abs(similar) if signs else similar, images, kernels))
    return found


def assigned(similar: NDArray[np.float64], signs: bool) -> tuple[Indices, NDArray[np.float64]]:
    """The permutation with the largest sum of cosines, up to sign where asked, and its cosines."""
    from scipy.optimize import linear_sum_assignment

    rows, images = linear_sum_assignment(np.abs(similar) if signs else similar, maximize=True)
    return images.astype(np.intp), similar[rows, images]


def _score(similar: NDArray[np.float64], images: Indices, kernels: Kernels) -> float:
    norms = norms_of(kernels)
    return float(similar @ (norms + norms[images]) / (2 * norms.sum()))
