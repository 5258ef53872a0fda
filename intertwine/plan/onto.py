"""Making products on top of what would be added to them, after a program is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intertwine.plan.steps.axes import Spread
from intertwine.plan.steps.channels import Mix
from intertwine.plan.steps.step import Step


def onto(steps: Sequence[Step]) -> list[Step]:
    """The steps with each only value of a mix made on top of what would be added to it.

    One product then writes the sum, in place of a product and several additions.
    """
    found = list(steps)
    for mix in [step for step in steps if isinstance(step, Mix)]:
        added = _additions(found, mix)
        if not added:
            continue
        made, base, axes = _base(added)
        rank = len(mix.level)
        if len(axes) == rank or (rank == 1 and not axes):
            place = found.index(added[-1])
            whole = len(axes) == rank
            based = replace(mix, base=base, base_whole=whole, base_fresh=bool(made))
            found[place : place + 1] = [*made, based]
            found = [s for s in found if s is not mix and not any(s is a for a in added)]
    return found


def _additions(steps: Sequence[Step], mix: Mix) -> list[Spread]:
    """What is added to the only value of a mix before anything else reads it; none if it cannot."""
    *others, value = mix.outs
    added = [s for s in steps if isinstance(s, Spread) and s.given == s.out == value]
    used = [s for s in steps if s is not mix and value in s.reads]
    possible = not others and used[: len(added)] == added and all(s.fresh for s in added)
    return added if possible else []


def _base(added: Sequence[Spread]) -> tuple[list[Step], str, tuple[int, ...]]:
    """The steps that sum all that is added, fewest axes first; the sum, and its axes."""
    first, *rest = sorted(added, key=lambda s: len(s.term_axes))
    base, axes, total = first.term, first.term_axes, f"{first.out}_rest"
    made: list[Step] = []
    for spread in rest:
        union = tuple(sorted({*axes, *spread.term_axes}))
        mine, its = (tuple(union.index(a) for a in side) for side in (axes, spread.term_axes))
        fresh = bool(made) and axes == union
        made.append(Spread(total, base, spread.term, len(union), mine, its, fresh))
        base, axes = total, union
    return made, base, axes
