"""Executing an emitted page in memory, so that there is one implementation of every layer."""

from __future__ import annotations

import hashlib
import importlib.util
import linecache
import sys
from typing import Any

from intertwine.errors import needing_torch


def loaded_class(page: str, module: str, class_name: str) -> Any:
    """A class of a page, from a module of its own that tracebacks and pickles can name."""
    content = hashlib.sha256(page.encode()).hexdigest()
    name = f"intertwine.generated.{module}_{content[:16]}"
    known = sys.modules.get(name)
    if known is None:
        file = f"<{name}>"
        known = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, None))  # type: ignore[arg-type]
        vars(known)["__file__"] = file
        linecache.cache[file] = (len(page), None, page.splitlines(keepends=True), file)
        with needing_torch(f"the layer {class_name}"):
            exec(compile(page, file, "exec"), vars(known))
        sys.modules[name] = known
    return vars(known)[class_name]
