"""What the page of a layer is drawn from, as JSON: codes, colours, names, and how rows move."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import shown
from intertwine.group.permutation import SignedPermutation
from intertwine.hom.pattern import Pattern, smallest_signed_type
from intertwine.numerals import many
from intertwine.plan.words import DIAGRAMS
from intertwine.show.drawing import Drawing, Motion, Side
from intertwine.show.palette import MOST_COLOURS, ink_on, palette
from intertwine.show.tiles import Tiling

MOST_LISTED = 400
MOST_ELEMENTS = 64
_LONGEST = 160
_WORDS = {
    r"\b[io]\d": DIAGRAMS,
    r"\boffset\b": "offset: the steps from output to input",
    r"<-": "a <- b: to a of the output, from b of the input",
    r"\borbit\b": "orbit: the points to which the group takes one",
}
_DIGITS = 6


def payload(drawing: Drawing) -> dict[str, Any]:
    """The data of a layer; `exact` where its tiles are its parameters, one each.

    >>> from intertwine.pipeline import solve
    >>> from intertwine.show.drawing import drawing_of
    >>> spec = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
    >>> data = payload(drawing_of(solve(spec)))
    >>> data["motions"][1]["rows"]["cycles"], data["weight"]["meanings"]
    ('(0 1 2)', ['o0=i0', 'o0 | i0'])
    """
    exact = isinstance(drawing.basis, Pattern)
    tiles = drawing.weight.count + drawing.bias.count
    colours = palette(min(tiles, MOST_COLOURS))
    return {
        "name": drawing.name,
        "exact": exact,
        "dimension": drawing.dimension,
        "rows": _side(drawing.rows),
        "columns": _side(drawing.columns),
        "colours": [{"ground": colour, "ink": ink_on(colour)} for colour in colours],
        "weight": _tiling(drawing.weight),
        "bias": _tiling(drawing.bias),
        "motions": [_motion(motion) for motion in drawing.motions],
        "terms": [] if exact else _terms(drawing),
        "words": _words([*drawing.weight.meanings, *drawing.bias.meanings]),
        "mostListed": MOST_LISTED,
        "mostElements": MOST_ELEMENTS,
    }


def as_text(data: dict[str, Any]) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or opens another."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def array(values: NDArray[Any]) -> dict[str, str]:
    """Whole numbers in the smallest type that holds them, little-endian, in base 64.

    >>> array(np.array([1, -2]))
    {'kind': 'int8', 'bytes': 'Af4='}
    """
    kind = smallest_signed_type(int(np.abs(values).max(initial=0)))
    raw = np.ascontiguousarray(values).astype(kind.newbyteorder("<")).tobytes()
    return {"kind": kind.name, "bytes": b64encode(raw).decode("ascii")}


def _side(side: Side) -> dict[str, Any]:
    parts = [
        {"name": part.name, "start": part.start, "shape": [*map(int, part.action.shape)]}
        for part in side.parts
    ]
    return {"size": side.size, "parts": parts}


def _tiling(tiles: Tiling) -> dict[str, Any]:
    """Codes, sizes and meanings; how many entries a tile has is said apart."""
    named = zip(tiles.meanings, tiles.sizes.tolist(), strict=False)
    return {
        "count": tiles.count,
        "codes": array(tiles.codes),
        "sizes": array(tiles.sizes),
        "meanings": [said.removesuffix(f"; {many(size, 'entry')}") for said, size in named],
    }


def _words(meanings: Sequence[str]) -> list[str]:
    """What the words of the meanings say, of those that occur."""
    return [said for word, said in _WORDS.items() if any(re.search(word, m) for m in meanings)]


def _motion(motion: Motion) -> dict[str, Any]:
    return {
        "name": motion.name,
        "rows": _permutation(motion.rows),
        "columns": _permutation(motion.columns),
    }


def _permutation(moved: SignedPermutation | None) -> dict[str, Any] | None:
    if moved is None:
        return None
    signs = np.ones(moved.degree, np.int8) if moved.signs is None else moved.signs
    return {"images": array(moved.images), "signs": array(signs), "cycles": _cycles(moved, signs)}


def _cycles(moved: SignedPermutation, signs: NDArray[np.int8]) -> str:
    """The cycles, the first few of them where there are many, and how many signs change."""
    said = "".join("(" + " ".join(map(str, cycle)) + ")" for cycle in moved.cycles())
    flips = int((signs < 0).sum())
    return shown(said or "()", _LONGEST) + (f", {many(flips, 'sign')} changed" if flips else "")


def _terms(drawing: Drawing) -> list[list[tuple[int, float]]]:
    """What every tile is of the first MOST_ELEMENTS parameters: numbers and factors."""
    firsts = drawing.weight.firsts @ np.array([drawing.columns.size, 1])
    entries = drawing.basis.stack[:MOST_ELEMENTS].tocsc()[:, firsts].tocsc()
    spans = zip(entries.indptr[:-1].tolist(), entries.indptr[1:].tolist(), strict=True)
    return [
        [
            (int(number), round(float(value), _DIGITS))
            for number, value in zip(
                entries.indices[start:stop], entries.data[start:stop], strict=True
            )
        ]
        for start, stop in spans
    ]
