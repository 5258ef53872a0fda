"""Short inputs that would take for ever, if what they say were computed as it stands."""

import pytest

from intertwine.algebra.expression import parse_number
from intertwine.algebra.field import RealField
from intertwine.errors import IntertwineError
from tests.hardening.clock import within
from tests.hardening.tally import tried

TOWERS = {
    "powers": "^".join(["1"] * 39),
    "powers of powers": "(" * 30 + "1" + "^1)" * 30,
    "roots": "sqrt(" * 30 + "1" + ")" * 30,
    "roots and powers": "1^sqrt(" * 18 + "1" + ")" * 18,
    "signs": "-" * 39 + "1",
    "sums": "+".join(["1"] * 39),
    "quotients": "/".join(["2"] * 39),
    "angles": "cos(" + "-" * 35 + "pi)",
}


@pytest.mark.parametrize("case", TOWERS)
def test_towers_of_operations(case):
    """Towers of powers, roots and signs as deep as a text may be: their value, at once."""
    with within(60):
        try:
            number = parse_number(TOWERS[case])
        except IntertwineError as error:
            assert "nested" in str(error)
        else:
            field = RealField(number.conductor)
            found = field.real(number.value(field))
            assert found == {"sums": 39, "quotients": 2.0**-37, "signs": -1, "angles": -1}.get(
                case, 1
            )
    tried(1, "texts")
