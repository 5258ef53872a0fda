"""What a docstring says, held against what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intertwine.errors import shown
from intertwine.numerals import many
from intertwine.verify.facts import Layer

_LISTED = 32
_ORDER = r"of order (\d+)[.,](?!\d)"
_SHAPES = r"Shapes, |\Z"
_NEXT_KEY = r" \w+__\w+, \d+| `bias|Shapes, |\Z"


@dataclass(frozen=True)
class Claim:
    """A pattern whose first group, wherever the docstring has it, must be `value`, or `other`.

    It is sought from the first place that fits `start` up to the next that fits `end`.  Where it
    is `needed`, the docstring must have it at least once.
    """

    what: str
    pattern: str
    value: str
    needed: bool = False
    start: str = ""
    end: str = r"\Z"
    other: str = ""

    def wrong(self, text: str) -> str:
        """What is wrong with a text whose white space is single spaces; empty where nothing is."""
        begun = re.search(self.start, text)
        if begun is None:
            return ""
        rest = text[begun.end() :]
        ended = re.search(self.end, rest)
        part = rest[: ended.start() if ended else len(rest)]
        part = part.replace(", by first entries in row-major order", "")
        words = [match[1].strip() for match in re.finditer(self.pattern, part)]
        wrong = next((w for w in words if w != self.value and (not w or w != self.other)), None)
        value = shown(self.value, 60)
        if wrong is not None:
            return f"its docstring says {shown(wrong, 60)} for {self.what}, which is {value}"
        if self.needed and not words:
            return f"its docstring does not say {self.what}, which is {value}"
        return ""


def contradiction(doc: str, claims: Sequence[Claim]) -> str:
    """The first claim that a docstring breaks, in words; empty where it keeps all."""
    text = " ".join(doc.split())
    return next(filter(None, (claim.wrong(text) for claim in claims)), "")


def dimension_claims(dimension: int, bias: int) -> list[Claim]:
    """The dimension wherever it is said."""
    return [
        Claim("the dimension", r"Dimension: (\S+), bias", str(dimension), needed=True),
        Claim("the bias's dimension", r"Dimension: \S+, bias (\d+)", str(bias), needed=True),
        Claim("the maps", r"Proof: (\d+ independent maps?)", many(dimension, "independent map")),
        Claim("the second count", r"second count: (\d+)", str(dimension)),
    ]


def order_claims(doc: str, order: int) -> list[Claim]:
    """A claim that fails where the docstring's order is no multiple of that of what acts."""
    stated = stated_order(doc)
    if stated % order == 0:
        return []
    return [Claim("its order, or a divisor", _ORDER, str(order))]


def stated_order(doc: str) -> int:
    """The order that a docstring says in full, or 0."""
    said = re.search(_ORDER, doc)
    return int(said[1]) if said else 0


def shape_claims(layer: Layer) -> list[Claim]:
    """The shape of every field; those of one input and one output have no name."""
    claims = []
    several = len(layer.keys) > 1 or set(layer.inputs) | set(layer.outputs) != {"input", "output"}
    for side, word, fields in (
        ("input", "in_channels", layer.inputs),
        ("output", "out_channels", layer.outputs),
    ):
        for name, axes in fields.items():
            shape = [word, *map(str, axes)]
            if layer.channels_last:
                shape = [*shape[1:], word]
            label = f"{re.escape(name)} " if several else ""
            pattern = rf"\b{side} {label}\(([^)]*)\)"
            claims.append(Claim(f"the shape of {name}", pattern, ", ".join(shape), start=_SHAPES))
    return claims


def listed_claims(
    layer: Layer, key: tuple[str, str], meanings: Sequence[str], others: Sequence[str] = ()
) -> list[Claim]:
    """What the docstring lists of the maps of a block, as many as it has room for.

    `others` are what it may call them in place of their meanings.
    """
    if not re.search(r'`weight\["output__input"\]', layer.doc):
        head, end = r"`weight\[k\]` multiplies .*?\):", r" Each has|`bias\[k\]`|Shapes, |\Z"
        return [Claim("its maps", r"\A (.*)", _numbered(meanings), start=head, end=end,
                      other=_numbered(others))]  # fmt: skip
    head, what = rf" {re.escape('__'.join(key))},", f"the maps of {'__'.join(key)}"
    named, named_else = (
        "; ".join([f"[{k}] {meaning}" for k, meaning in enumerate(words[:_LISTED])])
        for words in (meanings, others)
    )
    more = "; ..." if len(meanings) > _LISTED else ""
    return [
        Claim(what, r"\A (\d+)", str(len(meanings)), start=head),
        Claim(what, r":( \[.*)", named + more, start=head, end=_NEXT_KEY, other=named_else + more),
    ]


def bias_claims(
    layer: Layer, target: str, meanings: Sequence[str], others: Sequence[str] = ()
) -> list[Claim]:
    """What the docstring lists of the invariants of an output, or calls them instead."""
    return [
        Claim(f"the bias of {target}", rf"[:,] {re.escape(target)} (\d+)(?=[,.])",
              str(len(meanings)), start=r"`bias\[output\]` holds its invariants", end=_SHAPES),
        Claim("its bias", r"\A (.*)", _numbered(meanings),
              start=r"`bias\[k\]` is added, channel by channel, on:", end=_SHAPES,
              other=_numbered(others)),
    ]  # fmt: skip


def _numbered(meanings: Sequence[str]) -> str:
    """The meanings as they are listed, a line each."""
    lines = [f"{k}: {meaning}" for k, meaning in enumerate(meanings[:_LISTED])]
    if len(meanings) > _LISTED:
        lines.append(f"... up to {len(meanings) - 1}")
    return " ".join(lines)
