"""What a strategy answers: a proposal of how to compute a block, or a refusal in words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

from intertwine.group.permutation import Indices
from intertwine.plan.block import Ends
from intertwine.plan.cost import Cost
from intertwine.plan.steps.step import Step
from intertwine.plan.steps.weights import Shift


@dataclass(frozen=True)
class Refusal:
    """Why a strategy does not apply, in words."""

    reason: str

    def __str__(self) -> str:
        return self.reason


class Bias(Protocol):
    """The invariants of an output."""

    def made(self, out: str, given: str, points: Indices | None = None) -> Step:
        """The step that makes a number a point of them times weights, at all or at some points."""
        ...


class Expanding(Protocol):
    """What makes the full matrix of a block."""

    def matrix(self, out: str, ends: Ends) -> Step:
        """The step that makes it."""
        ...


class Proposal(ABC):
    """A way to compute the maps of one block, from the weights of the canonical basis."""

    # Whether pages hold the rows of its table of codes at representatives alone, from which others
    # follow.
    walks = True

    @abstractmethod
    def steps(self, ends: Ends, rank: int, shape: tuple[int, ...]) -> list[Step]:
        """From the block's input, of `rank` axes, to its part of the output, of a shape."""

    @property
    def expansion(self) -> Expanding | None:
        """What makes the full matrix of the block, where that is how it is computed."""
        return None

    @property
    def expands(self) -> bool:
        """Whether it makes the full matrix of the block."""
        return self.expansion is not None

    def with_bias(self, ends: Ends, rank: int, shape: tuple[int, ...], bias: Bias) -> list[Step]:
        """The steps of a layer that has this block alone."""
        return [*self.steps(ends, rank, shape), *shifted(ends, bias, shape)]

    @abstractmethod
    def multiply_adds(self, channels: int) -> int:
        """How many a sample, with as many channels in and out."""

    @abstractmethod
    def work(self, channels: int) -> float:
        """The multiply-adds a sample of a dense product that takes as long: the least is chosen."""

    @abstractmethod
    def parts(self) -> list[Cost]:
        """What each part costs; none where the whole is the full matrix."""

    @property
    def computed(self) -> str:
        """How a page says that it computes."""
        return str(self)

    @abstractmethod
    def pays(self, dense: float) -> bool:
        """Whether a full matrix that is kept, of so many multiply-adds a batch, is faster."""

    @property
    def skips(self) -> bool:
        """Whether it may be computed at some places of a grid alone."""
        return False

    @abstractmethod
    def __str__(self) -> str:
        """How it computes, in words."""


def shifted(ends: Ends, bias: Bias, shape: tuple[int, ...]) -> list[Step]:
    """The steps that add the bias to what is made."""
    added = ends.name("bias")
    return [bias.made(added, ends.bias), Shift(ends.y, ends.y, added, shape)]
