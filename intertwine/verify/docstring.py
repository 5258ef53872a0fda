"""What a docstring says, held against what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intertwine.errors import shown
from intertwine.numerals import many
from intertwine.verify.facts import Layer

_LISTED = 32
_SHAPES = r"Shapes, |\Z"
_NEXT_KEY = r" \w+__\w+, \d+| `bias|Shapes, |\Z"


@dataclass(frozen=True)
class Claim:
    """A pattern whose first group, wherever the docstring has it, must be `value`.

    It is sought from the first place that fits `start` up to the next that fits `end`.  Where it
    is `needed`, the docstring must have it at least once.
    """

    what: str
    pattern: str
    value: str
    needed: bool = False
    start: str = ""
    end: str = r"\Z"

    def wrong(self, text: str) -> str:
        """What is wrong with a text whose white space is single spaces; empty where nothing is."""
        begun = re.search(self.start, text)
        if begun is None:
            return ""
        rest = text[begun.end() :]
        ended = re.search(self.end, rest)
        part = rest[: ended.start() if ended else len(rest)]
        words = [match[1].strip() for match in re.finditer(self.pattern, part)]
        other = next((word for word in words if word != self.value), None)
        value = shown(self.value, 60)
        if other is not None:
            return f"its docstring says {shown(other, 60)} for {self.what}, which is {value}"
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


def listed_claims(layer: Layer, key: tuple[str, str], meanings: Sequence[str]) -> list[Claim]:
    """A claim for each map of a block that the docstring lists, where it is alone or of some.

    `meanings` are all; those listed are as many as the docstring has room for.
    """
    shown_ = list(enumerate(meanings[:_LISTED]))
    if not re.search(r'`weight\["output__input"\]', layer.doc):
        head, end = r"`weight\[k\]`", r"`bias\[k\]`|Shapes, |\Z"
        claims = [
            Claim(f"map {k}", rf" {k}: (\S.*?)(?= {k + 1}: | \.\.\. up to| Each has| \Z|\Z)",
                  meaning, start=head, end=end)
            for k, meaning in shown_
        ]  # fmt: skip
        last = Claim("the last map", r"\.\.\. up to (\d+)", str(len(meanings) - 1),
                     start=head, end=end)  # fmt: skip
        return [*claims, last]
    head = rf" {re.escape('__'.join(key))},"
    named = "; ".join([f"[{k}] {meaning}" for k, meaning in shown_])
    more = "; ..." if len(meanings) > _LISTED else ""
    return [
        Claim(f"the maps of {'__'.join(key)}", r"\A (\d+)", str(len(meanings)), start=head),
        Claim(f"the maps of {'__'.join(key)}", r": (\[0\].*)", named + more, start=head,
              end=_NEXT_KEY),
    ]  # fmt: skip


def bias_claims(layer: Layer, target: str, meanings: Sequence[str]) -> list[Claim]:
    """A claim for each invariant of an output that the docstring lists."""
    head, end = r"`bias\[k\]`", _SHAPES
    several = Claim(
        f"the bias of {target}", rf"[:,] {re.escape(target)} (\d+)(?=[,.])", str(len(meanings)),
        start=r"`bias\[output\]` holds its invariants", end=end,
    )  # fmt: skip
    claims = [
        Claim(f"bias {k}", rf" {k}: (\S.*?)(?= {k + 1}: | \.\.\. up to| \Z|\Z)", meaning,
              start=head, end=end)
        for k, meaning in enumerate(meanings[:_LISTED])
    ]  # fmt: skip
    last = Claim("the last bias", r"\.\.\. up to (\d+)", str(len(meanings) - 1), start=head, end=end)
    return [several, *claims, last]
