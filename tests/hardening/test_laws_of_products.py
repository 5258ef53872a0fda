"""Laws of dimensions over random products of products."""

import pytest
from hypothesis import given

from intertwine.hom.rules import RULES, basis
from intertwine.hom.rules import dimension as counted
from tests.hardening import nested, random_groups
from tests.hardening.tally import examples, tried

pytestmark = pytest.mark.slow


@examples(120)
@given(nested.problems())
def test_factors_of_factors(problem):
    """Every rule, count and proof agrees with characters of all elements, listed apart."""
    whole, source, target = problem
    expected = nested.dimension(whole, source, target)
    space = random_groups.solve(whole, source, target)
    assert space.order == whole.order
    assert space.dimension == expected
    assert random_groups.hom(whole, source, target) == expected
    for rule in RULES:
        if rule.refusal(space.source, space.target) is None:
            assert rule.solve(space.source, space.target, basis).dimension == expected, rule.name
    assert counted(space.source, space.target) == expected
    assert space.verify().second.value == expected
    tried()
