"""A layer that the process of a page made: its parameters by field, its calls in plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import PageError
from intertwine.verify.facts import Key, Layer
from intertwine.verify.maps import Array, Biases, Fields, Sizes, Weights
from intertwine.verify.wire import Arrays

Channels = Mapping[str, int]


class Asked(Protocol):
    """What answers in the name of a page that is run."""

    def ask(
        self, name: str, arguments: Sequence[Any] = (), arrays: Sequence[NDArray[Any]] = ()
    ) -> tuple[Any, Arrays]:
        """The answer to a request: see `intertwine.verify.ran`."""
        ...


@dataclass(frozen=True, eq=False)
class Made:
    """One instance of a layer with so many channels a field.

    `drawn` are its weights with every draw at its lower end, and with every draw at its upper one.
    """

    where: str
    page: Asked
    layer: Layer
    ins: Channels
    outs: Channels
    number: int
    names: list[str]
    weights: tuple[Weights, Weights]
    biases: tuple[Biases, Biases]

    @classmethod
    def of(
        cls, where: str, page: Asked, layer: Layer, ins: Channels, outs: Channels, bias: bool = True
    ) -> Made:
        """Make it; refuses a layer with other parameters than it should have."""
        arguments = [
            dict(side) if len(side) > 1 else next(iter(side.values())) for side in (ins, outs)
        ]
        (number, names), drawn = page.ask("make", [layer.name, arguments, {"bias": bias}])
        refuse_infinite(where, drawn)
        keys = {"weight": layer.keys[0]} if len(layer.keys) == 1 else {}
        keys |= {f"weight.{t}__{s}": (t, s) for t, s in layer.keys}
        targets = {"bias": next(iter(layer.outputs))} if len(layer.outputs) == 1 else {}
        targets |= {f"bias.{t}": t for t in layer.outputs}
        ends = []
        for arrays in (drawn[: len(names)], drawn[len(names) :]):
            by_name = dict(zip(names, arrays, strict=True))
            weights = {keys[n]: a for n, a in by_name.items() if n in keys}
            biases = {targets[n]: a for n, a in by_name.items() if n in targets}
            whole = set(weights) == set(layer.keys) and len(weights) + len(biases) == len(names)
            if not whole or set(biases) != (set(layer.outputs) if bias else set()):
                raise PageError(f"{where}: it has the parameters {', '.join(names)}")
            ends.append((weights, biases))
        for t, s in layer.keys:
            if ends[0][0][t, s].shape[1:] != (outs[t], ins[s]):
                raise PageError(f"{where}: its weights are not of shape (maps, out, in)")
        both = zip(*ends, strict=True)
        (low, high), (low_bias, high_bias) = both
        return cls(where, page, layer, ins, outs, number, names, (low, high), (low_bias, high_bias))

    def set(self, weights: Weights, biases: Biases) -> None:
        """Set all parameters."""
        arrays = []
        for name in self.names:
            head, _, tail = name.partition(".")
            if head == "weight":
                target, _, source = tail.partition("__")
                key = next((k for k in self.layer.keys if "__".join(k) == tail), (target, source))
                arrays.append(weights[key if tail else self.layer.keys[0]])
            else:
                arrays.append(biases[tail or next(iter(self.layer.outputs))])
        self.page.ask("set", [self.number], arrays)

    def forward(
        self,
        inputs: Fields,
        sizes: Sizes,
        batch: tuple[int, ...],
        training: bool,
        doing: str = "forward",
        masks: Mapping[str, NDArray[np.bool_]] | None = None,
    ) -> Fields:
        """The outputs, (batch, out, points), of inputs (batch, in, points), as so many axes."""
        layer = self.layer
        arrays: list[NDArray[Any]] = []
        for name, axes in layer.inputs.items():
            x = inputs[name].reshape(*batch, self.ins[name], *layer.shape(axes, sizes))
            arrays.append(np.moveaxis(x, len(batch), -1) if layer.channels_last else x)
        masking = None if masks is None else list(masks)
        arrays += [] if masks is None else list(masks.values())
        _, given = self.page.ask("forward", [self.number, doing, training, masking], arrays)
        refuse_infinite(self.where, given)
        if len(given) != len(layer.outputs):
            raise PageError(f"{self.where}: it gives {len(given)} outputs")
        outputs = {}
        for (name, axes), y in zip(layer.outputs.items(), given, strict=True):
            shape = (*batch, self.outs[name], *layer.shape(axes, sizes))
            if layer.channels_last and y.ndim == len(shape):
                y = np.moveaxis(y, -1, len(batch))
            if y.shape != shape:
                raise PageError(f"{self.where}: {name} has shape {y.shape} in place of {shape}")
            outputs[name] = y.reshape(prod(batch), shape[len(batch)], prod(shape[len(batch) + 1 :]))
        return outputs

    def dense(self, sizes: Sizes | None) -> Weights:
        """The blocks of the full matrix, (out, output points, in, input points)."""
        layer = self.layer
        _, (matrix,) = self.page.ask("dense_weight", [self.number, sizes])
        refuse_infinite(self.where, [matrix])
        at = layer.sizes if sizes is None else sizes
        ins, outs = next(iter(self.ins.values())), next(iter(self.outs.values()))
        columns = {s: layer.points(axes, at) for s, axes in layer.inputs.items()}
        rows = {t: layer.points(axes, at) for t, axes in layer.outputs.items()}
        count = outs * sum(rows.values()) * ins * sum(columns.values())
        if matrix.size != count or matrix.shape[0] != outs:
            raise PageError(f"{self.where}: dense_weight has shape {matrix.shape}")
        whole = matrix.reshape(outs, sum(rows.values()), ins, sum(columns.values()))
        blocks, first = {}, 0
        for t, height in rows.items():
            left = 0
            for s, width in columns.items():
                blocks[t, s] = whole[:, first : first + height, :, left : left + width]
                left += width
            first += height
        return blocks


def one_channel(fields: Mapping[str, Any], count: int = 1) -> dict[str, int]:
    """As many channels for each field."""
    return dict.fromkeys(fields, count)


def zeros(made: Made) -> tuple[dict[Key, Array], dict[str, Array]]:
    """Weights and biases of nothing, of the shapes that a layer has."""
    weights = {key: np.zeros_like(w) for key, w in made.weights[0].items()}
    return weights, {t: np.zeros_like(b) for t, b in made.biases[0].items()}


def refuse_infinite(where: str, arrays: Arrays) -> None:
    """Refuse numbers that are none, with which nothing can be compared."""
    if not all(np.isfinite(array).all() for array in arrays):
        raise PageError(f"{where}: it gives numbers that are not finite")
