"""Random products of products of groups, and actions that mix their factors at any depth.

An element is a dict with an image list for each factor that is no product, by its dotted name.  The
trace of an element is a formula of its own for every action, and owes the package nothing.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb, cos, pi, prod

from hypothesis import strategies as st

from tests.hardening import random_groups as random
from tests.hardening.random_groups import Side

MOST_ELEMENTS = 1500
MOST_ENTRIES = 900


@dataclass(frozen=True)
class Known:
    """A cyclic, dihedral or symmetric group on its natural points."""

    family: str
    degree: int

    @property
    def form(self):
        return {self.family: self.degree}

    @property
    def generators(self):
        points = range(self.degree)
        shift = tuple((i + 1) % self.degree for i in points)
        other = {
            "cyclic": [],
            "dihedral": [tuple(-i % self.degree for i in points)],
            "symmetric": [(1, 0, *points[2:])],
        }[self.family]
        return (shift, *other)

    @property
    def elements(self):
        return random._closures(self.generators, self.degree)


@dataclass(frozen=True)
class Product:
    """A product: its form, and the groups of its factors by dotted name."""

    form: object
    groups: dict

    @property
    def order(self):
        return prod(len(group.elements) for group in self.groups.values())

    @property
    def elements(self):
        for chosen in product(*(group.elements for group in self.groups.values())):
            yield dict(zip(self.groups, chosen, strict=True))


@st.composite
def factors(draw, listed):
    """A small group: with generators that have names, or one of a family."""
    if listed or draw(st.booleans()):
        return draw(random.groups(most=4))
    family = draw(st.sampled_from(["cyclic", "dihedral", "symmetric"]))
    least, most = {"cyclic": (2, 8), "dihedral": (3, 6), "symmetric": (2, 4)}[family]
    return Known(family, draw(st.integers(least, most)))


@st.composite
def products(draw, listed=False):
    """One to four groups, some of them alike, in products of products of one to three levels."""
    groups = draw(st.lists(factors(listed), min_size=1, max_size=3))
    if draw(st.booleans()):
        groups.append(groups[0])
    while prod(len(group.elements) for group in groups) > MOST_ELEMENTS:
        groups.pop()
    trees = [({"": group}, group.form) for group in groups]
    for _ in range(draw(st.integers(1, 3))):
        kept, width = [], draw(st.integers(1, 2))
        while trees:
            kept.append(_joined(trees[:width]))
            trees, width = trees[width:], draw(st.integers(1, 2))
        trees = kept
    found, form = trees[0] if len(trees) == 1 else _joined(trees)
    return Product(form, found)


def _joined(trees):
    named = dict(zip("pqrs", trees, strict=False))
    found = {
        f"{name}.{path}".rstrip("."): group
        for name, (groups, _) in named.items()
        for path, group in groups.items()
    }
    return found, {"product": {name: form for name, (_, form) in named.items()}}


def lifted(side, path, whole):
    """The action of a factor as one of the whole product."""
    return Side(_form(side.form, path, whole), lambda g: side.trace(g[path]), side.dimension)


def _form(form, path, whole):
    match form:
        case "points":
            return path
        case "trivial" | {"trivial": _}:
            return form
        case str():
            return f"{path}.{form}"
        case {"cosets": parts}:
            return {"cosets": {**parts, "factor": path}}
        case {"induced": parts}:
            return {"induced": {**parts, "factor": path}}
        case {"irrep": label}:
            return {"irrep": label, "factor": path}
        case {"matrices": own}:
            size = len(next(iter(own.values())))
            still = [[int(i == j) for j in range(size)] for i in range(size)]
            return {"matrices": {
                f"{name}.g{k}": own[f"g{k}"] if name == path else still
                for name, group in whole.groups.items() for k in range(len(group.generators))
            }}  # fmt: skip
        case dict():
            return {key: _form(value, path, whole) for key, value in form.items()}
        case list():
            return [_form(value, path, whole) for value in form]
    return form


@st.composite
def leaves(draw, whole, listed):
    """A small action of one factor, lifted."""
    path = draw(st.sampled_from(sorted(whole.groups)))
    group = whole.groups[path]
    if isinstance(group, Known):
        side = draw(st.sampled_from([*_rotations(group), *_plain(group)]))
    elif draw(st.booleans()):
        side = draw(induced(group))
    else:
        side = draw(random.leaves(group))
        if "matrices" in str(side.form) and not listed:
            side = random.points(group)
    return lifted(side, path, whole)


def _plain(group):
    yield random.points(group)
    yield random.sign()
    yield random.trivial(2)
    if len(group.elements) <= 8:
        yield random.regular(group)
    if group.degree > 1:
        yield random.standard(group)


def _rotations(group):
    """Those that turn a plane, and the Specht modules of few boxes below the first row."""
    n = group.degree
    if group.family == "symmetric":
        yield Side({"irrep": [n - 1, 1]}, lambda g: random.fixed(g) - 1, n - 1)
        if n > 3:
            yield Side({"irrep": [n - 2, 2]}, _two_boxes, n * (n - 3) // 2)
            yield Side({"irrep": [n - 2, 1, 1]}, _two_wedged, comb(n - 1, 2))
        return
    for turns in range(1, (n + 1) // 2):
        turned = Side({"irrep": turns}, lambda g, k=turns: _turn(g, k), 2)
        yield turned
        if turns == 1:
            yield Side("rotation", turned.trace, 2)


def _turn(g, turns):
    """Twice the cosine of the angle; reflections have none."""
    n = len(g)
    return 2 * cos(2 * pi * turns * g[0] / n) if (g[1] - g[0]) % n == 1 else 0


def _swaps(g):
    return sum(g[g[i]] == i != g[i] for i in range(len(g))) // 2


def _two_boxes(g):
    """Fulton and Harris, exercise 4.15."""
    return Fraction(random.fixed(g) * (random.fixed(g) - 3), 2) + _swaps(g)


def _two_wedged(g):
    return comb(random.fixed(g) - 1, 2) - _swaps(g) if random.fixed(g) else 1 - _swaps(g)


@st.composite
def induced(draw, group):
    """Induced of the parity of a subgroup, or of its permutations of the points."""
    subgroup = draw(random.elements_of(group))
    inside = random.closure(subgroup, group.degree)
    size, own, matrices = draw(st.sampled_from([
        (1, random.parity, lambda h: [[random.parity(h)]]),
        (group.degree, random.fixed, lambda h: random.matrix(h).tolist()),
    ]))  # fmt: skip
    dimension = len(group.elements) // len(inside) * size
    if dimension > 24:
        return random.points(group)

    def trace(g):
        moved = (random.times(random.inverse(x), random.times(g, x)) for x in group.elements)
        return Fraction(sum(own(h) for h in moved if h in inside), len(inside))

    listed = [list(h) for h in subgroup]
    parts = {"subgroup": listed, "matrices": [matrices(h) for h in subgroup]}
    return Side({"induced": parts}, trace, dimension)


def powers(side, kind, size):
    """A symmetric or exterior power, by Newton's identities; or a tensor power."""
    if kind == "power":
        return Side({kind: [side.form, size]}, lambda g: side.trace(g) ** size,
                    side.dimension**size)  # fmt: skip
    sign = 1 if kind == "symmetric_power" else -1

    def trace(g):
        sums, here = [], g
        for _ in range(size):
            sums.append(side.trace(here))
            here = {path: random.times(g[path], image) for path, image in here.items()}
        found = [1]
        for k in range(1, size + 1):
            total = sum(sign ** (i - 1) * found[k - i] * sums[i - 1] for i in range(1, k + 1))
            found.append(total / k)
        return found[size]

    n = side.dimension
    dimension = comb(n + size - 1, size) if sign > 0 else comb(n, size)
    return Side({kind: [side.form, size]}, trace, dimension)


@st.composite
def sides(draw, whole, listed=False, most=40):
    """Leaves, and what is made of them twice over; of at most so many dimensions."""
    made = draw(leaves(whole, listed))
    for _ in range(draw(st.integers(0, 2))):
        match draw(st.sampled_from(["sum", "tensor", "dual", "power", "symmetric", "exterior"])):
            case "sum":
                grown = random.direct_sum(made, draw(leaves(whole, listed)))
            case "tensor":
                grown = random.tensor(made, draw(leaves(whole, listed)))
            case "dual":
                grown = random.dual(made)
            case "power":
                grown = powers(made, "power", 2)
            case "symmetric":
                grown = powers(made, "symmetric_power", draw(st.integers(1, 3)))
            case "exterior":
                size = draw(st.integers(1, min(3, made.dimension)))
                grown = powers(made, "exterior_power", size)
        if grown.dimension <= most:
            made = grown
    return made


@st.composite
def problems(draw):
    """A product and two actions of it."""
    listed = draw(st.integers(0, 3)) == 0
    whole = draw(products(listed))
    source = draw(sides(whole, listed))
    most = max(1, MOST_ENTRIES // source.dimension)
    return whole, source, draw(sides(whole, listed, most=min(40, most)))


def dimension(whole, source, target):
    """The inner product of the characters over all elements."""
    total = sum(source.trace(g) * target.trace(g) for g in whole.elements)
    mean = float(total) / whole.order
    assert abs(mean - round(mean)) < 1e-6
    return round(mean)
