"""The action of the group on the channels of complete families, and where matches are no action."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.action.element import AtomUnion
from intertwine.discover.acting import Acting
from intertwine.discover.discovery import ChannelAction
from intertwine.discover.families import Family
from intertwine.discover.linked import Linked
from intertwine.discover.partners import Partners
from intertwine.group.chain import StabilizerChain
from intertwine.group.permutation import SignedPermutation, concatenated


def channel_action(
    sought: Sequence[Family] | Sequence[Linked],
    partners: Sequence[Partners],
    acting: Acting,
    live: Sequence[int],
) -> ChannelAction | None:
    """The action on the channels of complete families, if there are any.

    Families and partners number the live channels; the action says which channels these are.
    """
    channels = sorted(c for family in sought if family.complete for c in family.channels)
    if not channels:
        return None
    place = {channel: number for number, channel in enumerate(channels)}
    on = {name: [partners[k][c] for c in channels] for name, k in acting.generators.items()}
    signed = any(partner.sign < 0 for several in on.values() for partner in several)
    images = {
        name: SignedPermutation.of(
            [place[partner.channel] for partner in several],
            [partner.sign for partner in several] if signed else None,
        )
        for name, several in on.items()
    }
    found = tuple(live[channel] for channel in channels)
    return ChannelAction(found, images, is_homomorphism(list(images.values()), acting))


def is_homomorphism(images: Sequence[SignedPermutation], acting: Acting) -> bool:
    """Whether the group that the pairs (g, pi_g) generate is no larger than that of all g.

    Then pi_g is determined by g, and the generators' images satisfy every relation of the group.
    """
    union = AtomUnion([acting.action]).generators
    alone = StabilizerChain.of([g.doubled() for g in union])
    pairs = [
        concatenated([SignedPermutation(g.doubled()), SignedPermutation(image.doubled())]).images
        for g, image in zip(union, images, strict=True)
    ]
    return StabilizerChain.of(pairs).order == alone.order


def violations(partners: Sequence[Partners], acting: Acting) -> int:
    """Where pi_a pi_g and pi_ag are all there, for a generator a, and differ."""
    if acting.table is None:
        return 0
    count = 0
    for generator in acting.generators.values():
        first = partners[generator]
        for second, product in zip(partners, acting.table[generator], strict=True):
            both = partners[product]
            for channel, middle in second.items():
                last, direct = first.get(middle.channel), both.get(channel)
                if last is not None and direct is not None:
                    reached = last.channel, last.sign * middle.sign
                    count += reached != (direct.channel, direct.sign)
    return count
