"""From spaces to plans: unit variance in fractions, walks, meanings, refusals."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import intertwine
from intertwine import SpecError, TooLargeError, solve
from intertwine.action.action import Trivial
from intertwine.limits import limited_to
from intertwine.numerals import many
from intertwine.plan.lower import MOST_ENTRIES, refuse_large
from tests.solved import TABLED, solved

SETS = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
# 4-transitive, so that it has the maps of S_6 on four axes; but no layer of every size.
EVEN = {"alternating": 6}


def changed(**parts):
    return solve({**SETS, **parts})


@pytest.mark.parametrize("name", TABLED)
def test_unit_variance_at_every_point_that_is_reached(name):
    """Var(w_k) is 1 / (fan_k in_channels): the variance at j is sum_k ||row_j T_k||^2 / fan_k."""
    plan = solved(name).plan
    for field in plan.outputs:
        expected = [Fraction(0)] * field.points
        for block in plan.blocks:
            if block.target == field.name:
                for code in np.unique(np.abs(block.codes))[np.unique(np.abs(block.codes)) > 0]:
                    rows = (np.abs(block.codes) == code).sum(axis=1)
                    for point in np.flatnonzero(rows):
                        expected[point] += Fraction(int(rows[point]), block.fans[code - 1])
        assert set(expected) <= {Fraction(0), Fraction(1)}
        assert [plan.variance(field, point) for point in range(field.points)] == expected


@pytest.mark.parametrize("name", TABLED)
def test_correlated_weights_keep_the_size_of_equal_inputs(name):
    """For x equal at all points the variance at j is sum_k (row_j T_k summed)^2 / fan_k."""
    independent = solved(name).plan
    sides = product(independent.inputs, independent.outputs)
    if all(source.signed or target.signed for source, target in sides):
        with pytest.raises(SpecError, match="init: correlated, where the group changes signs"):
            solved(name, init="correlated").plan  # noqa: B018
        return
    plan = solved(name, init="correlated").plan
    fields = {field.name: field for field in (*plan.inputs, *plan.outputs)}
    for field in plan.outputs:
        expected = [Fraction(0)] * field.points
        signed = field.signed
        for block, other in zip(plan.blocks, independent.blocks, strict=True):
            if block.target != field.name:
                continue
            signed |= fields[block.source].signed
            if signed:
                assert block.fans == other.fans
            for code in range(1, block.dimension + 1):
                rows = (np.abs(block.codes) == code).sum(axis=1)
                for point in np.flatnonzero(rows):
                    expected[point] += Fraction(int(rows[point]) ** 2, block.fans[code - 1])
        assert signed or set(expected) <= {Fraction(0), Fraction(1)}


def test_unreached_points_have_variance_zero():
    space = solved("no_pseudovector")
    assert space.dimension == 0
    assert {space.plan.variance(f, p) for f in space.plan.outputs for p in range(f.points)} == {0}
    pool = changed(input="trivial", output={"sum": ["points", "sign"]})
    (field,) = pool.plan.outputs
    assert [pool.plan.variance(field, point) for point in range(5)] == [1, 1, 1, 1, 0]


def test_every_input_shares_the_variance_of_an_output():
    fields = {"fields": {"node": "points", "edge": {"power": ["points", 2]}}}
    plan = changed(group=EVEN, input=fields, output=fields).plan
    (diagonal,) = {block.fans for block in plan.blocks if (block.target, block.source) ==
                   ("node", "node")}  # fmt: skip
    # 7 maps reach a node: 2 from nodes, 5 from edges; their rows have 1 and 5 entries.
    assert diagonal == (7 * 1, 7 * 5)


@pytest.mark.parametrize("name", TABLED)
def test_the_plan_says_what_the_space_is(name):
    space = solved(name)
    plan = space.plan
    assert plan.dimension == space.dimension
    assert plan.bias_dimension == space.bias_dimension
    assert sum(field.points for field in plan.inputs) == space.source.dimension
    assert sum(field.points for field in plan.outputs) == space.target.dimension
    assert plan.generators == space.problem.group.generators
    for side, fields in ((space.source, plan.inputs), (space.target, plan.outputs)):
        for number, image in enumerate(side.generators):
            rows = np.concatenate([np.abs(field.generators[number]) for field in fields])
            signs = np.concatenate([np.sign(field.generators[number]) for field in fields])
            offsets = np.cumsum([0, *(field.points for field in fields)])
            starts = np.repeat(offsets[:-1], np.diff(offsets))
            np.testing.assert_array_equal(rows - 1 + starts, image.images)
            assert (signs == (1 if image.signs is None else image.signs)).all()
    assert many(space.dimension, "coefficient") in str(plan).removeprefix(f"{plan.labels.name}: ")


@pytest.mark.parametrize("name", TABLED)
def test_every_basis_element_has_a_meaning_that_is_true(name):
    plan = solved(name).plan
    targets = {field.name: field for field in plan.outputs}
    sources = {field.name: field for field in plan.inputs}
    for block in plan.blocks:
        assert len(block.meanings) == min(block.dimension, 64)
        assert len(set(block.meanings)) == len(block.meanings)
        for k, meaning in enumerate(block.meanings):
            if "<-" not in meaning:
                continue
            places, size = meaning.rsplit(", ", 1)
            row, column = (np.atleast_1d(eval(place)) for place in places.split(" <- "))
            flat = (np.ravel_multi_index(row, targets[block.target].shape),
                    np.ravel_multi_index(column, sources[block.source].shape))  # fmt: skip
            count = int((np.abs(block.codes) == k + 1).sum())
            assert block.codes[flat] == k + 1
            assert size == f"{count} {'entry' if count == 1 else 'entries'}"


def test_meanings_by_hand():
    pairs = {"power": ["points", 2]}
    (block,) = changed(group=EVEN, input="points", output=pairs).plan.blocks
    assert block.meanings[:2] == ("o0=o1=i0", "o0=o1 | i0")
    plan = changed(group={"cyclic": 3}).plan
    assert plan.blocks[0].meanings == tuple(f"0 <- {i}, 3 entries" for i in range(3))
    assert plan.biases[0].meanings == ("the orbit of 0, 3 points",)
    pooled = changed(group=EVEN, output="trivial").plan
    assert pooled.biases[0].meanings == ("the orbit of 0, 1 point",)


def test_a_walk_stands_where_the_table_is_large():
    for size, walks in ((64, False), (65, True)):
        layer = {"strategy": "expand"}
        (block,) = changed(group={"cyclic": size}, layer=layer).plan.blocks
        assert (block.walk is not None) == walks


def test_a_table_is_plain_where_it_holds_coefficients_as_they_are():
    assert changed(group=EVEN).plan.blocks[0].plain
    assert not solved("vectors").plan.blocks[0].plain
    assert not solved("no_pseudovector").plan.blocks[0].plain
    assert not solved("no_pseudovector").plan.biases[0].plain


def test_a_matrix_that_is_too_large_is_refused_before_it_is_made():
    triples = {"power": ["points", 3]}
    space = changed(group={"alternating": 1000}, input=triples, output=triples)
    assert space.dimension == 203
    with pytest.raises(TooLargeError, match=r"1000000000 x 1000000000 entries.*--no-emit"):
        _ = space.plan
    factored = changed(group={"symmetric": 1000}, input=triples, output=triples)
    assert str(factored.plan).startswith("sets: 203 diagrams")
    circle = changed(group={"cyclic": 100}, layer={"strategy": "expand"})
    with limited_to(100_000), pytest.raises(TooLargeError, match=r"100 x 100 entries .* 234.4 KiB"):
        _ = circle.plan
    assert len(circle.plan.blocks) == 1


def test_the_largest_matrix_that_is_emitted():
    group = intertwine.solve({**SETS, "group": {"trivial": 1}}).source.group

    one, most, more = (Trivial(group, size) for size in (1, MOST_ENTRIES, MOST_ENTRIES + 1))
    refuse_large([(most, one)])
    refuse_large([])
    with pytest.raises(TooLargeError, match="its full matrix of 1 x 33554433 entries"):
        refuse_large([(more, one)])
    with pytest.raises(TooLargeError, match="2 full matrices, of 1 x 33554432, 1 x 1 entries"):
        refuse_large([(most, one), (one, one)])


def test_all_blocks_that_expand_count():
    sides = {"a": {"exterior_power": ["points", 2]}, "b": "points"}
    fields = {"fields": sides}
    with pytest.raises(TooLargeError, match="3 full matrices, of 7260 x 7260, 121 x 7260"):
        _ = changed(group={"alternating": 121}, input=fields, output=fields).plan


def test_where_axes_end_a_map_is_counted_without_what_they_cut_off():
    support = {"support": {"radius": 1}, "boundary": "zeros"}
    plan = changed(group={"cyclic": 5}, input="points", output="points", layer=support).plan
    assert plan.blocks[0].meanings == (
        "0 <- 0, 5 entries",
        "0 <- 1, 4 entries",
        "1 <- 0, 4 entries",
    )
