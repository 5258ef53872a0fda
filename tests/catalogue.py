"""Named systems whose numbers are known from elsewhere: the claims that every rule is held to.

Each case cites where its dimension comes from; none was read off the solver.
"""

from dataclasses import dataclass
from functools import cache
from itertools import permutations
from math import factorial

import numpy as np

import intertwine
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec

EMLP = "Finzi, Welling and Wilson 2021"
MARON = "Maron et al. 2019, Theorem 1"
HARTFORD = "Hartford et al. 2018"
THIEDE = "Thiede, Hy and Kondor 2020"
G_CNN = "Cohen and Welling 2016"
NFN = "Zhou et al. 2023"
AUTO = "AutoEquiv README"
ATLAS = "Conway et al. 1985, ATLAS"
REPLAB = "RepLAB doctests"


@dataclass(frozen=True)
class Case:
    """A spec and what must be found: the dimension, that of the bias, and the order."""

    name: str
    group: dict
    input: object
    output: object
    dimension: int
    bias: int
    order: int
    source: str

    @property
    def spec(self):
        """The spec as a dict."""
        return {
            "name": self.name,
            "group": self.group,
            "input": self.input,
            "output": self.output,
        }

    @property
    def entries(self):
        """How many entries a matrix of the space has."""
        problem = built(self.name)
        return problem.source.dimension * problem.target.dimension

    def __str__(self):
        return self.name


def power(base, exponent):
    """A tensor power."""
    return {"power": [base, exponent]} if exponent else "trivial"


def tensor(*parts):
    """A tensor product."""
    return {"tensor": list(parts)}


def total(*parts):
    """A direct sum."""
    return {"sum": list(parts)}


def product(**factors):
    """A direct product."""
    return {"product": factors}


def index_symmetries(size, axes, swaps):
    """Permutations of the entries of a tensor: its axes are permuted."""
    entries = np.arange(size**axes).reshape((size,) * axes)
    return {f"s{k}": entries.transpose(axis).ravel().tolist() for k, axis in enumerate(swaps)}


def alternating_index_symmetries(size, axes):
    """The same for all permutations of the axes, with their signs: one-based, sign beside."""
    signs = {a: round(np.linalg.det(np.eye(axes)[list(a)])) for a in permutations(range(axes))}
    images = index_symmetries(size, axes, signs)
    return {
        name: [sign * (image + 1) for image in listed]
        for (name, listed), sign in zip(images.items(), signs.values(), strict=True)
    }


def names(actions):
    """A group of generators by name alone."""
    return {"generators": list(actions)}


S2, S3, S4, S5, S6, S8 = ({"symmetric": n} for n in (2, 3, 4, 5, 6, 8))
A5, B2, B3, B4 = {"alternating": 5}, *({"hyperoctahedral": n} for n in (2, 3, 4))
C2 = {"cyclic": 2}
PAIRS = power("points", 2)

HALVES = {"reflect": [6, 5, 4, 3, 2, 1]}
ODD = {"reflect": [-6, -5, -4, -3, -2, -1]}
GENERIC = index_symmetries(3, 2, [(1, 0)])
ANTISYMMETRIC = {"s0": [-(image + 1) for image in GENERIC["s0"]]}
ELASTIC = index_symmetries(3, 4, [(1, 0, 2, 3), (2, 3, 0, 1)])
SYMMETRIC_4 = index_symmetries(5, 4, [(1, 0, 2, 3), (1, 2, 3, 0)])
VOLUME_3 = alternating_index_symmetries(3, 3)
VOLUME_5 = alternating_index_symmetries(5, 3)
CHSH = {"parties": [1, 4, 5, 2, 3], "settings": [1, 3, 2, 4, -5]}
QUATERNIONS = {"i": [2, -1, 4, -3], "j": [3, -4, -1, 2]}
NEGACYCLIC = {"shift": [2, 3, 4, 5, 6, 7, 8, -1]}
TOTALS = {"swap": [1, 0, 3, 2, 5, 4], "turn": [0, 2, 1, 4, 5, 3]}
BASES = {
    "turn": {"bases": [1, 2, 3, 4, 5, 0], "letters": [0, 1, 2, 3]},
    "strand": {"bases": [5, 4, 3, 2, 1, 0], "letters": [3, 2, 1, 0]},
}
DNA = tensor(
    *(
        {"permutations": {name: images[place] for name, images in BASES.items()}}
        for place in ("bases", "letters")
    )
)
RUBIK = {
    "U": "(1 3 8 6)(2 5 7 4)(9 33 25 17)(10 34 26 18)(11 35 27 19)",
    "L": "(9 11 16 14)(10 13 15 12)(1 17 41 40)(4 20 44 37)(6 22 46 35)",
    "F": "(17 19 24 22)(18 21 23 20)(6 25 43 16)(7 28 42 13)(8 30 41 11)",
    "R": "(25 27 32 30)(26 29 31 28)(3 38 43 19)(5 36 45 21)(8 33 48 24)",
    "B": "(33 35 40 38)(34 37 39 36)(3 9 46 32)(2 12 47 29)(1 14 48 27)",
    "D": "(41 43 48 46)(42 45 47 44)(14 22 30 38)(15 23 31 39)(16 24 32 40)",
}
EMLP_INPUT = total(
    {"trivial": 100}, tensor({"trivial": 100}, "points"), tensor({"trivial": 20}, PAIRS)
)
ORBITAL_GRAPHS = product(
    a={"symmetric": 50}, b=C2, c=C2, d={"symmetric": 50}, e=C2, f=C2, g={"dihedral": 4}
)
ORBITAL_POINTS = total("a", "b", "c", "d", "e", "f", "g")


def perceptron(*widths):
    """Weights and biases of a perceptron, each layer with its own permutations."""
    layers = [f"l{k}" for k in range(len(widths))]
    fields = {}
    for k in range(1, len(widths)):
        fields[f"weight_{k}"] = tensor(layers[k], layers[k - 1])
        fields[f"bias_{k}"] = layers[k]
    group = product(**{name: {"symmetric": n} for name, n in zip(layers, widths, strict=True)})
    return group, {"fields": fields}


def hidden_only(*widths):
    """The same where the first and last layer are fixed."""
    hidden = widths[1:-1]
    group = product(**{f"l{k + 1}": {"symmetric": n} for k, n in enumerate(hidden)})
    sides = [{"trivial": widths[0]}, *(f"l{k + 1}" for k in range(len(hidden)))]
    sides.append({"trivial": widths[-1]})
    fields = {}
    for k in range(1, len(widths)):
        fields[f"weight_{k}"] = tensor(sides[k], sides[k - 1])
        fields[f"bias_{k}"] = sides[k]
    return group, {"fields": fields}


def between(name, group, both, dimension, bias, order, source):
    """A space of maps from an action to itself."""
    return Case(name, group, both, both, dimension, bias, order, source)


FULL_2, FULL_3, FULL_4 = perceptron(2, 3, 2), perceptron(2, 4, 3, 2), perceptron(4, 4, 4, 4, 4)
PART_2, PART_3, PART_4 = hidden_only(2, 3, 2), hidden_only(2, 3, 3, 2), hidden_only(2, 3, 3, 3)

CASES = [
    between("deep_sets", S4, "points", 2, 1, 24, AUTO),
    between("deep_sets_large", {"symmetric": 100}, "points", 2, 1, factorial(100), "Zaheer 2017"),
    between("circulant", {"cyclic": 6}, "points", 6, 1, 6, AUTO),
    between("one_point", {"symmetric": 1}, "points", 1, 1, 1, "every 1 x 1 matrix"),
    Case("no_symmetry", {"trivial": 3}, "points", {"trivial": 4}, 12, 4, 1, "all matrices"),
    Case("fixed", S4, {"trivial": 3}, {"trivial": 2}, 6, 2, 24, "all matrices"),
    Case("free", {"trivial": 1}, {"trivial": 2}, {"trivial": 2}, 4, 2, 1, "all matrices"),
    # Tensor powers of S_n and A_n.
    between("maron_2", S2, PAIRS, 8, 1 + 1, 2, "Stirling: 1 + 7"),
    between("maron_3", S3, PAIRS, 14, 2, 6, "Stirling: 1 + 7 + 6"),
    between("maron_4", S4, PAIRS, 15, 2, 24, MARON),
    between("maron_5", S5, PAIRS, 15, 2, 120, AUTO),
    *(
        between(f"triples_{n}", {"symmetric": n}, power("points", 3), d, b, factorial(n), MARON)
        for n, d, b in ((2, 32, 4), (3, 122, 5), (4, 187, 5), (5, 202, 5), (6, 203, 5))
    ),
    *(
        Case(f"maron_{k}_{m}", S5, power("points", k), power("points", m), d, b, 120, MARON)
        for k, m, d, b in ((0, 1, 1, 1), (1, 0, 1, 1), (2, 1, 5, 1), (1, 2, 5, 2), (3, 2, 52, 2))
    ),
    Case("emlp_sum", S6, total(PAIRS, "points"), "points", 7, 1, 720, EMLP),
    between("emlp_channels", S6, EMLP_INPUT, 84000, 240, 720, EMLP),
    Case("symmetric_invariants", S5, power("points", 5), "trivial", 52, 1, 120, EMLP),
    Case("alternating_invariants", A5, power("points", 5), "trivial", 63, 1, 60, EMLP),
    Case(
        "emlp_readme", S5,
        total(tensor({"trivial": 10}, "points"), tensor({"trivial": 5}, PAIRS)),
        total({"trivial": 3}, PAIRS), 185, 5, 120, EMLP,
    ),
    between("mathieu_pairs", {"mathieu": 12}, PAIRS, 15, 2, 95040, ATLAS),
    between("alternating_pairs", A5, PAIRS, 16, 2, 60, "one orbit of 4-tuples of 5 splits"),
    # Subsets, injections, symmetric and exterior powers.
    between("johnson", {"symmetric": 7}, {"subsets": ["points", 3]}, 4, 1, 5040, "Delsarte 1973"),
    Case(
        "hyperedges", S8, {"subsets": ["points", 2]}, {"subsets": ["points", 3]}, 3, 1, 40320,
        THIEDE,
    ),
    between("complements", S5, {"subsets": ["points", 4]}, 2, 1, 120, "4-subsets are points"),
    Case("empty_subset", S4, {"subsets": ["points", 0]}, "points", 1, 1, 24, "one point"),
    between(
        "injections", S6, {"injections": ["points", 2]}, 7, 1, 720, "sum of C(2,j)^2 j!"
    ),
    Case("words", S5, {"injections": ["points", 3]}, {"subsets": ["points", 2]}, 7, 1, 120,
         "at most 2 of 3 places meet the pair: 1 + 3 + 3"),
    between("symmetric_matrices", S6, {"symmetric_power": ["points", 2]}, 9, 2, 720, THIEDE),
    between("antisymmetric_matrices", S5, {"exterior_power": ["points", 2]}, 2, 0, 120,
            "hooks (4,1) and (3,1,1)"),
    between("volumes", S5, {"exterior_power": ["points", 5]}, 1, 0, 120, "the sign"),
    Case("sign_of_volume", S5, {"exterior_power": ["points", 5]}, "sign", 1, 0, 120, "equal"),
    Case("gradient", S5, "points", {"exterior_power": ["points", 2]}, 1, 0, 120, "Jiang 2011"),
    Case("no_curl", S6, "points", {"exterior_power": ["points", 3]}, 0, 0, 720,
         "hooks (5,1), (4,1,1), (3,1,1,1)"),
    Case("parity", S3, PAIRS, "sign", 1, 0, 6, "multiplicity of the sign in V x V"),
    between("matchings", S6, {"cosets": {"subgroup": ["(0 1)", "(0 2)(1 3)", "(0 2 4)(1 3 5)"]}},
            3, 1, 720, "partitions of 3, Thrall 1942"),
    between("splits", {"symmetric": 8},
            {"cosets": {"subgroup": ["(0 1)", "(0 1 2 3)", "(0 4)(1 5)(2 6)(3 7)"]}},
            3, 1, 40320, "Thrall 1942: partitions of 8 in at most two even parts"),
    between("regular", S3, "regular", 6, 1, 6, "Cayley"),
    Case("regular_pairs", S4, PAIRS, "regular", 16, 1, 24, "Hom(V, regular) = dim V"),
    between("totals", {"generators": {"swap": "(0 1)", "turn": "(0 1 2 3 4 5)"}},
            total("points", {"permutations": TOTALS}), 6, 2, 720, "Sylvester 1844: 2 + 1 + 1 + 2"),
    # Direct products.
    between("exchangeable", product(u=S3, m=S4), tensor("u", "m"), 4, 1, 144, HARTFORD),
    between("exchangeable_3", product(a=S2, b=S3, c=S4), tensor("a", "b", "c"), 8, 1, 288,
            HARTFORD),
    between("exchangeable_4", product(a=S2, b=S2, c=S2, d=S3), tensor("d", "b", "a", "c"),
            16, 1, 48, HARTFORD),
    Case("pooling", product(u=S3, m=S4), tensor("u", "m"), "u", 2, 1, 144, HARTFORD),
    between("graphs_of_users", product(u=S4, m=S3), tensor("u", "m", "u"), 30, 2, 144,
            "15 * 2, Graham et al. 2019"),
    between("subsets_of_users", product(u=S4, m=S3), tensor({"subsets": ["u", 2]}, "m"), 6, 1, 144,
            "3 * 2"),
    between("signed_users", product(u=S3, m=S4), tensor("u.sign", "m", "u"), 4, 0, 144,
            "2 * 2, the signs cancel"),
    Case("lost_sign", product(u=S3, m=S4), tensor("u.sign", "m"), "m", 0, 1, 144, "odd users"),
    between("nested", product(a=product(x=S2, y=S3), b=S2), tensor("a.x", "b", "a.y"), 8, 1, 24,
            HARTFORD),
    between("product_points", product(u=S3, m=S4), total("u", "m"), 6, 2, 144, "2 + 1 + 1 + 2"),
    between("orbital_graphs", ORBITAL_GRAPHS, ORBITAL_POINTS, 57, 7,
            factorial(50) ** 2 * 2**4 * 8, "OrbitalGraphs, tst/orbitals.tst: 50 + 7"),
    between("network_2", *FULL_2, 32, 4, 24, NFN),
    between("network_3", *FULL_3, 62, 6, 576, NFN),
    between("network_4", *FULL_4, 100, 8, 24**5, NFN),
    between("network_hidden_2", *PART_2, 74, 2 + 1 + 2 + 2, 6, "Navon et al. 2023"),
    between("network_hidden_3", *PART_3, 114, 2 + 1 + 1 + 1 + 2 + 2, 36, NFN),
    between("network_hidden_4", *PART_4, 163, 2 + 1 + 1 + 1 + 3 + 3, 36, NFN),
    between("spread_trivial", S3, tensor({"trivial": 2}, "points", {"trivial": 2}), 32, 4, 6,
            "4 * 4 * 2"),
    # Wreath products.
    between("league", {"wreath": {"base": S4, "top": S3}}, "points", 3, 1, 24**3 * 6,
            "same, same team, other team"),
    between("hamming", {"wreath": {"base": S3, "top": S4}}, "tuples", 5, 1, 6**4 * 24,
            "Delsarte 1973: H(4, 3)"),
    Case("letters", {"wreath": {"base": S5, "top": S2}}, "points", "tuples", 2, 1, 28800,
         "in the word or not"),
    # Grids and polyhedra.
    between("torus", {"grid": {"shape": [4, 6], "symmetry": "p1"}}, "pixels", 24, 1, 24, "offsets"),
    between("p2", {"grid": {"shape": [4, 6], "symmetry": "p2"}}, "pixels", 14, 1, 48,
            "(24 + 4) / 2"),
    between("p4m", {"grid": {"shape": [8, 8], "symmetry": "p4m"}}, "pixels", 15, 1, 512,
            "0 <= x <= y <= 4"),
    Case("lifting", {"grid": {"shape": [4, 4], "symmetry": "p4"}}, "pixels", "poses", 16, 1, 64,
         G_CNN),
    between("group_convolution", {"grid": {"shape": [3, 3], "symmetry": "p4m"}}, "poses", 72, 1, 72,
            G_CNN),
    Case("unfaithful", {"grid": {"shape": [2, 2], "symmetry": "p4m"}}, "pixels", "poses", 4, 1, 32,
         "Hom(V, regular) = dim V"),
    between("cube_faces", {"polyhedron": {"name": "cube"}}, "faces", 3, 1, 24, EMLP),
    between("icosahedron", {"polyhedron": {"name": "icosahedron"}}, "faces", 8, 1, 60, AUTO),
    Case("cube_to_edges", {"polyhedron": {"name": "cube", "reflections": True}}, "vertices",
         "edges", 3, 1, 48, "three distances"),
    # Graphs.
    between("petersen", {"automorphisms": {"graph": "petersen"}}, "vertices", 3, 1, 120, ATLAS),
    Case("petersen_arcs", {"automorphisms": {"graph": "petersen"}}, "arcs", "vertices", 5, 1, 120,
         "the arc stabilizer, of order 4, on 10 points"),
    between("frucht", {"automorphisms": {"graph": "frucht"}}, "vertices", 144, 12, 1,
            "Frucht 1939"),
    # Listed generators.
    between("dna", names(BASES), DNA, 48, 2, 12, AUTO),
    between("rubik", {"generators": RUBIK, "points": 48, "base": 1}, "points", 9, 2,
            43252003274489856000, "Schoenert 1993"),
    between("square", {"generators": {"turn": "(0 1 2 3)", "flip": "(0 2)"}}, "points", 3, 1, 8,
            "OrbitalGraphs tests: 2 + 1"),
    between("klein", {"generators": {"a": "(0 1)(2 3)", "b": "(0 2)(1 3)"}}, "points", 4, 1, 4,
            "OrbitalGraphs tests: 3 + 1"),
    between("two_pairs", {"generators": {"a": "(0 1)", "b": "(2 3)"}, "points": 4}, "points",
            6, 2, 4, "OrbitalGraphs issue 19: 4 + 2"),
    Case("elasticity", names(ELASTIC), "trivial", {"permutations": ELASTIC}, 21, 21, 8,
         "e3nn, reduce_tensor_test: ijkl=jikl=klij"),
    Case("symmetric_tensor", names(SYMMETRIC_4), "trivial", {"permutations": SYMMETRIC_4}, 70, 70,
         24, "C(8, 4)"),
    Case("symmetric_3", names(GENERIC), "trivial", {"permutations": GENERIC}, 6, 6, 2, REPLAB),
    # Signs.
    Case("antisymmetric_3", names(GENERIC), "trivial", {"signed_permutations": ANTISYMMETRIC},
         3, 3, 2, REPLAB),
    Case("volume_3", names(VOLUME_3), "trivial", {"signed_permutations": VOLUME_3}, 1, 1, 6,
         "C(3, 3)"),
    Case("volume_5", names(VOLUME_5), "trivial", {"signed_permutations": VOLUME_5}, 10, 10, 6,
         "C(5, 3)"),
    between("chsh", names(CHSH), {"signed_permutations": CHSH}, 3, 1, 16,
            "RepLAB, PhasedMatrixPartitionTest"),
    between("quaternions", names(QUATERNIONS), {"signed_permutations": QUATERNIONS}, 4, 0, 8,
            "right multiplications"),
    between("negacyclic", names(NEGACYCLIC), {"signed_permutations": NEGACYCLIC}, 8, 0, 16,
            "polynomials modulo x^8 + 1"),
    Case("odd", names(ODD), {"permutations": {"reflect": [5, 4, 3, 2, 1, 0]}},
         {"signed_permutations": ODD}, 18, 3, 2, "half of 36"),
    Case("even_and_odd", names(HALVES), {"signed_permutations": HALVES},
         {"fields": {"even": {"signed_permutations": HALVES}, "odd": {"signed_permutations": ODD}}},
         36, 6, 2, "all of 36, in two halves"),
    between("vectors", B3, "axes", 1, 0, 48, "Schur"),
    between("axes_squared", B2, power("axes", 2), 4, 1, 8, "truth record h37"),
    between("axes_cubed", B2, power("axes", 3), 16, 0, 8, "truth record h39"),
    Case("pseudovector", B3, "axes", {"exterior_power": ["axes", 2]}, 0, 0, 48, "truth record h45"),
    Case("cross_product", B3, power("axes", 2), {"exterior_power": ["axes", 2]}, 1, 0, 48, "Hodge"),
    between("elastic_cube", B3, {"symmetric_power": ["axes", 2]}, 3, 1, 48,
            "Nye 1957: C11, C12, C44"),
    between("cross_polytope", B4, "points", 3, 1, 384, "equal, opposite, neither"),
    Case("signs_and_points", B3, total("axes", "points"), total("points", "axes"), 6, 1, 48,
         "points = axes + functions of pairs: 3 + 1 + 1 + 1"),
    between("signed_product", product(n=S3, s=B2), tensor("n", "s.axes"), 2, 0, 48, "2 * 1"),
    between("two_signs", product(s={"hyperoctahedral": 1}, t={"hyperoctahedral": 1}),
            total(tensor("s.axes", "t.axes"), "s.axes", "t.axes", "trivial"), 4, 1, 4,
            "four characters of the Klein group"),
]  # fmt: skip

BY_NAME = {case.name: case for case in CASES}


@cache
def built(name):
    """The group and actions of a case, made once."""
    return build_actions(load_spec(BY_NAME[name].spec))


@cache
def solved(name):
    """The space of a case, solved once."""
    return intertwine.solve(BY_NAME[name].spec)


def smaller_than(entries):
    """The cases whose matrices have fewer entries."""
    return [case for case in CASES if case.entries < entries]
