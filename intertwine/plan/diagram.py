"""Partition diagrams: the maps between tensors of symmetric groups, for every n at once.

A diagram ties the axes of the output and of the input into blocks.  Its map A keeps the entries
whose tied indices are equal, whatever the others are; unlike the orbitals, diagrams overlap, but
they do not depend on n (Maron et al. 2019; Godfrey et al. 2023).  Every diagram is a pool (tie
input axes, average those blocks that no output axis is tied to), a mix of channels, and a spread
(repeat along the blocks that no input axis is tied to, on the diagonal that ties the output axes).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import prod
from string import ascii_lowercase

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.action.structure import Tensor
from intertwine.hom.partition import GrowthString, growth_strings


@dataclass(frozen=True)
class Axes:
    """The axes of a field: the factor of the group that permutes each, or None where none does."""

    factors: tuple[str | None, ...]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, action: Action) -> Axes | None:
        """Those of an action, or None where some factor is not the points of a symmetric group."""
        parts = [_axis(part) for part in _leaves(action)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return cls(tuple(name for name, _ in known), tuple(size for _, size in known))

    @property
    def moved(self) -> tuple[int, ...]:
        """The axes that some factor permutes."""
        return tuple(a for a, factor in enumerate(self.factors) if factor is not None)

    @property
    def fixed(self) -> tuple[int, ...]:
        """The axes that nothing permutes."""
        return tuple(a for a, factor in enumerate(self.factors) if factor is None)

    @property
    def copies(self) -> int:
        """How many tensors the fixed axes count."""
        return prod(self.sizes[a] for a in self.fixed)

    @property
    def names(self) -> tuple[str, ...]:
        """The factor of each moved axis."""
        return tuple(f for f in self.factors if f is not None)


def _leaves(action: Action) -> Iterator[Action]:
    """The tensor factors, one an axis, those of one point too."""
    if isinstance(action, Tensor):
        for part in action.members:
            yield from _leaves(part)
    elif isinstance(action, Lifted) and isinstance(action.inner, Tensor):
        for part in action.inner.members:
            yield from _leaves(Lifted(action.group, action.factor, part))
    else:
        yield action


def _axis(part: Action) -> tuple[str | None, int] | None:
    if isinstance(part, Trivial):
        return None, part.size
    inner, name = (part.inner, part.factor) if isinstance(part, Lifted) else (part, "")
    if isinstance(inner, Trivial):
        return None, inner.size
    group = inner.group
    natural = group.sets.get(group.natural or "")
    if not isinstance(inner, SetAction) or inner.name != group.natural or natural is None:
        return None
    symmetric = group.transitivity == natural.degree and not natural.signed
    return (name, natural.degree) if symmetric and len(natural.shape) == 1 else None


@dataclass(frozen=True)
class Ends:
    """One end of diagrams: its moved axes tied into blocks, of which `kept` cross to the other end.

    `string` names the block of each moved axis, `factors` the factor of each block; `kept` is in
    the order of factors, and within one factor that of first axes.
    """

    string: GrowthString
    factors: tuple[str, ...]
    kept: tuple[int, ...]

    @property
    def level(self) -> tuple[str, ...]:
        """The factor of each block that crosses: ends of one level can be joined."""
        return tuple(self.factors[b] for b in self.kept)

    @property
    def loose(self) -> int:
        """How many blocks stay on this side."""
        return len(self.factors) - len(self.kept)

    def letters(self) -> str:
        """One a moved axis: i, j, ... for what crosses, a, b, ... for what does not.

        >>> Ends((0, 1, 0), ("", ""), (0,)).letters()
        'iai'
        """
        kept = sorted(self.kept)
        loose = [b for b in range(len(self.factors)) if b not in kept]
        named = dict(zip(kept, "ijklmnopq", strict=False)) | dict(
            zip(loose, "abcdefgh", strict=False)
        )
        return "".join(named[b] for b in self.string)


def ends(axes: Axes, order: Sequence[str] | None = None) -> Iterator[Ends]:
    """All ends of a field, coarsest ties first; `order` is that of the factors in a level.

    Without it they are in alphabetical order.
    """
    named = sorted(set(axes.names)) if order is None else order
    place = {factor: number for number, factor in enumerate(named)}
    for string in _strings(axes.names):
        blocks = max(string, default=-1) + 1
        factors = tuple(axes.names[string.index(b)] for b in range(blocks))
        for count in range(blocks + 1):
            for kept in combinations(range(blocks), count):
                yield Ends(
                    string, factors, tuple(sorted(kept, key=lambda b: (place[factors[b]], b)))
                )


def joined(
    target: Ends, source: Ends, crossing: Sequence[int]
) -> tuple[GrowthString, GrowthString]:
    """The diagram in which kept block t of the target is tied to kept block crossing[t].

    It is a growth string over the output axes and then the input axes, as two strings.

    >>> point = Ends((0,), ("",), (0,))
    >>> joined(point, point, (0,))
    ((0,), (0,))
    """
    crossed = {source.kept[s]: target.kept[t] for t, s in enumerate(crossing)}
    blocks = len(target.factors)
    inner: list[int] = []
    renamed: dict[int, int] = dict(crossed)
    for block in source.string:
        if block not in renamed:
            renamed[block] = blocks
            blocks += 1
        inner.append(renamed[block])
    return target.string, tuple(inner)


def crossings(level: Sequence[str]) -> list[tuple[int, ...]]:
    """The ways to join two ends of a level: permutations that keep the factor of each block.

    >>> crossings(("a", "b", "b"))
    [(0, 1, 2), (0, 2, 1)]
    """
    kept = tuple(level)
    return [
        p
        for p in permutations(range(len(kept)))
        if all(kept[a] == kept[b] for a, b in enumerate(p))
    ]


def diagrams(source: Axes, target: Axes) -> list[GrowthString]:
    """All diagrams between two fields, in lexicographic order of their growth strings.

    A string names the block of each moved output axis, then of each moved input axis.

    >>> pair = Axes(("", ""), (5, 5))
    >>> len(diagrams(pair, pair)), diagrams(Axes(("",), (5,)), Axes(("",), (5,)))
    (15, [(0, 0), (0, 1)])
    """
    return list(_strings(target.names + source.names))


def spelled(string: GrowthString, outputs: int) -> str:
    """A diagram in letters, output axes first.

    >>> spelled((0, 1, 1, 2), 2)
    'ab bc'
    """
    letters = "".join(ascii_lowercase[b] for b in string)
    return f"{letters[:outputs]} {letters[outputs:]}".strip()


def _strings(names: Sequence[str]) -> Iterator[GrowthString]:
    """Set partitions of the axes in which each block has axes of one factor, lexicographic."""
    places = {name: [a for a, n in enumerate(names) if n == name] for name in dict.fromkeys(names)}
    found = []
    for strings in product(*(growth_strings(len(axes), len(axes)) for axes in places.values())):
        blocks: list[tuple[str, int]] = [("", 0)] * len(names)
        for (name, axes), string in zip(places.items(), strings, strict=True):
            for axis, block in zip(axes, string, strict=True):
                blocks[axis] = (name, block)
        order = list(dict.fromkeys(blocks))
        found.append(tuple(order.index(block) for block in blocks))
    yield from sorted(found)
