"""The audit of a weight: its residuals, the nearest equivariant map, and what that leaves out."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ldexp, log2

import numpy as np
from numpy.typing import ArrayLike, NDArray

from intertwine.audit.layout import Layout
from intertwine.audit.nearest import Orbital, coefficients, orbitals
from intertwine.audit.residual import Residual, levelled, residual
from intertwine.errors import SpecError
from intertwine.hom.space import IntertwinerSpace

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WeightAudit:
    """How far a weight is from equivariant.

    `nearest` is the orthogonal projection, in the shape that the weight was given in, and
    `coefficients`, of shape (dimension, out channels, in channels), are its own in the canonical
    basis.  `lost` is the norm of what it leaves out, relative to `norm`, that of the weight.
    `orbitals` say where that was, those that lose most first.
    """

    layout: Layout
    dimension: int
    norm: float
    residual: Residual
    nearest: Array = field(repr=False)
    coefficients: Array = field(repr=False)
    lost: float
    orbitals: tuple[Orbital, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"W of norm {self.norm:.4g}: residual {self.residual}, |W - PW| = {self.lost:.2g}|W|"


def audit_weight(
    space: IntertwinerSpace, weight: ArrayLike, channels_last: bool = False
) -> WeightAudit:
    """How far a weight is from a space of intertwiners; the group acts on its points only.

    It has the shape (target points, source points), with channels
    `(out_channels, *target.shape, in_channels, *source.shape)`, or flattened to two axes.

    >>> from intertwine.group.named import cyclic
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(cyclic(3), "points")
    >>> space = IntertwinerSpace(points, points)
    >>> audit_weight(space, np.diag([3.0, 0.0, 0.0])).nearest.tolist()[0]
    [1.0, 0.0, 0.0]
    """
    if np.iscomplexobj(weight) or not np.isfinite(given := np.asarray(weight, np.float64)).all():
        raise SpecError("a weight with other entries", "finite real numbers", "take them apart")
    layout = Layout.of(given.shape, space.source, space.target, channels_last)
    return audit_maps(space, layout, layout.maps(given))


def audit_maps(space: IntertwinerSpace, layout: Layout, maps: Array) -> WeightAudit:
    """The same for maps of shape (rows, columns, out channels, in channels)."""
    level, exponent = levelled(maps)
    norm = float(np.linalg.norm(level))
    if norm and log2(norm) + exponent >= 1024:
        largest = f"{np.abs(maps).max():.3g}"
        raise SpecError(f"entries up to {largest}", "a norm below 2^1024", "divide the weight")
    own = coefficients(space, level)
    nearest = space.expand(own).astype(np.float64)
    return WeightAudit(
        layout,
        space.dimension,
        ldexp(norm, exponent),
        residual(level, space.source, space.target),
        layout.weight(np.ldexp(nearest, exponent)),
        np.ldexp(own, exponent),
        float(np.linalg.norm(level - nearest)) / norm if norm else 0.0,
        orbitals(space, level, nearest),
    )
