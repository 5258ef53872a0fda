"""The examples run, on less; what they find is in README, where `make examples` printed it."""

import pytest

from examples import (
    discovered_symmetry,
    graph_classes,
    perceptron_weights,
    point_sets,
    rotated_digits,
)
from examples.table import table

LESS = {
    discovered_symmetry: {},
    rotated_digits: {},
    point_sets: {"draws": 1},
    graph_classes: {"copies": 1, "larger": (13,)},
    perceptron_weights: {"count": 100, "steps": 10, "copies": 1},
}


LONGEST = (discovered_symmetry, rotated_digits)
TRIED = [
    pytest.param(
        module,
        marks=pytest.mark.all if module in LONGEST else pytest.mark.slow,
        id=module.__name__.split(".")[-1],
    )
    for module in LESS
]


@pytest.mark.parametrize("example", TRIED)
def test_an_example_runs_on_less(example, tmp_path):
    rows = example.main(seeds=1, epochs=1, folder=tmp_path, **LESS[example])
    assert len(rows) > 1
    assert all(len(row.values) == 1 for row in rows)
    name = example.__name__.split(".")[-1]
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    lines = table(rows).splitlines()
    assert len(lines) == 2 + len({(row.task, row.model) for row in rows})


def test_group_networks_have_as_many_parameters_as_the_plain_one():
    sizes = [
        sum(p.numel() for p in network().parameters())
        for network in rotated_digits.NETWORKS.values()
    ]
    assert max(sizes) < 1.05 * min(sizes)
