"""One rule a theorem, and all of them the same answer wherever several apply."""

import itertools

import numpy as np
import pytest

import intertwine
from intertwine.action.action import SetAction, Trivial
from intertwine.errors import SpecError
from intertwine.group.named import symmetric, trivial
from intertwine.hom.rules import RULES, basis, choose, dimension, explain
from intertwine.hom.space import IntertwinerSpace
from tests.catalogue import BY_NAME, CASES, built, smaller_than
from tests.solved import thinned

NAMES = [rule.name for rule in RULES]
MOST_ELIMINATED = 700  # entries; beyond, dense elimination takes its time
MOST_CARRIED = 5_000

PAIRS = [
    (case, rule.name)
    for case in smaller_than(3_000_000)
    for rule in RULES
    if rule.refusal(built(case.name).source, built(case.name).target) is None
    and (rule.name != "nullspace" or case.entries <= MOST_ELIMINATED)
    and (rule.name != "fibres" or case.entries <= MOST_CARRIED)
]
REFUSED = [
    (case, rule.name)
    for case in CASES
    for rule in RULES
    if rule.refusal(built(case.name).source, built(case.name).target) is not None
]


@pytest.mark.parametrize(
    ("case", "rule"), thinned(PAIRS, 2), ids=map("-".join, ((str(c), r) for c, r in PAIRS))
)
def test_all_rules_that_apply_agree(case, rule):
    source, target = built(case.name).source, built(case.name).target
    chosen = IntertwinerSpace(source, target)
    asked = IntertwinerSpace(source, target, rule)
    assert asked.rule == rule
    assert asked.dimension == case.dimension
    assert np.array_equal(asked.codes, chosen.codes)


def test_every_rule_meets_another_in_the_catalogue():
    met = {name: {case.name for case, rule in PAIRS if rule == name} for name in NAMES}
    for first in NAMES:
        others = set().union(*(met[second] for second in NAMES if second != first))
        assert len(met[first] & others) >= 2, f"{first} is hardly compared with any other rule"
    assert len(met["nullspace"]) > 60


@pytest.mark.parametrize(("case", "rule"), REFUSED, ids=lambda value: str(value))
def test_a_rule_that_does_not_apply_is_an_error_of_the_spec(case, rule):
    with pytest.raises(SpecError, match=f"rule: {rule}.*a rule that applies.*leave `rule` out"):
        choose(built(case.name).source, built(case.name).target, rule)


@pytest.mark.parametrize("how", ["argument", "spec"])
def test_the_rule_may_be_asked_for(how):
    spec = BY_NAME["maron_4"].spec
    asked = {"rule": "orbitals"} if how == "argument" else {}
    given = spec if how == "argument" else {**spec, "rule": "orbitals"}
    space = intertwine.solve(given, **asked)
    assert space.rule == "orbitals"
    assert str(space) == "Hom_G(R^16 -> R^16): dimension 15, |G| = 24, by orbitals"
    with pytest.raises(SpecError, match="no action has signs"):
        intertwine.solve({**spec, "rule": "signs"})


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_taken_is_the_first_that_applies(case):
    source, target = built(case.name).source, built(case.name).target
    choice = choose(source, target)
    applying = [rule.name for rule in RULES if rule.refusal(source, target) is None]
    assert choice.rule.name == applying[0]
    assert [name for name, _ in choice.refused] == NAMES[: NAMES.index(applying[0])]
    assert all(reason for _, reason in choice.refused)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_explanations_add_up(case):
    source, target = built(case.name).source, built(case.name).target
    steps = explain(source, target)
    outermost = steps[0]
    assert (outermost.depth, outermost.dimension) == (0, case.dimension)
    assert outermost.rule == choose(source, target).rule.name
    assert outermost.problem == f"{source} -> {target}"
    parts = [step.dimension * step.times for step in steps if step.depth == 1]
    if outermost.rule == "sums":
        assert sum(parts) == case.dimension
    elif outermost.rule == "products":
        assert np.prod(parts) == case.dimension
    else:
        assert not parts
    for before, after in itertools.pairwise(steps):
        assert after.depth <= before.depth + 1


def test_an_explanation_names_every_problem_and_what_was_not_taken():
    problem = built("network_2")
    steps = explain(problem.source, problem.target)
    assert [step.rule for step in steps[:4]] == ["sums", "products", "partitions", "partitions"]
    assert steps[1].problem == "l1 x l0 -> l1 x l0"
    assert {step.problem for step in steps if step.depth == 2} >= {"points -> points"}
    assert dict(steps[1].refused)["sums"] == "neither side is a direct sum"


def test_an_explanation_of_a_rule_that_was_asked_for():
    problem = built("maron_4")
    (step,) = explain(problem.source, problem.target, "nullspace")
    assert (step.rule, step.dimension, step.refused) == ("nullspace", 15, ())


def test_asking_holds_for_the_outermost_problem_only():
    problem = built("network_2")
    found = basis(problem.source, problem.target, "orbitals")
    assert np.array_equal(found.codes, basis(problem.source, problem.target).codes)
    steps = explain(problem.source, problem.target, "sums")
    assert steps[0].rule == "sums" and steps[1].rule == "products"


def test_the_table_is_ordered_named_once_and_says_its_theorems():
    before = ["trivial", "sums", "products", "partitions", "orbitals", "signs"]
    assert NAMES == [*before, "fibres", "nullspace"]
    assert all(len(rule.theorem) > 20 for rule in RULES)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 3)])
@pytest.mark.parametrize("group", [symmetric(3), trivial(2)], ids=str)
def test_between_trivial_actions_are_all_matrices(group, rows, columns):
    source, target = Trivial(group, columns), Trivial(group, rows)
    assert dimension(source, target) == rows * columns
    codes = basis(source, target).codes
    assert codes.tolist() == np.arange(1, rows * columns + 1).reshape(rows, columns).tolist()


def test_large_spaces_are_chosen_without_making_anything():
    points = SetAction(symmetric(10**9), "points")
    space = IntertwinerSpace(points, points)
    assert (space.rule, space.dimension) == ("partitions", 2)
