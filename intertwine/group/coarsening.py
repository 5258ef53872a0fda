"""The subgroup that a coarser grid leaves: a grid's own symmetries, with longer translations.

Every point of the coarse grid stands for one point of a `step`-th part of the fine one (a stride
keeps the multiples of the step) or for a window of step points along each axis.  The motions that
keep that division are the translations by multiples of the step, together with the point group
about a kept point, or about the centre c of a window: `x -> c + R (x - c)`.  They act on the coarse
grid as all of its own symmetries do (Cohen and Welling 2016, section 6.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from intertwine.group.group import Group

# Generators with how often each is taken, from the left: their product.
Word = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Coarsening:
    """A subgroup of `fine` that acts on a coarser grid as the group `coarse` does.

    `words` give, for every generator of the coarse group, an element of the fine one.

    >>> from intertwine.group.grid import grid
    >>> halved = coarsening(grid([8, 8], "p4"), grid([4, 4], "p4"), 2, windows=True)
    >>> print(halved)
    p4(4 x 4), of order 64 and index 4: translations by 2 with the point group about a window
    >>> halved.words["rotation"]
    (('shift_0', 1), ('rotation', 1))
    """

    fine: Group
    coarse: Group
    step: int
    windows: bool
    words: Mapping[str, Word]

    def __str__(self) -> str:
        about = "a window" if self.windows else "a kept point"
        turned = not all(map(is_shift, self.fine.generators))
        turns = f" with the point group about {about}" if turned else ""
        index = self.fine.order // self.coarse.order
        return (
            f"{self.coarse}, of order {self.coarse.order} and index {index}: "
            f"translations by {self.step}{turns}"
        )


def is_shift(generator: str) -> bool:
    """Whether a generator of a grid, or of a cyclic group, is a translation."""
    return generator.startswith("shift")


def coarsening(fine: Group, coarse: Group, step: int, windows: bool) -> Coarsening:
    """That of a grid or a cyclic group, by a stride or by windows."""
    words: dict[str, Word] = {}
    for name in fine.generators:
        if not is_shift(name):
            centre = Fraction(step - 1, 2) if windows else Fraction(0)
            words[name] = about(fine, name, [centre] * sum(map(is_shift, fine.generators)))
        elif name in coarse.generators:
            words[name] = ((name, step),)
    return Coarsening(fine, coarse, step, windows, words)


def about(group: Group, generator: str, centre: Sequence[Fraction]) -> Word:
    """A generator of a grid's point group, moved to the point with the coordinates `centre`."""
    if group.vectors is None:
        raise ValueError(f"{group} has no point group")
    parts = dict(zip(group.generators, group.vectors.matrices, strict=True))
    shifts = [name for name in group.generators if is_shift(name)]
    rows = parts[generator].real().astype(int).tolist()
    turned = [sum(e * c for e, c in zip(row, centre, strict=True)) for row in rows]
    offsets = [c - t for c, t in zip(centre, turned, strict=True)]
    moved = zip(shifts, offsets, strict=True)
    return (*((name, int(offset)) for name, offset in moved if offset), (generator, 1))


def expanded(word: Word, words: Mapping[str, Word]) -> Word:
    """A word whose generators are themselves words in those of another group."""
    return tuple(letter for name, times in word for _ in range(times) for letter in words[name])
