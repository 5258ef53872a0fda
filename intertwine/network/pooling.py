"""Pooling by hand: onto fewer axes of a set, and from a grid to a coarser one.

Nothing is taken on trust: that points go where the group says is checked for every generator.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.linear import Sparse, sparse
from intertwine.action.structure import Tensor
from intertwine.errors import CertificateError, SpecError
from intertwine.group.coarsening import Coarsening
from intertwine.network.symmetry import Moves

_ROUNDING = 1e-9


def dropped_axes(stage: str, source: Action, target: Action) -> tuple[int, ...]:
    """The axes, counted from the last, over which to pool onto a smaller set.

    The first axes that can be kept are: what is left of a point must be moved as the group moves
    the points of the target.

    >>> from intertwine.group.named import symmetric
    >>> points = SetAction(symmetric(4), "points")
    >>> dropped_axes("pool", Tensor(points.group, (points, points)), points)
    (-1,)
    """
    rank = len(source.shape)
    if isinstance(target, Trivial) and target.size == 1:
        return tuple(range(-rank, 0))
    places = np.indices(source.shape, dtype=np.intp).reshape(rank, -1)
    for kept in combinations(range(rank), len(target.shape)):
        if tuple(source.shape[a] for a in kept) != target.shape or len(kept) == rank:
            continue
        below = np.ravel_multi_index([places[a] for a in kept], target.shape)
        pairs = zip(source.generators, target.generators, strict=True)
        if all(np.array_equal(below[g.images], h.images[below]) for g, h in pairs):
            return tuple(a - rank for a in range(rank) if a not in kept)
    raise SpecError(
        f"{target} on stage {stage}, which has {source} of shape {source.shape}",
        "trivial, or an action on some of its axes",
        "take a stage with an action: its maps include every equivariant sum",
    )


def grid_axes(stage: str, action: Action) -> tuple[int, ...]:
    """The axes of an action, counted from the last, along which its grid extends."""
    axes = _extending(action)
    if axes is None or not any(axes):
        raise SpecError(
            f"a stride or windows on stage {stage}, which has {action}",
            "pixels, poses or points, or their tensor with a small action",
            "put it on a stage with such an action",
        )
    return tuple(a - len(axes) for a, extends in enumerate(axes) if extends)


def extends(action: Action) -> bool:
    """Whether a grid extends along some axes of an action."""
    return any(_extending(action) or [])


def _extending(action: Action) -> list[bool] | None:
    match action:
        case SetAction(name="poses"):
            return [False] + [True] * (len(action.shape) - 1)
        case SetAction(name="pixels" | "points"):
            return [True] * len(action.shape)
        case Tensor(members=members):
            parts = [_extending(member) for member in members]
            if any(part is None for part in parts):
                return None
            return [extends for part in parts for extends in part or []]
    small = len(action.shape) == 1 and (action.linear or action.dimension == 1)
    return [False] if small or isinstance(action, Trivial) else None


def refuse_misfit(source: Action, target: Action, axes: tuple[int, ...], left: Coarsening) -> None:
    """Prove that picking or pooling points commutes with what is left of the group.

    With P the matrix that picks (or adds up) coordinates, `P rho(word) = rho'(generator) P`.
    """
    selection = _selection(source.shape, axes, left)
    fine, coarse = Moves(source), Moves(target)
    for name, word in left.words.items():
        gap = selection @ fine.matrix(word) - coarse.matrix(((name, 1),)) @ selection
        if gap.nnz and abs(gap).max() > _ROUNDING:
            raise CertificateError(f"{left} does not take {source} to {target}: {name}")


def _selection(shape: tuple[int, ...], axes: tuple[int, ...], left: Coarsening) -> Sparse:
    """One row a coordinate of the coarse action, with ones where it is picked or added up."""
    chosen = {a % len(shape) for a in axes}
    places = np.indices(shape, dtype=np.intp).reshape(len(shape), -1)
    steps = [left.step if a in chosen else 1 for a in range(len(shape))]
    coarse = tuple(length // step for length, step in zip(shape, steps, strict=True))
    rows = np.ravel_multi_index([p // s for p, s in zip(places, steps, strict=True)], coarse)
    taken = np.ones(places.shape[1], dtype=bool)
    if not left.windows:
        for place, step in zip(places, steps, strict=True):
            taken &= place % step == 0
    columns = np.flatnonzero(taken)
    size = (int(np.prod(coarse)), places.shape[1])
    return sparse(np.ones(len(columns)), rows[columns], columns, size)
