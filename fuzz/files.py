"""Targets: emitted pages that somebody changed, and damaged files of weights."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from fuzz.mutation import respelled
from fuzz.specs import ROOT
from fuzz.target import Target, refusals, require
from intertwine.limits import limited_to
from intertwine.verify.process import Nursery
from intertwine.verify.verify import verify_page
from intertwine.weights import load_weight

_MOST_BYTES = 20_000
_WORDS = [b"0", b"1", b"2", b"-1", b"None", b"torch.int8", b"_numbers", b"_packed", b"GENERATORS",
          b"TABLES", b"DIAGRAMS", b"STAGES", b"(", b")", b"[", b"]", b'"', b"=", b"\n"]  # fmt: skip


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


@cache
def _nursery() -> Nursery:
    return Nursery()


def pages() -> list[bytes]:
    """The emitted layers of the repository that are not long."""
    texts = [path.read_bytes() for path in sorted((ROOT / "generated").glob("*.py"))]
    return [text for text in texts if 0 < len(text) <= _MOST_BYTES]


def run_page(data: bytes) -> bool:
    """Run a page apart and prove it, or refuse it: a page that is wrong is no crash."""
    if len(data) > _MOST_BYTES:
        return False
    path = _folder() / "page.py"
    path.write_bytes(data)
    with refusals(2, 3, 4) as refused, limited_to(None, 5):
        verify_page(path, _nursery())
    return not refused


def _archives() -> list[tuple[str, bytes]]:
    import torch
    from safetensors.numpy import save

    arrays = {"weight": np.arange(6.0).reshape(2, 3), "bias": np.zeros(2, dtype=np.float32)}
    nested = {"state_dict": {"conv.weight": torch.ones(2, 3), "step": 3}, "epoch": 1}
    return [
        (".npy", _saved(np.save, arrays["weight"])),
        (".npy", _saved(np.save, np.asfortranarray(arrays["weight"]))),
        (".npz", _saved(np.savez, **arrays)),
        (".npz", _saved(np.savez_compressed, **arrays)),
        (".safetensors", save(arrays)),
        (".pt", _saved(lambda stream, value: torch.save(value, stream), nested)),
        (".pt", _saved(_old_checkpoint, nested)),
    ]


def _old_checkpoint(stream: io.BytesIO, value: object) -> None:
    import torch

    torch.save(value, stream, _use_new_zipfile_serialization=False)


def _saved(save: Callable[..., Any], *arguments: Any, **named: Any) -> bytes:
    stream = io.BytesIO()
    save(stream, *arguments, **named)
    return stream.getvalue()


_KINDS = (".npy", ".npz", ".safetensors", ".pt")


def weights() -> list[bytes]:
    """A byte for the kind of file, then the file."""
    return [bytes([_KINDS.index(kind)]) + content for kind, content in _archives()]


def run_weights(data: bytes) -> bool:
    """Load an array: what is taken is finite."""
    if not 1 < len(data) <= _MOST_BYTES:
        return False
    path = _folder() / f"weights{_KINDS[data[0] % len(_KINDS)]}"
    path.write_bytes(data[1:])
    with refusals(2, 4) as refused:
        found = load_weight(path, "weight" if path.suffix == ".npz" else None)
        require(bool(np.isfinite(found.values).all()), "an array that is not finite")
        require(found.values.dtype == np.float64, f"an array of {found.values.dtype}")
    return not refused


def mutate_page(data: bytes, random: Random) -> bytes:
    """Change words."""
    return respelled(data, random, _WORDS)


def mutate_bytes(data: bytes, random: Random) -> bytes:
    """Change, drop or double a few bytes, behind the first."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(1, len(changed)) if len(changed) > 1 else 0
        match random.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                del changed[place : place + random.randint(1, 8)]
            case 2:
                changed[place:place] = changed[place : place + random.randint(1, 8)]
            case _:
                changed[place : place + 4] = random.choice(
                    [
                        b"\0\0\0\0",
                        b"\xff\xff\xff\xff",
                        b"\xff\xff\xff\x7f",
                        b"9999",
                        b"<f4'",
                        b"|O8'",
                    ]
                )
    return bytes(changed)


PAGES = Target(
    "pages", "emitted layers with changes, read and proved", pages, run_page, mutate_page
)
WEIGHTS = Target(
    "weights",
    "damaged files of weights: npy, npz, safetensors, checkpoints",
    weights,
    run_weights,
    mutate_bytes,
)
