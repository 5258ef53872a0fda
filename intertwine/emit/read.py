"""Reading the tables of an emitted page back, by its syntax tree: the page is never run."""

from __future__ import annotations

from pathlib import Path

from intertwine.emit.read_sizes import PageDiagrams, read_diagrams
from intertwine.emit.read_stacked import PageMaps, read_maps
from intertwine.emit.read_tables import PageTables, read_tables
from intertwine.emit.source import Source, sources
from intertwine.errors import SpecError, shown

_NOT_A_PAGE = (
    ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, StopIteration,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip


Page = PageTables | PageDiagrams | PageMaps


def read_pages(path: Path) -> tuple[dict[str, Page], bool]:
    """What an emitted file says in numbers, by the class of each layer; else it is refused.

    Second, whether it is the file of a network.
    """
    try:
        if path.exists() and not path.is_file():
            given = f"{shown(str(path), 200)}, which is no file"
            raise SpecError(given, "an emitted file", "check the path")
        found, network = sources(path.read_text(encoding="utf-8"))
        return {source.layer.name: _read(source) for source in found}, network
    except OSError as error:
        given = f"{shown(str(path), 200)} ({error.strerror})"
        raise SpecError(given, "an emitted file", "check the path") from None
    except _NOT_A_PAGE:
        raise SpecError(
            shown(str(path), 200), "a file that `intertwine solve` wrote", "solve its spec again"
        ) from None


def _read(source: Source) -> Page:
    if "DIAGRAMS" in source.constants:
        return read_diagrams(source)
    return read_maps(source) if source.has_matrices else read_tables(source)
