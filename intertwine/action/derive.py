"""Permutations read off code: what a function does to an array of indices."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from math import prod
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import IntertwineError, SpecError, shown
from intertwine.limits import require
from intertwine.numerals import many


def permutation_from(
    function: Callable[[Any], Any], shape: int | Sequence[int]
) -> NDArray[np.intp]:
    """The image list of a function that rearranges arrays of a shape, such as `numpy.flip`.

    The function is applied once to the array of row-major indices, of NumPy or, if it will not take
    that, of torch; `g x = function(x)` then says that point i goes to the place where i lands.  It
    must keep the shape: places are numbered alike before and after.

    >>> permutation_from(np.flip, 3).tolist()
    [2, 1, 0]
    """
    axes = _axes(shape)
    size = prod(axes)
    require(40 * size, f"an index array of shape {axes}", "take a smaller shape")
    name = getattr(function, "__name__", shown(repr(function)))
    moved = _array(_applied(function, axes, name), name)
    flat = moved.ravel()
    places = _integers(flat)
    images = np.full(size, -1, dtype=np.intp)
    if len(flat) == size and places is not None and ((places >= 0) & (places < size)).all():
        images[places] = np.arange(size)
    if len(flat) != size or (images < 0).any():
        raise SpecError(
            f"{shown(name)}, which turns {many(size, 'index')} into {shown(flat.tolist())}",
            "a function that only moves entries, each to one place",
            f"try it on an array of shape {axes}",
        )
    if moved.shape != axes:
        raise SpecError(
            f"{shown(name)}, which turns an array of shape {axes} into one of shape {moved.shape}",
            "a function that keeps the shape",
            "take a shape that it keeps, or reshape what it returns to the shape before",
        )
    return images


def _axes(shape: int | Sequence[int]) -> tuple[int, ...]:
    try:
        axes = tuple(map(index, shape if isinstance(shape, Iterable) else (shape,)))
    except TypeError:
        axes = (-1,)
    if any(not 0 <= length <= sys.maxsize for length in axes):
        raise SpecError(
            f"the shape {shown(shape)}",
            "the lengths of the axes, whole numbers from 0 up",
            "write such as (4, 6), or one number for one axis",
        )
    return axes


def _applied(function: Callable[[Any], Any], axes: tuple[int, ...], name: str) -> Any:
    """What the function returns, each attempt on an array of its own."""
    torch = sys.modules.get("torch")

    def indices() -> NDArray[np.int64]:
        return np.arange(prod(axes), dtype=np.int64).reshape(axes)

    attempts: list[Callable[[], Any]] = [indices]
    if torch is not None:
        attempts.append(lambda: torch.from_numpy(indices()))
        if str(getattr(function, "__module__", "")).startswith("torch"):
            attempts.reverse()
    said = ""
    for attempt in attempts:
        try:
            return function(attempt())
        except (IntertwineError, MemoryError):
            raise
        except Exception as error:
            said = said or f"{type(error).__name__}: {error}"
    raise SpecError(
        f"{shown(name)}, which fails on an index array of shape {axes}",
        "a function of one array",
        f"it says: {shown(said, 120)}",
    )


def _array(result: Any, name: str) -> NDArray[Any]:
    try:
        return np.asarray(result)
    except (TypeError, ValueError, RuntimeError) as error:
        raise SpecError(
            f"{shown(name)}, which returns a {type(result).__name__} that is no array",
            "a function that returns the array, its entries moved",
            f"NumPy says: {shown(str(error), 120)}",
        ) from error


def _integers(entries: NDArray[Any]) -> NDArray[np.int64] | None:
    """The entries as integers, or `None` if they are not; truth values are none."""
    kind = entries.dtype.kind
    if kind not in "iufO" or (kind == "O" and any(isinstance(x, bool | np.bool_) for x in entries)):
        return None
    try:
        with np.errstate(invalid="ignore"):
            integers = entries.astype(np.int64, copy=False)
        return integers if np.array_equal(integers, entries) else None
    except (TypeError, ValueError, OverflowError):
        return None
