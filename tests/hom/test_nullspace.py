"""The nullspace rule against eliminations in other arithmetic."""

import numpy as np
import pytest
from sympy import Matrix

from intertwine.action.action import Declared, SetAction, Trivial
from intertwine.errors import CertificateError, SpecError, TooLargeError
from intertwine.group.group import Group
from intertwine.group.named import cyclic, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.hom import nullspace
from intertwine.hom.nullspace import (
    LARGEST_SYSTEM,
    PRIME,
    commutes,
    constraints,
    modular_nullspace,
    nullity_bound,
    nullspace_codes,
    why_not_nullspace,
)
from intertwine.hom.space import IntertwinerSpace
from intertwine.limits import limited_to
from tests import oracle
from tests.catalogue import built, smaller_than


def sides(problem):
    return oracle.signed(problem.target), oracle.signed(problem.source)


def shape(problem):
    return problem.target.dimension, problem.source.dimension


@pytest.mark.parametrize("case", smaller_than(400), ids=str)
def test_codes_and_bound_are_the_nullity_over_the_rationals(case):
    problem = built(case.name)
    nullity = oracle.nullity(*sides(problem), *shape(problem))
    assert nullity == case.dimension
    assert nullity_bound(problem.source, problem.target) == nullity
    codes = nullspace_codes(problem.source, problem.target)
    assert np.array_equal(codes, oracle.orbital_codes(*sides(problem), *shape(problem)))


@pytest.mark.parametrize("case", [c for c in smaller_than(50) if c.order < 130], ids=str)
def test_the_average_over_the_group_has_that_rank(case):
    problem = built(case.name)
    target, source = sides(problem)
    if not target:
        assert case.dimension == case.entries
        return
    assert oracle.reynolds_rank(target, source) == case.dimension
    assert oracle.character_dimension(target, source) == case.dimension


@pytest.mark.parametrize("case", smaller_than(40), ids=str)
def test_the_modular_basis_is_sympy_s(case):
    problem = built(case.name)
    rows, columns = shape(problem)
    found = modular_nullspace(constraints(problem.source, problem.target), rows * columns)
    lifted = np.where(found > PRIME // 2, found - PRIME, found)
    target, source = sides(problem)
    dense = [
        np.kron(oracle.matrix(t), np.eye(columns, dtype=int))
        - np.kron(np.eye(rows, dtype=int), oracle.matrix(s).T)
        for t, s in zip(target, source, strict=True)
    ]
    stacked = Matrix(np.concatenate(dense)) if dense else Matrix.zeros(1, rows * columns)
    expected = [np.array(vector.T.tolist()[0], dtype=int) for vector in stacked.nullspace()]
    assert len(lifted) == len(expected) == case.dimension
    both = [*lifted.tolist(), *(vector.tolist() for vector in expected)]
    assert Matrix(both).rank() == case.dimension if both else True


def test_constraints_say_what_they_should():
    """Each row (a, b, sign) is `T[a] = sign T[b]`, true of every intertwiner and of no other."""
    problem = built("axes_squared")
    rows = constraints(problem.source, problem.target)
    codes = IntertwinerSpace(problem.source, problem.target).codes.ravel().astype(int)
    assert len(rows) == len(problem.group.generators) * len(codes)
    assert np.array_equal(codes[rows[:, 0]], rows[:, 2] * codes[rows[:, 1]])
    wrong = codes.copy()
    wrong[0] += 1
    assert not np.array_equal(wrong[rows[:, 0]], rows[:, 2] * wrong[rows[:, 1]])


def test_no_generators_leave_no_constraints():
    problem = built("no_symmetry")
    assert len(constraints(problem.source, problem.target)) == 0
    assert nullspace_codes(problem.source, problem.target).tolist() == [
        [1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12],
    ]  # fmt: skip
    assert nullity_bound(problem.source, problem.target) == 12


@pytest.mark.parametrize("case", smaller_than(700), ids=str)
def test_commutes_tells_bases_from_other_arrays(case):
    problem = built(case.name)
    codes = IntertwinerSpace(problem.source, problem.target).codes.astype(np.int64)
    assert commutes(codes, problem.source, problem.target)
    if case.dimension == case.entries:
        return
    spoiled = codes.copy()
    row, column = np.argwhere(np.bincount(np.abs(codes).ravel())[np.abs(codes)] > 1)[0]
    spoiled[row, column] = case.dimension + 1
    assert not commutes(spoiled, problem.source, problem.target)


def test_commutes_sees_a_wrong_sign():
    problem = built("negacyclic")
    codes = IntertwinerSpace(problem.source, problem.target).codes
    assert commutes(codes, problem.source, problem.target)
    assert not commutes(np.abs(codes), problem.source, problem.target)


def test_a_bound_from_sketches_is_never_too_small():
    """With more rows than unknowns the rows are added up at random: the rank can only fall."""
    problem = built("exchangeable_3")
    assert len(constraints(problem.source, problem.target)) > 2 * 24 * 24
    assert nullity_bound(problem.source, problem.target) == 8


def test_systems_beyond_the_limit_are_refused():
    points = SetAction(cyclic(60), "points")
    assert points.dimension**2 > LARGEST_SYSTEM
    assert "3600 unknowns pass 3000" in why_not_nullspace(points, points)
    with pytest.raises(SpecError, match="3600 unknowns"):
        IntertwinerSpace(points, points, "nullspace")
    with limited_to(10_000), pytest.raises(TooLargeError):
        nullspace_codes(SetAction(cyclic(20), "points"), SetAction(cyclic(20), "points"))


def test_a_nullspace_that_is_no_basis_of_indicators_is_a_failed_certificate(monkeypatch):
    points = SetAction(symmetric(3), "points")
    whole = modular_nullspace(constraints(points, points), 9)
    mixed = np.stack([whole[0] + whole[1], whole[1]])
    for wrong in (mixed, np.eye(9, dtype=np.int64)[:2]):
        monkeypatch.setattr(nullspace, "modular_nullspace", lambda rows, unknowns, w=wrong: w)
        with pytest.raises(CertificateError, match="bug in intertwine"):
            nullspace_codes(points, points)


def test_elements_without_signs_on_one_side_and_with_on_the_other():
    group = Group("<a>", ("a",), {})
    turn = Declared(group, (SignedPermutation.of([1, 0]),))
    flip = Declared(group, (SignedPermutation.of([1, 0], [-1, -1]),))
    for source, target in ((turn, flip), (flip, turn), (flip, flip), (Trivial(group), flip)):
        codes = nullspace_codes(source, target)
        assert np.array_equal(codes, IntertwinerSpace(source, target).codes)
