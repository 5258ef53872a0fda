"""Nearly uniform random group elements by product replacement (Celler et al. 1995, "rattle").

Randomness makes things fast, never right or wrong, so the generator's seed is fixed: the same spec
takes the same path.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Generic, Protocol, Self, TypeVar


class Element(Protocol):
    """Anything with a product: a permutation array is wrapped, a signed permutation is one."""

    def __mul__(self, other: Self) -> Self: ...


_FEW_SLOTS = 11
_MIXING_A_SLOT = 10

T = TypeVar("T", bound=Element)


class RandomElements(Generic[T]):
    """An endless supply of random elements of the group that `generators` generate."""

    def __init__(self, generators: Sequence[T], seed: int = 0, mixing: int = 60) -> None:
        self._dice = Random(seed)
        slots = max(_FEW_SLOTS, len(generators) + 1)
        self._slots = [generators[i % len(generators)] for i in range(slots)]
        self._accumulator = generators[0]
        for _ in range(max(mixing, _MIXING_A_SLOT * slots if slots > _FEW_SLOTS else 0)):
            self.draw()

    def draw(self) -> T:
        """The next element: two slots are multiplied, and the product joins the accumulator."""
        count, roll = len(self._slots), self._dice.random
        i = int(count * roll())
        left, right = self._slots[i], self._slots[(i + 1 + int((count - 1) * roll())) % count]
        self._slots[i] = left * right if roll() < 0.5 else right * left
        self._accumulator = self._accumulator * self._slots[i]
        return self._accumulator
