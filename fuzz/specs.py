"""Targets: specs of layers and of networks, as the bytes of a file and as data."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fuzz.mutation import changed, places, respelled
from fuzz.target import Target, refusals
from intertwine.errors import IntertwineError
from intertwine.network.space import NetworkSpace
from intertwine.pipeline import count, solve
from intertwine.spec.build import build_actions
from intertwine.spec.load import NetworkDocument, load_document
from intertwine.spec.network import build_network
from intertwine.spec.templates import TEMPLATES, from_template
from intertwine.spec.yaml import read_yaml

ROOT = Path(__file__).parents[1]
MOST_BYTES = 20_000
_MOST_COUNTED, _MOST_SOLVED = 400, 64
_PUNCTUATION = [b"{", b"}", b"[", b"]", b":", b", ", b"- ", b"&a ", b"*a", b"!!int ", b"'", b'"',
                b"|", b"\n", b"#", b"%YAML 1.1", b"<<", b"~", b"\t", b"\xff", b"\x00"]  # fmt: skip


def spec_texts() -> list[bytes]:
    """The specs of the repository, and those that `intertwine new` writes."""
    paths = sorted((ROOT / "specs").rglob("*.yaml"))
    texts = [path.read_bytes() for path in paths]
    return [*texts, *(from_template("seed", name).encode() for name in TEMPLATES)]


@cache
def _donors() -> list[Any]:
    return [read_yaml(text.decode()).data for text in spec_texts()]


@cache
def _keys() -> list[str]:
    """Every key that stands in a spec."""
    found = {
        key: None
        for tree in _donors()
        for path in places(tree)
        for key in path
        if isinstance(key, str)
    }
    return list(found)


@cache
def _words() -> list[bytes]:
    return [*_PUNCTUATION, *(key.encode() for key in _keys())]


@cache
def _folder() -> Path:
    """A folder with the files that specs name, and room for one spec."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    (folder / "graphs").mkdir()
    for path in (ROOT / "specs" / "graphs").iterdir():
        (folder / "graphs" / path.name).write_bytes(path.read_bytes())
    return folder


def run_spec(data: bytes) -> bool:
    """Load, build, and where it is small count and solve."""
    if len(data) > MOST_BYTES:
        return False
    path = _folder() / "fuzz.yaml"
    path.write_bytes(data)
    with refusals(2, 4) as refused:
        document = load_document(path)
        if isinstance(document, NetworkDocument):
            problem = build_network(document)
            ends = [problem.source, *(stage.target for stage in problem.stages)]
            if max(end.action.dimension for end in ends) <= 12 and len(ends) <= 4:
                _ = NetworkSpace(document, problem).parameters
        else:
            built = build_actions(document)
            str(built)
            entries = built.source.dimension * built.target.dimension
            if entries <= _MOST_COUNTED:
                count(path)
            if entries <= _MOST_SOLVED:
                compile(solve(path).page, "page.py", "exec")
    return not refused


def mutate_spec(data: bytes, random: Random) -> bytes:
    """Change the tree where there is one, else the text."""
    if random.randrange(4):
        try:
            tree = read_yaml(data.decode()).data
            for _ in range(random.randint(1, 2)):
                tree = changed(tree, random, _donors(), _keys())
            return json.dumps(tree).encode()
        except (IntertwineError, ValueError, RecursionError, IndexError, KeyError):
            pass
    return respelled(data, random, _words())


SPECS = Target(
    "specs",
    "loading, building, counting and solving specs of layers and networks",
    spec_texts,
    run_spec,
    mutate_spec,
    tuple(word.decode() for word in _PUNCTUATION[:14]),
)
