"""What a spec lists by the names of a group's generators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intertwine.errors import SpecError, shown
from intertwine.group.group import Group


def ordered(listed: Mapping[str, Any], group: Group, what: str) -> dict[str, Any]:
    """What is listed for the generators, in their order; exactly they must be there."""
    names = group.generators
    missing = [name for name in names if name not in listed]
    extra = [name for name in listed if name not in names]
    if missing or extra:
        raise SpecError(
            f"{what} of {_listing(listed) or 'no generator'}",
            f"one for each of the generators of {group}: {_listing(names) or 'none'}",
            _renaming(missing, extra),
        )
    if not names:
        raise SpecError("no generators", "at least one", "write {trivial: d}")
    return {name: listed[name] for name in names}


def _renaming(missing: list[str], extra: list[str]) -> str:
    """What to do with the keys of a mapping, so that they are the generators' names."""
    if not missing:
        return f"remove {_listing(extra)}"
    if not extra:
        return f"add {_listing(missing)}"
    joint = " to" if len(missing) == len(extra) else "; missing:"
    return f"rename {_listing(extra)}{joint} {_listing(missing)}"


def _listing(names: Iterable[str]) -> str:
    return shown(", ".join(names), 150)
