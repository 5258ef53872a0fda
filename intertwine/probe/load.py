"""A module by its name, sought from the current folder."""

from __future__ import annotations

import difflib
import importlib
import inspect
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from intertwine.errors import SpecError, needing_torch, shown
from intertwine.probe.refusing import refusing

if TYPE_CHECKING:
    import torch


def load_module(name: str) -> torch.nn.Module:
    """The module `package.module:name`, sought from the current folder: an instance, or made of it.

    Whatever is no instance is called without arguments, but for one channel in and one out where
    it asks for `in_channels` and `out_channels`, as emitted layers do.
    """
    with needing_torch(f"--module {shown(name)}"):
        import torch

    package, colon, attribute = name.partition(":")
    given = f"--module {shown(name)}"
    if not (package and colon and attribute):
        raise SpecError(given, "PACKAGE.MODULE:NAME", "such as layers:Net for Net of layers.py")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    advice = "run it from the folder of the package, and leave out .py"
    with refusing(given, "a module that can be imported", advice):
        found: Any = importlib.import_module(package)
    for part in attribute.split("."):
        if not hasattr(found, part):
            near = difflib.get_close_matches(part, dir(found), 1)
            raise SpecError(
                f"{given}, where {shown(part)} is not there",
                "a class, a function or a module",
                f"did you mean {near[0]}?" if near else "check the name",
            )
        found = getattr(found, part)
    if not isinstance(found, torch.nn.Module):
        advice = "write a function without arguments that makes it"
        with refusing(given, "a torch.nn.Module, or what makes one without arguments", advice):
            found = found(**_channel_pair(found))
    if not isinstance(found, torch.nn.Module):
        raise SpecError(
            f"{given}, which gives {shown(type(found).__name__)}", "a torch.nn.Module", "return one"
        )
    return found


def _channel_pair(maker: Callable[..., Any]) -> dict[str, int]:
    """One channel each, if their numbers are all that a call needs."""
    parameters = inspect.signature(maker).parameters.values()
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = {p.name for p in parameters if p.default is p.empty and p.kind not in kinds}
    return dict.fromkeys(sorted(needed), 1) if needed <= {"in_channels", "out_channels"} else {}
