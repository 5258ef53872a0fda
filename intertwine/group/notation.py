"""Permutations as people write them: image lists, cycle strings, signed image lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError, shown
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require
from intertwine.numerals import many

_LONGEST_TEXT = 1 << 24
_LONGEST_NUMBER = 18
_ALONE = "put one comma or blank between two points"
_BREAK = re.compile(r"\)\s*\(")


def parse_permutation(value: object, degree: int | None = None, base: int = 0) -> SignedPermutation:
    """The permutation that an image list or a cycle string describes; points count from `base`.

    Args:
        value: a list or one-dimensional integer array of images, or text such as `(0 1 2)(3 4)`.
        degree: how many points there are; by default the list's length or the largest point.
        base: the number of the first point, 0 or 1.

    Raises:
        SpecError: it is not a permutation of these points.

    >>> print(parse_permutation([1, 2, 0]), parse_permutation("(1 2)(3,4)", 5, base=1))
    (0 1 2) (0 1)(2 3)
    """
    if base not in (0, 1):
        raise SpecError(f"base: {shown(base)}", "0 or 1", "write `base: 1` or leave it out")
    if isinstance(value, str):
        return _from_cycles(value, degree, base)
    expected = "an image list such as [1, 2, 0] or cycles such as '(0 1 2)'"
    images = _integers(value, expected, base)
    _check_length(images, degree, "every point has one image")
    _check_bijection(images, base, _brief(value))
    return SignedPermutation((images - base).astype(np.intp))


def parse_signed(value: object, degree: int | None = None) -> SignedPermutation:
    """The signed permutation of axes in a one-based image list with the sign beside the image.

    Args:
        value: a list or array; `[-2, 1, 3]` sends axis 1 to minus axis 2 and axis 2 to axis 1.
        degree: how many axes there are; by default the list's length.

    Raises:
        SpecError: without the signs it is not a permutation of 1 .. degree.

    >>> print(parse_signed([-2, 1, 3]))
    (0 1)[-,+,+]
    """
    images = _integers(value, "a signed image list such as [-2, 1, 3]", 1)
    _check_length(images, degree, "every axis has one image")
    if (zero := np.flatnonzero(images == 0)).size:
        raise SpecError(
            f"{_brief(value)} with the image 0 at place {zero[0] + 1}",
            f"images 1 .. {len(images)}, each with its sign",
            "count the axes from 1, because 0 has no sign",
        )
    _check_bijection(np.abs(images), 1, _brief(value), "signed images count from 1")
    return SignedPermutation.of(np.abs(images) - 1, np.sign(images))


def _from_cycles(text: str, degree: int | None, base: int) -> SignedPermutation:
    cycles = _cycles(text)
    points = [point for cycle in cycles for point in cycle]
    largest = max(points, default=base - 1)
    n = largest + 1 - base if degree is None else degree
    if points and (min(points) < base or largest >= n + base):
        zero_based, one_based = min(points) < base, largest == n and min(points) > 0
        raise _outside(
            f"the point {min(points) if zero_based else largest} in {shown(text)}",
            f"points {base} .. {n - 1 + base}" if degree else f"points from {base} on",
            zero_based if base else one_based,
            base,
        )
    require(24 * n, f"a permutation of {n} points", "check the largest point in the cycles")
    images = np.arange(n, dtype=np.intp)
    sources = np.array(points, dtype=np.intp) - base
    targets = np.array([p for c in cycles for p in (*c[1:], *c[:1])], dtype=np.intp) - base
    counts = np.bincount(sources, minlength=n)
    if (twice := np.flatnonzero(counts > 1)).size:
        raise SpecError(
            f"{shown(text)} with the point {twice[0] + base} more than once",
            "disjoint cycles, so each point at most once",
            "multiply the cycles out, or write an image list",
        )
    images[sources] = targets
    return SignedPermutation(images)


def _cycles(text: str) -> list[list[int]]:
    """The points of each cycle, as written; linear in the length of the text."""
    if len(text) > _LONGEST_TEXT:
        raise SpecError(
            f"{len(text)} characters of cycles", f"at most {_LONGEST_TEXT}", "write an image list"
        )
    body = text.strip()
    if len(body) < 2 or body[0] != "(" or body[-1] != ")":
        raise _malformed(text, "it must begin with ( and end with )")
    return [_cycle(part, text) for part in _BREAK.split(body[1:-1])]


def _cycle(part: str, text: str) -> list[int]:
    if not part.strip():
        return []
    points = [word for chunk in part.split(",") for word in chunk.split() or [""]]
    for word in points:
        if not (word.isascii() and word.isdigit()):
            raise _malformed(text, f"{shown(word, 20)!r} is not a point" if word else _ALONE)
        if len(word) > _LONGEST_NUMBER:
            raise _malformed(text, f"{shown(word, 20)!r} is too large for a point")
    return [int(word) for word in points]


def _malformed(text: str, reason: str) -> SpecError:
    return SpecError(
        repr(shown(text)), "cycles such as '(0 1 2)(3 4)', or '()' for the identity", reason
    )


def _integers(value: object, expected: str, base: int) -> NDArray[np.int64]:
    """The entries as 64-bit integers; anything that is not a flat list of integers is refused.

    Places count from `base`, as images do.
    """
    if isinstance(value, np.ndarray):
        if value.ndim != 1 or value.dtype.kind not in "iu":
            raise SpecError(
                f"an array of {value.dtype} with shape {value.shape}",
                expected,
                "give a one-dimensional array of integers",
            )
        too_large = value.dtype.kind == "u" and bool((value > 2**62).any())
        entries: Sequence[int] = value.tolist() if too_large else ()
    elif isinstance(value, list | tuple):
        entries = value
    else:
        raise SpecError(shown(value), expected, "write it as a list")
    for kind in set(map(type, entries)):
        if not issubclass(kind, int | np.integer) or issubclass(kind, bool):
            place = next(i for i, entry in enumerate(entries) if type(entry) is kind)
            entry = shown(entries[place], 30)
            given = repr(entry) if issubclass(kind, str) else entry
            raise SpecError(f"{given} at place {place + base}", expected, "write whole numbers")
    if any(abs(int(entry)) > 2**62 for entry in entries):
        raise SpecError(_brief(value), expected, "an image is far too large")
    return np.asarray(value, dtype=np.int64)


def _check_length(images: NDArray[np.int64], degree: int | None, reason: str) -> None:
    if len(images) == 0 and degree != 0:
        raise SpecError(
            "an empty list", many(degree, "image") if degree else "at least 1 image", reason
        )
    if degree is not None and len(images) != degree:
        raise SpecError(
            f"a list of {many(len(images), 'image')}",
            many(degree, "image"),
            f"{reason}: check its length",
        )


def _check_bijection(
    images: NDArray[np.int64], base: int, given: str, reason: str | None = None
) -> None:
    n = len(images)
    outside = np.flatnonzero((images < base) | (images >= n + base))
    if outside.size:
        shifted = images.min() == 1 - base and images.max() == n - base
        counted_from = 1 - base if shifted else base
        place = int(outside[0]) + counted_from
        error = _outside(
            f"{given} with the image {images[outside[0]]} at place {place}",
            f"each of {base} .. {n - 1 + base} once",
            bool(shifted),
            base,
        )
        raise error if reason is None else SpecError(error.given, error.expected, reason)
    counts = np.bincount(images - base, minlength=n)
    if (counts > 1).any():
        twice, missing = int(np.argmax(counts > 1)) + base, int(np.argmin(counts)) + base
        first, second = (np.flatnonzero(images == twice)[:2] + base).tolist()
        raise SpecError(
            given,
            f"each of {base} .. {n - 1 + base} once",
            f"{twice} stands at places {first} and {second}, and {missing} is missing",
        )


def _outside(given: str, expected: str, shifted: bool, base: int) -> SpecError:
    if shifted and base == 0:
        advice = "these points count from 1: write `base: 1` beside `generators`"
    elif shifted:
        advice = "these points count from 0: leave out `base: 1`"
    else:
        advice = f"points count from {base} here"
    return SpecError(given, expected, advice)


def _brief(value: object) -> str:
    head: Indices | Sequence[int] = value[:30] if isinstance(value, list | np.ndarray) else ()
    if isinstance(value, list | np.ndarray):
        return shown([int(entry) for entry in head])
    return shown(value)
