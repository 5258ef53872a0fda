"""The page of a network: its layers one by one, then what it computes as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import PageError
from intertwine.verify.docstring import Claim, contradiction
from intertwine.verify.facts import Facts, Image, Layer
from intertwine.verify.linear import matrix_of
from intertwine.verify.made import Asked
from intertwine.verify.maps import Array

_SAME = 1e-8
_BATCH = 3

Sizes = Mapping[str, int]


def network_proved(where: str, page: Asked, facts: Facts, dice: np.random.Generator) -> str:
    """Hold a network against what it says, as far as that goes: what was held, in words.

    Raises:
        PageError: something differs.
    """
    own = facts.network
    assert own is not None
    (number, names), arrays = page.ask("make", [own.name, [], {}])
    parameters = arrays[: len(names)]
    page.ask("shake", [number], [dice.standard_normal(p.shape) / 8 for p in parameters])
    model = _Model(where, page, facts, own, number, dice)
    model.commutes()
    model.is_sample_by_sample()
    if own.any_size and all(layer.masked for layer in facts.layers):
        model.leaves_padding_out()
    _stages_held(where, page, facts, number, model.inputs(dict(own.sizes), ()))
    shapes = [shape for _, given in facts.stages.values() for shape in given]
    claims = [
        Claim("its parameters", r"Parameters: (\d+)\.", str(sum(p.size for p in parameters)), True)
    ]
    shapes_in = {
        name: f"({', '.join(map(str, (facts.channels[name], *axes)))})"
        for name, axes in own.inputs.items()
    }
    first = ", ".join(
        shape if len(shapes_in) == 1 else f"{name} {shape}" for name, shape in shapes_in.items()
    )
    claims.append(Claim("its input", r"`input`: (.*?)(?= `)", first, other=f"x {first}"))
    for stage, (_, given) in facts.stages.items():
        said = ", ".join(given)
        pattern = rf"`{re.escape(stage)}`: .*?: ({re.escape(said)})(?= `|\Z| )"
        if not re.search(pattern, " ".join(own.doc.split())):
            claims.append(Claim(f"the stage {stage}", rf"`{re.escape(stage)}`: (.*?)(?= `|\Z)",
                                said, True))  # fmt: skip
    if own.any_size:
        sizes = ", ".join(f"{name} = {size}" for name, size in own.sizes.items())
        claims.append(Claim("its sizes", r"the spec's (?:is|are) ((?:\w+ = \d+(?:, )?)+)\.", sizes))
    model.gives([shape[shape.index("(") :] for shape in shapes[-len(own.outputs) :]])
    if wrong := contradiction(own.doc, claims):
        raise PageError(f"{where}: {wrong}")
    return (
        f"{where}: run: commutes with {model.group} in eval mode, each sample by itself, and calls "
        "its layers stage by stage; what else stands between them is not checked"
    )


class _Model:
    """A network with weights at random, and its forward on arrays."""

    def __init__(
        self,
        where: str,
        page: Asked,
        facts: Facts,
        own: Layer,
        number: int,
        dice: np.random.Generator,
    ) -> None:
        self.where, self.page, self.facts = where, page, facts
        self.own, self.number, self.dice = own, number, dice
        self.channels_last = any(layer.channels_last for layer in facts.layers)
        self.group = "permutations of its axes"
        if not own.any_size:
            count = len(own.generators)
            self.group = f"its {count} generator{'s' if count != 1 else ''}"

    def inputs(self, sizes: Sizes, batch: tuple[int, ...]) -> list[Array]:
        """Random inputs."""
        made = []
        for name, axes in self.own.inputs.items():
            points, count = self.own.shape(axes, sizes), self.facts.channels[name]
            shape = (*points, count) if self.channels_last else (count, *points)
            made.append(self.dice.standard_normal((*batch, *shape)))
        return made

    def forward(
        self,
        inputs: list[Array],
        training: bool = False,
        masks: Mapping[str, NDArray[np.bool_]] | None = None,
    ) -> list[Array]:
        """The outputs."""
        masking = None if masks is None else list(masks)
        arrays: list[NDArray[Any]] = [*inputs, *(() if masks is None else masks.values())]
        _, given = self.page.ask("forward", [self.number, "forward", training, masking], arrays)
        if len(given) != len(self.own.outputs):
            raise PageError(f"{self.where}: it gives {len(given)} outputs")
        for y, axes in zip(given, self.own.outputs.values(), strict=True):
            end = y.ndim - 1 if self.channels_last else y.ndim
            points = y.shape[max(0, end - len(axes)) : end]
            fits = all(a == n for a, n in zip(axes, points, strict=False) if isinstance(a, int))
            if y.ndim <= len(axes) or not fits or not np.isfinite(y).all():
                raise PageError(f"{self.where}: its outputs are not those that it says")
        return given

    def _hold(self, given: list[Array], expected: list[Array], what: str) -> None:
        for a, b in zip(given, expected, strict=True):
            scale = 1 + float(np.abs(b).max(initial=0))
            if a.shape != b.shape or not np.abs(a - b).max(initial=0) <= _SAME * scale:
                raise PageError(f"{self.where}: {what}")

    def commutes(self) -> None:
        """Its outputs move as its inputs do."""
        for sizes in self._all_sizes():
            x = self.inputs(sizes, (_BATCH,))
            y = self.forward(x)
            for moves in self._moves(sizes):
                sides = zip(moves, (x, y), (self.own.inputs, self.own.outputs), strict=True)
                gx, gy = (
                    [self._moved(a, g, self.own.shape(axes, sizes))
                     for a, g, axes in zip(arrays, images, fields.values(), strict=True)]
                    for images, arrays, fields in sides
                )  # fmt: skip
                self._hold(self.forward(gx), gy, f"it does not commute with {self.group}")

    def _all_sizes(self) -> list[dict[str, int]]:
        spec = dict(self.own.sizes)
        more = {name: size + 1 + k for k, (name, size) in enumerate(spec.items())}
        return [spec, more] if spec else [{}]

    def _moves(self, sizes: Sizes) -> list[tuple[list[Image], list[Image]]]:
        if not sizes:
            return list(self.own.generators.values())
        order = {name: self.dice.permutation(size) for name, size in sizes.items()}
        sides: list[list[Image]] = []
        for fields in (self.own.inputs, self.own.outputs):
            images: list[Image] = []
            for axes in fields.values():
                numbers = np.arange(1, 1 + self.own.points(axes, sizes), dtype=np.int64)
                numbers = numbers.reshape(self.own.shape(axes, sizes))
                for place, axis in enumerate(axes):
                    if isinstance(axis, str):
                        numbers = numbers.take(order[axis], axis=place)
                images.append(numbers.ravel())
            sides.append(images)
        return [(sides[0], sides[1])]

    def _moved(self, x: Array, g: Image, shape: tuple[int, ...]) -> Array:
        """A generator on the points of a tensor."""
        rank = len(shape)
        first = x.ndim - rank - (1 if self.channels_last else 0)
        flat = np.moveaxis(x, range(first, first + rank), range(-rank, 0))
        kept = flat.shape
        flat = flat.reshape(*flat.shape[:-rank], -1)
        moved = flat @ matrix_of(g).T
        return np.moveaxis(moved.reshape(kept), range(-rank, 0), range(first, first + rank))

    def is_sample_by_sample(self) -> None:
        """A batch, however many axes it has, is its samples one by one; train mode runs."""
        x = self.inputs(dict(self.own.sizes), (2, 2))
        whole = self.forward(x)
        flat = self.forward([a.reshape(4, *a.shape[2:]) for a in x])
        what = "a batch is not its samples one by one"
        self._hold([y.reshape(4, *y.shape[2:]) for y in whole], flat, what)
        self._hold(self.forward([a[0, 1] for a in x]), [y[0, 1] for y in whole], what)
        self.forward(x, training=True)

    def leaves_padding_out(self) -> None:
        """With masks it is the network at the sizes of what is left."""
        sizes = dict(self.own.sizes)
        kept = {name: max(1, size - 1) for name, size in sizes.items()}
        x = self.inputs(sizes, (2,))
        masks = {name: np.repeat([np.arange(n) < kept[name]], 2, axis=0)
                 for name, n in sizes.items()}  # fmt: skip
        given = self.forward(x, masks=masks)
        small, cut = (
            [self._cut(a, axes, kept) for a, axes in zip(arrays, side.values(), strict=True)]
            for arrays, side in ((x, self.own.inputs), (given, self.own.outputs))
        )
        self._hold(cut, self.forward(small), "padding changes what it computes")

    def _cut(self, x: Array, axes: tuple[int | str, ...], kept: Sizes) -> Array:
        first = x.ndim - len(axes) - (1 if self.channels_last else 0)
        for place, axis in enumerate(axes):
            if isinstance(axis, str):
                x = x.take(np.arange(kept[axis]), axis=first + place)
        return x

    def gives(self, shapes: list[str]) -> None:
        """Its outputs have the shapes that its last stage says."""
        y = self.forward(self.inputs(dict(self.own.sizes), ()))
        for given, said in zip(y, shapes, strict=True):
            words = said.strip("()").split(", ")
            shape = tuple(self.own.sizes.get(w, -1) if not w.isdecimal() else int(w) for w in words)
            if given.shape != shape:
                raise PageError(f"{self.where}: its last stage gives {given.shape}, not {said}")


def _stages_held(where: str, page: Asked, facts: Facts, number: int, x: list[Array]) -> None:
    """Each stage's modules are called, in the order of the stages."""
    stages = {stage: modules for stage, (modules, _) in facts.stages.items()}
    order = {module: place for place, modules in enumerate(stages.values()) for module in modules}
    answer, _ = page.ask("stages", [number, stages], x)
    places = [order[module] for module in answer["calls"]]
    if places != sorted(places) or set(answer["calls"]) != set(order):
        raise PageError(f"{where}: its stages are not called in their order")
