"""Characters modulo a prime: the traces of the matrices, element by element and many at once."""

from math import comb

import numpy as np
import pytest

from intertwine.action.character import (
    cycle_types,
    modular_class_product,
    modular_inner_product,
)
from intertwine.action.element import AtomUnion
from intertwine.action.matrices import exact_matrices
from intertwine.action.standard import Standard
from intertwine.action.structure import power
from intertwine.action.traces import traces
from intertwine.action.tuples import ExteriorPower, SymmetricPower
from intertwine.algebra.scalars import REALS, Modulus
from intertwine.group.named import symmetric
from intertwine.group.permutation import SignedPermutation
from tests import oracle
from tests.action.samples import points
from tests.action.test_matrices import ACTIONS

SMALL = [name for name, action in ACTIONS.items() if action.dimension <= 16]


def drawn(action, count=12):
    """Some elements, as a batch and one by one."""
    union = AtomUnion([action])
    dice = np.random.default_rng(0)
    joints = [SignedPermutation.identity(union.degree)]
    while len(joints) < count:
        joints.append(joints[-1] * union.generators[dice.integers(len(union.generators))])
    signed = any(atom.signed for atom in union.atoms)
    rows = np.stack([g.doubled() if signed else g.images for g in joints])
    return union.batch(rows), [union.element(g) for g in joints]


@pytest.mark.parametrize("name", ACTIONS)
def test_traces_are_those_of_the_matrices(name):
    action = ACTIONS[name]
    modulus = Modulus.suiting(exact_matrices([action]))
    batch, elements = drawn(action)
    expected = [
        int(action.matrix(element, modulus).toarray().trace()) % modulus.prime
        for element in elements
    ]
    assert traces(action, batch, modulus).tolist() == expected
    assert expected[0] == action.dimension


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_powers_have_the_dimensions_and_characters_of_newton(name, size):
    """The coefficients of det(1 + t g) and of 1 / det(1 - t g), from eigenvalues in floats."""
    base = ACTIONS[name]
    if size > base.dimension or base.dimension**size > 300:
        size = 1
    modulus = Modulus.suiting(exact_matrices([base]))
    batch, elements = drawn(base, 6)
    values = [np.linalg.eigvals(base.matrix(e, REALS).toarray()) for e in elements]
    for kind, count in (
        (ExteriorPower, comb(base.dimension, size)),
        (SymmetricPower, comb(base.dimension + size - 1, size)),
    ):
        action = kind(base.group, base, size)
        assert action.dimension == count
        found = traces(action, batch, modulus)
        assert found[0] == count
        exact = [int(action.matrix(e, modulus).toarray().trace()) % modulus.prime for e in elements]
        assert found.tolist() == exact
        for element, roots in zip(elements, values, strict=True):
            series = np.zeros(size + 1, dtype=complex)
            series[0] = 1
            for root in roots:
                if kind is ExteriorPower:
                    series[1:] = series[1:] + root * series[:-1]
                else:
                    for k in range(1, size + 1):
                        series[k] += root * series[k - 1]
            trace = action.matrix(element, REALS).toarray().trace()
            assert abs(trace - series[size]) < 1e-8


PAIRS = [
    (first, second)
    for place, first in enumerate(SMALL)
    for second in SMALL[place:]
    if ACTIONS[first].group is ACTIONS[second].group
    and ACTIONS[first].dimension * ACTIONS[second].dimension <= 64
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_inner_products_are_the_exact_nullities(first, second):
    source, target = ACTIONS[first], ACTIONS[second]
    expected = oracle.matrix_nullspace(source, target)
    value, count = modular_inner_product(source, target)
    assert value == expected
    projection, order = oracle.averaging(source, target)
    assert order == count
    assert abs(np.trace(projection) - expected) < 1e-8
    assert np.linalg.matrix_rank(projection, tol=1e-6) == expected


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_classes_and_elements_say_the_same(n):
    """Standard squared is 1 + V + W + its exterior square, from S_4 on (Fulton and Harris 4.19)."""
    group = symmetric(n)
    standard = Standard(group, points(group))
    squared = power(standard, 2)
    assert modular_class_product(standard, standard) == (1, len(list(cycle_types(n))))
    expected = {2: 1, 3: 3}.get(n, 4)
    assert modular_class_product(squared, squared)[0] == expected
    assert modular_inner_product(squared, squared)[0] == expected


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_exterior_powers_of_the_standard_one_are_irreducible(n):
    """Fulton and Harris, Proposition 3.12; and pairwise different."""
    group = symmetric(n)
    standard = Standard(group, points(group))
    powers = [ExteriorPower(group, standard, k) for k in range(1, n)]
    for i, first in enumerate(powers):
        for j, second in enumerate(powers):
            assert modular_class_product(first, second)[0] == int(i == j)
