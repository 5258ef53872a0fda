"""How far maps are from commuting with each generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.linear import Sparse
from intertwine.hom.commute import generator_matrices

Array = NDArray[np.float64]

_ROUNDING = 1e-6


@dataclass(frozen=True)
class Residual:
    """For each generator g the norm of `rho_target(g) W - W rho_source(g)` relative to that of W.

    Norms are Frobenius'; a zero weight has residual 0.
    """

    generators: Mapping[str, float]

    @property
    def maximum(self) -> float:
        """The largest over all generators."""
        return max(self.generators.values(), default=0.0)

    @property
    def vanishes(self) -> bool:
        """Whether it is no more than the rounding of single precision."""
        return self.maximum <= _ROUNDING

    def __str__(self) -> str:
        return f"at most {self.maximum:.2g} over {', '.join(self.generators) or 'no generators'}"


def residual(maps: Array, source: Action, target: Action) -> Residual:
    """That of maps of shape (rows, columns, ...), in one norm over all further axes.

    >>> from intertwine.group.named import cyclic
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(cyclic(3), "points")
    >>> residual(np.diag([1.0, 0.0, 0.0]), points, points).maximum.__round__(6)
    1.414214
    """
    apart = (
        acted(left, maps) - acted(right.T.tocsr(), maps.swapaxes(0, 1)).swapaxes(0, 1)
        for left, right in generator_matrices(source, target)
    )
    return relative(apart, maps, source)


def relative(apart: Iterable[Array], whole: Array, action: Action) -> Residual:
    """The norms of what each generator moves apart, relative to that of the whole."""
    level, exponent = levelled(whole)
    norm = float(np.linalg.norm(level))
    norms = [
        float(np.linalg.norm(np.ldexp(one, -exponent))) / norm if norm else 0.0 for one in apart
    ]
    return Residual(dict(zip(action.group.generators, norms, strict=True)))


def levelled(values: Array) -> tuple[Array, int]:
    """The values over a power of two, the largest below 1, and its exponent.

    Squares of numbers that are very large or very small are then neither infinite nor zero.

    >>> levelled(np.array([6e200, -3e200]))[0].round(3).tolist(), levelled(np.zeros(1))[1]
    ([0.98, -0.49], 0)
    """
    _, exponent = np.frexp(np.abs(values).max(initial=0))
    return np.asarray(np.ldexp(values, -int(exponent))), int(exponent)


def acted(matrix: Sparse, values: Array) -> Array:
    """`matrix` times values of shape (points, ...), along the first axis."""
    flat = values.reshape(len(values), -1)
    return np.asarray(matrix @ flat).reshape(matrix.shape[0], *values.shape[1:])
