"""What is told of a solved network: its facts, and a row for each stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from intertwine.action.determinant import other_signs
from intertwine.plan.network import (
    Add,
    ByNorm,
    Dropout,
    Gate,
    Linear,
    Normalize,
    Pointwise,
    Pool,
    Product,
    Step,
    Stride,
    Windows,
)
from intertwine.summary import Summary, group_as_json, group_in_words

if TYPE_CHECKING:
    from intertwine.network.space import NetworkSpace


def network_summary(space: NetworkSpace) -> Summary:
    """The facts of a solved network, with the parts of its layers' outputs that nothing reaches."""
    left = [("left of it", space.left)] if space.left else []
    actions = [space.problem.source.action, *(s.target.action for s in space.problem.stages)]
    note = other_signs(actions)
    missed = [(one.class_name, part) for one in space.layer_spaces for part in one.unreached]
    facts = (
        ("group", group_in_words(space.problem.group, space.order)),
        *left,
        ("input", str(space.problem.source.action)),
        ("output", str(space.problem.stages[-1].target.action)),
        ("parameters", f"{space.parameters:,}"),
        ("proof", space.proved),
        *[("unreached", f"{name}: {part}") for name, part in missed],
    )
    return Summary(
        name=space.name,
        class_name=space.class_name,
        facts=facts,
        stages=tuple(stage_rows(space)),
        note=note,
        report={
            "name": space.name,
            "group": group_as_json(space.problem.group, space.order),
            "left": space.left or None,
            "stages": [
                {
                    "name": stage.name,
                    "action": str(problem.target.action),
                    "dimensions": space.dimensions(stage),
                    "shapes": {v.name: [v.channels, *v.shape] for v in stage.results},
                    "parameters": space.plan.parameters(stage),
                }
                for problem, stage in zip(space.problem.stages, space.stages, strict=True)
            ],
            "unreached": [{"layer": name} | asdict(part) for name, part in missed],
            "parameters": space.parameters,
            "note": note or None,
        },
    )


def stage_rows(space: NetworkSpace) -> Iterator[tuple[str, ...]]:
    """A row a stage: its maps, what follows them, what it gives, and how much it learns."""
    for problem, stage in zip(space.problem.stages, space.stages, strict=True):
        shapes = ", ".join(str((v.channels, *v.shape)) for v in stage.results)
        then = ", ".join(dict.fromkeys(filter(None, map(followed, stage.steps))))
        maps = " + ".join(map(str, space.dimensions(stage)))
        learnt = f"{space.plan.parameters(stage):,}"
        yield stage.name, str(problem.target.action), maps, shapes, then, learnt


def followed(step: Step) -> str:
    """What a step is called in a spec; empty for one that is not said there."""
    match step:
        case Normalize(kind=kind):
            return f"{kind} norm"
        case Pointwise(function=function):
            return function
        case Linear(stride=step_) if step_ > 1:
            return f"stride {step_}"
        case Add():
            return "residual"
        case ByNorm():
            return "norm"
        case Gate():
            return "gated"
        case Product():
            return "tensor product"
        case Dropout(rate=rate):
            return f"dropout {rate:g}"
        case Stride(step=step_):
            return f"stride {step_}"
        case Windows(kind=kind, step=step_):
            return f"{kind} of {step_}-windows"
        case Pool(kind=kind):
            return f"{kind} pool"
    return ""
