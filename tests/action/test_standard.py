"""The standard representation: with the trivial one it is the permutation action."""

import numpy as np
import pytest

from intertwine.action.action import SetAction, Trivial
from intertwine.action.element import AtomUnion
from intertwine.action.homogeneous import Regular
from intertwine.action.irreps import irrep
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum
from intertwine.action.tuples import Subsets
from intertwine.algebra.scalars import REALS
from intertwine.errors import SpecError
from intertwine.group.mathieu import mathieu
from intertwine.group.named import cyclic, hyperoctahedral, symmetric
from intertwine.group.polyhedron import polyhedron
from intertwine.hom.rules import dimension
from tests.action.samples import points

S4, S5 = symmetric(4), symmetric(5)
BASES = {
    "points of S_4": points(S4),
    "pairs of S_5": Subsets(S5, points(S5), 2),
    "regular S_4": Regular(S4),
    "C_6": points(cyclic(6)),
    "cube": SetAction(polyhedron("cube"), "vertices"),
    "two fixed points": Trivial(S4, 2),
    "intransitive": Sum(S4, (points(S4), points(S4))),
}


@pytest.mark.parametrize("name", BASES)
def test_with_the_constants_it_is_the_permutation_action(name):
    """The projected basis vectors and the constant vector carry the one into the other."""
    base = BASES[name]
    n = base.dimension
    standard = Standard(base.group, base)
    change = np.hstack([np.eye(n)[:, : n - 1] - 1 / n, np.ones((n, 1))])
    union = AtomUnion([base])
    for joint in union.generators:
        element = union.element(joint)
        both = np.eye(n)
        both[: n - 1, : n - 1] = standard.matrix(element, REALS).toarray()
        permuted = base.matrix(element, REALS).toarray()
        assert np.abs(permuted @ change - change @ both).max() < 1e-12
        assert standard.character(element) == np.trace(both) - 1


@pytest.mark.parametrize("name", BASES)
def test_its_maps_are_those_of_the_points_less_those_of_the_constants(name):
    base = BASES[name]
    standard, trivial = Standard(base.group, base), Trivial(base.group)
    for other in (base, Trivial(base.group)):
        expected = dimension(base, other) - dimension(trivial, other)
        assert dimension(standard, other) == dimension(other, standard) == expected


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_that_of_the_symmetric_group_is_its_specht_module(n):
    group = symmetric(n)
    standard = Standard(group, points(group))
    assert dimension(standard, irrep(group, [n - 1, 1])) == 1
    assert dimension(standard, irrep(group, [2] + [1] * (n - 2))) == int(n == 3)


@pytest.mark.parametrize("n", [11, 12])
def test_it_is_irreducible_where_the_group_is_twice_transitive(n):
    group = mathieu(n)
    assert dimension(Standard(group, points(group)), Standard(group, points(group))) == 1


def test_what_has_signs_or_one_point_has_none():
    group = hyperoctahedral(3)
    for base in (SetAction(group, "axes"), Sign(S4), Trivial(S4), Standard(S4, points(S4))):
        with pytest.raises(SpecError, match="at least two points"):
            Standard(base.group, base)
