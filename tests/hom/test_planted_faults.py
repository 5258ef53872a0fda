"""No fault of one helper makes a solution and its proof agree: faults planted on purpose."""

import numpy as np
import pytest

from intertwine.action import character, definition
from intertwine.action.action import Trivial
from intertwine.action.dual import Dual
from intertwine.action.frame import Frame, _vectors
from intertwine.action.induced import Induced
from intertwine.action.irreps import irrep
from intertwine.action.lifted import Lifted
from intertwine.action.linear import identity
from intertwine.action.matrices import Framed, Matrices
from intertwine.action.standard import Standard
from intertwine.action.structure import Sum, Tensor
from intertwine.action.traces import traces
from intertwine.action.tuples import ExteriorPower, LinearPower, SymmetricPower
from intertwine.algebra.matrix import ExactMatrix
from intertwine.algebra.scalars import Modulus
from intertwine.errors import CertificateError
from intertwine.group.named import cyclic, dihedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.group.product import direct_product
from intertwine.hom import certify as certifying
from intertwine.hom import commute, fibration, nullspace, products
from intertwine.hom.certify import certify
from intertwine.hom.rules import basis
from tests import oracle
from tests.action.samples import points

S3, S4, C5, D5, D6 = symmetric(3), symmetric(4), cyclic(5), dihedral(5), dihedral(6)
WHOLE = direct_product({"a": direct_product({"b": C5}), "d": S3})
A = WHOLE.factors["a"]
TURN = Lifted(WHOLE, "a", Lifted(A, "b", Matrices(C5, C5.vectors.matrices, "vector")))
D = Lifted(WHOLE, "d", points(S3))
HALVES = Matrices(D6, tuple(map(ExactMatrix.parsed, (
    [[0, "-1/3"], [3, 1]], [[1, "1/3"], [0, -1]]))))  # fmt: skip
SKEW = Standard(S4, points(S4))
INDUCED = Induced(
    S4,
    (SignedPermutation.of([1, 2, 0, 3]),),
    (ExactMatrix.parsed([[0, -1], [1, -1]]),),
)
MIXED = Sum(WHOLE, (TURN, D))

PROBLEMS = {
    "turns beside points": (Tensor(WHOLE, (MIXED, MIXED)), MIXED),
    "turns of points": (Tensor(WHOLE, (Sum(WHOLE, (D, TURN)), D)), MIXED),
    "thirds": (Tensor(D6, (HALVES, HALVES)), Sum(D6, (points(D6), Trivial(D6)))),
    "powers of thirds": (SymmetricPower(D6, HALVES, 2), Dual(D6, Tensor(D6, (HALVES, HALVES)))),
    "two planes": (Tensor(D5, (Sum(D5, (irrep(D5, 1), irrep(D5, 2))), points(D5))), irrep(D5, 1)),
    "wedges": (Tensor(S4, (ExteriorPower(S4, SKEW, 2), SKEW)), Tensor(S4, (SKEW, points(S4)))),
    "induced": (INDUCED, Sum(S4, (INDUCED, Dual(S4, INDUCED)))),
    "dual of standard": (Tensor(S4, (SKEW, SKEW)), Dual(S4, SKEW)),
}
WAYS = {
    "elements": certifying._by_elements,
    "nullity": certifying._by_nullity,
}


@pytest.fixture(autouse=True)
def forgetful():
    """Frames keep their residues, the wrong ones too."""
    _vectors.cache_clear()
    yield
    _vectors.cache_clear()


def proved(name):
    """The problem solved and certified, by every second way; none may be skipped."""
    source, target = PROBLEMS[name]
    found = basis(source, target)
    certificate = certify(source, target, found)
    assert certificate.second.value == found.dimension
    for way in WAYS.values():
        if way(source, target).value != found.dimension:
            raise CertificateError("another second count")
    return found.dimension


@pytest.mark.parametrize("name", PROBLEMS)
def test_without_a_fault_all_counts_agree(name):
    assert proved(name) == oracle.matrix_nullspace(*PROBLEMS[name]) > 0


KEPT = {
    kind: kind.matrix
    for kind in (Tensor, Sum, Matrices, Standard, Induced, Lifted, Dual, LinearPower)
}


def swapped(self, element, scalars):
    """The parts in the opposite order."""
    other = type(self)(self.group, tuple(reversed(self.members)))
    return KEPT[type(self)](other, element, scalars)


def transposed(self, element, scalars):
    """The dual's, of the inverse."""
    return kept(self)(self, element, scalars).T.tocsr()


def inverted(self, element, scalars):
    """The inverse element's."""
    return kept(self)(self, {atom: g.inverse() for atom, g in element.items()}, scalars)


def still(self, element, scalars):
    """As if every element were the identity."""
    return identity(self.dimension).astype(scalars.dtype)


def kept(action):
    return next(KEPT[kind] for kind in type(action).__mro__ if kind in KEPT)


@pytest.mark.parametrize(
    ("name", "kind", "wrong"),
    [
        ("turns beside points", Lifted, still),
        ("turns beside points", Lifted, transposed),
        ("turns of points", Tensor, swapped),
        ("turns of points", Matrices, still),
        ("two planes", Sum, swapped),
        ("two planes", Matrices, inverted),
        ("thirds", Matrices, transposed),
        ("thirds", Matrices, still),
        ("powers of thirds", Dual, transposed),
        ("powers of thirds", LinearPower, transposed),
        ("powers of thirds", LinearPower, still),
        ("wedges", Standard, transposed),
        ("wedges", Standard, inverted),
        ("wedges", LinearPower, still),
        ("wedges", Tensor, swapped),
        ("induced", Induced, still),
        ("induced", Induced, inverted),
        ("induced", Dual, transposed),
        ("dual of standard", Dual, transposed),
        ("dual of standard", Standard, still),
    ],
)
def test_wrong_matrices_of_elements(monkeypatch, name, kind, wrong):
    """Rules follow elements through frames; no part of the proof does."""
    monkeypatch.setattr(kind, "matrix", wrong)
    with pytest.raises(CertificateError):
        proved(name)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(
    "wrong",
    [lambda matrix: identity(matrix.shape[0]).tocsr(), lambda matrix: 2 * matrix],
    ids=["of the identity", "doubled"],
)
def test_wrong_definitions(monkeypatch, name, wrong):
    """Which proofs take, and rules do not: wrong on the target alone."""
    _, target = PROBLEMS[name]

    def changed(action, scalars):
        pairs = definition.defined(action, scalars)
        wronged = [(wrong(matrix).astype(scalars.dtype), inverse) for matrix, inverse in pairs]
        return wronged if action == target else pairs

    for module in (commute, nullspace):
        monkeypatch.setattr(module, "defined", changed)
    with pytest.raises(CertificateError):
        proved(name)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(
    "wrong",
    [
        lambda action, batch, scalars: 2 * traces(action, batch, scalars),
        lambda action, batch, scalars: traces(action, batch, scalars) + 1,
        lambda action, batch, scalars: np.full_like(
            traces(action, batch, scalars), action.dimension
        ),
    ],
    ids=["doubled", "one more", "of the identity"],
)
def test_wrong_traces(monkeypatch, name, wrong):
    """Which only a second count takes."""
    monkeypatch.setattr(character, "traces", wrong)
    with pytest.raises(CertificateError):
        proved(name)


@pytest.mark.parametrize("name", ["turns beside points", "two planes", "thirds", "induced"])
@pytest.mark.parametrize(
    "wrong",
    [lambda rows: 2 * rows, lambda rows: np.roll(rows, 1, axis=1), lambda rows: rows[::-1]],
    ids=["doubled", "other coordinates", "backwards"],
)
def test_wrong_vectors_of_frames(monkeypatch, name, wrong):
    """Which rules and characters share: they are proved first."""
    vectors = Frame.vectors

    def changed(self, scalars):
        return scalars.reduced(wrong(vectors(self, scalars)))

    monkeypatch.setattr(Frame, "vectors", changed)
    with pytest.raises(CertificateError):
        proved(name)
    with pytest.raises(CertificateError):
        certifying._by_elements(*PROBLEMS[name])


def test_frames_over_cosets_that_do_not_turn(monkeypatch):
    """As if the subgroup acted trivially: a representation too, but another."""

    def unturned(self):
        width = np.arange(self.frame.size)
        images = (g.images[:, None] * self.frame.size + width for g in self.cosets.generators)
        return tuple(SignedPermutation(image.ravel()) for image in images)

    monkeypatch.setattr(Induced, "moves", property(unturned))
    with pytest.raises(CertificateError):
        proved("induced")
    with pytest.raises(CertificateError, match="frame of induced"):
        certifying._by_elements(*PROBLEMS["induced"])


IRRATIONAL = ["turns beside points", "turns of points", "two planes"]


@pytest.mark.parametrize("name", IRRATIONAL)
def test_a_prime_that_was_chosen_without_all_matrices(monkeypatch, name):
    """Its residues are those of no number of the field, and are refused."""
    for module in (fibration, character, nullspace):
        monkeypatch.setattr(module, "exact_matrices", lambda actions: [])
    for attempt in (lambda: basis(*PROBLEMS[name]), *counts(name)):
        with pytest.raises(ArithmeticError, match="has no residues"):
            attempt()


@pytest.mark.parametrize("conductor", [1, 2, 3, 4, 8, 12, 24])
@pytest.mark.parametrize("name", IRRATIONAL)
def test_a_prime_of_another_conductor(monkeypatch, name, conductor):
    """The matrices of C_5 and D_5 are over the field of 20th roots of unity."""
    wrong = Modulus.below(conductor)
    monkeypatch.setattr(Modulus, "suiting", lambda matrices, skipped=0: wrong)
    for attempt in (lambda: basis(*PROBLEMS[name]), *counts(name)):
        with pytest.raises(ArithmeticError, match="has no residues"):
            attempt()


def test_a_prime_that_divides_a_denominator(monkeypatch):
    monkeypatch.setattr(Modulus, "suiting", lambda matrices, skipped=0: Modulus(3, 1, 1))
    for attempt in counts("thirds"):
        with pytest.raises(ArithmeticError, match="1/3 has no residue by"):
            attempt()


def counts(name):
    return [lambda way=way: way(*PROBLEMS[name]) for way in WAYS.values()]


@pytest.mark.parametrize("name", ["thirds", "powers of thirds"])
def test_a_denominator_that_is_too_small(monkeypatch, name):
    monkeypatch.setattr(Framed, "denominator", 1)
    source, target = PROBLEMS[name]
    with pytest.raises(CertificateError):
        certify(source, target, basis(source, target))


TABLE = direct_product({"u": cyclic(3), "v": S3})
USERS, MOVIES = (Lifted(TABLE, name, points(group)) for name, group in TABLE.factors.items())
RATINGS = Tensor(TABLE, (USERS, MOVIES))


@pytest.mark.parametrize("side", [RATINGS, Sum(TABLE, (USERS, MOVIES, RATINGS))], ids=str)
def test_a_split_that_takes_a_factor_for_a_larger_group(monkeypatch, side):
    """C_3 taken for S_3 has two maps for three: rule and second count agree on too few."""
    assert certify(side, side, basis(side, side)).dimension == oracle.character_dimension(
        *[oracle.signed(side)] * 2
    )
    restricted = products._restricted

    def larger(parts, owner, like):
        action = restricted(parts, owner, like)
        return points(S3) if owner == "u" and parts else action if parts else Trivial(S3)

    monkeypatch.setattr(products, "_restricted", larger)
    found = basis(side, side)
    assert certifying.second_count(side, side).value == found.dimension
    with pytest.raises(CertificateError, match="by characters of 18 group elements"):
        certify(side, side, found)
