"""The smallest groups, many of them without generators, and every form of an action of them."""

from functools import cache
from itertools import product

from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec

_SYMMETRIES = ["p1", "p2", "pm", "pmm", "p4", "p4m"]
_SHAPES = [[1, 1], [1, 2], [2, 2]]
GROUPS = {
    **{f"{kind} {n}": {kind: n} for kind in ("symmetric", "alternating") for n in (1, 2, 3)},
    **{f"{kind} {n}": {kind: n} for kind in ("cyclic", "dihedral", "trivial") for n in (1, 2, 3)},
    **{f"hyperoctahedral {n}": {"hyperoctahedral": n} for n in (1, 2)},
    "no generators": {"generators": {}, "points": 2},
    "the identity": {"generators": {"a": "()"}, "points": 2},
    "a name alone": {"generators": ["a"]},
    "one pixel": {"grid": {"shape": [1], "symmetry": "p1"}},
    **{
        f"{symmetry} on {a} x {b}": {"grid": {"shape": [a, b], "symmetry": symmetry}}
        for (a, b), symmetry in product(_SHAPES, _SYMMETRIES)
        if a == b or "4" not in symmetry
    },
    "no edges": {"automorphisms": {"edges": [], "vertices": 3}},
    "one vertex": {"automorphisms": {"edges": [], "vertices": 1}},
    "one edge": {"automorphisms": {"edges": [[0, 1]]}},
    "blocks of one": {"wreath": {"base": {"symmetric": 1}, "top": {"symmetric": 2}}},
    "one block": {"wreath": {"base": {"cyclic": 2}, "top": {"symmetric": 1}}},
    "two trivial factors": {"product": {"u": {"symmetric": 1}, "v": {"trivial": 2}}},
    "one trivial factor": {"product": {"u": {"trivial": 2}, "v": {"cyclic": 2}}},
    "one factor": {"product": {"u": {"cyclic": 1}}},
    "a mirror and nothing": {"product": {"u": {"dihedral": 1}, "v": {"symmetric": 1}}},
    "a factor of a factor": {
        "product": {"u": {"product": {"w": {"cyclic": 1}}}, "v": {"cyclic": 2}}
    },
}
_WORDS = ("regular", "sign", "vector", "pseudovector", "determinant", "standard")


@cache
def forms(name):
    """Every form of an action that the group may have; many are refused, with a reason."""
    group = _built(name)
    sets = [*group.sets, *_of_factors(group)]
    first = sets[0] if sets else "trivial"
    found = [*sets, "trivial", {"trivial": 3}]
    found += [f"{prefix}{word}" for prefix in _prefixes(group) for word in _WORDS]
    for base in (*sets, {"trivial": 2}, *_WORDS):
        kinds = ("subsets", "injections", "symmetric_power", "exterior_power", "power")
        found += [{kind: [base, size]} for kind in kinds for size in (0, 1, 2)]
        found += [{"standard": base}, {"dual": base}, {"sum": [base, base]}]
        found.append({"tensor": [base, "trivial", base]})
    found += [
        {"standard": {"trivial": 3}},
        {"sum": [{"standard": {"trivial": 2}}, first]},
        {"sum": [first, {"power": [first, 2]}]},
        {"subsets": [{"sum": [first, "trivial"]}, 2]},
        {"symmetric_power": [{"subsets": [first, 1]}, 0]},
        {"fields": {"a": first, "b": "trivial"}},
        {"fields": {"a": {"standard": {"trivial": 3}}, "b": first}},
    ]
    return found + _listed(group, first) + _irreps(GROUPS[name]) + _of_the_identity(group)


def spec(name, source, target):
    return {"name": "small", "group": GROUPS[name], "input": source, "output": target}


def _built(name):
    return build_actions(load_spec(spec(name, "trivial", "trivial"))).group


def _of_factors(group):
    return [
        f"{prefix}{name}"
        for prefix, factor in _factors(group, "")
        for name in factor.sets
    ]  # fmt: skip


def _prefixes(group):
    return [prefix for prefix, _ in _factors(group, "")] or [""]


def _factors(group, prefix):
    for name, factor in group.factors.items():
        if factor.factors:
            yield from _factors(factor, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}.", factor


def _listed(group, first):
    """What says an image for each generator; all generators act alike."""
    names, identity, swap = group.generators, [[1, 0], [0, 1]], [[0, 1], [1, 0]]
    if not names:
        return []
    matrices = ([[1]], [[-1]], identity, swap, [[1, 1], [0, -1]])
    return [
        *({"matrices": dict.fromkeys(names, rows)} for rows in matrices),
        *({"permutations": dict.fromkeys(names, row)} for row in ([0], [0, 1])),
        *({"signed_permutations": dict.fromkeys(names, row)} for row in ([1], [-1], [2, 1])),
        {"fibre": {"over": first, "matrices": dict.fromkeys(names, identity)}},
        {"fibre": {"over": first, "matrices": dict.fromkeys(names, swap)}},
    ]


def _irreps(group):
    ((kind, n),) = list(group.items())[:1]
    labels = {
        "symmetric": [[n], [1] * n] if isinstance(n, int) else [],
        "cyclic": range(n) if isinstance(n, int) else [],
        "dihedral": ["trivial", "sign", "alternating", "alternating_sign", 1],
    }
    return [{"irrep": label} for label in labels.get(kind, ())]


def _of_the_identity(group):
    """Cosets and induced representations of the trivial group."""
    if group.natural is None:
        return []
    unit, one = list(range(group.sets[group.natural].degree)), [[1, 0], [0, 1]]
    induced = {"induced": {"subgroup": [unit], "matrices": [one]}}
    cosets = [{"cosets": {"subgroup": subgroup}} for subgroup in ([], [unit])]
    return [*cosets, induced, {"dual": induced}]
