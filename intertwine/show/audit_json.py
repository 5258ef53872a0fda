"""The numbers of an audit as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intertwine.audit.module import ModuleAudit, Reaches
from intertwine.audit.reach import Reach
from intertwine.audit.weight import WeightAudit

if TYPE_CHECKING:
    from intertwine.audit.residual import Residual
    from intertwine.hom.space import IntertwinerSpace


def weight_as_json(space: IntertwinerSpace, audit: WeightAudit) -> dict[str, Any]:
    """The numbers of a weight's audit."""
    outs, ins = audit.layout.channels
    return {
        "dimension": space.dimension,
        "shape": list(audit.layout.shape),
        "channels": {"input": ins, "output": outs},
        "norm": audit.norm,
        "residual": _residual_as_json(audit.residual),
        "lost": audit.lost,
        "orbitals": [
            {
                "output": one.output,
                "input": one.input,
                "entries": one.entries,
                "vanishes": one.vanishes,
                "energy": one.energy,
                "lost": one.lost,
            }
            for one in audit.orbitals
        ],
    }


def module_as_json(space: IntertwinerSpace, audit: ModuleAudit) -> dict[str, Any]:
    """The numbers of a module's audit."""
    outs, ins = audit.probe.channels
    linear, bias, reaches = audit.linear, audit.bias, audit.reaches
    found = {} if linear is None else weight_as_json(space, linear)
    both = [] if isinstance(reaches, str) else [reaches.linear, reaches.bias]
    notes = [reaches] if isinstance(reaches, str) else []
    notes += [reach for reach in both if isinstance(reach, str)]
    return {
        "dimension": space.dimension,
        "affine": audit.affine,
        "channels": {"input": ins, "output": outs},
        "residual": _residual_as_json(audit.residual),
        **found,
        "bias": None
        if bias is None
        else {
            "norm": bias.norm,
            "residual": _residual_as_json(bias.residual),
            "lost": bias.lost,
        },
        "parameters": {
            "total": audit.probe.size,
            "idle": reaches.idle if isinstance(reaches, Reaches) else None,
        },
        "reach": _reach_as_json(both[0] if both else None),
        "bias_reach": _reach_as_json(both[1] if both else None),
        "note": "; ".join(dict.fromkeys(notes)) or None,
    }


def _residual_as_json(residual: Residual) -> dict[str, Any]:
    return {"generators": dict(residual.generators), "maximum": residual.maximum}


def _reach_as_json(reach: Reach | str | None) -> dict[str, Any] | None:
    if not isinstance(reach, Reach):
        return None
    return {
        "parameters": reach.parameters,
        "rank": reach.rank,
        "dimension": reach.dimension,
        "channel_pairs": reach.channel_pairs,
        "reached": reach.reached,
        "missing": len(reach.missing),
        "redundant": len(reach.redundant),
        "outside": reach.outside,
        "shifted": reach.shifted,
        "redundant_parameters": list(reach.redundant),
        "redundant_by_tensor": dict(reach.redundant_by_tensor),
        "missing_maps": [
            {
                "element": one.element,
                "output": one.output,
                "input": one.input,
                "entries": one.entries,
                "channels": list(one.channels),
            }
            for one in reach.missing
        ],
        "fields": [
            {
                "output": pair.output,
                "input": pair.input,
                "dimension": pair.dimension,
                "reached": pair.reached,
                "missing": pair.missing,
            }
            for pair in reach.pairs
        ],
    }
