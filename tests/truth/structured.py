"""From the `structured` words of a truth record to the spec language, without its image lists."""

from itertools import product
from math import factorial


def structured_spec(record):
    """The spec of a record in words; None where the record has none that are no matrices."""
    words = record.get("structured")
    if words is None or "group" not in words:
        return None
    family, size = head(words["group"])
    natural = NATURAL.get(family, "points")
    if words["group"] == {"wreath": size, "action": "product"}:
        natural = "tuples"
    return {
        "name": f"truth_{record['id']}",
        "group": GROUPS[family](size, record),
        "input": action(words["in"], family, size, natural),
        "output": action(words["out"], family, size, natural),
    }


def order(record):
    """The order of the abstract group: as recorded, or where the file leaves it out, as known."""
    if "order" in record["group"]:
        return int(record["group"]["order"])
    family, size = head(record["structured"]["group"])
    return factorial(size) if family == "symmetric" else ORDERS[family]


def head(group):
    """The family of a group and its size; a group that is only named is its own family."""
    return (group, None) if isinstance(group, str) else next(iter(group.items()))


def linear(rows, prime):
    """What a matrix does to the non-zero vectors over a prime field, in lexicographic order."""
    vectors = [v for v in product(range(prime), repeat=len(rows)) if any(v)]
    moved = (tuple(sum(map(int.__mul__, row, v)) % prime for row in rows) for v in vectors)
    return [vectors.index(v) for v in moved]


TURN, SHEAR = linear([[0, 2], [1, 0]], 3), linear([[1, 1], [0, 1]], 3)
TURN_BESIDE = linear([[1, 1], [1, 2]], 3)
FIRST, SECOND = (
    linear([[1, 1, 0], [0, 1, 0], [0, 0, 1]], 2),
    linear([[1, 0, 0], [0, 1, 1], [0, 0, 1]], 2),
)
SINGER = linear([[0, 0, 1], [1, 0, 1], [0, 1, 0]], 2)

ORDERS = {"S4": 24, "A5": 60, "S5": 120, "Q8": 8, "SL23": 24, "L27": 168, "generators": 44352000}

SUBGROUPS = {
    "S4": {
        "1": [],
        "C2": ["(0 1)"],
        "C2n": ["(0 1)(2 3)"],
        "C3": ["(0 1 2)"],
        "C4": ["(0 1 2 3)"],
        "S3": ["(0 1)", "(0 1 2)"],
        "D8": ["(0 1 2 3)", "(0 2)"],
        "A4": ["(0 1 2)", "(1 2 3)"],
    },
    "A5": {
        "C3": ["(0 1 2)"],
        "V4": ["(0 1)(2 3)", "(0 2)(1 3)"],
        "D10": ["(0 1 2 3 4)", "(1 4)(2 3)"],
        "A4": ["(0 1 2)", "(1 2 3)"],
    },
    "S5": {
        "S3xS2": ["(0 1)", "(0 1 2)", "(3 4)"],
        "F20": ["(0 1 2 3 4)", "(1 2 4 3)"],
        "S4": ["(0 1)", "(0 1 2 3)"],
    },
    "Q8": {"1": []},
    "SL23": {
        "1": [],
        "C4": [TURN],
        "C6": [linear([[2, 2], [0, 2]], 3)],
        "Q8": [TURN, TURN_BESIDE],
    },
    "L27": {"C7": [SINGER], "D8": [FIRST, SECOND]},
}

GROUPS = {
    "symmetric": lambda n, _: {"symmetric": n},
    "alternating": lambda n, _: {"alternating": n},
    "dihedral": lambda n, _: {"dihedral": n},
    "hyperoctahedral": lambda n, record: hyperoctahedral(n, record["structured"]["in"]),
    "direct_product": lambda parts, _: direct_product(parts),
    "wreath": lambda parts, _: {"wreath": {"base": parts[0], "top": parts[1]}},
    "torus": lambda shape, _: torus(shape),
    "p4": lambda n, _: {"grid": {"shape": [n, n], "symmetry": "p4"}},
    "p4m": lambda n, _: {"grid": {"shape": [n, n], "symmetry": "p4m"}},
    "automorphisms_of_graph": lambda graph, _: {
        "automorphisms": {"edges": graph["edges"], "vertices": graph["n"]}
    },
    "generators": lambda _, record: {
        "generators": dict(zip("ab", record["group"]["gens"], strict=True))
    },
    "S4": lambda *_: {"symmetric": 4},
    "S5": lambda *_: {"symmetric": 5},
    "A5": lambda *_: {"alternating": 5},
    "Q8": lambda *_: {"generators": {"i": TURN, "j": TURN_BESIDE}},
    "SL23": lambda *_: {"generators": {"turn": TURN, "shear": SHEAR}},
    "L27": lambda *_: {"generators": {"singer": SINGER, "first": FIRST}},
}

NATURAL = {"hyperoctahedral": "axes"}
MOST_AXES = 8  # of a grid; a torus with more is a product

# A field on the torus takes its signs from the matrices of the point group.
PSEUDO = {"shift_0": [1], "shift_1": [1], "rotation": [1], "reflection": [-1]}
VECTOR = {"shift_0": [1, 2], "shift_1": [1, 2], "rotation": [2, -1], "reflection": [1, -2]}

NAMED = {
    "natural": "points",
    "imprimitive": "points",
    "product": "tuples",
    "group": "poses",
    "triv": "trivial",
    "nat": "points",
    "nat2": {"power": ["points", 2]},
    "natsign": {"tensor": ["points", "sign"]},
    "ordered pairs of vertices": {"power": ["vertices", 2]},
    "scalar_field": "pixels",
    "pseudo_field": {"tensor": ["pixels", {"signed_permutations": PSEUDO}]},
    "vector_field": {"tensor": ["pixels", {"signed_permutations": VECTOR}]},
}


def direct_product(factors):
    """Factors f0, f1, ..."""
    return {"product": {f"f{k}": factor for k, factor in enumerate(factors)}}


def torus(shape):
    """The translations of a grid, or of a product of cycles where a grid cannot have the axes."""
    if len(shape) > MOST_AXES:
        return direct_product([{"cyclic": n} for n in shape])
    return {"grid": {"shape": shape, "symmetry": "p1"}}


def hyperoctahedral(n, side):
    """B_n on its axes; where it acts on the n-cube, by the cube's graph or as a wreath product."""
    if side == "e":
        corners = range(2**n)
        edges = [[v, v | 1 << bit] for v in corners for bit in range(n) if not v >> bit & 1]
        return {"automorphisms": {"edges": edges}}
    if side in ("v", "vertices"):
        return {"wreath": {"base": {"symmetric": 2}, "top": {"symmetric": n}}}
    return {"hyperoctahedral": n}


def action(words, family, size, natural):
    """An action in the spec language."""
    if words == "regular" and family == "torus" and len(size) > MOST_AXES:
        return {"tensor": [f"f{k}" for k in range(len(size))]}
    if isinstance(words, str):
        if family == "hyperoctahedral":
            return "edges" if words == "e" else "tuples"
        return NAMED.get(words, words)
    ((kind, given),) = words.items()
    if kind == "tensor":
        return power(natural, given)
    if kind == "kronecker":
        return {"tensor": [power(f"f{k}", part["tensor"]) for k, part in enumerate(given)]}
    if kind == "disjoint_union":
        return {"sum": [f"f{k}" for k in given]}
    if kind == "cosets_of":
        return {"cosets": {"subgroup": SUBGROUPS[family][given]}}
    if kind == "set_partitions":
        return {"cosets": {"subgroup": young(given)}}
    form = {"subsets": "subsets", "injective": "injections", "exterior": "exterior_power"}[kind]
    return {form: [natural, given]}


def power(base, exponent):
    """No factor is the trivial action."""
    return {"power": [base, exponent]} if exponent else "trivial"


def young(shape):
    """The stabilizer of a partition into blocks of one size: the wreath product on the blocks."""
    size, blocks = shape[0], len(shape)
    points = [list(range(k * size, (k + 1) * size)) for k in range(blocks)]
    inside = [points[0][:2], points[0]]
    swap = [*points[1], *points[0], *range(2 * size, blocks * size)]
    turn = [*range(size, blocks * size), *points[0]]
    return [*map(cycle, inside), swap, turn]


def cycle(points):
    """A cycle string."""
    return "(" + " ".join(map(str, points)) + ")"
