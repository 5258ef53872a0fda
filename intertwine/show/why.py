"""Why two entries of a layer's matrix share a weight, or why they do not, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from intertwine.errors import SpecError, shown
from intertwine.hom.pattern import Pattern
from intertwine.hom.tie import Entry, PairSearch, Tie
from intertwine.show.drawing import Side, maps_and_motions
from intertwine.show.meanings import Meanings
from intertwine.show.tiles import Tiling, tiling

if TYPE_CHECKING:
    from intertwine.solution import SpecSpace

_POINT = re.compile(r"((?P<part>[^\d\W]\w*):)?(?P<places>\d{1,18}(\.\d{1,18})*)\Z")


def why(space: SpecSpace, first: str, second: str) -> Iterator[str]:
    """The lines that say what ties two entries, each given as `output,input`.

    A point is its number, or its places on all axes such as `0.3`; with fields `users:0.3`.

    >>> from intertwine.pipeline import solve
    >>> spec = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
    >>> for line in why(solve(spec), "0,0", "2,2"):
    ...     print(line)
    0 <- 0 is +w0: o0=i0; 3 entries
    2 <- 2 is +w0: o0=i0; 3 entries
    tied by shift^-1, which takes the first to the second:
      shift^-1: 2 <- 2
    """
    rows, columns = Side.of(space.target), Side.of(space.source)
    entries = [parsed_entry(text, rows, columns) for text in (first, second)]
    found, _ = maps_and_motions(space)
    meanings = Meanings(rows, columns)
    tiles = tiling(found, meanings)
    for entry in entries:
        yield f"{meanings.entry(*entry)} is {_weight(tiles, isinstance(found, Pattern), entry)}"
    if space.form.restricts and not all(tiles.codes[entry] for entry in entries):
        yield "no word ties entries that the layer's support or the ends of its grid leave out"
        return
    if space.source.linear or space.target.linear:
        yield "no word ties entries where an action has matrices: its generators mix them"
        return
    search = PairSearch(space.source, space.target)
    zeros = [space.codes[entry] == 0 for entry in entries]
    for entry, zero in zip(dict.fromkeys(entries), zeros, strict=False):
        tie = search.contradiction(entry) if zero else None
        if tie is not None:
            yield f"{meanings.entry(*entry)} is zero, for {tie.word} takes it to minus itself:"
            yield from _steps(tie, meanings)
    tie = search.tie(*entries)
    if tie is None:
        yield "no word in the generators ties them: they lie in different orbitals"
    elif not tie.steps:
        yield "they are one entry"
    else:
        minus = "minus " if tie.sign < 0 else ""
        read = " (the last letter acts first)" if len(tie.steps) > 1 else ""
        yield f"tied by {tie.word}{read}, which takes the first to {minus}the second:"
        yield from _steps(tie, meanings)


def parsed_entry(text: str, rows: Side, columns: Side) -> Entry:
    """The row and the column that `output,input` names.

    Raises:
        SpecError: it is no such pair, or a point is not there.
    """
    halves = text.split(",")
    if len(halves) != 2:
        raise SpecError(
            f"the entry {shown(text)}",
            "output,input such as 0,3; a point on several axes as 0.3, in a field as users:3",
            "write one comma between the output's point and the input's",
        )
    output, given = (half.strip() for half in halves)
    return _parsed(output, rows, "output"), _parsed(given, columns, "input")


def _parsed(text: str, side: Side, what: str) -> int:
    found = _POINT.match(text)
    named = [part for part in side.parts if found and found["part"] in (None, part.name)]
    if found is None or not named:
        fields = [part.name for part in side.parts if part.name.isidentifier()]
        among = f", in one of {', '.join(fields)}" if fields else ""
        raise SpecError(
            f"the {what}'s point {shown(text)}",
            f"a number such as 3, or places such as 0.3{among}",
            "count from 0",
        )
    places = [int(place) for place in found["places"].split(".")]
    part = named[0]
    sizes, start = part.action.shape, part.start
    if len(places) == 1:
        whole = found["part"] is None
        sizes, start = (side.size if whole else part.action.dimension,), 0 if whole else start
    if len(places) != len(sizes) or any(p >= s for p, s in zip(places, sizes, strict=True)):
        raise SpecError(
            f"the {what}'s point {shown(text)}",
            f"places below {' x '.join(map(str, sizes))}",
            "count from 0, a place an axis",
        )
    number = 0
    for place, length in zip(places, sizes, strict=True):
        number = number * length + place
    return start + number


def _weight(tiles: Tiling, exact: bool, entry: Entry) -> str:
    """The parameter that an entry is, with its sign, and the meaning of its orbital."""
    code = int(tiles.codes[entry])
    if not code:
        return "0 whatever the weights"
    meaning = tiles.meanings[abs(code) - 1]
    if not exact:
        return f"{'minus ' if code < 0 else ''}{meaning}"
    return f"{'+' if code > 0 else '-'}w{abs(code) - 1}: {meaning}"


def _steps(tie: Tie, meanings: Meanings) -> Iterator[str]:
    for letter, entry, sign in tie.steps:
        yield f"  {letter}: {'-' if sign < 0 else ''}{meanings.entry(*entry)}"
