"""What the page of a network cannot hold: names that it needs for itself, and strides past ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from intertwine.errors import Path, SpecError, located
from intertwine.names import STAGES, check_module, is_value_of_a_network
from intertwine.plan.network import Product, StagePlan, module_of
from intertwine.spec.layer_forms import Layer
from intertwine.spec.load import NetworkDocument
from intertwine.spec.network import Features, NetworkProblem

# What a network says for all stages is for layers of this kind.
_TAKERS = {
    "support": "stage from a grid to a grid",
    "boundary": "stage from a grid to a grid",
    "normalize": "layer that serves every size",
}


def refuse_names(document: NetworkDocument, problem: NetworkProblem, called: str) -> None:
    """Refuse names that the page needs for itself."""
    with located("name"):
        check_module(document.spec.name, called)
    if document.spec.layer.layout != "channels_first":
        with located("layer", "layout"):
            raise SpecError("channels_last", "channels_first: networks are so", "leave it out")
    for number, stage in enumerate(problem.stages):
        if stage.name in STAGES:
            with located("network", number, "name"):
                raise SpecError(
                    f"a stage called {stage.name}",
                    "a name that PyTorch's modules do not have for themselves",
                    "rename it",
                )
    places: list[tuple[Path, Features]] = [(("input",), problem.source)]
    places += [(("network", k, "action"), s.mapped) for k, s in enumerate(problem.stages)]
    for place, features in places:
        for name in features.fields if features.named else ():
            if is_value_of_a_network(name):
                with located(*place, "fields", name):
                    raise SpecError(
                        f"the field name {name}",
                        "a name that the network's forward does not use",
                        f"rename it, for example the_{name}",
                    )


def refuse_modules(stages: Sequence[StagePlan]) -> None:
    """Refuse stages whose modules would have one name."""
    steps = [step for stage in stages for step in stage.steps]
    counts = Counter(map(module_of, steps))
    counts.update(step.partners for step in steps if isinstance(step, Product))
    for name, count in counts.items():
        if name and count > 1:
            with located("network"):
                raise SpecError(
                    f"two parts of the network called {name}", "different names", "rename a stage"
                )


def refuse_ends(problem: NetworkProblem) -> None:
    """Refuse, where grids end, strides: what is kept has another middle; and products of groups."""
    if problem.group.factors:
        with located("group"):
            raise SpecError(
                f"{problem.group} with `boundary: zeros`",
                "a grid by itself: what is left of a product is not followed through a network",
                "leave the boundary out, or make a layer by itself",
            )
    for number, stage in enumerate(problem.stages):
        if stage.given.stride is not None:
            with located("network", number, "stride"):
                raise SpecError(
                    f"a stride on stage {stage.name} beside `boundary: zeros`",
                    "windows, which keep the middle of the grid where it is",
                    "write such as `pooling: {kind: max, window: 2}`",
                )


def refuse_idle(document: NetworkDocument, layers: Sequence[Layer]) -> None:
    """Refuse what a network says for all of its layers and none of them takes."""
    for key, takers in _TAKERS.items():
        wanted = getattr(document.spec.layer, key)
        usual = Layer.model_fields[key].default
        if wanted != usual and all(getattr(layer, key) != wanted for layer in layers):
            with located("layer", key):
                raise SpecError(
                    f"`{key}` for all stages, none of which takes it",
                    f"at least one {takers}",
                    "leave it out",
                )
