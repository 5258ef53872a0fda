"""Families under a group too large to list: channels that the matches of its generators link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from intertwine.discover.partners import Partners


@dataclass(frozen=True)
class Linked:
    """Channels that generators link; `open` counts their moved kernels that no channel holds."""

    channels: tuple[int, ...]
    open: int

    @property
    def complete(self) -> bool:
        """Whether every generator maps every member to a member."""
        return not self.open

    def numbered(self, channels: Sequence[int]) -> Linked:
        """The same family where channel i is called channels[i]."""
        return replace(self, channels=tuple(channels[channel] for channel in self.channels))


def linked(partners: Sequence[Partners], channels: int) -> list[Linked]:
    """The connected components of the channels, the largest first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = [(i, partner.channel) for found in partners for i, partner in found.items()]
    rows, columns = np.array(links, dtype=np.intp).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(channels, channels))
    _, label = connected_components(graph, directed=False)
    families = []
    for number in range(channels):
        members = tuple(np.flatnonzero(label == number).tolist())
        if members:
            missing = sum(member not in found for found in partners for member in members)
            families.append(Linked(members, missing))
    return sorted(families, key=lambda family: (-len(family.channels), family.channels))
