"""Partition diagrams written anew for the tests, by comparing indices one with another."""

from fractions import Fraction

import numpy as np


def strings(names):
    """Every way to tie axes of the same name, lexicographic: an axis joins a block or starts one.

    >>> strings(("u", "m", "u"))
    [(0, 1, 0), (0, 1, 2)]
    """
    found = [()]
    for place, name in enumerate(names):
        found = [
            (*string, block)
            for string in found
            for block in range(max(string, default=-1) + 2)
            if block not in string or names[string.index(block)] == name
        ]
        assert all(len(string) == place + 1 for string in found)
    return found


def matrix(string, sizes):
    """1 where the indices of tied axes are equal, whatever the others are, and 0 elsewhere."""
    indices = np.indices(sizes)
    kept = np.ones(sizes, dtype=bool)
    for a, block in enumerate(string):
        for b in range(a):
            if string[b] == block:
                kept &= indices[a] == indices[b]
    return kept.astype(np.int64)


def points_averaged(string, outputs, sizes):
    """n^p: the product of the sizes of the blocks that hold input axes only."""
    loose = {block: size for block, size in zip(string, sizes, strict=True)}
    for block in string[:outputs]:
        loose.pop(block, None)
    return int(np.prod(list(loose.values()), dtype=np.int64))


def exact_block(weight, target, source, sizes, mean):
    """The full matrix of integer weights (rows, out, in) in Fractions: (out, *output, in, *input).

    Axes are names of factors, whose sizes are given, or fixed numbers.
    """
    axes = (*target, *source)
    fixed = [a for a in axes if not isinstance(a, str)]
    moved = [a for a in axes if isinstance(a, str)]
    outputs = sum(isinstance(a, str) for a in target)
    points = [sizes[a] for a in moved]
    diagrams = strings(moved)
    values = np.asarray(weight).reshape(len(diagrams), *fixed, *weight.shape[1:])
    total = np.zeros((*fixed, *weight.shape[1:], *points), dtype=object) + Fraction(0)
    for string, value in zip(diagrams, values, strict=True):
        over = points_averaged(string, outputs, points) if mean else 1
        scaled = np.vectorize(lambda w, o=over: Fraction(int(w), o), otypes=[object])(value)
        total = total + np.multiply.outer(scaled, matrix(string, points))
    # Axes now are (fixed, out, in, moved); name each by its place in (out, *output, in, *input).
    homes = [1 + a if a < len(target) else 2 + a for a in range(len(axes))]
    is_fixed = [not isinstance(a, str) for a in axes]
    now = [h for h, f in zip(homes, is_fixed, strict=True) if f] + [0, 1 + len(target)]
    now += [h for h, f in zip(homes, is_fixed, strict=True) if not f]
    return total.transpose(np.argsort(now))
