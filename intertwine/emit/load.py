"""Executing an emitted page in memory, so that there is one implementation of every layer."""

from __future__ import annotations

import hashlib
import importlib.util
import linecache
import sys
from typing import Any

from intertwine.errors import needing_torch


def loaded_class(page: str, module: str, class_name: str) -> Any:
    """A class of a page, from a module of its own that tracebacks can name.

    What is made of its classes is pickled with the page, so that another process can read it.
    """
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
        for own in list(vars(known).values()):
            if isinstance(own, type):
                _pickle_with(own, page, module)
        sys.modules[name] = known
    return vars(known)[class_name]


def _pickle_with(own: type, page: str, module: str) -> None:
    """Have the instances of a class of a page carry the page; not those of classes beneath it."""

    def reduced(self: Any, protocol: Any) -> Any:
        if type(self) is not own:
            return object.__reduce_ex__(self, protocol)
        return _blank, (page, module, own.__name__), self.__getstate__()

    own.__reduce_ex__ = reduced  # type: ignore[assignment]


def _blank(page: str, module: str, class_name: str) -> Any:
    """An instance that has no state yet."""
    made = loaded_class(page, module, class_name)
    return made.__new__(made)
