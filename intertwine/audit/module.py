"""The audit of a module: its map, its bias, and what its parameters reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Trivial
from intertwine.action.structure import fields_of
from intertwine.audit.affine import affine_parts, is_affine_in_input, not_affine_in_parameters
from intertwine.audit.layout import Layout
from intertwine.audit.reach import Reach, reach, too_many
from intertwine.audit.residual import Residual, acted, relative
from intertwine.audit.weight import WeightAudit, audit_maps
from intertwine.hom.commute import generator_matrices
from intertwine.hom.space import IntertwinerSpace
from intertwine.limits import require
from intertwine.probe.probe import Probe, probe

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]

_SAMPLES = 64


@dataclass(frozen=True)
class Reaches:
    """What the parameters of an affine module reach: of the maps, and of the constants.

    `idle` parameters change neither; None where only one of the two is told.
    """

    linear: Reach | str
    bias: Reach | str
    idle: int | None

    def __str__(self) -> str:
        return f"maps: {self.linear}; constants: {self.bias}"


@dataclass(frozen=True, eq=False)
class ModuleAudit:
    """How far a module is from equivariant, and which equivariant maps it can become.

    `residual` is that of its linear part, or, where it is not affine, of `f(g x) - g f(x)` on
    random input, relative to f(x).  `linear` and `bias` are the audits of its matrix and of its
    constant, and `reaches` is a text where ranks are not told.
    """

    probe: Probe = field(repr=False)
    residual: Residual
    linear: WeightAudit | None
    bias: WeightAudit | None
    reaches: Reaches | str

    @property
    def affine(self) -> bool:
        """Whether it is a linear map and a constant."""
        return self.linear is not None

    def __str__(self) -> str:
        kind = "affine" if self.affine else "not affine"
        return f"{self.probe.name}, {kind}: residual {self.residual}; {self.reaches}"


def audit_module(
    space: IntertwinerSpace,
    module: torch.nn.Module,
    channels_last: bool = False,
    shapes: Sequence[tuple[int, ...]] | None = None,
) -> ModuleAudit:
    """Audit a module between the source and the target of a space, one tensor a named field.

    A sample of an input has the shape `(channels, *points)`, or `(*points, channels)`, unless
    `shapes` say otherwise, one an input.  It is run in double precision, in evaluation mode.

    >>> import torch
    >>> from intertwine.group.named import cyclic
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(cyclic(3), "points")
    >>> layer = torch.nn.Conv1d(1, 1, 3, padding=1, padding_mode="circular")
    >>> found = audit_module(IntertwinerSpace(points, points), layer)
    >>> print(found.reaches.linear)
    3 parameters of rank 3 reach 3 of 3 dimensions: 0 redundant, 0 missing, 0 outside
    """
    sides = [_shapes(action) for action in (space.source, space.target)]
    made = probe(module, sides[0], sides[1], channels_last, shapes)
    if not is_affine_in_input(made):
        said = "ranks are told of affine modules only"
        return ModuleAudit(made, _on_random_input(space, made), None, None, said)
    maps, constant = affine_parts(made)
    invariants = IntertwinerSpace(Trivial(space.target.group), space.target)
    outs, ins = made.channels
    linear = audit_maps(space, _layout(space, outs, ins), maps)
    bias = audit_maps(invariants, _layout(invariants, outs, 1), _constants(constant))
    reaches = _reaches(space, invariants, made)
    return ModuleAudit(made, linear.residual, linear, bias, reaches)


def _shapes(action: Action) -> list[tuple[int, ...]]:
    return [member.shape for member in (fields_of(action) or {"": action}).values()]


def _layout(space: IntertwinerSpace, outs: int, ins: int) -> Layout:
    """That of the dense weight of a layer."""
    source, target = space.source, space.target
    shape = (outs, *target.shape, ins, *source.shape)
    return Layout(shape, (target.dimension, source.dimension), (outs, ins), True)


def _constants(constant: Array) -> Array:
    """Constants as maps from one point, with one channel."""
    return constant[:, None, :, None]


def _on_random_input(space: IntertwinerSpace, made: Probe) -> Residual:
    """The norm of `f(g x) - g f(x)` relative to that of f(x), over random samples at once."""
    shape = (_SAMPLES, made.points[1], made.channels[1])
    samples = np.random.default_rng(0).standard_normal(shape)
    images = made(samples)
    apart = (
        made(_moved(right, samples)) - _moved(left, images)
        for left, right in generator_matrices(space.source, space.target)
    )
    return relative(apart, images, space.source)


def _moved(matrix: object, samples: Array) -> Array:
    return acted(matrix, samples.swapaxes(0, 1)).swapaxes(0, 1)


def _reaches(space: IntertwinerSpace, invariants: IntertwinerSpace, made: Probe) -> Reaches | str:
    """The maps and constants of single parameters, against those of the spaces."""
    size = made.size
    if not size:
        return "it has no parameters to train"
    if said := too_many(space, size, prod(made.channels)):
        return said
    if said := not_affine_in_parameters(made):
        return f"ranks are not told, for {said}"
    fixed, offset = affine_parts(made, np.zeros(size))
    require(64 * size * fixed.size, "the maps of single parameters", "take fewer channels")
    maps, constants = np.empty((size, *fixed.shape)), np.empty((size, *offset.shape))
    for number in range(size):
        unit = np.zeros(size)
        unit[number] = 1
        one, constant = affine_parts(made, unit)
        maps[number], constants[number] = one - fixed, constant - offset
    names = list(made.entries())
    linear = reach(space, maps, fixed, names)
    bias = reach(invariants, constants[:, :, None, :, None], _constants(offset), names)
    idle = None
    if isinstance(linear, Reach) and isinstance(bias, Reach):
        idle = size - len({*linear.touching, *bias.touching})
    return Reaches(linear, bias, idle)
