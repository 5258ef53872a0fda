"""Steps on weights: what makes of the coefficients of maps a matrix, a kernel, or a bias."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from intertwine.action.linear import Sparse
from intertwine.hom.pattern import Codes
from intertwine.plan.steps.step import Array, Unary, Values
from intertwine.plan.table import Table


@dataclass(frozen=True, eq=False)
class Change(Unary):
    """The coefficients of other maps, by a constant matrix of shape (those maps, maps)."""

    out: str
    given: str
    change: Table

    def of(self, x: Array) -> Array:
        """The coefficients."""
        return np.tensordot(self.change.of(x), x, axes=1)

    def __str__(self) -> str:
        return f"{self.out} = {self.change} {self.given}"


class Spelled(Unary):
    """Entries made of weights, or of a bias; of no bias none."""

    def run(self, values: Values) -> dict[str, Array]:
        """The entries."""
        return {self.out: values[self.given]} if values[self.given] is None else super().run(values)


@dataclass(frozen=True, eq=False)
class Expand(Spelled):
    """The weights where their codes stand, with signs; zero where a code is 0.

    A code +-(k + 1) stands for +-weight k: in a matrix (output points, input points), a kernel
    (orbits, orbits, taps...) or a bias (points).  The channels stand behind these axes.
    """

    out: str
    given: str
    codes: Codes

    def of(self, x: Array) -> Array:
        """The entries."""
        return spelled(self.codes, x)

    def __str__(self) -> str:
        return f"{self.out} = {self.given} at codes {' x '.join(map(str, self.codes.shape))}"


@dataclass(frozen=True, eq=False)
class Combine(Spelled):
    """The sum of maps times their weights; row k of the stack is map k, row-major, of a shape."""

    out: str
    given: str
    stack: Sparse
    shape: tuple[int, ...]

    def of(self, x: Array) -> Array:
        """The entries."""
        flat = self.stack.T @ x.reshape(len(x), prod(x.shape[1:]))
        return np.asarray(flat).reshape(*self.shape, *x.shape[1:])

    def __str__(self) -> str:
        shape = " x ".join(map(str, self.shape))
        return f"{self.out} = {self.given} times {self.stack.shape[0]} maps {shape}"


@dataclass(frozen=True)
class Shift(Unary):
    """A bias, of a number a channel and point, added on axes of `shape` if the layer has one."""

    out: str
    given: str
    bias: str
    shape: tuple[int, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """The data, and the bias."""
        return (self.given, self.bias)

    def of(self, x: Array) -> Array:
        """The data alone."""
        return x

    def run(self, values: Values) -> dict[str, Array]:
        """The sum."""
        x, bias = values[self.given], values[self.bias]
        if bias is None:
            return {self.out: x}
        return {self.out: x + bias.T.reshape(-1, *self.shape)}

    def __str__(self) -> str:
        return f"{self.out} = {self.given} + {self.bias}"


def spelled(codes: Codes, coefficients: Array) -> Array:
    """The coefficients put where their codes stand, with signs; zero where the code is 0."""
    nothing = np.zeros((1, *coefficients.shape[1:]), dtype=coefficients.dtype)
    table = np.concatenate([nothing, coefficients])
    signs = np.sign(codes).reshape(codes.shape + (1,) * (coefficients.ndim - 1))
    return np.asarray(table[np.abs(codes)] * signs)
