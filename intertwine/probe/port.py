"""One tensor of a module, as points and channels."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, ...]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Port:
    """One tensor of a module: how its `shape`, a sample's, is made of points and channels."""

    points: int
    channels: int
    shape: Shape
    channels_last: bool

    @classmethod
    def matching(cls, shape: Shape, points: Shape, channels_last: bool) -> Port | None:
        """Points with their channels, alone, or flattened; None for any other shape.

        >>> Port.matching((3, 5, 5), (5, 5), channels_last=False).channels
        3
        >>> Port.matching((75,), (5, 5), channels_last=False).channels
        3
        """
        count = prod(points)
        inner, outer = (shape[:-1], shape[-1:]) if channels_last else (shape[1:], shape[:1])
        if shape == points or (not shape and count == 1):
            return cls(count, 1, shape, channels_last)
        if inner in (points, (count,)):
            return cls(count, outer[0], shape, channels_last)
        if len(shape) == 1 and shape[0] % count == 0:
            return cls(count, shape[0] // count, shape, channels_last)
        return None

    def packed(self, values: Array) -> Array:
        """From (batch, points, channels) to the tensor: a copy, which a module may work in."""
        ordered = values if self.channels_last else values.swapaxes(1, 2)
        return ordered.copy("C").reshape(len(values), *self.shape)

    def unpacked(self, tensor: Array) -> Array:
        """And back."""
        if self.channels_last:
            return tensor.reshape(len(tensor), self.points, self.channels)
        return tensor.reshape(len(tensor), self.channels, self.points).swapaxes(1, 2)
