"""Stacks of blocks and of Kronecker products, against the same problem solved in one piece."""

from math import gcd

import numpy as np
import pytest

from intertwine.action.action import Trivial
from intertwine.action.irreps import irrep
from intertwine.action.lifted import Lifted
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.hom.commute import stack_defect
from intertwine.hom.fibre import Fibred
from intertwine.hom.products import KroneckerStack
from intertwine.hom.rules import basis, dimension
from intertwine.hom.space import IntertwinerSpace
from intertwine.hom.sums import BlockStack
from tests import oracle
from tests.action.samples import points
from tests.action.test_matrices import BOTH, C5, D5, INDUCED, S3, S4, S5, natural

V3, V4, V5 = (Standard(g, points(g)) for g in (S3, S4, S5))
A, B = Lifted(BOTH, "a", V3), Lifted(BOTH, "b", irrep(C5, 1))
USERS, RING = Lifted(BOTH, "a", points(S3)), Lifted(BOTH, "b", points(C5))

# Source, target, the kind of stack, and the dimension by the theorem.
STACKS = {
    "a sum": (Sum(S4, (points(S4), V4)), Sum(S4, (V4, Trivial(S4), V4)), BlockStack, 5),
    "a sum of induced": (Sum(S4, (INDUCED, V4)), Sum(S4, (V4, INDUCED)), BlockStack, None),
    "real blocks": (Sum(D5, (points(D5), natural(D5))), natural(D5), BlockStack, 2),
    "a product": (Tensor(BOTH, (A, RING)), Tensor(BOTH, (A, RING)), KroneckerStack, 5),
    "another order": (Tensor(BOTH, (RING, A)), Tensor(BOTH, (USERS, RING)), KroneckerStack, 5),
    "real factors": (Tensor(BOTH, (A, B)), Tensor(BOTH, (B, A)), KroneckerStack, 2),
    "one factor alone": (Tensor(BOTH, (A, B)), B, KroneckerStack, 0),
    "copies": (Tensor(S5, (Trivial(S5, 2), V5)), Tensor(S5, (V5, Trivial(S5, 3))),
               KroneckerStack, 6),
}  # fmt: skip


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_spans_what_one_piece_spans(name):
    source, target, kind, expected = STACKS[name]
    found = basis(source, target)
    assert isinstance(found, kind)
    whole = Fibred.between(source, target)
    assert found.dimension == whole.dimension == dimension(source, target)
    assert expected in (None, found.dimension)
    assert found.rational == whole.rational
    one, other = found.stack.toarray(), whole.stack.toarray()
    assert one.shape == other.shape == (found.dimension, source.dimension * target.dimension)
    if found.dimension:
        assert np.linalg.matrix_rank(np.concatenate([one, other])) == found.dimension
        assert np.linalg.matrix_rank(one) == found.dimension
        assert stack_defect(found, source, target) < (1 if found.rational else 1e-10)
    if found.rational:
        assert stack_defect(found, source, target) == 0
        assert np.array_equal(one, np.rint(one))
        assert all(gcd(*map(int, row)) == 1 for row in one)


def test_an_exact_stack_holds_integers():
    source, target, *_ = STACKS["a sum"]
    assert all(np.issubdtype(e.dtype, np.integer) for e in IntertwinerSpace(source, target).basis())


@pytest.mark.parametrize("name", STACKS)
def test_the_oracle_counts_the_same(name):
    source, target, *_ = STACKS[name]
    if source.dimension * target.dimension <= 230:
        assert dimension(source, target) == oracle.matrix_nullspace(source, target)


@pytest.mark.parametrize("name", STACKS)
def test_certificates_count_the_same(name):
    source, target, *_ = STACKS[name]
    space = IntertwinerSpace(source, target)
    assert space.verify().second.value == space.dimension


def test_blocks_are_in_row_major_order():
    """Every element lives in one block, block after block."""
    source, target, *_ = STACKS["a sum"]
    found = basis(source, target)
    blocks = []
    for row in found.stack.toarray():
        places = np.flatnonzero(row)
        rows, columns = np.divmod(places, source.dimension)
        block = {(np.searchsorted([3, 4], r, "right"), int(c >= 4))
                 for r, c in zip(rows.tolist(), columns.tolist(), strict=True)}  # fmt: skip
        assert len(block) == 1
        blocks += block
    assert blocks == sorted(blocks) == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)]


def test_products_are_kronecker_products_of_the_members():
    source, target, *_ = STACKS["a product"]
    first, second = basis(V3, V3).stack.toarray(), basis(points(C5), points(C5)).stack.toarray()
    expected = [np.kron(a.reshape(2, 2), b.reshape(5, 5)).ravel() for a in first for b in second]
    assert np.array_equal(basis(source, target).stack.toarray(), expected)
