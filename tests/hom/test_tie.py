"""Words that tie entries: shortest, right, and there exactly where an orbital is shared."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.action.action import Declared
from intertwine.group.named import symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.space import IntertwinerSpace
from intertwine.hom.tie import Letter, PairSearch, Word
from tests.solved import solved

CASES = ("maron_2_1", "chsh", "antisymmetric_matrices", "weight_space", "necklace", "odd_functions",
         "cube_vertices_to_edges", "negacyclic")  # fmt: skip


def distances(space, start):
    """How many letters it takes to every signed entry, by a plain search with dense matrices."""
    target, source = space.target, space.source
    steps = []
    for row, column in zip(target.generators, source.generators, strict=True):
        steps += [(row, column), (row.inverse(), column.inverse())]
    known, queue = {(*start, 1): 0}, deque([(*start, 1)])
    while queue:
        j, i, sign = queue.popleft()
        for row, column in steps:
            signs = [int(g.signs[p]) if g.signed else 1 for g, p in ((row, j), (column, i))]
            image = (int(row.images[j]), int(column.images[i]), sign * signs[0] * signs[1])
            if image not in known:
                known[image] = known[j, i, sign] + 1
                queue.append(image)
    return known


def check(space, first, second):
    search, known = PairSearch(space.source, space.target), distances(space, first)
    tie = search.tie(first, second)
    lengths = [known[(*second, sign)] for sign in (1, -1) if (*second, sign) in known]
    assert (tie is None) == (not lengths)
    if tie is not None:
        assert len(tie.word.letters) == len(tie.steps) == min(lengths)
        assert known[(*second, tie.sign)] == min(lengths)
        (j, i), sign = first, 1
        for letter, entry, so_far in tie.steps:
            row, column = (
                side.generators[letter.generator].inverse()
                if letter.inverse
                else side.generators[letter.generator]
                for side in (space.target, space.source)
            )
            for g, p in ((row, j), (column, i)):
                sign *= int(g.signs[p]) if g.signed else 1
            j, i = int(row.images[j]), int(column.images[i])
            assert (entry, so_far) == ((j, i), sign)
        assert (j, i) == second
    zero = search.contradiction(first)
    assert (zero is None) == ((*first, -1) not in known)
    if zero is not None:
        assert len(zero.steps) == known[(*first, -1)]


@pytest.mark.parametrize("name", CASES)
def test_words_are_the_shortest_and_follow_the_orbitals(name):
    space = solved(name)
    dice = np.random.default_rng(0)
    for _ in range(12):
        first, second = (
            (int(dice.integers(space.target.dimension)), int(dice.integers(space.source.dimension)))
            for _ in range(2)
        )
        check(space, first, second)
        tied = PairSearch(space.source, space.target).tie(first, second)
        codes = space.codes
        if codes[first]:
            assert (tied is not None) == (abs(codes[first]) == abs(codes[second]))
            assert tied is None or tied.sign == np.sign(codes[first]) * np.sign(codes[second])


@given(st.data())
def test_words_in_random_signed_groups(data):
    degree = data.draw(st.integers(1, 4))
    images = st.permutations(range(degree))
    signs = st.lists(st.sampled_from((-1, 1)), min_size=degree, max_size=degree)
    group = symmetric(4)
    action = Declared(
        group,
        tuple(SignedPermutation.of(data.draw(images), data.draw(signs)) for _ in group.generators),
    )
    entries = st.tuples(st.integers(0, degree - 1), st.integers(0, degree - 1))
    space = IntertwinerSpace(action, action, "nullspace")
    check(space, data.draw(entries), data.draw(entries))


def test_a_word_is_printed_as_a_product_whose_last_letter_acts_first():
    a, b = Letter("a", 0, False), Letter("b", 1, True)
    assert str(Word(())) == "1"
    assert str(Word((a, a, b, b, a))) == "a^2 b^-2 a"
    turn, swap = SignedPermutation.of([1, 2, 0]), SignedPermutation.of([1, 0, 2])
    image = Word((a, b)).image([turn, swap], 3)
    assert image.images.tolist() == [2, 1, 0]  # swap first: 0 -> 1 -> 2
