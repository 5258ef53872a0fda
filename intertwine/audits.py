"""Audits against a space of intertwiners, or against the spec of one, solved first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from intertwine.audit.module import ModuleAudit
from intertwine.audit.module import audit_module as audit_of_module
from intertwine.audit.weight import WeightAudit
from intertwine.audit.weight import audit_weight as audit_of_weight
from intertwine.hom.space import IntertwinerSpace
from intertwine.pipeline import solve
from intertwine.solution import SpecSpace
from intertwine.spec.load import SpecLike, load_spec

if TYPE_CHECKING:
    import torch


def audit_weight(
    given: IntertwinerSpace | SpecLike, weight: ArrayLike, channels_last: bool | None = None
) -> WeightAudit:
    """How far a weight is from the intertwiners of a space, or of a spec: see `audit.weight`.

    Where `channels_last` is left out, the layout of the spec says it.

    >>> ring = {"name": "ring", "group": {"cyclic": 3}, "input": "points", "output": "points"}
    >>> print(audit_weight(ring, [[1, 2, 3], [3, 1, 2], [2, 3, 1]]))
    W of norm 6.481: residual at most 0 over shift, |W - PW| = 0|W|
    """
    space = given if isinstance(given, IntertwinerSpace) else solve(load_spec(given))
    return audit_of_weight(space, weight, _channels_last(space, channels_last))


def audit_module(
    given: IntertwinerSpace | SpecLike,
    module: torch.nn.Module,
    channels_last: bool | None = None,
    shapes: Sequence[tuple[int, ...]] | None = None,
) -> ModuleAudit:
    """How far a module is from a space's, or a spec's, and which of its maps it can become.

    See `audit.module`.  Where `channels_last` is left out, the layout of the spec says it.
    """
    space = given if isinstance(given, IntertwinerSpace) else solve(load_spec(given))
    return audit_of_module(space, module, _channels_last(space, channels_last), shapes)


def _channels_last(space: IntertwinerSpace, said: bool | None) -> bool:
    if said is None and isinstance(space, SpecSpace):
        return space.document.spec.layer.layout == "channels_last"
    return bool(said)
