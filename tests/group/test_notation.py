"""Permutations as people write them, and what they are told when they mistype."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, SpecError, TooLargeError
from intertwine.group.notation import parse_permutation, parse_signed
from intertwine.group.permutation import SignedPermutation
from intertwine.limits import limited_to

permutations = st.integers(1, 12).flatmap(lambda n: st.permutations(range(n)))


@given(permutations, st.integers(0, 1), st.sampled_from([" ", ",", " , "]))
def test_lists_and_cycles_say_the_same(images, base, comma):
    g = SignedPermutation.of(images)
    cycles = "".join(f"({comma.join(str(p + base) for p in cycle)})" for cycle in g.cycles())
    shifted = [image + base for image in images]
    for value in (shifted, np.array(shifted, np.int32), np.array(shifted, np.uint64)):
        assert parse_permutation(value, base=base).images.tolist() == list(images)
    assert parse_permutation(cycles or "()", len(images), base).images.tolist() == list(images)


@given(permutations, st.data())
def test_signed_lists(images, data):
    signs = data.draw(
        st.lists(st.sampled_from([-1, 1]), min_size=len(images), max_size=len(images))
    )
    value = [s * (i + 1) for i, s in zip(images, signs, strict=True)]
    for form in (value, np.array(value)):
        g = parse_signed(form)
        assert g.images.tolist() == list(images)
        assert g.matrix().sum(axis=0).tolist() == signs
        assert g.signed == (-1 in signs)


def test_cycles_infer_the_degree_only_when_it_is_not_given():
    assert parse_permutation("(0 1)(2 4)").images.tolist() == [1, 0, 4, 3, 2]
    assert parse_permutation("(0 1)", 4).images.tolist() == [1, 0, 2, 3]
    assert parse_permutation("(1 2)", base=1).images.tolist() == [1, 0]
    assert parse_permutation(" ( 0 1 ) ( 2 )\n").images.tolist() == [1, 0, 2]
    assert parse_permutation("()", 3).is_identity()


@pytest.mark.parametrize(
    ("value", "keywords", "words"),
    [
        ([0, 0, 1], {}, ["[0, 0, 1]", "0 stands at places 0 and 1", "2 is missing"]),
        ([1, 1, 3], {"base": 1}, ["1 .. 3", "1 stands at places 1 and 2", "2 is missing"]),
        ([1, 2, 3], {}, ["0 .. 2", "`base: 1`"]),
        ([2, 1, 0], {"base": 1}, ["1 .. 3", "count from 0", "leave out `base: 1`"]),
        ([0, 5, 1], {}, ["image 5 at place 1", "0 .. 2"]),
        ([0, -1], {}, ["image -1 at place 1"]),
        ([0, 10**30], {}, ["far too large"]),
        (np.array([2**63 + 1, 0], np.uint64), {}, ["far too large"]),
        ([], {}, ["an empty list"]),
        ([0, 1], {"degree": 3}, ["a list of 2 images", "3 images"]),
        ([0, True], {}, ["True at place 1", "whole numbers"]),
        ([0.0, 1], {}, ["0.0 at place 0"]),
        ([[0, 1]], {}, ["[0, 1] at place 0"]),
        (["1", "0"], {}, ["at place 0"]),
        (np.array([0.0, 1.0]), {}, ["float64"]),
        (np.array([True, False]), {}, ["bool"]),
        (np.array([[0, 1]]), {}, ["shape (1, 2)"]),
        (np.array(0), {}, ["shape ()"]),
        (None, {}, ["None", "an image list"]),
        (7, {}, ["given 7"]),
        ({"a": 1}, {}, ["an image list"]),
        ([0, 1], {"base": 2}, ["base: 2", "0 or 1"]),
        ("", {}, ["begin with ( and end with )"]),
        ("(0 1", {}, ["begin with ( and end with )"]),
        ("0 1)", {}, ["begin with ( and end with )"]),
        ("(", {}, ["begin with ("]),
        ("(0 1) x", {}, ["begin with ("]),
        ("(0 1) x (2 3)", {}, ["is not a point"]),
        ("((0 1))", {}, ["is not a point"]),
        ("(0 -1)", {}, ["'-1' is not a point"]),
        ("(0 1.5)", {}, ["'1.5' is not a point"]),
        ("(0,,1)", {}, ["put one comma"]),
        ("(0 1,)", {}, ["put one comma"]),
        ("(0 \N{ARABIC-INDIC DIGIT ONE})", {}, ["is not a point"]),
        ("(0 1)(1 2)", {}, ["the point 1 more than once"]),
        ("(0 1 0)", {"degree": 4}, ["the point 0 more than once"]),
        ("(0 5)", {"degree": 3}, ["the point 5", "0 .. 2"]),
        ("(1 2 3)", {"degree": 3}, ["the point 3", "`base: 1`"]),
        ("(0 1)", {"degree": 3, "base": 1}, ["the point 0", "1 .. 3", "leave out `base: 1`"]),
        ("(0 " + "9" * 5000 + ")", {}, ["too large for a point"]),
        ("(0 1\n2", {}, [r"\n"]),
    ],
)
def test_faults_are_pinpointed_in_one_line(value, keywords, words):
    with pytest.raises(SpecError) as caught:
        parse_permutation(value, **keywords)
    text = str(caught.value)
    assert "\n" not in text and len(text) < 400
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("value", "degree", "words"),
    [
        ([1, 0, 2], None, ["the image 0 at place 2", "0 has no sign"]),
        ([1, -1], None, ["1 stands at places 1 and 2", "2 is missing"]),
        ([-3, 1], None, ["count from 1"]),
        ([1, 2], 3, ["a list of 2 images", "3 images"]),
        ("(1 2)", None, ["a signed image list"]),
        ([], None, ["an empty list"]),
        ([-1.0], None, ["-1.0 at place 1"]),
    ],
)
def test_signed_faults(value, degree, words):
    with pytest.raises(SpecError) as caught:
        parse_signed(value, degree)
    for word in words:
        assert word in str(caught.value)


def test_a_huge_point_allocates_nothing():
    with limited_to(10**9), pytest.raises(TooLargeError):
        parse_permutation("(0 99999999999999)")


def test_long_cycle_strings_are_read_in_linear_time():
    n = 200_000
    long = "(" + " ".join(map(str, range(n))) + ")"
    start = time.process_time()
    assert parse_permutation(long).images[-1] == 0
    for hostile in (
        "(" * 10**6,
        "(" + " " * 10**6,
        "()" * 10**6,
        "(" + "," * 10**6 + ")",
        ") " * 10**6,
    ):
        try:
            parse_permutation(hostile, 3)
        except SpecError as error:
            assert len(str(error)) < 400
    assert time.process_time() - start < 5


@given(st.text(alphabet="()0123456789 ,-\t\nx", max_size=30))
def test_any_text_is_a_permutation_or_a_refusal(text):
    try:
        g = parse_permutation(text, 10)
    except IntertwineError:
        return
    assert sorted(g.images.tolist()) == list(range(10))
