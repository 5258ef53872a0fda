"""The orbital rule against connected components of the full graph, also with too little luck."""

import numpy as np
import pytest

from intertwine.errors import CertificateError, TooLargeError
from intertwine.group.permutation import SignedPermutation
from intertwine.hom import orbital
from intertwine.hom.certify import certify
from intertwine.hom.orbital import Effort, orbital_codes
from intertwine.hom.pattern import Listed
from intertwine.limits import limited_to
from tests import oracle
from tests.catalogue import BY_NAME, built, smaller_than

FLIPPED = [-1 if k in (3, 17) else 1 for k in range(40)]
EFFORTS = [Effort(0, 0), Effort(0, 1), Effort(1, 1), Effort()]
SMALL = smaller_than(30_000)


def expected(problem):
    """The oracle's codes, from image lists alone."""
    source, target = problem.source, problem.target
    sides = oracle.signed(target), oracle.signed(source)
    return oracle.orbital_codes(*sides, target.dimension, source.dimension)


@pytest.mark.parametrize("case", smaller_than(3_000_000), ids=str)
def test_codes_are_the_components_numbered_by_first_entries(case):
    problem = built(case.name)
    found = orbital_codes(problem.source, problem.target)
    assert np.array_equal(found, expected(problem))


@pytest.mark.parametrize("effort", EFFORTS, ids=str)
@pytest.mark.parametrize("case", SMALL, ids=str)
def test_any_effort_gives_the_same_codes(case, effort):
    problem = built(case.name)
    found = orbital_codes(problem.source, problem.target, effort)
    assert np.array_equal(found, orbital_codes(problem.source, problem.target))
    assert int(found.max(initial=0)) == case.dimension


def unclosed(monkeypatch):
    """Leave the closing test out."""
    monkeypatch.setattr(orbital, "closed", lambda codes, count, generators: codes)


@pytest.mark.parametrize(
    "name", ["maron_5", "johnson", "hamming", "antisymmetric_matrices", "axes_squared", "totals"]
)
def test_without_elements_and_closing_test_every_entry_of_a_row_is_free(name, monkeypatch):
    case, problem = BY_NAME[name], built(name)
    unclosed(monkeypatch)
    codes = orbital_codes(problem.source, problem.target, Effort(0, 0))
    images = oracle.signed(problem.target)
    rows = len(oracle.orbits(images, problem.target.dimension))
    assert int(codes.max()) == rows * problem.source.dimension > case.dimension


@pytest.mark.parametrize("effort", [Effort(0, 0), Effort(0, 1), Effort(1, 1)], ids=str)
def test_a_certificate_notices_that_the_closing_test_was_left_out(effort, monkeypatch):
    unclosed(monkeypatch)
    wrong = []
    for case in SMALL:
        problem = built(case.name)
        codes = orbital_codes(problem.source, problem.target, effort)
        if int(codes.max(initial=0)) == case.dimension:
            assert np.array_equal(codes, expected(problem))
            continue
        wrong.append(case.name)
        with pytest.raises(CertificateError):
            certify(problem.source, problem.target, Listed.of(codes))
    assert len(wrong) > 10, "the closing test was hardly needed: these cases prove nothing"


def test_one_pass_of_the_closing_test_merges_chains_of_ties():
    """Codes 1 ~ 2 ~ 3 ~ ... by a rotation, and then one of them with its own negative."""
    size = 50
    shift = SignedPermutation.of([*range(1, size), 0])
    still, flip = SignedPermutation.identity(1), SignedPermutation.of([0], [-1])
    codes = np.arange(1, size + 1, dtype=np.int8)[None]
    assert orbital.closed(codes.copy(), size, [(still, shift)]).tolist() == [[1] * size]
    everything = SignedPermutation.identity(size)
    tied = [(still, shift), (flip, everything)]
    assert not orbital.closed(codes.copy(), size, tied).any()
    assert not orbital.closed(codes.copy(), size, tied[::-1]).any()


@pytest.mark.parametrize("moved", [1, 2, 30])
def test_the_closing_test_looks_at_entries_whose_row_or_column_alone_is_moved(moved):
    """An element that moves few points is tested on few entries, and none may be forgotten."""
    cycle = SignedPermutation.of([*np.roll(np.arange(moved + 1), -1), *range(moved + 1, 40)])
    sides = [cycle, SignedPermutation.identity(40), SignedPermutation.of(range(40), FLIPPED)]
    for target in sides:
        for source in sides:
            codes = np.arange(1, 1601, dtype=np.int16).reshape(40, 40)
            plain = [
                (g.images.tolist(), (g.signs if g.signed else np.ones(40, int)).tolist())
                for g in (target, source)
            ]
            found = orbital.closed(codes, 1600, [(target, source)])
            assert np.array_equal(found, oracle.orbital_codes(*([g] for g in plain), 40, 40))


def test_codes_take_the_smallest_integers():
    problem = built("network_4")
    assert orbital_codes(problem.source, problem.target).dtype == np.int8
    problem = built("group_convolution")
    assert orbital_codes(problem.source, problem.target).dtype == np.int8
    problem = built("triples_4")
    assert orbital_codes(problem.source, problem.target).dtype == np.int16


@pytest.mark.parametrize("name", ["maron_5", "cross_product"])
def test_the_same_problem_gives_the_same_bytes(name):
    problem = built(name)
    first, second = (orbital_codes(problem.source, problem.target) for _ in range(2))
    assert first.tobytes() == second.tobytes() and first.dtype == second.dtype


def test_an_array_beyond_the_limit_is_refused_before_it_is_made():
    problem = built("triples_6")
    with limited_to(40_000), pytest.raises(TooLargeError, match="intertwine count"):
        orbital_codes(problem.source, problem.target)
