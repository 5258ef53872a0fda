"""What was found in a weight: a permutation of channels an element, families, and their action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intertwine.discover.acting import Acting, Kernels
from intertwine.discover.families import Family
from intertwine.discover.levels import Chance
from intertwine.discover.linked import Linked
from intertwine.discover.matching import Match
from intertwine.discover.partners import Partners
from intertwine.group.permutation import SignedPermutation
from intertwine.numerals import many


@dataclass(frozen=True, eq=False)
class Turn:
    """What one element does to the channels.

    `match` is the best permutation of all live channels, whatever its cosines; `partners` are the
    pairs that the families give.  `shuffled` and `alike` are the scores of two kinds of kernels
    that have no families: see `discover`.
    """

    name: str
    match: Match = field(repr=False)
    partners: Partners = field(repr=False)
    shuffled: Chance | None
    alike: Chance | None

    @property
    def score(self) -> float:
        """The mean cosine over channels, weighted by norm, of the best permutation."""
        return self.match.score

    @property
    def above_chance(self) -> bool:
        """Whether the score is above every score drawn, of either kind."""
        return all(
            chance is None or self.score > chance.largest for chance in (self.shuffled, self.alike)
        )


@dataclass(frozen=True, eq=False)
class ChannelAction:
    """An action on the channels of complete families: one signed permutation a generator.

    They are permutations of 0 .. len(channels) - 1, the place of a channel in `channels`.
    `homomorphism` says that they satisfy all relations of the group, proved by its order.
    """

    channels: tuple[int, ...]
    images: Mapping[str, SignedPermutation]
    homomorphism: bool

    @property
    def signed(self) -> bool:
        """Whether some channel goes to minus another."""
        return any(image.signed for image in self.images.values())

    def __str__(self) -> str:
        """The output of a spec."""
        kind = "signed_permutations" if self.signed else "permutations"
        inside = ", ".join(f"{name}: {_images(image)}" for name, image in self.images.items())
        return f"output: {{{kind}: {{{inside}}}}}"


@dataclass(frozen=True, eq=False)
class Discovery:
    """The symmetry of a weight whose first axis are output channels.

    Channels of norm at most a thousandth of the largest are `dead` and belong nowhere; `live` are
    the others, and matches number these.  `kernels` are those of the live ones, of norm 1 and shape
    (live, parts, places).  Families number all channels.  `violations` counts where matches, taken
    element by element above the threshold, are no action: a generator a, an element g and a channel
    i with pi_a(pi_g(i)) other than pi_ag(i).  `by_chance` is the median number of channels
    in families of two or more among random kernels of the same mean and covariance.
    """

    acting: Acting
    shape: tuple[int, ...]
    signs: bool
    threshold: float
    live: tuple[int, ...] = field(repr=False)
    dead: tuple[int, ...]
    kernels: Kernels = field(repr=False)
    turns: tuple[Turn, ...] = field(repr=False)
    families: tuple[Family | Linked, ...] = field(repr=False)
    by_chance: float | None
    violations: int
    action: ChannelAction | None

    @property
    def complete(self) -> bool:
        """Whether every live channel is in a complete family, so that the group acts on them."""
        return all(family.complete for family in self.families)

    @property
    def in_families(self) -> int:
        """How many channels are in families of two or more."""
        return sum(len(f.channels) for f in self.families if len(f.channels) > 1)

    @property
    def holes(self) -> int:
        """How many members are missing from families of two or more."""
        return sum(
            len(family.holes)
            for family in self.families
            if isinstance(family, Family) and len(family.members) > 1
        )

    @property
    def spec(self) -> str | None:
        """The found action as a spec, or as the output of the spec that gave the group."""
        if self.action is None:
            return None
        return self.acting.declaration + str(self.action)

    def __str__(self) -> str:
        scores = [turn.score for turn in self.turns]
        several = [f for f in self.families if len(f.channels) > 1]
        whole = sum(family.complete for family in several)
        return (
            f"{many(len(self.live), 'channel')} under {self.acting}: "
            f"scores {min(scores):.2f} to {max(scores):.2f}; families of two or more: "
            f"{len(several)}, complete: {whole}, holes: {self.holes}"
        )


def _images(image: SignedPermutation) -> list[int]:
    """As specs list them: from 0, or from 1 with the sign beside the image."""
    if image.signs is None:
        return [int(point) for point in image.images]
    return [int(point) for point in (image.images + 1) * image.signs]
