"""What the values of a program are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intertwine.plan.steps.channels import bias_of, weight_of


@dataclass(frozen=True)
class Ends:
    """One block of a layer in its program: an input, an output, and what is kept between them.

    The names of values made on the way end in `suffix`.
    """

    source: str
    target: str
    x: str = "x"
    y: str = "y"
    suffix: str = ""

    @property
    def weight(self) -> str:
        """The value of the weights."""
        return weight_of(self.target, self.source)

    @property
    def bias(self) -> str:
        """The value of the output's bias."""
        return bias_of(self.target)

    def name(self, stem: str) -> str:
        """A value of this block."""
        return f"{stem}{self.suffix}"

    def named(self, value: str, axes: Sequence[int]) -> str:
        """What a value is called after some axes are gone.

        >>> Ends("input", "output").named("x", (0, 2)), Ends("input", "output").named("x", ())
        ('x_02', 'x')
        """
        return self.name(f"{value}_{''.join(map(str, axes))}") if axes else value
