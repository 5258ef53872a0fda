"""One nullspace of a small group: over random conjugates, with many primes, and none forged."""

from fractions import Fraction
from math import gcd

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.action.matrices import Matrices
from intertwine.action.structure import power
from intertwine.action.tuples import SymmetricPower
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import Modulus
from intertwine.errors import CertificateError, TooLargeError
from intertwine.group.named import cyclic
from intertwine.hom import local
from intertwine.hom.fibration import Fibration
from intertwine.hom.fibre import Fibred, orbitals
from intertwine.hom.local import LocalSpace, SmallGroup, integer_basis, local_space, real_basis
from tests import oracle
from tests.action.samples import declared
from tests.action.test_matrices import D5, HALVES, Q8, natural

SLOPES = st.fractions(-4, 4, max_denominator=5)


def conjugate(action, change):
    """The same action in another basis, by its columns."""
    inverse = np.array(_inverse(change), dtype=object)
    listed = []
    for element in oracle.signed(action):
        rows = inverse @ oracle.matrix(element).astype(object) @ np.array(change, dtype=object)
        listed.append(ExactMatrix.parsed([[str(Fraction(x)) for x in row] for row in rows]))
    return Matrices(action.group, tuple(listed))


def _inverse(rows):
    n = len(rows)
    table = [[*row, *(Fraction(i == j) for j in range(n))] for i, row in enumerate(rows)]
    for column in range(n):
        pivot = next(i for i in range(column, n) if table[i][column])
        table[column], table[pivot] = table[pivot], table[column]
        table[column] = [x / table[column][column] for x in table[column]]
        for i in range(n):
            if i != column:
                factor = table[i][column]
                table[i] = [x - factor * y for x, y in zip(table[i], table[column], strict=True)]
    return [row[n:] for row in table]


@st.composite
def conjugated(draw, most=4, count=2):
    """Random signed permutations in random bases, and as they were."""
    made = draw(declared(count=count, most=most))
    moved = []
    for action in made:
        n = action.dimension
        lower = [[draw(SLOPES) if j < i else Fraction(i == j) for j in range(n)] for i in range(n)]
        scale = draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)]))
        change = [[scale * x for x in row] for row in lower[:1]] + lower[1:]
        moved.append(conjugate(action, [list(c) for c in zip(*change, strict=True)]))
    return made, moved


@settings(max_examples=60)
@given(conjugated())
def test_dimensions_are_exact_nullities_in_every_basis(both):
    (source, target), (s, t) = both
    rows, columns = target.dimension, source.dimension
    expected = oracle.nullity(oracle.signed(target), oracle.signed(source), rows, columns)
    assert Fibred.between(s, t).dimension == expected
    assert oracle.matrix_nullspace(s, t) == expected


@settings(max_examples=40)
@given(conjugated(most=3))
def test_integer_bases_are_echelon_coprime_and_commute(both):
    source, target = both[1]
    basis = Fibred.between(source, target)
    stack = basis.stack.toarray()
    sides = [[[[Fraction(str(x(0))) for x in row] for row in m.rows] for m in side.listed]
             for side in (target, source)]  # fmt: skip
    for row in stack:
        assert gcd(*row.tolist()) == 1 and row[np.flatnonzero(row)[0]] > 0
        element = np.array([[Fraction(int(x)) for x in r] for r in row.reshape(basis.rows, -1)])
        for left, right in zip(*sides, strict=True):
            assert (np.array(left) @ element == element @ np.array(right)).all()
    pivots = [int(np.flatnonzero(row)[0]) for row in stack]
    assert pivots == sorted(set(pivots))
    assert (np.count_nonzero(stack[:, pivots], axis=0) == 1).all()


@settings(max_examples=30)
@given(conjugated(most=3))
def test_spinning_finds_what_elimination_finds(both):
    source, target = both[1]
    fibration = Fibration(source, target)
    (orbital,) = orbitals(fibration)
    shape = target.dimension, source.dimension
    modulus = fibration.modulus(0)
    if orbital.group.order == 1:
        return
    pairs = orbital.group.generators(modulus)
    echelon, pivots = local.spun_space(pairs, shape, modulus)
    assert np.array_equal(pivots, orbital.space.pivots)
    assert np.array_equal(echelon, orbital.space.echelon)


def mirrored(numerator, denominator):
    """A reflection of the plane in a skew basis, with a large fraction in its matrix."""
    slope = f"{numerator}/{denominator}"
    return ExactMatrix.parsed([[1, slope], [0, -1]])


@pytest.mark.parametrize("size", [1, 10**3, 10**4, 10**6, 10**7])
def test_large_fractions_need_several_primes(size):
    """An intertwiner with the diagonal reflection has the slope for an entry: it is lifted."""
    group = cyclic(2)
    straight = Matrices(group, (ExactMatrix.integral([[1, 0], [0, -1]]),))
    skew = Matrices(group, (mirrored(2 * size + 1, 2 * size + 3),))
    basis = Fibred.between(straight, skew)
    assert basis.dimension == 2
    first, second = basis.stack.toarray().reshape(2, 2, 2)
    # The eigenvectors of the skew one are e_1 and the slope e_1 - 2 e_2.
    assert first.tolist() == [[1, 0], [0, 0]]
    assert second.tolist() == [[0, 2 * size + 1], [0, -2 * (2 * size + 3)]]


def test_numbers_beyond_float64_are_refused():
    group = cyclic(2)
    straight = Matrices(group, (ExactMatrix.integral([[1, 0], [0, -1]]),))
    skew = Matrices(group, (mirrored(10**11 + 3, 10**11 + 9),))
    with pytest.raises(TooLargeError, match="beyond 2\\^53"):
        Fibred.between(straight, skew).stack  # noqa: B018


def test_fractions_of_no_size_to_be_told_are_refused_as_large():
    group = cyclic(2)
    shear = Matrices(group, (ExactMatrix.integral([[1, 10**6], [0, -1]]),))
    powers = (SymmetricPower(group, shear, size) for size in (5, 4))
    with pytest.raises(TooLargeError, match="beyond 2\\^53"):
        Fibred.between(*powers).stack  # noqa: B018


def test_a_trivial_stabilizer_of_a_large_fibre_is_refused_before_its_identity_matrix():
    group = SmallGroup(1, 1, lambda scalars: [], lambda: iter(()))
    with pytest.raises(TooLargeError, match="all maps of a fibre of 1 x 1000000"):
        local_space(group, (1, 10**6), Modulus.below(1))


def test_real_bases_are_those_of_averages_and_of_constraints(monkeypatch):
    """The two ways to a real basis, of fibres below and beyond the size of one elimination."""
    both = power(natural(D5), 2)  # 1 + sign + the other plane
    fibration = Fibration(both, both)
    (orbital,) = orbitals(fibration)
    one = real_basis(orbital.group, orbital.space)
    monkeypatch.setattr(local, "_LARGEST_REAL_ELIMINATION", 0)
    other = real_basis(orbital.group, orbital.space)
    assert len(one) == 3 and np.abs(one - other).max() < 1e-12
    monkeypatch.setattr(local, "_MOST_AVERAGED", 0)
    with pytest.raises(TooLargeError, match="real basis"):
        real_basis(orbital.group, orbital.space)


def local_problem(source, target):
    fibration = Fibration(source, target)
    (orbital,) = orbitals(fibration)
    return orbital.group, orbital.space, fibration


def test_a_wrong_dimension_has_no_real_basis(monkeypatch):
    plane = natural(D5)
    group, space, _ = local_problem(plane, plane)
    forged = LocalSpace(space.shape, np.arange(2), np.zeros((2, 4), np.int64), space.modulus)
    for most in (local._LARGEST_REAL_ELIMINATION, 0):
        monkeypatch.setattr(local, "_LARGEST_REAL_ELIMINATION", most)
        with pytest.raises(CertificateError):
            real_basis(group, forged)


def test_residues_that_are_no_intertwiner_are_not_lifted():
    group, space, fibration = local_problem(Q8, Q8)
    wrong = space.echelon.copy()
    wrong[0, -1] = (wrong[0, -1] + 1) % space.modulus.prime
    forged = LocalSpace(space.shape, space.pivots, wrong, space.modulus)
    with pytest.raises(CertificateError, match="no small fractions"):
        integer_basis(group, forged, fibration.modulus)


def test_a_prime_with_later_pivots_is_left_out():
    group, space, fibration = local_problem(HALVES, HALVES)
    forged = LocalSpace(space.shape, space.pivots + 1, space.echelon * 0 + 1, space.modulus)
    found = integer_basis(group, forged, fibration.modulus)
    assert np.array_equal(found, integer_basis(group, space, fibration.modulus))


def test_too_many_unknowns_are_refused():
    group = SmallGroup(2, 1, lambda scalars: [], lambda scalars: iter(()))
    with pytest.raises(TooLargeError, match="401 x 400"):
        local_space(group, (401, 400), Modulus.below(1))


def test_everything_commutes_with_nothing():
    group = SmallGroup(1, 1, lambda scalars: [], lambda scalars: iter(()))
    space = local_space(group, (2, 3), Modulus.below(1))
    assert space.dimension == 6 and np.array_equal(real_basis(group, space), np.eye(6))
    assert np.array_equal(integer_basis(group, space, Modulus.below), np.eye(6))
