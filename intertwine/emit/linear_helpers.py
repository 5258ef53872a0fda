"""The small functions of pages whose maps have coefficients, each only where it is used."""

from __future__ import annotations

TERMS = '''\
def _terms(
    elements: torch.Tensor, places: torch.Tensor, values: torch.Tensor, size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each of `size` entries the maps that meet there, one a row, and their coefficients.

    They are given as lists of map, entry and coefficient; rows are padded by zeros.
    """
    order = places.argsort(stable=True)
    elements, places, values = elements[order], places[order], values[order]
    counts = torch.bincount(places, minlength=size)
    row = torch.arange(len(places), device="cpu") - (counts.cumsum(0) - counts)[places]
    depth = max(1, int(counts.max()))
    index, value = elements.new_zeros(depth, size), values.new_zeros(depth, size)
    index[row, places], value[row, places] = elements, values
    return index, value'''

CARRIED = '''\
def _carried(
    roots: torch.Tensor,
    first: torch.Tensor,
    values: torch.Tensor,
    steps: torch.Tensor,
    moves: list[tuple],
    fibres: tuple[torch.Tensor, torch.Tensor],
    count: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each entry the maps that meet there, one a row, and their coefficients.

    They are given over the points `roots` of the output: the first of the maps, and coefficients
    of that and of the next ones.  A step (child, parent, g) says that the rows over one point are
    those over another, carried by generator g: `moves` are the generators' matrices on the input,
    inverted and transposed, and on the output, and `fibres` what stands over each point of both.
    """
    across, down = fibres
    point, place = across.new_empty(across.numel()), down.new_empty(down.numel())
    point[across] = torch.arange(len(across), device="cpu")[:, None]
    place[down] = torch.arange(down.shape[1], device="cpu")
    first = first.view(len(roots), 1, -1).expand(-1, down.shape[1], -1)
    values = values.view(-1, len(roots), down.shape[1], across.numel())
    starts = first.new_zeros(down.numel(), across.numel())
    table = values.new_zeros(len(values), *starts.shape)
    for number, root in enumerate(roots.tolist()):
        starts[down[root]], table[:, down[root]] = first[number], values[:, number]
    for child, parent, g in steps.view(-1, 3).tolist():
        (columns, factors), (rows, entries) = moves[g]
        columns, rows = columns.view(across.numel(), -1), rows.view(down.numel(), -1)
        turned = across[point[columns[across[:, 0], 0]]]
        mine, others = down[parent], down[child]
        block = _carried_over(table[:, mine], columns, factors)
        parts = block[:, :, None] * entries.view(rows.shape)[mine][None, :, :, None]
        spots = place[rows[mine]].flatten()
        table[:, others] = torch.zeros_like(block).index_add(1, spots, parts.flatten(1, 2))
        starts[others[:, None], turned.flatten()] = starts[mine[:, None], across.flatten()]
    index = starts.flatten() + torch.arange(len(table), device="cpu")[:, None]
    return index.clamp(max=count - 1), table.flatten(1)'''

CARRIED_OVER = '''\
def _carried_over(x: torch.Tensor, rows: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """A matrix on the last axis of x; its column i is `values[i]` at `rows[i]`."""
    moved = (x[..., None] * values.view(rows.shape)).flatten(-2)
    return torch.zeros_like(x).index_add(-1, rows.flatten(), moved)'''

MOVED_FIRST = '''\
def _moved(x: torch.Tensor, g: tuple[torch.Tensor, torch.Tensor], rank: int) -> torch.Tensor:
    """A matrix, its rows and entries by columns, on the coordinates of x, its last `rank` axes."""
    rows, values = g
    flat = x.flatten(-rank)
    values = values.view(flat.shape[-1], -1)
    moved = (flat[..., None] * values).flatten(-2)
    return torch.zeros_like(flat).index_add(-1, rows.flatten(), moved).view(x.shape)'''

MOVED_LAST = '''\
def _moved(x: torch.Tensor, g: tuple[torch.Tensor, torch.Tensor], rank: int) -> torch.Tensor:
    """A matrix, its rows and entries by columns, on the `rank` axes of x before its channels."""
    rows, values = g
    flat = x.flatten(-rank - 1, -2)
    values = values.view(flat.shape[-2], -1)
    moved = (flat[..., None, :] * values[:, :, None]).flatten(-3, -2)
    return torch.zeros_like(flat).index_add(-2, rows.flatten(), moved).view(x.shape)'''

ROWS = '''\
def _rows(terms: tuple[torch.Tensor, torch.Tensor], count: int) -> torch.Tensor:
    """The maps written out, a row each, from those that meet in every entry."""
    index, value = terms
    return value.new_zeros(count, index.shape[1]).scatter_add_(0, index, value)'''

ORDER = (TERMS, CARRIED, CARRIED_OVER, ROWS)
