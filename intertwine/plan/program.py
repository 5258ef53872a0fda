"""Straight-line programs: a layer is steps, one after another, and the values that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intertwine.plan.steps.channels import Mix, bias_of, weight_of
from intertwine.plan.steps.step import Array, Step


@dataclass(frozen=True)
class Program:
    """Steps in order, and which value each output is.

    >>> from intertwine.pipeline import solve
    >>> cube = {"name": "cube", "group": {"symmetric": 4}, "input": "points", "output": "points"}
    >>> print(solve(cube).plan.program)
    x_a = mean(x, -1)
    y_a = mix(x_a)
    y_i = y_a + mix(x)
    """

    steps: tuple[Step, ...]
    results: tuple[tuple[str, str], ...]

    @property
    def mixes(self) -> tuple[Mix, ...]:
        """The steps that hold weights of diagrams, one a level."""
        return tuple(step for step in self.steps if isinstance(step, Mix))

    def run(
        self,
        inputs: Mapping[str, Array],
        weights: Mapping[tuple[str, str], Array],
        biases: Mapping[str, Array],
    ) -> dict[str, Array]:
        """Every output, in NumPy, from inputs of shape (batch..., channels, axes...).

        `weights[target, source]` has shape (maps, out channels, in channels), `biases[target]`
        (invariants, channels); a bias that is not given is none.  Integers and Fractions, in arrays
        of objects, are computed exactly.
        """
        values: dict[str, Any] = dict(inputs)
        values |= {weight_of(*pair): weight for pair, weight in weights.items()}
        values |= {bias_of(target): biases.get(target) for target, _ in self.results}
        for step in self.steps:
            values |= step.run(values)
        return {target: values[value] for target, value in self.results}

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps))
