"""Plans of any size: which specs have one, its order of weights, and its first variances."""

import warnings
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from intertwine import CoincidenceWarning, solve
from intertwine.plan.nodes import Plan
from intertwine.plan.strategy.diagrams import SizePlan, bell, cells_of
from tests.partitions import matrix, points_averaged, strings
from tests.solved import ANY_SIZE, TABLED, solved

normalized = pytest.mark.parametrize("normalize", ["mean", "sum"])
named = pytest.mark.parametrize("name", ANY_SIZE)
FOUR = {"symmetric": 4}
EDGES = {"power": ["points", 2]}


def plan_of(source, target, group=FOUR, **layer):
    return solve(
        {"name": "sizes", "group": group, "input": source, "output": target, "layer": layer}
    ).plan


# First weights


def variance(plan, target, correlated=False):
    """The expected variance at each point of an output's moved axes, times no channels, exactly.

    Inputs are independent of unit variance, or `correlated`: equal at all points that are moved.
    Each weight's variance is `variances[d] / channels`.
    """
    axes = plan.outputs[target]
    outer = [axes.sizes[a] for a in axes.moved]
    total = np.zeros(int(np.prod(outer, dtype=int)), dtype=object) + Fraction(0)
    for block in plan.blocks:
        if block.target != target:
            continue
        source = plan.inputs[block.source]
        sizes = outer + [source.sizes[a] for a in source.moved]
        for string, of_weight in zip(block.strings, block.variances, strict=True):
            entries = matrix(string, sizes).reshape(len(total), -1)
            squared = entries.sum(axis=1) ** 2 if correlated else (entries**2).sum(axis=1)
            over = points_averaged(string, len(outer), sizes) if plan.mean else 1
            total = total + squared * (source.copies * of_weight / over**2)
    return total


@normalized
@named
def test_correlated_weights_keep_the_size_of_equal_inputs(name, normalize):
    plan = solved(name, normalize=normalize, init="correlated").plan
    for target in plan.outputs:
        found = variance(plan, target, correlated=True)
        assert sum(found) == len(found)
        assert Fraction(1, 2) <= min(found)
        assert max(found) <= 2


@normalized
@named
def test_first_weights_give_unit_variance_on_average_and_nearly_so_everywhere(name, normalize):
    plan = solved(name, normalize=normalize).plan
    for target in plan.outputs:
        found = variance(plan, target)
        assert all(isinstance(value, Fraction) for value in found)
        assert sum(found) == len(found)
        assert Fraction(1, 2) <= min(found)
        assert max(found) <= 2


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("points", {"power": ["points", 3]}),
        (EDGES, {"power": ["points", 3]}),
        ({"power": ["points", 3]}, EDGES),
        ("points", {"tensor": ["points", {"trivial": 3}, "points"]}),
        ({"tensor": ["points", {"trivial": 5}]}, {"trivial": 2}),
    ],
)
@pytest.mark.parametrize("degree", [1, 2, 3, 6])
@normalized
def test_it_does_at_every_size(source, target, degree, normalize):
    plan = plan_of(source, target, {"symmetric": degree}, normalize=normalize)
    found = variance(plan, "output")
    assert sum(found) == len(found)
    assert Fraction(1, 2) <= min(found)
    assert max(found) <= 2


@pytest.mark.parametrize(
    ("degree", "said"), [(2, "n = 2 is below 4: diagrams of more than 2 blocks"), (4, "")]
)
def test_what_depends_on_what_is_warned_of(degree, said, recwarn):
    pairs = {"power": ["points", 2]}
    group = {"symmetric": degree}
    space = solve({"name": "small", "group": group, "input": pairs, "output": pairs})
    assert space.plan.coincidence.startswith(said)
    assert bool(space.plan.coincidence) == bool(said)
    warnings.simplefilter("always")
    space.layer(1, 1)
    found = [w for w in recwarn if w.category is CoincidenceWarning]
    assert [str(w.message) for w in found] == ([space.plan.coincidence] if said else [])


def test_only_the_factor_that_is_small_is_warned_of():
    group = {"product": {"users": {"symmetric": 1}, "movies": {"symmetric": 5}}}
    table = {"tensor": ["users", "movies"]}
    plan = solve({"name": "t", "group": group, "input": table, "output": table}).plan
    assert plan.least == {"users": 2, "movies": 2}
    assert plan.coincidence.startswith("users = 1 is below 2: ")
    assert "movies" not in plan.coincidence


def test_first_variances_of_sets():
    assert plan_of("points", "points").blocks[0].variances == (Fraction(1, 2), Fraction(2))
    summed = plan_of("points", "points", normalize="sum")
    assert summed.blocks[0].variances == (Fraction(1, 2), Fraction(1, 8))


def test_a_sum_is_a_mean_with_its_weights_scaled():
    for name in ("maron_2_2", "social_network"):
        mean, summed = (solved(name, normalize=way).plan for way in ("mean", "sum"))
        for one, other in zip(mean.blocks, summed.blocks, strict=True):
            source, target = mean.inputs[one.source], mean.outputs[one.target]
            sizes = [axes.sizes[a] for axes in (target, source) for a in axes.moved]
            for d, string in enumerate(one.strings):
                over = points_averaged(string, len(target.names), sizes)
                assert one.variances[d] == other.variances[d] * over**2


# Weights by levels


@named
def test_the_order_by_levels_has_every_row_once(name):
    plan = solved(name).plan
    for block in plan.blocks:
        assert sorted(block.order) == list(range(block.rows))
        source, target = plan.inputs[block.source], plan.outputs[block.target]
        assert list(block.strings) == strings(target.names + source.names)
        assert block.copies == (target.copies, source.copies)
        assert len(block.variances) == len(block.strings)


IMAGES = {"tensor": [{"trivial": 2}, EDGES]}, {"tensor": ["points", {"trivial": 3}, "points"]}


@pytest.mark.parametrize("name", [*ANY_SIZE, "images"])
def test_the_order_is_that_of_the_mixes(name):
    plan = plan_of(*IMAGES) if name == "images" else solved(name).plan
    own = dict(zip(plan.outputs, dict(plan.program.results), strict=True))
    for block in plan.blocks:
        out, into = block.copies
        source = block.source if plan.labels.fields else "x"
        starts = [0]
        for mix in plan.program.mixes:
            cells = cells_of(mix, own[block.target], source)
            starts.append(starts[-1] + sum(map(len, cells)) * out * into)
        for mix, (start, stop) in zip(plan.program.mixes, pairwise(starts), strict=True):
            cells = np.array(cells_of(mix, own[block.target], source), dtype=int)
            if cells.size:
                numbers = np.array(block.order[start:stop]).reshape(
                    cells.shape[0], out, cells.shape[1], into
                )
                assert (numbers // (out * into) == cells[:, None, :, None]).all()
                assert (numbers // into % out == np.arange(out)[:, None, None]).all()
                assert (numbers % into == np.arange(into)).all()
        assert starts[-1] == block.rows


def test_it_says_how_diagrams_are_mixed():
    assert str(solved("maron_2_2").plan) == "maron_2_2: 15 diagrams, mixed by levels as 4, 9, 2"
    assert str(solved("deepsets").plan) == "deepsets: 2 diagrams, mixed by levels as 1, 1"


# Which specs have one


def test_every_spec_has_one_or_a_table():
    assert all(isinstance(solved(name).plan, SizePlan) for name in ANY_SIZE)
    for name in ("circulant", "johnson", "signnet", "symmetric_matrices", "ravanbakhsh"):
        assert name in TABLED
        assert isinstance(solved(name).plan, Plan)


@pytest.mark.parametrize(
    ("group", "source", "target"),
    [
        ({"cyclic": 4}, "points", "points"),
        ({"alternating": 5}, "points", "points"),
        (FOUR, "points", "sign"),
        (FOUR, {"exterior_power": ["points", 2]}, "points"),
        # No input has the size of what the output's axis is.
        (FOUR, "trivial", "points"),
        ({"product": {"u": FOUR, "m": FOUR}}, "u", {"tensor": ["u", "m"]}),
        # Its inputs have names that the emitted forward needs.
        (FOUR, {"fields": {"mask": "points", "edge": EDGES}}, "points"),
        (FOUR, {"fields": {"mask": "points", "edge": EDGES}}, "points"),
        (FOUR, {"fields": {"list": "points", "edge": EDGES}}, "points"),
    ],
)
def test_others_have_a_table(group, source, target):
    assert isinstance(plan_of(source, target, group), Plan)


def test_sizes_may_be_read_from_different_inputs():
    group = {"product": {"u": FOUR, "m": {"symmetric": 3}}}
    plan = plan_of({"fields": {"a": "u", "b": "m"}}, {"tensor": ["m", "u"]}, group)
    assert isinstance(plan, SizePlan)
    assert plan.sizes == {"u": 4, "m": 3}
    assert [block.strings for block in plan.blocks] == [((0, 1, 1), (0, 1, 2)),
                                                        ((0, 1, 0), (0, 1, 2))]  # fmt: skip


def test_bell_numbers():
    assert [bell(axes) for axes in range(8)] == [1, 1, 2, 5, 15, 52, 203, 877]
