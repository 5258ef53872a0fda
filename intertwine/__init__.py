"""intertwine: all linear maps that respect a finite symmetry, proved and emitted as PyTorch."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from intertwine.action.derive import permutation_from
    from intertwine.audits import audit_module, audit_weight
    from intertwine.discover.acting import acting_by
    from intertwine.discover.discover import discover_symmetry
    from intertwine.discover.kernel import kernel_symmetry
    from intertwine.errors import (
        CertificateError,
        CoincidenceWarning,
        IntertwineError,
        SpecError,
        TooLargeError,
    )
    from intertwine.hom.space import IntertwinerSpace
    from intertwine.nearest import from_dense
    from intertwine.network.space import NetworkSpace
    from intertwine.pipeline import compile_spec, count, solve
    from intertwine.solution import Solution, SpecSpace
    from intertwine.spec.load import load_spec
    from intertwine.spec.schema import Spec

_HOMES = {
    "CertificateError": "errors",
    "CoincidenceWarning": "errors",
    "IntertwineError": "errors",
    "IntertwinerSpace": "hom.space",
    "NetworkSpace": "network.space",
    "Solution": "solution",
    "Spec": "spec.schema",
    "SpecError": "errors",
    "SpecSpace": "solution",
    "TooLargeError": "errors",
    "acting_by": "discover.acting",
    "audit_module": "audits",
    "audit_weight": "audits",
    "compile_spec": "pipeline",
    "count": "pipeline",
    "discover_symmetry": "discover.discover",
    "from_dense": "nearest",
    "kernel_symmetry": "discover.kernel",
    "load_spec": "spec.load",
    "permutation_from": "action.derive",
    "solve": "pipeline",
}

# What had a door of its own before.
_RENAMED = {
    "layer_class": "solve(spec).module_class",
    "solve_network": "solve, which takes networks as well as layers",
}

__all__ = [
    "CertificateError",
    "CoincidenceWarning",
    "IntertwineError",
    "IntertwinerSpace",
    "NetworkSpace",
    "Solution",
    "Spec",
    "SpecError",
    "SpecSpace",
    "TooLargeError",
    "__version__",
    "acting_by",
    "audit_module",
    "audit_weight",
    "compile_spec",
    "count",
    "discover_symmetry",
    "from_dense",
    "kernel_symmetry",
    "load_spec",
    "permutation_from",
    "solve",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `intertwine --help` should not wait for NumPy.

    Raises:
        ImportError: the name is a former one; the error says what stands for it.
    """
    if name in _RENAMED:
        raise ImportError(f"intertwine.{name} is gone; use intertwine.{_RENAMED[name]}")
    if name not in _HOMES:
        raise AttributeError(f"module 'intertwine' has no attribute {name!r}")
    return getattr(importlib.import_module(f"intertwine.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The public names, also those that are not imported yet."""
    return __all__
