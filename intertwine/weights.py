"""Trained weights from files: one array of numbers, whatever wrote it; pickles are never run."""

from __future__ import annotations

import difflib
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import IntertwineError, SpecError, shown
from intertwine.limits import require

_EXPECTED = "a file of weights: .npy, .npz, .safetensors, .pt, .pth, .ckpt or .bin"
_SAVE = "save the array with numpy.savez, safetensors or torch.save(module.state_dict(), ...)"
_LISTED = 12
_DEEPEST = 12
_MOST_VALUES = 1 << 20
_SAFE_TYPES = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4"},
    **{"I16": "<i2", "I8": "i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1"},
    **{"BOOL": "?"},
}


@dataclass(frozen=True, eq=False)
class Weight:
    """An array of finite real numbers, and the entry of the file that holds it."""

    name: str
    values: NDArray[np.float64]

    def __str__(self) -> str:
        return f"{self.name}: {_axes(self.values.shape)}"


@dataclass(frozen=True, eq=False)
class _Entry:
    """An array that has not been read: its name, shape, type, and how it is read."""

    name: str
    shape: tuple[int, ...]
    type: str
    numeric: bool
    read: Callable[[], NDArray[Any]]

    def __str__(self) -> str:
        return f"{shown(self.name)} {_axes(self.shape)}{'' if self.numeric else f' {self.type}'}"


def load_weight(path: Path, entry: str | None = None) -> Weight:
    """One array of a file: the entry of that name, or else the only one with two axes or more.

    A checkpoint's nested dicts are flattened with dots: `model.conv1.weight`.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "trained.npz"
    >>> np.savez(path, weight=np.eye(3), bias=np.zeros(3))
    >>> print(load_weight(path))
    weight: (3, 3)

    Raises:
        SpecError: there is no such file, array or entry, or it holds other than finite numbers.
        TooLargeError: it needs more than the memory limit.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _loaded(Path(path), entry)
    except IntertwineError as error:
        error.place = error.place or shown(str(path), 200)
        raise


def _loaded(path: Path, name: str | None) -> Weight:
    reader = _READERS.get(path.suffix.lower())
    try:
        if path.is_dir():
            raise SpecError("a folder", _EXPECTED, "name a file in it")
        if path.exists() and not path.is_file():
            raise SpecError("a pipe or a device", _EXPECTED, "save it, and pass the file")
        if not path.exists():
            raise SpecError("a file that does not exist", _EXPECTED, "check the path")
        if reader is None:
            raise SpecError(f"the extension {shown(path.suffix) or 'none'}", _EXPECTED, _SAVE)
        size = path.stat().st_size
        require(2 * size, "the file", "save the one array that is wanted")
        entry = _chosen(list(reader(path)), name)
        require(16 * prod(entry.shape), "the array", "take a smaller one")
        values = entry.read()
    except (IntertwineError, MemoryError):
        raise
    except ImportError as error:
        package = error.name or "a package"
        raise SpecError(
            f"a {path.suffix} file, and {package} is not installed",
            f"{package}, which reads it",
            f"pip install {package}, or save the array with numpy.savez",
        ) from None
    except OSError as error:
        raise SpecError(
            f"no readable file ({error.strerror or 'damaged'})", _EXPECTED, "check it"
        ) from None
    except Exception:  # readers of damaged files raise whatever comes first
        raise SpecError(
            f"a damaged {path.suffix} file, or one with more than arrays", _EXPECTED, _SAVE
        ) from None
    return Weight(entry.name, _finite(values))


def _chosen(entries: list[_Entry], name: str | None) -> _Entry:
    """The entry of that name, or the only one that can be meant."""
    names = [entry.name for entry in entries]
    known = ", ".join(map(str, entries[:_LISTED])) + (" ..." if len(entries) > _LISTED else "")
    known = f"one of {known}" if known else "a file with an array"
    if name is not None:
        if names.count(name) != 1:
            near = difflib.get_close_matches(name, names, 1)
            advice = f"did you mean {shown(near[0])}?" if near else "name an entry of the file"
            many = "twice" if name in names else "which is not there"
            raise SpecError(f"the entry {shown(name)}, {many}", known, advice)
        entry = entries[names.index(name)]
    else:
        wide = [entry for entry in entries if entry.numeric and len(entry.shape) >= 2]
        if len(wide) != 1 and len(entries) != 1:
            given = f"{len(wide) or 'no'} arrays of two axes or more"
            raise SpecError(given, known, "name one with --entry")
        (entry,) = wide if len(wide) == 1 else entries
    if not entry.numeric:
        raise SpecError(f"the entry {entry}", "an array of real numbers", "name another entry")
    if not prod(entry.shape):
        raise SpecError(f"the empty array {entry}", "an array with entries", "name another entry")
    return entry


def _finite(values: NDArray[Any]) -> NDArray[np.float64]:
    real = np.ascontiguousarray(values, dtype=np.float64)
    odd = real.size - int(np.isfinite(real).sum())
    if odd:
        place = _axes(np.argwhere(~np.isfinite(real))[0])
        raise SpecError(
            f"{odd} entries that are not finite, the first at {place}",
            "finite numbers",
            "take an earlier checkpoint",
        )
    return real


def _axes(numbers: Any) -> str:
    """A shape or an index, as Python writes a tuple."""
    return str(tuple(int(n) for n in numbers))


def _npy(path: Path) -> Iterator[_Entry]:
    size = path.stat().st_size

    def opened() -> IO[bytes]:
        return path.open("rb")

    yield _numpy_entry(path.stem, opened, size)


def _npz(path: Path) -> Iterator[_Entry]:
    with zipfile.ZipFile(path) as archive:
        items = archive.infolist()
    for item in items:

        def opened(item: zipfile.ZipInfo = item) -> IO[bytes]:
            return zipfile.ZipFile(path).open(item)

        yield _numpy_entry(item.filename.removesuffix(".npy"), opened, item.file_size)


def _numpy_entry(name: str, opened: Callable[[], IO[bytes]], size: int) -> _Entry:
    """The array of a `.npy` stream of `size` bytes, whose header must say what follows it."""
    with opened() as stream:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            header = np.lib.format.read_array_header_2_0
        shape, by_columns, dtype = header(stream)
        start = stream.tell()
    numeric = dtype.kind in "fiub"
    if numeric and (min(shape, default=1) < 0 or prod(shape) * dtype.itemsize != size - start):
        raise ValueError("the header does not say how many bytes follow it")

    def read() -> NDArray[Any]:
        require(2 * (size - start), "the array", "take a smaller one")
        with opened() as stream:
            flat = np.frombuffer(stream.read(size)[start:], dtype=dtype)
        return flat.reshape(shape, order="F" if by_columns else "C")

    return _Entry(name, tuple(shape), str(dtype), numeric, read)


def _safetensors(path: Path) -> Iterator[_Entry]:
    import safetensors

    parsed: Callable[[bytes], list[tuple[str, dict[str, Any]]]] = safetensors.deserialize
    for name, found in sorted(parsed(path.read_bytes()), key=lambda one: one[0]):
        shape, type_ = tuple(found["shape"]), str(found["dtype"])

        def read(
            data: Any = found["data"], shape: tuple[int, ...] = shape, type_: str = type_
        ) -> NDArray[Any]:
            flat = np.frombuffer(data, dtype=_SAFE_TYPES[type_])
            if type_ == "BF16":  # the upper half of a float32
                flat = (flat.astype(np.uint32) << 16).view(np.float32)
            return flat.reshape(shape)

        yield _Entry(name, shape, type_, type_ in _SAFE_TYPES, read)


def _checkpoint(path: Path) -> Iterator[_Entry]:
    import torch

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            require(sum(item.file_size for item in archive.infolist()), "the file", "split it")
    loaded = torch.load(path, map_location="cpu", weights_only=True)
    for name, tensor in _flattened(loaded, iter(range(_MOST_VALUES))):
        if not isinstance(tensor, torch.Tensor):
            continue
        plain = tensor.layout == torch.strided and not (tensor.is_quantized or tensor.is_meta)

        def read(tensor: Any = tensor) -> NDArray[Any]:
            return np.asarray(tensor.detach().to(torch.float64).numpy())

        type_ = str(tensor.dtype).removeprefix("torch.")
        yield _Entry(name, tuple(tensor.shape), type_, plain and not tensor.is_complex(), read)


def _flattened(
    value: Any, room: Iterator[int], name: str = "", depth: int = 0
) -> Iterator[tuple[str, Any]]:
    """The leaves of nested dicts and lists, by their keys joined with dots.

    There is `room` for so many of all, for a list that holds one other a hundred times, which holds
    another, and so on, is a small file.
    """
    if next(room, None) is None:
        given = f"a checkpoint of more than {_MOST_VALUES:,} values"
        raise SpecError(given, "fewer of them", "save the module's state_dict() alone")
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        yield name or "tensor", value
    if depth < _DEEPEST:
        for key, inner in items:
            yield from _flattened(inner, room, f"{name}.{key}" if name else str(key), depth + 1)


_READERS: dict[str, Callable[[Path], Iterator[_Entry]]] = {
    ".npy": _npy,
    ".npz": _npz,
    ".safetensors": _safetensors,
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".bin"), _checkpoint),
}
