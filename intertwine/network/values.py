"""The tensors of a network's forward that hold features, and what belongs to each field."""

from __future__ import annotations

from intertwine.errors import SpecError, located
from intertwine.plan.diagram import Axes
from intertwine.plan.network import Value
from intertwine.spec.network import Features


def values(features: Features) -> dict[str, Value]:
    """The tensors of forward that hold some features, by field."""
    return {
        name: Value(name, features.channels[name], action.shape, Axes.of(action))
        for name, action in features.fields.items()
    }


def by_field(features: Features, said: object, key: str) -> dict[str, str]:
    """What is said of each field, where one word stands for all or a mapping for some."""
    if said is None:
        return {}
    if not isinstance(said, dict):
        return dict.fromkeys(features.fields, str(said))
    with located(key):
        for name in said:
            if name not in features.fields or not features.named:
                known = ", ".join(features.fields) if features.named else "no fields: one word"
                raise SpecError(f"the field {name}", f"one of {known}", "name a field")
    return {name: str(word) for name, word in said.items()}


def member(stage: str, what: str, features: Features, name: str) -> str:
    """The name of a module that belongs to a stage, and to one field where it has several."""
    return f"{stage}_{what}_{name}" if features.named else f"{stage}_{what}"


def gate(name: str) -> str:
    """The variable of a gate, of a field if it has a name."""
    return f"gate_{name}" if name else "gate"


def shortcut(features: Features, name: str, stage: str = "") -> str:
    """The variable that is kept for a residual connection, of a stage or of what it is given.

    No name holds two underscores, so that no two of these are alike.
    """
    kept = f"kept_{stage}" if stage else "shortcut"
    return f"{kept}__{name}" if features.named else kept


def described(features: Features) -> str:
    """An action with its channels."""
    counts = set(features.channels.values())
    shown = counts.pop() if len(counts) == 1 else dict(features.channels)
    return f"{shown} channels of {features.action}"
