"""Channels that are no whole numbers from 1 up are refused by every kind of emitted layer."""

import numpy as np
import pytest

from intertwine import solve

BASE = {"name": "layer_of_test", "output": "points"}
FIELDS = {"fields": {"a": "points", "b": "trivial"}}
KINDS = {
    "tables": {"group": {"cyclic": 5}, "input": "points"},
    "any size": {"group": {"symmetric": 4}, "input": "points"},
    "matrices": {"group": {"cyclic": 5}, "input": {"irrep": 1}},
    "a convolution": {"group": {"grid": {"shape": [6, 6]}}, "input": "pixels", "output": "pixels",
                      "layer": {"support": {"radius": 1}}},
    "fields": {"group": {"cyclic": 5}, "input": FIELDS, "output": FIELDS},
    "fields of any size": {"group": {"symmetric": 4}, "input": FIELDS, "output": FIELDS},
    "fields and matrices": {"group": {"cyclic": 5}, "input": {"fields": {"a": {"irrep": 1}}},
                            "output": FIELDS},
    "channels last": {"group": {"cyclic": 5}, "input": "points",
                      "layer": {"layout": "channels_last"}},
}  # fmt: skip
WRONG = (-1, 0, 2.5, 3.0, True, None, "3", [3], np.float64(2), np.bool_(True))


@pytest.mark.parametrize("kind", KINDS)
def test_channels_are_whole_numbers_from_1_up(kind):
    space = solve({**BASE, **KINDS[kind]})
    assert space.layer(np.int64(2), 3).extra_repr()
    for wrong in WRONG:
        for given in ((wrong, 3), (2, wrong)):
            with pytest.raises(
                ValueError, match="channels, expected a whole number from 1 up"
            ) as error:
                space.layer(*given)
            assert "\n" not in str(error.value)


def test_channels_of_fields_are_whole_numbers_from_1_up():
    space = solve({**BASE, **KINDS["fields"]})
    space.layer({"a": 1, "b": 2}, {"a": 3, "b": 4})
    for wrong in WRONG:
        with pytest.raises(ValueError, match="expected a whole number from 1 up"):
            space.layer({"a": 1, "b": wrong}, 2)
    with pytest.raises(ValueError, match="given channels for"):
        space.layer({"a": 1}, 2)


def test_channels_without_end_are_refused_by_torch():
    for wrong in (10**30, 2**62):
        with pytest.raises((RuntimeError, TypeError, OverflowError)):
            solve({**BASE, **KINDS["tables"]}).layer(wrong, 3)
