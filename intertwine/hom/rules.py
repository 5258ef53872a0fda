"""The solver: one rule a theorem, in one ordered table; the first that applies is taken.

Every rule computes the same thing, the nullspace of the commutation constraints, exactly.  A rule
that does not apply says why, the choice can be asked for, and all must agree where several apply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intertwine.action.action import Action
from intertwine.errors import SpecError
from intertwine.hom.basis import Basis, Counter, Solver
from intertwine.hom.count import leaf_dimension, without_standard
from intertwine.hom.fibre import Fibred
from intertwine.hom.nullspace import nullspace_codes, why_not_nullspace
from intertwine.hom.orbital import orbital_codes
from intertwine.hom.partition import SetPartitions, why_not_partitions
from intertwine.hom.pattern import Listed, Pattern
from intertwine.hom.products import by_factors, count_factors, why_not_product
from intertwine.hom.sums import by_summands, count_summands, why_not_sums
from intertwine.hom.tables import table_dimension
from intertwine.hom.trivial import AllMatrices, why_not_free


@dataclass(frozen=True)
class Rule:
    """A theorem: when it applies, the basis that it then gives, and how many elements that has.

    `refusal` returns None where the rule applies, else why it does not; `solve` may hand smaller
    problems to the solver that it is given, and `count`, which lists nothing, to its counter.
    """

    name: str
    theorem: str
    refusal: Callable[[Action, Action], str | None]
    solve: Callable[[Action, Action, Solver], Basis]
    count: Callable[[Action, Action, Counter], int]


def _why_not_unsigned(source: Action, target: Action) -> str | None:
    if source.linear or target.linear:
        return "an action has matrices"
    return "an action has signs" if source.signed or target.signed else None


def _why_not_signed(source: Action, target: Action) -> str | None:
    if source.linear or target.linear:
        return "an action has matrices"
    return None if source.signed or target.signed else "no action has signs"


def _always(source: Action, target: Action) -> str | None:
    return None


def _by_walk(source: Action, target: Action, solve: Solver) -> Pattern:
    return Listed.of(orbital_codes(source, target))


def _by_counting(source: Action, target: Action, count: Counter) -> int:
    return leaf_dimension(source, target, dimension)


def _count_fibres(source: Action, target: Action, count: Counter) -> int:
    """By tables; as points less constants where a factor is standard; else fibre by fibre."""
    by_structure = table_dimension(source, target)
    if by_structure is not None:
        return by_structure
    without = without_standard(source, target)
    if without is not None:
        return dimension(*without[0]) - dimension(*without[1])
    return Fibred.between(source, target).dimension


def _by_fibres(source: Action, target: Action, solve: Solver) -> Basis:
    found = Fibred.between(source, target)
    return found if source.linear or target.linear else found.pattern()


RULES: tuple[Rule, ...] = (
    Rule("trivial", "every matrix commutes with the identity", why_not_free,
         lambda s, t, _: AllMatrices.between(s, t), lambda s, t, _: s.dimension * t.dimension),
    Rule("sums", "Hom of direct sums is the block array of Homs", why_not_sums, by_summands,
         count_summands),
    Rule("products", "Hom of outer products is the Kronecker product of the factors' Homs "
         "(Hartford et al. 2018)", why_not_product, by_factors, count_factors),
    Rule("partitions", "orbitals of S_n on tuples are set partitions of axes (Maron et al. 2019)",
         why_not_partitions, lambda s, t, _: SetPartitions.between(s, t),
         lambda s, t, _: SetPartitions.between(s, t).dimension),
    Rule("orbitals", "indicators of orbitals span the commutant (Ravanbakhsh et al. 2017)",
         _why_not_unsigned, _by_walk, _by_counting),
    Rule("signs", "signed indicators of the orbitals without contradiction span the commutant",
         _why_not_signed, _by_walk, _by_counting),
    Rule("fibres", "one small nullspace a pair orbital: what commutes with the stabilizer of the "
         "pair (Mackey 1951)", _always, _by_fibres, _count_fibres),
    Rule("nullspace", "the nullspace of the stacked constraints, eliminated modulo a prime, lifted "
         "and verified", why_not_nullspace, lambda s, t, _: Listed.of(nullspace_codes(s, t)),
         _by_counting),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The rule taken, and why each rule before it was not."""

    rule: Rule
    refused: tuple[tuple[str, str], ...]


def choose(source: Action, target: Action, asked: str | None = None) -> Choice:
    """The first rule of the table that applies, or the one asked for."""
    if asked is not None:
        rule = {rule.name: rule for rule in RULES}[asked]
        reason = rule.refusal(source, target)
        if reason is not None:
            expected = f"a rule that applies ({reason})"
            raise SpecError(f"rule: {asked}", expected, "leave `rule` out", path=("rule",))
        return Choice(rule, ())
    refused: list[tuple[str, str]] = []
    for rule in RULES:
        reason = rule.refusal(source, target)
        if reason is None:
            return Choice(rule, tuple(refused))
        refused.append((rule.name, reason))
    raise AssertionError("the rule of fibres applies to every pair of actions")


def basis(source: Action, target: Action, asked: str | None = None) -> Basis:
    """The basis of Hom(source, target); `asked` holds for the outermost problem only."""
    return choose(source, target, asked).rule.solve(source, target, basis)


def dimension(source: Action, target: Action) -> int:
    """Dim Hom(source, target) without the basis, by the first rule that applies."""
    return choose(source, target).rule.count(source, target, dimension)


@dataclass(frozen=True)
class Subproblem:
    """One problem met on the way: the rule that took it, and why those before it did not.

    It is met `times` times among the parts of the problem that it is a part of.
    """

    problem: str
    dimension: int
    rule: str
    refused: tuple[tuple[str, str], ...]
    depth: int
    times: int = 1


def explain(source: Action, target: Action, asked: str | None = None) -> list[Subproblem]:
    """The rule of a problem and of every part that it was taken into, outermost first."""
    steps: list[Subproblem] = []

    def visit(source: Action, target: Action, asked: str | None, depth: int, times: int) -> int:
        choice = choose(source, target, asked)
        name, place = choice.rule.name, len(steps)

        def part(s: Action, t: Action) -> int:
            alike = source.summands().count(s) * target.summands().count(t)
            return visit(s, t, None, depth + 1, alike if name == "sums" else 1)

        total = choice.rule.count(source, target, part)
        problem = f"{source} -> {target}"
        steps.insert(place, Subproblem(problem, total, name, choice.refused, depth, times))
        return total

    visit(source, target, asked, 0, 1)
    return steps
