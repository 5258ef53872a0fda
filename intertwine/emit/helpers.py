"""The small functions that an emitted page may hold, each only where it is used."""

from __future__ import annotations

from collections.abc import Sequence

NUMBERS = '''\
def _numbers(text: str) -> torch.Tensor:
    """The integers of a text."""
    return torch.tensor([int(word) for word in text.split()], dtype=torch.long, device="cpu")'''

PACKED = '''\
def _packed(text: str, dtype: torch.dtype) -> torch.Tensor:
    """Integers packed, little-endian, in hexadecimal digits."""
    return torch.frombuffer(bytearray.fromhex(text), dtype=dtype).long()'''

WALKED = '''\
def _walked(
    roots: torch.Tensor, rows: torch.Tensor, steps: torch.Tensor, field: tuple[int, int]
) -> torch.Tensor:
    """A table of codes: its rows at the roots, carried along a tree of generators.

    A step (child, parent, g) says that row `child` is row `parent` moved by generator g; `field`
    says which input and output the generators are taken on.
    """
    moves = []
    for sources, targets in GENERATORS.values():
        order = sources[field[0]].abs().argsort()
        signs = sources[field[0]][order].sign()
        moves.append((order, signs, targets[field[1]].sign().tolist()))
    rows, edges = rows.view(len(roots), -1), steps.view(-1, 3).tolist()
    table = rows.new_zeros(len(roots) + len(edges), rows.shape[1])
    table[roots] = rows
    for child, parent, g in edges:
        order, signs, flips = moves[g]
        table[child] = table[parent].index_select(0, order) * signs * flips[parent]
    return table.flatten()'''

BY_FIELD = '''\
def _by_field(channels: int | dict[str, int], fields: dict[str, tuple]) -> dict[str, int]:
    """The channels of each field, from one number for all or a number each."""
    if not isinstance(channels, dict):
        return dict.fromkeys(fields, channels)
    if set(channels) != set(fields):
        raise ValueError(f"given channels for {sorted(channels)}, expected {sorted(fields)}")
    return {name: channels[name] for name in fields}'''

POINTS = '''\
def _points(shape: tuple[int, ...]) -> int:
    """How many points a shape has."""
    return torch.Size(shape).numel()'''

UNROLLED = '''\
def _unrolled(
    kernel: torch.Tensor,
    periods: tuple[int, ...],
    nothing: int,
    radius: int | None = None,
    wraps: bool = True,
) -> torch.Tensor:
    """The kernel's index at every pair of places, (output, input), or `nothing` out of reach."""
    for axis, n in enumerate(periods):
        place = torch.arange(n, device=kernel.device)
        gap = place - place[:, None]
        if radius is None:
            tap, reached = gap % n, gap == gap
        else:
            gap = (gap + radius) % n - radius if wraps else gap
            tap, reached = (gap + radius).clamp(0, 2 * radius), gap.abs() <= radius
        spot = 2 + 2 * axis
        kernel = kernel.index_select(spot, tap.flatten()).unflatten(spot, (n, n))
        reached = reached.view(n, n, *[1] * (kernel.ndim - spot - 2))
        kernel = torch.where(reached, kernel, nothing)
    axes = range(len(periods))
    kernel = kernel.permute(0, *(2 + 2 * a for a in axes), 1, *(3 + 2 * a for a in axes))
    return kernel.flatten(0, len(periods)).flatten(1)'''

MIX = '''\
def _mix(matrix: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """A matrix on the channels of x, of shape (..., channels, points)."""
    return matrix.expand(*x.shape[:-2], -1, -1) @ x'''

KEPT = '''\
def _kept(layer: torch.nn.Module) -> torch.Tensor:
    """The full matrix; made once in eval mode without gradients, as long as no weight changes."""
    weights = list(layer.parameters())
    plain = all(type(w) is torch.nn.Parameter and not w.is_meta for w in weights)
    traced = torch.compiler.is_compiling() or torch.jit.is_tracing()
    if layer.training or torch.is_grad_enabled() or traced or not plain:
        return layer.matrix()
    known = vars(layer).get("_known", ([], None))
    pairs = list(zip(known[0], weights, strict=False))
    alike = pairs and all(a.dtype is b.dtype and a.device == b.device for a, b in pairs)
    if not alike or not all(torch.equal(a, b) for a, b in pairs):
        known = [w.detach().clone() for w in weights], layer.matrix()
        if type(known[1]) is torch.Tensor:
            layer._known = known
    return known[1]'''

CELLS = '''\
def _cells(cells: torch.Tensor, spreads: int) -> torch.Tensor:
    """Weights (spreads x pools, out, in) as one matrix, (out x spreads, in x pools)."""
    blocks = cells.unflatten(0, (spreads, -1))
    return blocks.permute(2, 0, 3, 1).flatten(2).flatten(0, 1)'''

GATHERED = '''\
def _gathered(x: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Sums of the points of x at each row of places; the number behind the last point is none."""
    padded = torch.cat([x, x.new_zeros(*x.shape[:-1], 1)], -1)
    return padded.index_select(-1, places.flatten()).unflatten(-1, places.shape).sum(-1)'''

SHOWN = '''\
def _shown(codes: torch.Tensor, count: int, columns: int) -> torch.Tensor:
    """For each of the codes from 1 on, the matrix of ones where it stands; stacked along rows."""
    table = codes.view(-1, columns)
    return torch.cat([(table == number + 1).double() for number in range(count)])'''

MOVED_FIRST = '''\
def _moved(x: torch.Tensor, g: torch.Tensor, rank: int) -> torch.Tensor:
    """The action of an element g on the points of x, its last `rank` axes."""
    flat = x.flatten(-rank)
    return torch.zeros_like(flat).index_copy(-1, g.abs() - 1, flat * g.sign()).view(x.shape)'''

MOVED_LAST = '''\
def _moved(x: torch.Tensor, g: torch.Tensor, rank: int) -> torch.Tensor:
    """The action of an element g on the points of x, the `rank` axes before its channels."""
    flat = x.flatten(-rank - 1, -2)
    signed = flat * g.sign()[:, None]
    return torch.zeros_like(flat).index_copy(-2, g.abs() - 1, signed).view(x.shape)'''

ORDER = (
    NUMBERS, PACKED, WALKED, SHOWN, UNROLLED, CELLS, GATHERED, MIX, KEPT, BY_FIELD, POINTS,
)  # fmt: skip


def called(text: str, known: Sequence[str]) -> str:
    """Those helpers that a text calls, directly or through others, in their order.

    >>> print(called("_points((2, 3))", ORDER).splitlines()[0])
    def _points(shape: tuple[int, ...]) -> int:
    """
    used: set[str] = set()
    while more := {h for h in known if h not in used and f"{_defined(h)}(" in text + "".join(used)}:
        used |= more
    return "\n\n\n".join(helper for helper in known if helper in used)


def _defined(helper: str) -> str:
    return helper.split("(", 1)[0].removeprefix("def ")
