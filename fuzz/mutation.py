"""Changing inputs: trees of data, and texts word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any

_WORD = re.compile(rb"[0-9]+|[A-Za-z_]+|\s+|.", re.DOTALL)
ODD: tuple[Any, ...] = (
    0, 1, -1, 2, 3, 7, 32, 33, 10**6, 10**18, 10**30, 0.5, True, None, "", "points", "sign",
    "trivial", "regular", "standard", "vector", "determinant", "(0 1)", "(0 1 2)", "1/2",
    "sqrt(2)", "-1/2", "a.b", "\x1b[2J", [], {}, [0], [1, 0], [[1]], [[0, 1], [1, 0]],
    {"trivial": 2},
)  # fmt: skip


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a tree of data."""
    found = [path]
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if _is_list(tree) else ()
    for key, value in items:
        found += places(value, (*path, key))
    return found


def at(tree: Any, path: Sequence[Any]) -> Any:
    """The value at a path."""
    for step in path:
        tree = tree[step]
    return tree


def changed(tree: Any, random: Random, donors: Sequence[Any], keys: Sequence[str]) -> Any:
    """A copy of a tree with one thing changed: a value, a key, an item less or more."""
    tree = json.loads(json.dumps(tree))
    path = random.choice(places(tree)[1:] or [()])
    if not path:
        return random.choice(donors)
    above, last = at(tree, path[:-1]), path[-1]
    match random.randrange(7):
        case 0:
            donor = random.choice(donors)
            above[last] = at(donor, random.choice(places(donor)))
        case 1:
            above[last] = random.choice(ODD)
        case 2:
            del above[last]
        case 3 if isinstance(above, dict):
            above[random.choice(keys)] = above.pop(last)
        case 4:
            above[last] = {random.choice(keys): above[last]}
        case 5 if isinstance(above, list):
            above.insert(random.randrange(len(above) + 1), above[last])
        case 6 if isinstance(above[last], int):
            above[last] += random.choice([-1, 1, 2])
        case _:
            above[last] = [above[last], random.choice(ODD)]
    return tree


def respelled(text: bytes, random: Random, words: Sequence[bytes]) -> bytes:
    """A text with a few of its words replaced, doubled, swapped or left out."""
    parts = _WORD.findall(text) or [b""]
    for _ in range(random.randint(1, 3)):
        here, there = random.randrange(len(parts)), random.randrange(len(parts))
        match random.randrange(5):
            case 0:
                parts[here] = parts[there]
            case 1:
                parts[here], parts[there] = parts[there], parts[here]
            case 2:
                parts[here] = b""
            case 3:
                parts[here] += parts[here]
            case _:
                parts[here] = random.choice(words)
    return b"".join(parts)


def _is_list(tree: Any) -> bool:
    return isinstance(tree, list)
