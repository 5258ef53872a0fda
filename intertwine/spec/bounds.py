"""What is out of all proportion is refused while it is built, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import log10, prod

from intertwine.action.action import Action
from intertwine.errors import TooLargeError, shown
from intertwine.group.chain import spend_on_chain
from intertwine.group.group import Group

_MOST_FACTORS = 64
_MOST_AXES = 1000
_MOST_DIGITS = 1000
_MOST_PARTS = 20_000
_MOST_TERMS = 5000
_MOST_BLOCKS = 250_000


def refuse_factors(base: Action, size: int) -> None:
    """Refuse tuples of too many entries, before their number is computed."""
    if size > _MOST_FACTORS:
        raise TooLargeError(
            f"tuples of {shown(size)} points, of which there are about "
            f"10^{int(log10(base.dimension) * size)}; take at most {_MOST_FACTORS}"
        )


def refuse_chain(group: Group) -> None:
    """Refuse to search a large group by a stabilizer chain, unless its time is allowed."""
    spend_on_chain(group.faithful_degree, group.order)


def refuse_endless(action: Action) -> None:
    """Refuse an action with too many parts, axes, direct summands, or digits in its dimension."""
    if sum(1 for _ in islice(_parts(action), _MOST_PARTS + 1)) > _MOST_PARTS:
        raise TooLargeError(f"an action of more than {_MOST_PARTS} parts; take fewer")
    axes, terms = len(action.shape), _terms(action)
    if axes > _MOST_AXES:
        raise TooLargeError(f"an action with {axes} axes; take at most {_MOST_AXES}")
    if terms > _MOST_TERMS:
        raise TooLargeError(
            f"an action with {terms} direct summands, multiplied out; take at most {_MOST_TERMS}"
        )
    if _digits(action.dimension) > _MOST_DIGITS:
        raise TooLargeError(
            f"an action of dimension about 10^{_digits(action.dimension)}; "
            f"at most 10^{_MOST_DIGITS} is counted, take a smaller one"
        )


def refuse_blocks(source: Action, target: Action) -> None:
    """Refuse a pair of direct sums with too many blocks between their summands."""
    blocks = _terms(source) * _terms(target)
    if blocks > _MOST_BLOCKS:
        raise TooLargeError(
            f"{blocks} blocks between direct summands; take fewer, at most {_MOST_BLOCKS}"
        )


def _parts(action: Action) -> Iterator[Action]:
    """The action, its parts, their parts, and so on."""
    yield action
    for part in action.parts:
        yield from _parts(part)


def _terms(action: Action) -> int:
    """How many direct summands there are once tensor products are multiplied out."""
    summands = action.summands()
    if summands[0] is not action:
        return sum(map(_terms, summands))
    factors = action.factors()
    return prod(map(_terms, factors)) if len(factors) > 1 else 1


def _digits(number: int) -> int:
    """About how many decimal digits a number has."""
    return number.bit_length() * 30103 // 100000
