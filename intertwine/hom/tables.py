"""Counting by contingency tables: S_n, A_n and B_n on subsets, injections, monomials and wedges.

A k-subset marks a part of the n points, an injection k parts of one point each, a monomial one part
an exponent; what is not marked is the rest.  An orbit of S_n on tuples of such things is known by
how many points lie in each cell, a cell being a choice of one part of every thing: a contingency
table whose margins are the sizes of the parts (James and Kerber 1981, theorem 1.3.10).  The
stabilizer is the product of the symmetric groups of the cells.  Where a wedge, or the parity, gives
transpositions a sign, they act on a cell with the product of the signs of its parts, and a cell
with sign -1 holds at most one point, for else the orbit carries no intertwiner.  A change of sign
of an axis, in B_n, acts on a cell with -1 to the number of its parts that change sign: if that is
odd, the cell is empty.  So the dimension is the number of such tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, product
from math import prod

from intertwine.action.action import Action, SetAction, Trivial, Unsigned
from intertwine.action.character import cycle_types
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.group.group import Group
from intertwine.limits import spend

_MOST_TERMS = 20_000
_SECONDS_A_STATE = 2e-6


@dataclass(frozen=True)
class Marked:
    """Marked points: how many, and whether a swap of two, or a turned axis, changes the sign."""

    size: int
    odd: bool = False
    turned: bool = False


Marks = tuple[Marked, ...]
# Tensor products of marked sets, each with the integer by which it is multiplied.
Virtual = Counter[tuple[Marks, ...]]


def table_dimension(source: Action, target: Action) -> int | None:
    """Dim Hom(source, target), or None where the actions are not made of marked points.

    Raises:
        TooLargeError: there are too many tables to count.

    >>> from intertwine.group.named import symmetric
    >>> halves = Subsets(symmetric(100), SetAction(symmetric(100), "points"), 50)
    >>> table_dimension(halves, halves)
    51
    """
    points = _points(source.group)
    if points is None:
        return None
    rows, columns = points.terms(target), points.terms(source)
    if rows is None or columns is None or len(rows) * len(columns) > _MOST_TERMS:
        return None
    pairs = _times(rows, columns)
    if points.even:  # maps that A_n respects are those that S_n respects, or turns by the parity
        pairs = _added([pairs, _times(pairs, points.parity())])
    spend(
        sum(_states(points.degree, marks) for marks in pairs) * _SECONDS_A_STATE,
        f"the count of tables for {source} -> {target}",
        "take smaller actions",
    )
    return sum(factor * _tables(points.degree, marks) for marks, factor in pairs.items())


@dataclass(frozen=True)
class _Points:
    """The points of S_n, those of A_n where `even`, or the axes of B_n where `turning`."""

    group: Group
    degree: int
    even: bool = False
    turning: bool = False

    def parity(self) -> Virtual:
        """The sign of a permutation of the natural points."""
        return _product(Marked(self.degree, odd=not self.turning, turned=self.turning))

    def terms(self, action: Action) -> Virtual | None:
        """The action as a sum of products of marked sets; None where it is not seen to be one."""
        match action:
            case Trivial(size=size):
                return Counter({(): size})
            case Sign():
                return self.parity()
            case SetAction(name="axes") if self.turning:
                return _product(Marked(1, turned=True))
            case SetAction(name="points") if self.turning:  # 2n unit vectors: n lines and n axes
                return _added([_product(Marked(1)), _product(Marked(1, turned=True))])
            case Unsigned(inner=SetAction(name="axes")) if self.turning:
                return _product(Marked(1))
            case SetAction(name=name):
                return _product(Marked(1)) if name == self.group.natural else None
            case Subsets(base=SetAction() as base, size=size) if self._is_natural(base):
                return _product(Marked(size))
            case Injections(base=SetAction() as base, size=size) if self._is_natural(base):
                return _product(*[Marked(1)] * size)
            case SymmetricPower(base=base, size=size) | ExteriorPower(base=base, size=size):
                return self._power(base, size, isinstance(action, ExteriorPower))
            case Standard(base=base):
                return _sum([self.terms(base), Counter({(): -1})])
            case Sum(members=members):
                return _sum(map(self.terms, members))
            case Tensor(members=members):
                return _tensor(map(self.terms, members))
        return None

    def _is_natural(self, base: SetAction) -> bool:
        return base.name == self.group.natural and not self.turning

    def _power(self, base: Action, size: int, exterior: bool) -> Virtual | None:
        """A power of a sum is the sum of the products of its members' powers."""
        members = self.terms(base)
        if members is None:
            return None
        graded: list[Virtual] = [Counter({(): 1}), *(Counter() for _ in range(size))]
        for kind, copies in members.items():
            if not kind:
                several = [_constants(copies, size, exterior)]
            elif len(kind) == len(kind[0]) == kind[0][0].size == 1 and copies > 0:
                several = [self._powers(kind[0][0], size, exterior)] * copies
            else:
                return None
            for own in several:
                graded = [_convolved(graded, own, k) for k in range(size + 1)]
                if sum(map(len, graded)) > _MOST_TERMS:
                    return None
        return graded[size]

    def _powers(self, one: Marked, size: int, exterior: bool) -> list[Virtual]:
        """The powers of the points or axes, by degree: wedges mark a part, monomials several."""
        if exterior:
            wedges = [_product(Marked(k, True, one.turned)) for k in range(size + 1)]
            return [w if k <= self.degree else Counter() for k, w in enumerate(wedges)]
        monomials = [
            [[Marked(n, turned=one.turned and e % 2 == 1) for e, n in powers] for powers in several]
            for several in (_exponents(k, self.degree) for k in range(size + 1))
        ]
        return [_added(_product(*parts) for parts in several) for several in monomials]


def _points(group: Group) -> _Points | None:
    name, degree = group.family or ("", 0)
    if name in ("symmetric", "alternating", "hyperoctahedral"):
        even = name == "alternating" and degree > 1
        return _Points(group, degree, even, turning=name == "hyperoctahedral")
    if group.closed_transitivity is not None or group.giant is None:
        return None
    return _Points(group, group.giant.degree, group.giant.even)


def _product(*parts: Marked) -> Virtual:
    """One marked set."""
    marks = tuple(part for part in parts if part.size)
    return Counter({(marks,) if marks else (): 1})


def _times(left: Virtual, right: Virtual) -> Virtual:
    """The tensor product, the marked sets of each summand in one order."""
    total: Virtual = Counter()
    for (one, m), (other, n) in product(left.items(), right.items()):
        total[tuple(sorted((*one, *other), key=repr))] += m * n
    return total


def _added(parts: Iterable[Virtual]) -> Virtual:
    """The direct sum; `+` of Counters would leave out all that is not positive."""
    total: Virtual = Counter()
    for part in parts:
        total.update(part)
    return total


def _sum(parts: Iterable[Virtual | None]) -> Virtual | None:
    several = list(parts)
    known = [part for part in several if part is not None]
    return _added(known) if len(known) == len(several) else None


def _tensor(parts: Iterable[Virtual | None]) -> Virtual | None:
    total: Virtual = Counter({(): 1})
    for part in parts:
        if part is None or len(total) * len(part) > _MOST_TERMS:
            return None
        total = _times(total, part)
    return total


def _convolved(left: Sequence[Virtual], right: Sequence[Virtual], degree: int) -> Virtual:
    """Products of two parts whose degrees add up to `degree`."""
    return _added(_times(left[k], right[degree - k]) for k in range(degree + 1))


def _constants(copies: int, size: int, exterior: bool) -> list[Virtual]:
    """The powers of so many constants, by degree; those of a negative number are virtual."""
    sign, rest = (1, copies) if exterior else (-1, -copies)
    counts = [1]
    for k in range(size):
        counts.append(counts[-1] * (rest - k) // (k + 1))
    return [Counter({(): sign**k * count}) for k, count in enumerate(counts)]


def _exponents(degree: int, points: int) -> list[list[tuple[int, int]]]:
    """The monomials up to renaming of points: which exponents, and how often each occurs.

    >>> _exponents(3, 2)
    [[(3, 1)], [(2, 1), (1, 1)]]
    """
    return [list(Counter(e).items()) for e in cycle_types(degree) if len(e) <= points]


def _states(degree: int, marks: Sequence[Marks]) -> int:
    """About how many steps it takes to count the tables."""
    sizes = [part.size for several in marks for part in several if part.size < degree]
    cells = prod(len(several) + 1 for several in marks)
    return cells * prod(size + 1 for size in sizes) * (1 + max(sizes, default=0) // 2)


def _tables(degree: int, marks: Sequence[Marks]) -> int:
    """How many tables of `degree` points have these margins, and no cell that is too full."""
    whole = [several[0] for several in marks if several[0].size == degree]  # they are every cell's
    rest = [several for several in marks if several[0].size < degree]
    parts = [part for several in rest for part in several]
    starts = accumulate(map(len, rest), initial=0)
    choices = [(*range(start, stop), None) for start, stop in pairwise(starts)]
    cells = [[number for number in choice if number is not None] for choice in product(*choices)]
    cells.pop()  # what no part marks holds the points that are left
    last = {number: place for place, cell in enumerate(cells) for number in cell}
    states = Counter({(*(part.size for part in parts), degree): 1})
    for place, cell in enumerate(cells):
        most = _most([*whole, *(parts[number] for number in cell)], degree)
        closed = [number for number in cell if last[number] == place]
        after: Counter[tuple[int, ...]] = Counter()
        for state, ways in states.items():
            for count in range(min([most, state[-1], *(state[number] for number in cell)]) + 1):
                left = list(state)
                for number in (*cell, -1):
                    left[number] -= count
                if not any(left[number] for number in closed):
                    after[tuple(left)] += ways
        states = after
    most = _most(whole, degree)
    return sum(ways for state, ways in states.items() if state[-1] <= most)


def _most(parts: Sequence[Marked], degree: int) -> int:
    """How many points a cell may hold."""
    if sum(part.turned for part in parts) % 2:
        return 0
    return 1 if sum(part.odd for part in parts) % 2 else degree
