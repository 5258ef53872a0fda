"""Small G-sets through which intertwiners may factor: one point, the group's sets, and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, Declared, SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.action.structure import Tensor
from intertwine.group.group import Group
from intertwine.group.orbit import orbit_labels
from intertwine.group.permutation import Indices, SignedPermutation
from intertwine.hom.orbital import orbital_codes

_MOST_SYSTEMS = 48
_LARGEST_BLOCKED = 2048
_MOST_PRODUCTS = 64


def small_sets(source: Action, target: Action) -> list[Action]:
    """The G-sets worth mixing on, fewest points first; none has more than both sides.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.structure import power
    >>> points = SetAction(symmetric(5), "points")
    >>> [(str(z), z.dimension) for z in small_sets(points, power(points, 2))][:2]
    [('trivial', 1), ('points', 5)]
    """
    group, found = source.group, list[Action]([Trivial(source.group)])
    found += _own_sets(group)
    found += blocks(source)
    if target != source:
        found += blocks(target)
    most = max(source.dimension, target.dimension)
    known: dict[tuple[bytes, ...], Action] = {}
    for action in sorted(found, key=lambda a: a.dimension):
        if action.dimension < most:
            known.setdefault(tuple(g.images.tobytes() for g in action.generators), action)
    return list(known.values())


def _own_sets(group: Group) -> list[Action]:
    """The sets that a group declares to permute, or the sets of its factors."""
    declared = [SetAction(group, name) for name, one in group.sets.items() if not one.signed]
    return [*declared, *_products(group)]


def _products(group: Group) -> list[Action]:
    """A set of one factor of a direct product, or a product of sets of several factors."""
    choices: list[list[Action | None]] = [
        [None, *(Lifted(group, name, own) for own in _own_sets(factor))]
        for name, factor in group.factors.items()
    ]
    found: list[Action] = []
    for choice in islice(product(*choices), _MOST_PRODUCTS):
        parts = tuple(part for part in choice if part is not None)
        if parts:
            found.append(parts[0] if len(parts) == 1 else Tensor(group, parts))
    return found


def blocks(action: Action) -> list[Action]:
    """The group acting on each system of minimal blocks of each orbit, and on each orbit itself.

    A block that holds the first point of an orbit is a union of orbits of its stabilizer, so one
    closure an orbit of the stabilizer finds all that are minimal.
    """
    if action.dimension > _LARGEST_BLOCKED or action.signed:
        return []
    images = [image.images for image in action.generators]
    labels = orbit_labels(images, action.dimension)
    found = []
    for orbit in range(int(labels.max(initial=-1)) + 1):
        points = np.flatnonzero(labels == orbit)
        inner = [np.searchsorted(points, image[points]) for image in images]
        if 1 < len(points) < action.dimension:
            found.append(_declared(action, inner, f"orbit {orbit} of {action}"))
        for system in islice(_systems(action, inner), _MOST_SYSTEMS):
            moved = [_induced(system, image) for image in inner]
            size = len(points) // len(moved[0])
            found.append(_declared(action, moved, f"blocks of {size} in {action}"))
    return found


def _declared(action: Action, images: list[Indices], label: str) -> Action:
    return Declared(action.group, tuple(map(SignedPermutation, images)), label)


def _systems(action: Action, images: list[Indices]) -> Iterator[NDArray[np.intp]]:
    """The minimal nontrivial block systems of a transitive action, a block label a point."""
    if not images or len(images[0]) < 4:
        return
    alone = _declared(action, images, "orbit")
    row = orbital_codes(alone, alone)[0]
    known = set()
    for suborbit in range(2, int(row.max()) + 1):
        system = _closure(images, 0, int(np.flatnonzero(row == suborbit)[0]))
        if 1 < len(np.unique(system)) < len(system) and system.tobytes() not in known:
            known.add(system.tobytes())
            yield system


def _closure(images: list[Indices], first: int, second: int) -> NDArray[np.intp]:
    """The finest block system in which two points are in one block."""
    label = np.arange(len(images[0]))
    pending = [(first, second)]
    while pending:
        a, b = (int(label[point]) for point in pending.pop())
        if a != b:
            label[label == max(a, b)] = min(a, b)
            pending += [(int(image[a]), int(image[b])) for image in images]
    return np.unique(label, return_inverse=True)[1]


def _induced(system: NDArray[np.intp], image: Indices) -> Indices:
    """How a permutation of points moves the blocks."""
    moved = np.empty(int(system.max()) + 1, dtype=np.intp)
    moved[system] = system[image]
    return moved
