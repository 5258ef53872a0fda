"""The named systems: dimension, bias, order and certificate are what the literature says."""

import pytest

from tests.catalogue import BY_NAME, CASES, built, solved


@pytest.mark.parametrize("case", CASES, ids=str)
def test_published_numbers(case):
    space = solved(case.name)
    assert (space.dimension, space.bias_dimension) == (case.dimension, case.bias)
    assert space.order == case.order
    assert space.codes.shape == (space.target.dimension, space.source.dimension)
    assert case.source


@pytest.mark.parametrize("case", CASES, ids=str)
def test_certificates(case):
    space = solved(case.name)
    certificate = space.certificate
    assert certificate.dimension == case.dimension
    assert "tested against" in certificate.basis
    assert certificate.second.value == case.dimension


def test_the_catalogue_is_named_once_and_has_every_kind():
    assert len(BY_NAME) == len(CASES)
    assert any(case.dimension == 0 for case in CASES)
    assert any(case.bias == 0 for case in CASES)
    problems = [built(case.name) for case in CASES]
    assert (
        {p.source.signed for p in problems} == {p.target.signed for p in problems} == {True, False}
    )
    rules = {solved(case.name).rule for case in CASES}
    assert rules == {"trivial", "sums", "products", "partitions", "orbitals", "signs"}
