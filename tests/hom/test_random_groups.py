"""Laws of Hom over random groups of signed permutations, and the pair graph as a slow twin."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from intertwine.action.action import Declared, Trivial
from intertwine.action.structure import Sum
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.orbital import Effort, orbital_codes
from intertwine.hom.rules import dimension
from intertwine.hom.stream import streamed_dimension


@st.composite
def actions(draw, count=2):
    generators = draw(st.integers(1, 3))
    group = Group("G", tuple("abc"[:generators]), {})
    made = []
    for _ in range(count):
        degree = draw(st.integers(1, 6))
        images = [draw(st.permutations(range(degree))) for _ in range(generators)]
        sign = st.lists(st.sampled_from([1, -1]), min_size=degree, max_size=degree)
        listed = tuple(SignedPermutation.of(image, draw(sign)) for image in images)
        made.append(Declared(group, listed))
    return made


def sign_of(image, point):
    return 1 if image.signs is None else image.signs[point]


def pair_graph_dimension(source, target):
    """Components of the signed double cover of the pair graph that split in two."""
    n, m = source.dimension, target.dimension
    starts, ends = [], []
    for t, s in zip(target.generators, source.generators, strict=True):
        for j in range(m):
            for i in range(n):
                flip = sign_of(t, j) * sign_of(s, i) < 0
                image = 2 * (t.images[j] * n + s.images[i])
                starts += [2 * (j * n + i), 2 * (j * n + i) + 1]
                ends += [image + flip, image + 1 - flip]
    graph = coo_matrix((np.ones(len(starts)), (starts, ends)), shape=(2 * n * m, 2 * n * m))
    _, label = connected_components(graph, directed=False)
    return len({min(a, b) for a, b in zip(label[::2], label[1::2], strict=True) if a != b})


@settings(max_examples=150, deadline=None)
@given(actions())
def test_every_count_is_that_of_the_pair_graph(pair):
    source, target = pair
    expected = pair_graph_dimension(source, target)
    assert int(orbital_codes(source, target).max(initial=0)) == expected
    assert int(orbital_codes(source, target, Effort(0, 1)).max(initial=0)) == expected
    assert dimension(source, target) == expected
    assert streamed_dimension(source, target) == expected


@settings(max_examples=80, deadline=None)
@given(actions(count=3))
def test_dimensions_add_over_sums_and_are_symmetric(three):
    a, b, c = three
    both = Sum(a.group, (a, b))
    assert dimension(both, c) == dimension(a, c) + dimension(b, c)
    assert dimension(a, b) == dimension(b, a)
    assert dimension(Trivial(a.group), c) == dimension(c, Trivial(a.group))
