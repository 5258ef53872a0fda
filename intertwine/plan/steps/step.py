"""What a step is: it reads values by name, makes others, means something in NumPy, and costs.

A value of data has shape (batch..., channels, axes...): axes are counted from the end, so that no
step depends on the batch.  Weights have shape (maps, out channels, in channels).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# A bias that a layer lacks is None.
Values = Mapping[str, Any]
Axis = int


class Step(ABC):
    """One line of a program.

    Integers and Fractions, in arrays of objects, are computed exactly, but for transforms.
    """

    @property
    @abstractmethod
    def makes(self) -> tuple[str, ...]:
        """The values that it makes."""

    @property
    @abstractmethod
    def reads(self) -> tuple[str, ...]:
        """The values that it reads."""

    @abstractmethod
    def run(self, values: Values) -> dict[str, Array]:
        """The values that it makes, in NumPy: the slow twin of what is emitted."""


class Unary(Step):
    """A step that makes the value `out` of the value `given`."""

    out: str
    given: str

    @property
    def makes(self) -> tuple[str, ...]:
        """The only value that it makes."""
        return (self.out,)

    @property
    def reads(self) -> tuple[str, ...]:
        """The only value that it reads."""
        return (self.given,)

    def run(self, values: Values) -> dict[str, Array]:
        """The only value that it makes."""
        return {self.out: self.of(values[self.given])}

    @abstractmethod
    def of(self, x: Array) -> Array:
        """What it makes of a value."""


def turned(x: Array, order: Sequence[Axis]) -> Array:
    """The last axes in another order, in which they are named from the end."""
    batch = range(x.ndim - len(order))
    return x.transpose(*batch, *(x.ndim + axis for axis in order))


def mixed(matrix: Array, x: Array, rank: int) -> Array:
    """A matrix on the channels of x, which stand before its last `rank` axes."""
    channels_last = np.moveaxis(x, -rank - 1, -1)
    return np.moveaxis(channels_last @ matrix.T, -1, -rank - 1)
