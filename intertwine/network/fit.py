"""What may follow a linear map: whatever would not commute with the group is refused."""

from __future__ import annotations

import numpy as np

from intertwine.action.action import Action, Trivial
from intertwine.errors import SpecError, TooLargeError
from intertwine.hom.rules import dimension
from intertwine.plan.stacking import linear_field
from intertwine.spec.network_forms import ODD, POINTWISE

_MOST_MULTIPLIED = 27


def refuse_nonlinearity(stage: str, action: Action, word: str) -> None:
    """Refuse a function of every number where the group mixes coordinates or changes signs."""
    offered = "norm, gated or tensor_product"
    if action.linear and word in POINTWISE:
        raise SpecError(
            f"{word} on stage {stage}, {_what_happens(action)}",
            f"one of {offered}, which commute with them",
            "write such as `nonlinearity: gated`",
        )
    if action.signed and word in POINTWISE and word not in ODD:
        raise SpecError(
            f"{word} on stage {stage}, {_what_happens(action)}",
            f"an odd function ({', '.join(ODD)}), or {offered}",
            "write such as `nonlinearity: tanh`",
        )
    if word == "norm":
        _refuse_lengths(stage, action, "norm", "gated or tensor_product")
    if word in ("norm", "gated"):
        _refuse_scattered(stage, action, word)


def refuse_normalization(stage: str, action: Action, word: str) -> None:
    """Refuse statistics that the group does not keep, or that mix what it never exchanges."""
    if word == "rms":
        _refuse_lengths(stage, action, "rms", "no normalization")
        return
    if action.linear or action.signed:
        raise SpecError(
            f"{word} normalization on stage {stage}, {_what_happens(action)}: it takes a mean away",
            "rms, which only scales",
            "write `normalization: rms`",
        )
    orbits = dimension(Trivial(action.group), action) if word == "batch" else 1
    if orbits > 1:
        raise SpecError(
            f"batch normalization on stage {stage}, across {action}, whose points are "
            f"{orbits} orbits",
            "points that are one orbit",
            "write `normalization: layer` or `point`, or make a field of each orbit",
        )


def refuse_maximum(stage: str, action: Action, kind: str) -> None:
    """Refuse pooling by hand of what is more than permuted."""
    if action.linear or action.signed:
        raise SpecError(
            f"{kind} pooling on stage {stage}, {_what_happens(action)}",
            "features that are only permuted",
            "take a stage with an action: its maps include every equivariant sum",
        )


def refuse_large_product(stage: str, action: Action) -> None:
    """Refuse products of so many coordinates over a point that their maps take minutes to find."""
    size = action.dimension // max(1, action.points.dimension)
    if action.linear and size > _MOST_MULTIPLIED:
        raise TooLargeError(
            f"tensor_product on stage {stage}, of {size} coordinates over a point of {action}, "
            f"passes {_MOST_MULTIPLIED}, the most there are; take `gated`, or smaller features"
        )


def _what_happens(action: Action) -> str:
    """What the group does to features that it does more than permute."""
    return f"whose features {action} {'are mixed by matrices' if action.linear else 'change sign'}"


def _refuse_lengths(stage: str, action: Action, word: str, instead: str) -> None:
    if action.linear and linear_field("x", action).duals is not None:
        raise SpecError(
            f"{word} on stage {stage}, whose matrices ({action}) do not keep lengths",
            f"orthogonal matrices, or {instead}",
            "write the action in orthonormal coordinates",
        )


def _refuse_scattered(stage: str, action: Action, word: str) -> None:
    """Refuse fibres over points that are not as many coordinates each, next to one another."""
    below, points = action.fibre_of, action.points.dimension
    size = max(1, action.dimension // points)
    if not np.array_equal(below, np.arange(action.dimension) // size):
        raise SpecError(
            f"{word} on stage {stage}, whose features {action} have coordinates over a point that "
            "are not as many over each, or stand apart",
            "coordinates of a point next to one another, such as {tensor: [points, vector]}",
            "write the points first, and make a field of each part of a sum",
        )
