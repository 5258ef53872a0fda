"""What a page says of itself, read from the module that was run and checked piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError
from intertwine.verify.wire import Arrays

Axes = tuple[int | str, ...]
Integers = NDArray[np.int64]
Reals = NDArray[np.float64]
Key = tuple[str, str]
# A generator on one field: one-based signed images, or of each column the rows and the values.
Image = Integers | tuple[Integers, Reals]

_MOST_AXES = 64


@dataclass(frozen=True, eq=False)
class Layer:
    """The facts of one layer: its fields by name, and what acts on them.

    `generators[name]` are the images on all inputs, then on all outputs; a layer of any size has
    `sizes` and `diagrams` in their place.  `fused` says that it has that method, for deployment,
    and `masked` that a layer of any size takes masks.
    """

    name: str
    doc: str
    inputs: Mapping[str, Axes]
    outputs: Mapping[str, Axes]
    generators: Mapping[str, tuple[list[Image], list[Image]]]
    sizes: Mapping[str, int]
    diagrams: Mapping[Key, tuple[str, ...]]
    fused: bool
    masked: bool

    @property
    def any_size(self) -> bool:
        """Whether it serves every size."""
        return bool(self.sizes)

    @property
    def keys(self) -> list[Key]:
        """The pairs of an output and an input."""
        return [(t, s) for t in self.outputs for s in self.inputs]

    @property
    def linear(self) -> bool:
        """Whether some generator is given by a matrix that is no signed permutation."""
        return any(
            isinstance(image, tuple)
            for sides in self.generators.values()
            for side in sides
            for image in side
        )

    @property
    def channels_last(self) -> bool:
        """Whether channels stand behind the points, as its docstring says."""
        return "channels come last" in " ".join(self.doc.split())

    def shape(self, axes: Axes, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The points of a field at these sizes."""
        return tuple(a if isinstance(a, int) else sizes[a] for a in axes)

    def points(self, axes: Axes, sizes: Mapping[str, int] | None = None) -> int:
        """How many points a field has."""
        return prod(self.shape(axes, self.sizes if sizes is None else sizes))


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of a page: its docstring, its layers in order, and of a network what it is.

    `network` holds the network's own fields, with `name` its class; `stages` the modules and the
    shapes of each stage.
    """

    doc: str
    layers: tuple[Layer, ...]
    network: Layer | None
    channels: Mapping[str, int]
    stages: Mapping[str, tuple[list[str], list[str]]]


def facts_of(where: str, message: Any, arrays: Arrays) -> Facts:
    """The facts in the answer of the process that ran the page.

    Raises:
        SpecError: they are not those of an emitted page.
    """
    try:
        return _facts(message, arrays)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        raise SpecError(
            f"{where}, which does not say what an emitted page says",
            "a file that `intertwine solve` wrote",
            "solve its spec again",
        ) from None


def _facts(message: Any, arrays: Arrays) -> Facts:
    constants = {name: _decoded(value, arrays) for name, value in message["constants"].items()}
    classes = [
        (str(name), str(doc), fused is True, masked is True)
        for name, doc, dense, fused, masked in message["classes"]
        if dense
    ]
    if "STAGES" not in constants:
        (only,) = classes
        return Facts(str(message["doc"]), (_layer(*only, constants, ""),), None, {}, {})
    layers = tuple(
        _layer(*one, constants, f"_{number}") for number, one in enumerate(classes, start=1)
    )
    name, doc = next((str(n), str(d)) for n, d, dense, *_ in message["classes"] if not dense)
    channels = {str(k): _count(v) for k, v in constants["CHANNELS"].items()}
    stages = {
        str(k): ([str(m) for m in modules], [str(s) for s in shapes])
        for k, (modules, shapes) in constants["STAGES"].items()
    }
    own = _layer(name, doc, False, True, constants, "", network=True)
    if set(channels) != set(own.inputs):
        raise ValueError
    return Facts(str(message["doc"]), layers, own, channels, stages)


def _layer(
    name: str,
    doc: str,
    fused: bool,
    masked: bool,
    constants: Mapping[str, Any],
    end: str,
    network: bool = False,
) -> Layer:
    inputs, outputs = (_fields(constants[side + end]) for side in ("INPUTS", "OUTPUTS"))
    sizes = {str(k): _count(v) for k, v in constants.get("SIZES" + end, {}).items()}
    diagrams: dict[Key, tuple[str, ...]] = {}
    if sizes and not network:
        listed = constants["DIAGRAMS" + end]
        if not isinstance(listed, dict):
            listed = {(next(iter(outputs)), next(iter(inputs))): listed}
        diagrams = {_pair(k): tuple(_text(word) for word in v) for k, v in listed.items()}
        if set(diagrams) != {(t, s) for t in outputs for s in inputs}:
            raise KeyError
    named = {a for side in (inputs, outputs) for axes in side.values() for a in axes}
    if {a for a in named if isinstance(a, str)} != set(sizes):
        raise KeyError
    generators = {}
    for one, (sources, targets) in ({} if sizes else constants["GENERATORS" + end]).items():
        generators[str(one)] = (_images(sources, inputs), _images(targets, outputs))
    return Layer(name, doc, inputs, outputs, generators, sizes, diagrams, fused, masked)


def _images(images: Any, fields: Mapping[str, Axes]) -> list[Image]:
    """The images of a generator on all fields, each invertible in form."""
    made: list[Image] = []
    for image, axes in zip(images, fields.values(), strict=True):
        size = prod(a for a in axes if isinstance(a, int))
        if isinstance(image, np.ndarray):
            if image.dtype != np.int64 or image.shape != (size,):
                raise ValueError
            if not np.array_equal(np.sort(np.abs(image)), np.arange(1, size + 1)):
                raise ValueError
            made.append(image)
            continue
        rows, values = image
        rows, values = rows.reshape(size, -1), values.reshape(size, -1)
        if rows.dtype != np.int64 or rows.shape != values.shape or not np.isfinite(values).all():
            raise ValueError
        if rows.min(initial=0) < 0 or rows.max(initial=0) >= size:
            raise ValueError
        made.append((rows, values.astype(np.float64)))
    return made


def _fields(given: Any) -> dict[str, Axes]:
    """The axes of each field."""
    fields = {_text(name): tuple(axes) for name, axes in given.items()}
    for axes in fields.values():
        if len(axes) > _MOST_AXES or not all(type(a) is str or _count(a) for a in axes):
            raise ValueError
    if not fields:
        raise ValueError
    return fields


def _decoded(value: Any, arrays: Arrays) -> Any:
    if isinstance(value, dict):
        if "array" in value:
            return arrays[value["array"]]
        return {_hashable(_decoded(k, arrays)): _decoded(v, arrays) for k, v in value["dict"]}
    return [_decoded(item, arrays) for item in value] if isinstance(value, list) else value


def _hashable(key: Any) -> Any:
    return tuple(key) if isinstance(key, list) else key


def _pair(key: Any) -> Key:
    target, source = key
    return _text(target), _text(source)


def _text(word: Any) -> str:
    if type(word) is not str:
        raise TypeError
    return word


def _count(number: Any) -> int:
    if type(number) is not int or not 1 <= number < 1 << 40:
        raise ValueError
    return number
