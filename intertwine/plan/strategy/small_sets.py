"""Factoring a space through small G-sets: pool, mix channels on the set, spread.

Every product of an orbital onto a G-set Z and an orbital from it is an intertwiner, a combination
of the basis with integer coefficients.  Products that are independent and as many as the dimension
span the space; independent sets are a matroid, so taking the cheapest first is best where costs
add up.  Weights stay those of the canonical basis: an exact matrix turns them into the products'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Trivial
from intertwine.hom.pattern import Codes
from intertwine.hom.space import IntertwinerSpace
from intertwine.plan.block import Ends
from intertwine.plan.cost import BATCH, CHANNELS, SLOWER, STARTED, Cost
from intertwine.plan.proposal import Proposal, Refusal
from intertwine.plan.steps.axes import Flatten, Unflatten
from intertwine.plan.steps.channels import MixCopies
from intertwine.plan.steps.points import Add, Fold, Pick, Stack, Times
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Change
from intertwine.plan.strategy.gsets import small_sets
from intertwine.plan.table import Places, Table
from intertwine.plan.task import Task

MOST_FACTORED = 512
MOST_PRODUCTS = 1 << 14
# More maps are gone through only where the strategy is asked for.
MOST_TRIED = 64
# How many multiply-adds of a dense product take as long as gathering one point.
GATHERED = 32
_PRIME = 2_147_483_629


@dataclass(frozen=True, eq=False)
class Stage:
    """All maps that mix channels on one set of `points`.

    `pools[p]` (points, inputs) and `spreads[s]` (outputs, points) are matrices of zeros and ones;
    `cells` are the pairs (s, p) in use, in the order of the products' numbers from `start` on.
    """

    name: str
    points: int
    pools: tuple[NDArray[np.bool_], ...]
    spreads: tuple[NDArray[np.bool_], ...]
    cells: tuple[tuple[int, int], ...]
    start: int

    def multiply_adds(self, channels: int) -> int:
        """How many a sample, a gathered point counted as several."""
        mixed = channels * channels * self.points * len(self.pools) * len(self.spreads)
        return mixed + channels * sum(map(_work, (*self.pools, *self.spreads)))


@dataclass(frozen=True, eq=False)
class SmallSets(Proposal):
    """Stages, and the matrix `change / denominator` from the weights to those of the products."""

    stages: tuple[Stage, ...]
    change: NDArray[np.int64]
    denominator: int

    def grid(self) -> NDArray[np.int64]:
        """The change with a row for every pair (s, p) of every stage, zero where it is not used."""
        rows = []
        for stage in self.stages:
            every = np.zeros((len(stage.spreads) * len(stage.pools), self.change.shape[1]), int)
            for number, (s, p) in enumerate(stage.cells):
                every[s * len(stage.pools) + p] = self.change[stage.start + number]
            rows.append(every)
        return np.concatenate(rows)

    def multiply_adds(self, channels: int) -> int:
        """How many a sample."""
        return sum(stage.multiply_adds(channels) for stage in self.stages)

    def work(self, channels: int) -> int:
        """The products on small sets, and the kernels that each set starts."""
        return SLOWER * self.multiply_adds(channels) + STARTED * len(self.stages)

    def steps(self, ends: Ends, rank: int, shape: tuple[int, ...]) -> list[Step]:
        """Stage after stage; `rank` is the input's number of axes, and `shape` the output's."""
        x = ends.x if rank == 1 else ends.name("points")
        cells, start, terms = ends.name("cells"), 0, list[str]()
        steps: list[Step] = [] if rank == 1 else [Flatten(x, ends.x, rank)]
        steps.append(
            Change(cells, ends.weight, Table(ends.name("change"), self.grid(), self.denominator))
        )
        for number, stage in enumerate(self.stages):
            counts = len(stage.spreads), len(stage.pools)
            given = _Moves(ends, f"pool_{number}", stage.pools).pools(x, steps)
            mixed = ends.name(f"mixed_{number}")
            steps.append(MixCopies(mixed, given, cells, start, *counts))
            terms += _Moves(ends, f"spread_{number}", stage.spreads).spreads(mixed, steps)
            start += counts[0] * counts[1]
        steps.append(Add(ends.y, tuple(terms)))
        return steps if len(shape) == 1 else [*steps, Unflatten(ends.y, ends.y, shape)]

    def parts(self) -> list[Cost]:
        """A product a set."""
        return [
            Cost(
                f"mixed on {stage.name}",
                len(stage.cells),
                stage.points,
                stage.multiply_adds(CHANNELS),
                CHANNELS * stage.points * (len(stage.pools) + len(stage.spreads)),
            )
            for stage in self.stages
        ]

    def pays(self, dense: float) -> bool:
        """Whether a product of so many multiply-adds of a batch is faster than the stages."""
        return dense <= BATCH * self.work(CHANNELS)

    def __str__(self) -> str:
        parts = ", ".join(f"{len(s.cells)} on {s.name} ({s.points})" for s in self.stages)
        return f"factored: {parts}"


@dataclass(frozen=True)
class _Moves:
    """The pools, or the spreads, of a stage, which has them as copies on an axis if several."""

    ends: Ends
    name: str
    moves: tuple[NDArray[np.bool_], ...]

    def pools(self, x: str, steps: list[Step]) -> str:
        """The value that holds all pools of x."""
        kinds = [kind_of(move) for move in self.moves]
        out = self.ends.name(self.name)
        summed = [move for move, kind in zip(self.moves, kinds, strict=True) if kind == "sum"]
        if summed:
            matrix = Table(out, np.concatenate(summed).T.astype(np.int64))
            flat = out if len(summed) == 1 else f"{out}_sums"
            steps.append(Times(flat, x, matrix))
            if len(summed) > 1:
                steps.append(Unflatten(out, flat, (len(summed), len(summed[0]))))
        if len(summed) == len(kinds):
            return out
        copies, seen = [], 0
        for number, (move, kind) in enumerate(zip(self.moves, kinds, strict=True)):
            copy = f"{out}_{number}"
            if kind == "identity":
                copy = x
            elif kind == "gather":
                steps.append(Fold(copy, x, Places(f"places_{copy}", places(move))))
            elif len(summed) == 1:
                copy = out
            else:
                steps.append(Pick(copy, out, (seen,)))
                seen += 1
            copies.append(copy)
        if len(copies) == 1:
            return copies[0]
        steps.append(Stack(f"{out}_all", tuple(copies)))
        return f"{out}_all"

    def spreads(self, mixed: str, steps: list[Step]) -> list[str]:
        """The values that all spreads of what is mixed add to the output."""
        kinds = [kind_of(move) for move in self.moves]
        out, alone = self.ends.name(self.name), len(kinds) == 1
        summed = tuple(k for k, kind in enumerate(kinds) if kind == "sum")
        terms = []
        if summed:
            given = mixed
            if len(summed) < len(kinds):
                steps.append(Pick(out, given, summed))
                given = out
            if len(summed) > 1:
                steps.append(Flatten(out, given, 2))
                given = out
            matrix = np.concatenate([self.moves[k].T for k in summed]).astype(np.int64)
            steps.append(Times(out, given, Table(out, matrix)))
            terms.append(out)
        for number, (move, kind) in enumerate(zip(self.moves, kinds, strict=True)):
            if kind == "sum":
                continue
            term = mixed if alone else f"{out}_{number}"
            if not alone:
                steps.append(Pick(term, mixed, (number,)))
            if kind == "gather":
                given, term = term, f"{out}_{number}"
                table = Places(f"places_{term}", places(move))
                steps.append(Fold(term, given, table))
            terms.append(term)
        return terms


def places(move: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The columns of each row's ones, filled up with the number of columns."""
    rows, columns = move.shape
    table = np.full((rows, int(move.sum(axis=1).max())), columns)
    for row, ones in enumerate(move):
        found = np.flatnonzero(ones)
        table[row, : len(found)] = found
    return table


def kind_of(move: NDArray[np.bool_]) -> str:
    """How to compute a pool or a spread: nothing to do, gathers, or a dense product.

    >>> [kind_of(np.array(m, dtype=bool)) for m in ([[1, 0], [0, 1]], [[0, 1], [1, 0]], [[1, 1]])]
    ['identity', 'sum', 'sum']
    """
    rows, columns = move.shape
    most = int(move.sum(axis=1).max(initial=0))
    if rows == columns and most == 1 and move.diagonal().all():
        return "identity"
    return "gather" if most * GATHERED < columns else "sum"


def _work(move: NDArray[np.bool_]) -> int:
    """Multiply-adds a channel, a gathered point counted as several."""
    if (kind := kind_of(move)) == "identity":
        return 0
    return move.size if kind == "sum" else GATHERED * int(move.sum())


def refused(task: Task) -> Refusal | None:
    """Why no maps are factored into sums and products on fewer points, if they are not."""
    if not task.positive:
        return Refusal("an action has signs or matrices")
    if task.wish.restricts:
        return Refusal("only all maps together are factored")
    if not 0 < task.space.dimension <= MOST_FACTORED:
        return Refusal(f"{task.space.dimension} maps, not from 1 to {MOST_FACTORED}")
    if task.asked:
        return None
    if task.dense < STARTED:
        return Refusal("the full matrix takes less than starting another product")
    if task.space.dimension > MOST_TRIED:
        return Refusal(f"more than {MOST_TRIED} maps, which are gone through only when asked for")
    return None


def by_small_sets(task: Task) -> Proposal | Refusal:
    """Products of maps onto small sets and from them, the cheapest that span the space."""
    nothing = Refusal("no products through small sets are as many as the maps")
    return refused(task) or through_small_sets(task.space) or nothing


def through_small_sets(space: IntertwinerSpace) -> SmallSets | None:
    """The cheapest products first, each kept where it is independent of those before."""
    if not 0 < space.dimension <= MOST_FACTORED or space.source.signed or space.target.signed:
        return None
    candidates = _candidates(space)
    pivots: dict[int, NDArray[np.int64]] = {}
    taken: list[_Product] = []
    for candidate in sorted(candidates, key=lambda c: c.cost):
        if _independent(candidate.coefficients, pivots):
            taken.append(candidate)
        if len(taken) == space.dimension:
            return _staged(taken)
    return None


@dataclass(frozen=True, eq=False)
class _Product:
    """The orbitals of these numbers onto a set (`into`) and from it (`out`), as tables of codes."""

    through: int
    name: str
    into: Codes
    out: Codes
    pool_number: int
    spread_number: int
    coefficients: NDArray[np.int64]
    cost: int

    @property
    def pool(self) -> NDArray[np.bool_]:
        return np.asarray(self.into == self.pool_number + 1)

    @property
    def spread(self) -> NDArray[np.bool_]:
        return np.asarray(self.out == self.spread_number + 1)


def _candidates(space: IntertwinerSpace) -> list[_Product]:
    """All products through the small sets, then each orbital by itself on the smaller side.

    Where those through one point span the space nothing can be cheaper.
    """
    source, target = space.source, space.target
    found = _through(space, 0, Trivial(source.group))
    if _spans(found, space.dimension):
        return found
    found = []
    for number, middle in enumerate(small_sets(source, target)):
        found += _through(space, number, middle)
    on_source = source.dimension <= target.dimension
    through = source if on_source else target
    eye = np.eye(through.dimension, dtype=np.int8)
    counts = np.eye(space.dimension, dtype=np.int64)
    if on_source:
        found += _products(-1, str(through), eye, space.codes, counts[:, :, None])
    else:
        found += _products(-1, str(through), space.codes, eye, counts[:, None, :])
    return found


def _through(space: IntertwinerSpace, number: int, middle: Action) -> list[_Product]:
    """The products through one set, unless there are too many."""
    into = IntertwinerSpace(space.source, middle).codes
    out = IntertwinerSpace(middle, space.target).codes
    if int(into.max(initial=0)) * int(out.max(initial=0)) > MOST_PRODUCTS:
        return []
    counts = _counted(into, out, space.pattern.firsts)
    return _products(number, str(middle), into, out, counts)


def _spans(products: Sequence[_Product], dimension: int) -> bool:
    """Whether some products are a basis of the space."""
    pivots: dict[int, NDArray[np.int64]] = {}
    return sum(_independent(product.coefficients, pivots) for product in products) == dimension


def _counted(into: Codes, out: Codes, firsts: NDArray[np.intp]) -> NDArray[np.int64]:
    """The coefficient of each basis element in each product: shape (dimension, spreads, pools)."""
    shape = (len(firsts), int(out.max(initial=0)), int(into.max(initial=0)))
    counts = np.zeros(shape, dtype=np.int64)
    for k, (row, column) in enumerate(firsts.tolist()):
        np.add.at(counts[k], (out[row] - 1, into[:, column] - 1), 1)
    return counts


def _products(
    number: int, name: str, into: Codes, out: Codes, counts: NDArray[np.int64]
) -> list[_Product]:
    pools = [_work(into == p + 1) for p in range(counts.shape[2])]
    spreads = [_work(out == s + 1) for s in range(counts.shape[1])]
    mixed = CHANNELS * CHANNELS * len(into)
    return [
        _Product(number, name, into, out, p, s, counts[:, s, p], mixed + CHANNELS * (pool + spread))
        for s, spread in enumerate(spreads)
        for p, pool in enumerate(pools)
        if counts[:, s, p].any()
    ]


def _independent(row: NDArray[np.int64], pivots: dict[int, NDArray[np.int64]]) -> bool:
    """Whether a row is independent of the pivots modulo a prime, and so over the rationals."""
    rest = row % _PRIME
    for column, pivot in pivots.items():
        if rest[column]:
            rest = (rest - rest[column] * pivot) % _PRIME
    places = np.flatnonzero(rest)
    if not len(places):
        return False
    column = int(places[0])
    pivots[column] = rest * pow(int(rest[column]), -1, _PRIME) % _PRIME
    return True


def _staged(taken: Sequence[_Product]) -> SmallSets:
    """The products grouped by the set they mix on, and the change of basis to them."""
    ordered = sorted(taken, key=lambda p: p.through if p.through >= 0 else len(taken) + 1)
    stages, start = [], 0
    for through in dict.fromkeys(p.through for p in ordered):
        mine = [p for p in ordered if p.through == through]
        pools = {p.pool_number: p.pool for p in mine}
        spreads = {p.spread_number: p.spread for p in mine}
        cells = tuple(
            (list(spreads).index(p.spread_number), list(pools).index(p.pool_number)) for p in mine
        )
        stages.append(
            Stage(mine[0].name, len(mine[0].pool), tuple(pools.values()),
                  tuple(spreads.values()), cells, start)
        )  # fmt: skip
        start += len(mine)
    change, denominator = _inverse([p.coefficients.tolist() for p in ordered])
    return SmallSets(tuple(stages), change, denominator)


def _inverse(rows: list[list[int]]) -> tuple[NDArray[np.int64], int]:
    """Numerators and denominator of the transposed inverse, exactly (FLINT)."""
    from flint import fmpq_mat, fmpz_mat

    inverse = fmpq_mat(fmpz_mat(rows)).transpose().inv().tolist()
    exact = [[Fraction(int(x.p), int(x.q)) for x in row] for row in inverse]
    denominator = lcm(*(x.denominator for row in exact for x in row))
    return np.array([[int(x * denominator) for x in row] for row in exact]), denominator
