"""What `intertwine solve` prints of a solved network: tables, or one JSON object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from intertwine.errors import shown
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
from intertwine.plan.sizes import SizePlan
from intertwine.show.report import facts_table, group_in_words
from intertwine.show.solved import group_as_json

if TYPE_CHECKING:
    from intertwine.network.space import NetworkSpace


def print_network(space: NetworkSpace, written: Path | None, explained: bool) -> None:
    """Print the network and its stages, and on request how each layer is proved and computed."""
    facts = [("group", group_in_words(space.problem.group, space.order))]
    if space.left:
        facts.append(("left of it", space.left))
    facts += [
        ("input", str(space.problem.source.action)),
        ("output", str(space.problem.stages[-1].target.action)),
        ("parameters", f"{space.parameters:,}"),
        ("proof", space.proved),
        ("seconds", f"{space.seconds:.3f}"),
    ]
    if written:
        facts.append(("network", f"{shown(str(written), 500)}: {space.class_name}"))
    console = Console()
    console.print(facts_table(space.document.spec.name, facts))
    console.print(stages_table(space))
    if explained:
        console.print(layers_table(space))


def stages_table(space: NetworkSpace) -> Table:
    """A row a stage: its maps, what follows them, what it gives, and how much it learns."""
    table = Table(title=Text("Stages"), title_justify="left")
    for heading in ("stage", "gives"):
        table.add_column(heading, overflow="fold")
    table.add_column("maps", justify="right")
    table.add_column("shape", overflow="fold")
    table.add_column("then", overflow="fold")
    table.add_column("parameters", justify="right")
    for problem, stage in zip(space.problem.stages, space.stages, strict=True):
        shapes = ", ".join(str((v.channels, *v.shape)) for v in stage.results)
        then = ", ".join(dict.fromkeys(filter(None, map(followed, stage.steps))))
        table.add_row(
            Text(stage.name),
            Text(str(problem.target.action)),
            " + ".join(map(str, space.dimensions(stage))),
            shapes,
            then,
            f"{space.plan.parameters(stage):,}",
        )
    return table


def layers_table(space: NetworkSpace) -> Table:
    """A row a layer: the actions, why its dimension is right, and how it is computed."""
    table = Table(title=Text("Layers"), title_justify="left")
    for heading in ("layer", "maps", "dimension", "proof", "computed"):
        table.add_column(heading, overflow="fold")
    for layer in space.layers.spaces:
        plan = layer.plan
        how = plan.route if not isinstance(plan, SizePlan) else "by diagrams, at any size"
        title = Text(f"{layer.source} -> {layer.target}")
        proof = Text(str(layer.certificate))
        name = Text(layer.form.class_name)
        table.add_row(name, title, str(layer.dimension), proof, str(how or "by its full matrix"))
    return table


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


def network_as_json(space: NetworkSpace, written: Path | None) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "name": space.document.spec.name,
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
        "parameters": space.parameters,
        "seconds": round(space.seconds, 6),
        "emitted": None if written is None else str(written),
    }
