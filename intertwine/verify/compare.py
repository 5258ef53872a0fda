"""Holding what a layer computes against the maps that were solved again.

A layer is linear in its weights and in its input.  So two layers that agree on weights and inputs
drawn at random are the same map with certainty but for chance: where one entry of one map differs,
integers drawn from 2000 that a page cannot know beforehand miss it with a probability below
2/2000 a draw, and every entry stands in several independent draws.  These are taken in train mode
and in eval mode without gradients, twice and with other weights between, at several numbers of
channels and of batch axes; and where that is small, on all unit vectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import PageError
from intertwine.verify.facts import Axes, Key, Layer
from intertwine.verify.made import Asked, Channels, Made, one_channel
from intertwine.verify.maps import Array, Biases, Fields, Maps, Sizes, Weights

_SAME = 1e-9
_SAME_BOUND = 5e-7
_LARGEST = 1000
_MOST_DENSE = 1 << 26
_MOST_SEVERAL = 1 << 20
_MOST_UNITS = 1 << 16
_MOST_WORK = 1 << 20
# No number of samples is one of channels.
_BATCHES: tuple[tuple[int, ...], ...] = ((), (1,), (5,), (4, 2))
_MASKED = 5
_LEAST = 2


@dataclass(frozen=True, eq=False)
class Comparison:
    """One layer of a page and the maps that it must be."""

    where: str
    page: Asked
    layer: Layer
    maps: Maps
    dice: np.random.Generator

    def run(self) -> str:
        """Compare everything: what was compared, in words.

        Raises:
            PageError: something differs.
        """
        several = (
            {name: 2 + k % 2 for k, name in enumerate(self.layer.inputs)},
            {name: 3 - k % 2 for k, name in enumerate(self.layer.outputs)},
        )
        single = (one_channel(self.layer.inputs), one_channel(self.layer.outputs))
        convention = self._first_weights((several, single))
        for sizes in self._sizes():
            self._forward(several, sizes, _BATCHES)
            self._forward(single, sizes, ((2,),))
        if self.layer.any_size and self.layer.masked:
            for sizes in self._sizes():
                self._masked(several, sizes)
        names = [
            "forward",
            *["fused"] * self.layer.fused,
            "bias",
            *["dense_weight"] * self._dense(),
        ]
        parts = ", ".join(names[:-1]) + f" and {names[-1]}"
        if self.layer.any_size and not self.layer.masked:
            parts += ", without masks"
        if (first := self._sizes()[0]) != self.layer.sizes:
            parts += " at " + ", ".join(f"{name} = {size}" for name, size in first.items())
        return f"{parts} are these maps', first weights {convention}"

    def _sizes(self) -> list[dict[str, int]]:
        """Those of the spec, unless its tensors are huge, and for layers of any size two others."""
        spec = dict(self.layer.sizes)
        if not spec:
            return [{}]
        others = [
            {name: max(1, size // 2) + k % 2 for k, (name, size) in enumerate(spec.items())},
            {name: min(size, 4) + 1 + k for k, (name, size) in enumerate(spec.items())},
        ]
        every = [spec, *others]
        for sizes in every:
            while self._work(sizes) > _MOST_WORK and max(sizes.values()) > _LEAST:
                for name in sizes:
                    sizes[name] = max(_LEAST, sizes[name] * 2 // 3)
        return every

    def _work(self, sizes: Sizes) -> int:
        """How many numbers all diagrams read and write."""
        layer = self.layer
        return sum(
            rows * (layer.points(layer.outputs[t], sizes) + layer.points(layer.inputs[s], sizes))
            for (t, s), rows in self.maps.rows.items()
        )

    def _draw(self, *shape: int) -> Array:
        """Integers that are not zero."""
        values = self.dice.integers(1, _LARGEST + 1, shape)
        return np.asarray(values * self.dice.choice([-1, 1], shape), dtype=np.float64)

    def _parameters(self, made: Made) -> tuple[Weights, Biases]:
        """Weights and biases at random, set in the page's layer."""
        weights = {k: self._draw(*w.shape) for k, w in made.weights[0].items()}
        biases = {t: self._draw(*b.shape) for t, b in made.biases[0].items()}
        made.set(weights, biases)
        return weights, biases

    def _inputs(self, made: Made, sizes: Sizes, count: int) -> dict[str, Array]:
        return {
            s: self._draw(count, made.ins[s], self.layer.points(axes, sizes))
            for s, axes in self.layer.inputs.items()
        }

    def _made(self, channels: tuple[Channels, Channels], bias: bool = True) -> Made:
        made = Made.of(self.where, self.page, self.layer, *channels, bias)
        for key, weight in made.weights[0].items():
            if len(weight) != self.maps.rows[key]:
                said = f"{len(weight)} weights of {key[0]} from {key[1]}"
                raise PageError(f"{self.where}: {said}, which has {self.maps.rows[key]} maps")
        for target, values in made.biases[0].items():
            if values.shape != (self.maps.bias_rows[target], made.outs[target]):
                said = f"biases of {target} of shape {values.shape}"
                count = self.maps.bias_rows[target]
                raise PageError(f"{self.where}: {said}, which has {count} invariants")
        return made

    def _first_weights(self, channels: Sequence[tuple[Channels, Channels]]) -> str:
        """Hold the ends of all draws against the variances, under one convention for all."""
        several = [self._made(pair) for pair in channels]
        if any(b.any() for made in several for end in made.biases for b in end.values()):
            raise PageError(f"{self.where}: its first bias is not zero")
        if not self.maps.variances:
            return "are not checked"
        fits = [
            name
            for name, variances in self.maps.variances.items()
            if all(self._fits(made, k, v) for made in several for k, v in variances.items())
        ]
        if not fits:
            raise PageError(f"{self.where}: its first weights do not keep unit variance")
        return f"are for {fits[0] if len(fits) == 1 else 'either kind of input'}"

    @staticmethod
    def _fits(made: Made, key: Key, variance: Array) -> bool:
        """Whether the weights are drawn between the ends that their variances ask for."""
        bound = np.sqrt(3 * variance / made.ins[key[1]])[:, None, None]
        low, high = (end[key] for end in made.weights)
        gap = np.maximum(np.abs(high - bound), np.abs(low + bound))
        return len(low) == len(bound) and bool((gap <= _SAME_BOUND * bound).all())

    def _forward(
        self,
        channels: tuple[Channels, Channels],
        sizes: Sizes,
        batches: tuple[tuple[int, ...], ...],
    ) -> None:
        """Hold forward against the maps: batch by batch, in both modes, with and without bias."""
        made = self._made(channels)
        for batch in batches:
            inputs = self._inputs(made, sizes, prod(batch))
            for training in (True, False):
                # The first of two calls in eval mode may leave something behind; new weights then.
                for _ in range(1 if training else 2):
                    weights, biases = self._parameters(made)
                    expected = self.maps.apply(weights, biases, inputs, sizes)
                    mode = "train" if training else "eval"
                    what = f"forward in {mode} mode with a batch of {batch}"
                    self._hold(made.forward(inputs, sizes, batch, training), expected, what)
            if self.layer.fused and sizes == self.layer.sizes:
                given = made.forward(inputs, sizes, batch, False, "fused")
                self._hold(given, expected, "fused()")
        made.forward(self._inputs(made, sizes, 0), sizes, (0,), True)
        plain = self._made(channels, bias=False)
        inputs = self._inputs(plain, sizes, 2)
        weights, _ = self._parameters(plain)
        nothing = {t: np.zeros((n, channels[1][t])) for t, n in self.maps.bias_rows.items()}
        expected = self.maps.apply(weights, nothing, inputs, sizes)
        for training in (True, False):
            given = plain.forward(inputs, sizes, (2,), training)
            self._hold(given, expected, "forward without bias")

    def _hold(self, given: Fields, expected: Mapping[str, Array], what: str) -> None:
        for name, values in expected.items():
            scale = 1 + float(np.abs(values).max(initial=0))
            gap = float(np.abs(given[name] - values).max(initial=0))
            if not gap <= _SAME * scale:
                raise PageError(f"{self.where}: {what} is wrong, by {gap / scale:.0e} of {name}")

    def _masked(self, channels: tuple[Channels, Channels], sizes: Sizes) -> None:
        """With padding the layer is that of the points left, and zero at the others.

        The last sample is padding throughout: pools of nothing are zero.
        """
        made, layer = self._made(channels), self.layer
        kept = {name: np.sort(self.dice.permutation(n)[: max(1, (2 * n) // 3)])
                for name, n in sizes.items()}  # fmt: skip
        small = {name: len(points) for name, points in kept.items()}
        masks = {}
        for name, n in sizes.items():
            masks[name] = np.tile(np.isin(np.arange(n), kept[name]), (_MASKED, 1))
            masks[name][-1] = False

        def left(axes: Axes) -> NDArray[np.intp]:
            """The points of a field that are no padding."""
            numbers = np.arange(layer.points(axes, sizes)).reshape(layer.shape(axes, sizes))
            for place, axis in enumerate(axes):
                numbers = numbers.take(kept[axis], place) if isinstance(axis, str) else numbers
            return numbers.ravel()

        for training in (True, False):
            inputs = self._inputs(made, sizes, _MASKED)
            weights, biases = self._parameters(made)
            within = {s: x[:, :, left(layer.inputs[s])] for s, x in inputs.items()}
            for s, x in within.items():
                x[-1] *= not any(isinstance(a, str) for a in layer.inputs[s])
            expected = {}
            for t, y in self.maps.apply(weights, biases, within, small).items():
                whole = np.zeros((*y.shape[:2], layer.points(layer.outputs[t], sizes)))
                whole[:, :, left(layer.outputs[t])] = y
                whole[-1] *= not any(isinstance(a, str) for a in layer.outputs[t])
                expected[t] = whole
            given = made.forward(inputs, sizes, (_MASKED,), training, masks=masks)
            self._hold(given, expected, "forward with a mask")

    def _dense(self) -> bool:
        """Hold the full matrix, and the way back from it, against the maps, if it is not huge."""
        layer = self.layer
        sizes = dict(layer.sizes)
        compared = False
        for at in (None, *self._sizes()[1:]):
            now = sizes if at is None else at
            entries = sum(layer.points(a, now) for a in layer.outputs.values()) * sum(
                layer.points(a, now) for a in layer.inputs.values()
            )
            if entries > (_MOST_DENSE if at is None else _MOST_SEVERAL):
                continue
            compared = True
            counts = (2, 3) if entries <= _MOST_SEVERAL else (1, 1)
            channels = (
                one_channel(layer.inputs, counts[0]), one_channel(layer.outputs, counts[1])
            )  # fmt: skip
            made = self._made(channels)
            weights, _ = self._parameters(made)
            for key, block in made.dense(at).items():
                expected = self.maps.dense(key, weights[key], now)
                self._hold({"dense": block}, {"dense": expected}, "dense_weight")
            if at is None and entries <= _MOST_UNITS:
                self._units(made, weights, now)
        return compared

    def _units(self, made: Made, weights: Weights, sizes: Sizes) -> None:
        """Hold forward on all unit vectors against the maps, that is, every entry by itself."""
        layer = self.layer
        widths = {s: made.ins[s] * layer.points(axes, sizes) for s, axes in layer.inputs.items()}
        whole, first = np.eye(sum(widths.values())), 0
        inputs = {}
        for s, width in widths.items():
            inputs[s] = whole[:, first : first + width].reshape(len(whole), made.ins[s], -1)
            first += width
        nothing = {t: np.zeros_like(b) for t, b in made.biases[0].items()}
        made.set(weights, nothing)
        expected = self.maps.apply(weights, nothing, inputs, sizes)
        for training in (True, False):
            given = made.forward(inputs, sizes, (len(whole),), training)
            self._hold(given, expected, "forward on unit vectors")
