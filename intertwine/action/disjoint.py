"""Groups whose generators move disjoint sets of points: they are direct products.

Generators that share a moved point, directly or through others, belong together; classes that share
none commute, and no element but 1 is in the groups of two of them.  So the group is the direct
product of the groups of the classes, and each set that they move apart is a direct sum: of what
each class moves, and of points that stay.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.action.structure import Sum
from intertwine.group.group import Group, GSet
from intertwine.group.orbit import components
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
    moved = {name: _moved(group.sets[name].images) for name in names}
    classes = _classes(np.concatenate([moved[name] for name in faithful], axis=1))
    count = int(classes.max()) + 1
    if not 1 < count <= _MOST_CLASSES:
        return None
    apart = all((_by_class(table, classes).sum(axis=0) <= 1).all() for table in moved.values())
    if not apart:
        return None
    parts = {str(c): _class_group(group, moved, classes == c) for c in range(count)}
    product = direct_product(parts)
    summed = {name: _summed(product, group.sets[name], name) for name in names}
    return _rebuilt(source, product, summed), _rebuilt(target, product, summed)


def _moved(images: Sequence[SignedPermutation]) -> NDArray[np.bool_]:
    """Which generator moves which point."""
    return np.stack([image.images != np.arange(image.degree) for image in images])


def _classes(moved: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The class of each generator; -1 for one that moves nothing."""
    generators, points = np.nonzero(moved)
    classes = np.full(len(moved), -1, dtype=np.intp)
    labels = components(len(moved) + moved.shape[1], [(generators, len(moved) + points)])
    moving = np.flatnonzero(moved.any(axis=1))
    classes[moving] = np.unique(labels[moving], return_inverse=True)[1]
    return classes


def _by_class(moved: NDArray[np.bool_], classes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which class moves which point."""
    return np.stack([moved[classes == c].any(axis=0) for c in range(int(classes.max()) + 1)])


def _class_group(
    group: Group, moved: dict[str, NDArray[np.bool_]], mine: NDArray[np.bool_]
) -> Group:
    """The group of one class of generators, on what they move of each set."""
    numbers = np.flatnonzero(mine).tolist()
    sets = {}
    for name, table in moved.items():
        points = np.flatnonzero(table[mine].any(axis=0))
        if len(points):
            images = [group.sets[name].images[k].images[points] for k in numbers]
            own = tuple(SignedPermutation(np.searchsorted(points, image)) for image in images)
            sets[name] = GSet(name, (len(points),), lambda own=own: own)  # type: ignore[misc]
    return Group(
        f"<{', '.join(group.generators[k] for k in numbers)}>",
        tuple(group.generators[k] for k in numbers),
        sets,
        natural=next(iter(sets)),
        faithful_on=tuple(name for name in group.faithful_on or group.sets if name in sets),
    )


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
