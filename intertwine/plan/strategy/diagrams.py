"""The plan of a layer that serves every size: diagrams, their program, and their first weights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod

from intertwine.action.action import Action
from intertwine.hom.partition import GrowthString, partition_count
from intertwine.limits import spend
from intertwine.numerals import many
from intertwine.plan.cost import CHANNELS, Cost
from intertwine.plan.diagram import Axes, diagrams
from intertwine.plan.factor import factored
from intertwine.plan.labels import Labels
from intertwine.plan.program import Program
from intertwine.plan.steps.channels import Mix

MOST_DIAGRAMS = 1 << 12
_SECONDS_A_DIAGRAM = 6e-5
_NOTHING = Axes((), ())
_LONGEST_NAME = 14
# Names that the emitted forward has for values of its own: fields of these names are numbered.
_SPOKEN_FOR = re.compile(
    r"(y|n|count|mask|row)(_|\Z)|(bias|blocks|diagonal|expected|given|kept|key|made|masks|matrix|"
    r"mixed|points|pools|ranks|rows|said|shape|sizes|source|target|value|values|weight|widths|x|s|t)"
    r"\Z"
)
# Names that forward reads as they are: a field of such a name has a layer of one size.
_READ = frozenset({"BIAS_DIAGRAMS", "DIAGRAMS", "SIZES", "getattr", "list", "mask"})


@dataclass(frozen=True)
class DiagramBlock:
    """All diagrams from one field to another, `copies` of each: one a pair of fixed indices.

    `weight[d, a, b]` multiplies diagram d from index b of the input's fixed axes to index a of the
    output's.  `order` lists these rows level by level, as the program's mixes take them, each
    level as (rows of the mix and a) by (columns and b).  `variances[d]` times 1 / in_channels is
    the variance of a first weight of diagram d.
    """

    source: str
    target: str
    strings: tuple[GrowthString, ...]
    copies: tuple[int, int]
    order: tuple[int, ...]
    variances: tuple[Fraction, ...]

    @property
    def rows(self) -> int:
        """How many coefficients there are a pair of channels."""
        return len(self.strings) * prod(self.copies)


@dataclass(frozen=True)
class SizePlan:
    """A layer `y = sum_d c_d n^-p(d) A_d x` over all diagrams d, for any n.

    p counts the blocks of d that hold input axes only; `mean` is false where the powers of n are
    left out.  `sizes` are those of the spec, a factor each; `names` are those of inputs and outputs
    in the program.
    """

    labels: Labels
    sizes: Mapping[str, int]
    inputs: Mapping[str, Axes]
    outputs: Mapping[str, Axes]
    mean: bool
    expand: bool
    program: Program
    names: tuple[Mapping[str, str], Mapping[str, str]]
    blocks: tuple[DiagramBlock, ...]
    dimension: int
    bias_dimension: int

    @property
    def least(self) -> dict[str, int]:
        """For each factor the least size at which all diagrams are independent: n >= k + l."""
        found = dict.fromkeys(self.sizes, 1)
        for target in self.outputs.values():
            for source in self.inputs.values():
                names = target.names + source.names
                found |= {f: max(found[f], names.count(f)) for f in found}
        return found

    @property
    def entries(self) -> int:
        """How many entries the full matrix has at the spec's sizes."""
        columns, rows = (
            sum(prod(axes.sizes) for axes in side.values()) for side in (self.inputs, self.outputs)
        )
        return rows * columns

    def parts(self) -> list[Cost]:
        """A product a level, at the spec's sizes."""
        copies = {self.names[0][n]: axes.copies for n, axes in self.inputs.items()}
        made = {self.names[1][n]: axes.copies for n, axes in self.outputs.items()}
        work: dict[tuple[str, ...], tuple[int, int]] = {}
        for mix in self.program.mixes:
            rows, columns = sum(made[t] for t in mix.targets), sum(copies[s] for s in mix.sources)
            maps, values = work.get(mix.level, (0, 0))
            work[mix.level] = maps + rows * columns, values + rows
        parts = []
        for level, (maps, rows) in work.items():
            points = prod(self.sizes[factor] for factor in level)
            named = " x ".join(factor or "n" for factor in level) or "1 point"
            mixed, values = CHANNELS**2 * maps * points, CHANNELS * rows * points
            parts.append(Cost(f"mixed on {named}", maps, points, mixed, values))
        return parts

    @property
    def coincidence(self) -> str:
        """What depends on what at the spec's sizes; empty where all diagrams are independent."""
        small = [(f, n, self.least[f]) for f, n in self.sizes.items() if n < self.least[f]]
        return "; ".join(
            f"{factor or 'n'} = {n} is below {least}: diagrams of more than {n} blocks of its axes "
            "depend on the others"
            for factor, n, least in small
        )

    def invariants(self, target: str) -> list[GrowthString]:
        """The diagrams of an output's bias."""
        return diagrams(_NOTHING, self.outputs[target])

    def __str__(self) -> str:
        count = sum(block.rows for block in self.blocks)
        split: dict[tuple[str, ...], int] = {}
        for mix in self.program.mixes:
            split[mix.level] = split.get(mix.level, 0) + sum(map(len, mix.cells))
        levels = ", ".join(map(str, split.values()))
        return f"{self.labels.name}: {many(count, 'diagram')}, mixed by levels as {levels}"


def names_in_program(
    inputs: Mapping[str, Axes], outputs: Mapping[str, Axes], fields: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """What inputs and outputs are called in the program.

    Fields are numbered where a name is long, or is one that forward has for a value of its own.
    """
    if not fields:
        return dict.fromkeys(inputs, "x"), dict.fromkeys(outputs, "y")
    long = max(map(len, (*inputs, *outputs))) > _LONGEST_NAME
    if long or any(map(_SPOKEN_FOR.match, inputs)):
        numbered = [{n: f"{v}_{k}" for k, n in enumerate(side)} for v, side in
                    (("x", inputs), ("y", outputs))]  # fmt: skip
        return numbered[0], numbered[1]
    return {name: name for name in inputs}, {name: f"y_{name}" for name in outputs}


def blocks_of(
    inputs: Mapping[str, Axes],
    outputs: Mapping[str, Axes],
    program: Program,
    names: tuple[Mapping[str, str], Mapping[str, str]],
    sizes: Mapping[str, int],
    mean: bool,
    correlated: bool = False,
) -> tuple[DiagramBlock, ...]:
    """One block a pair of fields; `names` are those of inputs and outputs in the program."""
    made = []
    for t, target in outputs.items():
        every = {s: diagrams(source, target) for s, source in inputs.items()}
        shares = _shares(every, inputs, target, sizes)
        for s, source in inputs.items():
            strings = every[s]
            copies = (target.copies, source.copies)
            order = tuple(
                (d * copies[0] + a) * copies[1] + b
                for mix in program.mixes
                for row in cells_of(mix, names[1][t], names[0][s])
                for a in range(copies[0])
                for d in row
                for b in range(copies[1])
            )
            factor = partial(_factor, target, source, sizes, (mean, correlated))
            variances = tuple(
                shares[string[: len(target.names)]] * factor(string) for string in strings
            )
            made.append(DiagramBlock(s, t, tuple(strings), copies, order, variances))
    return tuple(made)


def cells_of(mix: Mix, target: str, source: str) -> list[tuple[int, ...]]:
    """The diagrams of one pair of fields in a mix, a row each."""
    return [
        tuple(d for d, s in zip(row, mix.sources, strict=True) if s == source)
        for row, t in zip(mix.cells, mix.targets, strict=True)
        if t == target
    ]


def loose_factors(string: GrowthString, target: Axes, source: Axes) -> list[str]:
    """The factor of each block that holds input axes only."""
    outer = len(target.names)
    seen = set(string[:outer])
    return [
        source.names[a]
        for a, block in enumerate(string[outer:])
        if block not in seen and not seen.add(block)  # type: ignore[func-returns-value]
    ]


def _factor(
    target: Axes,
    source: Axes,
    sizes: Mapping[str, int],
    options: tuple[bool, bool],
    string: GrowthString,
) -> Fraction:
    """The variance that makes the diagram add 1 to the outputs on its diagonal.

    `options` are whether it takes means, and whether inputs are equal at all points: then those
    that are summed add up as amplitudes.
    """
    power = prod(sizes[factor] for factor in loose_factors(string, target, source))
    mean, correlated = options
    if correlated:
        return Fraction(1) if mean else Fraction(1, power**2)
    return Fraction(power) if mean else Fraction(1, power)


def _shares(
    every: Mapping[str, Sequence[GrowthString]],
    inputs: Mapping[str, Axes],
    target: Axes,
    sizes: Mapping[str, int],
) -> dict[GrowthString, Fraction]:
    """How much of the output's variance each diagram with these output ties has.

    `every` lists the diagrams from each input.  Untied outputs share 1/2 to 1, and all ties
    together as much again, so that the variance is between 1/2 and 2 everywhere and 1 on average
    over the output.
    """
    counts: dict[GrowthString, int] = {}
    for name, strings in every.items():
        for string in strings:
            ties = string[: len(target.names)]
            counts[ties] = counts.get(ties, 0) + inputs[name].copies
    free = max(counts)
    part = Fraction(1, max(len(counts) - 1, 1))
    held = {ties: _held(ties, target, sizes) for ties in counts}
    spread = sum((held[ties] * part for ties in counts if ties != free), Fraction(0))
    first = 1 / (1 + spread)
    return {ties: first * (1 if ties == free else part) / count for ties, count in counts.items()}


def _held(ties: GrowthString, target: Axes, sizes: Mapping[str, int]) -> Fraction:
    """The part of all output points on the diagonal of these ties."""
    repeated = [target.names[a] for a, b in enumerate(ties) if b in ties[:a]]
    return Fraction(1, prod(sizes[factor] for factor in repeated))


def axes_of_any_size(
    sources: Mapping[str, Action], targets: Mapping[str, Action]
) -> tuple[dict[str, Axes], dict[str, Axes]] | None:
    """The axes of all fields, where the layer can serve every size; None where it cannot.

    Every axis must be the points of a full symmetric group or fixed, and each group that moves an
    output must move some input, from which a layer reads its size.
    """
    sides = [{n: Axes.of(action) for n, action in side.items()} for side in (sources, targets)]
    inputs, outputs = ({n: a for n, a in side.items() if a is not None} for side in sides)
    if len(inputs) < len(sources) or len(outputs) < len(targets):
        return None
    read = {factor for axes in inputs.values() for factor in axes.names}
    if not read or any(set(axes.names) - read for axes in outputs.values()):
        return None
    if _READ & set(inputs):
        return None
    pairs = ((s, t) for s in inputs.values() for t in outputs.values())
    most = max(bell(len(s.names) + len(t.names)) for s, t in pairs)
    return (inputs, outputs) if most <= MOST_DIAGRAMS else None


def bell(axes: int) -> int:
    """How many set partitions there are.

    >>> [bell(n) for n in range(7)]
    [1, 1, 2, 5, 15, 52, 203]
    """
    return partition_count(axes, axes)


def program_between(
    inputs: Mapping[str, Axes], outputs: Mapping[str, Axes], fields: bool, mean: bool
) -> tuple[Program, tuple[dict[str, str], dict[str, str]]]:
    """The program between the fields, and the names that inputs and outputs have in it."""
    names = names_in_program(inputs, outputs, fields)
    sides = ((inputs, names[0]), (outputs, names[1]))
    sources, targets = ({named[n]: axes for n, axes in side.items()} for side, named in sides)
    return factored(sources, targets, mean), names


def planned(
    labels: Labels,
    inputs: Mapping[str, Axes],
    outputs: Mapping[str, Axes],
    options: tuple[bool, bool],
    dimensions: tuple[int, int],
) -> SizePlan:
    """The plan; `options` are `mean` and `expand`, `dimensions` those at the spec's sizes."""
    pairs = product(inputs.values(), outputs.values())
    count = sum(bell(len(s.names) + len(t.names)) for s, t in pairs)
    spend(_SECONDS_A_DIAGRAM * count, f"the plan of {count} diagrams", "take fewer fields")
    sizes = {
        factor: size
        for axes in (*inputs.values(), *outputs.values())
        for factor, size in zip(axes.factors, axes.sizes, strict=True)
        if factor is not None
    }
    program, names = program_between(inputs, outputs, labels.fields, options[0])
    return SizePlan(
        labels, sizes, inputs, outputs, *options, program, names,
        blocks_of(inputs, outputs, program, names, sizes, options[0], labels.correlated),
        *dimensions,
    )  # fmt: skip
