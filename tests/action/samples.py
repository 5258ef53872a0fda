"""Named actions of orders known from the literature, and random groups of signed permutations."""

import numpy as np
from hypothesis import strategies as st

from intertwine.action.action import Declared, SetAction, Trivial
from intertwine.action.homogeneous import Cosets, Regular
from intertwine.action.lifted import Lifted
from intertwine.action.sign import Sign
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import ExteriorPower, Injections, Subsets, SymmetricPower
from intertwine.group.automorphism import automorphisms, named_graph
from intertwine.group.grid import grid
from intertwine.group.group import Group
from intertwine.group.mathieu import mathieu
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.group.permutation import SignedPermutation
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product, wreath


def points(group):
    """The natural points."""
    return SetAction(group, group.natural)


def dense(g):
    """The matrix of a signed permutation, entry by entry from its definition."""
    matrix = np.zeros((len(g.images), len(g.images)), dtype=np.int64)
    for point, image in enumerate(g.images.tolist()):
        matrix[image, point] = 1 if g.signs is None else g.signs[point]
    return matrix


def pairs(element):
    """A signed permutation as the oracle writes it."""
    signs = [1] * element.degree if element.signs is None else element.signs.tolist()
    return element.images.tolist(), signs


S4, S5, A5, D6, B3 = symmetric(4), symmetric(5), alternating(5), dihedral(6), hyperoctahedral(3)
CUBE, P4M, PETERSEN = (
    polyhedron("cube"),
    grid([3, 3], "p4m"),
    automorphisms(named_graph("petersen")),
)
USERS = direct_product({"users": symmetric(3), "movies": symmetric(4)})
WREATH = wreath(symmetric(2), symmetric(3))
AXES = SetAction(B3, "axes")
KLEIN = tuple(SignedPermutation.of(p) for p in ([1, 0, 3, 2], [2, 3, 0, 1]))
ONE_ORBIT = {"users": points(USERS.factors["users"]), "movies": points(USERS.factors["movies"])}
LIFTED = {name: Lifted(USERS, name, inner) for name, inner in ONE_ORBIT.items()}

# Orders of the groups: n!, n!/2, 2n, 2^n n!, 48 for the cube, 8 * 9 for p4m on 3 x 3, |S_5| for the
# Petersen graph, a^b b! for wreath products.  Cyclic groups and products need no source.
NAMED = {
    "points of S_4": (points(S4), 24),
    "pairs of S_4": (power(points(S4), 2), 24),
    "sign of S_4": (Sign(S4), 24),
    "regular S_4": (Regular(S4), 24),
    "cosets of the Klein group": (Cosets(S4, KLEIN), 24),
    "subsets of S_5": (Subsets(S5, points(S5), 2), 120),
    "injections of S_4": (Injections(S4, points(S4), 3), 24),
    "exterior square of S_5": (ExteriorPower(S5, points(S5), 2), 120),
    "points of A_5": (points(A5), 60),
    "regular A_5": (Regular(A5), 60),
    "points of C_12": (points(cyclic(12)), 12),
    "points of D_6": (points(D6), 12),
    "sign of D_6": (Sign(D6), 12),
    "regular D_6": (Regular(D6), 12),
    "axes of B_3": (AXES, 48),
    "points of B_3": (points(B3), 48),
    "symmetric cube of B_3": (SymmetricPower(B3, AXES, 3), 48),
    "volume of B_3": (ExteriorPower(B3, AXES, 3), 48),
    "regular B_3": (Regular(B3), 48),
    "vertices of the cube": (SetAction(CUBE, "vertices"), 48),
    "edges of the cube": (SetAction(CUBE, "edges"), 48),
    "faces of the cube": (SetAction(CUBE, "faces"), 48),
    "turns of the icosahedron": (SetAction(polyhedron("icosahedron", False), "faces"), 60),
    "pixels of p4m": (SetAction(P4M, "pixels"), 72),
    "poses of p4m": (SetAction(P4M, "poses"), 72),
    "arcs of the Petersen graph": (SetAction(PETERSEN, "arcs"), 120),
    "users of a product": (LIFTED["users"], 144),
    "ratings of a product": (Tensor(USERS, tuple(LIFTED.values())), 144),
    "sum over a product": (Sum(USERS, tuple(LIFTED.values())), 144),
    "regular product": (Regular(USERS), 144),
    "points of a wreath product": (points(WREATH), 48),
    "tuples of a wreath product": (SetAction(WREATH, "tuples"), 48),
    "points of M_11": (points(mathieu(11)), 7920),
    "trivial action": (Trivial(S4, 3), 24),
    "trivial group": (points(trivial(3)), 1),
}

CONSTRUCTIONS = {
    "power": lambda a, b: power(a, 2),
    "tensor": lambda a, b: Tensor(a.group, (a, Trivial(a.group, 2), b)),
    "sum": lambda a, b: Sum(a.group, (a, b, Trivial(a.group, 2), a)),
    "symmetric square": lambda a, b: SymmetricPower(a.group, a, 2),
    "symmetric cube": lambda a, b: SymmetricPower(a.group, a, 3),
    "exterior square": lambda a, b: ExteriorPower(a.group, a, min(2, a.dimension)),
    "exterior cube": lambda a, b: ExteriorPower(a.group, a, min(3, a.dimension)),
    "square of a sum": lambda a, b: SymmetricPower(a.group, Sum(a.group, (a, b)), 2),
    "wedge of wedges": lambda a, b: ExteriorPower(
        a.group, ExteriorPower(a.group, Sum(a.group, (a, b)), 2), 1
    ),
}
UNSIGNED = {
    "subsets": lambda a, b: Subsets(a.group, a, min(2, a.dimension)),
    "injections": lambda a, b: Injections(a.group, a, min(2, a.dimension)),
    "subsets of a tensor": lambda a, b: Subsets(a.group, Tensor(a.group, (a, b)), 1),
    "injections of a sum": lambda a, b: Injections(a.group, Sum(a.group, (a, b)), 2),
}


@st.composite
def declared(draw, count=2, most=5, signs=True):
    """Some actions of one group of one to three generators that has nothing but names."""
    names = "abc"[: draw(st.integers(1, 3))]
    group = Group("G", tuple(names), {})
    made = []
    for place in range(count):
        degree = draw(st.integers(1, most))
        sign = st.lists(st.sampled_from([1, -1]), min_size=degree, max_size=degree)
        listed = tuple(
            SignedPermutation.of(
                draw(st.permutations(range(degree))), draw(sign) if signs else None
            )
            for _ in names
        )
        made.append(Declared(group, listed, f"action_{place}"))
    return made


def element(atoms, word):
    """The element that a word in the generators' numbers spells, as each atom has it."""
    images = {}
    for atom in atoms:
        image = SignedPermutation.identity(atom.dimension)
        for number in word:
            image = image * atom.generators[number]
        images[atom] = image
    return images
