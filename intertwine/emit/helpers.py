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

REALS = '''\
def _reals(text: str) -> torch.Tensor:
    """The real numbers of a text."""
    return torch.tensor([float(word) for word in text.split()], dtype=torch.double, device="cpu")'''

PACKED_REALS = '''\
def _packed_reals(text: str) -> torch.Tensor:
    """Real numbers packed, little-endian, in hexadecimal digits."""
    return torch.frombuffer(bytearray.fromhex(text), dtype=torch.double)'''

WALKED = '''\
def _walked(
    roots: torch.Tensor,
    rows: torch.Tensor,
    steps: torch.Tensor,
    field: tuple[int, int],
    generators: dict[str, tuple],
) -> torch.Tensor:
    """A table of codes: its rows at the roots, carried along a tree of generators.

    A step (child, parent, g) says that row `child` is row `parent` moved by generator g; `field`
    says which input and output the generators are taken on.
    """
    moves = []
    for sources, targets in generators.values():
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

CHANNELS = '''\
def _channels(count: int) -> int:
    """A number of channels, if it is one."""
    if isinstance(count, bool) or not hasattr(count, "__index__") or count < 1:
        raise ValueError(f"given {count!r} channels, expected a whole number from 1 up")
    return count'''

CHECKED = '''\
def _checked(
    layer: torch.nn.Module, x: torch.Tensor, expected: tuple[int, ...], name: str = ""
) -> None:
    """Refuse another shape, and a layer on the meta device, of which PyTorch would make noise."""
    if x.shape[-len(expected) :] != expected:
        raise ValueError(f"{name}given shape {tuple(x.shape)}, expected (..., *{expected})")
    held = (*layer._parameters.values(), *layer._buffers.values())
    if not x.is_meta and any(tensor is not None and tensor.is_meta for tensor in held):
        advice = "load_state_dict(..., assign=True) or to_empty first"
        raise RuntimeError(f"{name}given x on {x.device}, but the layer is on meta: {advice}")'''

FOLLOW = '''\
def _follow(layer: torch.nn.Module, state: dict, prefix: str, options: dict) -> None:
    """Make the tables anew where the parameters to be assigned are, and of their type."""
    given = [value for name, value in state.items() if name.startswith(prefix)]
    if given and options.get("assign_to_params_buffers"):
        for name, table in layer._buffers.items():
            dtype = given[0].dtype if table.is_floating_point() else table.dtype
            table = torch.empty_like(table, device=given[0].device, dtype=dtype)
            layer._buffers[name] = table'''

COMMON = (CHECKED, FOLLOW)

BY_FIELD = '''\
def _by_field(channels: int | dict[str, int], fields: dict[str, tuple]) -> dict[str, int]:
    """The channels of each field, from one number for all or a number each."""
    if not isinstance(channels, dict):
        return dict.fromkeys(fields, _channels(channels))
    if set(channels) != set(fields):
        raise ValueError(f"given channels for {sorted(channels)}, expected {sorted(fields)}")
    return {name: _channels(channels[name]) for name in fields}'''

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

KEEPABLE = '''\
def _keepable(layer: torch.nn.Module) -> list[torch.Tensor]:
    """The weights, where what is made of them may be kept: in eval mode, without gradients."""
    if layer.training or torch.is_grad_enabled():
        return []
    if torch.compiler.is_compiling() or torch.jit.is_tracing():
        return []
    weights = list(layer.parameters())
    device, dtype = weights[0].device, weights[0].dtype
    if device.type == "meta" or torch.is_autocast_enabled(device.type):
        return []
    kinds = [type(w) is torch.nn.Parameter and w.dtype is dtype for w in weights]
    return weights if all(kinds) and all(w.device == device for w in weights) else []'''

KNOWN = '''\
def _known(
    layer: torch.nn.Module, weights: list[torch.Tensor], key: object, make: object
) -> list[torch.Tensor]:
    """What `make` gives; made again only where the key or a weight has changed."""
    old_key, old, made = vars(layer).get("_made", (None, [], []))
    kinds = [[(w.dtype, w.device) for w in several[:1]] for several in (old, weights)]
    alike = len(old) == len(weights) and kinds[0] == kinds[1]
    if old_key != key or not alike or not all(map(torch.equal, old, weights)):
        made = make()
        if all(part is None or type(part) is torch.Tensor for part in made):
            layer._made = key, [w.detach().clone() for w in weights], made
    return made'''

KEPT = '''\
def _kept(layer: torch.nn.Module) -> list[torch.Tensor | None]:
    """The full matrix and bias; in eval mode without gradients kept until a weight changes."""

    def made() -> list[torch.Tensor | None]:
        return [layer.matrix(), layer.bias_vector()]

    weights = _keepable(layer)
    return _known(layer, weights, None, made) if weights else made()'''

BY_MATRIX = '''\
def _by_matrix(
    layer: torch.nn.Module,
    given: list[torch.Tensor],
    ranks: list[int],
    points: list[int],
    most: int,
) -> list[torch.Tensor]:
    """The outputs by one product with the full matrix, where it can be kept and is small; or none.

    The matrix is what the layer makes of unit vectors; `most` bounds the multiply-adds.
    """
    weights = _keepable(layer)
    if not weights:
        return []
    shapes = [x.shape[-rank:] for x, rank in zip(given, ranks, strict=True)]
    batches = [x.shape[:-rank] for x, rank in zip(given, ranks, strict=True)]
    sizes = [shape.numel() for shape in shapes]
    channels = layer.out_channels
    widths = channels.values() if isinstance(channels, dict) else [channels]
    rows = sum(width * count for width, count in zip(widths, points, strict=True))
    work = batches[0].numel() * rows * sum(sizes)
    if work > most or any(batch != batches[0] for batch in batches):
        return []

    def made() -> list[torch.Tensor]:
        units = torch.eye(sum(sizes) + 1, sum(sizes), device="cpu").to(given[0]).split(sizes, -1)
        with torch.enable_grad():
            y = layer(*(a.unflatten(-1, shape) for a, shape in zip(units, shapes, strict=True)))
        parts = [part.detach() for part in (y if isinstance(y, tuple) else (y,))]
        whole = torch.cat([part.flatten(1) for part in parts], 1)
        return [(whole[:-1] - whole[-1]).T.contiguous(), whole[-1], *(part[-1] for part in parts)]

    matrix, bias, *parts = _known(layer, weights, (shapes, given[0].dtype), made)
    x = torch.cat([a.flatten(-rank) for a, rank in zip(given, ranks, strict=True)], -1)
    y = torch.nn.functional.linear(x, matrix, bias).split([part.numel() for part in parts], -1)
    return [a.unflatten(-1, part.shape) for a, part in zip(y, parts, strict=True)]'''

TAKE_NEAREST = '''\
def _take_nearest(layer: torch.nn.Module, matrix: torch.Tensor) -> None:
    """Set each weight to <T, matrix> / <T, T>, where T is its map.

    The full matrix is the sum of weights times maps, of which no two share an entry, so that its
    gradient in the direction of a matrix is <T, matrix>.
    """
    expected = layer.dense_weight().shape
    if matrix.shape != expected:
        raise ValueError(f"given a matrix of shape {tuple(matrix.shape)}, expected {expected}")
    weights = [w for name, w in layer.named_parameters() if name.split(".")[0] == "weight"]
    wanted = [w.requires_grad for w in weights]
    for weight in weights:
        weight.requires_grad_().fill_(1)
    with torch.enable_grad():
        whole = layer.dense_weight()
    sums = torch.autograd.grad(whole, weights, matrix.to(whole), retain_graph=True)
    counts = torch.autograd.grad(whole, weights, whole.detach())
    for weight, total, count, wants in zip(weights, sums, counts, wanted, strict=True):
        weight.copy_(total / count).requires_grad_(wants)'''

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

BASIS = '''\
def _basis(codes: torch.Tensor, dimension: int) -> torch.Tensor:
    """A row a map: map k is 1 where the code is k + 1, and -1 where it is -(k + 1)."""
    number = torch.arange(1, dimension + 1, device=codes.device)
    return (codes == number[:, None]).float() - (codes == -number[:, None]).float()'''

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
    NUMBERS, PACKED, REALS, PACKED_REALS, WALKED, BASIS, SHOWN, UNROLLED, CELLS, GATHERED, MIX,
    KEPT, BY_MATRIX, KNOWN, KEEPABLE, TAKE_NEAREST, CHANNELS, BY_FIELD,
    POINTS,
)  # fmt: skip


def called(text: str, known: Sequence[str]) -> str:
    """Those helpers that a text calls, directly or through others, in their order.

    >>> print(called("_points((2, 3))", ORDER).splitlines()[0])
    def _points(shape: tuple[int, ...]) -> int:
    """
    used: set[str] = set()
    while more := {h for h in known if h not in used and f"{defined(h)}(" in text + "".join(used)}:
        used |= more
    return "\n\n\n".join(helper for helper in known if helper in used)


def defined(helper: str) -> str:
    """The name of the function."""
    return helper.split("(", 1)[0].removeprefix("def ")
