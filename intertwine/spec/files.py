"""Files beside a spec, and the arrays of image lists in them."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from math import prod
from pathlib import Path as FilePath
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from intertwine.errors import SpecError, located, shown
from intertwine.limits import require
from intertwine.names import is_name
from intertwine.spec.forms import ArrayFile

MOST_FILE_BYTES = 64 * 2**20

_SAVE = "save integers with numpy.save or numpy.savez"
# What zipfile and NumPy raise for files that they cannot read.
_BROKEN_ARRAYS = (
    *(OSError, EOFError, ValueError, KeyError, SyntaxError, RecursionError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, tokenize.TokenError, struct.error),
)


def file_beside(folder: FilePath | None, name: str) -> FilePath:
    """The file of that name in the spec's folder or below; anything else is refused."""
    if folder is None:
        raise SpecError(f"file: {shown(name)}", "no files in a dict", "pass arrays instead")
    given, advice = f"file: {shown(name)}", "give the file a relative name beside the spec"
    try:
        path = (folder / name).resolve()
        if FilePath(name).is_absolute() or not path.is_relative_to(folder):
            raise SpecError(given, "no path out of the spec's folder", advice)
        if not path.is_file():
            odd = "which is no file" if path.exists() else "which does not exist"
            where = f"a file in the spec's folder, {shown(str(folder), 200)}"
            raise SpecError(f"{given}, {odd}", where, advice)
        size = path.stat().st_size
    except (OSError, ValueError, RuntimeError):
        raise SpecError(given, "a readable file", advice) from None
    if size > MOST_FILE_BYTES:
        raise SpecError(given, f"at most {MOST_FILE_BYTES} bytes", "keep fewer arrays in it")
    return path


def read_arrays(given: ArrayFile, folder: FilePath | None) -> Mapping[str, NDArray[Any]]:
    """The image lists of a `.npz` (one a name) or `.npy` file (one a row: g0, g1, ...)."""
    with located("file"):
        path = file_beside(folder, given.file)
        named = f"file: {shown(given.file)}"
        reader = {".npz": _archive, ".npy": _rows}.get(path.suffix)
        if reader is None:
            raise SpecError(named, "a .npy or .npz file", _SAVE)
        try:
            arrays = reader(path)
        except _BROKEN_ARRAYS:
            raise SpecError(named, "arrays of integers that NumPy saved", _SAVE) from None
    if given.array is not None:
        if given.array not in arrays:
            known = shown(", ".join(arrays) or "none", 200)
            with located("array"):
                raise SpecError(shown(given.array), f"one of {known}", "name an array of the file")
        return {given.array: arrays[given.array]}
    for name in arrays:
        if not is_name(name):
            with located("file"):
                raise SpecError(
                    f"an array with the name {shown(name)}",
                    "names of letters, digits and single underscores, that are no keywords",
                    "save it under another name, or choose it with `array:`",
                )
    return arrays


def _archive(path: FilePath) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(path) as archive:
        items = archive.infolist()
        require(2 * sum(item.file_size for item in items), "its arrays", "keep fewer in the file")
        arrays: dict[str, NDArray[Any]] = {}
        for item in items:
            name = item.filename.removesuffix(".npy")
            with archive.open(item) as stream:
                array = _array(stream, item.file_size)
            if array.ndim != 1 or name in arrays:
                raise SpecError(
                    f"the array {shown(name)} {'twice' if name in arrays else array.shape}",
                    "one axis of integers in each array",
                    _SAVE,
                )
            arrays[name] = array
        return arrays


def _rows(path: FilePath) -> dict[str, NDArray[Any]]:
    with path.open("rb") as stream:
        array = _array(stream, path.stat().st_size)
    if array.ndim not in (1, 2):
        raise SpecError(f"an array of shape {array.shape}", "one image list a row", _SAVE)
    return {f"g{number}": row for number, row in enumerate(np.atleast_2d(array))}


def _array(stream: IO[bytes], size: int) -> NDArray[Any]:
    """The integers of a `.npy` stream of `size` bytes, whose header must say what follows it."""
    version = np.lib.format.read_magic(stream)
    header = {(1, 0): np.lib.format.read_array_header_1_0,
              (2, 0): np.lib.format.read_array_header_2_0}[version]  # fmt: skip
    shape, by_columns, dtype = header(stream)
    if dtype.kind not in "iu":
        raise SpecError(f"an array of {shown(str(dtype))}", "integers", _SAVE)
    body = size - stream.tell()
    if min(shape, default=1) < 0 or prod(shape) * dtype.itemsize != body:
        raise ValueError("the header does not say how many bytes follow it")
    require(2 * body, "its array", "keep fewer image lists in the file")
    flat = np.frombuffer(stream.read(body), dtype=dtype)
    return flat.reshape(shape, order="F" if by_columns else "C")
