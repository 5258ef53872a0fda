"""Whether a function is affine, and the matrix and the constant of one that is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from intertwine.limits import require
from intertwine.probe.probe import Probe

Array = NDArray[np.float64]

_SCALES = (1.0, 1e3, 1e3)
_SHARE = -0.7
_SAME = 1e-9
_BATCH_ENTRIES = 1 << 22
_SAMPLES = 4


def is_affine(function: Callable[[Array], Array], shape: tuple[int, ...]) -> bool:
    """Whether a function of arrays of this shape is affine, tested on random lines.

    >>> is_affine(lambda x: 3 * x + 1, (2,)), is_affine(abs, (2,))
    (True, False)
    """
    random = np.random.default_rng(0)
    for scale in _SCALES:
        left, right = (scale * random.standard_normal(shape) for _ in range(2))
        between = function(_SHARE * left + (1 - _SHARE) * right)
        first, second = function(left), function(right)
        largest = max(float(np.abs(y).max(initial=0)) for y in (between, first, second))
        apart = np.abs(between - _SHARE * first - (1 - _SHARE) * second).max(initial=0)
        if not apart <= _SAME * largest:
            return False
    return True


def is_affine_in_input(probe: Probe, parameters: Array | None = None) -> bool:
    """Whether a module is an affine map, with the parameters that it has or with others."""
    shape = (_SAMPLES, probe.points[1], probe.channels[1])
    return is_affine(lambda samples: probe(samples, parameters), shape)


def not_affine_in_parameters(probe: Probe) -> str:
    """Whether its output is no affine function of its parameters, and its input, and of which."""
    random = np.random.default_rng(2)
    samples = random.standard_normal((_SAMPLES, probe.points[1], probe.channels[1]))
    if not is_affine(lambda parameters: probe(samples, parameters), (probe.size,)):
        return "it is not affine in its parameters"
    if not is_affine_in_input(probe, random.standard_normal(probe.size)):
        return "with other parameters it is not affine"
    return ""


def affine_parts(probe: Probe, parameters: Array | None = None) -> tuple[Array, Array]:
    """The maps (rows, columns, out channels, in channels) and constants (rows, out channels).

    Zero and all unit vectors go through the module, some at a time.
    """
    (rows, columns), (outs, ins) = probe.points, probe.channels
    count = columns * ins
    require(32 * rows * outs * count, "the module's matrix", "audit it with smaller shapes")
    zero = np.zeros((1, columns, ins))
    constant = probe(zero, parameters)[0]
    found = np.empty((count, rows, outs))
    step = max(1, _BATCH_ENTRIES // (max(count, rows * outs) or 1))
    for start in range(0, count, step):
        units = np.zeros((min(step, count - start), count))
        units[np.arange(len(units)), start + np.arange(len(units))] = 1
        images = probe(units.reshape(-1, columns, ins), parameters)
        found[start : start + len(units)] = images - constant
    maps = found.reshape(columns, ins, rows, outs).transpose(2, 0, 3, 1)
    return np.ascontiguousarray(maps), constant
