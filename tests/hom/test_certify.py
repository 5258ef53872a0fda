"""Certificates: second counts by every method, and no wrong basis passes."""

import re

import numpy as np
import pytest

import intertwine
from intertwine.action.action import Declared, SetAction, Trivial
from intertwine.action.structure import Sum, Tensor, power
from intertwine.action.tuples import Subsets
from intertwine.errors import CertificateError
from intertwine.group.group import Group
from intertwine.group.mathieu import mathieu
from intertwine.group.named import alternating, cyclic, hyperoctahedral, symmetric
from intertwine.group.permutation import SignedPermutation
from intertwine.group.product import direct_product
from intertwine.hom import certify as certifying
from intertwine.hom.certify import certify, second_count
from intertwine.hom.pattern import Listed
from intertwine.hom.space import IntertwinerSpace
from tests.catalogue import built, smaller_than, solved


def points(group, name="points"):
    return SetAction(group, name)


def named_only(*generators):
    """A group of generators by name alone, acting as listed."""
    names = tuple(f"g{k}" for k in range(len(generators)))
    return Declared(Group("<" + ", ".join(names) + ">", names, {}), generators)


S5, S30, S90, A40, M24, B3 = (
    symmetric(5), symmetric(30), symmetric(90), alternating(40), mathieu(24), hyperoctahedral(3),
)  # fmt: skip
BOTH = direct_product({"a": symmetric(3), "b": cyclic(4)})
HALF = SignedPermutation.of([*range(1, 31), 0, *range(31, 40)])


@pytest.mark.parametrize(
    ("source", "target", "value", "how"),
    [
        (power(points(S5), 2), power(points(S5), 2), 15, "characters of the 7 classes of S_5"),
        (power(points(S30), 2), points(S30), 5,
         "characters of the 3 classes of S_3, where S_30 is stable"),
        (Subsets(S30, points(S30), 29), points(S30), 2, "characters of the 5604 classes of S_30"),
        (Subsets(S90, points(S90), 89), points(S90), 2, "contingency tables"),
        (points(B3, "axes"), points(B3, "axes"), 1, "characters of 48 group elements"),
        (points(symmetric(80)), points(symmetric(80)), 2,
         "characters of the 2 classes of S_2, where S_80 is stable"),
        (points(A40), power(points(A40), 2), 5,
         "characters of the 3 classes of S_3, where A_40 is stable"),
        (points(M24), points(M24), 2, "characters of the 2 classes of S_2, where M_24 is stable"),
        (Trivial(S5, 3), Trivial(S5, 2), 6, "counting entries"),
        (Sum(S5, (points(S5), Trivial(S5, 3))), points(S5), 5,
         "characters of the 7 classes of S_5"),
        (Tensor(S5, (Trivial(S5, 3), points(S5))), points(S5), 6,
         "characters of the 7 classes of S_5"),
    ],
)  # fmt: skip
def test_second_counts(source, target, value, how):
    found = second_count(source, target)
    assert (found.value, found.how) == (value, how)
    assert str(found) == f"{value} by {how}"


def generated(action):
    """The same generators with no name for the group: what a spec of image lists makes."""
    return named_only(*action.generators)


def test_a_small_system_of_a_large_group_is_counted_modulo_a_prime():
    """Of M_24 and M_23 by image lists alone, too many elements to run through."""
    source = generated(points(M24))
    found = second_count(source, source)
    assert (found.value, found.how) == (2, "nullity modulo a prime")


def test_a_large_system_of_a_group_of_known_order_is_counted_by_stabilizers():
    group = hyperoctahedral(10)
    axes, corners = points(group, "axes"), points(group)
    found = second_count(Tensor(group, (axes, axes)), Tensor(group, (axes, corners)))
    assert found.how == "orbits of stabilizers, each proved by its order"
    assert found.value == IntertwinerSpace(power(axes, 2), Tensor(group, (axes, corners))).dimension


def test_what_would_take_too_long_is_skipped_and_says_so():
    group = Group("<a, b>", ("a", "b"), {})
    large = Declared(group, points(symmetric(400)).generators)
    found = second_count(large, large)
    assert found.value is None
    assert str(found) == "skipped (the group and the system are too large)"
    certificate = IntertwinerSpace(large, large).verify()
    assert certificate.dimension == 2
    assert "tested against 2 generators; second count: skipped" in str(certificate)


def test_a_sum_with_a_part_that_is_skipped_is_skipped():
    group = Group("<a, b>", ("a", "b"), {})
    large = Declared(group, points(symmetric(400)).generators)
    assert second_count(Sum(group, (large, Trivial(group))), large).value is None
    assert second_count(Sum(group, (large, Trivial(group))), Trivial(group)).value == 2


def test_sums_and_products_are_counted_by_their_parts():
    problem = built("network_2")
    found = second_count(problem.source, problem.target)
    assert found.value == 32
    assert found.how == "characters of the 2 classes of S_2; characters of the 3 classes of S_3"


@pytest.mark.parametrize("case", smaller_than(100_000), ids=str)
def test_every_second_way_agrees(case):
    """Not only the first that is affordable: each that applies."""
    source, target = built(case.name).source, built(case.name).target
    ways = {
        "classes": certifying._by_classes,
        "elements": certifying._by_elements,
        "stability": certifying._by_stability,
        "nullity": certifying._by_nullity if case.entries < 500 else lambda s, t: None,
        "stabilizers": certifying._by_stabilizers if source.group.sets else lambda s, t: None,
    }
    counts = {name: way(source, target) for name, way in ways.items()}
    found = {name: count.value for name, count in counts.items() if count is not None}
    assert found == dict.fromkeys(found, case.dimension)


def test_every_second_way_is_taken_often():
    taken = {
        name: [
            case.name
            for case in smaller_than(10_000)
            if getattr(certifying, f"_by_{name}")(built(case.name).source, built(case.name).target)
        ]
        for name in ("classes", "elements", "stability")
    }
    assert min(map(len, taken.values())) > 8, taken


def corruptions(codes):
    """Arrays that are no basis: merged, split, moved, negated, or one element short."""
    count = int(codes.max())
    wide = codes.astype(np.int64)
    sizes = np.bincount(np.abs(wide).ravel(), minlength=count + 1)
    merged = np.where(np.abs(wide) == count, np.sign(wide) * 1, wide)
    if count > 1:
        yield "two elements in one", merged
        yield "an element lost", np.where(np.abs(wide) == count, 0, wide)
    if sizes[1] > 1:
        split, first = wide.copy(), np.argwhere(np.abs(wide) == 1)[-1]
        split[tuple(first)] = count + 1
        yield "an element split", split
        negated = wide.copy()
        negated[tuple(first)] *= -1
        yield "a sign turned", negated
    if (wide == 0).any():
        filled = wide.copy()
        filled[tuple(np.argwhere(wide == 0)[0])] = count + 1
        yield "a zero filled", filled


@pytest.mark.parametrize("case", [c for c in smaller_than(3000) if c.dimension], ids=str)
def test_no_corrupted_basis_passes(case):
    source, target = built(case.name).source, built(case.name).target
    codes = solved(case.name).codes
    assert certify(source, target, Listed.of(codes)).dimension == case.dimension
    for what, wrong in corruptions(codes):
        with pytest.raises(CertificateError):
            pattern = Listed(*wrong.shape, int(wrong.max()), wrong)
            certify(source, target, pattern)
            pytest.fail(what)


def test_what_a_certificate_says_when_it_fails():
    source, target = built("maron_4").source, built("maron_4").target
    codes = solved("maron_4").codes
    short = Listed(*codes.shape, 14, np.where(codes == 15, 0, codes))
    with pytest.raises(CertificateError) as failure:
        certify(source, target, short)
    said = str(failure.value)
    assert "has dimension 14 by its basis and 15 by characters of the 5 classes of S_4" in said
    assert "this is a bug in intertwine, not in your spec" in said
    assert failure.value.exit_code == 3
    wrong = codes.copy()
    wrong[0, 0] = 2
    with pytest.raises(CertificateError, match=r"basis element of Hom\(points\^2, points\^2\)"):
        certify(source, target, Listed.of(wrong))


def test_a_basis_too_large_to_list_is_counted_all_the_same():
    pairs = power(points(symmetric(100)), 2)
    certificate = IntertwinerSpace(pairs, pairs).verify()
    assert re.fullmatch(
        r"basis not listed \(100000000 entries\); second count: 15 by .* S_100 is stable",
        str(certificate),
    )


def test_certificates_read_well():
    assert str(solved("quaternions").certificate) == (
        "4 independent maps, tested against 2 generators; "
        "second count: 4 by characters of 8 group elements"
    )
    assert str(solved("circulant").certificate).startswith(
        "6 independent maps, tested against 1 generator; second count: 6 by "
    )
    assert str(solved("vectors").certificate).startswith("1 independent map, tested")


def test_solving_does_not_certify_and_emitting_does(monkeypatch, tmp_path):
    monkeypatch.setattr("intertwine.hom.space.certify", lambda *_: pytest.fail("was certified"))
    spec = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    space = intertwine.solve(spec)
    with pytest.raises(pytest.fail.Exception, match="was certified"):
        space.emit(tmp_path)


def test_subsets_of_a_large_group():
    group = symmetric(200)
    pairs = Subsets(group, points(group), 2)
    assert second_count(pairs, pairs).value == 3
