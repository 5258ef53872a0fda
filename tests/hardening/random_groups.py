"""Random groups and actions as specs, and their characters, which owe the package nothing.

An element is the image list of the group's natural points, `g[i]` where point i goes; a group's
elements are listed by breadth-first search.  A `Side` is an action as a spec writes it, with the
trace of every element by a formula of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import comb, perm

import numpy as np
from hypothesis import strategies as st

from intertwine.pipeline import count
from intertwine.pipeline import solve as solved

MOST_DEGREE = 7


def times(g, h):
    """`(g h)(x) = g(h(x))`."""
    return tuple(g[i] for i in h)


def inverse(g):
    return tuple(sorted(range(len(g)), key=g.__getitem__))


def closure(generators, degree):
    """All products of the generators."""
    unit = tuple(range(degree))
    known, waiting = {unit}, [unit]
    for here in waiting:
        for g in generators:
            there = times(g, here)
            if there not in known:
                known.add(there)
                waiting.append(there)
    return known


def fixed(g):
    return sum(i == image for i, image in enumerate(g))


def parity(g):
    left, sign = set(range(len(g))), 1
    while left:
        start = point = left.pop()
        while (point := g[point]) != start:
            left.remove(point)
            sign = -sign
    return sign


@dataclass(frozen=True)
class RandomGroup:
    """A permutation group by generators, listed."""

    generators: tuple[tuple[int, ...], ...]
    degree: int

    @property
    def elements(self):
        return _closures(self.generators, self.degree)

    @property
    def form(self):
        """As a spec writes it."""
        named = {f"g{k}": list(g) for k, g in enumerate(self.generators)}
        return {"generators": named, "points": self.degree}


@lru_cache(maxsize=16)
def _closures(generators, degree):
    return sorted(closure(generators, degree))


@dataclass(frozen=True)
class Side:
    """An action: its form, the trace of each element, and whether its matrices are orthogonal.

    `natural` says that the form means something for every subgroup too.
    """

    form: object
    trace: Callable[[tuple[int, ...]], Fraction]
    dimension: int
    orthogonal: bool = True
    natural: bool = True

    def __repr__(self):
        return str(self.form)


@st.composite
def groups(draw, most=MOST_DEGREE, least=1):
    """Few generators, often ones that keep blocks, for free ones nearly always give A_n or S_n."""
    degree = draw(st.integers(least, most))
    kind = draw(st.sampled_from(["free", "intransitive", "imprimitive", "cyclic"]))
    number = 1 if kind == "cyclic" else draw(st.integers(1, 3))
    generators = []
    for _ in range(number):
        if kind == "intransitive":
            cut = draw(st.integers(0, degree))
            low = draw(st.permutations(range(cut)))
            high = draw(st.permutations(range(cut, degree)))
            generators.append((*low, *high))
        elif kind == "imprimitive" and degree % 2 == 0:
            top = draw(st.permutations(range(degree // 2)))
            turns = draw(st.lists(st.booleans(), min_size=degree // 2, max_size=degree // 2))
            generators.append(tuple(
                2 * top[i // 2] + ((i + turns[i // 2]) % 2) for i in range(degree)
            ))  # fmt: skip
        else:
            generators.append(tuple(draw(st.permutations(range(degree)))))
    return RandomGroup(tuple(generators), degree)


@st.composite
def elements_of(draw, group, most=2):
    """Some elements of a group."""
    return tuple(draw(st.lists(st.sampled_from(group.elements), min_size=1, max_size=most)))


def points(group):
    return Side("points", fixed, group.degree)


def trivial(size):
    return Side({"trivial": size}, lambda g: size, size)


def sign():
    return Side("sign", parity, 1)


def regular(group):
    order = len(group.elements)
    return Side(
        "regular", lambda g: order * (fixed(g) == len(g)), order, orthogonal=True, natural=False
    )


def standard(group):
    return Side("standard", lambda g: fixed(g) - 1, group.degree - 1, orthogonal=False)


def cosets(group, subgroup):
    """G / H: x H is fixed by g where x^-1 g x is in H."""
    inside = closure(subgroup, group.degree)

    def trace(g):
        hits = sum(times(inverse(x), times(g, x)) in inside for x in group.elements)
        return Fraction(hits, len(inside))

    form = {"cosets": {"subgroup": [list(h) for h in subgroup]}}
    return Side(form, trace, len(group.elements) // len(inside), natural=False)


def conjugated(group, shears):
    """The points in another basis: integer matrices that are not orthogonal."""
    basis = np.eye(group.degree, dtype=object)
    for row, column, factor in shears:
        if row % group.degree != column % group.degree:
            basis[row % group.degree] += factor * basis[column % group.degree]
    back = np.eye(group.degree, dtype=object)
    for row, column, factor in reversed(shears):
        if row % group.degree != column % group.degree:
            back[row % group.degree] -= factor * back[column % group.degree]
    assert (back @ basis == np.eye(group.degree, dtype=object)).all()
    matrices = {
        f"g{k}": (basis @ matrix(g) @ back).tolist() for k, g in enumerate(group.generators)
    }
    return Side({"matrices": matrices}, fixed, group.degree, orthogonal=False, natural=False)


def matrix(g):
    dense = np.zeros((len(g), len(g)), dtype=object)
    dense[list(g), range(len(g))] = 1
    return dense


def direct_sum(*sides):
    return Side(
        {"sum": [side.form for side in sides]},
        lambda g: sum(side.trace(g) for side in sides),
        sum(side.dimension for side in sides),
        all(side.orthogonal for side in sides),
        all(side.natural for side in sides),
    )


def tensor(a, b):
    return Side(
        {"tensor": [a.form, b.form]},
        lambda g: a.trace(g) * b.trace(g),
        a.dimension * b.dimension,
        a.orthogonal and b.orthogonal,
        a.natural and b.natural,
    )


def dual(a):
    """Traces are real, so those of the dual are the same."""
    return Side({"dual": a.form}, a.trace, a.dimension, a.orthogonal, a.natural)


def tuples_of(group, kind, size):
    """Those of points, counted by what a permutation fixes of them."""

    def subsets(g):
        return sum({g[i] for i in s} == set(s) for s in combinations(range(len(g)), size))

    def wedges(g):
        kept = (s for s in combinations(range(len(g)), size) if {g[i] for i in s} == set(s))
        return sum(parity([sorted(s).index(g[i]) for i in s]) for s in kept)

    def injections(g):
        return perm(fixed(g), size)

    def monomials(g):
        if size == 1:
            return fixed(g)
        return (fixed(g) ** 2 + fixed(times(g, g))) // 2

    n = group.degree
    trace, dimension, orthogonal = {
        "subsets": (subsets, comb(n, size), True),
        "exterior_power": (wedges, comb(n, size), True),
        "injections": (injections, perm(n, size), True),
        "symmetric_power": (monomials, comb(n + size - 1, size), True),
    }[kind]
    return Side({kind: ["points", size]}, trace, dimension, orthogonal)


@st.composite
def leaves(draw, group, natural=False, orthogonal=False):
    """A small action of a group."""
    plain = ["points", "trivial", "sign", "tuples"]
    others = [] if natural or len(group.elements) > 120 else ["cosets", "regular"]
    skew = [] if orthogonal or group.degree < 2 else ["standard"]
    skew += [] if natural or orthogonal else ["conjugated"]
    match draw(st.sampled_from(plain + others + skew)):
        case "points":
            return points(group)
        case "trivial":
            return trivial(draw(st.integers(1, 2)))
        case "sign":
            return sign()
        case "regular" if len(group.elements) <= 24:
            return regular(group)
        case "standard":
            return standard(group)
        case "cosets":
            found = cosets(group, draw(elements_of(group)))
            return found if found.dimension <= 24 else points(group)
        case "conjugated":
            places, factors = st.integers(0, 6), st.sampled_from([-2, -1, 1])
            shears = draw(st.lists(st.tuples(places, places, factors), max_size=3))
            return conjugated(group, shears)
        case "tuples":
            size = draw(st.integers(1, min(2, group.degree)))
            kinds = ["subsets", "injections", "exterior_power", "symmetric_power"]
            return tuples_of(group, draw(st.sampled_from(kinds)), size)
    return points(group)


@st.composite
def sides(draw, group, most=42, **kept):
    """A leaf, a sum, a product, or a dual of leaves, of at most so many dimensions."""
    first, second = draw(leaves(group, **kept)), draw(leaves(group, **kept))
    made = {
        "leaf": first,
        "sum": direct_sum(first, second),
        "tensor": tensor(first, second),
        "dual": dual(first),
    }[draw(st.sampled_from(["leaf", "leaf", "sum", "tensor", "dual"]))]
    return made if made.dimension <= most else points(group)


def spec(group, source, target, **more):
    """A spec as a dict; group and actions are forms, or what has one."""
    form = getattr(group, "form", group)
    a, b = getattr(source, "form", source), getattr(target, "form", target)
    return {"name": "law", "group": form, "input": a, "output": b, **more}


def hom(group, source, target):
    """The dimension that `intertwine count` gives."""
    return count(spec(group, source, target)).dimension


def solve(group, source, target):
    """The space that `intertwine solve` finds."""
    return solved(spec(group, source, target))
