"""From a plan to the text of a PyTorch module that stands alone."""

from __future__ import annotations

from intertwine.emit.fields import FieldWriter
from intertwine.emit.writer import Writer
from intertwine.plan.nodes import Plan


def emit_module(plan: Plan, version: str) -> str:
    """The page of a plan; the same plan and version give the same bytes."""
    writer = FieldWriter(plan) if plan.fields else Writer(plan)
    return writer.page(version)
