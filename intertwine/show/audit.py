"""What `intertwine audit` prints: facts, one sentence in words, and tables of what is lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console

from intertwine.audit.module import ModuleAudit, Reaches
from intertwine.audit.reach import Reach
from intertwine.audit.weight import WeightAudit
from intertwine.errors import shown
from intertwine.numerals import many
from intertwine.show.audit_tables import losses_tables, reach_tables
from intertwine.show.facts import facts_table

if TYPE_CHECKING:
    from intertwine.audit.residual import Residual
    from intertwine.hom.space import IntertwinerSpace
    from intertwine.probe.port import Port

Facts = list[tuple[str, str]]

_DOUBLE = 1e-12
_PERCENT = 1e-4


def print_weight_audit(
    title: str, space: IntertwinerSpace, audit: WeightAudit, given: str, written: str | None
) -> None:
    """Print the audit of a weight; `given` says which, `written` where its nearest map is."""
    outs, ins = audit.layout.channels
    facts = [
        ("weight", f"{given}, {audit.layout.shape}: {_channels(ins, outs)}"),
        ("space", str(space)),
        *_distances(audit),
        *_written(written),
        ("in words", weight_in_words(audit, "this weight")),
    ]
    console = Console()
    console.print(facts_table(title, facts))
    for table in losses_tables(audit):
        console.print(table)


def print_module_audit(
    title: str, space: IntertwinerSpace, audit: ModuleAudit, given: str, written: str | None
) -> None:
    """Print the audit of a module; `given` and `written` as above."""
    probe = audit.probe
    outs, ins = probe.channels
    facts = [
        ("module", f"{given}: {_channels(ins, outs)}"),
        ("input", _ports(probe.inputs)),
        ("output", _ports(probe.outputs)),
        ("space", str(space)),
    ]
    if audit.linear is None or audit.bias is None:
        facts.append(("residual", f"on random input, {_residual(audit.residual)}"))
    else:
        facts += [*_distances(audit.linear), ("bias", _bias(audit.bias))]
    facts += [
        *_reach_facts(audit.reaches),
        *_written(written),
        ("in words", module_in_words(audit)),
    ]
    console = Console()
    console.print(facts_table(title, facts))
    tables = [] if audit.linear is None else losses_tables(audit.linear)
    for name, reach in _told(audit.reaches):
        tables += [] if isinstance(reach, str) else reach_tables(name, reach)
    for table in tables:
        console.print(table)


def weight_in_words(audit: WeightAudit, subject: str) -> str:
    """What the numbers of a weight mean, in one sentence."""
    if not audit.norm:
        return f"{subject} is zero, which is equivariant"
    if not audit.dimension:
        return f"no map but zero is equivariant here: all of {subject} is lost"
    if audit.residual.vanishes:
        most = audit.residual.maximum
        how = "rounding" if most < _DOUBLE else f"{most:.1e}, which single precision may round to"
        return f"{subject} is equivariant, up to {how}"
    lost = f"{audit.lost:.2%}" if audit.lost >= _PERCENT else f"{audit.lost:.1e}"
    return (
        f"{subject} is not equivariant: the nearest equivariant map leaves out {lost} of its norm"
    )


def module_in_words(audit: ModuleAudit) -> str:
    """What the numbers of a module mean, in one sentence."""
    if audit.linear is None or audit.bias is None:
        verb = "is" if audit.residual.vanishes else "is not"
        return f"this module is not affine, and {verb} equivariant on random input"
    said = [weight_in_words(audit.linear, "this layer")]
    if not audit.bias.residual.vanishes:
        said.append("its bias is not invariant")
    for name, reach in _told(audit.reaches):
        said += [] if isinstance(reach, str) else _gaps(name, reach)
    return "; ".join(said)


def _gaps(name: str, reach: Reach) -> list[str]:
    """What is wrong with what is reached, if anything is."""
    said = []
    if count := len(reach.missing):
        said.append(f"{count} of the {many(reach.dimension, name)} {_are(count)} out of its reach")
    if count := len(reach.redundant):
        own = f"{many(reach.parameters, 'parameter')} of its {name}s"
        said.append(f"{count} of the {own} {_are(count)} redundant")
    if reach.outside:
        ways = many(reach.outside, "dimension")
        said.append(f"its parameters also reach {name}s that are not equivariant, in {ways}")
    return said


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _channels(ins: int, outs: int) -> str:
    return f"{many(ins, 'channel')} to {outs}"


def _ports(ports: Iterable[Port]) -> str:
    return ", ".join(f"(batch{''.join(f', {n}' for n in port.shape)})" for port in ports)


def _written(path: str | None) -> Facts:
    return [("written", shown(path, 500))] if path else []


def _distances(audit: WeightAudit) -> Facts:
    return [
        ("residual", _residual(audit.residual)),
        ("nearest", f"|W - PW| = {audit.lost:.2g} |W|, where |W| = {audit.norm:.4g}"),
    ]


def _residual(residual: Residual) -> str:
    if not residual.maximum:
        return "0 for every generator"
    each = ", ".join(f"{shown(name)} {x:.2g}" for name, x in residual.generators.items())
    return f"at most {residual.maximum:.2g}: {each}"


def _bias(audit: WeightAudit) -> str:
    if not audit.norm:
        return "none, or zero"
    return f"residual {_residual(audit.residual)}; loses {audit.lost:.2g} of its norm"


def _told(reaches: Reaches | str) -> list[tuple[str, Reach | str]]:
    return [] if isinstance(reaches, str) else [("map", reaches.linear), ("constant", reaches.bias)]


def _reach_facts(reaches: Reaches | str) -> Facts:
    if isinstance(reaches, str):
        return [("reach", reaches)]
    facts = [
        (f"{name}s reached", reach if isinstance(reach, str) else _reach_in_words(name, reach))
        for name, reach in _told(reaches)
    ]
    if reaches.idle:
        verb = "changes" if reaches.idle == 1 else "change"
        facts.append(("idle", f"{many(reaches.idle, 'parameter')} {verb} nothing"))
    return facts


def _reach_in_words(name: str, reach: Reach) -> str:
    own = f"{many(reach.parameters, 'parameter')} of rank {reach.rank}"
    counts = f"{len(reach.missing)} missing, {len(reach.redundant)} redundant"
    said = [f"{reach.reached} of {many(reach.dimension, 'dimension')} by {own}", counts]
    if reach.channel_pairs > 1:
        one = many(reach.dimension // reach.channel_pairs, "dimension")
        of = "pairs of channels" if name == "map" else "output channels"
        said.append(f"{one} for each of {reach.channel_pairs} {of}")
    if reach.outside:
        said.append(f"{many(reach.outside, 'dimension')} beyond the equivariant ones")
    if reach.shifted:
        said.append("all up to a fixed map, which the parameters cannot undo")
    return "; ".join(said)
