"""Isotypic components: multiplicities and types that the literature knows, and Schur's lemma."""

import numpy as np
import pytest

from intertwine.action.metric import invariant_form
from intertwine.errors import CertificateError
from intertwine.hom import isotypic
from intertwine.hom.commute import generator_matrices
from intertwine.hom.isotypic import isotypic_components, isotypic_table, paired
from intertwine.hom.rules import basis
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec

TETRAHEDRON = {"polyhedron": {"name": "tetrahedron", "reflections": True}}
ICOSAHEDRON = {"polyhedron": {"name": "icosahedron", "reflections": True}}
QUATERNIONS = {"i": [2, -1, 4, -3], "j": [3, -4, -1, 2]}
ATOM = {"cosets": {"subgroup": ["(2 5)(3 4)(6 10)(7 9)"]}}
# Group, action, and (degree, type, multiplicity) of its components, from the literature.
KNOWN = {
    "methane": (  # Wilson, Decius and Cross 1955: A1 + E + T1 + 3 T2
        TETRAHEDRON, {"sum": [{"tensor": ["vertices", "vector"]}, "vector"]},
        [(1, "real", 1), (2, "real", 1), (3, "real", 1), (3, "real", 3)],
    ),
    "fullerene": (  # Dresselhaus et al. 1996, Table 4.1, and the rotations and translations
        ICOSAHEDRON, {"tensor": [ATOM, "vector"]},
        [(1, "real", 1), (1, "real", 2), *[(3, "real", k) for k in (4, 4, 5, 5)],
         (4, "real", 6), (4, "real", 6), (5, "real", 7), (5, "real", 8)],
    ),
    "pairs": (  # Young's rule for M(n-2,1,1) and M(n-1,1)
        {"symmetric": 6}, {"power": ["points", 2]},
        [(1, "real", 2), (5, "real", 3), (9, "real", 1), (10, "real", 1)],
    ),
    "standard squared": (  # Fulton and Harris, Exercise 4.19
        {"symmetric": 6}, {"power": ["standard", 2]},
        [(1, "real", 1), (5, "real", 1), (9, "real", 1), (10, "real", 1)],
    ),
    "regular C_5": (
        {"cyclic": 5}, "regular", [(1, "real", 1), (2, "complex", 1), (2, "complex", 1)]
    ),
    "regular Q_8": (  # Serre, 13.2: one quaternionic plane of degree 4
        {"generators": {"i": "(0 1 2 3)(4 5 6 7)", "j": "(0 4 2 6)(1 7 3 5)"}}, "regular",
        [(1, "real", 1)] * 4 + [(4, "quaternionic", 1)],
    ),
    "quaternions": (
        {"generators": ["i", "j"]}, {"signed_permutations": QUATERNIONS}, [(4, "quaternionic", 1)]
    ),
    "a skew basis": (
        {"symmetric": 4}, {"symmetric_power": [{"dual": "standard"}, 2]},
        [(1, "real", 1), (2, "real", 1), (3, "real", 1)],
    ),
    "a wedge": ({"symmetric": 5}, {"exterior_power": ["standard", 2]}, [(6, "real", 1)]),
}  # fmt: skip


def built(group, source, target=None):
    spec = {"name": "one", "group": group, "input": source, "output": target or source}
    problem = build_actions(load_spec(spec))
    return problem.source, problem.target


def components(action):
    return isotypic_components(action, basis(action, action))


@pytest.mark.parametrize("name", KNOWN)
def test_multiplicities_and_types_are_those_known(name):
    group, given, expected = KNOWN[name]
    action, _ = built(group, given)
    found = [(c.degree, c.type, c.multiplicity) for c in components(action)]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", KNOWN)
def test_the_form_is_invariant_and_positive(name):
    action, _ = built(*KNOWN[name][:2])
    form = invariant_form(action)
    assert np.linalg.eigvalsh(form)[0] > 0
    for matrix, _ in generator_matrices(action, action):
        np.testing.assert_allclose(matrix @ form @ matrix.T.toarray(), form, atol=1e-9)


@pytest.mark.parametrize("name", KNOWN)
def test_aligned_copies_are_intertwined_by_their_algebra(name):
    action, _ = built(*KNOWN[name][:2])
    for component in components(action):
        for copy, form in zip(component.copies, component.forms[::-1], strict=True):
            for element in component.algebra:
                whole = copy @ element @ form.T
                for matrix, _ in generator_matrices(action, action):
                    np.testing.assert_allclose(matrix @ whole, whole @ matrix, atol=1e-8)


def test_copies_and_forms_are_dual():
    action, _ = built({"symmetric": 5}, {"power": [{"dual": "standard"}, 2]})
    found = components(action)
    copies = np.concatenate([copy for c in found for copy in c.copies], axis=1)
    forms = np.concatenate([form for c in found for form in c.forms], axis=1)
    np.testing.assert_allclose(forms.T @ copies, np.eye(16), atol=1e-9)


def test_components_of_two_sides_are_matched():
    source, target = built({"symmetric": 5}, {"power": ["points", 2]}, {"power": ["standard", 2]})
    sides = components(source), components(target)
    rows = isotypic_table(*sides, basis(source, target))
    shown = {(r.degree, r.source, r.target, r.maps) for r in rows}
    assert shown == {(1, 2, 1, 2), (4, 3, 1, 3), (5, 1, 1, 1), (6, 1, 1, 1)}
    assert sum(r.maps for r in rows) == basis(source, target).dimension == 7


def test_what_does_not_add_up_is_refused():
    action, _ = built({"symmetric": 5}, {"power": ["points", 2]})
    fewer = basis(action, build_actions(load_spec({
        "name": "one", "group": {"symmetric": 5}, "input": "points", "output": "points",
    })).target)  # fmt: skip
    with pytest.raises((CertificateError, ValueError)):
        isotypic_components(action, fewer)
    other = basis(*built({"symmetric": 4}, {"power": ["points", 2]}))
    with pytest.raises((CertificateError, ValueError)):
        isotypic_components(action, other)
    sides = components(action), components(action)
    with pytest.raises(CertificateError, match="where there are"):
        paired(sides[0][:-1], sides[1], basis(action, action))


def test_close_eigenvalues_do_not_pass_for_one(monkeypatch):
    """Where all eigenvalues count as one, the degrees cannot add up."""
    action, _ = built({"symmetric": 5}, {"power": ["points", 2]})
    monkeypatch.setattr(isotypic, "_APART", 10.0)
    with pytest.raises((CertificateError, KeyError)):
        components(action)


def test_two_irreducibles_do_not_pass_for_one_of_complex_type(monkeypatch):
    """On two points C_2 has 1 + sign: taken for one component, degrees and maps still add up."""
    action, _ = built({"cyclic": 2}, "points")
    found = isotypic._eigenspaces
    monkeypatch.setattr(
        isotypic,
        "_eigenspaces",
        lambda maps: ([np.concatenate(found(maps)[0], axis=1)], found(maps)[1]),
    )
    with pytest.raises(CertificateError, match="not irreducible"):
        components(action)
