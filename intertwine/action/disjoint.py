"""Actions of a group whose generators move disjoint sets of points, as those of a direct product.

Each set that the classes of generators move apart is a direct sum: of what each class moves, and of
points that stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.action.structure import Sum
from intertwine.group.disjoint import disjoint_classes
from intertwine.group.group import Group, GSet
from intertwine.group.permutation import SignedPermutation
from intertwine.group.product import direct_product

_MOST_CLASSES = 200
_MOST_ENTRIES = 1 << 25


def split_pair(source: Action, target: Action) -> tuple[Action, Action] | None:
    """The two constructions over a direct product of smaller groups; None where it is not one.

    The basis comes in another order, which a dimension does not see.

    >>> from intertwine.group.permutation import SignedPermutation
    >>> swaps = tuple(map(SignedPermutation.of, ([1, 0, 2, 3, 4], [0, 1, 3, 2, 4])))
    >>> points = GSet("points", (5,), lambda: swaps)
    >>> group = Group("<a, b>", ("a", "b"), {"points": points}, natural="points")
    >>> print(split_pair(SetAction(group, "points"), Trivial(group))[0])
    0 + 1 + trivial
    """
    group, atoms = source.group, dict.fromkeys((*source.atoms(), *target.atoms()))
    names = [atom.name for atom in atoms if isinstance(atom, SetAction) and not atom.signed]
    if len(names) < len(atoms) or not names or len(group.generators) < 2 or group.transitivity:
        return None
    faithful = [*(group.faithful_on or group.sets)]
    names = list(dict.fromkeys([*faithful, *names]))
    sets = [group.sets[name] for name in names]
    degree = sum(gset.degree for gset in sets)
    if any(gset.signed for gset in sets) or degree * len(group.generators) > _MOST_ENTRIES:
        return None
    classes = disjoint_classes([image.images for image in group.faithful_images()])
    if not 1 < len(classes) <= _MOST_CLASSES:
        return None
    moved = {gset.name: [_moved(gset, several) for several in classes] for gset in sets}
    if any((np.sum(by_class, axis=0) > 1).any() for by_class in moved.values()):
        return None
    parts = {
        str(number): _class_group(group, several, {n: moved[n][number] for n in moved})
        for number, several in enumerate(classes)
    }
    product = direct_product(parts)
    summed = {name: _summed(product, group.sets[name], name) for name in names}
    return _rebuilt(source, product, summed), _rebuilt(target, product, summed)


def _moved(gset: GSet, generators: Sequence[int]) -> NDArray[np.bool_]:
    """Which points some generators move."""
    points = np.arange(gset.degree)
    moved = np.zeros(gset.degree, dtype=bool)
    for k in generators:
        moved |= gset.images[k].images != points
    return moved


def _class_group(
    group: Group, generators: Sequence[int], moved: Mapping[str, NDArray[np.bool_]]
) -> Group:
    """The group of one class of generators, on what they move of each set."""
    names = tuple(group.generators[k] for k in generators)
    sets = {}
    for name, mine in moved.items():
        points = np.flatnonzero(mine)
        if len(points):
            images = (group.sets[name].images[k].images[points] for k in generators)
            own = tuple(SignedPermutation(np.searchsorted(points, image)) for image in images)
            sets[name] = GSet(name, (len(points),), partial(tuple, own))
    faithful = tuple(name for name in group.faithful_on or group.sets if name in sets)
    return Group(f"<{', '.join(names)}>", names, sets, faithful[0], faithful_on=faithful)


def _summed(product: Group, gset: GSet, name: str) -> Action:
    """A set as the sum of what the factors move and of points that stay."""
    members: list[Action] = [
        Lifted(product, key, SetAction(factor, name))
        for key, factor in product.factors.items()
        if name in factor.sets
    ]
    still = gset.degree - sum(member.dimension for member in members)
    if still or not members:
        members.append(Trivial(product, still))
    return members[0] if len(members) == 1 else Sum(product, tuple(members))


def _rebuilt(action: Action, product: Group, summed: dict[str, Action]) -> Action:
    if isinstance(action, SetAction):
        return summed[action.name]
    if isinstance(action, Trivial):
        return Trivial(product, action.size)
    return action.rebuilt([_rebuilt(part, product, summed) for part in action.parts])
