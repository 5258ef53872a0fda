"""The 32 crystal classes: as specs, and apart from them as integer matrices on a lattice's basis.

Of a spec there are the group, its vectors in space and the determinant of their matrices.  In the
plane D_n turns and mirrors; in space a two-fold axis acts on the plane as a mirror does, and turns
the third axis over, so that the vectors of 422 are {sum: [vector, determinant]}, and those of 4mm
{sum: [vector, trivial]}.  An inversion is the generator of {hyperoctahedral: 1}.
"""

from itertools import product

import numpy as np

AXIS = {"sum": ["vector", "trivial"]}
TWOFOLD = {"sum": ["vector", "determinant"]}


def _times(group, vectors):
    """The class of turns beside an inversion."""
    parts = {"turns": group, "inversion": {"hyperoctahedral": 1}}
    names = vectors["sum"] if isinstance(vectors, dict) else [vectors]
    own = {"sum": [name if name == "trivial" else f"turns.{name}" for name in names]}
    return {"product": parts}, {"tensor": [own, "inversion.vector"]}, "inversion.determinant"


def _beside(group, determinant):
    """The class of a plane group beside a mirror of the third axis."""
    parts = {"turns": group, "mirror": {"hyperoctahedral": 1}}
    return {"product": parts}, {"sum": ["turns.vector", "mirror.vector"]}, determinant


_TETRAHEDRON, _CUBE = ({"polyhedron": {"name": name}} for name in ("tetrahedron", "cube"))


def _mirrored(solid):
    return {"polyhedron": {**solid["polyhedron"], "reflections": True}}


# The group, its vectors, and their determinant.
SPECS = {
    "1": ({"cyclic": 1}, AXIS, "determinant"),
    "-1": ({"hyperoctahedral": 1}, {"tensor": ["vector", {"trivial": 3}]}, "determinant"),
    "2": ({"cyclic": 2}, AXIS, "determinant"),
    "m": ({"dihedral": 1}, AXIS, "determinant"),
    "2/m": _times({"cyclic": 2}, AXIS),
    "222": ({"dihedral": 2}, TWOFOLD, "trivial"),
    "mm2": ({"dihedral": 2}, AXIS, "determinant"),
    "mmm": _times({"dihedral": 2}, TWOFOLD),
    "4": ({"cyclic": 4}, AXIS, "determinant"),
    "-4": ({"cyclic": 4}, {"sum": ["vector", "sign"]}, "sign"),
    "4/m": _times({"cyclic": 4}, AXIS),
    "422": ({"dihedral": 4}, TWOFOLD, "trivial"),
    "4mm": ({"dihedral": 4}, AXIS, "determinant"),
    "-42m": (
        {"dihedral": 4},
        {"sum": ["vector", {"irrep": "alternating_sign"}]},
        {"irrep": "alternating"},
    ),
    "4/mmm": _times({"dihedral": 4}, TWOFOLD),
    "3": ({"cyclic": 3}, AXIS, "determinant"),
    "-3": _times({"cyclic": 3}, AXIS),
    "321": ({"dihedral": 3}, TWOFOLD, "trivial"),
    "3m1": ({"dihedral": 3}, AXIS, "determinant"),
    "-3m1": _times({"dihedral": 3}, TWOFOLD),
    "6": ({"cyclic": 6}, AXIS, "determinant"),
    "-6": _beside({"cyclic": 3}, "mirror.determinant"),
    "6/m": _times({"cyclic": 6}, AXIS),
    "622": ({"dihedral": 6}, TWOFOLD, "trivial"),
    "6mm": ({"dihedral": 6}, AXIS, "determinant"),
    "-6m2": _beside({"dihedral": 3}, {"tensor": ["turns.determinant", "mirror.determinant"]}),
    "6/mmm": _times({"dihedral": 6}, TWOFOLD),
    "23": (_TETRAHEDRON, "vector", "determinant"),
    "m-3": _times(_TETRAHEDRON, "vector"),
    "432": (_CUBE, "vector", "determinant"),
    "-43m": (_mirrored(_TETRAHEDRON), "vector", "determinant"),
    "m-3m": ({"hyperoctahedral": 3}, "vector", "determinant"),
}

_ONE = np.eye(3, dtype=int)
_INVERSION = -_ONE
_TURNS = {
    1: _ONE,
    2: np.diag([-1, -1, 1]),
    3: np.array([[0, -1, 0], [1, -1, 0], [0, 0, 1]]),
    4: np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
    6: np.array([[1, -1, 0], [1, 0, 0], [0, 0, 1]]),
}
_ACROSS = np.diag([1, -1, -1])  # the two-fold axis along a, of a right-angled lattice
_SWAPPED = np.array([[0, 1, 0], [1, 0, 0], [0, 0, -1]])  # along a + b, of any lattice
_CYCLED = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
# The generators, on a basis in which they are integral.
GENERATORS = {
    "1": [_ONE],
    "-1": [_INVERSION],
    "2": [_TURNS[2]],
    "m": [-_TURNS[2]],
    "2/m": [_TURNS[2], _INVERSION],
    "222": [_TURNS[2], _ACROSS],
    "mm2": [_TURNS[2], -_ACROSS],
    "mmm": [_TURNS[2], _ACROSS, _INVERSION],
    "4": [_TURNS[4]],
    "-4": [-_TURNS[4]],
    "4/m": [_TURNS[4], _INVERSION],
    "422": [_TURNS[4], _ACROSS],
    "4mm": [_TURNS[4], -_ACROSS],
    "-42m": [-_TURNS[4], _ACROSS],
    "4/mmm": [_TURNS[4], _ACROSS, _INVERSION],
    "3": [_TURNS[3]],
    "-3": [_TURNS[3], _INVERSION],
    "321": [_TURNS[3], _SWAPPED],
    "3m1": [_TURNS[3], -_SWAPPED],
    "-3m1": [_TURNS[3], _SWAPPED, _INVERSION],
    "6": [_TURNS[6]],
    "-6": [-_TURNS[6]],
    "6/m": [_TURNS[6], _INVERSION],
    "622": [_TURNS[6], _SWAPPED],
    "6mm": [_TURNS[6], -_SWAPPED],
    "-6m2": [-_TURNS[6], _SWAPPED],
    "6/mmm": [_TURNS[6], _SWAPPED, _INVERSION],
    "23": [_TURNS[2], _CYCLED],
    "m-3": [_TURNS[2], _CYCLED, _INVERSION],
    "432": [_TURNS[4], _CYCLED],
    "-43m": [-_TURNS[4], _CYCLED],
    "m-3m": [_TURNS[4], _CYCLED, _INVERSION],
}  # fmt: skip


def elements(name):
    """All matrices of a class, by multiplying."""
    known = {_ONE.tobytes(): _ONE}
    waiting = [_ONE]
    for here, generator in ((h, g) for h in waiting for g in GENERATORS[name]):
        there = generator @ here
        if there.tobytes() not in known:
            known[there.tobytes()] = there
            waiting.append(there)
    return list(known.values())


def symmetric(form, size):
    """The form of a symmetric power."""
    return {"symmetric_power": [form, size]}


def tensors(vector, determinant):
    """The kinds of property tensors, as input and output."""
    stress = symmetric(vector, 2)
    pseudovector = {"tensor": [determinant, vector]}
    return {
        "polarisation": (vector, "trivial"),
        "magnetisation": (pseudovector, "trivial"),
        "dielectric": (stress, "trivial"),
        "second_rank": (vector, vector),
        "gyration": (stress, determinant),
        "piezoelectric": (stress, vector),
        "third_rank": ({"power": [vector, 2]}, vector),
        "magnetoelectric": (pseudovector, vector),
        "hall": ({"exterior_power": [vector, 2]}, pseudovector),
        "elastic": (symmetric(stress, 2), "trivial"),
        "photoelastic": (stress, stress),
        "electrostriction": (stress, stress),
        "fourth_rank": ({"power": [vector, 2]}, {"power": [vector, 2]}),
        "elastic_third_order": (symmetric(stress, 3), "trivial"),
        "elastic_fourth_order": (symmetric(stress, 4), "trivial"),
        "piezoelectric_nonlinear": (symmetric(stress, 2), vector),
        "second_harmonic": (stress, vector),
        "third_harmonic": (symmetric(vector, 3), vector),
    }


def dimensions(name):
    """The dimension of each kind by the traces of all elements, of these integer matrices alone.

    The trace of g on S^k is a coefficient of 1 / det(1 - t g): Molien's series.
    """
    matrices = elements(name)
    values = [_characters(g) for g in matrices]
    totals = {kind: sum(value[kind] for value in values) for kind in values[0]}
    assert all(total % len(matrices) == 0 for total in totals.values())
    return {kind: total // len(matrices) for kind, total in totals.items()}


def _characters(g):
    v, d = int(np.trace(g)), round(np.linalg.det(g))
    powers = [np.linalg.matrix_power(g, k) for k in range(5)]
    stresses = [_on_symmetric(p) for p in powers]
    s2, l2 = int(np.trace(stresses[1])), (v * v - int(np.trace(powers[2]))) // 2
    s = [_complete([int(np.trace(m)) for m in stresses], k) for k in range(5)]
    cubes = _complete([int(np.trace(m)) for m in powers], 3)
    return {
        "polarisation": v, "magnetisation": d * v, "dielectric": s2, "second_rank": v * v,
        "gyration": d * s2, "piezoelectric": v * s2, "third_rank": v**3,
        "magnetoelectric": d * v * v, "hall": d * v * l2, "elastic": s[2],
        "photoelastic": s2 * s2, "electrostriction": s2 * s2,
        "fourth_rank": v**4, "elastic_third_order": s[3], "elastic_fourth_order": s[4],
        "piezoelectric_nonlinear": v * s[2], "second_harmonic": v * s2, "third_harmonic": v * cubes,
    }  # fmt: skip


def _on_symmetric(g):
    """The matrix of g on x_i x_j, i <= j, by substitution."""
    pairs = [(i, j) for i, j in product(range(3), repeat=2) if i <= j]
    table = np.zeros((6, 6), dtype=int)
    for column, (i, j) in enumerate(pairs):
        for a, b in product(range(3), repeat=2):
            table[pairs.index((min(a, b), max(a, b))), column] += g[a, i] * g[b, j]
    return table


def _complete(sums, size):
    """The complete symmetric function of the eigenvalues, from their power sums (Newton)."""
    found = [1]
    for k in range(1, size + 1):
        found.append(sum(found[k - i] * sums[i] for i in range(1, k + 1)) // k)
    return found[size]
