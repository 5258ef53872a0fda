"""Spinning vectors, against elimination and the theorems, on fibres of every size."""

import numpy as np
import pytest

from intertwine.action.dual import Dual
from intertwine.action.irreps import hook_length, irrep
from intertwine.action.sign import Sign
from intertwine.action.standard import Standard
from intertwine.action.structure import Tensor, power
from intertwine.action.tuples import SymmetricPower
from intertwine.errors import CertificateError
from intertwine.group.mathieu import mathieu
from intertwine.group.named import cyclic, symmetric
from intertwine.hom import spin
from intertwine.hom.fibration import Fibration
from intertwine.hom.fibre import Fibred, orbitals
from intertwine.hom.local import _eliminated
from intertwine.hom.spin import spun_space
from tests import oracle
from tests.action.samples import points
from tests.action.test_matrices import ACTIONS

S6, S7 = symmetric(6), symmetric(7)
V6 = Standard(S6, points(S6))
PLAIN = [
    name
    for name, action in ACTIONS.items()
    if action.points.dimension == 1 and action.dimension <= 12
]


def problem(source, target):
    fibration = Fibration(source, target)
    (orbital,) = orbitals(fibration)
    return orbital, fibration.modulus(0)


@pytest.mark.parametrize("first", PLAIN)
@pytest.mark.parametrize("second", PLAIN)
def test_it_is_elimination(first, second):
    source, target = ACTIONS[first], ACTIONS[second]
    if source.group is not target.group:
        return
    orbital, modulus = problem(source, target)
    shape = target.dimension, source.dimension
    pairs = orbital.group.generators(modulus)
    spun, pivots = spun_space(pairs, shape, modulus)
    plain, others = _eliminated(pairs, shape[0] * shape[1], modulus)
    assert np.array_equal(spun, plain) and np.array_equal(pivots, others)
    assert len(spun) == oracle.matrix_nullspace(source, target)


def test_every_element_satisfies_the_constraints():
    source, target = SymmetricPower(S6, V6, 2), power(V6, 2)
    orbital, modulus = problem(source, target)
    # V (x) V = 1 + V + [4, 2] + [4, 1, 1], the last alternating (Fulton and Harris 4.19).
    assert orbital.space.dimension == 3
    shape = target.dimension, source.dimension
    for left, right in orbital.group.generators(modulus):
        for row in orbital.space.echelon:
            matrix = row.reshape(shape)
            apart = modulus.product(left, matrix) - modulus.product(matrix, right)
            assert not (apart % modulus.prime).any()


@pytest.mark.parametrize("shape", [[4, 3], [4, 2, 1], [3, 2, 2], [5, 1, 1]])
def test_large_specht_modules_are_irreducible_and_conjugate_by_the_sign(shape):
    """James 6.7: times the sign it is the dual of that of the conjugate partition."""
    module = irrep(S7, shape)
    assert module.dimension == hook_length(tuple(shape))
    assert Fibred.between(module, module).dimension == 1
    conjugate = irrep(S7, [sum(part > k for part in shape) for k in range(shape[0])])
    signed = Tensor(S7, (Sign(S7), Dual(S7, conjugate)))
    assert Fibred.between(module, signed).dimension == 1
    assert Fibred.between(module, irrep(S7, [6, 1])).dimension == 0


def test_a_doubly_transitive_group_has_one_map_of_its_standard_space():
    group = mathieu(24)
    standard = Standard(group, points(group))
    basis = Fibred.between(standard, standard)
    assert basis.dimension == 1
    assert np.array_equal(basis.stack.toarray().reshape(23, 23), np.eye(23))


def test_elements_without_kernels_are_reported(monkeypatch):
    orbital, modulus = problem(ACTIONS["quaternions"], ACTIONS["quaternions"])
    monkeypatch.setattr(spin, "_MOST_DRAWS", 0)
    with pytest.raises(CertificateError, match="no kernels that span"):
        for _ in spin._kernels(orbital.group.generators(modulus), modulus):
            pass


def test_a_turn_without_eigenvalues_is_spun_all_the_same():
    """A rational turn by a fifth has none modulo a p that is not 1 modulo 5."""
    group = cyclic(5)
    standard = Standard(group, points(group))
    orbital, modulus = problem(standard, standard)
    assert modulus.prime % 5 != 1 and orbital.space.dimension == 4
    assert len(spun_space(orbital.group.generators(modulus), (4, 4), modulus)[0]) == 4
