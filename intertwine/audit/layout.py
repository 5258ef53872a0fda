"""How the axes of a weight hold the points and the channels of a spec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.errors import SpecError

Array = NDArray[Any]


@dataclass(frozen=True)
class Layout:
    """A weight of some shape as maps, of shape (rows, columns, out channels, in channels).

    Channels stand before the points of their side, or after them.
    """

    shape: tuple[int, ...]
    points: tuple[int, int]
    channels: tuple[int, int]
    channels_first: bool

    @classmethod
    def of(
        cls, shape: tuple[int, ...], source: Action, target: Action, channels_last: bool = False
    ) -> Layout:
        """That of a weight of this shape, between the points of two actions.

        >>> from intertwine.group.named import symmetric
        >>> from intertwine.action.action import SetAction
        >>> points = SetAction(symmetric(5), "points")
        >>> Layout.of((8, 5, 3, 5), points, points).channels
        (8, 3)
        >>> Layout.of((40, 15), points, points).channels
        (8, 3)
        """
        rows, columns = target.dimension, source.dimension
        down, across = target.shape, source.shape
        points, single = (rows, columns), (1, 1)
        if shape in ((rows, columns), (*down, *across)):
            return cls(shape, points, single, True)
        for left, right in ((down, across), ((rows,), (columns,))):
            first, last = shape[: 1 + len(left)], shape[1 + len(left) :]
            if first[1:] == left and last[1:] == right and len(last) == 1 + len(right):
                return cls(shape, points, (first[0], last[0]), True)
        if len(shape) == 2 and all(shape) and not shape[0] % rows and not shape[1] % columns:
            channels = (shape[0] // rows, shape[1] // columns)
            return cls(shape, points, channels, not channels_last)
        flat = "points by channels" if channels_last else "channels by points"
        raise SpecError(
            f"a weight of shape {shape}",
            f"{(rows, columns)}, {_listed(('out_channels', *down, 'in_channels', *across))}, or "
            f"({rows} out_channels, {columns} in_channels) of flattened {flat}",
            "transpose or expand it: a convolution's kernel is audited as a module, with --module",
        )

    def maps(self, weight: Array) -> Array:
        """Shape (rows, columns, out channels, in channels)."""
        (rows, columns), (outs, ins) = self.points, self.channels
        if self.channels_first:
            return weight.reshape(outs, rows, ins, columns).transpose(1, 3, 0, 2)
        return weight.reshape(rows, outs, columns, ins).transpose(0, 2, 1, 3)

    def weight(self, maps: Array) -> Array:
        """And back, in the shape that was given."""
        order = (2, 0, 3, 1) if self.channels_first else (0, 2, 1, 3)
        return maps.transpose(order).reshape(self.shape)


def _listed(axes: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, axes))})"
