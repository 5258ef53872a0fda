"""A group as it acts on kernels: its elements one by one where they are few, else its generators.

A layer y = W x is equivariant when `rho_out(g) W = W rho_in(g)`.  Where `rho_out` permutes the
channels, the kernel of channel `pi_g(i)` is `g w_i = w_i rho_in(g)^-1`: g acts on kernels as on
functions of the input, `(g w)(x) = w(g^-1 x)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action
from intertwine.action.element import AtomUnion
from intertwine.action.linear import Sparse
from intertwine.algebra.scalars import REALS
from intertwine.group.chain import StabilizerChain
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.limits import require
from intertwine.numerals import many

MOST_ELEMENTS = 400

Kernels = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moving:
    """One element of the group, by name, as it moves kernels.

    `joint` is how it permutes what the atoms of the action permute, which determines it; `moves` is
    its signed permutation of the places of a kernel, or the matrix `rho(g)^-1`.
    """

    name: str
    joint: SignedPermutation = field(repr=False)
    moves: SignedPermutation | Sparse = field(repr=False)

    def __call__(self, kernels: Kernels) -> Kernels:
        """The kernels moved: `(g w)[p[x]] = s[x] w[x]`, along the last axis."""
        if not isinstance(self.moves, SignedPermutation):
            rows = kernels.reshape(-1, kernels.shape[-1])
            return np.asarray((self.moves.T @ rows.T).T).reshape(kernels.shape)
        moved = np.empty_like(kernels)
        signs = 1 if self.moves.signs is None else self.moves.signs
        moved[..., self.moves.images] = kernels * signs
        return moved


@dataclass(frozen=True, eq=False)
class Acting:
    """A group acting on kernels of `degree` places.

    `elements` are all of it, the identity first, and `table[a, b]` is the number of their product;
    a group of more than 400 elements has the identity and its generators only, and no table.
    `generators` are the numbers of the generators among the elements.  `declaration` is all of a
    spec but its output, where the group did not come from a spec.
    """

    name: str
    action: Action = field(repr=False)
    elements: tuple[Moving, ...] = field(repr=False)
    generators: Mapping[str, int]
    table: NDArray[np.intp] | None = field(repr=False)
    declaration: str = field(default="", repr=False)

    @property
    def degree(self) -> int:
        """How many places a kernel has."""
        return self.action.dimension

    @property
    def listed(self) -> bool:
        """Whether all elements are listed."""
        return self.table is not None

    @cached_property
    def chain(self) -> StabilizerChain:
        """A stabilizer chain on the places and their negatives; no action by matrices has one."""
        images = [g.doubled() for g in self.action.generators]
        return StabilizerChain.of(images, degree=2 * self.degree)

    def __str__(self) -> str:
        size = many(len(self.elements), "element") if self.listed else "by its generators"
        return f"{self.name} on R^{self.degree}, {size}"


def acting_by(action: Action, names: Mapping[bytes, str] | None = None) -> Acting:
    """The group of an action as it acts on kernels over that action's space.

    Elements that act alike are one; an element is named by a shortest word in the generators.

    Args:
        action: what the group does to the input.
        names: names of the elements in their order, by the bytes of their images on the input.

    >>> from intertwine.action.action import SetAction
    >>> from intertwine.group.named import dihedral
    >>> acting = acting_by(SetAction(dihedral(4), "points"))
    >>> print(acting, [element.name for element in acting.elements][:4])
    D_4 on R^4, 8 elements ['1', 'rotation', 'reflection', 'rotation^2']
    """
    union = AtomUnion([action])
    generators = union.generators
    require(
        32 * (MOST_ELEMENTS + len(generators)) * (union.degree + action.dimension),
        f"the elements of a group on {action.dimension} places",
        "take a smaller input",
    )
    words = _words(generators, union.degree)
    listed = len(words) <= MOST_ELEMENTS
    if not listed:
        words = {_key(_one(union.degree)): ((), _one(union.degree))}
        for number, g in enumerate(generators):
            words.setdefault(_key(g), ((number,), g))
    names_of = action.group.generators
    elements = [
        Moving(_word(word, names_of), joint, _moves(action, union, joint))
        for word, joint in words.values()
    ]
    if names is not None:
        order = {key: place for place, key in enumerate(names)}
        elements = [
            Moving(names[_images(e)], e.joint, e.moves)
            for e in sorted(elements, key=lambda e: order[_images(e)])
        ]
    number_of = {_key(element.joint): number for number, element in enumerate(elements)}
    numbers = {name: number_of[_key(g)] for name, g in zip(names_of, generators, strict=True)}
    table = _table(elements, generators, number_of) if listed else None
    return Acting(action.group.name, action, tuple(elements), numbers, table)


def _one(degree: int) -> SignedPermutation:
    return SignedPermutation.identity(degree)


def _key(element: SignedPermutation) -> bytes:
    return element.doubled().tobytes()


def _images(element: Moving) -> bytes:
    return element.moves.images.tobytes()


def _words(
    generators: list[SignedPermutation], degree: int
) -> dict[bytes, tuple[tuple[int, ...], SignedPermutation]]:
    """Every element by a shortest word, breadth first; one more than are listed, where too many."""
    one = _one(degree)
    found: dict[bytes, tuple[tuple[int, ...], SignedPermutation]] = {_key(one): ((), one)}
    waiting = list(found.values())
    while waiting:
        following: list[tuple[tuple[int, ...], SignedPermutation]] = []
        for word, element in waiting:
            for number, generator in enumerate(generators):
                product = generator * element
                if _key(product) not in found:
                    following.append(((number, *word), product))
                    found[_key(product)] = following[-1]
                if len(found) > MOST_ELEMENTS:
                    return found
        waiting = following
    return found


def _word(word: tuple[int, ...], names: tuple[str, ...]) -> str:
    """Such as `rotation^2 reflection`."""
    runs = ((names[number], len(list(run))) for number, run in groupby(word))
    return " ".join(name if power == 1 else f"{name}^{power}" for name, power in runs) or "1"


def _moves(
    action: Action, union: AtomUnion, joint: SignedPermutation
) -> SignedPermutation | Sparse:
    if action.linear:
        return action.matrix(union.element(joint.inverse()), REALS)
    return action.evaluate(union.element(joint))


def _table(
    elements: list[Moving], generators: list[SignedPermutation], number_of: Mapping[bytes, int]
) -> NDArray[np.intp]:
    """The number of every product: g (h x) by rows of the generators, along a tree from 1."""
    left: list[Indices] = [
        np.array([number_of[_key(g * e.joint)] for e in elements], dtype=np.intp)
        for g in generators
    ]
    table = np.full((len(elements), len(elements)), -1, dtype=np.intp)
    table[0] = np.arange(len(elements))
    waiting = [0]
    for number in waiting:
        for row in left:
            product = int(row[number])
            if table[product, 0] < 0:
                table[product] = row[table[number]]
                waiting.append(product)
    return table
