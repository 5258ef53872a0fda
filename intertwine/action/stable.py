"""Actions whose points stand on few natural points: counting them needs no more than those.

A pair, a subset or a monomial of degree k stands on at most k points.  Pairs of points, one of the
source and one of the target, then stand on at most w, and a group that is transitive on w-tuples of
distinct natural points moves them into the same w points and permutes those in every way.  So its
orbits, and the signs with which stabilizers act, are those of Sym(w): the dimension of Hom is that
for Sym(w), for every n >= w (Church, Ellenberg and Farb 2015 call this stability).
"""

from __future__ import annotations

from intertwine.action.action import Action, SetAction, Trivial
from intertwine.action.structure import Sum, Tensor
from intertwine.action.tuples import TupleAction
from intertwine.group.group import Group
from intertwine.group.named import symmetric


def support(action: Action) -> int | None:
    """How many natural points a point of the action stands on at most; None if not bounded."""
    match action:
        case Trivial():
            return 0
        case SetAction(group=group, name=name):
            return 1 if name == group.natural and not action.signed else None
        case Tensor(members=members):
            bounds = [support(part) for part in members]
            return None if None in bounds else sum(bound or 0 for bound in bounds)
        case Sum(members=members):
            bounds = [support(part) for part in members]
            return None if None in bounds else max(bound or 0 for bound in bounds)
        case TupleAction(base=base, size=size):
            bound = support(base)
            return None if bound is None else size * bound
    return None


def stable_pair(source: Action, target: Action) -> tuple[Action, Action] | None:
    """The same two constructions over Sym(w), with a Hom of the same dimension; None if w >= n.

    >>> from intertwine.action.tuples import Subsets
    >>> points = SetAction(symmetric(1000), "points")
    >>> pairs = Subsets(points.group, points, 2)
    >>> source, target = stable_pair(pairs, pairs)
    >>> print(source.group, source.dimension, pairs.dimension)
    S_4 6 499500
    """
    bounds = support(source), support(target)
    natural = source.group.sets.get(source.group.natural or "")
    if None in bounds or natural is None:
        return None
    needed = max(1, sum(bound or 0 for bound in bounds))
    if needed >= natural.degree or needed > source.group.transitivity:
        return None
    smaller = symmetric(needed)
    return _moved(source, smaller), _moved(target, smaller)


def _moved(action: Action, group: Group) -> Action:
    match action:
        case Trivial(size=size):
            return Trivial(group, size)
        case TupleAction(size=0):  # the empty tuple, of however few points
            return Trivial(group)
        case SetAction():
            return SetAction(group, group.natural or "")
        case Tensor(members=members):
            return Tensor(group, tuple(_moved(part, group) for part in members))
        case Sum(members=members, fields=fields):
            return Sum(group, tuple(_moved(part, group) for part in members), fields)
    return action.rebuilt([_moved(part, group) for part in action.parts])
