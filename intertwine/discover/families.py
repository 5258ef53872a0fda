"""Families: channels whose kernels are the members of one orbit, and the members that are missing.

Every live channel proposes the orbit of its own kernel; the proposal that explains most is taken,
its channels leave, and so on.  A family's kernel is then the average of its members, each moved
back to the first one's place; last, channels that another family explains clearly better move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from intertwine.discover.acting import Acting, Kernels
from intertwine.discover.orbit import Nearness, Orbit, orbit_of, rerooted
from intertwine.group.permutation import Indices
from intertwine.limits import require

_EXACT = 1 - 1e-9
_ROUNDS = 8
_LEAST = 1e-9
# A channel leaves its family only for a cosine that is larger by more than this.
_STAY = 0.05
# An element fixes a kernel that it moves no further than twice as far as members usually are from
# their places; squared, and so in terms of 1 - cosine, four times.
_SLACK = 4.0
# Noise alone moves a kernel further than `_chance` allows in one case of so many.
_RARE = 1e-4


@dataclass(frozen=True)
class Member:
    """A channel at a place of its family's orbit: its kernel is nearest to `sign` times that."""

    channel: int
    place: int
    sign: int
    cosine: float


@dataclass(frozen=True, eq=False)
class Family:
    """Members of one orbit, at most one a place, in the order of the places."""

    orbit: Orbit = field(repr=False)
    members: tuple[Member, ...]

    @property
    def channels(self) -> tuple[int, ...]:
        """The members' channels, in the order of their places."""
        return tuple(member.channel for member in self.members)

    @property
    def expected(self) -> int:
        """How many members a whole family has."""
        return self.orbit.size

    @property
    def holes(self) -> tuple[int, ...]:
        """The places where a member is missing."""
        filled = {member.place for member in self.members}
        return tuple(place for place in range(self.expected) if place not in filled)

    @property
    def complete(self) -> bool:
        """Whether every place has its member."""
        return len(self.members) == self.expected

    def numbered(self, channels: Sequence[int]) -> Family:
        """The same family where channel i is called channels[i]."""
        return replace(
            self, members=tuple(replace(m, channel=channels[m.channel]) for m in self.members)
        )


@dataclass(frozen=True, eq=False)
class Setting:
    """What families are sought in: unit kernels of the live channels, and what counts as a copy."""

    acting: Acting
    kernels: Kernels
    signs: bool
    threshold: float

    def cosines(self, places: Kernels, channels: Indices) -> NDArray[np.float64]:
        """Those of the kernels at some places with those of some channels: (places, channels)."""
        rows = places.reshape(len(places), -1)
        return np.asarray(rows @ self.kernels[channels].reshape(len(channels), rows.shape[1]).T)

    def gains(self, similar: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far a pair is above the threshold; zero for pairs that are no partners."""
        size = np.abs(similar) if self.signs else similar
        return np.where(size >= self.threshold, size - self.threshold + _LEAST, 0.0)

    def orbit(self, kernel: Kernels, near: Nearness) -> Orbit:
        """Of a kernel, which elements near enough are taken to fix."""
        return orbit_of(kernel, self.acting, self.signs, near)

    def nearness(self, wanted: float) -> Nearness:
        """A cosine of at least `wanted`, and no less than a copy has."""
        return Nearness(self.threshold, max(wanted, self.threshold))

    @cached_property
    def slack(self) -> float:
        """How much further than its members are from their places noise may move a family's kernel.

        In terms of 1 - cosine, of two members with white noise on kernels of d numbers: twice a
        ratio F, of about (d - 1) / 2 and d - 1 degrees of freedom, where an element turns the sign
        of half the numbers; of more members less.  For short kernels it scatters much.
        """
        from scipy.special import fdtri

        freedom = self.kernels[0].size - 1
        return max(_SLACK, 2 * float(fdtri(freedom / 2, freedom, 1 - _RARE)))

    def inverse(self, element: int) -> int:
        """The number of an element's inverse."""
        assert self.acting.table is not None, "families are of groups that are listed"
        return int(np.flatnonzero(self.acting.table[element] == 0)[0])


def families(setting: Setting) -> list[Family]:
    """All live channels in families, the largest first; a channel alone is a family too."""
    found = _settled(_greedy(setting), setting)
    rooted = [_from_first_channel(family, setting.acting) for family in found]
    return sorted(rooted, key=lambda f: (-len(f.members), len(f.holes), min(f.channels)))


def _greedy(setting: Setting) -> list[Family]:
    """Take the proposal of the largest gain, until every channel is in a family.

    A proposal is made again when one of its channels has gone; and so is that of a channel alone,
    whose place another had taken, when any channel has gone since.
    """
    free = np.ones(len(setting.kernels), dtype=bool)
    waiting = [_proposal(seed, free, setting) for seed in range(len(free))]
    heapify(waiting)
    taken = []
    while waiting:
        proposal = heappop(waiting)
        channels = list(proposal.family.channels)
        alone = len(channels) == 1 and proposal.among > free.sum()
        if free[channels].all() and not alone:
            free[channels] = False
            taken.append(proposal.family)
        elif free[proposal.seed]:
            heappush(waiting, _proposal(proposal.seed, free, setting))
    return taken


@dataclass(frozen=True, order=True)
class _Proposal:
    """A family that a channel proposes among some; the least has the largest gain."""

    loss: float
    seed: int
    among: int = field(compare=False)
    family: Family = field(compare=False)


def _proposal(seed: int, free: NDArray[np.bool_], setting: Setting) -> _Proposal:
    """The family of a channel's orbit, whose stabilizer is found along with its members."""
    channels = np.flatnonzero(free).astype(np.intp)
    family = _filled(
        setting.orbit(setting.kernels[seed], setting.nearness(_EXACT)), channels, setting
    )
    for _ in range(_ROUNDS):
        before, family = family, _filled(_orbit_through(family, setting), channels, setting)
        if seed not in family.channels or family.members == before.members:
            break
    if seed not in family.channels:
        family = _alone(seed, setting)
    gain = sum(member.cosine - setting.threshold for member in family.members)
    return _Proposal(-gain, seed, len(channels), family)


def _orbit_through(family: Family, setting: Setting) -> Orbit:
    """The orbit of the average of a family's members, each moved back to the first place.

    How far members usually are from their places is told by their nearest quarter: the others may
    be another family's, and those that are much farther are left out of the average.  Where no two
    members would share a place, nothing but noise tells an element that moves the kernel a little
    from one that fixes it, and it is taken to fix it.
    """
    if len(family.members) == 1:
        member = family.members[0]
        return setting.orbit(setting.kernels[member.channel], setting.nearness(setting.threshold))
    misfits = sorted(1 - m.cosine for m in family.members if m.cosine < _EXACT)
    misfit = misfits[(len(misfits) - 1) // 4] if misfits else 0.0
    if len(misfits) < len(family.members):
        misfit /= 2  # the places are a member's own, whose noise adds to the others'
    usual = _SLACK * misfit
    near = [member for member in family.members if 1 - member.cosine <= max(usual, 1 - _EXACT)]
    total = np.zeros_like(setting.kernels[0])
    for member in near:
        back = setting.inverse(family.orbit.representatives[member.place])
        total += member.sign * setting.acting.elements[back](setting.kernels[member.channel])
    places = family.orbit.representatives[[member.place for member in family.members]]
    near_enough = replace(
        setting.nearness(min(1 - usual, _EXACT)),
        likely=max(setting.threshold, 1 - setting.slack * misfit),
        apart=places,
    )
    return setting.orbit(total, near_enough)


def _filled(orbit: Orbit, channels: Indices, setting: Setting) -> Family:
    """The channels that go best with the places of an orbit, by assignment."""
    from scipy.optimize import linear_sum_assignment

    similar = setting.cosines(orbit.places, channels)
    gains = setting.gains(similar)
    near = np.flatnonzero(gains.any(axis=0))
    places, columns = linear_sum_assignment(gains[:, near], maximize=True)
    pairs = zip(places.tolist(), near[columns].tolist(), strict=True)
    return Family(
        orbit,
        tuple(
            _member(int(channels[column]), place, similar[place, column])
            for place, column in pairs
            if gains[place, column] > 0
        ),
    )


def _member(channel: int, place: int, cosine: float) -> Member:
    return Member(channel, place, -1 if cosine < 0 else 1, abs(float(cosine)))


def _alone(channel: int, setting: Setting) -> Family:
    orbit = setting.orbit(setting.kernels[channel], setting.nearness(setting.threshold))
    cosine = setting.cosines(orbit.places[:1], np.array([channel], dtype=np.intp))[0, 0]
    return Family(orbit, (_member(channel, 0, cosine),))


def _settled(found: list[Family], setting: Setting) -> list[Family]:
    """Channels exchanged between families, where another one's place is clearly nearer."""
    from scipy.optimize import linear_sum_assignment

    several = [family for family in found if len(family.members) > 1]
    single = [family for family in found if len(family.members) == 1]
    if not several:
        return found
    moving = [f for f in (*several, *single) if f in several or not f.complete]
    channels = np.array([c for family in moving for c in family.channels], dtype=np.intp)
    starts = np.cumsum([0, *(family.expected for family in several)])
    require(
        24 * int(starts[-1]) * len(channels),
        f"the cosines of {len(channels)} channels with {starts[-1]} places",
        "raise --threshold, or take fewer channels",
    )
    similar = setting.cosines(np.concatenate([f.orbit.places for f in several]), channels)
    gains = setting.gains(similar)
    column_of = {channel: column for column, channel in enumerate(channels.tolist())}
    for family, start in zip(several, starts, strict=False):
        for member in family.members:
            here = start + member.place, column_of[member.channel]
            gains[here] += _STAY * (gains[here] > 0)
    rows, columns = linear_sum_assignment(gains, maximize=True)
    placed = [(r, c) for r, c in zip(rows, columns, strict=True) if gains[r, c] > 0]
    settled = [family for family in single if family.complete]
    for family, start in zip(several, starts, strict=False):
        members = tuple(
            _member(int(channels[c]), int(r - start), similar[r, c])
            for r, c in placed
            if start <= r < start + family.expected
        )
        if len(members) == 1:
            settled.append(_alone(members[0].channel, setting))
        elif members:
            settled.append(Family(family.orbit, members))
    used = {int(c) for _, c in placed}
    lone = [channel for channel, column in column_of.items() if column not in used]
    return [*settled, *(_alone(channel, setting) for channel in lone)]


def _from_first_channel(family: Family, acting: Acting) -> Family:
    """The family with its places counted from that of its channel of the lowest number."""
    first = min(family.members, key=lambda member: member.channel)
    orbit, places, turned = rerooted(family.orbit, first.place, acting)
    up = first.sign * int(turned[first.place])
    members = (
        replace(m, place=int(places[m.place]), sign=m.sign * int(turned[m.place]) * up)
        for m in family.members
    )
    upright = replace(orbit, places=orbit.places * up)
    return Family(upright, tuple(sorted(members, key=lambda member: member.place)))
