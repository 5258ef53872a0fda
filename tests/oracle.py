"""Slow twins of the package: every claim computed a second way, with no line of the package.

A signed permutation is a pair `(p, s)` of lists, `(g x)[p[i]] = s[i] x[i]`; an action is the list
of its generators, and a problem is two such lists, `target` and `source`, in the same order.
"""

from collections import deque
from fractions import Fraction
from itertools import chain, product
from math import comb

import numpy as np
from flint import fmpq_mat
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def signed(action):
    """The generators of an action of the package as plain lists, the only thing taken from it."""
    return [
        (g.images.tolist(), [1] * len(g.images) if g.signs is None else g.signs.tolist())
        for g in action.generators
    ]


def matrix(element):
    """The dense integer matrix of a signed permutation."""
    images, signs = element
    dense = np.zeros((len(images), len(images)), dtype=np.int64)
    for point, (image, sign) in enumerate(zip(images, signs, strict=True)):
        dense[image, point] = sign
    return dense


def times(g, h):
    """`(g h)(x) = g(h(x))`, from the definition on basis vectors."""
    (p, s), (q, t) = g, h
    return [p[j] for j in q], [s[j] * sign for j, sign in zip(q, t, strict=True)]


def orbits(generators, degree):
    """The orbits of the points, each as a sorted list, by breadth-first search."""
    left, found = set(range(degree)), []
    while left:
        queue, orbit = deque([min(left)]), {min(left)}
        while queue:
            point = queue.popleft()
            for images, _ in generators:
                if images[point] not in orbit:
                    orbit.add(images[point])
                    queue.append(images[point])
        left -= orbit
        found.append(sorted(orbit))
    return found


def closure(target, source):
    """All elements of the group that acts by these generators, as pairs (target, source)."""
    unit = tuple(([*range(len(side[0][0]))], [1] * len(side[0][0])) for side in (target, source))
    generators = list(zip(target, source, strict=True))
    known, queue = {repr(unit): unit}, deque([unit])
    while queue:
        here = queue.popleft()
        for generator in generators:
            there = tuple(times(g, h) for g, h in zip(generator, here, strict=True))
            if repr(there) not in known:
                known[repr(there)] = there
                queue.append(there)
    return list(known.values())


def trace(element):
    """The character: the signed number of fixed points."""
    images, signs = element
    return sum(s for i, (image, s) in enumerate(zip(images, signs, strict=True)) if image == i)


def character_dimension(target, source):
    """The inner product of the characters over the whole group."""
    elements = closure(target, source)
    value = Fraction(sum(trace(t) * trace(s) for t, s in elements), len(elements))
    assert value.denominator == 1
    return value.numerator


def reynolds_rank(target, source):
    """The rank of the average of `T -> rho_target(g) T rho_source(g)^-1` over all elements.

    On row-major entries this is the Kronecker product, for signed permutations are orthogonal.
    """
    elements = closure(target, source)
    total = sum(np.kron(matrix(t), matrix(s)) for t, s in elements)
    return rank([[Fraction(int(x), len(elements)) for x in row] for row in total])


def rank(rows):
    """By Gauss elimination in fractions."""
    rows, done = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for i in range(done + 1, len(rows)):
            if rows[i][column]:
                factor = rows[i][column] / rows[done][column]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[done], strict=True)]
        done += 1
    return done


def nullity(target, source, rows, columns):
    """The dimension of the nullspace of `rho_target(g) T - T rho_source(g)`, over the rationals."""
    if not target:
        return rows * columns
    stacked = np.concatenate(
        [
            np.kron(matrix(t), np.eye(columns, dtype=np.int64))
            - np.kron(np.eye(rows, dtype=np.int64), matrix(s).T)
            for t, s in zip(target, source, strict=True)
        ]
    )
    return rows * columns - fmpq_mat(*stacked.shape, stacked.ravel().tolist()).rank()


def orbital_codes(target, source, rows, columns):
    """The canonical codes: connected components of the full graph on +entries and -entries.

    An orbital whose entry is tied to its own negative is zero.  The others are numbered by their
    first entries in row-major order, where their sign is plus.
    """
    size = rows * columns
    starts, ends = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    entries = np.arange(size)
    for (p, s), (q, t) in zip(target, source, strict=True):
        images = (np.array(p)[:, None] * columns + np.array(q)).ravel()
        flips = (np.array(s)[:, None] * np.array(t)).ravel() < 0
        starts += [entries, entries + size]
        ends += [images + size * flips, images + size * ~flips]
    start, end = np.concatenate(starts), np.concatenate(ends)
    graph = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(2 * size, 2 * size))
    _, component = connected_components(graph, directed=False)
    number, codes = {}, np.zeros(size, dtype=np.int64)
    for entry, (plus, minus) in enumerate(
        zip(component[:size].tolist(), component[size:].tolist(), strict=True)
    ):
        if plus == minus:
            continue
        if plus not in number:
            number[plus] = len(number) // 2 + 1
            number[minus] = -number[plus]
        codes[entry] = number[plus]
    return codes.reshape(rows, columns)


def canonical(codes):
    """Renumbered by first entries in row-major order, where the sign becomes plus."""
    number, result = {0: 0}, []
    for code in np.asarray(codes).ravel().tolist():
        if code not in number:
            number[code] = len(number) // 2 + 1
            number[-code] = -number[code]
        result.append(number[code])
    return np.array(result).reshape(np.shape(codes))


def kronecker_codes(left, right):
    """The canonical codes of the Kronecker products of two bases, entry by entry."""
    (a, b), (c, d) = left.shape, right.shape
    many = int(abs(right).max(initial=0))
    codes = np.zeros((a * c, b * d), dtype=np.int64)
    for i, j, k, m in product(range(a), range(b), range(c), range(d)):
        x, y = int(left[i, j]), int(right[k, m])
        if x and y:
            sign = (1 if x > 0 else -1) * (1 if y > 0 else -1)
            codes[i * c + k, j * d + m] = sign * ((abs(x) - 1) * many + abs(y))
    return canonical(codes)


def block_codes(grid):
    """The canonical codes of a block array of arrays of codes."""
    offset, rows = 0, []
    for line in grid:
        shifted = []
        for block in line:
            shifted.append([[x + offset * ((x > 0) - (x < 0)) for x in r] for r in block.tolist()])
            offset += int(abs(block).max(initial=0))
        rows += [list(chain(*parts)) for parts in zip(*shifted, strict=True)]
    return canonical(np.array(rows))


def set_partitions(size):
    """All set partitions of `range(size)`, as lists of blocks."""
    if size == 0:
        return [[]]
    found = []
    for partition in set_partitions(size - 1):
        found.append([*partition, [size - 1]])
        for place in range(len(partition)):
            grown = [list(block) for block in partition]
            grown[place].append(size - 1)
            found.append(grown)
    return found


def bell(size):
    """The Bell number: a partition of one thing more is a choice of what is not beside it."""
    return 1 if size == 0 else sum(comb(size - 1, k) * bell(k) for k in range(size))
