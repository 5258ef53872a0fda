"""The order of a group as it acts."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.action.action import Action
from intertwine.group.chain import StabilizerChain
from intertwine.group.giant import recognise_giant
from intertwine.group.group import Group
from intertwine.group.permutation import SignedPermutation, concatenated


def group_order(group: Group, actions: Sequence[Action]) -> int:
    """The order of the group itself, or, where only its actions define it, of those together."""
    if group.sets or group.factors:
        return group.order
    return joint_order(group, actions)


def joint_order(group: Group, actions: Sequence[Action]) -> int:
    """The order of the group that the generators generate on its own sets and all the actions."""
    atoms = dict.fromkeys(atom for action in actions for atom in action.atoms())
    columns = [_plain_images(atom) for atom in atoms]
    if group.sets or group.factors:
        columns.insert(0, list(group.faithful_images()))
    images = [concatenated(column).images for column in zip(*columns, strict=True)]
    if not images:
        return 1
    giant = recognise_giant(images)
    return StabilizerChain.of(images).order if giant is None else giant.order


def _plain_images(atom: Action) -> list[SignedPermutation]:
    """Its images without signs; where any may have some, all are doubled, to be of one degree."""
    if not atom.signed:
        return list(atom.moves)
    return [SignedPermutation(image.doubled()) for image in atom.moves]
