"""Set partitions: counted by Stirling numbers, listed by brute force, laid out by the oracle."""

import time

import numpy as np
import pytest

import intertwine
from intertwine.action.action import SetAction, Trivial
from intertwine.action.structure import Tensor, power
from intertwine.errors import TooLargeError
from intertwine.group.named import alternating, cyclic, dihedral, symmetric
from intertwine.group.product import direct_product
from intertwine.hom.partition import (
    SetPartitions,
    growth_strings,
    partition_count,
    partition_name,
    why_not_partitions,
)
from intertwine.hom.space import IntertwinerSpace
from intertwine.limits import limited_to
from tests import oracle

SIZES = range(8)


def tensors(group, inputs, outputs):
    points = SetAction(group, "points")
    return [power(points, k) if k else Trivial(group) for k in (inputs, outputs)]


def as_growth_string(partition, axes):
    """The brute-force partition with its blocks numbered as they appear."""
    block_of = {axis: min(block) for block in partition for axis in block}
    firsts = sorted(set(block_of.values()))
    return tuple(firsts.index(block_of[axis]) for axis in range(axes))


@pytest.mark.parametrize("axes", SIZES)
def test_counts_are_those_of_all_set_partitions(axes):
    partitions = oracle.set_partitions(axes)
    assert len(partitions) == oracle.bell(axes) == partition_count(axes, axes)
    for degree in range(1, 10):
        few = [partition for partition in partitions if len(partition) <= degree]
        assert partition_count(axes, degree) == len(few)


@pytest.mark.parametrize(
    ("axes", "value"), [(0, 1), (1, 1), (2, 2), (3, 5), (4, 15), (5, 52), (6, 203), (10, 115975)]
)
def test_bell_numbers(axes, value):
    assert partition_count(axes, 10**6) == value


@pytest.mark.parametrize("axes", SIZES)
@pytest.mark.parametrize("degree", [1, 2, 3, 7])
def test_growth_strings_are_all_partitions_in_lexicographic_order(axes, degree):
    strings = list(growth_strings(axes, degree))
    assert strings == sorted(set(strings))
    partitions = [p for p in oracle.set_partitions(axes) if len(p) <= degree]
    assert set(strings) == {as_growth_string(p, axes) for p in partitions}


@pytest.mark.parametrize(
    ("degree", "inputs", "outputs"),
    [(1, 2, 2), (2, 2, 2), (2, 3, 3), (3, 2, 3), (3, 3, 2), (4, 2, 2), (5, 2, 2), (4, 0, 3),
     (4, 3, 0), (7, 1, 1), (6, 1, 2), (2, 5, 1), (3, 0, 5)],
)  # fmt: skip
def test_codes_are_the_oracle_s(degree, inputs, outputs):
    source, target = tensors(symmetric(degree), inputs, outputs)
    assert why_not_partitions(source, target) is None
    found = SetPartitions.between(source, target)
    sides = oracle.signed(target), oracle.signed(source)
    expected = oracle.orbital_codes(*sides, degree**outputs, degree**inputs)
    assert np.array_equal(found.codes, expected)
    assert found.dimension == int(expected.max()) == partition_count(inputs + outputs, degree)


def test_the_first_entry_of_an_orbital_is_its_growth_string():
    source, target = tensors(symmetric(4), 2, 2)
    found = SetPartitions.between(source, target)
    for string, (row, column) in zip(found.strings(), found.firsts.tolist(), strict=True):
        assert (*divmod(row, 4), *divmod(column, 4)) == string


def test_a_thousand_points_cost_nothing(monkeypatch):
    """S_1000 from triples to triples has 10^18 entries, none of which is looked at."""
    monkeypatch.setattr(SetPartitions, "made", lambda self: pytest.fail("an array was made"))
    triples = {"power": ["points", 3]}
    spec = {
        "name": "triples", "group": {"symmetric": 1000}, "input": triples, "output": triples,
    }  # fmt: skip
    started = time.perf_counter()
    space, counted = intertwine.solve(spec), intertwine.count(spec)
    assert time.perf_counter() - started < 1.0
    assert space.dimension == counted.dimension == 203
    assert space.bias_dimension == counted.bias_dimension == 5
    assert space.rule == "partitions"


def test_a_thousand_points_are_refused_as_an_array():
    source, target = tensors(symmetric(1000), 3, 3)
    with limited_to(2**30), pytest.raises(TooLargeError, match="intertwine count"):
        _ = IntertwinerSpace(source, target).codes


@pytest.mark.parametrize(
    ("group", "axes", "applies"),
    [
        (alternating(6), 4, True),
        (alternating(6), 5, False),
        (alternating(5), 3, True),
        (alternating(5), 4, False),
        (cyclic(2), 6, True),
        (dihedral(3), 5, True),
        (dihedral(4), 2, False),
        (cyclic(5), 1, True),
        (cyclic(5), 2, False),
    ],
)
def test_it_holds_for_every_group_that_is_transitive_enough(group, axes, applies):
    source, target = tensors(group, axes - 1, 1)
    assert (why_not_partitions(source, target) is None) == applies
    count = IntertwinerSpace(source, target, "orbitals").dimension
    degree = group.sets["points"].degree
    assert (count == partition_count(axes, degree)) == applies
    if applies:
        orbitals = IntertwinerSpace(source, target, "orbitals")
        assert np.array_equal(SetPartitions.between(source, target).codes, orbitals.codes)


def test_what_is_no_tensor_power_is_refused_with_a_reason():
    points = SetAction(symmetric(4), "points")
    trivial = Trivial(points.group)
    assert why_not_partitions(trivial, trivial) == "both sides are trivial"
    assert "not the natural points" in why_not_partitions(points, Trivial(points.group, 2))
    both = direct_product({"a": symmetric(2)})
    assert "no natural points" in why_not_partitions(Trivial(both, 2), Trivial(both, 2))


def test_a_tensor_of_one_and_of_none():
    points = SetAction(symmetric(4), "points")
    unit, alone = Tensor(points.group, ()), Tensor(points.group, (points,))
    assert IntertwinerSpace(alone, points).dimension == 2
    assert IntertwinerSpace(unit, points).dimension == IntertwinerSpace(points, unit).dimension == 1


@pytest.mark.parametrize(
    ("string", "outputs", "name"),
    [
        ((0, 0), 1, "o0=i0"),
        ((0, 1), 1, "o0 | i0"),
        ((0, 1, 1), 2, "o0 | o1=i0"),
        ((0, 1, 0, 1), 2, "o0=i0 | o1=i1"),
        ((0, 0), 0, "i0=i1"),
        ((), 0, ""),
    ],
)
def test_names(string, outputs, name):
    assert partition_name(string, outputs) == name
