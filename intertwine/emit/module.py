"""From a plan to the text of a PyTorch module that stands alone."""

from __future__ import annotations

from intertwine.emit.convolution import ConvolutionWriter
from intertwine.emit.expand import ExpandWriter
from intertwine.emit.factoring import FactoringWriter
from intertwine.emit.fields import FieldWriter
from intertwine.emit.hamming import HammingWriter
from intertwine.emit.schur import SchurWriter
from intertwine.emit.sizes import SizeWriter
from intertwine.emit.stacked import StackedWriter
from intertwine.emit.stacked_fields import StackedFieldWriter
from intertwine.emit.writer import PageWriter
from intertwine.plan.lower import MOST_ENTRIES
from intertwine.plan.network import AnyPlan
from intertwine.plan.stack import StackPlan
from intertwine.plan.strategy.axis_sums import AxisSums
from intertwine.plan.strategy.convolution import Convolution
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.plan.strategy.isotypic import Isotypic
from intertwine.plan.strategy.small_sets import SmallSets


def emit_module(plan: AnyPlan, version: str) -> str:
    """The page of a plan; the same plan and version give the same bytes."""
    return writer_of(plan).page(version)


def writer_of(plan: AnyPlan) -> PageWriter:
    """What fills the page of a plan."""
    if isinstance(plan, SizePlan):
        return SizeWriter(plan)
    if plan.labels.fields and not plan.expands and plan.entries > MOST_ENTRIES:
        raise NotImplementedError("the page of blocks between fields that are not expanded")
    if isinstance(plan, StackPlan):
        if isinstance(plan.route, Isotypic):
            return SchurWriter(plan, plan.route)
        return StackedFieldWriter(plan) if plan.labels.fields else StackedWriter(plan)
    if isinstance(plan.route, Convolution):
        return ConvolutionWriter(plan, plan.route)
    if isinstance(plan.route, SmallSets):
        return FactoringWriter(plan, plan.route)
    if isinstance(plan.route, AxisSums):
        return HammingWriter(plan, plan.route)
    return FieldWriter(plan) if plan.labels.fields else ExpandWriter(plan)
