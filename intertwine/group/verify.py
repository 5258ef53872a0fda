"""The proof that a stabilizer chain is complete, by the Schreier elements of every level.

Let U be the transversal of a level, K the group of the deeper levels, proved before, and X elements
that generate what the level's strong generators S do.  If x u sifts to the identity for each x in
X and u in U, then X permutes the cosets u K; so U K holds <X>, and is it (Schreier 1927, Leon
1980).

Each row of a batch is one element, in the smallest integers that hold it; a table of inverse coset
representatives turns a level's part of the sifting into one look-up a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from intertwine.group.level import SmallBatch, inverted
from intertwine.group.permutation import Indices
from intertwine.limits import spend
from intertwine.progress import track

if TYPE_CHECKING:
    from intertwine.group.chain import StabilizerChain

_BLOCK_ENTRIES = 1 << 17
_MANY = 3
_MUCH_WORK = 1 << 25
# Of looking up one point of one element at one level.
_SECONDS = 3e-9


def verify(chain: StabilizerChain, generators: Sequence[Indices]) -> None:
    """Prove or complete the chain of the group that these generate, deepest level first."""
    number, proved = len(chain.levels) - 1, [list[Indices]()]
    while number >= 0:
        some = [*chain.strong_at(number), *proved[-1]]
        if number == 0 and len(generators) < len(some):
            some = list(generators)
        some = _fewer(chain, number, some)
        residue = next(_unexplained(chain, number, some), None)
        if residue is None:
            proved.append(some)
            number -= 1
        else:
            depth = chain.absorb(residue)
            assert depth is not None, "a residue that sifts away"
            number, proved = depth, proved[: len(chain.levels) - depth]
    chain.levels = [replace(level) for level in chain.levels]  # lets the tables go


def _fewer(chain: StabilizerChain, number: int, some: list[Indices]) -> list[Indices]:
    """A few random elements X in place of many, where that saves time.

    The orbit lengths of any chain bound the order of its group from below.  So where a chain of
    <X> reaches |U| |K|, and <X> lies in U K, it is U K; and S, which lies there too, generates it.
    """
    sifted = len(some) * len(chain.levels[number].orbit) * (len(chain.levels) - number)
    if len(some) <= _MANY or sifted * chain.degree < _MUCH_WORK:
        return some
    least = prod(level.tree.size for level in chain.levels[number:])
    dice = np.random.default_rng(number)
    for count in (2, 3, 4):
        few = [_random_element(chain, number, dice) for _ in range(count)]
        if chain.sketch(few, chain.degree, least).order >= least:
            return few
    return some


def _random_element(chain: StabilizerChain, number: int, dice: np.random.Generator) -> Indices:
    """The inverse of a product of random coset representatives, one a level."""
    element = np.arange(chain.degree, dtype=np.intp)
    for level in chain.levels[number:]:
        element = level.bring_home(element, dice.choice(level.orbit))
    return element


def _unexplained(chain: StabilizerChain, number: int, some: Sequence[Indices]) -> Iterator[Indices]:
    """What is left of S, and of x u for each of `some` x and each u in U, when sifted."""
    level = chain.levels[number]
    small = level.inverse_transversal.dtype
    strong, elements = (
        np.stack(chain.strong_from(number)).astype(small),
        np.stack(some).astype(small),
    )
    yield from _residues(chain, number, strong)
    rows = max(1, _BLOCK_ENTRIES // chain.degree)
    spend(
        len(some) * len(level.orbit) * (len(chain.levels) - number) * chain.degree * _SECONDS,
        f"the proof of the order of a group on {chain.degree} points",
        "take fewer points, or a group that has a name",
    )
    for start in track(range(0, len(level.orbit), rows), f"proving level {number} of the group"):
        representatives = inverted(level.inverse_transversal[start : start + rows])
        together = max(1, _BLOCK_ENTRIES // representatives.size)
        for first in range(0, len(elements), together):
            products = elements[first : first + together].take(representatives.ravel(), axis=1)
            yield from _residues(chain, number, products.reshape(-1, chain.degree))


def _residues(chain: StabilizerChain, number: int, batch: SmallBatch) -> Iterator[Indices]:
    """What is left, after the levels from `number` on, of the rows that are not explained."""
    for level in chain.levels[number:]:
        inside = level.tree.edge[batch[:, level.tree.root]] != -2
        if inside.all():
            batch = level.strip_by_table(batch)
        else:
            batch[inside] = level.strip_by_table(batch[inside])
    wrong = (batch != np.arange(chain.degree, dtype=batch.dtype)).any(axis=1)
    yield from batch[wrong].astype(np.intp)
