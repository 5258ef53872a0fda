"""The small functions that an emitted page may hold, each only where it is used."""

from __future__ import annotations

from collections.abc import Sequence

NUMBERS = '''\
def _numbers(text: str) -> torch.Tensor:
    """The integers of a text."""
    return torch.tensor([int(word) for word in text.split()], dtype=torch.long, device="cpu")'''

PACKED = '''\
def _packed(text: str, bits: int, count: int) -> torch.Tensor:
    """So many natural numbers of some bits each, lowest first, in hexadecimal digits."""
    data = torch.frombuffer(bytearray.fromhex(text), dtype=torch.uint8).long()
    shifts = torch.arange(0, max(8, bits), min(8, bits), device="cpu")
    if bits < 8:
        return (data[:, None] >> shifts & (1 << bits) - 1).flatten()[:count]
    return (data.view(count, -1) << shifts).sum(1)'''

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

SIGNED = '''\
def _signed(weight: torch.Tensor) -> torch.Tensor:
    """Zero, the weights, and the weights with the other sign from the last one on."""
    return torch.cat([weight.new_zeros(1, *weight.shape[1:]), weight, -weight.flip(0)])'''

_CHECK = '''\
def _check(
    x: torch.Tensor, shape: list[int], held: torch.Tensor, field: str = ""{named}
) -> None:
    """Refuse another shape than (batch..., *shape), and a layer that is still on meta."""
    given = list(x.shape[-len(shape) :])
    if given != shape:
        moved, words = {moved}, ", ".join([str(n) for n in shape])
{naming}        advice = ": channels come {order} points" if moved == shape else ""
        found = ", ".join([str(n) for n in x.shape])
        said = f"{{field}}given shape ({{found}}), expected (batch..., {{words}}){{advice}}"
        raise ValueError(said)
    if held.is_meta and not x.is_meta:
        said = f"{{field}}given x on {{x.device}}, but the layer is on meta: "
        raise RuntimeError(f"{{said}}load_state_dict(..., assign=True) or to_empty first")'''

# Where sizes are free, and channels are wrong, points are said by the names of their sizes.
_NAMING = """\
        if names and given[{channels}] != shape[{channels}]:
            words = {names}
            shape = moved if moved[{channels}] == shape[{channels}] else shape
"""

_CONVOLVED = '''\
def {name}(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None,
    out: list[int],
    rank: int,
    radius: int,
    stride: int = 1,
) -> torch.Tensor:
    """A kernel (out, in, *taps) at all places of x (batch..., in, *places), {ends}.

    The last `rank` axes of x are channels and places, and `out` is the shape of the channels of y.
    """
    batch, samples = list(x.shape[:-rank]), [-1, kernel.shape[1]]
    x = x.reshape(samples + list(x.shape[-{count}:]))
{convolved}
    return y.reshape(batch + out + list(y.shape[-{count}:]))'''

_WRAPPED = """\
    x = torch.nn.functional.pad(x, [radius] * {ends}, mode="circular")
    y = torch.nn.functional.conv{count}d(x, kernel, bias, stride)"""

_ENDED = """\
    y = torch.nn.functional.conv{count}d(x, kernel, bias, stride, radius)"""

TRANSFORMED = '''\
def _transformed(
    x: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor | None, out: list[int], rank: int
) -> torch.Tensor:
    """The circular correlation of x (batch..., in, *places) with a kernel (*places, out, in).

    The last `rank` axes of x are channels and places, and `out` is the shape of the channels of y.
    """
    places = kernel.ndim - 2
    first, last, batch = tuple(range(places)), tuple(range(-places, 0)), x.shape[:-rank]
    shape = (*batch, *out, *x.shape[-places:])
    dtype = torch.promote_types(x.dtype, kernel.dtype)
    exact = torch.promote_types(dtype, torch.float32)
    if 0 in batch:  # which a transform refuses
        return x.new_zeros(shape, dtype=dtype)
    kernel, x = kernel.to(exact), x.to(exact).reshape(-1, kernel.shape[-1], *x.shape[-places:])
    if exact.is_complex:
        kernel = torch.fft.ifftn(kernel, dim=first, norm="forward")
        waves = torch.fft.fftn(x, dim=last)
    else:
        kernel, waves = torch.fft.rfftn(kernel, dim=first).conj(), torch.fft.rfftn(x, dim=last)
    flat = kernel.contiguous().flatten(0, -3) @ waves.flatten(2).permute(2, 1, 0).contiguous()
    y = flat.permute(2, 1, 0).unflatten(-1, waves.shape[2:])
    if exact.is_complex:
        y = torch.fft.ifftn(y, dim=last).to(dtype)
    else:
        y = torch.fft.irfftn(y, s=x.shape[2:], dim=last).to(dtype)
    return (y if bias is None else y + bias.view(-1, *[1] * places)).reshape(shape)'''


def convolved(count: int, wraps: bool) -> str:
    """The function that applies taps along so many axes, which wrap round or end in zeros."""
    holes = {"count": count, "ends": 2 * count}
    return _CONVOLVED.format(
        name=f"_convolved_{count}d" + ("" if wraps else "_to_ends"),
        count=count,
        ends="which wrap round" if wraps else "zero beyond the ends",
        convolved=(_WRAPPED if wraps else _ENDED).format(**holes),
    )


def checked(last: bool, sizes: bool) -> str:
    """The function that refuses inputs, where channels come last, or where sizes are free."""
    named = 'f"{names}, {shape[-1]}"' if last else 'f"{shape[0]}, {names}"'
    naming = _NAMING.format(channels="-1:" if last else ":1", names=named)
    return _CHECK.format(
        named=', names: str = ""' if sizes else "",
        naming=naming if sizes else "",
        order="after" if last else "before",
        moved="given[1:] + given[:1]" if last else "given[-1:] + given[:-1]",
    )


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

MIX = '''\
def _mix(matrix: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """A matrix on the channels of x, of shape (..., channels, points)."""
    return matrix.expand(*x.shape[:-2], -1, -1) @ x'''

APPLIED = '''\
def _applied(layer: object, x: torch.Tensor, inputs: list[list[int]]) -> torch.Tensor:
    """What a layer makes of rows, each of which is all its inputs, one after another; as rows."""
    parts = x.split([_points(shape) for shape in inputs], -1)
    given = [part.unflatten(-1, shape) for part, shape in zip(parts, inputs, strict=True)]
    y = layer(*given)
    return torch.cat([part.flatten(1) for part in (y if isinstance(y, tuple) else (y,))], 1)'''

MATRIX = '''\
def _matrix(layer: torch.nn.Module, inputs: list[list[int]]) -> torch.Tensor:
    """The full matrix over channels and points: what the layer makes of unit inputs, no bias.

    Where it has fewer rows than columns, it is the gradient of each output.
    """
    weight, columns = next(layer.parameters()), sum(map(_points, inputs))
    to = {"device": weight.device, "dtype": weight.dtype}
    rows = _applied(layer, weight.new_zeros(1, columns), inputs).shape[1]
    if rows < columns:
        with torch.enable_grad():
            x = torch.zeros(rows, columns, **to).requires_grad_()
            y = _applied(layer, x, inputs).diagonal()
        again = {"create_graph": torch.is_grad_enabled()}
        return torch.autograd.grad(y, x, torch.ones_like(y), **again)[0].conj()
    named = layer.named_parameters()
    zeros = {name: torch.zeros_like(p) for name, p in named if name.split(".")[0] == "bias"}
    units = torch.eye(columns + 1, columns, **to)
    y = _applied(lambda *x: torch.func.functional_call(layer, zeros, x), units, inputs)
    return (y[:-1] - y[-1]).T'''

FROZEN = '''\
def _frozen(
    module: torch.nn.Module, twin: torch.nn.Module, *zeros: torch.Tensor
) -> torch.nn.Module:
    """A twin that was made on meta, with all numbers of a module, in eval mode."""
    module(*zeros)  # so that hooks make the weights of today
    state = {}
    for name in twin.state_dict():
        value = module
        for part in name.split("."):
            value = getattr(value, part)
        state[name] = value.detach().clone()
    twin.load_state_dict(state, assign=True)
    return twin.eval().requires_grad_(False)'''

JOINED_FIRST = '''\
def _joined(y: torch.Tensor, shapes: list[list[int]]) -> torch.Tensor:
    """Rows over fields of these shapes as (channels, points of all fields, ...)."""
    parts = zip(y.split(list(map(_points, shapes))), shapes, strict=True)
    return torch.cat([part.unflatten(0, (shape[0], -1)) for part, shape in parts], 1)'''

JOINED_LAST = '''\
def _joined(y: torch.Tensor, shapes: list[list[int]]) -> torch.Tensor:
    """Rows over fields of these shapes as (channels, points of all fields, ...)."""
    parts = zip(y.split(list(map(_points, shapes))), shapes, strict=True)
    whole = torch.cat([part.unflatten(0, (-1, shape[-1])) for part, shape in parts])
    return whole.transpose(0, 1)'''

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

MARKED = '''\
def _marked(places: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    """A matrix of zeros, and of ones at the places of each row."""
    zeros = torch.zeros(rows, columns, dtype=torch.double, device="cpu")
    return zeros.scatter_(1, places.view(rows, -1), 1)'''

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

# What a layer is as a matrix, and the layer of a matrix.
AFFINE = (MATRIX, APPLIED, FROZEN)

ORDER = (
    SIGNED, NUMBERS, PACKED, REALS, PACKED_REALS, WALKED, BASIS, MARKED, CELLS, GATHERED, MIX,
    *AFFINE, CHANNELS, BY_FIELD, POINTS,
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
    """The name of the function, or of the class."""
    return helper.split("(", 1)[0].removeprefix("def ").removeprefix("class ")
