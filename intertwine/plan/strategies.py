"""Strategies: ways to compute a block, in one ordered table; the cheapest proposal is taken.

Every strategy computes the same maps, from weights of the same canonical basis, in the same steps.
One that does not apply says why, and one may be asked for by its word in a spec's `strategy`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from intertwine.action.action import Action
from intertwine.errors import SpecError
from intertwine.hom.rules import dimension
from intertwine.limits import memory_limit
from intertwine.plan.cost import CHANNELS
from intertwine.plan.proposal import Proposal, Refusal
from intertwine.plan.strategy.axis_sums import by_axes
from intertwine.plan.strategy.convolution import by_taps, by_transforms
from intertwine.plan.strategy.expand import by_expanding
from intertwine.plan.strategy.isotypic import MOST_NUMBERS, by_components
from intertwine.plan.strategy.small_sets import MOST_FACTORED, MOST_TRIED, by_small_sets
from intertwine.plan.support import Wish
from intertwine.plan.task import Task
from intertwine.plan.torus import Torus

# The names of an output and an input.
Block = tuple[str, str]


@dataclass(frozen=True)
class Strategy:
    """A way to compute a block: the idea, and what it proposes for a task, or why it does not.

    `word` is that of a spec which asks for it; a spec that does so in vain is told what the
    strategy `needs`, and what to do.
    """

    name: str
    word: str
    idea: str
    propose: Callable[[Task], Proposal | Refusal]
    needs: str = ""
    advice: str = "leave it out, or write expand"


_TRANSLATIONS = "generators that commute and shift input and output freely, such as a grid's"
_SHIFTING = "leave it out, or act by translations on both sides"

# Of proposals that take equally long the first is chosen.
STRATEGIES: tuple[Strategy, ...] = (
    Strategy("taps", "convolve", "one product for each tap of a kernel of a radius", by_taps,
             _TRANSLATIONS, _SHIFTING),
    Strategy("sums over axes", "", "sums over sets of axes where these decide each map (Delsarte "
             "1973)", by_axes),
    Strategy("small sets", "factor", "maps onto small sets, a mix there, and maps from them",
             by_small_sets,
             f"actions without signs, and a dimension from 1 to {MOST_FACTORED}"),
    Strategy("transforms", "convolve", "the convolution theorem: one product a frequency",
             by_transforms, _TRANSLATIONS, _SHIFTING),
    Strategy("components", "", "Schur's lemma: mix the copies of each irreducible representation",
             by_components),
    Strategy("full matrix", "expand", "the matrix of all maps times their weights", by_expanding),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Answer:
    """What a strategy says to a task."""

    strategy: Strategy
    said: Proposal | Refusal

    @property
    def work(self) -> float | None:
        """The multiply-adds of a dense product that takes as long; None where it refuses."""
        return None if isinstance(self.said, Refusal) else self.said.work(CHANNELS)


@dataclass(frozen=True, eq=False)
class Choice:
    """The proposal that is taken for a task, and what every strategy says to it."""

    task: Task
    route: Proposal
    answers: tuple[Answer, ...]


def choose(task: Task) -> Choice:
    """The cheapest proposal of the table, or of the strategies that the spec asks for.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.group.named import cyclic
    >>> from intertwine.hom.space import IntertwinerSpace
    >>> from intertwine.plan.support import Wish
    >>> ring = SetAction(cyclic(30), "points")
    >>> print(choose(Task.of(IntertwinerSpace(ring, ring), Wish(), stacked=False)).route)
    convolution over 30, full support, kernel 1 x 1
    """
    word = task.wish.strategy
    rows = [strategy for strategy in STRATEGIES if word in ("auto", strategy.word)]
    answers = [Answer(strategy, strategy.propose(task)) for strategy in rows]
    proposals = [a.said for a in answers if not isinstance(a.said, Refusal)]
    if not proposals:
        last = answers[-1]
        raise SpecError(
            f"layer: strategy: {word}, with {task.source} -> {task.target}",
            f"{last.strategy.needs} ({last.said})",
            last.strategy.advice,
        )
    unasked = Refusal(f"strategy: {word} is asked for")
    answered = {a.strategy.name: a for a in answers}
    every = (answered.get(row.name) or Answer(row, unasked) for row in STRATEGIES)
    return Choice(task, min(proposals, key=lambda p: p.work(CHANNELS)), tuple(every))


def choose_each(tasks: Mapping[Block, Task]) -> dict[Block, Choice]:
    """The choice for each block of a layer; blocks that a strategy asked for cannot do do without.

    Raises:
        SpecError: no block can be computed as is asked for.
    """
    choices: dict[Block, Choice] = {}
    refusals: list[SpecError] = []
    for block, task in tasks.items():
        try:
            choices[block] = choose(task)
        except SpecError as refusal:
            refusals.append(refusal)
            choices[block] = choose(replace(task, wish=replace(task.wish, strategy="auto")))
    if len(refusals) == len(tasks):
        raise refusals[0]
    return choices


def must_expand(source: Action, target: Action, wish: Wish) -> bool:
    """Whether nothing but the full matrix can be proposed, as is known before a space is solved.

    Other strategies read a table of the maps, which must fit into memory.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.action.tuples import Subsets
    >>> from intertwine.group.named import dihedral
    >>> points = SetAction(dihedral(200), "points")
    >>> pairs = Subsets(points.group, points, 2)
    >>> must_expand(pairs, pairs, Wish()), must_expand(pairs, pairs, Wish("expand"))
    (False, True)
    """
    if wish.strategy == "expand" or source.dimension * target.dimension > memory_limit():
        return True
    if source.linear or target.linear:
        numbers = source.dimension**2 + target.dimension**2
        return wish.restricts or numbers > MOST_NUMBERS
    if wish.radius is not None or Torus.of(source, target, free=wish.strategy != "auto"):
        return False
    if wish.restricts or source.signed or target.signed:
        return True
    return dimension(source, target) > (MOST_TRIED if wish.strategy == "auto" else MOST_FACTORED)
