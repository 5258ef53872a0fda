"""Layers of any size, solved again: every set partition of the axes, at any sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, prod
from string import ascii_letters

import numpy as np

from intertwine.errors import PageError
from intertwine.hom.partition import growth_strings
from intertwine.limits import spend
from intertwine.verify.docstring import (
    Claim,
    dimension_claims,
    listed_claims,
    order_claims,
    shape_claims,
)
from intertwine.verify.facts import Axes, Key, Layer
from intertwine.verify.maps import Array, Maps, Sizes

# The letters of a diagram, one a moved axis of the output and then of the input.
Word = str

_MOST_AXES = 8
_SECONDS_A_DIAGRAM = 6e-5


@dataclass(frozen=True, eq=False)
class DiagramMaps(Maps):
    """`y = sum_d w_d n^-p(d) A_d x` over all diagrams d, p counting the blocks of inputs alone.

    `mean` is false where the powers of n are left out.
    """

    words: Mapping[Key, Sequence[Word]]
    bias_words: Mapping[str, Sequence[Word]]
    mean: bool

    def block(self, key: Key, weight: Array, x: Array, sizes: Sizes) -> Array:
        """What one block adds, diagram by diagram: pool, mix, spread."""
        target, source = self.layer.outputs[key[0]], self.layer.inputs[key[1]]
        fixed = [tuple(a for a in axes if isinstance(a, int)) for axes in (target, source)]
        x = x.reshape(*x.shape[:2], *self.layer.shape(source, sizes))
        mixing = weight.reshape(len(self.words[key]), *fixed[0], *fixed[1], *weight.shape[1:])
        y = np.zeros((len(x), weight.shape[1], *self.layer.shape(target, sizes)))
        spots = iter(ascii_letters[26:])
        b, o, i = (next(spots) for _ in range(3))
        outer, inner = ("".join(next(spots) for _ in axes) for axes in fixed)
        for word, w in zip(self.words[key], mixing, strict=True):
            ties = _lettered(target, word, outer), _lettered(source, word[_moved(target) :], inner)
            crossing = "".join(dict.fromkeys(a for a in ties[1] if a in ties[0] and a not in outer))
            alone = "".join(
                dict.fromkeys(a for a in ties[0] if a not in ties[1] and a not in outer)
            )
            pooled = np.einsum(f"{b}{i}{ties[1]}->{b}{i}{inner}{crossing}", x)
            if self.mean:
                pooled = pooled / prod(_loose(self.layer, key, word, sizes))
            mixed = np.einsum(
                f"{b}{i}{inner}{crossing},{outer}{inner}{o}{i}->{b}{o}{outer}{crossing}", pooled, w
            )
            view = np.einsum(f"{b}{o}{ties[0]}->{b}{o}{outer}{crossing}{alone}", y)
            view += mixed[(..., *[None] * len(alone))]
        return y.reshape(*y.shape[:2], -1)

    def dense(self, key: Key, weight: Array, sizes: Sizes) -> Array:
        """What the block makes of unit vectors."""
        columns = self.layer.points(self.layer.inputs[key[1]], sizes)
        count = weight.shape[2]
        units = np.eye(count * columns).reshape(-1, count, columns)
        y = self.block(key, weight, units, sizes)
        return np.moveaxis(y, 0, -1).reshape(*y.shape[1:], count, columns)

    def constants(self, target: str, bias: Array, sizes: Sizes) -> Array:
        """The biases on the diagonals of the output."""
        axes = self.layer.outputs[target]
        fixed = tuple(a for a in axes if isinstance(a, int))
        values = bias.reshape(len(self.bias_words[target]), *fixed, bias.shape[1])
        y = np.zeros((bias.shape[1], *self.layer.shape(axes, sizes)))
        outer = ascii_letters[26 : 26 + len(fixed)]
        for word, value in zip(self.bias_words[target], values, strict=True):
            ties = _lettered(axes, word, outer)
            free = "".join(dict.fromkeys(a for a in ties if a not in outer))
            view = np.einsum(f"Z{ties}->Z{outer}{free}", y)
            view += np.moveaxis(value, -1, 0)[(..., *[None] * len(free))]
        return y.reshape(bias.shape[1], -1)


def diagram_maps(where: str, layer: Layer) -> DiagramMaps:
    """All diagrams between the fields, of which the page must list each once and in order."""
    doc = " ".join(layer.doc.split())
    words = {}
    for t, s in layer.keys:
        factors = [a for a in (*layer.outputs[t], *layer.inputs[s]) if isinstance(a, str)]
        words[t, s] = _words(layer, factors)
        outer = _moved(layer.outputs[t])
        listed = tuple(f"{w[:outer]} {w[outer:]}".strip() for w in words[t, s])
        if layer.diagrams[t, s] != listed:
            raise PageError(f"{where}: the diagrams of {t} from {s} are wrong")
    bias_words = {
        t: _words(layer, [a for a in axes if isinstance(a, str)])
        for t, axes in layer.outputs.items()
    }
    copies = {
        (t, s): prod(a for a in (*layer.outputs[t], *layer.inputs[s]) if isinstance(a, int))
        for t, s in layer.keys
    }
    rows = {key: len(words[key]) * copies[key] for key in layer.keys}
    bias_rows = {
        t: len(bias_words[t]) * prod(a for a in axes if isinstance(a, int))
        for t, axes in layer.outputs.items()
    }
    mean = "pools are means" in doc
    dimension, bias = _dimensions(layer, words, bias_words)
    sizes = ", ".join(f"{name} = {size}" for name, size in layer.sizes.items())
    claims = [
        *dimension_claims(dimension, bias),
        *shape_claims(layer),
        Claim("its sizes", r", at ((?:\w+ = \d+(?:, )?)+)\. Proof", sizes, needed=True),
        Claim("its sizes", r" at ((?:\w+ = \d+(?:, )?)+), of order", sizes),
        *_least_claims(layer, words),
    ]
    for (t, s), strings in words.items():
        outer = _moved(layer.outputs[t])
        spelled = [f"{w[:outer]} {w[outer:]}".strip() or "1" for w in strings]
        claims += listed_claims(layer, (t, s), spelled)
        claims.append(
            Claim("its rows", r"Each has (\d+) rows", str(copies[t, s]))
            if len(layer.keys) == 1
            else Claim(f"the rows of {t}__{s}", r"\A \d+ times (\d+) pairs", str(copies[t, s]),
                       start=rf" {t}__{s},")
        )  # fmt: skip
    claims += order_claims(doc, prod(map(factorial, layer.sizes.values())))
    variances = {
        "independent inputs": _variances(layer, words, mean, False),
        "equal inputs": _variances(layer, words, mean, True),
    }
    said = f"dimension {dimension} at {sizes}, every set partition of its axes listed once"
    return DiagramMaps(layer, rows, bias_rows, variances, claims, said, words, bias_words, mean)


def _words(layer: Layer, factors: Sequence[str]) -> list[Word]:
    """Set partitions of axes whose blocks have axes of one factor, in lexicographic order."""
    if len(factors) > _MOST_AXES:
        raise PageError(f"{layer.name}: {len(factors)} axes have more diagrams than are emitted")
    strings = list(growth_strings(len(factors), len(factors)))
    spend(_SECONDS_A_DIAGRAM * len(strings), "the diagrams", "take fewer axes")
    kept = [s for s in strings if len(set(zip(s, factors, strict=True))) == len(set(s))]
    return ["".join(ascii_letters[block] for block in string) for string in sorted(kept)]


def _moved(axes: Axes) -> int:
    return sum(isinstance(a, str) for a in axes)


def _lettered(axes: Axes, word: Word, fixed: str) -> str:
    """A letter an axis: that of the diagram where it is moved, one of its own where it is fixed."""
    moved, still = iter(word), iter(fixed)
    return "".join(next(moved) if isinstance(a, str) else next(still) for a in axes)


def _blocks(layer: Layer, key: Key, word: Word) -> dict[str, str]:
    """The factor of every block."""
    factors = [a for a in (*layer.outputs[key[0]], *layer.inputs[key[1]]) if isinstance(a, str)]
    return dict(zip(word, factors, strict=True))


def _loose(layer: Layer, key: Key, word: Word, sizes: Sizes) -> list[int]:
    """How many points each block has that holds input axes only."""
    outputs = word[: _moved(layer.outputs[key[0]])]
    blocks = _blocks(layer, key, word)
    return [sizes[factor] for block, factor in blocks.items() if block not in outputs]


def _dimensions(
    layer: Layer, words: Mapping[Key, Sequence[Word]], bias_words: Mapping[str, Sequence[Word]]
) -> tuple[int, int]:
    """How many diagrams are independent: no factor has more blocks than points."""

    def fits(axes: Sequence[str], word: Word) -> bool:
        blocks = Counter(dict(zip(word, axes, strict=True)).values())
        return all(count <= layer.sizes[factor] for factor, count in blocks.items())

    total = [0, 0]
    for t, target in layer.outputs.items():
        for s, source in ((None, ()), *layer.inputs.items()):
            moved = [a for a in (*target, *source) if isinstance(a, str)]
            listed = bias_words[t] if s is None else words[t, s]
            copies = prod(a for a in (*target, *source) if isinstance(a, int))
            total[s is None] += copies * sum(fits(moved, word) for word in listed)
    return total[0], total[1]


def _least_claims(layer: Layer, words: Mapping[Key, Sequence[Word]]) -> list[Claim]:
    """From which size on all diagrams are independent."""
    least = dict.fromkeys(layer.sizes, 1)
    for t, s in words:
        for name in least:
            axes = (*layer.outputs[t], *layer.inputs[s])
            least[name] = max(least[name], axes.count(name))
    return [
        Claim(f"the least {name}", rf"(?:Where|,) {name} < (\d+),", str(count), start=r"Any size:",
              end=r"`weight")
        for name, count in least.items()
    ]  # fmt: skip


def _variances(
    layer: Layer, words: Mapping[Key, Sequence[Word]], mean: bool, equal: bool
) -> dict[Key, Array]:
    """The variances of first weights, row by row.

    Diagrams that tie no outputs share a part p of the output's variance equally, and those of all
    other ties as much, with p such that it is 1 on average over the output's points.  A mean over m
    points of independent inputs has the variance 1 / m, of equal ones 1; a sum m, or m^2.
    """
    made: dict[Key, Array] = {}
    for t, target in layer.outputs.items():
        outer, counts = _moved(target), Counter[Word]()
        for s, source in layer.inputs.items():
            for word in words[t, s]:
                counts[word[:outer]] += prod(a for a in source if isinstance(a, int))
        factors = [a for a in target if isinstance(a, str)]
        held = {ties: Fraction(1, prod(layer.sizes[f] for k, f in enumerate(factors)
                                       if ties[k] in ties[:k])) for ties in counts}  # fmt: skip
        free = max(counts, key=lambda ties: len(set(ties)))
        part = Fraction(1, max(len(counts) - 1, 1))
        whole = 1 / (1 + sum((part * held[ties] for ties in counts if ties != free), Fraction(0)))
        for s, source in layer.inputs.items():
            copies = prod(a for a in (*target, *source) if isinstance(a, int))
            row = []
            for word in words[t, s]:
                ties = word[:outer]
                m = prod(_loose(layer, (t, s), word, layer.sizes))
                gain = Fraction(1, m) if mean else Fraction(m)
                if equal:
                    gain = Fraction(1) if mean else Fraction(m * m)
                share = whole * (1 if ties == free else part) / counts[ties]
                row += [float(share / gain)] * copies
            made[t, s] = np.array(row)
    return made
