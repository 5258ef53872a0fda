"""The maps of a layer as they were solved again: what any of them, with its weights, computes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.verify.docstring import Claim
from intertwine.verify.facts import Key, Layer

Array = NDArray[np.float64]
Weights = Mapping[Key, Array]
Biases = Mapping[str, Array]
Fields = Mapping[str, Array]
Sizes = Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Maps(ABC):
    """All maps of a layer.

    `rows` says how many weights there are a pair of fields, `bias_rows` a field; `variances` are
    those of first weights times the input's channels, for independent inputs and for equal ones;
    `claims` are what the docstring must say, and `said` is what was proved, in words.
    """

    layer: Layer
    rows: Mapping[Key, int]
    bias_rows: Mapping[str, int]
    variances: Mapping[str, Weights]
    claims: list[Claim]
    said: str

    @abstractmethod
    def dense(self, key: Key, weight: Array, sizes: Sizes) -> Array:
        """The matrix of a block, (out, output points, in, input points), of weights (rows, ...)."""

    @abstractmethod
    def constants(self, target: str, bias: Array, sizes: Sizes) -> Array:
        """What a bias (rows, out) adds: (out, output points)."""

    def apply(self, weights: Weights, biases: Biases, inputs: Fields, sizes: Sizes) -> Fields:
        """The outputs, each of shape (batch, out, output points), of inputs of such shapes."""
        outputs: dict[str, Any] = {}
        for key, weight in weights.items():
            y = self.block(key, weight, inputs[key[1]], sizes)
            outputs[key[0]] = outputs[key[0]] + y if key[0] in outputs else y
        return {t: y + self.constants(t, biases[t], sizes) for t, y in outputs.items()}

    def block(self, key: Key, weight: Array, x: Array, sizes: Sizes) -> Array:
        """What one block adds."""
        matrix = self.dense(key, weight, sizes)
        flat = matrix.reshape(prod(matrix.shape[:2]), prod(matrix.shape[2:]))
        y = x.reshape(len(x), flat.shape[1]) @ flat.T
        return y.reshape(len(x), *matrix.shape[:2])
