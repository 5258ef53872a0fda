"""A layer in the terminal: its matrix and bias in colours, or in letters where there are none."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from intertwine.errors import escaped, shown
from intertwine.show.blocks import Look, TerminalDrawing
from intertwine.show.drawing import Drawing
from intertwine.show.picture.panel import MOST_POINTS
from intertwine.show.tiles import Tiling

MOST_LINES = 72

_LEGEND = {"weight": 16, "bias": 4}
_NARROWEST_LEGEND = 40


def print_previews(drawings: Iterable[Drawing]) -> None:
    """Print what layers look like, each as large as the terminal lets it be."""
    console = Console()
    for drawing in drawings:
        console.print(preview(drawing, console))
        console.print()


def preview(drawing: Drawing, console: Console) -> RenderableType:
    """A layer as it can be shown on this console, with the bias beside it and a legend.

    A cell is two characters wide.  It shows its tile by colour where the console has all colours
    and the tiles are few, else by a letter or a number; `-` is the opposite sign, a dot what is
    always zero.  Wider matrices are drawn in half blocks, where there are colours, two rows a
    line; what does not fit so either is said in a line.
    """
    look = Look.of(drawing, console)
    blocks = TerminalDrawing(drawing, look)
    if _fits(blocks.size, console):
        return _with_legend(drawing, look, blocks.in_cells(), console.width)
    if look.coloured and _fits(blocks.half_size, console):
        return _with_legend(drawing, look, blocks.in_half_blocks(), console.width)
    longest = max(drawing.rows.size, drawing.columns.size)
    kind = "png" if longest <= MOST_POINTS else "html"
    advice = f"too large for this terminal; -o {shown(drawing.name)}.{kind} draws it in a file"
    return Text(f"{escaped(str(drawing))}: {advice}")


def _fits(size: tuple[int, int], console: Console) -> bool:
    width, height = size
    return width <= console.width and height <= MOST_LINES


def _with_legend(drawing: Drawing, look: Look, lines: list[Text], width: int) -> RenderableType:
    matrix = Text("\n").join(lines)
    matrix.no_wrap = True
    told = [*_told("weight", drawing.weight, look), *_told("bias", drawing.bias, look)]
    legend = Text("\n").join(told)
    legend.no_wrap, legend.overflow = True, "ellipsis"
    title = Text(escaped(str(drawing)), style="bold")
    if max(map(cell_len, map(str, lines)), default=0) + 3 + _NARROWEST_LEGEND > width:
        return Group(title, matrix, legend)
    beside = Table.grid(padding=(0, 3, 0, 0))
    beside.add_row(matrix, legend)
    return Group(title, beside)


def _told(what: str, tiling: Tiling, look: Look) -> list[Text]:
    """The lines of the legend on the weight or the bias."""
    most = _LEGEND[what]
    lines = [
        Text.assemble(look.cell(what, number + 1), " ", shown(meaning, 200))
        for number, meaning in enumerate(tiling.meanings[:most])
    ]
    if tiling.count > most:
        lines.append(Text(f"and {tiling.count - most:,} more"))
    if not tiling.count:
        lines.append(Text("always zero"))
    return [Text(what, style="bold"), *lines]
