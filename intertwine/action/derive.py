"""Permutations read off code: what a function does to an array of indices."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError, shown
from intertwine.limits import require


def permutation_from(function: Callable[[Any], Any], shape: Sequence[int]) -> NDArray[np.intp]:
    """The image list of a function that rearranges arrays of a shape, such as `numpy.flip`.

    The function is applied once to the array of row-major indices, of NumPy or, if it will not take
    that, of torch; `g x = function(x)` then says that point i goes to the place where i lands.

    >>> permutation_from(np.flip, (3,)).tolist()
    [2, 1, 0]
    """
    size = prod(shape)
    require(32 * size, f"an index array of shape {tuple(shape)}", "take a smaller shape")
    indices = np.arange(size, dtype=np.int64).reshape(tuple(shape))
    name = getattr(function, "__name__", shown(repr(function)))
    moved = np.asarray(_applied(function, indices, name))
    flat = moved.ravel()
    if flat.size != size or not np.array_equal(np.sort(flat), np.arange(size)):
        raise SpecError(
            f"{shown(name)}, which turns {size} indices into {shown(flat.tolist())}",
            "a function that only moves entries, each to one place",
            f"try it on an array of shape {tuple(shape)}",
        )
    images = np.empty(size, dtype=np.intp)
    images[flat] = np.arange(size)
    return images


def _applied(function: Callable[[Any], Any], indices: NDArray[np.int64], name: str) -> Any:
    torch = sys.modules.get("torch")
    attempts = [indices] if torch is None else [indices, torch.from_numpy(indices)]
    if torch is not None and str(getattr(function, "__module__", "")).startswith("torch"):
        attempts.reverse()
    said = ""
    for attempt in attempts:
        try:
            return function(attempt)
        except (TypeError, AttributeError, ValueError, IndexError, RuntimeError) as error:
            said = said or str(error)
    raise SpecError(
        f"{shown(name)}, which fails on an index array of shape {indices.shape}",
        "a function of one array",
        f"it says: {shown(said, 120)}",
    )
