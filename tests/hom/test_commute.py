"""Whether matrices commute: exactly, by two ways of multiplying, and nothing forged passes."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.sparse import csr_array

from intertwine.action.structure import power
from intertwine.errors import CertificateError, TooLargeError
from intertwine.hom import commute
from intertwine.hom.basis import Basis
from intertwine.hom.certify import certify
from intertwine.hom.commute import defect, generator_matrices, stack_defect
from intertwine.hom.fibre import Fibred
from tests import oracle
from tests.action.samples import points
from tests.action.test_matrices import (
    D5,
    D6,
    HALVES,
    HEXAGONAL,
    INDUCED,
    Q8,
    S4,
    SKEW,
    TURNED,
    natural,
)

PAIRS = {
    "induced": (INDUCED, power(points(S4), 2)),
    "halves": (HALVES, HEXAGONAL),
    "quaternions": (Q8, Q8),
    "plane": (natural(D5), power(points(D5), 2)),
    "skew": (SKEW, SKEW),
    "turned": (TURNED, TURNED),
    "halves of halves": (power(HALVES, 2), power(HALVES, 2)),
}


@dataclass(frozen=True, eq=False)
class Given(Basis):
    """A basis with any entries."""

    table: object
    exact: bool

    @property
    def rational(self):
        return self.exact

    def make_stack(self):
        return csr_array(self.table)

    def orthonormal(self):
        return csr_array(np.linalg.qr(self.stack.toarray().T)[0].T)


def given(found, table):
    return Given(found.rows, found.columns, len(table), table, found.rational)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("limit", [0.0, 2.0], ids=["dense", "sparse"])
def test_bases_commute_however_they_are_multiplied(name, limit, monkeypatch):
    monkeypatch.setattr(commute, "_DENSE", limit)
    source, target = PAIRS[name]
    found = Fibred.between(source, target)
    worst = stack_defect(found, source, target)
    assert worst == 0 if found.rational else worst < 1e-10


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("limit", [0.0, 2.0], ids=["dense", "sparse"])
def test_one_wrong_entry_is_told_by_its_size(name, limit, monkeypatch):
    """The defect of random integer matrices is that of their dense products."""
    monkeypatch.setattr(commute, "_DENSE", limit)
    source, target = PAIRS[name]
    found = Fibred.between(source, target)
    table = np.random.default_rng(0).integers(-2, 3, size=(3, found.rows * found.columns))
    worst = stack_defect(given(found, table), source, target)
    scale = source.denominator * target.denominator if found.rational else 1
    expected = max(
        np.abs(t.toarray() @ m - m @ s.toarray()).max()
        for m in table.reshape(3, found.rows, found.columns)
        for t, s in generator_matrices(source, target)
    )
    assert worst == pytest.approx(scale * expected, rel=1e-12)
    assert worst == pytest.approx(
        scale * max(defect(m, source, target) for m in table.reshape(3, found.rows, found.columns))
    )


@pytest.mark.parametrize("name", PAIRS)
def test_parts_of_a_stack_miss_nothing(name, monkeypatch):
    monkeypatch.setattr(commute, "_BLOCK", 1)
    source, target = PAIRS[name]
    found = Fibred.between(source, target)
    assert stack_defect(found, source, target) < (1e-300 if found.rational else 1e-10)
    table = found.stack.toarray()
    table[-1, 0] += 1
    assert stack_defect(given(found, table), source, target) > 0.1


@pytest.mark.parametrize("name", PAIRS)
def test_a_tampered_basis_has_no_certificate(name):
    source, target = PAIRS[name]
    found = Fibred.between(source, target)
    assert certify(source, target, found).second.value == found.dimension
    table = found.stack.toarray()
    for place in (0, table.shape[1] - 1):
        wrong = table.copy()
        wrong[0, place] += 1
        if oracle_commutes(source, target, wrong[0]):
            continue
        with pytest.raises(CertificateError, match="does not commute"):
            certify(source, target, given(found, wrong))
    with pytest.raises(CertificateError, match="by its basis and"):
        certify(source, target, given(found, table[1:]))
    with pytest.raises(CertificateError, match="by its basis and"):
        certify(source, target, given(found, np.concatenate([table, table[:1]])))


def oracle_commutes(source, target, row):
    shape = target.dimension, source.dimension
    return defect(row.reshape(shape), source, target) < 1e-9


def test_a_little_off_is_refused_in_reals():
    source, target = PAIRS["plane"]
    found = Fibred.between(source, target)
    table = found.stack.toarray()
    assert "residual" in certify(source, target, found).basis
    table[0, np.flatnonzero(table[0])[0]] += 1e-7
    with pytest.raises(CertificateError, match="does not commute"):
        certify(source, target, given(found, table))


def test_integers_that_float64_does_not_hold_are_refused():
    found = Fibred.between(Q8, Q8)
    with pytest.raises(TooLargeError, match="beyond 2\\^53"):
        stack_defect(given(found, found.stack.toarray() * 2**53), Q8, Q8)


@pytest.mark.parametrize("action", [HALVES, SKEW, Q8, natural(D6)], ids=str)
def test_generators_have_the_matrices_of_the_oracle(action):
    for (left, right), expected in zip(
        generator_matrices(action, action), oracle.rounded(action), strict=True
    ):
        assert np.abs(left.toarray() - expected).max() < 1e-15
        assert np.abs(right.toarray() - expected).max() < 1e-15
