"""Factoring all diagrams between fields: pool, mix on the smallest tensors, spread.

Diagrams with the same crossing blocks mix channels on the same set of index tuples, so all of a
level are one matrix product.  A pool or a spread that several diagrams have is made once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intertwine.hom.partition import GrowthString
from intertwine.plan.diagram import Axes, Ends, crossings, diagrams, ends, joined
from intertwine.plan.onto import onto
from intertwine.plan.program import Program
from intertwine.plan.steps.axes import Average, Lead, Place, Spread, Tie, Trail, Turn
from intertwine.plan.steps.channels import Mix
from intertwine.plan.steps.step import Step

Order = tuple[int, ...]


def factored(
    sources: Mapping[str, Axes], targets: Mapping[str, Axes], mean: bool = True
) -> Program:
    """The program of all diagrams between the fields; pools are sums where they are no means.

    Each factor of the group that moves an output must move some input.

    >>> points = Axes(("",), (10,))
    >>> for step in factored({"x": points}, {"y": points}).steps:
    ...     print(step)
    x_a = mean(x, -1)
    y_a = mix(x_a)
    y_i = y_a + mix(x)
    """
    every = (*sources.values(), *targets.values())
    order = tuple(dict.fromkeys(factor for axes in every for factor in axes.names))
    writer = _Writer(set(sources) | set(targets), order, mean)
    levels = _levels(sources, targets, order)
    numbers = {
        (t, s): {string: number for number, string in enumerate(diagrams(source, target))}
        for t, target in targets.items()
        for s, source in sources.items()
    }
    pools = [pool for name, axes in sources.items() for pool in _pools(writer, name, axes, levels)]
    parts: dict[str, list[_End]] = {name: [] for name in targets}
    for level in levels:
        for part in _mixed(writer, level, pools, (sources, targets), numbers):
            parts[part.owner].append(part)
    results = [(name, _spread(writer, name, axes, parts[name])) for name, axes in targets.items()]
    return Program(tuple(onto(writer.steps)), tuple(results))


@dataclass(frozen=True)
class _End:
    """An end of diagrams at a field, and the name of its value."""

    owner: str
    end: Ends
    value: str


@dataclass
class _Writer:
    """The steps so far; gives every value a name of its own."""

    taken: set[str]
    order: tuple[str, ...]
    mean: bool
    steps: list[Step] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)

    def name(self, stem: str, letters: str) -> str:
        wanted = f"{stem}_{letters}"
        while wanted in self.taken:
            wanted += "_"
        self.taken.add(wanted)
        return wanted

    def turned(self, given: str, order: Order, out: str | None = None) -> str:
        """The value with its axes in another order, unless that is the order they have."""
        if order == tuple(range(len(order))):
            return given
        out = out or given
        self.steps.append(Turn(out, given, tuple(axis - len(order) for axis in order)))
        if given in self.fresh:
            self.fresh.add(out)
        return out


def _levels(
    sources: Mapping[str, Axes], targets: Mapping[str, Axes], order: Sequence[str]
) -> list[tuple[str, ...]]:
    """What can cross from some input to some output, fewest axes first."""
    inner, outer = (
        {end.level for axes in side.values() for end in ends(axes, order)}
        for side in (sources, targets)
    )
    return sorted(inner & outer, key=lambda level: (len(level), [order.index(f) for f in level]))


def ties_of(string: GrowthString) -> tuple[list[tuple[int, int]], Order]:
    """Which axes to tie in turn (each diagonal comes last), and how to sort the blocks afterwards.

    >>> ties_of((0, 1, 0))
    ([(-3, -1)], (1, 0))
    """
    blocks, ties = list(string), []
    for block in range(max(string, default=-1) + 1):
        while blocks.count(block) > 1:
            first = blocks.index(block)
            second = blocks.index(block, first + 1)
            ties.append((first - len(blocks), second - len(blocks)))
            blocks = [b for a, b in enumerate(blocks) if a not in (first, second)] + [block]
    return ties, tuple(blocks.index(b) for b in range(len(blocks)))


def _pools(writer: _Writer, name: str, axes: Axes, levels: Sequence[tuple[str, ...]]) -> list[_End]:
    """Every end of an input that is needed, each from the smallest value that has its axes."""
    whole, found = name, []
    if axes.fixed:
        places = tuple(a - len(axes.sizes) for a in axes.fixed)
        writer.steps.append(Lead(whole, name, len(axes.sizes), places))
    needed = [end for end in ends(axes, writer.order) if end.level in levels]
    for string in dict.fromkeys(end.string for end in needed):
        alike = sorted((e for e in needed if e.string == string), key=lambda e: e.loose)
        every = tuple(range(len(alike[0].factors)))
        values = {every: _tied(writer, whole, name, string)}
        for end in alike:
            kept = tuple(sorted(end.kept))
            have = min((v for v in values if set(v) >= set(kept)), key=len)
            for block in sorted(set(have) - set(kept), reverse=True):
                rest = tuple(b for b in have if b != block)
                out = writer.name(name, _letters(string, rest))
                axis = have.index(block) - len(have)
                writer.steps.append(
                    Average(out, values[have], axis, end.factors[block], writer.mean)
                )
                values[rest], have = out, rest
            order = tuple(kept.index(b) for b in end.kept)
            value = writer.turned(values[kept], order, f"{values[kept]}_turned")
            found.append(_End(name, end, value))
    return found


def _tied(writer: _Writer, whole: str, name: str, string: GrowthString) -> str:
    """The value with the axes of each block tied, blocks in the order of their first axes."""
    ties, order = ties_of(string)
    letters = _letters(string, order)
    value = whole
    out = writer.name(name, letters) if ties else whole
    for first, second in ties:
        writer.steps.append(Tie(out, value, first, second))
        value = out
    return writer.turned(value, order)


def _mixed(
    writer: _Writer,
    level: tuple[str, ...],
    pools: Sequence[_End],
    sides: tuple[Mapping[str, Axes], Mapping[str, Axes]],
    numbers: Mapping[tuple[str, str], Mapping[GrowthString, int]],
) -> list[_End]:
    """All maps of a level as one product; crossings turn whichever side has fewer values.

    Several large values of one pool are products of their own, which need not be taken apart.
    """
    sources, targets = sides
    inner = [pool for pool in pools if pool.end.level == level]
    outer = [
        _End(t, e, t)
        for t, axes in targets.items()
        for e in ends(axes, writer.order)
        if e.level == level
    ]
    ways = crossings(level)
    late = len(outer) <= len(inner)
    rows = [(end, way) for end in outer for way in (ways if late else ways[:1])]
    columns = [(end, way) for end in inner for way in (ways[:1] if late else ways)]

    def number(spread: _End, pool: _End, way: Order) -> int:
        outputs, inputs = joined(spread.end, pool.end, way)
        return numbers[spread.owner, pool.owner][outputs + inputs]

    outs = tuple(writer.name(s.owner, _crossed(s.end.letters(), w)) for s, w in rows)
    givens = tuple(
        writer.turned(p.value, way, f"{p.owner}_{_crossed(p.end.letters(), way)}")
        for p, way in columns
    )
    owners = tuple(spread.owner for spread, _ in rows)
    origins = tuple(pool.owner for pool, _ in columns)
    cells = tuple(tuple(number(s, p, v if late else w) for p, w in columns) for s, v in rows)
    apart = len(columns) == 1 and len(level) > 1
    for group in [[k] for k in range(len(rows))] if apart else [list(range(len(rows)))]:
        named = tuple(outs[k] for k in group)
        owned = tuple(owners[k] for k in group)
        numbered = tuple(cells[k] for k in group)
        heights = tuple(targets[owner].copies for owner in owned)
        widths = tuple(sources[origin].copies for origin in origins)
        mix = Mix(named, givens, owned, origins, numbered, level, heights, widths)
        writer.steps.append(mix)
        if len(group) == 1:
            writer.fresh.add(named[0])
    found = []
    for (spread, way), out in zip(rows, outs, strict=True):
        kept = spread.end.kept
        order = tuple(way[kept.index(block)] for block in sorted(kept))
        value = writer.turned(out, order)
        found.append(_End(spread.owner, spread.end, value))
    return found


def _letters(string: GrowthString, kept: tuple[int, ...]) -> str:
    return Ends(string, ("",) * len(set(string)), kept).letters()


def _crossed(letters: str, way: Order) -> str:
    """The letters of an end, those of crossing blocks in the order of `way`."""
    return letters.translate({ord("i") + a: ord("i") + b for a, b in enumerate(way)})


def _spread(writer: _Writer, name: str, axes: Axes, parts: Sequence[_End]) -> str:
    """The sum of all parts of an output, each repeated along its loose blocks."""
    rank = len(axes.moved)
    total = ""
    for string in sorted({part.end.string for part in parts}, reverse=True):
        whole = _summed(writer, name, [part for part in parts if part.end.string == string])
        if not total:
            total = whole
            continue
        ties, order = ties_of(string)
        sort = () if order == tuple(range(len(order))) else tuple(a - len(order) for a in order)
        writer.steps.append(Place(total, total, whole, tuple(ties), sort, axes.names))
    if axes.fixed:
        places = tuple(a - len(axes.sizes) for a in axes.fixed)
        sizes = tuple(axes.sizes[a] for a in axes.fixed)
        writer.steps.append(Trail(total, total, rank, places, sizes))
    return total


def _summed(writer: _Writer, name: str, parts: Sequence[_End]) -> str:
    """The sum of the parts with one tie: those with the same axes, then smaller into larger."""
    string = parts[0].end.string
    values: dict[tuple[int, ...], str] = {}

    def add(kept: tuple[int, ...], given: str, other: tuple[int, ...], term: str) -> None:
        union = tuple(sorted({*kept, *other}))
        out = given if kept == union else writer.name(name, _letters(string, union))
        mine, its = (tuple(union.index(b) for b in side) for side in (kept, other))
        fresh = given in writer.fresh and kept == union
        writer.steps.append(Spread(out, given, term, len(union), mine, its, fresh))
        writer.fresh.add(out)
        values[union] = out

    for part in parts:
        kept = tuple(sorted(part.end.kept))
        if kept in values:
            add(kept, values[kept], kept, part.value)
        else:
            values[kept] = part.value
    while len(values) > 1:
        kept = min(values, key=len)
        term = values.pop(kept)
        above = [other for other in values if set(other) >= set(kept)] or list(values)
        given = min(above, key=len)
        add(given, values.pop(given), kept, term)
    return next(iter(values.values()))
