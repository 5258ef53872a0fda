"""The grid of a layer whose maps end where it ends, as its shapes and its docstring say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import PageError
from intertwine.verify.facts import Image, Key, Layer

_ENDS = r"Boundary: zeros .*? further than (\d+) from an end"


@dataclass(frozen=True)
class Grid:
    """Where the axes of a grid stand in the shapes of both sides, and how far its maps reach."""

    layer: Layer
    sides: tuple[int, ...]
    radius: int

    @classmethod
    def of(cls, layer: Layer, doc: str) -> Grid | None:
        """The grid of a layer, or None where it has no ends."""
        ended = re.search(_ENDS, doc)
        if ended is None:
            return None
        over = re.search(r"convolution over (\d+(?: x \d+)*)", doc)
        fields = (*layer.inputs.values(), *layer.outputs.values())
        sides = min((layer.shape(axes, {}) for axes in fields), key=len)
        if over is not None:
            sides = tuple(map(int, over[1].split(" x ")))
        return cls(layer, sides, int(ended[1]))

    def _start(self, shape: tuple[int, ...]) -> int:
        """At which axis the grid begins in a shape, the last that fits."""
        count = len(self.sides)
        fits = [k for k in range(len(shape) - count + 1) if shape[k : k + count] == self.sides]
        if not fits:
            raise PageError(f"{self.layer.name}: no grid of {self.sides} in the shape {shape}")
        return fits[-1]

    def translations(self) -> list[list[Image]]:
        """The translation by one along each axis, on all inputs and outputs."""
        fields = (*self.layer.inputs.values(), *self.layer.outputs.values())
        shapes = [self.layer.shape(axes, {}) for axes in fields]
        numbers = [np.arange(1, 1 + prod(shape)).reshape(shape) for shape in shapes]
        return [
            [np.roll(n, -1, self._start(n.shape) + axis).ravel() for n in numbers]
            for axis, length in enumerate(self.sides)
            if length > 1
        ]

    def reach(self, key: Key) -> NDArray[np.intp]:
        """How far each entry of a block reaches within the grid, on the axis where it is most."""
        places = []
        for side, name in ((self.layer.outputs, key[0]), (self.layer.inputs, key[1])):
            shape = self.layer.shape(side[name], {})
            start = self._start(shape)
            index = np.indices(shape).reshape(len(shape), prod(shape))
            places.append(index[start : start + len(self.sides)])
        gaps: NDArray[np.intp] = np.abs(places[0][:, :, None] - places[1][:, None]).max(axis=0)
        return gaps

    def cut(self, codes: Mapping[Key, NDArray[np.signedinteger]]) -> dict[Key, NDArray[np.intp]]:
        """The codes without entries that reach further than the radius."""
        return {
            key: np.where(self.reach(key) <= self.radius, table, 0) for key, table in codes.items()
        }

    def furthest(self, codes: Mapping[Key, NDArray[np.signedinteger]]) -> int:
        """How far the maps of these codes reach."""
        reached = (self.reach(key)[table != 0].max(initial=0) for key, table in codes.items())
        return int(max(reached))
