"""Executing an emitted page in memory, so that there is one implementation of every layer."""

from __future__ import annotations

import hashlib
import importlib.util
import linecache
import sys
from typing import Any

from intertwine.plan.nodes import Plan
from intertwine.plan.sizes import SizePlan
from intertwine.plan.stack import StackPlan


def layer_class(page: str, plan: Plan | SizePlan | StackPlan) -> Any:
    """The class of a page, from a module of its own that tracebacks and pickles can name."""
    content = hashlib.sha256(page.encode()).hexdigest()
    name = f"intertwine.generated.{plan.labels.name}_{content[:16]}"
    known = sys.modules.get(name)
    if known is None:
        file = f"<{name}>"
        known = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, None))  # type: ignore[arg-type]
        vars(known)["__file__"] = file
        linecache.cache[file] = (len(page), None, page.splitlines(keepends=True), file)
        exec(compile(page, file, "exec"), vars(known))
        sys.modules[name] = known
    return vars(known)[plan.labels.class_name]
