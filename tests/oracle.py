"""Slow twins of the package: every claim computed a second way, with no line of the package.

A signed permutation is a pair `(p, s)` of lists, `(g x)[p[i]] = s[i] x[i]`; an action is the list
of its generators, and a problem is two such lists, `target` and `source`, in the same order.
"""

from collections import deque
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement, permutations, product
from math import comb, lcm

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly
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


def exact(action):
    """The generators' matrices over Q(2 cos(2 pi / N)): N, and rows of polynomials.

    Of the package are taken only image lists and listed matrices; how an action is built of others
    is said here again, from the definitions.
    """
    conductor = lcm(1, *(matrix.field.conductor for matrix in _listed(action)))
    return conductor, _exact(action, conductor)


def _listed(action):
    own = getattr(action, "listed", ())
    inner = (*action.parts, *([action.inner] if hasattr(action, "inner") else []))
    return [*(m for m in own if hasattr(m, "field")), *chain(*map(_listed, inner))]


def _exact(action, conductor):
    kind = type(action).__name__
    modulus = _modulus(conductor)
    if not action.linear:
        return [[[fmpq_poly([int(x)]) for x in row] for row in matrix(g)] for g in signed(action)]
    if kind == "Matrices":
        return [_over(m, conductor) for m in action.listed]
    if kind == "Standard":
        return [_standard(p) for p, _ in signed(action.base)]
    if kind == "Induced":
        return _induced(action, conductor)
    if kind == "Lifted":
        inside = iter(_exact(action.inner, conductor))
        still = _unit(action.dimension)
        return [
            next(inside) if name == action.factor else still
            for name, factor in action.group.factors.items()
            for _ in factor.generators
        ]
    parts = [_exact(part, conductor) for part in action.parts]
    if kind == "Tensor":
        return [_folded(_kron, mats, modulus) for mats in zip(*parts, strict=True)]
    if kind == "Sum":
        return [_blocks(mats) for mats in zip(*parts, strict=True)]
    if kind == "Dual":
        return [_transposed(_inverse(m, modulus)) for m in parts[0]]
    if kind == "ExteriorPower":
        return [_minors(m, action.size, modulus) for m in parts[0]]
    if kind == "SymmetricPower":
        return [_permanents(m, action.size, modulus) for m in parts[0]]
    raise AssertionError(f"the oracle does not know {kind}")


def _modulus(conductor):
    if conductor == 1:
        return fmpq_poly([-2, 1])
    return fmpq_poly(fmpz_poly.cos_minpoly(conductor))


def _over(given, conductor):
    """A listed matrix over a larger field: 2 cos(k x) is a polynomial in 2 cos(x)."""
    modulus = _modulus(conductor)
    before, power = fmpq_poly([2]), fmpq_poly([0, 1])
    for _ in range(conductor // given.field.conductor - 1):
        before, power = power, (fmpq_poly([0, 1]) * power - before) % modulus
    return [[_at(entry, power) % modulus for entry in row] for row in given.rows]


def _at(polynomial, point):
    result = fmpq_poly([0])
    for coefficient in reversed(polynomial.coeffs()):
        result = result * point + coefficient
    return result


def _unit(size):
    return [[fmpq_poly([int(i == j)]) for j in range(size)] for i in range(size)]


def _standard(images):
    """On b_i, images of the basis vectors, where the last b is minus the sum of the others."""
    n = len(images)
    columns = [
        [int(row == image) if image < n - 1 else -1 for row in range(n - 1)]
        for image in images[:-1]
    ]
    return [[fmpq_poly([columns[j][i]]) for j in range(n - 1)] for i in range(n - 1)]


def _kron(left, right, modulus):
    return [[(a * b) % modulus for a in x for b in y] for x in left for y in right]


def _product(left, right, modulus):
    columns = list(zip(*right, strict=True))
    return [
        [sum((a * b for a, b in zip(row, c, strict=True)), fmpq_poly([0])) % modulus
         for c in columns]
        for row in left
    ]  # fmt: skip


def _folded(function, matrices, modulus):
    result = matrices[0]
    for other in matrices[1:]:
        result = function(result, other, modulus)
    return result


def _blocks(matrices):
    width, rows, done = sum(map(len, matrices)), [], 0
    zero = fmpq_poly([0])
    for block in matrices:
        for row in block:
            rows.append([*[zero] * done, *row, *[zero] * (width - done - len(row))])
        done += len(block)
    return rows


def _transposed(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def _inverse(rows, modulus):
    """By powers: the element is of finite order."""
    before, power = _unit(len(rows)), rows
    while power != _unit(len(rows)):
        before, power = power, _product(power, rows, modulus)
    return before


def _minors(rows, size, modulus):
    """Entry (I, J) of an exterior power is the determinant of the rows I and columns J."""
    chosen = list(combinations(range(len(rows)), size))
    return [[_determinant(rows, i, j, modulus) for j in chosen] for i in chosen]


def _determinant(rows, i, j, modulus):
    total = fmpq_poly([0])
    for order in permutations(range(len(i))):
        sign = (-1) ** sum(a > b for a, b in combinations(order, 2))
        term = fmpq_poly([sign])
        for a, b in enumerate(order):
            term = term * rows[i[b]][j[a]] % modulus
        total += term
    return total


def _permanents(rows, size, modulus):
    """Column J of a symmetric power is the product of the columns in J, as a polynomial."""
    chosen = list(combinations_with_replacement(range(len(rows)), size))
    table = [[fmpq_poly([0]) for _ in chosen] for _ in chosen]
    for number, j in enumerate(chosen):
        for word in product(range(len(rows)), repeat=size):
            term = fmpq_poly([1])
            for a, b in zip(word, j, strict=True):
                term = term * rows[a][b] % modulus
            table[chosen.index(tuple(sorted(word)))][number] += term
    return table


def _induced(action, conductor):
    """Blocks over cosets, from lists of all elements: `g t_x = t_y h` puts sigma(h) at (y, x)."""
    modulus = _modulus(conductor)
    natural = [tuple(g.images.tolist()) for g in action.group.sets[action.group.natural].images]
    degree = action.group.sets[action.group.natural].degree
    whole = _words([(p, None) for p in natural], degree, None, modulus)
    listed = [_over(m, conductor) for m in action.listed]
    inside = list(zip([tuple(h.images.tolist()) for h in action.subgroup], listed, strict=True))
    small = _words(inside, degree, _unit(len(listed[0])), modulus)
    coset, representatives = {}, []
    for g in whole:
        if g not in coset:
            coset.update({tuple(g[i] for i in h): len(representatives) for h in small})
            representatives.append(g)
    size, count = len(listed[0]), len(representatives)
    found = []
    for g in natural:
        table = [[fmpq_poly([0]) for _ in range(size * count)] for _ in range(size * count)]
        for x, t in enumerate(representatives):
            moved = tuple(g[i] for i in t)
            y = coset[moved]
            inverse = {image: point for point, image in enumerate(representatives[y])}
            block = small[tuple(inverse[i] for i in moved)]
            for i, j in product(range(size), repeat=2):
                table[y * size + i][x * size + j] = block[i][j]
        found.append(table)
    return found


def _words(generators, degree, unit, modulus):
    """All elements that permutations generate, with the matrices that go along."""
    known, queue = {tuple(range(degree)): unit}, deque([tuple(range(degree))])
    while queue:
        here = queue.popleft()
        for images, rows in generators:
            there = tuple(images[i] for i in here)
            if there not in known:
                known[there] = rows and _product(rows, known[here], modulus)
                queue.append(there)
    return known


def matrix_nullspace(source, target):
    """The dimension of Hom, of the generators' exact matrices, by one rank over the rationals.

    Over a field of degree m every entry is the m x m matrix of multiplying with it, and the
    dimension over the rationals is m times that over the field, which is that over the reals.
    """
    conductor = lcm(*(exact(action)[0] for action in (source, target)))
    modulus = _modulus(conductor)
    degree, unknowns = modulus.degree(), source.dimension * target.dimension
    multiplied, rows = {}, []
    sides = _exact(target, conductor), _exact(source, conductor)
    zero = fmpq_poly([0])
    for left, right in zip(*sides, strict=True):
        one = _kron(left, _unit(len(right)), modulus)
        other = _kron(_unit(len(left)), _transposed(right), modulus)
        for a, b in zip(one, other, strict=True):
            entries = [x - y for x, y in zip(a, b, strict=True)]
            if entries == [zero] * len(entries):
                continue
            for entry in entries:
                if str(entry) not in multiplied:
                    multiplied[str(entry)] = _multiplication(entry, modulus)
            for place in range(degree):
                rows.append(list(chain(*(multiplied[str(x)][place] for x in entries))))
    if not rows:
        return unknowns
    found = Fraction(
        unknowns * degree - fmpq_mat(len(rows), unknowns * degree, [*chain(*rows)]).rank(), degree
    )
    assert found.denominator == 1
    return found.numerator


def _multiplication(entry, modulus):
    columns = []
    for k in range(modulus.degree()):
        image = (entry * fmpq_poly([0] * k + [1]) % modulus).coeffs()
        columns.append([*image, *[fmpq(0)] * (modulus.degree() - len(image))])
    return _transposed(columns)


def rounded(action):
    """The generators' matrices in floats, from the exact ones."""
    conductor, matrices = exact(action)
    generator = 2 * np.cos(2 * np.pi / conductor)
    return [
        np.array([[sum(float(c.p) / float(c.q) * generator**k for k, c in enumerate(x.coeffs()))
                   for x in row] for row in rows])
        for rows in matrices
    ]  # fmt: skip


def averaging(source, target):
    """The average of T -> P T Q^-1 over all elements, found by multiplying matrices; and how many.

    On row-major entries it is a projection, onto Hom.
    """
    generators = list(zip(rounded(target), rounded(source), strict=True))
    unit = np.eye(target.dimension), np.eye(source.dimension)
    known, queue = {_key(unit): unit}, deque([unit])
    while queue:
        here = queue.popleft()
        for generator in generators:
            there = tuple(g @ h for g, h in zip(generator, here, strict=True))
            if _key(there) not in known:
                known[_key(there)] = there
                queue.append(there)
    total = sum(np.kron(p, np.linalg.inv(q).T) for p, q in known.values())
    return total / len(known), len(known)


def _key(pair):
    return tuple(tuple((np.round(m, 6) + 0.0).ravel().tolist()) for m in pair)
