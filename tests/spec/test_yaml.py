"""YAML as plain data: values, the line of each, and anchors that are used decently."""

import math
import time

import pytest

from intertwine.errors import SpecError
from intertwine.spec.yaml import MOST_DEPTH, MOST_VALUES, read_yaml

TEXT = """\
# a comment
name: sets      # another

group:
  product:
    users: {symmetric: 3}
    movies:
      symmetric: 4
input: [users,
        {power: [movies, 2]}]
"""


def test_values_and_lines():
    document = read_yaml(TEXT)
    assert document.data == {
        "name": "sets",
        "group": {"product": {"users": {"symmetric": 3}, "movies": {"symmetric": 4}}},
        "input": ["users", {"power": ["movies", 2]}],
    }
    assert document.lines == {
        (): 2, ("name",): 2, ("group",): 4, ("group", "product"): 5,
        ("group", "product", "users"): 6, ("group", "product", "users", "symmetric"): 6,
        ("group", "product", "movies"): 7, ("group", "product", "movies", "symmetric"): 8,
        ("input",): 9, ("input", 0): 9, ("input", 1): 10, ("input", 1, "power"): 10,
        ("input", 1, "power", 0): 10, ("input", 1, "power", 1): 10,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("-3", -3), ("+3", 3), ("0", 0), ("1" * 3000, int("1" * 3000)),
        ("1.5", 1.5), ("1e3", 1000.0), ("1e999", math.inf),
        (".inf", math.inf), ("-.inf", -math.inf),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        *((word, word) for word in ("yes", "no", "off", "y", "none", "None", "p4m", "<<", "=")),
        ("1:30", "1:30"), ("2024-01-01", "2024-01-01"), ("(0 1 2)", "(0 1 2)"), ("[]", []),
        ("'12'", "12"), ('"a\\tb"', "a\tb"), ("{}", {}), ("|\n  a\n  b\n", "a\nb\n"),
    ],
)  # fmt: skip
def test_scalars(text, value):
    assert read_yaml(f"key: {text}").data == {"key": value}


def test_not_a_number_is_read_as_such():
    assert math.isnan(read_yaml("[.nan]").data[0])


@pytest.mark.parametrize("change", [
    lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"),
    lambda text: "%YAML 1.2\n---\n" + text, lambda text: "---\n" + text + "...\n",
])  # fmt: skip
def test_ways_to_write_the_same(change):
    assert read_yaml(change(TEXT)).data == read_yaml(TEXT).data


def test_an_anchor_may_be_used_often():
    document = read_yaml("a: &size {symmetric: 3}\nb: *size\nc:\n- *size\n- &size 4\n- *size\n")
    three = {"symmetric": 3}
    assert document.data == {"a": three, "b": three, "c": [three, 4, 4]}
    assert document.lines["b",] == 2
    assert document.lines["c", 1] == 5


def test_depth_and_number_are_bounded_quickly():
    assert read_yaml("[" * (MOST_DEPTH - 1) + "]" * (MOST_DEPTH - 1)).data
    started = time.perf_counter()
    with pytest.raises(SpecError, match="nested at most 40 deep"):
        read_yaml("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1))
    with pytest.raises(SpecError, match=f"at most {MOST_VALUES} values"):
        read_yaml("a: &a [" + "1, " * 999 + "]\nb: [" + "*a, " * 999 + "]\n")
    assert time.perf_counter() - started < 5


def test_an_image_list_of_ten_thousand_points_is_welcome():
    assert read_yaml(f"a: [{', '.join(map(str, range(10_000)))}]").data["a"][-1] == 9999
