"""Pooling by hand: onto fewer axes of a set, and from a grid to a coarser one.

Nothing is taken on trust: that points go where the group says is checked for every generator.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.action.linear import Sparse, sparse
from intertwine.action.structure import Tensor, members_of
from intertwine.errors import SpecError
from intertwine.group.coarsening import Coarsening
from intertwine.limits import require
from intertwine.plan.moved import Moves

_ROUNDING = 1e-9
_MOST_AXES = 8


def dropped_axes(stage: str, source: Action, target: Action) -> tuple[int, ...]:
    """The axes, counted from the last, over which to pool onto a smaller set; none onto itself.

    The first axes that can be kept are: those of factors that the target consists of, or else such
    that what is left of a point is moved as the group moves the points of the target.

    >>> from intertwine.group.named import symmetric
    >>> points = SetAction(symmetric(4), "points")
    >>> dropped_axes("pool", Tensor(points.group, (points, points)), points)
    (-1,)
    """
    rank = len(source.shape)
    if target == source:
        return ()
    if isinstance(target, Trivial) and target.size == 1:
        return tuple(range(-rank, 0))
    kept = _kept_factors(source, target) or _kept_axes(source, target)
    if kept is None:
        raise SpecError(
            f"{target} on stage {stage}, which has {source} of shape {source.shape}",
            "trivial, or an action on some of its axes",
            "take a stage with an action: its maps include every equivariant sum",
        )
    return tuple(a - rank for a in range(rank) if a not in kept)


def _kept_factors(source: Action, target: Action) -> tuple[int, ...] | None:
    """The axes of the first factors of the source that are those of the target, in order."""
    wanted, kept, axis = list(members_of(target)), list[int](), 0
    for member in members_of(source):
        if wanted and member == wanted[0]:
            kept += range(axis, axis + len(member.shape))
            del wanted[0]
        axis += len(member.shape)
    return None if wanted else tuple(kept)


def _kept_axes(source: Action, target: Action) -> tuple[int, ...] | None:
    """The first axes that every generator moves as it moves the target."""
    rank = len(source.shape)
    ways = [
        kept
        for kept in combinations(range(rank), len(target.shape))
        if tuple(source.shape[a] for a in kept) == target.shape and len(kept) < rank
    ]
    if rank > _MOST_AXES or not ways:
        return None
    require(8 * rank * source.dimension, f"the points of {source}", "pool onto one of its factors")
    places = np.indices(source.shape, dtype=np.intp).reshape(rank, -1)
    for kept in ways:
        below = np.ravel_multi_index([places[a] for a in kept], target.shape)
        pairs = zip(source.generators, target.generators, strict=True)
        if all(np.array_equal(below[g.images], h.images[below]) for g, h in pairs):
            return kept
    return None


def grid_axes(stage: str, action: Action) -> tuple[int, ...]:
    """The axes of an action, counted from the last, along which its grid extends."""
    axes = _extending(action)
    if not any(axes):
        raise SpecError(
            f"a stride or windows on stage {stage}, which has {action}",
            "pixels, poses or points, or their tensor with a small action",
            "put it on a stage with such an action",
        )
    return tuple(a - len(axes) for a, extends in enumerate(axes) if extends)


def extends(action: Action) -> bool:
    """Whether a grid extends along some axes of an action, or of one of its fields."""
    return any(any(_extending(part)) for part in action.summands())


def _extending(action: Action) -> list[bool]:
    match action:
        case SetAction(name="poses"):
            return [False] + [True] * (len(action.shape) - 1)
        case SetAction(name="pixels" | "points"):
            return [True] * len(action.shape)
        case Lifted(inner=inner):
            return _extending(inner)
        case Tensor(members=members):
            return [extends for member in members for extends in _extending(member)]
    return [False] * len(action.shape)


def refuse_misfit(
    stage: str, source: Action, target: Action, axes: tuple[int, ...], left: Coarsening
) -> None:
    """Prove that picking or pooling points commutes with what is left of the group.

    With P the matrix that picks (or adds up) coordinates, `P rho(word) = rho'(generator) P`.
    """
    selection = _selection(source.shape, axes, left)
    fine, coarse = Moves(source), Moves(target)
    fits = selection.shape[0] == target.dimension
    for name, word in left.words.items() if fits else ():
        gap = selection @ fine.matrix(word) - coarse.matrix(((name, 1),)) @ selection
        fits &= not gap.nnz or bool(abs(gap).max() <= _ROUNDING)
    if not fits:
        raise SpecError(
            f"{left.step} on stage {stage}, of whose features {source} no such part is {target} "
            f"under {left.coarse}",
            "a grid beside actions that do not change with it, such as trivial or vector",
            "leave the other factor out, or put it on another stage",
        )


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
