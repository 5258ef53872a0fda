"""Invariant inner products, from the structure of an action."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.dual import Dual
from intertwine.action.induced import Induced
from intertwine.action.lifted import Lifted
from intertwine.action.linear import folded
from intertwine.action.matrices import Framed
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.action.tuples import LinearPower, SymmetricPower
from intertwine.algebra.scalars import REALS

Array = NDArray[np.float64]


def invariant_form(action: Action) -> Array:
    """A positive definite K with `rho(g) K rho(g)' = K` for all g, rounded.

    Over a frame it is the sum of `v v'` over the frame's vectors, which the group permutes.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.group.named import symmetric
    >>> invariant_form(Standard(symmetric(3), SetAction(symmetric(3), "points"))).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    if not action.linear:
        return _identity(action.dimension)
    match action:
        case Lifted(inner=inner):
            return invariant_form(inner)
        case Induced():
            return np.asarray(
                np.kron(_identity(action.cosets.dimension), _of_frame(action)), np.float64
            )
        case Framed():
            return _of_frame(action)
        case Standard():
            return _identity(action.dimension) + 1
        case Dual(base=base):
            return np.asarray(np.linalg.inv(invariant_form(base)))
        case Tensor(members=members):
            whole = _identity(1)
            for member in members:
                whole = np.asarray(np.kron(whole, invariant_form(member)), dtype=np.float64)
            return whole
        case Sum(members=members):
            whole = np.zeros((action.dimension, action.dimension))
            start = 0
            for member in members:
                stop = start + member.dimension
                whole[start:stop, start:stop] = invariant_form(member)
                start = stop
            return whole
        case LinearPower():
            return _of_power(action)
    raise AssertionError(f"{action} acts by matrices in no known way")


def _identity(size: int) -> Array:
    return np.eye(size)


def _of_frame(action: Framed) -> Array:
    vectors = action.frame.vectors(REALS)
    return np.asarray(vectors.T @ vectors)


def _of_power(action: LinearPower) -> Array:
    """The power of the base's form; monomials are not of one length, which the columns mend."""
    from intertwine.action.linear import dense

    power = folded(dense(invariant_form(action.base)), action.tuples, action.fold, REALS).toarray()
    if not isinstance(action, SymmetricPower):
        return np.asarray(power)
    lengths = [
        np.prod([factorial(int(count)) for count in np.bincount(row)]) for row in action.tuples
    ]
    return np.asarray(power / np.array(lengths))
