"""A layer with random weights, its samples as plain rows, and its generators as matrices."""

import torch

from tests.oracle import rounded

TOLERANCE = {torch.float64: 1e-9, torch.float32: 3e-4, torch.bfloat16: 0.15}


class Layer:
    """An instance of the emitted class; fields have different channels unless `alike`."""

    def __init__(self, space, dtype, first, alike=True, bias=True):
        self.space, self.dtype = space, dtype
        form = space.form
        self.last = space.document.spec.layer.layout == "channels_last"
        self.sources, self.targets = list(form.sources.values()), list(form.targets.values())
        self.ins = [first + k * (not alike) for k in range(len(self.sources))]
        self.outs = [first + 1 + k * (not alike) for k in range(len(self.targets))]
        named_source, named_target = form.named
        made = space.layer(
            dict(zip(form.sources, self.ins, strict=True)) if named_source else self.ins[0],
            dict(zip(form.targets, self.outs, strict=True)) if named_target else self.outs[0],
            bias=bias,
            dtype=dtype,
        )
        self.module = made
        self.alike = alike or len(self.sources) == len(self.targets) == 1
        for parameter in made.parameters():
            torch.nn.init.normal_(parameter)

    def shape(self, side, count):
        return (*side.shape, count) if self.last else (count, *side.shape)

    def inputs(self, batch):
        return [
            torch.randn(*batch, *self.shape(side, count)).to(self.dtype)
            for side, count in zip(self.sources, self.ins, strict=True)
        ]

    def __call__(self, x):
        y = self.module(*x)
        return list(y) if isinstance(y, tuple) else [y]

    def rows(self, tensors, sides):
        """Each field as (batch..., channels, points), in double precision."""
        parts = []
        for tensor, side in zip(tensors, sides, strict=True):
            axes = len(side.shape)
            first = tensor.movedim(-1, -1 - axes) if self.last else tensor
            parts.append(first.double().reshape(*first.shape[: first.dim() - axes], side.dimension))
        return parts

    def fields(self, parts, sides):
        """The tensors of such rows."""
        tensors = []
        for part, side in zip(parts, sides, strict=True):
            shaped = part.reshape(*part.shape[:-1], *side.shape)
            shaped = shaped.movedim(-1 - len(side.shape), -1) if self.last else shaped
            tensors.append(shaped.to(self.dtype))
        return tensors

    def turned(self, parts, sides, number):
        """Rows moved by a generator, by its exact matrix, rounded."""
        return [
            part @ torch.from_numpy(_matrices(side)[number]).double().T
            for part, side in zip(parts, sides, strict=True)
        ]

    def through_dense(self, parts):
        """Rows times the full matrix, fields one after another."""
        dense = self.module.dense_weight().detach().double()
        width = sum(side.dimension for side in self.sources)
        height = sum(side.dimension for side in self.targets)
        matrix = dense.reshape(self.outs[0], height, self.ins[0], width)
        return torch.einsum("oyix,...ix->...oy", matrix, torch.cat(parts, -1))


_known = {}


def _matrices(side):
    if id(side) not in _known:
        _known[id(side)] = side, rounded(side)
    return _known[id(side)][1]


def assert_close(given, expected, dtype):
    for a, b in zip(given, expected, strict=True):
        assert a.shape == b.shape
        if b.numel():
            assert (a - b).abs().max() <= TOLERANCE[dtype] * (1 + b.abs().max())
