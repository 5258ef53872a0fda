"""Sharing: what several blocks of a layer make alike of its inputs is made once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from intertwine.plan.steps.step import Step, Unary
from intertwine.plan.table import Places, Table

_MADE = frozenset({"out", "outs"})


def shared(steps: Sequence[Step]) -> list[Step]:
    """The steps without those that make again what an earlier one has made, and what others read.

    >>> from intertwine.plan.steps.axes import Average, Flatten
    >>> from intertwine.plan.steps.points import Add
    >>> again = [Flatten("a", "x", 2), Flatten("b", "x", 2), Add("y", ("a", "b"))]
    >>> print(*shared(again), sep="; ")
    a = flatten(x); y = a + a
    """
    last = {name: place for place, step in enumerate(steps) for name in step.makes}
    made_at: dict[str, int] = {}
    known: dict[Hashable, tuple[str, int]] = {}
    alias: dict[str, str] = {}
    kept: list[Step] = []
    for place, given in enumerate(steps):
        step = _renamed(given, alias)
        key = _meaning(step, made_at)
        name, version = known.get(key, ("", -1)) if key is not None else ("", -1)
        # A value that is made anew on the way does not serve what comes after.
        if name and made_at[name] == version and last[name] == version:
            alias[given.makes[0]] = name
            continue
        for out in step.makes:
            alias.pop(out, None)
            made_at[out] = place
        if key is not None:
            known[key] = step.makes[0], place
        kept.append(step)
    return kept


def _meaning(step: Step, made_at: Mapping[str, int]) -> Hashable | None:
    """What a step of one value does to what; None of other steps."""
    if not isinstance(step, Unary) or step.reads != (step.given,):
        return None
    own = [f for f in fields(step) if f.name not in ("out", "given")]  # type: ignore[arg-type]
    constants = tuple(_constant(getattr(step, f.name)) for f in own)
    return type(step), step.given, made_at.get(step.given, -1), constants


def _constant(value: Any) -> Hashable:
    """A constant by what it holds; one that is compared by identity alone as itself."""
    if isinstance(value, Places):
        return value.array.shape, value.array.tobytes()
    if isinstance(value, Table):
        table = value.numerators
        return table.shape, table.dtype.str, table.tobytes(), value.denominator
    return value if isinstance(value, Hashable) else id(value)


def _renamed(step: Step, alias: Mapping[str, str]) -> Step:
    """The step that reads other values, where those it reads are known by another name."""
    read = {name: alias[name] for name in step.reads if name in alias}
    if not read:
        return step
    changed = {
        f.name: _substituted(getattr(step, f.name), read)
        for f in fields(step)  # type: ignore[arg-type]
        if f.name not in _MADE
    }
    return replace(step, **changed)  # type: ignore[type-var]


def _substituted(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_substituted(part, names) for part in value)
    return value
