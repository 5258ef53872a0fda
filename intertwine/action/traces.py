"""Characters of many elements at once, in residues or in reals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Trivial
from intertwine.action.dual import Dual
from intertwine.action.lifted import Lifted
from intertwine.action.matrices import Framed
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.action.tuples import ExteriorPower, SymmetricPower
from intertwine.algebra.scalars import Array, Scalars
from intertwine.group.permutation import SignedPermutation

# For each atom the images under every element, one a row, with their signs.
Batch = Mapping[Action, tuple[NDArray[np.intp], NDArray[np.int8] | None]]


def traces(action: Action, batch: Batch, scalars: Scalars) -> Array:
    """The trace of every element of a batch."""
    match action:
        case Trivial():
            return scalars.reduced(np.full(_count(batch), action.dimension, scalars.dtype))
        case Lifted(inner=inner):  # of which every element has one trace, if it has no atoms
            return np.broadcast_to(traces(inner, action.inside(batch), scalars), _count(batch))
        case Framed():
            return action.traces(batch[action][0], scalars)
        case Tensor():
            product = np.ones(_count(batch), scalars.dtype)
            for part in action.members:
                product = scalars.reduced(product * traces(part, batch, scalars))
            return product
        case Sum():
            parts = [traces(part, batch, scalars) for part in action.members]
            return scalars.reduced(np.sum(parts, axis=0))
        case Dual(base=base):  # real, so that the inverse's trace is the same
            return traces(base, batch, scalars)
        case Standard(base=base):
            return scalars.reduced(traces(base, batch, scalars) - 1)
        case SymmetricPower(base=base, size=size) | ExteriorPower(base=base, size=size):
            sign = 1 if isinstance(action, SymmetricPower) else -1
            return _power_traces(base, size, sign, batch, scalars)
    if action in batch:
        return scalars.reduced(_fixed(*batch[action]).astype(scalars.dtype))
    found = [_trace_of(action, batch, number) for number in range(_count(batch))]
    return scalars.reduced(np.array(found, dtype=scalars.dtype))


def _power_traces(base: Action, size: int, sign: int, batch: Batch, scalars: Scalars) -> Array:
    """Newton's identities, from the traces of the powers of every element.

    With p_i the trace of the i-th power, `k h_k = sum_i s^(i-1) h_(k-i) p_i` with s = 1 for
    symmetric and -1 for exterior powers.
    """
    power, sums = batch, []
    for _ in range(size):
        sums.append(traces(base, power, scalars))
        power = {atom: _composed(batch[atom], images) for atom, images in power.items()}
    found = [np.ones(_count(batch), scalars.dtype)]
    for k in range(1, size + 1):
        total = np.zeros(_count(batch), scalars.dtype)
        for i in range(1, k + 1):
            term = scalars.reduced(found[k - i] * sums[i - 1])
            total = scalars.reduced(total + sign ** (i - 1) * term)
        found.append(scalars.divided(total, k))
    return found[size]


def _composed(
    first: tuple[NDArray[np.intp], NDArray[np.int8] | None],
    second: tuple[NDArray[np.intp], NDArray[np.int8] | None],
) -> tuple[NDArray[np.intp], NDArray[np.int8] | None]:
    images = np.take_along_axis(first[0], second[0], axis=1)
    if first[1] is None or second[1] is None:
        return images, None
    return images, np.take_along_axis(first[1], second[0], axis=1) * second[1]


def _fixed(images: NDArray[np.intp], signs: NDArray[np.int8] | None) -> NDArray[np.int64]:
    fixed = images == np.arange(images.shape[1])
    return np.asarray((fixed if signs is None else fixed * signs).sum(axis=1, dtype=np.int64))


def _trace_of(action: Action, batch: Batch, number: int) -> int:
    """By the permutation that one element induces."""
    element = {
        atom: SignedPermutation(images[number], None if signs is None else signs[number])
        for atom, (images, signs) in batch.items()
    }
    return action.character(element)


def _count(batch: Batch) -> int:
    return len(next(iter(batch.values()))[0]) if batch else 1
