"""From a plan to the text of a PyTorch module that stands alone."""

from __future__ import annotations

from intertwine.emit.fixed import FixedWriter
from intertwine.emit.sizes import SizeWriter
from intertwine.emit.writer import PageWriter
from intertwine.plan.network import AnyPlan
from intertwine.plan.strategy.diagrams import SizePlan


def emit_module(plan: AnyPlan, version: str) -> str:
    """The page of a plan; the same plan and version give the same bytes."""
    return writer_of(plan).page(version)


def writer_of(plan: AnyPlan) -> PageWriter:
    """What fills the page of a plan."""
    return SizeWriter(plan) if isinstance(plan, SizePlan) else FixedWriter(plan)
